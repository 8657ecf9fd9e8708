//! An application that another street has to handle (转办; 社会救助法 37, 64): it moves there as it is, and keeps its clock.

use super::case::CaseState;
use crate::domain::area::{self, Street};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::time::Instant;
use crate::domain::written;
use crate::masked_debug;

/// The most characters of the reason.
pub const WHY_MAX: usize = 300;

/// The form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TransferForm {
    /// Code of the street that is to handle it.
    pub street: String,
    /// Why that one.
    pub why: String,
}

/// Where it moves, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The street that handles it from now on.
    pub to: &'static Street,
    /// 5 to 300 characters; the resident reads it.
    pub why: String,
}

/// A transfer that happened.
#[derive(Clone, PartialEq, Eq)]
pub struct Transferred {
    /// Code of the street that handled it before.
    pub from: String,
    /// Code of the street that handles it since.
    pub to: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Instant,
}

masked_debug!(TransferForm, Transfer, Transferred);

impl Transfer {
    /// Checks the form. `from`: the code of the street that handles it now.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &TransferForm, from: &str) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let to = match form.street.as_str() {
            "" => Err(FieldError::Missing(Prompt::TransferStreet)),
            code => area::street(code).filter(|street| street.code != from).ok_or(FieldError::NotOffered),
        };
        let to = errors.keep("street", to);
        let why = errors.keep("why", written::paragraph(&form.why, Prompt::TransferWhy, 5, WHY_MAX));
        match (to, why) {
            (Some(to), Some(why)) => Ok(Self { to, why }),
            _ => Err(errors),
        }
    }
}

/// Whether a case may move in this state: until the street has given its opinion, which is then the street's own.
pub fn may_move(state: CaseState) -> bool {
    matches!(state, CaseState::Received | CaseState::CorrectionRequested | CaseState::Accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_37_it_moves_to_another_street_of_the_district_with_a_reason() {
        let form = |street: &str, why: &str| TransferForm { street: street.into(), why: why.into() };
        let moved = Transfer::parse(&form("320214051", "户籍在硕放，低保向户籍地申请"), "320214050");
        assert!(moved.is_ok_and(|transfer| transfer.to.code == "320214051"));
        let wrong = Transfer::parse(&form("320214050", ""), "320214050").expect_err("the same street");
        assert_eq!(wrong.of("street"), Some(&FieldError::NotOffered));
        assert_eq!(wrong.of("why"), Some(&FieldError::Missing(Prompt::TransferWhy)));
        let wrong = Transfer::parse(&form("", "户籍在别处"), "320214050").expect_err("no street");
        assert_eq!(wrong.of("street"), Some(&FieldError::Missing(Prompt::TransferStreet)));
        assert!(
            Transfer::parse(&form("110101001", "户籍在别处"), "320214050").is_err(),
            "of another district"
        );
    }

    #[test]
    fn nothing_moves_once_the_street_has_given_its_opinion() {
        let moving: Vec<_> = CaseState::ALL.iter().filter(|state| may_move(**state)).collect();
        assert_eq!(moving, [&CaseState::Received, &CaseState::CorrectionRequested, &CaseState::Accepted]);
    }
}
