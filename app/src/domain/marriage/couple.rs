//! The two people of a booking, and whether they are old enough on the day of the appointment. Nothing about reasons,
//! children or agreements is asked.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Accepted, Matter};
use crate::domain::document::{DocumentKind, IdentityDocument};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::name::PersonName;
use crate::domain::phone::Mobile;
use crate::slugs;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 男方
    Man,
    /// 女方
    Woman,
}

slugs!(Side { Man = "man", Woman = "woman" });

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Man => Self::Woman,
            Self::Woman => Self::Man,
        }
    }

    /// 民法典 1047: a man not before 22, a woman not before 20.
    fn least_age(self) -> i16 {
        match self {
            Self::Man => 22,
            Self::Woman => 20,
        }
    }
}

/// How the other one says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerWay {
    /// By a link and a code of their own, on their phone or on this one.
    Link,
    /// At the door.
    Door,
}

slugs!(PartnerWay { Link = "link", Door = "door" });

/// Whether somebody is old enough on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldEnough {
    /// Yes.
    Yes,
    /// Not yet.
    No,
    /// Born on 29 February, and the day is 28 February of a common year: two readings of the law differ, so staff decide.
    StaffDecide,
}

/// The age on the day of the appointment (民法典 1047); "不得早于" includes the birthday itself (民法典 1259).
pub fn old_enough(side: Side, birth: Date, day: Date) -> OldEnough {
    let year = birth.year().saturating_add(side.least_age());
    let (born, today) = ((year, birth.month(), birth.day()), (day.year(), day.month(), day.day()));
    if today >= born {
        OldEnough::Yes
    } else if (birth.month(), birth.day()) == (2, 29) && today == (year, 2, 28) && !day.in_leap_year() {
        OldEnough::StaffDecide
    } else {
        OldEnough::No
    }
}

/// Both people, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CoupleForm {
    /// Which one is typing: slug of a [`Side`].
    pub me: String,
    /// His name.
    pub man_name: String,
    /// The number of his identity card.
    pub man_document: String,
    /// His mobile.
    pub man_mobile: String,
    /// Her name.
    pub woman_name: String,
    /// The number of her identity card.
    pub woman_document: String,
    /// Her mobile.
    pub woman_mobile: String,
    /// Slug of a [`PartnerWay`].
    pub way: String,
}

/// One person, checked.
#[derive(Clone)]
pub struct Spouse {
    /// The name.
    pub name: PersonName,
    /// The identity card.
    pub document: IdentityDocument,
    /// The mobile.
    pub mobile: Mobile,
}

/// Both people, checked.
#[derive(Clone)]
pub struct Couple {
    /// 男方
    pub man: Spouse,
    /// 女方
    pub woman: Spouse,
    /// Who typed.
    pub me: Side,
    /// How the other one says yes.
    pub way: PartnerWay,
    /// Somebody's age is for staff to decide.
    pub staff_decide: bool,
    /// For the second visit of a divorce: when the application was accepted.
    pub second: Option<Accepted>,
}

crate::masked_debug!(CoupleForm, Spouse, Couple);

impl Couple {
    /// The person on that side.
    pub fn of(&self, side: Side) -> &Spouse {
        match side {
            Side::Man => &self.man,
            Side::Woman => &self.woman,
        }
    }

    /// Checks the page for an appointment on `day`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &CoupleForm, matter: Matter, day: Date, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let me = errors.keep("me", Side::parse(&form.me).ok_or(Prompt::WhichOne));
        let (man, unsure_man) = spouse(
            (Side::Man, ["man_name", "man_document", "man_mobile"]),
            [&form.man_name, &form.man_document, &form.man_mobile],
            (matter, day, today),
            &mut errors,
        );
        let (woman, unsure_woman) = spouse(
            (Side::Woman, ["woman_name", "woman_document", "woman_mobile"]),
            [&form.woman_name, &form.woman_document, &form.woman_mobile],
            (matter, day, today),
            &mut errors,
        );
        if let (Some(man), Some(woman)) = (&man, &woman)
            && man.document.index_key() == woman.document.index_key()
        {
            errors.add("woman_document", Rule::SameTwice);
        }
        let way = errors.keep("way", PartnerWay::parse(&form.way).ok_or(Prompt::PartnerWay));
        match (me, man, woman, way) {
            (Some(me), Some(man), Some(woman), Some(way)) if errors.is_empty() => {
                Ok(Self { man, woman, me, way, staff_decide: unsure_man || unsure_woman, second: None })
            }
            _ => Err(errors),
        }
    }
}

