//! Who lives with the applicant (共同生活的家庭成员).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::applicant::parse_document;
use crate::domain::document::{IdentityDocument, is_adult_on, parse_birth_date};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::{masked_debug, slugs};

/// The most members of one household beside the applicant.
pub const MAX_MEMBERS: usize = 19;

/// What a member is to the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Husband or wife.
    Spouse,
    /// Son or daughter.
    Child,
    /// Father or mother.
    Parent,
    /// Grandparent.
    Grandparent,
    /// Grandchild.
    Grandchild,
    /// Brother or sister.
    Sibling,
    /// Somebody else with whom the household is shared.
    Other,
}

slugs!(Relation {
    Spouse = "spouse",
    Child = "child",
    Parent = "parent",
    Grandparent = "grandparent",
    Grandchild = "grandchild",
    Sibling = "sibling",
    Other = "other",
});

/// One member's page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberForm {
    /// Name on the document.
    pub name: String,
    /// Slug of a [`Relation`].
    pub relation: String,
    /// Slug of a [`crate::domain::document::DocumentKind`].
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Asked for only where the number doesn't tell it.
    pub birth_date: String,
}

/// A household member, checked.
#[derive(Clone, Debug)]
pub struct HouseholdMember {
    /// The member's id within this application.
    pub id: String,
    /// Name on the document.
    pub name: PersonName,
    /// What the member is to the applicant.
    pub relation: Relation,
    /// The document.
    pub document: IdentityDocument,
    /// From the number, or as written.
    pub birth_date: Date,
}

masked_debug!(MemberForm);

/// True for the ids that the server gives to members: 8 lower-case letters or digits.
pub fn is_member_id(id: &str) -> bool {
    id.len() == 8 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

impl HouseholdMember {
    /// Checks one member's page on the day `today` (Asia/Shanghai).
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(id: &str, form: &MemberForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&form.name));
        let relation = match form.relation.as_str() {
            "" => Err(FieldError::from(Prompt::Relation)),
            slug => Relation::parse(slug).ok_or(FieldError::NotOffered),
        };
        let relation = errors.keep("relation", relation);
        let document = parse_document(&mut errors, &form.document_kind, &form.document_number, today);
        let birth_date = match document.as_ref().map(IdentityDocument::birth_date) {
            Some(Some(told)) => Some(told),
            Some(None) if form.birth_date.trim().is_empty() => {
                errors.add("birth_date", Prompt::BirthDate);
                None
            }
            Some(None) => errors.keep("birth_date", parse_birth_date(&form.birth_date, today)),
            None => None,
        };
        match (name, relation, document, birth_date) {
            (Some(name), Some(relation), Some(document), Some(birth_date)) => {
                Ok(Self { id: id.to_owned(), name, relation, document, birth_date })
            }
            _ => Err(errors),
        }
    }

    /// Whether the member is 18 or older on that day and so agrees to the check in person.
    pub fn is_adult_on(&self, day: Date) -> bool {
        is_adult_on(self.birth_date, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn child() -> MemberForm {
        MemberForm {
            name: "王小宝".into(),
            relation: "child".into(),
            document_kind: "citizen_id".into(),
            document_number: "320214201602299914".into(),
            birth_date: String::new(),
        }
    }

    #[test]
    fn the_citizen_number_tells_the_birth_date_and_so_who_signs() {
        let child = HouseholdMember::parse("aaaaaaaa", &child(), date(2026, 11, 23));
        assert_eq!(
            child.map(|c| (c.birth_date, c.is_adult_on(date(2026, 11, 23)))),
            Ok((date(2016, 2, 29), false))
        );
    }

    #[test]
    fn a_passport_asks_for_the_birth_date() {
        let form =
            MemberForm { document_kind: "passport".into(), document_number: "E12345678".into(), ..child() };
        let errors = HouseholdMember::parse("aaaaaaaa", &form, date(2026, 11, 23)).err();
        assert_eq!(errors.and_then(|e| e.of("birth_date").cloned()), Some(Prompt::BirthDate.into()));
    }
}
