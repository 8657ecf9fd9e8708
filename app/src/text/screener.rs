//! Words of the screener (救助自查): what it asks, what each item is called, how it stands.

mod reasons;

pub(crate) use reasons::of_standard;
pub use reasons::{Source, change, sources, words};

use crate::domain::money::Fen;

use crate::domain::aid::screener::{
    Care, ChildSituation, DisabilityGrade, DisabilityKind, Huji, OldestAge, Question, Receives, ScreenedItem,
    Standing, YesNo,
};

/// The page's name.
pub const TITLE: &str = "我能申请什么";

/// The way to it.
pub const LINK: &str = "看看我能申请什么";

/// Said with every result (个人信息保护法 24).
pub const ADVICE_TITLE: &str = "这只是参考，不是决定";

/// What follows from it.
pub const ADVICE: &str = "谁能得到救助由街道和区里决定，您随时可以直接申请。";

/// Above the questions.
pub const LEAD: &str = "回答几个问题，看看有哪些救助和补贴。不问姓名，也不问证件号码；说不清的可以空着。";

/// Where answers go: the page's own words, until its module runs.
pub const TO_SERVER: &str = "按「看结果」以后，回答送到我们的服务器算一次，不保存。";

/// Where answers go, once the module runs.
pub const ON_PHONE: &str = "您的回答不离开这部手机，断了网也能看结果。";

/// Above what only a person can tell.
pub const MAYBE_LEAD: &str = "光看回答还说不准，问一问工作人员就清楚了。";

/// Above what does not fit.
pub const NOT_NOW_LEAD: &str =
    "情况变了，可以再来看。觉得不对，也可以问一问，或者到社区、街道的窗口直接申请。";

/// Opens the reasons.
pub const WHY: &str = "为什么";

/// Before what would change the answer.
pub const CHANGES: &str = "什么会改变结果：";

/// Before a source.
pub const SOURCE: &str = "依据：";

/// Before where an amount comes from.
pub const ESTIMATED: &str = "钱数是这样来的：";

/// On what is made up for the demo.
pub const SAMPLE: &str = "示例";

/// To a question that was left open.
pub const ANSWER_IT: &str = "去回答这一问";

/// To the telephone, of one item.
pub const ASK_ABOUT_THIS: &str = "问这一项";

/// To the telephone, of several.
pub const ASK_ABOUT_IT: &str = "问一问";

/// Where there is no telephone.
pub const ASK_AT_COUNTER: &str = "到社区或者街道的窗口问一问，工作人员会帮您看。";

/// Into the application.
pub const APPLY: &str = "去申请临时救助";

/// Back to the questions.
pub const CHANGE_ANSWERS: &str = "改一改答案";

/// Above the questions, below a result.
pub const CHANGE_LEAD: &str = "答案还在下面，改了可以再看一次。";

/// How many fit.
pub fn summary(likely: usize) -> String {
    match likely {
        0 => "还说不上哪一项可能符合".to_owned(),
        likely => format!("您家可能符合 {likely} 项"),
    }
}

/// The way to help beside public aid.
pub const CHARITY: &str = "看看慈善项目、医疗互助和保险能不能帮上";

/// How many others there are.
pub fn rest(likely: usize, maybe: usize, not_now: usize) -> String {
    let others = if likely == 0 { "" } else { "另外 " };
    match (maybe, not_now) {
        (0, not_now) => format!("{others}{not_now} 项现在不太符合。"),
        (maybe, 0) => format!("{others}{maybe} 项也许可以，请问一问。"),
        (maybe, not_now) => format!("{others}{maybe} 项也许可以，请问一问；{not_now} 项现在不太符合。"),
    }
}

/// Where the result was made.
pub fn place(on_phone: bool) -> &'static str {
    if on_phone {
        "结果是在这部手机上算的，什么都没有发出去。"
    } else {
        "您的回答只用来算这一次，没有保存。"
    }
}

/// Opens what does not fit.
pub fn show_all(items: usize) -> String {
    format!("看看是哪 {items} 项")
}