fn spouse(
    (side, [name_field, document_field, mobile_field]): (Side, [&'static str; 3]),
    [name, document, mobile]: [&String; 3],
    (matter, day, today): (Matter, Date, Date),
    errors: &mut FormErrors,
) -> (Option<Spouse>, bool) {
    let mut unsure = false;
    let name = errors.keep(name_field, PersonName::parse(name));
    let document =
        IdentityDocument::parse(DocumentKind::CitizenId, document, today).map_err(FieldError::from);
    let document = document.and_then(|document| {
        // A citizen's number always holds the birth date.
        let birth = document.birth_date().filter(|_| matter == Matter::MarriageRegistration);
        match birth.map(|birth| old_enough(side, birth, day)) {
            Some(OldEnough::No) if side == Side::Man => Err(Rule::ManTooYoung.into()),
            Some(OldEnough::No) => Err(Rule::WomanTooYoung.into()),
            Some(OldEnough::StaffDecide) => {
                unsure = true;
                Ok(document)
            }
            _ => Ok(document),
        }
    });
    let document = errors.keep(document_field, document);
    let mobile = match Mobile::parse(mobile) {
        Err(crate::domain::phone::PhoneError::Missing) => Err(FieldError::from(Prompt::Mobile)),
        parsed => parsed.map_err(Into::into),
    };
    let mobile = errors.keep(mobile_field, mobile);
    match (name, document, mobile) {
        (Some(name), Some(document), Some(mobile)) => (Some(Spouse { name, document, mobile }), unsure),
        _ => (None, unsure),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// 民法典 1047, 1259.
    #[test]
    fn marriage_age_accepts_on_the_birthday() {
        let (man, woman) = (date(2004, 5, 10), date(2006, 5, 10));
        for (day, answer) in [(date(2026, 5, 9), OldEnough::No), (date(2026, 5, 10), OldEnough::Yes)] {
            assert_eq!(old_enough(Side::Man, man, day), answer);
            assert_eq!(old_enough(Side::Woman, woman, day), answer);
        }
    }

    #[test]
    fn marriage_age_leap_day_birthday_warns_staff() {
        let birth = date(2004, 2, 29);
        assert_eq!(old_enough(Side::Man, birth, date(2026, 2, 27)), OldEnough::No);
        assert_eq!(old_enough(Side::Man, birth, date(2026, 2, 28)), OldEnough::StaffDecide);
        assert_eq!(old_enough(Side::Man, birth, date(2026, 3, 1)), OldEnough::Yes);
        let birth = date(2004, 2, 29);
        assert_eq!(
            old_enough(Side::Woman, birth, date(2024, 2, 28)),
            OldEnough::No,
            "2024 has the day itself"
        );
    }

    fn form() -> CoupleForm {
        CoupleForm {
            me: "man".into(),
            man_name: "王小明".into(),
            man_document: "320205199912319937".into(),
            man_mobile: "13900001234".into(),
            woman_name: "李大妈".into(),
            woman_document: "320222194503129909".into(),
            woman_mobile: "13900005678".into(),
            way: "link".into(),
        }
    }

    #[test]
    fn a_couple_is_two_people_and_every_fault_is_told_at_once() {
        let (day, today) = (date(2026, 12, 1), date(2026, 11, 23));
        let parse = |form: &CoupleForm| Couple::parse(form, Matter::MarriageRegistration, day, today);
        assert!(!parse(&form()).unwrap().staff_decide);
        let same = CoupleForm { woman_document: form().man_document, ..form() };
        assert_eq!(parse(&same).unwrap_err().of("woman_document"), Some(&Rule::SameTwice.into()));
        let young = CoupleForm { man_document: "320214201602299914".into(), ..form() };
        assert_eq!(parse(&young).unwrap_err().of("man_document"), Some(&Rule::ManTooYoung.into()));
        assert_eq!(parse(&CoupleForm::default()).unwrap_err().iter().count(), 8);
    }

    /// What a booking asks for, by name: it has no place for reasons, children or agreements.
    #[test]
    fn divorce_booking_stores_no_reason_children_or_agreement() {
        let text = toml::to_string(&form()).unwrap();
        let fields: Vec<_> = text.lines().filter_map(|line| line.split(" =").next()).collect();
        assert_eq!(
            fields,
            [
                "me",
                "man_name",
                "man_document",
                "man_mobile",
                "woman_name",
                "woman_document",
                "woman_mobile",
                "way"
            ]
        );
    }
}
