//! Where the applicant lives and where the emergency happened. 社会救助法 37 (in force 2026-07-01): temporary
//! aid is asked for where the emergency happens, so that place decides the receiving street.

use serde::{Deserialize, Serialize};

use super::LINE_MAX;
use crate::domain::area::{self, AreaError, Community, Street};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::written;
use crate::masked_debug;

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    /// Code of a street, or `outside` for a home outside the district.
    pub street: String,
    /// Code of a community, or `unknown`.
    pub community: String,
    /// Road, number, building, room.
    pub detail: String,
    /// `home`, `district` or `elsewhere`.
    pub emergency_place: String,
    /// Code of a street, for `district`.
    pub emergency_street: String,
    /// Code of a community or `unknown`, for `district`.
    pub emergency_community: String,
    /// Where exactly, for `district`.
    pub emergency_detail: String,
}

/// A place in the district.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Its street.
    pub street: &'static Street,
    /// Its community; `None` when the applicant doesn't know it.
    pub community: Option<&'static Community>,
    /// Road, number, building, room.
    pub detail: String,
}

/// Where the applicant lives.
#[derive(Clone, PartialEq, Eq)]
pub enum Residence {
    /// In the district.
    Here(Place),
    /// Outside the district, with the address as written.
    Outside(String),
}

/// Where the emergency happened.
#[derive(Clone, PartialEq, Eq)]
pub enum EmergencyPlace {
    /// At home.
    Home,
    /// Elsewhere in the district.
    District(Place),
}

/// Both places, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Where the applicant lives.
    pub residence: Residence,
    /// Where the emergency happened.
    pub emergency: EmergencyPlace,
    receiving: &'static Street,
}

masked_debug!(AddressForm, Place, Residence, EmergencyPlace, Address);

impl Address {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order; [`Rule::EmergencyElsewhere`] when no street of this
    /// district is where the emergency happened.
    pub fn parse(form: &AddressForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let residence = if form.street == "outside" {
            errors
                .keep("detail", written::line(&form.detail, Prompt::AddressDetail, 2, LINE_MAX))
                .map(Residence::Outside)
        } else {
            place(&mut errors, &HOME, [&form.street, &form.community, &form.detail]).map(Residence::Here)
        };
        let emergency = match form.emergency_place.as_str() {
            "home" if form.street == "outside" => {
                errors.add("emergency_place", Rule::EmergencyElsewhere);
                None
            }
            "home" => Some(EmergencyPlace::Home),
            "district" => place(
                &mut errors,
                &EMERGENCY,
                [&form.emergency_street, &form.emergency_community, &form.emergency_detail],
            )
            .map(EmergencyPlace::District),
            "elsewhere" => {
                errors.add("emergency_place", Rule::EmergencyElsewhere);
                None
            }
            "" => {
                errors.add("emergency_place", Prompt::EmergencyPlace);
                None
            }
            _ => {
                errors.add("emergency_place", FieldError::NotOffered);
                None
            }
        };
        match (residence, emergency) {
            (Some(residence), Some(emergency)) => {
                let receiving = match (&emergency, &residence) {
                    (EmergencyPlace::District(place), _) | (EmergencyPlace::Home, Residence::Here(place)) => {
                        place.street
                    }
                    (EmergencyPlace::Home, Residence::Outside(_)) => {
                        errors.add("emergency_place", Rule::EmergencyElsewhere);
                        return Err(errors);
                    }
                };
                Ok(Self { residence, emergency, receiving })
            }
            _ => Err(errors),
        }
    }

    /// The community of the place that decides the receiving street, where the applicant knew it.
    pub fn receiving_community(&self) -> Option<&'static Community> {
        match (&self.emergency, &self.residence) {
            (EmergencyPlace::District(place), _) | (EmergencyPlace::Home, Residence::Here(place)) => {
                place.community
            }
            (EmergencyPlace::Home, Residence::Outside(_)) => None,
        }
    }

    /// The street that receives the application.
    pub fn receiving_street(&self) -> &'static Street {
        self.receiving
    }
}

