//! Opening a confirmation by its number and the mobile's last digits.

use super::CaseNumber;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;

/// The page that opens a confirmation without the device's cookie, as typed.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OpenForm {
    /// The case's number.
    pub number: String,
    /// The last four digits of the applicant's mobile.
    pub mobile_tail: String,
}

crate::masked_debug!(OpenForm, OpenRequest);

/// A number and four digits, formed right; whether they fit is the store's to say.
#[derive(Clone)]
pub struct OpenRequest {
    /// The case's number.
    pub number: CaseNumber,
    /// Four digits.
    pub mobile_tail: String,
}

impl OpenRequest {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &OpenForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let number = errors.keep("number", CaseNumber::parse(&form.number));
        let tail = normalise::digits(&form.mobile_tail);
        let tail = if tail.is_empty() {
            Err(FieldError::from(Prompt::MobileTail))
        } else if tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_digit()) {
            Ok(tail)
        } else {
            Err(Rule::NotFourDigits.into())
        };
        let tail = errors.keep("mobile_tail", tail);
        match (number, tail) {
            (Some(number), Some(mobile_tail)) => Ok(Self { number, mobile_tail }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_tells_both_wrong_fields() {
        let form = OpenForm { number: "7".into(), mobile_tail: "12".into() };
        let fields = OpenRequest::parse(&form).err().map(|e| e.iter().count());
        assert_eq!(fields, Some(2));
    }
}
