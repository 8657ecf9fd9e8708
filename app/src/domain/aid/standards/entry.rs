//! Entering a value of a standard: what an administrator types, and what is kept of it. One person enters, another approves.

use jiff::civil::Date;
use jiff::{Span, civil};
use serde::{Deserialize, Serialize};

use super::{Standard, StandardKey, StandardUnit};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::Fen;
use crate::domain::normalise::single_line;
use crate::domain::time::Instant;
use crate::domain::written;

/// The fewest and the most characters of a document's number.
pub const DOCUMENT: (usize, usize) = (3, 60);

/// The ratios that a form takes, in ten-thousandths: from 0.01 to 100.
const RATIOS: std::ops::RangeInclusive<i64> = 100..=1_000_000;

/// No standard of this kind is older; an earlier year is a slip of the finger.
const EARLIEST: Date = civil::date(1990, 1, 1);

/// A new value as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StandardForm {
    /// Slug of a [`StandardKey`].
    pub key: String,
    /// Yuan, or a ratio such as 1.5.
    pub value: String,
    /// The first day on which it holds.
    pub effective_from: String,
    /// The number of the document.
    pub document: String,
}

/// A new value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStandard {
    /// Of what.
    pub key: StandardKey,
    /// How much, in the key's unit.
    pub value: i64,
    /// The first day on which it holds.
    pub effective_from: Date,
    /// The number of the document.
    pub document: String,
}

impl NewStandard {
    /// Checks the form on the day `today`. A day that has passed is fine: history is entered too.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &StandardForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let key = match StandardKey::parse(&form.key) {
            Some(key) => Some(key),
            None if form.key.is_empty() => errors.keep("key", Err(Prompt::StandardKey)),
            None => errors.keep("key", Err(FieldError::NotOffered)),
        };
        // What a number counts is known only with what it is of; an empty one is missing in any case.
        let value = match key {
            _ if single_line(&form.value).is_empty() => errors.keep("value", Err(Prompt::StandardValue)),
            Some(key) => errors.keep("value", parse_value(key, &form.value)),
            None => None,
        };
        let effective_from = errors.keep("effective_from", parse_day(&form.effective_from, today));
        let (min, max) = DOCUMENT;
        let document =
            errors.keep("document", written::cited(&form.document, Prompt::StandardDocument, min, max));
        match (key, value, effective_from, document) {
            (Some(key), Some(value), Some(effective_from), Some(document)) => {
                Ok(Self { key, value, effective_from, document })
            }
            _ => Err(errors),
        }
    }

    /// The value as one that holds.
    pub fn standard(&self, sample: bool) -> Standard {
        Standard {
            key: self.key,
            value: self.value,
            effective_from: self.effective_from,
            document: self.document.clone(),
            sample,
        }
    }
}

fn parse_value(key: StandardKey, text: &str) -> Result<i64, FieldError> {
    match key.unit() {
        StandardUnit::Fen => match Fen::parse_yuan(text)? {
            Fen(0) => Err(Rule::StandardOfNothing.into()),
            Fen(fen) => Ok(fen),
        },
        StandardUnit::TenThousandths => Ok(parse_ratio(text)?),
    }
}

/// The first day on which something holds: not before 1990, not more than two years ahead.
///
/// # Errors
/// It is none, or outside of that.
pub(crate) fn parse_day(text: &str, today: Date) -> Result<Date, FieldError> {
    if single_line(text).is_empty() {
        return Err(Prompt::StandardDay.into());
    }
    let day = parse_date(text)?;
    let latest = today.saturating_add(Span::new().years(2));
    if day < EARLIEST || day > latest { Err(Rule::StandardDayTooFar.into()) } else { Ok(day) }
}

/// Reads a ratio in ten-thousandths, to the last digit: 1.5, 1.5 倍, ２.
///
/// # Errors
/// [`Rule::NotARatio`]: no number, outside 0.01 to 100, or more than four decimals.
pub fn parse_ratio(text: &str) -> Result<i64, Rule> {
    let line = single_line(text);
    let number = line.trim_end_matches('倍').trim();
    let (whole, decimals) = match number.split_once('.') {
        Some((_, "")) => return Err(Rule::NotARatio),
        Some(parts) => parts,
        None => (number, ""),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || decimals.len() > 4 || !digits(whole) || !digits(decimals) {
        return Err(Rule::NotARatio);
    }
    let ratio: i64 = format!("{whole}{decimals:0<4}").parse().map_err(|_| Rule::NotARatio)?;
    if RATIOS.contains(&ratio) { Ok(ratio) } else { Err(Rule::NotARatio) }
}

/// A ratio for reading: 1.5.
pub fn ratio_text(ten_thousandths: i64) -> String {
    let (whole, rest) = (ten_thousandths / 10_000, (ten_thousandths % 10_000).abs());
    let sign = if ten_thousandths < 0 && whole == 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{rest:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Why a value is taken back, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WithdrawalForm {
    /// In the administrator's own words; other staff read it.
    pub why: String,
}

impl WithdrawalForm {
    /// Checks that a reason was given.
    ///
    /// # Errors
    /// None was, or one that is too short or too long.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::default();
        let (min, max) = DOCUMENT;
        errors.keep("why", written::cited(&self.why, Prompt::WithdrawalReason, min, max)).ok_or(errors)
    }
}

/// Who did something with a value, and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Deed {
    /// The account.
    pub by: String,
    /// The person's name; empty where the account is made up.
    pub name: String,
    /// When.
    pub at: Instant,
}

crate::masked_debug!(Deed);

/// A value as it is kept, with who entered it, approved it, took it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStandard {
    /// The row's id.
    pub id: String,
    /// The value.
    pub standard: Standard,
    /// Who entered it.
    pub entered: Deed,
    /// Who approved it; it holds from then on.
    pub approved: Option<Deed>,
    /// Who took it back, and why; it holds no longer.
    pub withdrawn: Option<(Deed, String)>,
}