/// A telephone.
pub fn ring(hotline: &str, about: &str) -> String {
    format!("打 {hotline} {about}")
}

/// What it could be in a month.
pub fn estimate(item: ScreenedItem, sum: Fen) -> String {
    let sum = sum.yuan();
    match item {
        ScreenedItem::Dibao => format!(
            "如果按差额补足，一个月大约 {sum} 元（全家）；也可能分档发，以街道为准。决定以后从下一个月开始发。"
        ),
        ScreenedItem::Tekun | ScreenedItem::UnattendedChild => {
            format!("标准是一个月 {sum} 元，以街道为准。决定以后从下一个月开始发。")
        }
        _ => format!("标准是一个月 {sum} 元，以街道为准。"),
    }
}

/// The rule by which an estimate is made, where it is more than the standard itself.
pub fn estimate_rule(item: ScreenedItem) -> Option<Source> {
    (item == ScreenedItem::Dibao).then(|| Source {
        clause: "《社会救助法》第十八条".to_owned(),
        since: "2026 年 7 月 1 日起".to_owned(),
        sample: false,
    })
}

/// Which answers go along into the application, and which are asked there.
pub fn carried(income: bool, kind: bool, spends: bool) -> String {
    let mut hint = match (income, kind) {
        (true, true) => "会把全家一个月的收入和困难的类型带过去，您还可以改。",
        (true, false) => "会把全家一个月的收入带过去，您还可以改。",
        (false, true) => "会把困难的类型带过去，您还可以改。",
        (false, false) => "",
    }
    .to_owned();
    if spends {
        hint.push_str("必须花的钱要按看病、上学等分开写，请到申请里填。");
    }
    hint
}

/// The choice of those who don't know, or would rather not say.
pub const UNKNOWN: &str = "不清楚／先不说";

/// The button that asks for the result.
pub const ASK: &str = "看结果";

/// The groups of questions, in page order.
pub const GROUPS: [&str; 6] =
    ["家里几口人和收入", "户籍和已有的救助", "急难、花费和财产", "老人、重病和照护", "残疾", "孩子"];

/// What is asked, with how to answer; a question has the field's name.
pub fn question(name: &str) -> (&'static str, &'static str) {
    match name {
        "people" => ("家里几口人", "一起生活、一起开销的人，包括您自己"),
        "income" => ("全家一个月的收入", "工资、养老金、做生意、租金等加在一起，写个大概；没有收入写 0"),
        "huji" => ("户籍在哪里", ""),
        "receives" => ("家里已经认定了哪一样", ""),
        "sudden" => ("最近有没有突然遇到急难", "火灾、交通事故、突发重病，或者别的意外"),
        "spending" => {
            ("最近十二个月必须花的钱", "看病（报销以后自己付的）、上学、残疾康复等，加在一起；没有写 0")
        }
        "assets" => ("家里有没有车、店铺、第二套房，或者较多存款", ""),
        "unsupported" => ("有没有人不能干活、没有收入，也没有人赡养或者抚养", ""),
        "illness" => ("有没有人得了重病", ""),
        "oldest" => ("家里最年长的多大年纪", ""),
        "care" => ("有没有人长期需要照护", "吃饭、穿衣、上厕所等要靠别人"),
        "disability" => ("残疾人证上是几级", "家里有几张的，看最重的一张"),
        "disability_kind" => ("是哪一类残疾", "有残疾人证的才要答"),
        "child" => ("家里未满 18 岁的孩子怎么样", ""),
        _ => ("", ""),
    }
}

/// Where the household is registered.
pub fn huji_label(huji: Huji) -> &'static str {
    match huji {
        Huji::Here => "在新吴区",
        Huji::Permit => "在外地，有新吴区的居住证",
        Huji::Elsewhere => "在外地，没有居住证",
    }
}

/// What the household is confirmed as.
pub fn receives_label(receives: Receives) -> &'static str {
    match receives {
        Receives::Nothing => "都没有",
        Receives::Dibao => "低保",
        Receives::Tekun => "特困",
        Receives::Margin => "低保边缘",
        Receives::Rigid => "刚性支出困难",
    }
}

