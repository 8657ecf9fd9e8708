//! Standards (标准): numbers that a rule compares with, each with the day from which it holds and the document that says
//! so. A number that no document gives is not there, and no rule guesses it.

mod entry;

#[cfg(feature = "ssr")]
pub(crate) use entry::parse_day;
pub use entry::{
    DOCUMENT, Deed, KeptStandard, NewStandard, StandardForm, WithdrawalForm, parse_ratio, ratio_text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::screener::ScreenedItem;
use crate::domain::money::Fen;
use crate::slugs;

/// Of what a standard is the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardKey {
    /// 低保标准: a month for each person.
    Dibao,
    /// 低保边缘: how many times the 低保标准 a household may have.
    MarginRatio,
    /// 上年度居民人均可支配收入: a year for each person (刚性支出困难家庭).
    DisposableIncome,
    /// 刚性支出: which share of its income a household must have spent.
    RigidRatio,
    /// 临时救助: the most for one time.
    TemporaryMaximum,
    /// 特困人员基本生活标准: a month for each person.
    Tekun,
    /// 孤儿基本生活费: a month for each child.
    Orphan,
    /// 事实无人抚养儿童基本生活补贴: a month for each child.
    UnattendedChild,
    /// 困难残疾人生活补贴: a month.
    DisabilityLiving,
    /// 重度残疾人护理补贴: a month.
    DisabilityCare,
    /// 尊老金 from 80 to 89: a month.
    Zunlao80,
    /// 尊老金 from 90 to 99: a month.
    Zunlao90,
    /// 尊老金 from 100: a month.
    Zunlao100,
}

slugs!(StandardKey {
    Dibao = "dibao",
    MarginRatio = "margin_ratio",
    DisposableIncome = "disposable_income",
    RigidRatio = "rigid_ratio",
    TemporaryMaximum = "temporary_maximum",
    Tekun = "tekun",
    Orphan = "orphan",
    UnattendedChild = "unattended_child",
    DisabilityLiving = "disability_living",
    DisabilityCare = "disability_care",
    Zunlao80 = "zunlao_80",
    Zunlao90 = "zunlao_90",
    Zunlao100 = "zunlao_100",
});

impl Serialize for StandardKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for StandardKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&slug).ok_or_else(|| serde::de::Error::custom("no standard of that name"))
    }
}

/// In what a standard is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardUnit {
    /// An amount in fen.
    Fen,
    /// A ratio in ten-thousandths: 15,000 is one and a half times.
    TenThousandths,
}

impl StandardKey {
    /// In what it is counted.
    pub fn unit(self) -> StandardUnit {
        match self {
            Self::MarginRatio | Self::RigidRatio => StandardUnit::TenThousandths,
            _ => StandardUnit::Fen,
        }
    }

    /// The item whose page shows it.
    pub fn item(self) -> ScreenedItem {
        match self {
            Self::Dibao => ScreenedItem::Dibao,
            Self::MarginRatio => ScreenedItem::DibaoMargin,
            Self::DisposableIncome | Self::RigidRatio => ScreenedItem::RigidExpenditure,
            Self::TemporaryMaximum => ScreenedItem::TemporaryAid,
            Self::Tekun => ScreenedItem::Tekun,
            Self::Orphan => ScreenedItem::Orphan,
            Self::UnattendedChild => ScreenedItem::UnattendedChild,
            Self::DisabilityLiving => ScreenedItem::DisabilityLiving,
            Self::DisabilityCare => ScreenedItem::DisabilityCare,
            Self::Zunlao80 | Self::Zunlao90 | Self::Zunlao100 => ScreenedItem::Zunlao,
        }
    }
}

/// One number, from one day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Of what.
    pub key: StandardKey,
    /// How much, in [`StandardKey::unit`]. More than nothing.
    pub value: i64,
    /// The first day on which it holds, in Shanghai.
    pub effective_from: Date,
    /// The number of the document that says so: 「民发〔2021〕57号第八条」.
    pub document: String,
    /// A made-up value of the demo, to be marked 示例 wherever it shows.
    pub sample: bool,
}

