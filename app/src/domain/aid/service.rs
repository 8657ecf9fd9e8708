//! A service that an application asks for (适老化改造, 能力评估, 上门服务, 照护床位, 代祭扫): on which day and how it was arranged, and what
//! came of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// The most characters of what is written on a service.
pub const WORDS_MAX: usize = 500;

/// An arrangement as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ArrangedForm {
    /// The day.
    pub day: String,
    /// Who comes, when, what for, what to keep ready.
    pub words: String,
}

/// On which day, and how.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arranged {
    /// The first day of it.
    pub day: Date,
    /// Who comes, when, what for: 5 to 500 characters; the resident reads it.
    pub words: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceOutcome {
    /// It took place.
    Done,
    /// It takes place on another day.
    Moved,
    /// It does not take place.
    Ended,
}

slugs!(ServiceOutcome { Done = "done", Moved = "moved", Ended = "ended" });

/// What came of it, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ServiceReportForm {
    /// Slug of a [`ServiceOutcome`].
    pub outcome: String,
    /// What was done, or why it was not.
    pub note: String,
    /// The other day, where it was moved.
    pub next: ArrangedForm,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceReport {
    /// Whether it took place.
    pub outcome: ServiceOutcome,
    /// What was done, or why it was not: 2 to 500 characters; the resident reads it.
    pub note: String,
    /// The other day; of what was moved alone.
    pub next: Option<Arranged>,
}

masked_debug!(ArrangedForm, Arranged, ServiceReportForm, ServiceReport);

impl Arranged {
    /// Checks the two fields and adds what is wrong to `errors`; nothing is arranged for a day that is over on `today`.
    pub fn parse(form: &ArrangedForm, today: Date, errors: &mut FormErrors) -> Option<Self> {
        let day = errors.keep("service-day", day(&form.day, today));
        let words =
            errors.keep("service-words", written::paragraph(&form.words, Prompt::ServiceWords, 5, WORDS_MAX));
        Some(Self { day: day?, words: words? })
    }
}

fn day(typed: &str, today: Date) -> Result<Date, FieldError> {
    if normalise::single_line(typed).is_empty() {
        return Err(Prompt::ServiceDay.into());
    }
    match parse_date(typed)? {
        day if day < today => Err(Rule::ServiceDayOver.into()),
        day => Ok(day),
    }
}

impl ServiceReport {
    /// Checks the form on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ServiceReportForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match form.outcome.as_str() {
            "" => Err(FieldError::Missing(Prompt::ServiceOutcome)),
            slug => ServiceOutcome::parse(slug).ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("service-outcome", outcome);
        let note =
            errors.keep("service-note", written::paragraph(&form.note, Prompt::ServiceNote, 2, WORDS_MAX));
        let next = match outcome {
            Some(ServiceOutcome::Moved) => Arranged::parse(&form.next, today, &mut errors),
            _ => None,
        };
        match (outcome, note) {
            (Some(outcome), Some(note)) if errors.is_empty() => Ok(Self { outcome, note, next }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn form(outcome: &str, day: &str) -> ServiceReportForm {
        ServiceReportForm {
            outcome: outcome.into(),
            note: "家里没有人".into(),
            next: ArrangedForm { day: day.into(), words: "下午两点，王师傅上门".into() },
        }
    }

    #[test]
    fn what_is_moved_has_another_day_that_is_not_over() {
        let today = date(2026, 11, 27);
        let moved = ServiceReport::parse(&form("moved", "2026-11-27"), today).expect("today is not over");
        assert_eq!(moved.next.map(|next| next.day), Some(today));
        let errors = ServiceReport::parse(&form("moved", "2026-11-26"), today).expect_err("yesterday");
        assert_eq!(errors.of("service-day"), Some(&Rule::ServiceDayOver.into()));
        let errors = ServiceReport::parse(&form("moved", ""), today).expect_err("no day");
        assert_eq!(errors.of("service-day"), Some(&FieldError::Missing(Prompt::ServiceDay)));
    }

    #[test]
    fn what_took_place_or_never_will_has_no_other_day() {
        let today = date(2026, 11, 27);
        for outcome in ["done", "ended"] {
            let report = ServiceReport::parse(&form(outcome, "2020-01-01"), today).expect(outcome);
            assert_eq!(report.next, None, "{outcome}");
        }
        let errors = ServiceReport::parse(&ServiceReportForm::default(), today).expect_err("empty");
        let fields: Vec<_> = errors.iter().map(|error| error.field.to_string()).collect();
        assert_eq!(fields, ["service-outcome", "service-note"]);
    }
}
