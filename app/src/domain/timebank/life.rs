//! Hours that wait because of something in life: their holder moved, died, closed the account, or the bank closes. No rule
//! on it has been published; the default is that they wait, and each way out is a setting.

use serde::{Deserialize, Serialize};

use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::domain::phone::{ContactPhone, PhoneError};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// Why hours wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreezeReason {
    /// The account was closed with hours in it.
    Closed,
    /// The holder moved away.
    Moved,
    /// The holder died.
    Died,
    /// The bank closes.
    Bank,
}

slugs!(FreezeReason { Closed = "closed", Moved = "moved", Died = "died", Bank = "bank" });

impl FreezeReason {
    /// Those that staff enter; a closed account's hours wait by themselves.
    pub const ENTERED: &[Self] = &[Self::Moved, Self::Died, Self::Bank];
}

/// What becomes of hours that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They are the holder's again: it was a mistake, or is over.
    Restore,
    /// They go to the pool.
    Donate,
    /// They go to the spouse.
    Spouse,
    /// They go to another account of the same person.
    Own,
}

slugs!(Outcome { Restore = "restore", Donate = "donate", Spouse = "spouse", Own = "own" });

impl Outcome {
    /// Whether this may be chosen: undoing always, where there is an account to undo it for; the rest as the setting says.
    pub fn is_open(self, reason: FreezeReason, allowed: &[Self]) -> bool {
        match self {
            Self::Restore => reason != FreezeReason::Closed,
            // A dead person has no other account.
            Self::Own => reason != FreezeReason::Died && allowed.contains(&self),
            Self::Donate | Self::Spouse => allowed.contains(&self),
        }
    }

    /// Whether somebody gets the hours.
    pub const fn needs_person(self) -> bool {
        matches!(self, Self::Spouse | Self::Own)
    }
}

/// A freeze, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FreezeForm {
    /// The holder's telephone.
    pub phone: String,
    /// The holder's name, so that no wrong number freezes anybody.
    pub name: String,
    /// Slug of a [`FreezeReason`].
    pub reason: String,
    /// Who told it and what was seen.
    pub why: String,
}

/// A freeze, checked.
#[derive(Clone)]
pub struct NewFreeze {
    /// The holder's telephone.
    pub phone: ContactPhone,
    /// The holder's name.
    pub name: PersonName,
    /// Why.
    pub reason: FreezeReason,
    /// Who told it and what was seen.
    pub why: String,
}

/// What is to become of hours, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    /// Slug of an [`Outcome`].
    pub outcome: String,
    /// The telephone of whoever gets them.
    pub phone: String,
    /// Their name.
    pub name: String,
    /// What was seen, and why so.
    pub why: String,
}

/// What is to become of hours, checked.
#[derive(Clone)]
pub struct NewOutcome {
    /// What.
    pub outcome: Outcome,
    /// Who gets them, where somebody does.
    pub person: Option<(ContactPhone, PersonName)>,
    /// What was seen, and why so.
    pub why: String,
}

masked_debug!(FreezeForm, NewFreeze, OutcomeForm, NewOutcome);

/// Reads the telephone of somebody else's account.
///
/// # Errors
/// Missing, or none.
pub fn other_phone(text: &str) -> Result<ContactPhone, FieldError> {
    match ContactPhone::parse(text) {
        Err(PhoneError::Missing) => Err(Prompt::AccountPhone.into()),
        parsed => parsed.map_err(Into::into),
    }
}

impl NewFreeze {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &FreezeForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let phone = errors.keep("phone", other_phone(&form.phone));
        let name = errors.keep("name", PersonName::parse(&form.name));
        let reason = match form.reason.as_str() {
            "" => Err(FieldError::from(Prompt::FreezeReason)),
            reason => FreezeReason::parse(reason)
                .filter(|reason| FreezeReason::ENTERED.contains(reason))
                .ok_or(FieldError::NotOffered),
        };
        let reason = errors.keep("reason", reason);
        let why = errors.keep("why", written::paragraph(&form.why, Prompt::FreezeWhy, 4, 300));
        match (phone, name, reason, why) {
            (Some(phone), Some(name), Some(reason), Some(why)) => Ok(Self { phone, name, reason, why }),
            _ => Err(errors),
        }
    }
}

impl NewOutcome {
    /// Checks the form for hours that wait for that reason.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &OutcomeForm, reason: FreezeReason, allowed: &[Outcome]) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match form.outcome.as_str() {
            "" => Err(FieldError::from(Prompt::FreezeOutcome)),
            outcome => Outcome::parse(outcome)
                .filter(|outcome| outcome.is_open(reason, allowed))
                .ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let person = match outcome {
            Some(outcome) if outcome.needs_person() => {
                let phone = errors.keep("phone", other_phone(&form.phone));
                phone.zip(errors.keep("name", PersonName::parse(&form.name)))
            }
            _ => None,
        };
        let why = errors.keep("why", written::paragraph(&form.why, Prompt::FreezeWhy, 4, 300));
        match (outcome, why) {
            (Some(outcome), Some(why)) if errors.is_empty() => Ok(Self { outcome, person, why }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_wait_by_default_and_each_way_out_is_a_setting() {
        use FreezeReason::{Closed, Died, Moved};
        assert!(Outcome::Restore.is_open(Moved, &[]) && !Outcome::Restore.is_open(Closed, &[]));
        for outcome in [Outcome::Donate, Outcome::Spouse, Outcome::Own] {
            assert!(!outcome.is_open(Moved, &[]) && outcome.is_open(Moved, &[outcome]));
        }
        assert!(!Outcome::Own.is_open(Died, Outcome::ALL));
    }

    #[test]
    fn a_freeze_says_whose_and_why_and_an_outcome_who_gets_them() {
        let form = FreezeForm {
            phone: "13900001234".into(),
            name: "王小明".into(),
            reason: "moved".into(),
            why: "本人来说要搬走".into(),
        };
        assert_eq!(NewFreeze::parse(&form).unwrap().reason, FreezeReason::Moved);
        assert_eq!(NewFreeze::parse(&FreezeForm::default()).unwrap_err().iter().count(), 4);
        let closed = FreezeForm { reason: "closed".into(), ..form };
        assert_eq!(NewFreeze::parse(&closed).unwrap_err().of("reason"), Some(&FieldError::NotOffered));

        let form =
            OutcomeForm { outcome: "spouse".into(), why: "看过结婚证".into(), ..OutcomeForm::default() };
        let not_set = NewOutcome::parse(&form, FreezeReason::Died, &[]).unwrap_err();
        assert_eq!(not_set.of("outcome"), Some(&FieldError::NotOffered));
        let errors = NewOutcome::parse(&form, FreezeReason::Died, &[Outcome::Spouse]).unwrap_err();
        assert!(errors.of("phone").is_some() && errors.of("name").is_some());
        let form = OutcomeForm { phone: "13900005678".into(), name: "李大妈".into(), ..form };
        let read = NewOutcome::parse(&form, FreezeReason::Died, &[Outcome::Spouse]).unwrap();
        assert!(read.person.is_some());
    }
}
