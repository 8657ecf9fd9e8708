//! The 31 provinces, autonomous regions and cities of the mainland, by the first two digits of their codes (GB/T 2260).

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Province {
    /// Two digits.
    pub code: &'static str,
    /// The official name.
    pub name: &'static str,
    /// The city where its government sits.
    pub capital: &'static str,
}

impl Province {
    /// The province with this code or name.
    pub fn find(text: &str) -> Option<&'static Self> {
        PROVINCES.iter().find(|province| province.code == text || province.name == text)
    }
}

macro_rules! provinces {
    ($($code:literal $name:literal $capital:literal),+ $(,)?) => {
        /// All 31, by code.
        pub const PROVINCES: &[Province] = &[$(Province { code: $code, name: $name, capital: $capital }),+];
    };
}

provinces![
    "11" "北京市" "北京市", "12" "天津市" "天津市", "13" "河北省" "石家庄市", "14" "山西省" "太原市",
    "15" "内蒙古自治区" "呼和浩特市", "21" "辽宁省" "沈阳市", "22" "吉林省" "长春市", "23" "黑龙江省" "哈尔滨市",
    "31" "上海市" "上海市", "32" "江苏省" "南京市", "33" "浙江省" "杭州市", "34" "安徽省" "合肥市",
    "35" "福建省" "福州市", "36" "江西省" "南昌市", "37" "山东省" "济南市", "41" "河南省" "郑州市",
    "42" "湖北省" "武汉市", "43" "湖南省" "长沙市", "44" "广东省" "广州市", "45" "广西壮族自治区" "南宁市",
    "46" "海南省" "海口市", "50" "重庆市" "重庆市", "51" "四川省" "成都市", "52" "贵州省" "贵阳市",
    "53" "云南省" "昆明市", "54" "西藏自治区" "拉萨市", "61" "陕西省" "西安市", "62" "甘肃省" "兰州市",
    "63" "青海省" "西宁市", "64" "宁夏回族自治区" "银川市", "65" "新疆维吾尔自治区" "乌鲁木齐市",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_31_each_found_by_code_and_name() {
        assert_eq!(PROVINCES.len(), 31);
        assert!(PROVINCES.is_sorted_by_key(|province| province.code));
        for province in PROVINCES {
            assert_eq!(Province::find(province.code), Some(province));
            assert_eq!(Province::find(province.name), Some(province));
        }
        assert_eq!(Province::find("71"), None);
    }
}
