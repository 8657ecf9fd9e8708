//! What staff record at the counter: a document that was seen, an agreement on paper (亲友代办, 国办发〔2020〕45号).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::aid::Relation;
use super::document::{DocumentError, DocumentKind, IdentityDocument};
use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::name::PersonName;
use super::person::{Identity, IdentityForm};
use super::phone::{ContactPhone, PhoneError};
use super::proxy::{Scope, parse_end};
use crate::masked_debug;

/// A document that was seen, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenForm {
    /// The telephone of the person at the counter.
    pub phone: String,
    /// Name on the document.
    pub name: String,
    /// Slug of a [`DocumentKind`].
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Asked for only where the number doesn't tell it.
    pub birth_date: String,
    /// `yes`: the original was seen, and its photo is the person at the counter.
    pub seen: String,
}

/// A document that was seen, checked.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The telephone of the person at the counter.
    pub phone: ContactPhone,
    /// Who the document says they are.
    pub identity: Identity,
}

fn phone(text: &str, prompt: Prompt) -> Result<ContactPhone, FieldError> {
    match ContactPhone::parse(text) {
        Err(PhoneError::Missing) => Err(prompt.into()),
        parsed => parsed.map_err(Into::into),
    }
}

impl Seen {
    /// Checks the page on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &SeenForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let phone = errors.keep("phone", phone(&form.phone, Prompt::RepresentedPhone));
        let identity = Identity::parse(
            &IdentityForm {
                name: form.name.clone(),
                document_kind: form.document_kind.clone(),
                document_number: form.document_number.clone(),
                birth_date: form.birth_date.clone(),
            },
            today,
        );
        let identity = match identity {
            Ok(identity) => Some(identity),
            Err(wrong) => {
                for error in wrong.iter() {
                    errors.add(error.field.clone(), error.error.clone());
                }
                None
            }
        };
        if form.seen != "yes" {
            errors.add("seen", Prompt::DocumentSeen);
        }
        match (phone, identity) {
            (Some(phone), Some(identity)) if form.seen == "yes" => Ok(Self { phone, identity }),
            _ => Err(errors),
        }
    }
}

/// An agreement on paper, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperForm {
    /// Slug of the represented person's [`DocumentKind`].
    pub document_kind: String,
    /// The represented person's document, by which their verified account is found.
    pub document_number: String,
    /// Name of the one who will act.
    pub representative_name: String,
    /// Their telephone.
    pub representative_phone: String,
    /// What the represented person is to them: a slug of [`Relation`].
    pub relation: String,
    /// The last day.
    pub ends_on: String,
    /// `yes`: the represented person signed the paper before the staff member's eyes.
    pub signed: String,
}

/// An agreement on paper, checked.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The represented person's document.
    pub document: IdentityDocument,
    /// Name of the one who will act.
    pub representative_name: PersonName,
    /// Their telephone.
    pub representative_phone: ContactPhone,
    /// What the represented person is to them.
    pub relation: Relation,
    /// In what: everything that is there.
    pub scope: Vec<Scope>,
    /// The last day.
    pub ends_on: Date,
}

impl Paper {
    /// Checks the page on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &PaperForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = match form.document_kind.as_str() {
            "" => Err(FieldError::from(Prompt::DocumentKind)),
            slug => DocumentKind::parse(slug).ok_or(FieldError::NotOffered),
        };
        let document = match errors.keep("document_kind", kind) {
            Some(kind) => {
                errors.keep("document_number", IdentityDocument::parse(kind, &form.document_number, today))
            }
            None => {
                if form.document_number.trim().is_empty() {
                    errors.add("document_number", DocumentError::Missing);
                }
                None
            }
        };
        let name = errors.keep("representative_name", PersonName::parse(&form.representative_name));
        let phone = errors
            .keep("representative_phone", phone(&form.representative_phone, Prompt::RepresentativePhone));
        let relation = match form.relation.as_str() {
            "" => Err(FieldError::from(Prompt::Relation)),
            slug => Relation::parse(slug).ok_or(FieldError::NotOffered),
        };
        let relation = errors.keep("relation", relation);
        let ends_on = errors.keep("ends_on", parse_end(&form.ends_on, today));
        if form.signed != "yes" {
            errors.add("signed", Prompt::PaperSigned);
        }
        match (document, name, phone, relation, ends_on) {
            (Some(document), Some(name), Some(phone), Some(relation), Some(ends_on))
                if form.signed == "yes" =>
            {
                Ok(Self {
                    document,
                    representative_name: name,
                    representative_phone: phone,
                    relation,
                    scope: Scope::OPEN.to_vec(),
                    ends_on,
                })
            }
            _ => Err(errors),
        }
    }
}

/// Why the store did not record what was seen at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterRefusal {
    /// The number's account belongs to somebody with another document.
    PhoneOfAnother,
    /// The document is another verified account's.
    DocumentOfAnother,
    /// There is no verified account with the document.
    NotVerified,
    /// Both are the same person.
    SamePerson,
}

impl CounterRefusal {
    /// The field that it stands beside, and what to do about it.
    pub fn explained(self) -> (&'static str, Rule) {
        match self {
            Self::PhoneOfAnother => ("phone", Rule::PhoneOfAnother),
            Self::DocumentOfAnother => ("document_number", Rule::DocumentOfAnother),
            Self::NotVerified => ("document_number", Rule::VerifyFirst),
            Self::SamePerson => ("representative_phone", Rule::SamePerson),
        }
    }
}

masked_debug!(SeenForm, PaperForm);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn fields(errors: Option<FormErrors>) -> Vec<String> {
        errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone().into_owned()).collect()
    }

    #[test]
    fn a_document_counts_as_seen_only_where_staff_say_so() {
        let mut form = SeenForm {
            phone: "13900000002".into(),
            name: "样例老人".into(),
            document_kind: "citizen_id".into(),
            document_number: "320222194503129909".into(),
            ..Default::default()
        };
        assert_eq!(fields(Seen::parse(&form, TODAY).err()), ["seen"]);
        form.seen = "yes".into();
        assert!(Seen::parse(&form, TODAY).is_ok());
        let all = ["phone", "name", "document_kind", "document_number", "seen"];
        assert_eq!(fields(Seen::parse(&SeenForm::default(), TODAY).err()), all);
    }

    #[test]
    fn an_agreement_on_paper_needs_everything() {
        let all = [
            "document_kind",
            "document_number",
            "representative_name",
            "representative_phone",
            "relation",
            "ends_on",
            "signed",
        ];
        assert_eq!(fields(Paper::parse(&PaperForm::default(), TODAY).err()), all);
    }
}
