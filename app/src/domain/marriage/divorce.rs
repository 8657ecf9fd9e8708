//! The two visits of a divorce by agreement (民法典 1077; 婚姻登记条例 16): thirty days to think it over, then thirty days in
//! which both come again to the organ that took the application. Nothing is asked but a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Calendar, Deadline};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;
use crate::slugs;

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

/// How a day stands to the two periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowDay {
    /// Both may come.
    Inside,
    /// The cooling-off is not over.
    CoolingOff,
    /// The second thirty days are over: the application counts as withdrawn.
    Over,
    /// The holidays that decide it are not published. Nothing is guessed.
    NotKnown,
}

/// How a day stands for an application that was accepted on another one.
///
/// A last day only ever moves to a later one, so the thirty days that are counted plainly are inside whatever the holidays of
/// the next year will be.
pub fn window_day(accepted: Date, day: Date, calendar: &Calendar) -> WindowDay {
    let Deadline::On(cooling_ends) = calendar.add_calendar_days_rolled(accepted, DAYS) else {
        return WindowDay::NotKnown;
    };
    if day <= cooling_ends {
        return WindowDay::CoolingOff;
    }
    let days = (day - cooling_ends).get_days();
    match calendar.add_calendar_days_rolled(cooling_ends, DAYS) {
        Deadline::On(until) if day <= until => WindowDay::Inside,
        Deadline::On(_) => WindowDay::Over,
        _ if i64::from(days) <= i64::from(DAYS) => WindowDay::Inside,
        _ => WindowDay::NotKnown,
    }
}

/// Who says on which day an application was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptedFrom {
    /// A clerk recorded it here.
    Office,
    /// The couple typed it from its receipt: confirmed at the door.
    Receipt,
}

slugs!(AcceptedFrom { Office = "office", Receipt = "receipt" });

/// The day of acceptance of a booking for the second visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The day.
    pub day: Date,
    /// Who says so.
    pub from: AcceptedFrom,
}

/// What is asked besides for a divorce, as typed: of a first visit where the marriage was registered, of a second one the organ
/// and the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DivorceForm {
    /// `yes` where the marriage was registered in the mainland.
    pub registered: String,
    /// The day of acceptance on the receipt.
    pub accepted: String,
    /// `yes` where this office took the application.
    pub organ: String,
}