impl Standard {
    /// An amount. Of a ratio it would be nonsense, see [`StandardKey::unit`].
    pub fn fen(&self) -> Fen {
        Fen(self.value)
    }
}

/// All numbers that were ever in force, and those to come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standards(Vec<Standard>);

impl Standards {
    /// What national rules give: one and a half times the 低保标准 for 低保边缘 (民发〔2021〕57号 art. 8).
    pub fn national() -> Self {
        Self(vec![Standard {
            key: StandardKey::MarginRatio,
            value: 15_000,
            effective_from: Date::constant(2021, 7, 1),
            document: "民发〔2021〕57号第八条".to_owned(),
            sample: false,
        }])
    }

    /// These and others. Of two that begin on the same day the later added holds.
    #[must_use]
    pub fn with(mut self, others: impl IntoIterator<Item = Standard>) -> Self {
        self.0.extend(others);
        self
    }

    /// The number that holds on a day: the one that began last. `None` where no document gave one.
    pub fn on(&self, key: StandardKey, day: Date) -> Option<&Standard> {
        self.0.iter().filter(|s| s.key == key && s.effective_from <= day).max_by_key(|s| s.effective_from)
    }

    /// The line of 低保边缘 on a day, a month for each person, where both numbers hold: income below it is inside. With the
    /// standard and the ratio that made it.
    pub fn margin_line(&self, day: Date) -> Option<(Fen, &Standard, &Standard)> {
        let (dibao, ratio) = (self.on(StandardKey::Dibao, day)?, self.on(StandardKey::MarginRatio, day)?);
        // Whole fen are below a line between two of them exactly when they are below the upper one.
        let line = dibao.value.saturating_mul(ratio.value).saturating_add(9_999) / 10_000;
        Some((Fen(line), dibao, ratio))
    }

    /// All, in the order in which they were added.
    pub fn all(&self) -> &[Standard] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn dibao(value: i64, effective_from: Date) -> Standard {
        Standard {
            key: StandardKey::Dibao, value, effective_from, document: "示例".to_owned(), sample: true
        }
    }

    #[test]
    fn a_number_holds_from_its_day_until_the_next() {
        let standards = Standards::national()
            .with([dibao(90_000, date(2026, 7, 1)), dibao(70_000, date(2025, 7, 1))])
            .with([dibao(91_000, date(2026, 7, 1))]);
        let on = |day| standards.on(StandardKey::Dibao, day).map(|s| s.value);
        assert_eq!(on(date(2025, 6, 30)), None, "no number is guessed for a time before the first");
        assert_eq!(on(date(2026, 6, 30)), Some(70_000));
        assert_eq!(on(date(2026, 7, 1)), Some(91_000), "a correction of the same day holds");
        assert_eq!(standards.on(StandardKey::MarginRatio, date(2026, 1, 1)).map(|s| s.value), Some(15_000));
        assert_eq!(standards.on(StandardKey::RigidRatio, date(2030, 1, 1)), None);
    }

    #[test]
    fn approval_measure_57_article_8_the_margin_is_one_and_a_half_times_the_standard() {
        let standards = Standards::national().with([dibao(101_000, date(2020, 7, 1))]);
        let line = |day| standards.margin_line(day).map(|(line, ..)| line);
        assert_eq!(line(date(2026, 1, 1)), Some(Fen(151_500)));
        assert_eq!(line(date(2020, 8, 1)), None, "the ratio held from 2021 on");
        assert_eq!(Standards::national().margin_line(date(2026, 1, 1)), None);
        let odd = Standards::national().with([dibao(100_001, date(2020, 7, 1))]);
        assert_eq!(odd.margin_line(date(2026, 1, 1)).map(|(line, ..)| line), Some(Fen(150_002)));
    }
}
