//! What happened.

use serde::{Deserialize, Serialize};

use super::{STORY_MAX, STORY_MIN};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::money::{Fen, MoneyError};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The two kinds of temporary aid (中办国办 2020-08 意见 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemporaryAidKind {
    /// 急难型: something sudden.
    Emergency,
    /// 支出型: spending that the household can't bear.
    Expenditure,
}

slugs!(TemporaryAidKind { Emergency = "emergency", Expenditure = "expenditure" });

/// How soon help is needed, in the applicant's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Today.
    Today,
    /// In the next days.
    Days,
    /// It can wait for the usual time.
    Usual,
}

slugs!(Urgency { Today = "today", Days = "days", Usual = "usual" });

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SituationForm {
    /// Slug of a [`TemporaryAidKind`].
    pub kind: String,
    /// What happened, in own words.
    pub story: String,
    /// The amount asked for, in yuan; empty leaves it to the street.
    pub amount: String,
    /// Slug of an [`Urgency`].
    pub urgency: String,
}

/// What happened, checked.
#[derive(Clone)]
pub struct Situation {
    /// Sudden hardship or heavy spending.
    pub kind: TemporaryAidKind,
    /// In own words, 5 to 1,000 characters, lines ended by LF.
    pub story: String,
    /// In fen; `None` leaves it to the street.
    pub amount: Option<Fen>,
    /// How soon.
    pub urgency: Urgency,
}

masked_debug!(SituationForm, Situation);

impl Situation {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &SituationForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = errors.keep("kind", choice(&form.kind, Prompt::AidKind, TemporaryAidKind::parse));
        let story =
            errors.keep("story", written::paragraph(&form.story, Prompt::WhatHappened, STORY_MIN, STORY_MAX));
        let amount = match Fen::parse_yuan(&form.amount) {
            Err(MoneyError::Missing) => Some(None),
            parsed => errors.keep("amount", parsed).map(Some),
        };
        let urgency = errors.keep("urgency", choice(&form.urgency, Prompt::Urgency, Urgency::parse));
        match (kind, story, amount, urgency) {
            (Some(kind), Some(story), Some(amount), Some(urgency)) => {
                Ok(Self { kind, story, amount, urgency })
            }
            _ => Err(errors),
        }
    }
}

fn choice<T>(slug: &str, prompt: Prompt, parse: impl Fn(&str) -> Option<T>) -> Result<T, FieldError> {
    match slug {
        "" => Err(prompt.into()),
        slug => parse(slug).ok_or(FieldError::NotOffered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_amount_leaves_it_to_the_street_and_a_wrong_one_is_told() {
        let mut form = SituationForm {
            kind: "emergency".into(),
            story: "家里失火，没有地方住".into(),
            amount: String::new(),
            urgency: "today".into(),
        };
        assert_eq!(Situation::parse(&form).map(|s| s.amount), Ok(None));
        form.amount = "三千".into();
        assert!(Situation::parse(&form).err().is_some_and(|e| e.of("amount").is_some()));
    }

    #[test]
    fn a_value_that_the_page_does_not_offer_is_refused() {
        let form = SituationForm { kind: "other".into(), ..Default::default() };
        let errors = Situation::parse(&form).err();
        assert_eq!(errors.and_then(|e| e.of("kind").cloned()), Some(FieldError::NotOffered));
    }
}
