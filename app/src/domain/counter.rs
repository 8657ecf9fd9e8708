//! What staff record at the counter: a document that was seen, an agreement on paper (亲友代办, 国办发〔2020〕45号).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::aid::Relation;
use super::document::{DocumentError, DocumentKind, IdentityDocument, parse_birth_date, parse_date};
use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::minor::{AgeGroup, age_group, last_day_as_minor};
use super::name::PersonName;
use super::person::{Identity, IdentityForm};
use super::phone::{ContactPhone, PhoneError};
use super::proxy::{PaperSeen, ProxyKind, Scope, parse_end};
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

/// An agreement that is recorded at the counter, as typed: a relative's with the person's consent on paper, or a
/// guardian's with documents that were seen.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperForm {
    /// Slug of a [`ProxyKind`]: `relative` or `guardian`.
    pub kind: String,
    /// Slug of a [`PaperSeen`].
    pub paper: String,
    /// The represented person's name.
    pub name: String,
    /// Slug of the represented person's [`DocumentKind`].
    pub document_kind: String,
    /// The represented person's document, by which their verified account is found.
    pub document_number: String,
    /// A child's birth date, where the number doesn't tell it.
    pub birth_date: String,
    /// Name of the one who will act.
    pub representative_name: String,
    /// Their telephone.
    pub representative_phone: String,
    /// What the represented person is to them: a slug of [`Relation`].
    pub relation: String,
    /// `yes` for each service.
    pub scope_aid: String,
    /// See `scope_aid`.
    pub scope_marriage: String,
    /// See `scope_aid`.
    pub scope_meals: String,
    /// See `scope_aid`.
    pub scope_timebank: String,
    /// The last day; a guardian's may be left open.
    pub ends_on: String,
    /// `yes`: the paper was signed or shown before the staff member's eyes, and the one who will act is of age.
    pub signed: String,
    /// `yes`: the guardian read the consent and agrees (个人信息保护法 31).
    pub consent: String,
}

/// Which of the two stands at the counter and is known from the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtHand {
    /// Neither: both are typed.
    Nobody,
    /// The one who agrees to somebody acting for them.
    Represented,
    /// The guardian of a child.
    Guardian,
}

/// The represented person, as on the document.
#[derive(Clone, Debug)]
pub struct Represented {
    /// Name on the document.
    pub name: PersonName,
    /// The document.
    pub document: IdentityDocument,
    /// From the number, or as written; a child's is always known.
    pub birth_date: Option<Date>,
}

/// An agreement that is recorded at the counter, checked.
#[derive(Clone, Debug)]
pub struct Paper {
    /// A relative's or a guardian's.
    pub kind: ProxyKind,
    /// What was seen.
    pub seen: PaperSeen,
    /// The represented person; `None` where the visit knows.
    pub represented: Option<Represented>,
    /// Name and telephone of the one who will act; `None` where the visit knows.
    pub representative: Option<(PersonName, ContactPhone)>,
    /// What the represented person is to them.
    pub relation: Relation,
    /// In what, never empty.
    pub scope: Vec<Scope>,
    /// The last day.
    pub ends_on: Date,
}

impl PaperForm {
    fn ticked(&self, scope: Scope) -> bool {
        let field = match scope {
            Scope::Aid => &self.scope_aid,
            Scope::Marriage => &self.scope_marriage,
            Scope::Meals => &self.scope_meals,
            Scope::Timebank => &self.scope_timebank,
        };
        field == "yes"
    }

    fn represented(
        &self,
        errors: &mut FormErrors,
        kind: Option<ProxyKind>,
        today: Date,
    ) -> Option<Represented> {
        let name = errors.keep("name", PersonName::parse(&self.name));
        let document_kind = match self.document_kind.as_str() {
            "" => Err(FieldError::from(Prompt::DocumentKind)),
            slug => DocumentKind::parse(slug).ok_or(FieldError::NotOffered),
        };
        let document = match errors.keep("document_kind", document_kind) {
            Some(kind) => {
                errors.keep("document_number", IdentityDocument::parse(kind, &self.document_number, today))
            }
            None => {
                if self.document_number.trim().is_empty() {
                    errors.add("document_number", DocumentError::Missing);
                }
                None
            }
        };
        let written = self.birth_date.trim();
        let birth_date = match document.as_ref().and_then(IdentityDocument::birth_date) {
            Some(told) => Some(told),
            None if !written.is_empty() => errors.keep("birth_date", parse_birth_date(written, today)),
            None => {
                if kind == Some(ProxyKind::Guardian) && document.is_some() {
                    errors.add("birth_date", Prompt::BirthDate);
                }
                None
            }
        };
        let adult = birth_date.map(|birth| age_group(birth, today) == AgeGroup::Adult);
        match (kind, adult) {
            (Some(ProxyKind::Guardian), Some(true)) => errors.add("document_number", Rule::NotAMinor),
            (Some(ProxyKind::Relative), Some(false)) => errors.add("document_number", Rule::MinorByGuardian),
            _ => {}
        }
        Some(Represented { name: name?, document: document?, birth_date })
    }
}

