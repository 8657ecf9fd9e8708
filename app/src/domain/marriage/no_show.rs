//! Couples that did not come. What follows from it is each office's own policy, and nothing by default; a couple may object.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::form::{FormErrors, Prompt};
use crate::domain::written;
use crate::slugs;

/// What follows from not coming. Beside none, the known policies of other places; what they say of cancelled bookings is left out,
/// for nothing of those is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoShowPolicy {
    /// Nothing.
    #[default]
    None,
    /// Twice in 30 days: no booking for 15 days, as 肇庆 had it in 2022.
    TwiceInThirty,
    /// Twice in 180 days: no booking for 180 days, as 汕头 had it in 2023.
    TwiceInHalfYear,
}

slugs!(NoShowPolicy { None = "none", TwiceInThirty = "30-15", TwiceInHalfYear = "180-180" });

/// How often it takes.
const TIMES: usize = 2;

impl NoShowPolicy {
    /// Within how many days, and for how many days no booking is taken.
    fn days(self) -> Option<(i32, i32)> {
        match self {
            Self::None => None,
            Self::TwiceInThirty => Some((30, 15)),
            Self::TwiceInHalfYear => Some((180, 180)),
        }
    }

    /// The last day on which somebody who did not come on these days can't book, as seen on `today`.
    pub fn blocked_until(self, missed: &[Date], today: Date) -> Option<Date> {
        let (within, blocked) = self.days()?;
        let mut missed = missed.to_vec();
        missed.sort_unstable();
        let last = missed
            .windows(TIMES)
            .filter(|days| matches!(days, [first, .., last] if (*last - *first).get_days() <= within))
            .filter_map(|days| days.last())
            .max()?;
        let until = last.checked_add(blocked.days()).ok()?;
        (today <= until).then_some(until)
    }
}

/// What an office does at its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorRules {
    /// Couples without a booking get a number.
    pub walk_in: bool,
    /// What follows from not coming.
    pub no_show: NoShowPolicy,
}

impl Default for DoorRules {
    fn default() -> Self {
        Self { walk_in: true, no_show: NoShowPolicy::None }
    }
}

/// The rules of the door, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorRulesForm {
    /// `yes` or `no`.
    pub walk_in: String,
    /// Slug of a [`NoShowPolicy`].
    pub no_show: String,
}

impl DoorRulesForm {
    /// As the page shows what holds.
    pub fn of(rules: DoorRules) -> Self {
        Self {
            walk_in: if rules.walk_in { "yes" } else { "no" }.into(),
            no_show: rules.no_show.as_str().into(),
        }
    }

    /// Checks them.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<DoorRules, FormErrors> {
        let mut errors = FormErrors::default();
        let walk_in = match self.walk_in.as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(Prompt::MarriageAnswer),
        };
        let walk_in = errors.keep("walk_in", walk_in);
        let no_show =
            errors.keep("no_show", NoShowPolicy::parse(&self.no_show).ok_or(Prompt::MarriageAnswer));
        match (walk_in, no_show) {
            (Some(walk_in), Some(no_show)) => Ok(DoorRules { walk_in, no_show }),
            _ => Err(errors),
        }
    }
}

/// How an entry that a couple did not come stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoShowState {
    /// The clerk entered it.
    Marked,
    /// The couple objects.
    Objected,
    /// It stays after the objection.
    Upheld,
    /// It was taken back: it counts no more.
    Lifted,
}

slugs!(NoShowState { Marked = "marked", Objected = "objected", Upheld = "upheld", Lifted = "lifted" });

/// An entry that a couple did not come, as both sides read it.
#[derive(Clone, PartialEq, Eq)]
pub struct NoShow {
    /// How it stands.
    pub state: NoShowState,
    /// What the couple says against it; empty where it says nothing.
    pub words: String,
}

crate::masked_debug!(NoShow);

/// A couple's objection, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectForm {
    /// What they say.
    pub words: String,
}

crate::masked_debug!(ObjectForm);

impl ObjectForm {
    /// Checks it.
    ///
    /// # Errors
    /// The field `words`.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::default();
        errors.keep("words", written::paragraph(&self.words, Prompt::ObjectionText, 2, 200)).ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn nothing_follows_by_default() {
        let missed = [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)];
        assert_eq!(DoorRules::default().no_show.blocked_until(&missed, date(2026, 11, 5)), None);
    }

    #[test]
    fn twice_within_the_days_blocks_for_a_time_and_once_never() {
        let policy = NoShowPolicy::TwiceInThirty;
        let (first, on_the_30th, later) = (date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1));
        assert_eq!(policy.blocked_until(&[first], first), None);
        let until = date(2026, 11, 15);
        for today in [on_the_30th, until] {
            assert_eq!(policy.blocked_until(&[on_the_30th, first], today), Some(until), "{today}");
        }
        assert_eq!(policy.blocked_until(&[first, on_the_30th], date(2026, 11, 16)), None, "it is over");
        assert_eq!(policy.blocked_until(&[first, later], later), None, "31 days apart");
        let half_year = NoShowPolicy::TwiceInHalfYear.blocked_until(&[first, later], later);
        assert_eq!(half_year, Some(date(2027, 4, 30)));
    }

    #[test]
    fn every_fault_of_the_rules_is_told() {
        let errors = DoorRulesForm::default().parse().unwrap_err();
        assert!(errors.of("walk_in").is_some() && errors.of("no_show").is_some());
        assert_eq!(DoorRulesForm::of(DoorRules::default()).parse().ok(), Some(DoorRules::default()));
    }
}
