//! The auditor's sample of a month's meals: drawn by a seed whose hash is public before the month is over, as cases of aid are
//! ([`crate::domain::aid::random_check`]).

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::desk::DESK_DAYS;
use super::point::count;
use crate::domain::form::{FormErrors, Rule};

/// A month, as addresses and tables name it: 2026-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MealMonth(Date);

impl MealMonth {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Reads 2026-11.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 7 && text.bytes().enumerate().all(|(at, b)| b.is_ascii_digit() || at == 4);
        plain.then(|| format!("{text}-01").parse().ok().map(Self)).flatten()
    }

    /// 2026-11
    pub fn slug(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    /// The first day.
    pub fn first(self) -> Date {
        self.0
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1.month()))
    }

    /// 2026 年 11 月
    pub fn words(self) -> String {
        format!("{} 年 {} 月", self.0.year(), self.0.month())
    }
}

/// The first day on which nothing of a month can change any more: no device may tell of its meals then, so the list is whole.
pub fn opens_on(month: MealMonth) -> Date {
    month.last().saturating_add((DESK_DAYS + 1).days())
}

/// How much of a month is drawn, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    /// A share in percent.
    pub percent: String,
}

impl CheckForm {
    /// The least share in percent.
    ///
    /// # Errors
    /// It is none from 1 to 100.
    pub fn parse(&self) -> Result<u8, FormErrors> {
        let mut errors = FormErrors::default();
        let percent =
            count(&self.percent, 1..=100).and_then(|of| u8::try_from(of).map_err(|_| Rule::NotACount));
        errors.keep("percent", percent).ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_whole_once_no_device_may_tell_of_it() {
        let month = MealMonth::of(date(2026, 11, 24));
        assert_eq!((month.slug().as_str(), month.next().slug().as_str()), ("2026-11", "2026-12"));
        assert_eq!(MealMonth::parse("2026-11"), Some(month));
        for wrong in ["2026-13", "2026-1", "2026/11", "20261101", ""] {
            assert_eq!(MealMonth::parse(wrong), None, "{wrong}");
        }
        assert_eq!(opens_on(month), date(2026, 12, 8));
        let noon = crate::domain::time::Instant::shanghai_midnight(opens_on(month));
        assert_eq!(super::super::desk_moment(noon, month.last(), noon), None, "too late for the last day");
        let before = crate::domain::time::Instant(noon.0 - 1);
        assert!(super::super::desk_moment(before, month.last(), before).is_some());
    }

    #[test]
    fn a_share_is_one_to_a_hundred() {
        assert_eq!(CheckForm { percent: "５".into() }.parse(), Ok(5));
        for wrong in ["", "0", "101", "一"] {
            assert!(CheckForm { percent: wrong.into() }.parse().is_err(), "{wrong}");
        }
    }
}
