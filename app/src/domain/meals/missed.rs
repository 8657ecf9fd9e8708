//! Two meals missed in a row: somebody rings, where the elder wished it. What is missed says nothing of why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::point::MealKind;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::time::Instant;
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// A meal's place in somebody's days.
pub type MealTime = (Date, MealKind);

/// So long after a meal's end it counts as missed: what a point hands out without a network comes in late.
pub const MISSED_AFTER_MS: i64 = 2 * 3_600_000;

/// The last two of somebody's meals, where both were missed. `meals` are those whose time is over and that nobody gave up, each with
/// whether it was eaten; `told` is the last meal that somebody was rung for already.
pub fn missed_in_row(meals: &[(MealTime, bool)], told: Option<MealTime>) -> Option<(MealTime, MealTime)> {
    let mut meals: Vec<_> = meals.iter().filter(|(time, _)| told.is_none_or(|told| *time > told)).collect();
    meals.sort_unstable();
    match meals.as_slice() {
        [.., (first, false), (last, false)] => Some((*first, *last)),
        _ => None,
    }
}

/// What a call found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// 没事
    Fine,
    /// 上门看过，没事
    Visited,
    /// 不在家，或者住院了
    Away,
    /// 要帮忙
    Help,
}

slugs!(CallOutcome { Fine = "fine", Visited = "visited", Away = "away", Help = "help" });

/// What a call found, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallForm {
    /// Slug of a [`CallOutcome`].
    pub outcome: String,
    /// In words.
    pub note: String,
}

masked_debug!(CallForm);

/// What a call found, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct CallReport {
    /// What was found.
    pub outcome: CallOutcome,
    /// In words.
    pub note: Option<String>,
}

masked_debug!(CallReport);

impl CallForm {
    /// Checks it. Where help is needed, what is done about it has to be written.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<CallReport, FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match CallOutcome::parse(&self.outcome) {
            Some(outcome) => Ok(outcome),
            None if self.outcome.is_empty() => Err(FieldError::from(Prompt::CallOutcome)),
            None => Err(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let note = if normalise::multi_line(&self.note).is_empty() && outcome != Some(CallOutcome::Help) {
            Ok(None)
        } else {
            written::paragraph(&self.note, Prompt::CallNote, 2, 200).map(Some)
        };
        match (outcome, errors.keep("note", note)) {
            (Some(outcome), Some(note)) => Ok(CallReport { outcome, note }),
            _ => Err(errors),
        }
    }
}

/// A call that somebody makes, or made.
#[derive(Clone, Debug)]
pub struct MealCall {
    /// The row's id.
    pub id: String,
    /// Who eats.
    pub eater: String,
    /// The two meals.
    pub missed: (MealTime, MealTime),
    /// Since when it waits.
    pub made_at: Instant,
    /// When it was done, and what was found.
    pub done: Option<(Instant, CallReport)>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const fn at(day: i8, kind: MealKind) -> MealTime {
        (date(2026, 11, day), kind)
    }

    #[test]
    fn two_in_a_row_and_nothing_eaten_since_make_a_call() {
        let (lunch, dinner) = (at(23, MealKind::Lunch), at(23, MealKind::Dinner));
        assert_eq!(missed_in_row(&[(dinner, false), (lunch, false)], None), Some((lunch, dinner)));
        assert_eq!(missed_in_row(&[(lunch, false)], None), None);
        assert_eq!(missed_in_row(&[(lunch, false), (dinner, true)], None), None);
        let next = at(24, MealKind::Lunch);
        assert_eq!(
            missed_in_row(&[(lunch, true), (dinner, false), (next, false)], None),
            Some((dinner, next))
        );
        let all = [(lunch, false), (dinner, false), (next, false)];
        assert_eq!(missed_in_row(&all, Some(dinner)), None, "one after the call is one");
        let more = [(next, false), (at(25, MealKind::Lunch), false)];
        assert!(missed_in_row(&more, Some(dinner)).is_some());
    }

    #[test]
    fn where_help_is_needed_it_has_to_be_said_which() {
        let form = |outcome: &str, note: &str| CallForm { outcome: outcome.into(), note: note.into() };
        assert!(form("fine", "").parse().unwrap().note.is_none());
        assert!(form("help", "").parse().unwrap_err().of("note").is_some());
        assert!(form("", "").parse().unwrap_err().of("outcome").is_some());
        assert_eq!(form("help", "请医生去了").parse().unwrap().note.as_deref(), Some("请医生去了"));
    }

    proptest! {
        #[test]
        fn nobody_is_rung_for_who_ate_one_of_the_last_two(
            eaten in proptest::collection::vec(any::<bool>(), 0..12),
        ) {
            let meals: Vec<_> = (1_i8..).zip(&eaten).map(|(day, ate)| (at(day, MealKind::Lunch), *ate)).collect();
            let rung = missed_in_row(&meals, None).is_some();
            prop_assert_eq!(rung, eaten.len() >= 2 && eaten.iter().rev().take(2).all(|ate| !ate));
        }
    }
}
