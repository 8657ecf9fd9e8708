//! A visit at the counter: how the resident who stands there is found.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::form::{FieldError, FormErrors, Prompt};
use super::person::{Identity, IdentityForm, SignInForm};
use super::phone::ContactPhone;
use super::proxy::EndReason;
use crate::masked_debug;

/// The page that begins a visit, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct VisitForm {
    /// The resident's own telephone; empty for a person without one.
    pub phone: String,
    /// Name and document of a person without a telephone, or of whoever has their document verified.
    pub identity: IdentityForm,
    /// `yes`: the original of the document was seen.
    pub seen: String,
}

/// By what the resident is found.
#[derive(Clone, Debug)]
pub enum Found {
    /// By the telephone number of the account.
    Phone(ContactPhone),
    /// By name and document, for a person without a telephone.
    Document(Identity),
}

masked_debug!(VisitForm);

/// Which agreement ends, as chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndForm {
    /// The agreement's id.
    pub proxy: String,
    /// Slug of an [`EndReason`].
    pub reason: String,
}

impl EndForm {
    /// Checks the choice.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<(&str, EndReason), FormErrors> {
        let mut errors = FormErrors::default();
        if self.proxy.is_empty() {
            errors.add("proxy", Prompt::ProxyToEnd);
        }
        let reason = match self.reason.as_str() {
            "" => Err(FieldError::from(Prompt::EndReason)),
            slug => EndReason::parse(slug).ok_or(FieldError::NotOffered),
        };
        match errors.keep("reason", reason) {
            Some(reason) if errors.is_empty() => Ok((&self.proxy, reason)),
            _ => Err(errors),
        }
    }
}

impl VisitForm {
    /// Checks the page that begins a visit. A telephone number goes before everything else.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<Found, FormErrors> {
        let nothing_else =
            self.identity.name.trim().is_empty() && self.identity.document_number.trim().is_empty();
        if !self.phone.trim().is_empty() || nothing_else {
            return SignInForm { phone: self.phone.clone() }.parse().map(Found::Phone);
        }
        self.parse_seen(today).map(Found::Document)
    }

    /// Checks name and document, which must have been seen.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse_seen(&self, today: Date) -> Result<Identity, FormErrors> {
        let identity = Identity::parse(&self.identity, today);
        if self.seen == "yes" {
            return identity;
        }
        let mut errors = identity.err().unwrap_or_default();
        errors.add("seen", Prompt::DocumentSeen);
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 24);

    fn form() -> VisitForm {
        let identity = IdentityForm {
            name: "李大妈".into(),
            document_kind: "citizen_id".into(),
            document_number: "320222194503129909".into(),
            birth_date: String::new(),
        };
        VisitForm { identity, seen: "yes".into(), ..Default::default() }
    }

    #[test]
    fn a_telephone_goes_before_the_document() {
        let form = VisitForm { phone: "13900000001".into(), ..form() };
        assert!(matches!(form.parse(TODAY), Ok(Found::Phone(_))));
        assert!(matches!(VisitForm::default().parse(TODAY), Err(errors) if errors.of("phone").is_some()));
    }

    #[test]
    fn a_document_that_was_not_seen_finds_nobody() {
        assert!(matches!(form().parse(TODAY), Ok(Found::Document(_))));
        let form = VisitForm { seen: String::new(), ..form() };
        let errors = form.parse(TODAY).err();
        assert_eq!(errors.as_ref().and_then(|e| e.of("seen")), Some(&Prompt::DocumentSeen.into()));
    }
}
