//! Who eats: what staff saw on paper, what somebody must not eat, and how a meal was ordered and handed out.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::menu::word_list;
use super::subsidy::{Eater, Status};
use crate::domain::area::{Community, Street, district};
use crate::domain::document::{DocumentKind, IdentityDocument};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::domain::person::{Identity, IdentityForm};
use crate::domain::phone::ContactPhone;
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// How a meal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MealState {
    /// Somebody has it.
    Reserved,
    /// Given up.
    Cancelled,
    /// Handed out.
    HandedOut,
}

slugs!(MealState { Reserved = "reserved", Cancelled = "cancelled", HandedOut = "handed_out" });

/// What became of the elder's part. The product takes no money; the point writes down how it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// 收了
    Paid,
    /// 没收
    Unpaid,
    /// 免了
    Waived,
}

slugs!(Paid { Paid = "paid", Unpaid = "unpaid", Waived = "waived" });

/// Where a 户籍 is, as far as a subsidy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HujiPlace {
    /// In this district.
    Here,
    /// In another district of the city.
    City,
    /// Elsewhere.
    Elsewhere,
}

slugs!(HujiPlace { Here = "here", City = "city", Elsewhere = "elsewhere" });

impl HujiPlace {
    /// The district's code; what lies elsewhere has none here.
    pub fn code(self) -> String {
        match self {
            Self::Here => district().to_owned(),
            Self::City => format!("{}00", district().get(..4).unwrap_or_default()),
            Self::Elsewhere => String::new(),
        }
    }

    /// The place of a code.
    pub fn of(code: &str) -> Self {
        match code {
            "" => Self::Elsewhere,
            code if code == district() => Self::Here,
            _ => Self::City,
        }
    }
}

/// Who it is. Kept sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MealPerson {
    /// As on the document.
    pub name: String,
    /// Slug of the document's kind.
    pub document_kind: String,
    /// Its number.
    pub document: String,
    /// 1945-03-12
    pub birth_date: String,
    /// A telephone; empty for none.
    pub phone: String,
    /// House and door.
    pub detail: String,
}

masked_debug!(MealPerson);

impl MealPerson {
    /// The masked name.
    pub fn masked(&self) -> String {
        PersonName::parse(&self.name).map(|name| name.masked()).unwrap_or_default()
    }

    /// The document's last three signs.
    pub fn document_tail(&self) -> String {
        let signs: Vec<char> = self.document.chars().collect();
        signs.iter().skip(signs.len().saturating_sub(3)).collect()
    }
}

/// Somebody who eats, with what their price depends on once staff checked it.
#[derive(Clone)]
pub struct NewEater {
    /// Who it is.
    pub person: MealPerson,
    /// The document, for finding them by it.
    pub document: IdentityDocument,
    /// The name as it is found by.
    pub name: PersonName,
    /// For finding them by it.
    pub phone: Option<ContactPhone>,
    /// Where they live.
    pub community: &'static Community,
    /// Their 户籍 and statuses, where staff saw the papers.
    pub checked: Option<(HujiPlace, Vec<Status>)>,
    /// What they must not eat.
    pub avoid: Vec<String>,
    /// They wish to be rung after two missed meals in a row.
    pub care_call: bool,
}

masked_debug!(NewEater);

impl NewEater {
    /// Somebody with an account whose document was seen, who orders for the first time.
    pub fn of_account(
        identity: &Identity,
        phone: Option<ContactPhone>,
        community: &'static Community,
        detail: &str,
    ) -> Self {
        Self {
            person: person_of(identity, phone.as_ref(), detail),
            document: identity.document.clone(),
            name: identity.name.clone(),
            phone,
            community,
            checked: None,
            avoid: Vec::new(),
            care_call: false,
        }
    }
}

fn person_of(identity: &Identity, phone: Option<&ContactPhone>, detail: &str) -> MealPerson {
    MealPerson {
        name: identity.name.original().to_owned(),
        document_kind: identity.document.kind().as_str().to_owned(),
        document: identity.document.number().to_owned(),
        birth_date: identity.birth_date.to_string(),
        phone: phone.map(|phone| phone.as_str().to_owned()).unwrap_or_default(),
        detail: detail.to_owned(),
    }
}

/// The page on which staff note what they saw, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EaterForm {
    /// As on the document.
    pub name: String,
    /// Slug of a kind of document.
    pub document_kind: String,
    /// Its number.
    pub document_number: String,
    /// Asked for only where the number doesn't tell it.
    pub birth_date: String,
    /// A telephone; may be left out.
    pub phone: String,
    /// Street code.
    pub street: String,
    /// Community code.
    pub community: String,
    /// House and door, for deliveries.
    pub detail: String,
    /// Slug of a [`HujiPlace`].
    pub huji: String,
    /// Slugs of [`Status`] with spaces between.
    pub statuses: String,
    /// What they must not eat, with 、 between.
    pub avoid: String,
    /// `yes`: they wish to be rung after two missed meals in a row.
    pub care_call: String,
    /// `yes`: the papers were seen.
    pub seen: String,
}

masked_debug!(EaterForm);

