//! Complaint and suggestion (投诉、建议): an entry that every government app must have (国办函〔2026〕12号;
//! 社会救助法 63).

use serde::{Deserialize, Serialize};

use super::area::{self, Street};
use super::confirm::CaseNumber;
use super::form::{FieldError, FormErrors, Prompt};
use super::phone::{ContactPhone, PhoneError};
use super::staff::{Post, Role};
use super::{normalise, written};

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

/// How far a complaint has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintState {
    /// It came in, and nobody has taken it over.
    Received,
    /// Somebody handles it.
    Handling,
    /// It was answered.
    Answered,
    /// It was answered and laid aside.
    Closed,
}

crate::slugs!(ComplaintState {
    Received = "received",
    Handling = "handling",
    Answered = "answered",
    Closed = "closed",
});

/// Which office handles a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintLevel {
    /// The street that it concerns.
    Street,
    /// The district.
    District,
}

crate::slugs!(ComplaintLevel { Street = "street", District = "district" });

/// Whose work a complaint may be about.
pub const ABOUT: &[Role] = &[
    Role::CommunityWorker,
    Role::StreetOfficer,
    Role::DistrictOfficer,
    Role::MarriageClerk,
    Role::MealPointOperator,
    Role::TimeBankCoordinator,
];

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComplaintForm {
    /// Slug of a [`ComplaintKind`].
    pub kind: String,
    /// Code of the street that it concerns; empty for whoever doesn't know.
    pub area: String,
    /// Slug of the role whose work it is about; empty for nobody's.
    pub about: String,
    /// Number of the case that it is about; may be empty.
    pub case_number: String,
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
    /// The street that it concerns, where it was told.
    pub street: Option<&'static Street>,
    /// Whose work it is about, where it was told.
    pub about: Option<Role>,
    /// The case that it is about, where it was told.
    pub case_number: Option<CaseNumber>,
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
        let street = match form.area.as_str() {
            "" => Some(None),
            code => errors.keep("area", Street::parse(code)).map(Some),
        };
        let about = match form.about.as_str() {
            "" => Some(None),
            slug => {
                let role = Role::parse(slug).filter(|role| ABOUT.contains(role));
                errors.keep("about", role.ok_or(FieldError::NotOffered)).map(Some)
            }
        };
        let case_number = match normalise::single_line(&form.case_number).as_str() {
            "" => Some(None),
            number => errors.keep("case_number", CaseNumber::parse(number)).map(Some),
        };
        let text = errors.keep("text", written::paragraph(&form.text, Prompt::ComplaintText, 5, TEXT_MAX));
        let contact = match ContactPhone::parse(&form.contact) {
            Err(PhoneError::Missing) => Some(None),
            parsed => errors.keep("contact", parsed).map(Some),
        };
        match (kind, street, about, case_number, text, contact) {
            (Some(kind), Some(street), Some(about), Some(case_number), Some(text), Some(contact)) => {
                Ok(Self { kind, street, about, case_number, text, contact })
            }
            _ => Err(errors),
        }
    }

    /// The area that it belongs to: the street, or the district where no street was told.
    pub fn area(&self) -> &'static str {
        self.street.map_or_else(area::district, |street| street.code)
    }

    /// Who handles it first. The street does not handle what is said about its own officers, nor about those whom it
    /// answers to.
    pub fn level(&self) -> ComplaintLevel {
        match (self.street, self.about) {
            (Some(_), Some(Role::StreetOfficer | Role::DistrictOfficer)) | (None, _) => {
                ComplaintLevel::District
            }
            (Some(_), _) => ComplaintLevel::Street,
        }
    }
}

/// Who handles a complaint of its area. What is said about the district's officers is its auditors' alone: nobody else
/// is neither those officers nor under them.
pub fn handlers(level: ComplaintLevel, about: Option<Role>) -> &'static [Role] {
    match (about, level) {
        (Some(Role::DistrictOfficer), _) => &[Role::Auditor],
        (_, ComplaintLevel::Street) => &[Role::StreetOfficer, Role::DistrictOfficer],
        (_, ComplaintLevel::District) => &[Role::DistrictOfficer],
    }
}

/// Whether somebody with these posts is whom a complaint is about: they hold the role, in the complaint's area, above it
/// or inside it. Where the place of the role is an office, everybody who holds it counts.
pub fn is_about(posts: &[Post], about: Option<Role>, area: &str) -> bool {
    posts
        .iter()
        .filter(|post| Some(post.role()) == about)
        .any(|post| post.role().is_at_an_office() || post.covers(area) || post.place().starts_with(area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_goes_where_it_can_be_handled_fairly() {
        let of = |area: &str, about: &str| {
            let form = ComplaintForm {
                kind: "complaint".into(),
                area: area.into(),
                about: about.into(),
                text: "窗口等了三个小时".into(),
                ..ComplaintForm::default()
            };
            Complaint::parse(&form).map(|c| (c.area(), c.level())).map_err(|e| e.iter().count())
        };
        assert_eq!(of("", ""), Ok(("320214", ComplaintLevel::District)));
        assert_eq!(of("320214050", ""), Ok(("320214050", ComplaintLevel::Street)));
        assert_eq!(of("320214050", "community_worker"), Ok(("320214050", ComplaintLevel::Street)));
        assert_eq!(of("320214050", "street_officer"), Ok(("320214050", ComplaintLevel::District)));
        assert_eq!(of("320214050", "district_officer"), Ok(("320214050", ComplaintLevel::District)));
        assert_eq!(of("320214999", "administrator"), Err(2));
    }

    #[test]
    fn every_complaint_has_somebody_to_handle_it_who_is_not_whom_it_is_about() {
        for about in ABOUT.iter().copied().map(Some).chain([None]) {
            for level in [ComplaintLevel::Street, ComplaintLevel::District] {
                let others = handlers(level, about).iter().filter(|role| Some(**role) != about);
                assert!(others.count() > 0, "{level:?} {about:?}");
            }
        }
        assert_eq!(handlers(ComplaintLevel::Street, Some(Role::DistrictOfficer)), [Role::Auditor]);
    }

    #[test]
    fn nobody_handles_what_is_said_about_themselves() {
        let holds = |post: &str, about: Role, area: &str| {
            Post::parse(post).is_ok_and(|post| is_about(&[post], Some(about), area))
        };
        assert!(holds("street_officer@320214050", Role::StreetOfficer, "320214050"));
        assert!(!holds("street_officer@320214051", Role::StreetOfficer, "320214050"));
        assert!(
            holds("street_officer@320214051", Role::StreetOfficer, "320214"),
            "which street was not told"
        );
        assert!(holds("community_worker@320214050001", Role::CommunityWorker, "320214050"));
        assert!(holds("district_officer@320214", Role::DistrictOfficer, "320214050"));
        assert!(holds("marriage_clerk@xinwu", Role::MarriageClerk, "320214"));
        assert!(!holds("district_officer@320214", Role::StreetOfficer, "320214050"));
        assert!(!is_about(&[], None, "320214"));
    }

    #[test]
    fn a_complaint_needs_no_telephone_and_a_wrong_one_is_told() {
        let mut form =
            ComplaintForm {
                kind: "complaint".into(), text: "等了很久".into(), ..ComplaintForm::default()
            };
        assert!(Complaint::parse(&form).is_err(), "four characters tell a clerk nothing");
        form.text = "窗口等了三个小时".into();
        assert!(Complaint::parse(&form).is_ok_and(|c| c.contact.is_none()));
        form.contact = "123".into();
        assert!(Complaint::parse(&form).err().is_some_and(|e| e.of("contact").is_some()));
    }
}
