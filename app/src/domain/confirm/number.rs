//! Numbers of cases.

use crate::domain::form::{FieldError, Prompt, Rule};
use crate::domain::normalise;

/// A case's number, such as `LS261123483920`: the service's two letters, the day, six random digits. It can be
/// read out over the telephone; it opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNumber(String);

impl CaseNumber {
    /// Two letters, the day of receipt, and six digits from `random`.
    pub fn new(service: &str, day: jiff::civil::Date, random: u64) -> Self {
        let year = day.year().rem_euclid(100);
        Self(format!("{service}{year:02}{:02}{:02}{:06}", day.month(), day.day(), random % 1_000_000))
    }

    /// Reads a typed number; spaces, dashes and case don't matter.
    ///
    /// # Errors
    /// Missing, or not of our form.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = normalise::digits(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(Prompt::Number.into());
        }
        let (letters, digits) = text.split_at_checked(2).unwrap_or((&text, ""));
        let formed = letters.bytes().all(|b| b.is_ascii_uppercase())
            && digits.len() == 12
            && digits.bytes().all(|b| b.is_ascii_digit());
        if formed { Ok(Self(text)) } else { Err(Rule::NotANumber.into()) }
    }

    /// The number without spaces, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reading_a_number_never_fails_badly(text in "\\PC*") {
            let _ = CaseNumber::parse(&text);
        }
    }

    #[test]
    fn a_case_number_holds_the_service_the_day_and_six_digits() {
        let number = CaseNumber::new("LS", jiff::civil::date(2026, 11, 23), 1_000_007);
        assert_eq!(number.as_str(), "LS261123000007");
        assert_eq!(CaseNumber::parse("ls 2611-2300 0007"), Ok(number));
        assert_eq!(CaseNumber::parse("LS26"), Err(Rule::NotANumber.into()));
    }
}