/// The names of a place's three fields, and what each asks for.
type Fields = [(&'static str, Prompt); 3];

const HOME: Fields =
    [("street", Prompt::Street), ("community", Prompt::Community), ("detail", Prompt::AddressDetail)];
const EMERGENCY: Fields = [
    ("emergency_street", Prompt::EmergencyStreet),
    ("emergency_community", Prompt::EmergencyCommunity),
    ("emergency_detail", Prompt::EmergencyDetail),
];

/// Reads a street, a community and the rest of an address.
fn place(errors: &mut FormErrors, fields: &Fields, values: [&str; 3]) -> Option<Place> {
    let [(street_name, no_street), (community_name, no_community), (detail_name, no_detail)] = *fields;
    let [street, community, detail] = values;
    let known_community = area::community(community);
    let street = match (street, known_community) {
        // A browser without JavaScript lets one pick the community alone; it names its street.
        ("", Some(community)) => area::street(community.street_code).ok_or(AreaError::Unknown.into()),
        ("", None) => Err(FieldError::from(no_street)),
        (code, _) => area::street(code).ok_or(AreaError::Unknown.into()),
    };
    let street = errors.keep(street_name, street);
    let community = match (community, known_community) {
        ("unknown", _) => Ok(None),
        ("", _) => Err(FieldError::from(no_community)),
        (_, None) => Err(AreaError::Unknown.into()),
        (_, Some(found)) => match street {
            Some(street) if street.code != found.street_code => Err(AreaError::CommunityNotInStreet.into()),
            _ => Ok(Some(found)),
        },
    };
    let community = errors.keep(community_name, community);
    let detail = errors.keep(detail_name, written::line(detail, no_detail, 2, LINE_MAX));
    Some(Place { street: street?, community: community?, detail: detail? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_home() -> AddressForm {
        AddressForm {
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "新光路 1 号".into(),
            emergency_place: "home".into(),
            ..Default::default()
        }
    }

    fn fields(form: &AddressForm) -> Vec<(String, FieldError)> {
        Address::parse(form)
            .err()
            .map(|e| e.iter().map(|e| (e.field.clone().into_owned(), e.error.clone())).collect())
            .unwrap_or_default()
    }

    #[test]
    fn the_street_of_the_emergency_receives_the_application() {
        let at_home = at_home();
        let elsewhere = AddressForm {
            emergency_place: "district".into(),
            emergency_street: "320214054".into(),
            emergency_community: "unknown".into(),
            emergency_detail: "梅村地铁站".into(),
            ..at_home.clone()
        };
        assert_eq!(Address::parse(&at_home).map(|a| a.receiving_street().code), Ok("320214050"));
        assert_eq!(Address::parse(&elsewhere).map(|a| a.receiving_street().code), Ok("320214054"));
    }

    #[test]
    fn a_home_outside_the_district_is_accepted_when_the_emergency_is_here() {
        let form = AddressForm {
            street: "outside".into(),
            detail: "安徽省阜阳市".into(),
            emergency_place: "district".into(),
            emergency_street: "320214051".into(),
            emergency_community: "unknown".into(),
            emergency_detail: "机场路".into(),
            ..Default::default()
        };
        assert_eq!(Address::parse(&form).map(|a| a.receiving_street().name), Ok("硕放街道"));
    }

    #[test]
    fn an_emergency_outside_the_district_is_sent_to_where_it_happened() {
        let form = AddressForm { emergency_place: "elsewhere".into(), ..at_home() };
        assert_eq!(fields(&form), [("emergency_place".into(), Rule::EmergencyElsewhere.into())]);
        let form = AddressForm { street: "outside".into(), ..at_home() };
        assert_eq!(fields(&form), [("emergency_place".into(), Rule::EmergencyElsewhere.into())]);
    }

    #[test]
    fn a_community_of_another_street_is_refused_and_a_community_alone_names_its_street() {
        let form = AddressForm { street: "320214051".into(), ..at_home() };
        assert_eq!(fields(&form), [("community".into(), AreaError::CommunityNotInStreet.into())]);
        let form = AddressForm { street: String::new(), ..at_home() };
        assert_eq!(fields(&form), []);
    }
}