impl KeptStandard {
    /// It waits for a second person.
    pub fn waits(&self) -> bool {
        self.approved.is_none() && self.withdrawn.is_none()
    }

    /// It holds from its day on.
    pub fn holds(&self) -> bool {
        self.approved.is_some() && self.withdrawn.is_none()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 26);

    fn form(key: &str, value: &str, day: &str, document: &str) -> StandardForm {
        StandardForm {
            key: key.into(),
            value: value.into(),
            effective_from: day.into(),
            document: document.into(),
        }
    }

    fn errors(form: &StandardForm) -> Vec<(String, FieldError)> {
        let Err(errors) = NewStandard::parse(form, TODAY) else { return Vec::new() };
        errors.iter().map(|e| (e.field.to_string(), e.error.clone())).collect()
    }

    #[test]
    fn a_value_is_read_in_the_unit_of_its_key() {
        let new =
            NewStandard::parse(&form("dibao", "1,010 元", "2020年7月1日", " 示例文件 "), TODAY).unwrap();
        assert_eq!((new.key, new.value), (StandardKey::Dibao, 101_000));
        assert_eq!((new.effective_from, new.document.as_str()), (date(2020, 7, 1), "示例文件"));
        let ratio = NewStandard::parse(&form("margin_ratio", "１.5 倍", "2027-07-01", "苏民发1号"), TODAY);
        assert_eq!(ratio.map(|new| new.value), Ok(15_000));
    }

    #[test]
    fn all_errors_come_at_once_in_page_order() {
        assert_eq!(
            errors(&StandardForm::default()),
            [
                ("key".into(), Prompt::StandardKey.into()),
                ("value".into(), Prompt::StandardValue.into()),
                ("effective_from".into(), Prompt::StandardDay.into()),
                ("document".into(), Prompt::StandardDocument.into()),
            ]
        );
        assert_eq!(
            errors(&form("salary", "x", "2026-02-30", "号")),
            [
                ("key".into(), FieldError::NotOffered),
                ("effective_from".into(), Rule::NotADate.into()),
                ("document".into(), FieldError::TooShort { min: 3 }),
            ]
        );
        let of = |key, value| errors(&form(key, value, "2026-07-01", "文件一号"));
        assert_eq!(of("dibao", "0"), [("value".into(), Rule::StandardOfNothing.into())]);
        assert_eq!(of("rigid_ratio", "0"), [("value".into(), Rule::NotARatio.into())]);
    }

    #[test]
    fn a_day_may_have_passed_and_may_lie_two_years_ahead() {
        let day = |text| errors(&form("dibao", "900", text, "文件一号"));
        for text in ["1990-01-01", "2016-07-01", "2026-11-26", "2028-11-26"] {
            assert_eq!(day(text), [], "{text}");
        }
        for text in ["1989-12-31", "2028-11-27"] {
            assert_eq!(day(text), [("effective_from".into(), Rule::StandardDayTooFar.into())], "{text}");
        }
    }

    #[test]
    fn ratios_are_read_to_the_last_digit_and_refused_beyond_it() {
        for (text, ratio) in [
            ("1.5", 15_000),
            ("1.5倍", 15_000),
            ("2", 20_000),
            ("0.01", 100),
            ("100", 1_000_000),
            ("0.6667", 6_667),
        ] {
            assert_eq!(parse_ratio(text), Ok(ratio), "{text}");
        }
        for text in
            ["", "倍", "1.", ".5", "1,5", "1.23456", "0.009", "100.0001", "-1", "1e1", "150%", "9999999"]
        {
            assert_eq!(parse_ratio(text), Err(Rule::NotARatio), "{text}");
        }
        assert_eq!(ratio_text(-5_000), "-0.5");
    }

    #[test]
    fn a_withdrawal_says_why() {
        assert!(WithdrawalForm { why: " ".into() }.parse().is_err());
        assert_eq!(WithdrawalForm { why: " 数写错了 ".into() }.parse(), Ok("数写错了".to_owned()));
    }

    proptest! {
        #[test]
        fn a_ratio_that_is_written_reads_back(ratio in RATIOS) {
            prop_assert_eq!(parse_ratio(&ratio_text(ratio)), Ok(ratio));
        }

        #[test]
        fn reading_a_ratio_never_panics(text in prop_oneof![any::<String>(), "[0-9.]{0,9}倍?"], any in any::<i64>()) {
            if let Ok(ratio) = parse_ratio(&text) {
                prop_assert!(RATIOS.contains(&ratio));
            }
            prop_assert!(!ratio_text(any).is_empty());
        }
    }
}
