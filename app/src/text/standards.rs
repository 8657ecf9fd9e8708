//! Words for standards (标准) and for what they change.

use jiff::civil::Date;

use crate::domain::aid::screener::Standing;
use crate::domain::aid::standards::{StandardKey, StandardUnit, ratio_text};
use crate::domain::money::Fen;
use crate::text::screener::standing_words;

/// A standard's name.
pub fn key_label(key: StandardKey) -> &'static str {
    match key {
        StandardKey::Dibao => "低保标准",
        StandardKey::MarginRatio => "低保边缘倍数",
        StandardKey::DisposableIncome => "上年度居民人均可支配收入",
        StandardKey::RigidRatio => "刚性支出占收入的比例",
        StandardKey::TemporaryMaximum => "临时救助一次最多",
        StandardKey::Tekun => "特困人员基本生活标准",
        StandardKey::Orphan => "孤儿基本生活费",
        StandardKey::UnattendedChild => "事实无人抚养儿童基本生活补贴",
        StandardKey::DisabilityLiving => "困难残疾人生活补贴",
        StandardKey::DisabilityCare => "重度残疾人护理补贴",
        StandardKey::Zunlao80 => "尊老金（80 到 89 岁）",
        StandardKey::Zunlao90 => "尊老金（90 到 99 岁）",
        StandardKey::Zunlao100 => "尊老金（100 岁以上）",
    }
}

/// For whom or for how long a number is.
pub fn per(key: StandardKey) -> &'static str {
    match key {
        StandardKey::Dibao | StandardKey::Tekun | StandardKey::Orphan | StandardKey::UnattendedChild => {
            "每人每月"
        }
        StandardKey::DisabilityLiving
        | StandardKey::DisabilityCare
        | StandardKey::Zunlao80
        | StandardKey::Zunlao90
        | StandardKey::Zunlao100 => "每月",
        StandardKey::DisposableIncome => "每人每年",
        StandardKey::TemporaryMaximum => "每次最多",
        StandardKey::MarginRatio => "低保标准的",
        StandardKey::RigidRatio => "家庭收入的",
    }
}

/// A number with its unit: 1,010 元, 1.5 倍.
pub fn number_words(key: StandardKey, value: i64) -> String {
    match key.unit() {
        StandardUnit::Fen => format!("{} 元", Fen(value).yuan()),
        StandardUnit::TenThousandths => format!("{} 倍", ratio_text(value)),
    }
}

/// A number with all that it needs: 每人每月 1,010 元.
pub fn value_words(key: StandardKey, value: i64) -> String {
    format!("{} {}", per(key), number_words(key, value))
}

/// What the form asks for.
pub fn unit_words(key: StandardKey) -> &'static str {
    match key.unit() {
        StandardUnit::Fen => "元",
        StandardUnit::TenThousandths => "倍",
    }
}

/// 2026 年 7 月 1 日
pub fn day_words(day: Date) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}

/// How a value differs from the one before: 增加 50 元（5.0%）.
pub fn difference_words(key: StandardKey, before: i64, after: i64, tenths_of_percent: i64) -> String {
    if before == after {
        return "没有变化".to_owned();
    }
    let word = if after > before { "增加" } else { "减少" };
    let tenths = tenths_of_percent.abs();
    let number = number_words(key, (after - before).abs());
    format!("{word} {number}（{}.{}%）", tenths / 10, tenths % 10)
}

/// What an item says: 可能符合，每月约 1,530 元.
pub fn said_words((standing, estimate): (Standing, Option<Fen>)) -> String {
    let label = standing_words(standing);
    match estimate {
        Some(sum) => format!("{label}，每月约 {} 元", sum.yuan()),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_unit() {
        assert_eq!(value_words(StandardKey::Dibao, 101_000), "每人每月 1,010 元");
        assert_eq!(value_words(StandardKey::MarginRatio, 15_000), "低保标准的 1.5 倍");
        assert_eq!(difference_words(StandardKey::Dibao, 101_000, 106_050, 50), "增加 50.50 元（5.0%）");
        assert_eq!(difference_words(StandardKey::MarginRatio, 20_000, 15_000, -250), "减少 0.5 倍（25.0%）");
        assert_eq!(difference_words(StandardKey::Dibao, 5, 5, 0), "没有变化");
    }

    #[test]
    fn no_two_standards_have_one_name() {
        let keys: std::collections::BTreeSet<_> =
            StandardKey::ALL.iter().map(|key| key_label(*key)).collect();
        assert_eq!(keys.len(), StandardKey::ALL.len());
    }
}
