//! Minors who give service: what they may give, and what a guardian says to it (民法典 19, 34; 志愿服务条例 15).

use serde::Deserialize;

use super::kinds::{ServiceKind, service_kind, service_kinds};
use crate::domain::form::{FormErrors, Prompt};

/// From this age on nobody needs a guardian (民法典 17).
pub const OF_AGE: i16 = 18;

/// Whether minors give service in a bank. No rule of our own is published: it is a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MinorRule {
    /// They don't.
    #[default]
    Nobody,
    /// With a guardian's agreement, kind by kind.
    Guardian,
    /// With a guardian's agreement, and at group events alone.
    Group,
}

/// How a volunteer stands to a kind of service, where their age is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// No guardian is asked.
    No,
    /// A guardian is asked, and did not agree.
    Waiting,
    /// A guardian agreed; an adult comes along, or not.
    Agreed {
        /// An adult comes along.
        accompanied: bool,
    },
}

impl MinorRule {
    /// Whether somebody of that age may register as a volunteer under a guardian's agreement.
    pub fn lets(self, age: i16) -> bool {
        let youngest = service_kinds().iter().map(|kind| kind.least_age).min().unwrap_or(OF_AGE);
        self != Self::Nobody && (youngest..OF_AGE).contains(&age)
    }
}

impl ServiceKind {
    /// Whether somebody of that age gives this only where a guardian agreed.
    pub fn asks_guardian(&self, age: i16) -> bool {
        age < OF_AGE && age < self.alone_from
    }
}

/// A guardian's page, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementForm {
    /// The child's account.
    pub child: String,
    /// Slug of a [`ServiceKind`].
    pub kind: String,
    /// `yes`: the guardian, or another adult whom they know, comes along.
    pub accompany: String,
    /// The name of that box: a page has one for each child and kind.
    pub field: String,
}

/// What a guardian agrees to, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The child's account.
    pub child: String,
    /// What they may give.
    pub kind: &'static ServiceKind,
    /// An adult comes along.
    pub accompanied: bool,
}

impl Agreement {
    /// Checks the form for a child of that age; `None` for what the page doesn't offer.
    ///
    /// # Errors
    /// The kind asks for an adult who comes along.
    pub fn parse(form: &AgreementForm, age: i16) -> Option<Result<Self, FormErrors>> {
        let kind =
            service_kind(&form.kind).filter(|kind| kind.asks_guardian(age) && age >= kind.least_age)?;
        let accompanied = form.accompany == "yes";
        if kind.accompanied && !accompanied {
            let mut errors = FormErrors::default();
            errors.add(form.field.clone(), Prompt::TimeAccompany);
            return Some(Err(errors));
        }
        Some(Ok(Self { child: form.child.clone(), kind, accompanied }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_gives_what_fits_their_age_and_asks_a_guardian_first() {
        let talk = service_kind("companionship").unwrap();
        assert!(talk.asks_guardian(14) && talk.asks_guardian(17) && !talk.asks_guardian(18));
        assert!(MinorRule::Guardian.lets(14) && MinorRule::Group.lets(17));
        assert!(
            !MinorRule::Guardian.lets(13) && !MinorRule::Guardian.lets(18) && !MinorRule::Nobody.lets(16)
        );
    }

    #[test]
    fn a_guardian_agrees_to_what_the_child_is_old_enough_for_and_comes_along_where_that_is_asked() {
        let form = AgreementForm {
            child: "c".into(),
            kind: "companionship".into(),
            accompany: "yes".into(),
            field: "accompany-0".into(),
        };
        let agreed = Agreement::parse(&form, 15).unwrap().unwrap();
        assert!(agreed.accompanied && agreed.kind.slug == "companionship");
        let alone = AgreementForm { accompany: String::new(), ..form.clone() };
        let errors = Agreement::parse(&alone, 15).unwrap().unwrap_err();
        assert_eq!(errors.of("accompany-0"), Some(&Prompt::TimeAccompany.into()));
        for (kind, age) in [("companionship", 13), ("companionship", 18), ("clinic", 16), ("none", 16)] {
            let form = AgreementForm { kind: kind.into(), ..form.clone() };
            assert!(Agreement::parse(&form, age).is_none(), "{kind} at {age}");
        }
    }
}
