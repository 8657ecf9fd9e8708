//! 主动发现: a neighbour, a relative or a grid worker tells of a household that seems to be in need; somebody of the community
//! visits it. It applies for nothing: that stays the household's own word (社会救助法 37).

use super::{LINE_MAX, STORY_MAX, STORY_MIN};
use crate::domain::area::{AreaError, Community, Street};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::phone::{ContactPhone, PhoneError};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// Who tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    /// 邻居
    Neighbour,
    /// 亲友
    Relative,
    /// 网格员、社区工作者
    GridWorker,
    /// Anybody else, such as a shop, a school or a doctor.
    Other,
}

slugs!(Teller { Neighbour = "neighbour", Relative = "relative", GridWorker = "grid-worker", Other = "other" });

/// How far the visit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundState {
    /// Nobody has taken it over.
    Received,
    /// Somebody goes there.
    Taken,
    /// Somebody was there.
    Visited,
}

slugs!(FoundState { Received = "received", Taken = "taken", Visited = "visited" });

/// What the visit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitOutcome {
    /// The household is helped to apply.
    Helped,
    /// The household wants or needs nothing.
    NoNeed,
    /// Nobody was found there.
    NotFound,
    /// It was passed on to another office, such as the police or a hospital.
    PassedOn,
}

slugs!(VisitOutcome {
    Helped = "helped",
    NoNeed = "no-need",
    NotFound = "not-found",
    PassedOn = "passed-on",
});

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FoundForm {
    /// Slug of a [`Teller`].
    pub teller: String,
    /// Code of a street.
    pub street: String,
    /// Code of a community, or `unknown`.
    pub community: String,
    /// Where the household lives, as one would tell the way.
    pub detail: String,
    /// What was seen.
    pub story: String,
    /// A telephone of the one who tells; may be empty.
    pub contact: String,
}

/// A household that somebody told of.
#[derive(Clone)]
pub struct Found {
    /// Who tells.
    pub teller: Teller,
    /// The street.
    pub street: &'static Street,
    /// The community, where it is known.
    pub community: Option<&'static Community>,
    /// Where the household lives.
    pub detail: String,
    /// What was seen.
    pub story: String,
    /// A telephone for questions.
    pub contact: Option<ContactPhone>,
}

masked_debug!(FoundForm, Found);

impl Found {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &FoundForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let teller = match form.teller.as_str() {
            "" => Err(FieldError::Missing(Prompt::Teller)),
            slug => Teller::parse(slug).ok_or(FieldError::NotOffered),
        };
        let teller = errors.keep("teller", teller);
        let street = match Street::parse(&form.street) {
            Err(AreaError::Missing) => Err(FieldError::Missing(Prompt::FoundStreet)),
            parsed => parsed.map_err(FieldError::from),
        };
        let street = errors.keep("street", street);
        let community = match (form.community.as_str(), street) {
            ("" | "unknown", _) | (_, None) => Some(None),
            (code, Some(street)) => errors.keep("community", Community::parse(code, street.code)).map(Some),
        };
        let detail = errors.keep("detail", written::line(&form.detail, Prompt::FoundDetail, 2, LINE_MAX));
        let story =
            errors.keep("story", written::paragraph(&form.story, Prompt::FoundStory, STORY_MIN, STORY_MAX));
        let contact = match ContactPhone::parse(&form.contact) {
            Err(PhoneError::Missing) => Some(None),
            parsed => errors.keep("contact", parsed).map(Some),
        };
        match (teller, street, community, detail, story, contact) {
            (Some(teller), Some(street), Some(community), Some(detail), Some(story), Some(contact)) => {
                Ok(Self { teller, street, community, detail, story, contact })
            }
            _ => Err(errors),
        }
    }

    /// The smallest area that it belongs to: who covers that one may see it.
    pub fn place(&self) -> &'static str {
        self.community.map_or(self.street.code, |community| community.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> FoundForm {
        FoundForm {
            teller: "neighbour".into(),
            street: "320214050".into(),
            community: "unknown".into(),
            detail: "新光路 5 号楼，一楼东边".into(),
            story: "老人一个人住，好几天没有出门".into(),
            contact: String::new(),
        }
    }

    #[test]
    fn a_place_and_what_was_seen_are_enough() {
        let found = Found::parse(&form());
        assert!(found.is_ok_and(|found| found.place() == "320214050" && found.contact.is_none()));
        let errors = Found::parse(&FoundForm::default()).err();
        let fields: Vec<_> = errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone()).collect();
        assert_eq!(fields, ["teller", "street", "detail", "story"]);
    }

    #[test]
    fn a_community_lies_in_its_street() {
        let inside = FoundForm { community: "320214050001".into(), ..form() };
        assert!(Found::parse(&inside).is_ok_and(|found| found.place() == "320214050001"));
        let outside = FoundForm { street: "320214051".into(), ..inside };
        assert!(Found::parse(&outside).err().is_some_and(|errors| errors.of("community").is_some()));
    }
}
