//! Complaint and suggestion (投诉、建议): an entry that every government app must have (国办函〔2026〕12号;
//! 社会救助法 63).

use serde::{Deserialize, Serialize};

use super::form::{FieldError, FormErrors, Prompt};
use super::phone::{ContactPhone, PhoneError};
use super::written;

/// The most characters of a complaint.
pub const TEXT_MAX: usize = 2_000;

/// A complaint or a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintKind {
    /// 投诉
    Complaint,
    /// 建议
    Suggestion,
}

crate::slugs!(ComplaintKind { Complaint = "complaint", Suggestion = "suggestion" });

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComplaintForm {
    /// Slug of a [`ComplaintKind`].
    pub kind: String,
    /// What it is about.
    pub text: String,
    /// A telephone for the answer; may be empty.
    pub contact: String,
}

crate::masked_debug!(ComplaintForm, Complaint);

/// A complaint or suggestion, checked.
#[derive(Clone)]
pub struct Complaint {
    /// Which of the two.
    pub kind: ComplaintKind,
    /// 5 to 2,000 characters.
    pub text: String,
    /// A mobile or landline for the answer.
    pub contact: Option<ContactPhone>,
}

impl Complaint {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ComplaintForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = match form.kind.as_str() {
            "" => Err(FieldError::from(Prompt::ComplaintKind)),
            slug => ComplaintKind::parse(slug).ok_or(FieldError::NotOffered),
        };
        let kind = errors.keep("kind", kind);
        let text = errors.keep("text", written::paragraph(&form.text, Prompt::ComplaintText, 5, TEXT_MAX));
        let contact = match ContactPhone::parse(&form.contact) {
            Err(PhoneError::Missing) => Some(None),
            parsed => errors.keep("contact", parsed).map(Some),
        };
        match (kind, text, contact) {
            (Some(kind), Some(text), Some(contact)) => Ok(Self { kind, text, contact }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_needs_no_telephone_and_a_wrong_one_is_told() {
        let mut form =
            ComplaintForm { kind: "complaint".into(), text: "等了很久".into(), contact: String::new() };
        assert!(Complaint::parse(&form).is_err(), "four characters tell a clerk nothing");
        form.text = "窗口等了三个小时".into();
        assert!(Complaint::parse(&form).is_ok_and(|c| c.contact.is_none()));
        form.contact = "123".into();
        assert!(Complaint::parse(&form).err().is_some_and(|e| e.of("contact").is_some()));
    }
}
