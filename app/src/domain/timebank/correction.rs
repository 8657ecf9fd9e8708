//! Corrections: a record that was wrong is put right by two people. The ledger's older entry stays as it is; new ones take
//! back, or bring, what was wrong (志愿服务记录与证明出具办法 12, 13).

use serde::{Deserialize, Serialize};

use super::Minutes;
use super::rules::BankRules;
use crate::domain::form::{FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::masked_debug;

/// No single service was longer: two days and nights.
const LONGEST: i64 = 48 * 60;

/// A correction, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionForm {
    /// How many minutes it really was; 0 where it never took place.
    pub right: String,
    /// Who said so and how it was looked into.
    pub why: String,
}

/// A correction, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Correction {
    /// How many minutes it really was.
    pub right: i64,
    /// Who said so and how it was looked into.
    pub why: String,
}

masked_debug!(CorrectionForm, Correction);

impl Correction {
    /// Checks a correction of a service that stands with so many minutes in the record.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &CorrectionForm, recorded: i64) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        // Not `normalise::digits`: that drops hyphens, and a minus is one.
        let typed = normalise::single_line(&form.right);
        let right = match typed.parse::<i64>() {
            _ if typed.is_empty() => Err(Prompt::TimeRight.into()),
            Ok(right) if right == recorded => Err(Rule::SameMinutes.into()),
            Ok(right) if (0..=LONGEST).contains(&right) => Ok(right),
            _ => Err(crate::domain::form::FieldError::from(Rule::NotMinutes)),
        };
        let right = errors.keep("right", right);
        let why = errors.keep("why", written::paragraph(&form.why, Prompt::CorrectionWhy, 4, 300));
        match (right, why) {
            (Some(right), Some(why)) => Ok(Self { right, why }),
            _ => Err(errors),
        }
    }
}

/// What a correction moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Putting {
    /// So much comes back from the volunteer, and from the pool that had what was above a cap.
    Back {
        /// From the volunteer.
        own: Option<Minutes>,
        /// From the pool.
        pool: Option<Minutes>,
    },
    /// So many true minutes are still to be credited.
    More(Minutes),
    /// The record alone changes: a daily cap had cut the rest off.
    Nothing,
}

impl BankRules {
    /// What a correction of a service to `right` true minutes moves, where it brought `own` to the volunteer and `pool` to
    /// the pool.
    pub fn put_right(&self, (recorded, right): (i64, i64), (own, pool): (i64, i64)) -> Putting {
        if right > recorded {
            return Minutes::new(right - recorded).map_or(Putting::Nothing, Putting::More);
        }
        let back = own + pool - (right * self.coefficient / 100).min(own + pool);
        // What was above the cap goes first: without the mistake it would not have been there.
        let from_pool = back.min(pool);
        match (Minutes::new(back - from_pool), Minutes::new(from_pool)) {
            (None, None) => Putting::Nothing,
            (own, pool) => Putting::Back { own, pool },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::preset;
    use super::*;

    #[test]
    fn a_correction_says_how_much_it_was_and_why() {
        let form = |right: &str, why: &str| CorrectionForm { right: right.into(), why: why.into() };
        let read = Correction::parse(&form("６０", "两边都说是一小时"), 90).unwrap();
        assert_eq!((read.right, read.why.as_str()), (60, "两边都说是一小时"));
        assert_eq!(Correction::parse(&form("0", "那天没有去"), 90).unwrap().right, 0);
        let errors = Correction::parse(&form("", ""), 90).unwrap_err();
        assert_eq!(errors.of("right"), Some(&Prompt::TimeRight.into()));
        assert_eq!(errors.of("why"), Some(&Prompt::CorrectionWhy.into()));
        for (typed, rule) in [("90", Rule::SameMinutes), ("9000", Rule::NotMinutes), ("x", Rule::NotMinutes)]
        {
            let errors = Correction::parse(&form(typed, "两边都说是一小时"), 90).unwrap_err();
            assert_eq!(errors.of("right"), Some(&rule.into()), "{typed}");
        }
    }

    #[test]
    fn what_is_put_right_comes_from_the_pool_first_and_never_below_nothing() {
        let rules = preset("default").unwrap();
        let some = |minutes: i64| Minutes::new(minutes);
        let back = |own, pool| Putting::Back { own: some(own), pool: some(pool) };
        assert_eq!(rules.put_right((90, 60), (90, 0)), back(30, 0));
        assert_eq!(rules.put_right((90, 0), (40, 50)), back(40, 50));
        assert_eq!(rules.put_right((90, 60), (40, 50)), back(0, 30));
        assert_eq!(rules.put_right((90, 120), (90, 0)), Putting::More(some(30).unwrap()));
        assert_eq!(rules.put_right((90, 60), (60, 0)), Putting::Nothing, "a daily cap had cut it off");
        let half = BankRules { coefficient: 150, ..rules.clone() };
        assert_eq!(half.put_right((90, 60), (135, 0)), back(45, 0));
    }
}