impl EaterForm {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<NewEater, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = if self.document_kind.is_empty() { DocumentKind::ALL.first().copied() } else { None };
        let identity = IdentityForm {
            name: self.name.clone(),
            document_kind: kind.map_or_else(|| self.document_kind.clone(), |kind| kind.as_str().to_owned()),
            document_number: self.document_number.clone(),
            birth_date: self.birth_date.clone(),
        };
        let identity = match Identity::parse(&identity, today) {
            Ok(identity) => Some(identity),
            Err(wrong) => {
                for error in wrong.iter() {
                    errors.add(error.field.clone(), error.error.clone());
                }
                None
            }
        };
        let phone = if normalise::single_line(&self.phone).is_empty() {
            Some(None)
        } else {
            errors.keep("phone", ContactPhone::parse(&self.phone)).map(Some)
        };
        let street = errors.keep("street", Street::parse(&self.street));
        let community = street
            .and_then(|street| errors.keep("community", Community::parse(&self.community, street.code)));
        let detail = errors.keep("detail", written::line(&self.detail, Prompt::AddressDetail, 2, 200));
        let huji = match HujiPlace::parse(&self.huji) {
            Some(huji) => Ok(huji),
            None if self.huji.is_empty() => Err(FieldError::from(Prompt::HujiPlace)),
            None => Err(FieldError::NotOffered),
        };
        let huji = errors.keep("huji", huji);
        if self.seen != "yes" {
            errors.add("seen", Prompt::DocumentSeen);
        }
        let statuses: Vec<_> = Status::ALL
            .iter()
            .copied()
            .filter(|status| self.statuses.split_whitespace().any(|slug| slug == status.as_str()))
            .collect();
        match (identity, phone, community, detail, huji) {
            (Some(identity), Some(phone), Some(community), Some(detail), Some(huji)) if errors.is_empty() => {
                Ok(NewEater {
                    person: person_of(&identity, phone.as_ref(), &detail),
                    document: identity.document.clone(),
                    name: identity.name.clone(),
                    phone,
                    community,
                    checked: Some((huji, statuses)),
                    avoid: word_list(&self.avoid),
                    care_call: self.care_call == "yes",
                })
            }
            _ => Err(errors),
        }
    }
}

/// Somebody who eats, as the row has it.
#[derive(Clone)]
pub struct KeptEater {
    /// The row's id.
    pub id: String,
    /// Who it is.
    pub person: MealPerson,
    /// The community where they live.
    pub community: String,
    /// Their 户籍 and statuses, where staff saw the papers.
    pub checked: Option<(HujiPlace, Vec<Status>)>,
    /// What they must not eat.
    pub avoid: Vec<String>,
    /// They wish to be rung after two missed meals in a row.
    pub care_call: bool,
    /// Their account, where there is one.
    pub resident: Option<String>,
}

masked_debug!(KeptEater);

impl KeptEater {
    /// What the price depends on; nothing until staff checked it.
    pub fn eater(&self) -> Option<Eater> {
        let (huji, statuses) = self.checked.as_ref()?;
        Some(Eater {
            birth_date: self.person.birth_date.parse().ok()?,
            huji: huji.code(),
            residence: self.community.get(..9)?.to_owned(),
            statuses: statuses.clone(),
        })
    }

    /// The page as it was filled in, for changing it.
    pub fn form(&self) -> EaterForm {
        let checked = self.checked.clone();
        EaterForm {
            name: self.person.name.clone(),
            document_kind: self.person.document_kind.clone(),
            document_number: self.person.document.clone(),
            birth_date: self.person.birth_date.clone(),
            phone: self.person.phone.clone(),
            street: self.community.get(..9).unwrap_or_default().to_owned(),
            community: self.community.clone(),
            detail: self.person.detail.clone(),
            huji: checked.as_ref().map(|(huji, _)| huji.as_str().to_owned()).unwrap_or_default(),
            statuses: checked
                .map(|(_, statuses)| statuses.iter().map(|of| of.as_str()).collect::<Vec<_>>().join(" "))
                .unwrap_or_default(),
            avoid: self.avoid.join("、"),
            care_call: if self.care_call { "yes".into() } else { String::new() },
            seen: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 27);

    fn form() -> EaterForm {
        EaterForm {
            name: "李大妈".into(),
            document_number: "320222194503129909".into(),
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "新光路 1 号".into(),
            huji: "city".into(),
            statuses: "dibao lives_alone nonsense".into(),
            avoid: "花生、虾".into(),
            seen: "yes".into(),
            ..EaterForm::default()
        }
    }

    #[test]
    fn what_staff_saw_makes_the_price_and_nothing_is_read_out_of_the_number() {
        let new = form().parse(TODAY).unwrap();
        assert_eq!(new.checked, Some((HujiPlace::City, vec![Status::Dibao, Status::LivesAlone])));
        assert_eq!((new.avoid.len(), new.phone.is_none()), (2, true));
        let kept = KeptEater {
            id: String::new(),
            person: new.person,
            community: new.community.code.into(),
            checked: new.checked,
            avoid: new.avoid,
            care_call: new.care_call,
            resident: None,
        };
        let eater = kept.eater().unwrap();
        assert_eq!((eater.huji.as_str(), eater.residence.as_str()), ("320200", "320214050"));
        assert_eq!(eater.birth_date, date(1945, 3, 12));
        assert_eq!((kept.person.masked(), kept.person.document_tail()), ("李＊＊".into(), "909".into()));
        assert_eq!(EaterForm { seen: "yes".into(), ..kept.form() }.parse(TODAY).unwrap().person, kept.person);
        assert!(KeptEater { checked: None, ..kept }.eater().is_none());
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let errors = EaterForm::default().parse(TODAY).unwrap_err();
        for field in ["name", "document_number", "street", "detail", "huji", "seen"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        let other = EaterForm { community: "320214051001".into(), ..form() };
        assert!(other.parse(TODAY).unwrap_err().of("community").is_some());
    }

    #[test]
    fn a_huji_is_here_in_the_city_or_elsewhere() {
        for place in HujiPlace::ALL {
            assert_eq!(HujiPlace::of(&place.code()), *place);
        }
    }
}
