//! Why staff end a confirmation. A choice and no text: what is chosen is shown to the holder and noted.

use serde::{Deserialize, Serialize};

use super::form::{FieldError, FormErrors, Prompt};
use crate::slugs;

/// Why a confirmation holds no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// What it says is wrong.
    Mistake,
    /// The holder wants what it stands for no longer.
    Withdrawn,
    /// Somebody else used it, or may.
    Misuse,
    /// The office can't keep what it stands for: it is closed that day.
    Office,
    /// The holder's account was deleted. Never chosen by anybody.
    AccountClosed,
}

slugs!(CancelReason {
    Mistake = "mistake",
    Withdrawn = "withdrawn",
    Misuse = "misuse",
    Office = "office",
    AccountClosed = "account_closed",
});

impl CancelReason {
    /// Those that staff choose from.
    pub const CHOICES: &[Self] = &[Self::Mistake, Self::Withdrawn, Self::Misuse, Self::Office];
}

/// The form that ends a confirmation, as sent.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    /// Slug of a [`CancelReason`].
    pub reason: String,
}

impl CancelForm {
    /// Checks that a reason was chosen.
    ///
    /// # Errors
    /// None was, or one that is not offered.
    pub fn parse(&self) -> Result<CancelReason, FormErrors> {
        let mut errors = FormErrors::default();
        match CancelReason::parse(&self.reason) {
            Some(reason) if CancelReason::CHOICES.contains(&reason) => return Ok(reason),
            _ if self.reason.is_empty() => errors.add("reason", Prompt::CancelReason),
            _ => errors.add("reason", FieldError::NotOffered),
        }
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_chosen_from_the_list() {
        let parse = |reason: &str| CancelForm { reason: reason.into() }.parse();
        assert_eq!(parse("misuse"), Ok(CancelReason::Misuse));
        for wrong in ["", "account_closed", "anything"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