/// Yes or no.
pub fn yes_no_label(answer: YesNo) -> &'static str {
    match answer {
        YesNo::Yes => "有",
        YesNo::No => "没有",
    }
}

/// How old.
pub fn oldest_label(age: OldestAge) -> &'static str {
    match age {
        OldestAge::Under60 => "不满 60 岁",
        OldestAge::From60 => "60–69 岁",
        OldestAge::From70 => "70–79 岁",
        OldestAge::From80 => "80–89 岁",
        OldestAge::From90 => "90–99 岁",
        OldestAge::From100 => "100 岁以上",
    }
}

/// Who needs care.
pub fn care_label(care: Care) -> &'static str {
    match care {
        Care::Nobody => "没有",
        Care::Elder => "有老人需要",
        Care::Younger => "有不满 60 岁的人需要",
    }
}

/// The grade.
pub fn disability_label(grade: DisabilityGrade) -> &'static str {
    match grade {
        DisabilityGrade::None => "没有证",
        DisabilityGrade::One => "一级",
        DisabilityGrade::Two => "二级",
        DisabilityGrade::Three => "三级",
        DisabilityGrade::Four => "四级",
    }
}

/// The kind.
pub fn disability_kind_label(kind: DisabilityKind) -> &'static str {
    match kind {
        DisabilityKind::Sight => "视力",
        DisabilityKind::Hearing => "听力",
        DisabilityKind::Speech => "言语",
        DisabilityKind::Limb => "肢体",
        DisabilityKind::Intellectual => "智力",
        DisabilityKind::Mental => "精神",
        DisabilityKind::Multiple => "多重",
    }
}

/// How the children are.
pub fn child_label(child: ChildSituation) -> &'static str {
    match child {
        ChildSituation::None => "没有孩子",
        ChildSituation::Cared => "有人好好抚养",
        ChildSituation::Orphan => "父母都去世了，或者找不到",
        ChildSituation::Unattended => "父母都管不了：重残、重病、服刑、失联等",
        ChildSituation::Difficulty => "生病、残疾，或者没有人好好照管",
    }
}

/// What a question that was left open asks, within a sentence.
pub fn open_question(open: Question) -> &'static str {
    question(open.as_str()).0
}

/// An item's name, as in the catalogue.
pub fn item_name(item: ScreenedItem) -> &'static str {
    match item {
        ScreenedItem::TemporaryAid => "临时救助",
        ScreenedItem::Dibao => "最低生活保障",
        ScreenedItem::DibaoMargin => "低保边缘家庭认定",
        ScreenedItem::Tekun => "特困人员救助供养",
        ScreenedItem::RigidExpenditure => "刚性支出困难家庭认定",
        ScreenedItem::PriceSubsidy => "价格临时补贴",
        ScreenedItem::DisabilityLiving => "困难残疾人生活补贴",
        ScreenedItem::DisabilityCare => "重度残疾人护理补贴",
        ScreenedItem::Zunlao => "尊老金",
        ScreenedItem::HomeAdaptation => "适老化改造",
        ScreenedItem::AbilityAssessment => "老年人能力评估预约",
        ScreenedItem::HomeService => "居家上门服务",
        ScreenedItem::HomeCareBed => "家庭养老照护床位",
        ScreenedItem::Orphan => "孤儿基本生活保障",
        ScreenedItem::UnattendedChild => "事实无人抚养儿童基本生活保障",
        ScreenedItem::ChildInDifficulty => "困境儿童保障",
        ScreenedItem::MemorialService => "代祭扫",
    }
}

/// How an item stands.
pub fn standing_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Likely => "可能符合",
        Standing::Maybe => "也许可以，请问一问",
        Standing::NotNow => "现在不太符合",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_that_can_be_left_open_is_asked() {
        for open in Question::ALL {
            assert!(!open_question(*open).is_empty(), "{open:?}");
        }
    }
}