/// The last day of an agreement: a relative's after today and within a year, a guardian's until the child is of age and
/// that day where nothing is written.
fn last_day(
    text: &str,
    kind: Option<ProxyKind>,
    birth: Option<Date>,
    today: Date,
) -> Result<Date, FieldError> {
    if kind != Some(ProxyKind::Guardian) {
        return parse_end(text, today);
    }
    // Who is of age already has an error of their own.
    let last = birth.map(last_day_as_minor).filter(|last| *last >= today);
    if text.trim().is_empty() {
        return Ok(last.unwrap_or(today));
    }
    let date = parse_date(text)?;
    if date <= today {
        return Err(Rule::EndNotLater.into());
    }
    if last.is_some_and(|last| date > last) { Err(Rule::EndAfterMinority.into()) } else { Ok(date) }
}

impl Paper {
    /// Checks the page on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &PaperForm, at_hand: AtHand, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = match (at_hand, form.kind.as_str()) {
            (AtHand::Represented, _) => Ok(ProxyKind::Relative),
            (AtHand::Guardian, _) => Ok(ProxyKind::Guardian),
            (AtHand::Nobody, "") => Err(FieldError::from(Prompt::ProxyKind)),
            (AtHand::Nobody, slug) => {
                ProxyKind::parse(slug).filter(|kind| *kind != ProxyKind::Staff).ok_or(FieldError::NotOffered)
            }
        };
        let kind = errors.keep("kind", kind);
        let seen = match (at_hand, form.paper.as_str()) {
            (AtHand::Represented, _) => Ok(PaperSeen::ConsentForm),
            (_, "") => Err(FieldError::from(Prompt::PaperSeen)),
            (_, slug) => match PaperSeen::parse(slug) {
                Some(seen) if kind.is_none_or(|kind| seen.proves(kind)) => Ok(seen),
                Some(_) => Err(Rule::PaperDoesNotFit.into()),
                None => Err(FieldError::NotOffered),
            },
        };
        let seen = errors.keep("paper", seen);
        let represented = match at_hand {
            AtHand::Represented => None,
            _ => form.represented(&mut errors, kind, today),
        };
        let representative = match at_hand {
            AtHand::Guardian => None,
            _ => {
                let name = errors.keep("representative_name", PersonName::parse(&form.representative_name));
                let phone = errors.keep(
                    "representative_phone",
                    phone(&form.representative_phone, Prompt::RepresentativePhone),
                );
                name.zip(phone)
            }
        };
        let relation = match form.relation.as_str() {
            "" => Err(FieldError::from(Prompt::PaperRelation)),
            slug => Relation::parse(slug).ok_or(FieldError::NotOffered),
        };
        let relation = errors.keep("relation", relation);
        let scope: Vec<Scope> = Scope::OPEN.iter().copied().filter(|s| form.ticked(*s)).collect();
        if scope.is_empty() {
            errors.add("scope_aid", Prompt::Scope);
        }
        let birth = represented.as_ref().and_then(|represented| represented.birth_date);
        let ends_on = errors.keep("ends_on", last_day(&form.ends_on, kind, birth, today));
        if form.signed != "yes" {
            errors.add("signed", Prompt::PaperSigned);
        }
        if kind == Some(ProxyKind::Guardian) && form.consent != "yes" {
            errors.add("consent", Prompt::GuardianConsent);
        }
        match (kind, seen, relation, ends_on) {
            (Some(kind), Some(seen), Some(relation), Some(ends_on)) if errors.is_empty() => {
                Ok(Self { kind, seen, represented, representative, relation, scope, ends_on })
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
    /// The document was verified under another name.
    NameDoesNotFit,
    /// The represented person is a minor, for whom a guardian acts.
    MinorByGuardian,
    /// A child under 14 whose guardian has not agreed.
    GuardianFirst,
    /// The one who would act is a minor.
    HelperTooYoung,
    /// The guardian's own document was not seen.
    GuardianNotVerified,
}

impl CounterRefusal {
    /// The field that it stands beside, and what to do about it.
    pub fn explained(self) -> (&'static str, Rule) {
        match self {
            Self::PhoneOfAnother => ("phone", Rule::PhoneOfAnother),
            Self::DocumentOfAnother => ("document_number", Rule::DocumentOfAnother),
            Self::NotVerified => ("document_number", Rule::VerifyFirst),
            Self::SamePerson => ("representative_phone", Rule::SamePerson),
            Self::NameDoesNotFit => ("name", Rule::NameDoesNotFit),
            Self::MinorByGuardian => ("document_number", Rule::MinorByGuardian),
            Self::GuardianFirst => ("document_number", Rule::GuardianFirst),
            Self::HelperTooYoung => ("representative_phone", Rule::HelperTooYoung),
            Self::GuardianNotVerified => ("representative_phone", Rule::GuardianNotVerified),
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

    fn paper(kind: &str) -> PaperForm {
        PaperForm {
            kind: kind.into(),
            paper: if kind == "guardian" { "household_register" } else { "consent_form" }.into(),
            name: "王小宝".into(),
            document_kind: "citizen_id".into(),
            document_number: if kind == "guardian" { "320214201602299914" } else { "320222194503129909" }
                .into(),
            representative_name: "王样例".into(),
            representative_phone: "13900000001".into(),
            relation: "child".into(),
            scope_aid: "yes".into(),
            ends_on: "2026-12-31".into(),
            signed: "yes".into(),
            consent: "yes".into(),
            ..Default::default()
        }
    }

    #[test]
    fn an_agreement_on_paper_needs_everything() {
        let all = [
            "kind",
            "paper",
            "name",
            "document_kind",
            "document_number",
            "representative_name",
            "representative_phone",
            "relation",
            "scope_aid",
            "ends_on",
            "signed",
        ];
        assert_eq!(fields(Paper::parse(&PaperForm::default(), AtHand::Nobody, TODAY).err()), all);
        // Who stands there is not asked for.
        let known = Paper::parse(&PaperForm::default(), AtHand::Represented, TODAY).err();
        let less =
            ["representative_name", "representative_phone", "relation", "scope_aid", "ends_on", "signed"];
        assert_eq!(fields(known), less);
        for kind in ["relative", "guardian"] {
            assert!(Paper::parse(&paper(kind), AtHand::Nobody, TODAY).is_ok(), "{kind}");
        }
    }

    #[test]
    fn a_guardian_acts_for_a_minor_until_the_18th_birthday_by_civil_code_17() {
        let open = PaperForm { ends_on: String::new(), ..paper("guardian") };
        let ends = Paper::parse(&open, AtHand::Nobody, TODAY).ok().map(|paper| paper.ends_on);
        assert_eq!(ends, Some(date(2034, 2, 28)), "born on 29 February: of age on 1 March");
        for (day, error) in [
            ("2034-02-28", None),
            ("2034-03-01", Some(Rule::EndAfterMinority.into())),
            ("2026-11-24", Some(Rule::EndNotLater.into())),
        ] {
            let form = PaperForm { ends_on: day.into(), ..paper("guardian") };
            let errors = Paper::parse(&form, AtHand::Nobody, TODAY).err();
            assert_eq!(errors.as_ref().and_then(|e| e.of("ends_on")), error.as_ref(), "{day}");
        }
        let elder = PaperForm { document_number: "320222194503129909".into(), ..paper("guardian") };
        assert_eq!(fields(Paper::parse(&elder, AtHand::Nobody, TODAY).err()), ["document_number"]);
        let child = PaperForm { document_number: "320214201602299914".into(), ..paper("relative") };
        assert_eq!(fields(Paper::parse(&child, AtHand::Nobody, TODAY).err()), ["document_number"]);
    }

    #[test]
    fn each_kind_has_papers_of_its_own_and_a_guardian_agrees_by_pipl_31() {
        let wrong = PaperForm { paper: "consent_form".into(), ..paper("guardian") };
        assert_eq!(fields(Paper::parse(&wrong, AtHand::Nobody, TODAY).err()), ["paper"]);
        let wrong = PaperForm { paper: "birth_certificate".into(), ..paper("relative") };
        assert_eq!(fields(Paper::parse(&wrong, AtHand::Nobody, TODAY).err()), ["paper"]);
        let silent = PaperForm { consent: String::new(), ..paper("guardian") };
        assert_eq!(fields(Paper::parse(&silent, AtHand::Nobody, TODAY).err()), ["consent"]);
    }
}
