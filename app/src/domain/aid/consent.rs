//! What the applicant is told, what each adult agrees to, and what is promised.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::HouseholdMember;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::{masked_debug, slugs};

/// The applicant's id among the signatories.
pub const APPLICANT_ID: &str = "applicant";

/// Who signs: [`APPLICANT_ID`], or a household member's id.
pub type SignatoryId = String;

/// An adult who is asked to agree to the data check.
#[derive(Clone, Debug)]
pub struct Signatory {
    /// Who.
    pub id: SignatoryId,
    /// The name to show beside the question.
    pub name: PersonName,
}

/// How an adult agrees to the data check (社会救助法 40). A missing agreement never stops the receipt of an
/// application; it stands as 待补授权.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentWay {
    /// Agreed now, on the phone that the form is filled in on.
    ThisPhone,
    /// Will agree on another phone, by link and code.
    Link,
    /// Will sign on paper.
    Paper,
    /// Not decided.
    Later,
}

slugs!(ConsentWay { ThisPhone = "this-phone", Link = "link", Paper = "paper", Later = "later" });

/// The page that informs (PIPL 17, 30, 35), as typed. A statutory duty needs informing, not consent (PIPL
/// 13(3)); the one question goes beyond the duty, and refusing it blocks nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticeForm {
    /// `yes` when other offers may be suggested from these answers.
    pub suggest: String,
}

impl NoticeForm {
    /// Whether the separate consent was given; anything but a clear yes is no.
    pub fn suggests(&self) -> bool {
        self.suggest == "yes"
    }
}

/// The page of the agreements, as typed: signatory's id to slug of a [`ConsentWay`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorisationForm {
    /// Unanswered signatories are absent or empty.
    pub ways: BTreeMap<SignatoryId, String>,
}

/// What one adult answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckConsent {
    /// Who.
    pub signatory: SignatoryId,
    /// How.
    pub way: ConsentWay,
}

impl CheckConsent {
    /// Reads the answer of each signatory; no answer is [`ConsentWay::Later`].
    ///
    /// # Errors
    /// Values that the page doesn't offer, under the field `way-{signatory}`.
    pub fn parse(form: &AuthorisationForm, signatories: &[Signatory]) -> Result<Vec<Self>, FormErrors> {
        let mut errors = FormErrors::default();
        let mut consents = Vec::new();
        for signatory in signatories {
            let way = match form.ways.get(&signatory.id).map(String::as_str) {
                None | Some("") => Ok(ConsentWay::Later),
                Some(slug) => ConsentWay::parse(slug).ok_or(FieldError::NotOffered),
            };
            if let Some(way) = errors.keep(format!("way-{}", signatory.id), way) {
                consents.push(Self { signatory: signatory.id.clone(), way });
            }
        }
        if errors.is_empty() { Ok(consents) } else { Err(errors) }
    }
}

/// The applicant and every adult member, in page order.
pub(super) fn signatories(
    applicant: &PersonName,
    members: &[HouseholdMember],
    today: Date,
) -> Vec<Signatory> {
    let mut list = vec![Signatory { id: APPLICANT_ID.into(), name: applicant.clone() }];
    list.extend(
        members
            .iter()
            .filter(|m| m.is_adult_on(today))
            .map(|m| Signatory { id: m.id.clone(), name: m.name.clone() }),
    );
    list
}

/// The promise that everything is true (社会救助法 40, 73), as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PledgeForm {
    /// `yes` when promised.
    pub agreed: String,
}

impl PledgeForm {
    /// Checks the page.
    ///
    /// # Errors
    /// The promise was not made.
    pub fn parse(&self) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        if self.agreed != "yes" {
            errors.add("agreed", Prompt::Pledge);
            return Err(errors);
        }
        Ok(())
    }
}

masked_debug!(NoticeForm, AuthorisationForm, PledgeForm);
