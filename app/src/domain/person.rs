//! A resident's own account: how one signs in, what the profile holds, how sure the service is of who somebody is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::aid::{LINE_MAX, MemberForm};
use super::area::{AreaError, Community, Street};
use super::document::{DocumentError, DocumentKind, IdentityDocument, parse_birth_date};
use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::name::PersonName;
use super::phone::{ContactPhone, PhoneError};
use super::{normalise, written};
use crate::{masked_debug, slugs};

/// How sure the service is of who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// Name and document as typed by the person. It opens nothing that was there before.
    Declared,
    /// A document was seen at the counter, or a provider vouched for the real name.
    Verified,
}

slugs!(Assurance { Declared = "declared", Verified = "verified" });

/// What a resident does, as far as it matters how sure the service is of who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonAct {
    /// Apply for aid.
    Apply,
    /// Book a time.
    Book,
    /// Reserve a meal at the full price.
    ReserveMeal,
    /// Get a subsidy.
    Subsidy,
    /// Spend time-bank hours.
    SpendHours,
    /// Read a decision.
    ReadDecision,
}

slugs!(PersonAct {
    Apply = "apply",
    Book = "book",
    ReserveMeal = "reserve_meal",
    Subsidy = "subsidy",
    SpendHours = "spend_hours",
    ReadDecision = "read_decision",
});

impl PersonAct {
    /// The level that the act needs.
    pub fn needs(self) -> Assurance {
        match self {
            Self::Apply | Self::Book | Self::ReserveMeal => Assurance::Declared,
            Self::Subsidy | Self::SpendHours | Self::ReadDecision => Assurance::Verified,
        }
    }
}

/// Page 1 of signing in, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// A mobile, or a landline with its area code.
    pub phone: String,
}

impl SignInForm {
    /// Checks the page.
    ///
    /// # Errors
    /// The field `phone`.
    pub fn parse(&self) -> Result<ContactPhone, FormErrors> {
        let mut errors = FormErrors::default();
        let phone = match ContactPhone::parse(&self.phone) {
            Err(PhoneError::Missing) => Err(FieldError::from(Prompt::SignInPhone)),
            parsed => parsed.map_err(Into::into),
        };
        errors.keep("phone", phone).ok_or(errors)
    }
}

/// The page that asks for a one-time code, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    /// Six digits; spaces and full-width digits don't matter.
    pub code: String,
}

impl CodeForm {
    /// Checks the page; gives six ASCII digits.
    ///
    /// # Errors
    /// The field `code`.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::default();
        let code = six_digits(&self.code, Prompt::SignInCode);
        errors.keep("code", code).ok_or(errors)
    }
}

/// Six digits, or what is wrong with them.
///
/// # Errors
/// `prompt` for nothing at all, [`Rule::NotSixDigits`] for anything else.
pub fn six_digits(text: &str, prompt: Prompt) -> Result<String, FieldError> {
    let code = normalise::digits(text);
    match code.len() {
        0 => Err(prompt.into()),
        6 if code.bytes().all(|b| b.is_ascii_digit()) => Ok(code),
        _ => Err(Rule::NotSixDigits.into()),
    }
}

/// The page that a re-issued number or a new device leads to, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProveForm {
    /// The name on the document.
    pub name: String,
    /// The last four signs of the document's number.
    pub document_tail: String,
}

/// Name and document digits, formed right; whether they fit is the store's to say.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The name.
    pub name: PersonName,
    /// Four signs, upper case.
    pub document_tail: String,
}

impl ProveForm {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<Proof, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&self.name));
        let tail = normalise::digits(&self.document_tail).to_ascii_uppercase();
        let tail = match tail.len() {
            0 => Err(FieldError::from(Prompt::DocumentTail)),
            4 if tail.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(tail),
            _ => Err(Rule::NotFourSigns.into()),
        };
        match (name, errors.keep("document_tail", tail)) {
            (Some(name), Some(document_tail)) => Ok(Proof { name, document_tail }),
            _ => Err(errors),
        }
    }
}