impl DivorceForm {
    /// Checks it for a first visit (婚姻登记条例 13–16).
    ///
    /// # Errors
    /// The field `registered`.
    pub fn parse_first(&self) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        let registered = match self.registered.as_str() {
            "yes" => Ok(()),
            "no" => Err(FieldError::from(Rule::RegisteredElsewhere)),
            _ => Err(Prompt::RegisteredWhere.into()),
        };
        errors.keep("registered", registered).ok_or(errors)
    }

    /// Checks it for an appointment on `day`. `recorded` is what this office wrote down itself; it counts instead of what was
    /// typed.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(
        &self,
        day: Date,
        today: Date,
        recorded: Option<Date>,
        calendar: &Calendar,
    ) -> Result<Accepted, FormErrors> {
        let mut errors = FormErrors::default();
        let organ = match self.organ.as_str() {
            "yes" => Ok(()),
            "no" => Err(FieldError::from(Rule::OtherOrgan)),
            _ => Err(Prompt::SameOrgan.into()),
        };
        let organ = errors.keep("organ", organ);
        let typed = AcceptedForm { accepted: self.accepted.clone() }.parse(today);
        let accepted = match (recorded, typed) {
            (Some(day), Ok(_)) => Ok(Accepted { day, from: AcceptedFrom::Office }),
            (None, Ok(day)) => Ok(Accepted { day, from: AcceptedFrom::Receipt }),
            (_, Err(wrong)) => {
                Err(wrong.of("accepted").cloned().unwrap_or_else(|| Prompt::AcceptedDay.into()))
            }
        };
        let accepted = accepted.and_then(|accepted| match window_day(accepted.day, day, calendar) {
            WindowDay::Inside => Ok(accepted),
            WindowDay::CoolingOff => Err(Rule::SecondVisitEarly.into()),
            WindowDay::Over => Err(Rule::SecondVisitLate.into()),
            WindowDay::NotKnown => Err(Rule::SecondVisitUnknown.into()),
        });
        let accepted: Option<Accepted> = errors.keep::<_, FieldError>("accepted", accepted);
        match (organ, accepted) {
            (Some(()), Some(accepted)) => Ok(accepted),
            _ => Err(errors),
        }
    }
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

    fn second(
        accepted: &str,
        organ: &str,
        day: Date,
        recorded: Option<Date>,
    ) -> Result<Accepted, FormErrors> {
        let form = DivorceForm { accepted: accepted.into(), organ: organ.into(), ..DivorceForm::default() };
        form.parse(day, date(2026, 11, 1), recorded, Calendar::embedded())
    }

    /// 婚姻登记条例 16.
    #[test]
    fn divorce_stage_two_at_another_organ_is_refused() {
        let refused = second("2026-09-01", "no", date(2026, 10, 12), None).unwrap_err();
        assert_eq!(refused.of("organ"), Some(&Rule::OtherOrgan.into()));
        let silent = second("", "", date(2026, 10, 12), None).unwrap_err();
        assert_eq!(silent.of("organ"), Some(&Prompt::SameOrgan.into()));
        assert_eq!(silent.of("accepted"), Some(&Prompt::AcceptedDay.into()));
    }

    #[test]
    fn divorce_stage_two_accepted_on_day_31_and_on_the_rolled_last_day() {
        // The cooling-off of 2026-01-15 ends on a Saturday that works: day 31 is the first one.
        let day = |accepted: Date, day| window_day(accepted, day, Calendar::embedded());
        assert_eq!(day(date(2026, 1, 15), date(2026, 2, 14)), WindowDay::CoolingOff);
        assert_eq!(day(date(2026, 1, 15), date(2026, 2, 15)), WindowDay::Inside, "day 31");
        // That of 2026-09-01 ends in a holiday: it moves, and day 31 is too early.
        assert_eq!(day(date(2026, 9, 1), date(2026, 10, 2)), WindowDay::CoolingOff);
        assert_eq!(day(date(2026, 9, 1), date(2026, 10, 8)), WindowDay::CoolingOff);
        assert_eq!(day(date(2026, 9, 1), date(2026, 10, 9)), WindowDay::Inside);
        assert_eq!(day(date(2026, 9, 1), date(2026, 11, 9)), WindowDay::Inside, "its last day is a Saturday");
        let accepted = second("2026-09-01", "yes", date(2026, 11, 9), None).unwrap();
        assert_eq!(accepted, Accepted { day: date(2026, 9, 1), from: AcceptedFrom::Receipt });
    }

    #[test]
    fn divorce_stage_two_refused_one_day_after_the_rolled_last_day() {
        assert_eq!(window_day(date(2026, 9, 1), date(2026, 11, 10), Calendar::embedded()), WindowDay::Over);
        let refused = second("2026-09-01", "yes", date(2026, 11, 10), None).unwrap_err();
        assert_eq!(refused.of("accepted"), Some(&Rule::SecondVisitLate.into()));
        let early = second("2026-09-01", "yes", date(2026, 10, 8), None).unwrap_err();
        assert_eq!(early.of("accepted"), Some(&Rule::SecondVisitEarly.into()));
    }

    #[test]
    fn a_window_that_reaches_into_a_year_without_its_notice_is_told_and_not_guessed() {
        let day = |accepted: Date, day| window_day(accepted, day, Calendar::embedded());
        // The cooling-off ends on 2026-12-10; thirty plain days later the holidays of 2027 decide.
        assert_eq!(day(date(2026, 11, 10), date(2026, 12, 31)), WindowDay::Inside);
        assert_eq!(day(date(2026, 11, 10), date(2027, 1, 9)), WindowDay::Inside);
        assert_eq!(day(date(2026, 11, 10), date(2027, 1, 11)), WindowDay::NotKnown);
        assert_eq!(day(date(2026, 12, 10), date(2027, 1, 20)), WindowDay::NotKnown);
        let refused =
            DivorceForm { accepted: "2026-12-10".into(), organ: "yes".into(), ..DivorceForm::default() };
        let refused = refused.parse(date(2027, 1, 20), date(2026, 12, 20), None, Calendar::embedded());
        assert_eq!(refused.unwrap_err().of("accepted"), Some(&Rule::SecondVisitUnknown.into()));
    }

    #[test]
    fn what_the_office_wrote_down_counts_more_than_what_was_typed() {
        let accepted = second("2026-09-01", "yes", date(2026, 10, 20), Some(date(2026, 9, 2))).unwrap();
        assert_eq!(accepted, Accepted { day: date(2026, 9, 2), from: AcceptedFrom::Office });
        let late = second("2026-10-01", "yes", date(2026, 11, 10), Some(date(2026, 9, 1))).unwrap_err();
        assert_eq!(late.of("accepted"), Some(&Rule::SecondVisitLate.into()));
    }

    /// 婚姻登记条例 13–16.
    #[test]
    fn a_booking_for_a_marriage_registered_elsewhere_is_refused_with_the_reason() {
        let first = |registered: &str| {
            DivorceForm { registered: registered.into(), ..DivorceForm::default() }.parse_first()
        };
        assert!(first("yes").is_ok());
        assert_eq!(first("no").unwrap_err().of("registered"), Some(&Rule::RegisteredElsewhere.into()));
        assert_eq!(first("").unwrap_err().of("registered"), Some(&Prompt::RegisteredWhere.into()));
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
