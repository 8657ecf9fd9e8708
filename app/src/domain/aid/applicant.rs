//! Who applies. 社会救助法 37: the person concerned or a member of the household; no local 户籍 is asked for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Asks;
use crate::domain::document::{DocumentKind, IdentityDocument};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::minor::{AgeGroup, age_group};
use crate::domain::name::PersonName;
use crate::domain::phone::{Mobile, PhoneError};
use crate::masked_debug;

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicantForm {
    /// Name on the document.
    pub name: String,
    /// Slug of a [`DocumentKind`].
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// A mobile number of 11 digits.
    pub mobile: String,
}

/// Who applies, checked.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// Name on the document.
    pub name: PersonName,
    /// The document.
    pub document: IdentityDocument,
    /// Where the street rings back.
    pub mobile: Mobile,
}

masked_debug!(ApplicantForm);

impl Asks {
    /// Checks the page about who applies for such an item on the day `today` (Asia/Shanghai).
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn applicant(self, form: &ApplicantForm, today: Date) -> Result<Applicant, FormErrors> {
        let applicant = Applicant::parse(form, today)?;
        let adult =
            applicant.document.birth_date().is_some_and(|birth| age_group(birth, today) == AgeGroup::Adult);
        if self.child && adult {
            let mut errors = FormErrors::default();
            errors.add("document_number", Rule::OnlyForChildren);
            return Err(errors);
        }
        Ok(applicant)
    }
}

impl Applicant {
    /// Checks the page on the day `today` (Asia/Shanghai).
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ApplicantForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&form.name));
        let document = parse_document(&mut errors, &form.document_kind, &form.document_number, today);
        let mobile = errors.keep(
            "mobile",
            match Mobile::parse(&form.mobile) {
                Err(PhoneError::Missing) => Err(FieldError::from(Prompt::Mobile)),
                parsed => parsed.map_err(Into::into),
            },
        );
        match (name, document, mobile) {
            (Some(name), Some(document), Some(mobile)) => Ok(Self { name, document, mobile }),
            _ => Err(errors),
        }
    }
}

/// Reads the two fields `document_kind` and `document_number`, which stand on more than one page.
pub(super) fn parse_document(
    errors: &mut FormErrors,
    kind: &str,
    number: &str,
    today: Date,
) -> Option<IdentityDocument> {
    let kind = match kind {
        "" => Err(FieldError::from(Prompt::DocumentKind)),
        slug => DocumentKind::parse(slug).ok_or(FieldError::NotOffered),
    };
    match errors.keep("document_kind", kind) {
        Some(kind) => errors.keep("document_number", IdentityDocument::parse(kind, number, today)),
        // Without a kind only an empty number is known to be wrong.
        None if number.trim().is_empty() => {
            errors.add("document_number", crate::domain::document::DocumentError::Missing);
            None
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_wrong_field_is_reported_at_once_in_page_order() {
        let form =
            ApplicantForm { document_kind: "citizen_id".into(), mobile: "1".into(), ..Default::default() };
        let errors = Applicant::parse(&form, date(2026, 11, 23))
            .err()
            .map(|e| e.iter().map(|e| e.field.clone().into_owned()).collect::<Vec<_>>());
        assert_eq!(errors, Some(vec!["name".into(), "document_number".into(), "mobile".into()]));
    }

    /// 社会救助法 37 (2026-07-01): temporary aid is asked for where the emergency happens, whatever the 户籍.
    #[test]
    fn temporary_aid_from_a_person_without_local_huji_is_accepted() {
        let form = ApplicantForm {
            name: "王小明".into(),
            document_kind: "citizen_id".into(),
            document_number: "82000019880808995X".into(),
            mobile: "13900000000".into(),
        };
        assert!(Applicant::parse(&form, date(2026, 11, 23)).is_ok());
    }

    #[test]
    fn debug_of_the_form_and_of_the_applicant_shows_no_answer() {
        let form = ApplicantForm {
            name: "王小明".into(),
            document_kind: "citizen_id".into(),
            document_number: "320214201602299914".into(),
            mobile: "13900000000".into(),
        };
        let shown = format!("{form:?} {:?}", Applicant::parse(&form, date(2026, 11, 23)));
        for secret in ["王小明", "320214201602299914", "13900000000"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
