//! The waiting list of a full day: whoever came first is offered a place first, one couple after another, each with time to answer.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Matter;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::phone::{Mobile, PhoneError};
use crate::domain::time::Instant;
use crate::slugs;

/// An offer stands so long, in milliseconds.
const OFFER_MS: i64 = 2 * 3_600_000;

/// Offers are made from this minute of the day on, and one that would end in the night ends at ten.
const MORNING: u16 = 8 * 60;
/// The last minute of the day at which an offer is answered within its two hours.
const EVENING: u16 = 20 * 60;
/// When an offer of the night ends.
const TEN: i64 = 10 * 60;

/// Lines in which one device or account stands at a time.
pub const LINES_OPEN: i64 = 2;

/// How a couple in a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitState {
    /// It waits.
    Waiting,
    /// A place is kept for it.
    Offered,
    /// It took a place that was offered.
    Taken,
    /// It let the offer go by.
    Passed,
    /// It left the line.
    Left,
    /// The day came too near without a place.
    Over,
}

slugs!(WaitState {
    Waiting = "waiting",
    Offered = "offered",
    Taken = "taken",
    Passed = "passed",
    Left = "left",
    Over = "over",
});

/// A couple's place in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The row's id.
    pub id: String,
    /// The office's code.
    pub office: String,
    /// For what.
    pub matter: Matter,
    /// The day.
    pub day: Date,
    /// How it stands.
    pub state: WaitState,
    /// How many are before it.
    pub before: i64,
    /// The booking that is kept for it.
    pub booking: Option<String>,
    /// Until when.
    pub until: Option<Instant>,
}

/// Until when an offer stands that is made now for a day: two hours of the day, and never into the day itself. `None` where there
/// is no time left to answer.
pub fn offer_until(now: Instant, day: Date) -> Option<Instant> {
    let midnight = Instant::shanghai_midnight(now.shanghai_date());
    let morning = |days: i64| Instant(midnight.0 + days * 86_400_000 + TEN * 60_000);
    let until = match now.shanghai_minute() {
        minute if minute < MORNING => morning(0),
        minute if minute > EVENING => morning(1),
        _ => Instant(now.0 + OFFER_MS),
    };
    let until = until.min(Instant::shanghai_midnight(day));
    (until > now).then_some(until)
}

/// The mobile that an offer is sent to, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaitForm {
    /// 11 digits.
    pub mobile: String,
}

crate::masked_debug!(WaitForm);

impl WaitForm {
    /// Checks it.
    ///
    /// # Errors
    /// The field `mobile`.
    pub fn parse(&self) -> Result<Mobile, FormErrors> {
        let mut errors = FormErrors::default();
        let mobile = match Mobile::parse(&self.mobile) {
            Err(PhoneError::Missing) => Err(FieldError::from(Prompt::Mobile)),
            parsed => parsed.map_err(Into::into),
        };
        errors.keep("mobile", mobile).ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_offer_has_two_hours_of_the_day_and_none_of_the_night() {
        let (today, day) = (date(2026, 11, 23), date(2026, 12, 1));
        let at = |of: Date, hour: i64, minute: i64| {
            Instant(Instant::shanghai_midnight(of).0 + (hour * 60 + minute) * 60_000)
        };
        assert_eq!(offer_until(at(today, 14, 5), day), Some(at(today, 16, 5)));
        assert_eq!(offer_until(at(today, 8, 0), day), Some(at(today, 10, 0)));
        assert_eq!(offer_until(at(today, 3, 0), day), Some(at(today, 10, 0)));
        assert_eq!(offer_until(at(today, 20, 1), day), Some(at(date(2026, 11, 24), 10, 0)));
        let evening = date(2026, 11, 30);
        assert_eq!(offer_until(at(evening, 23, 0), day), Some(at(day, 0, 0)), "never into the day itself");
        assert_eq!(offer_until(at(day, 0, 0), day), None);
    }

    #[test]
    fn a_line_asks_for_a_mobile_and_nothing_else() {
        assert!(WaitForm { mobile: "139 0000 1234".into() }.parse().is_ok());
        assert_eq!(WaitForm::default().parse().unwrap_err().of("mobile"), Some(&Prompt::Mobile.into()));
    }
}