/// Name and document in the profile, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentityForm {
    /// Name on the document.
    pub name: String,
    /// Slug of a [`DocumentKind`].
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Asked for only where the number doesn't tell it.
    pub birth_date: String,
}

/// Who somebody says to be, checked.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Name on the document.
    pub name: PersonName,
    /// The document.
    pub document: IdentityDocument,
    /// From the number, or as written.
    pub birth_date: Date,
}

impl Identity {
    /// As the profile keeps it.
    pub fn form(&self) -> IdentityForm {
        IdentityForm {
            name: self.name.original().to_owned(),
            document_kind: self.document.kind().as_str().to_owned(),
            document_number: self.document.number().to_owned(),
            birth_date: self.birth_date.to_string(),
        }
    }

    /// Checks the page on the day `today` (Asia/Shanghai).
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &IdentityForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&form.name));
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
        let birth_date = match document.as_ref().map(IdentityDocument::birth_date) {
            Some(Some(told)) => Some(told),
            Some(None) if form.birth_date.trim().is_empty() => {
                errors.add("birth_date", Prompt::BirthDate);
                None
            }
            Some(None) => errors.keep("birth_date", parse_birth_date(&form.birth_date, today)),
            None => None,
        };
        match (name, document, birth_date) {
            (Some(name), Some(document), Some(birth_date)) => Ok(Self { name, document, birth_date }),
            _ => Err(errors),
        }
    }
}

/// The home's address in the profile, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomeForm {
    /// Code of a street, or `outside`.
    pub street: String,
    /// Code of a community, or `unknown`; empty outside.
    pub community: String,
    /// Road, number, building, room.
    pub detail: String,
}

impl HomeForm {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn check(&self) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        if self.street != "outside" {
            let street = match Street::parse(&self.street) {
                Err(AreaError::Missing) => Err(FieldError::from(Prompt::Street)),
                parsed => parsed.map_err(Into::into),
            };
            let street = errors.keep("street", street);
            let community = match self.community.as_str() {
                "" => Err(FieldError::from(Prompt::Community)),
                "unknown" => Ok(()),
                code => match street {
                    Some(street) => Community::parse(code, street.code).map(|_| ()).map_err(Into::into),
                    None => Ok(()),
                },
            };
            errors.keep("community", community);
        }
        errors.keep("detail", written::line(&self.detail, Prompt::AddressDetail, 2, LINE_MAX));
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// How a resident wants to hear from the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Text messages to a mobile.
    Text,
    /// Calls to the landline that one signs in with.
    Voice,
    /// A call by the community worker.
    Call,
    /// A printed letter.
    Letter,
    /// Nothing but the inbox on the page.
    Inbox,
}

slugs!(Reach { Text = "text", Voice = "voice", Call = "call", Letter = "letter", Inbox = "inbox" });

/// What makes the service easier for a resident, as typed; every one may be left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeedsForm {
    /// `yes` for large text.
    pub large_text: String,
    /// `yes`: hard of hearing.
    pub hearing: String,
    /// `yes`: uses a wheelchair.
    pub wheelchair: String,
    /// `yes`: has no smartphone.
    pub no_smartphone: String,
    /// Slug of a [`Reach`].
    pub reach: String,
}

impl NeedsForm {
    /// Checks the page.
    ///
    /// # Errors
    /// The field `reach`.
    pub fn check(&self) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        let reach = match self.reach.as_str() {
            "" => Err(FieldError::from(Prompt::Reach)),
            slug => Reach::parse(slug).ok_or(FieldError::NotOffered),
        };
        errors.keep("reach", reach);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What a resident keeps with the account. Each value stands here once and prefills every service.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Name and document.
    pub identity: Option<IdentityForm>,
    /// Where the resident lives.
    pub home: Option<HomeForm>,
    /// Who lives there too, by id, in the order of entry.
    pub members: Vec<(String, MemberForm)>,
    /// What makes the service easier.
    pub needs: Option<NeedsForm>,
}

