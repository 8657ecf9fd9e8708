//! The two visits of a divorce by agreement (民法典 1077; 婚姻登记条例 16): thirty days to think it over, then thirty days in
//! which both come again to the organ that took the application. Nothing is asked but a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Calendar, Deadline};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;

/// Each of the two periods (民法典 1077).
const DAYS: u32 = 30;

/// When the second visit is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondVisit {
    /// The last day of the cooling-off.
    pub cooling_ends: Date,
    /// The first day on which both may come again.
    pub from: Date,
    /// The last one: after it the application counts as withdrawn.
    pub until: Date,
}

/// Counts both periods from the day of acceptance, which itself is not counted; a last day that is off moves to the day after
/// the holiday (民法典 201, 203). `None` where a period reaches into a year whose holidays are not loaded.
///
/// That a plain weekend moves the last day too is the usual reading, not the text's own.
pub fn second_visit(accepted: Date, calendar: &Calendar) -> Option<SecondVisit> {
    let Deadline::On(cooling_ends) = calendar.add_calendar_days_rolled(accepted, DAYS) else { return None };
    let Deadline::On(until) = calendar.add_calendar_days_rolled(cooling_ends, DAYS) else { return None };
    Some(SecondVisit { cooling_ends, from: cooling_ends.tomorrow().ok()?, until })
}

/// The day on the receipt, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptedForm {
    /// The day on which the application was accepted.
    pub accepted: String,
}

impl AcceptedForm {
    /// Checks the day.
    ///
    /// # Errors
    /// The field `accepted`.
    pub fn parse(&self, today: Date) -> Result<Date, FormErrors> {
        let mut errors = FormErrors::default();
        let day = if normalise::single_line(&self.accepted).is_empty() {
            Err(FieldError::from(Prompt::AcceptedDay))
        } else {
            match parse_date(&self.accepted) {
                Ok(day) if day > today => Err(Rule::DateInFuture.into()),
                parsed => parsed.map_err(Into::into),
            }
        };
        errors.keep("accepted", day).ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// 民法典 1077, 203: three dates worked out by hand.
    #[test]
    fn divorce_window_vectors() {
        for (accepted, cooling_ends, from, until) in [
            (date(2026, 1, 15), date(2026, 2, 14), date(2026, 2, 15), date(2026, 3, 16)),
            (date(2026, 1, 20), date(2026, 2, 24), date(2026, 2, 25), date(2026, 3, 26)),
            (date(2026, 9, 1), date(2026, 10, 8), date(2026, 10, 9), date(2026, 11, 9)),
        ] {
            let window = SecondVisit { cooling_ends, from, until };
            assert_eq!(second_visit(accepted, Calendar::embedded()), Some(window), "{accepted}");
        }
        assert_eq!(second_visit(date(2026, 11, 20), Calendar::embedded()), None, "2027 is not published");
    }

    #[test]
    fn a_day_that_is_missing_to_come_or_none_is_told() {
        let today = date(2026, 11, 23);
        let error = |text: &str| {
            let form = AcceptedForm { accepted: text.into() };
            form.parse(today).unwrap_err().of("accepted").cloned().unwrap()
        };
        assert_eq!(error(" "), Prompt::AcceptedDay.into());
        assert_eq!(error("2026-11-24"), Rule::DateInFuture.into());
        assert_eq!(error("2026-02-30"), Rule::NotADate.into());
    }
}