impl Profile {
    /// The name, masked; empty while none is known.
    pub fn masked_name(&self) -> String {
        self.identity
            .as_ref()
            .and_then(|form| PersonName::parse(&form.name).ok())
            .map(|name| name.masked())
            .unwrap_or_default()
    }

    /// The birth date, from the document's number or as written; `None` while it is not known.
    pub fn birth_date(&self, today: Date) -> Option<Date> {
        Identity::parse(self.identity.as_ref()?, today).ok().map(|identity| identity.birth_date)
    }

    /// Forgets what rests on consent alone. The identity of a verified person stays: staff noted it from the document. So
    /// does how the resident wants to hear from the service, except by letter, which needs the address.
    pub fn forget(&mut self, verified: bool) {
        let reach = match self.reach() {
            Some(Reach::Letter) => Some(Reach::Inbox),
            other => other,
        };
        *self = Self {
            identity: self.identity.take().filter(|_| verified),
            needs: reach.map(|reach| NeedsForm { reach: reach.as_str().to_owned(), ..NeedsForm::default() }),
            ..Self::default()
        };
    }

    /// How the resident wants to hear from the service, where that was said.
    pub fn reach(&self) -> Option<Reach> {
        self.needs.as_ref().and_then(|needs| Reach::parse(&needs.reach))
    }
}

masked_debug!(SignInForm, CodeForm, ProveForm, IdentityForm, HomeForm, NeedsForm, Profile);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn fields(errors: Option<FormErrors>) -> Vec<String> {
        errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone().into_owned()).collect()
    }

    #[test]
    fn one_signs_in_with_a_mobile_or_a_landline() {
        for (typed, read) in [("139 0000 0000", "13900000000"), ("0510-85210000", "0510-85210000")] {
            let phone = SignInForm { phone: typed.into() }.parse().ok();
            assert_eq!(phone.map(|p| p.as_str().to_owned()).as_deref(), Some(read));
        }
        assert_eq!(fields(SignInForm::default().parse().err()), ["phone"]);
    }

    #[test]
    fn a_code_is_read_in_any_dress() {
        for typed in ["123456", " 123 456 ", "１２３４５６"] {
            assert_eq!(CodeForm { code: typed.into() }.parse().ok().as_deref(), Some("123456"));
        }
        for typed in ["", "12345", "12345a"] {
            assert_eq!(fields(CodeForm { code: typed.into() }.parse().err()), ["code"]);
        }
    }

    #[test]
    fn the_proof_takes_a_check_character_in_either_case() {
        let form = ProveForm { name: "王样例".into(), document_tail: "993x".into() };
        assert_eq!(form.parse().ok().map(|p| p.document_tail).as_deref(), Some("993X"));
        assert_eq!(fields(ProveForm::default().parse().err()), ["name", "document_tail"]);
    }

    #[test]
    fn every_wrong_field_of_the_profile_is_told_at_once() {
        let today = date(2026, 11, 24);
        let identity = IdentityForm { document_kind: "passport".into(), ..Default::default() };
        assert_eq!(fields(Identity::parse(&identity, today).err())[..1], ["name"]);
        assert_eq!(fields(HomeForm::default().check().err()), ["street", "community", "detail"]);
        let outside =
            HomeForm { street: "outside".into(), detail: "样例路 1 号".into(), ..Default::default() };
        assert!(outside.check().is_ok());
        assert_eq!(fields(NeedsForm::default().check().err()), ["reach"]);
    }

    #[test]
    fn a_subsidy_hours_and_a_decision_need_a_verified_person() {
        for act in PersonAct::ALL {
            let verified =
                matches!(act, PersonAct::Subsidy | PersonAct::SpendHours | PersonAct::ReadDecision);
            assert_eq!(act.needs() == Assurance::Verified, verified, "{act:?}");
        }
    }
}
