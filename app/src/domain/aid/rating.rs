//! 好差评: what a resident thinks of how a case was handled, once for each case and node. A bad one opens a complaint with a
//! clock of its own.

use super::case::CaseState;
use crate::domain::complaint::{Complaint, ComplaintKind};
use crate::domain::confirm::CaseNumber;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::staff::Role;
use crate::domain::{area, written};
use crate::ports::CaseEventKind;
use crate::{masked_debug, slugs};

/// The most characters of the words beside a grade.
pub const WORDS_MAX: usize = 300;

/// What is rated: a step that the resident has felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatingNode {
    /// 受理: how the application was taken in.
    Acceptance,
    /// 决定: how it was handled to its end.
    Decision,
}

slugs!(RatingNode { Acceptance = "acceptance", Decision = "decision" });

impl RatingNode {
    /// Whether a case with these events has come so far.
    pub fn is_reached(self, state: CaseState, events: impl IntoIterator<Item = CaseEventKind>) -> bool {
        match self {
            Self::Acceptance => events.into_iter().any(|kind| kind == CaseEventKind::Accepted),
            Self::Decision => matches!(state, CaseState::Granted | CaseState::Refused),
        }
    }
}

/// The five grades, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// 非常满意
    VeryGood,
    /// 满意
    Good,
    /// 基本满意
    Fair,
    /// 不满意
    Bad,
    /// 非常不满意
    VeryBad,
}

slugs!(Grade { VeryGood = "very-good", Good = "good", Fair = "fair", Bad = "bad", VeryBad = "very-bad" });

impl Grade {
    /// Somebody has to answer it.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Bad | Self::VeryBad)
    }
}

/// The form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RatingForm {
    /// Slug of a [`Grade`].
    pub grade: String,
    /// What the resident wants to say about it; may be empty.
    pub words: String,
}

/// What a resident thinks of one node.
#[derive(Clone, PartialEq, Eq)]
pub struct Rating {
    /// The grade.
    pub grade: Grade,
    /// Words beside it, if any.
    pub words: Option<String>,
}

masked_debug!(RatingForm, Rating);

impl Rating {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &RatingForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let grade = match form.grade.as_str() {
            "" => Err(FieldError::Missing(Prompt::Grade)),
            slug => Grade::parse(slug).ok_or(FieldError::NotOffered),
        };
        let grade = errors.keep("grade", grade);
        let words = match form.words.trim() {
            "" => Some(None),
            words => errors.keep("words", written::paragraph(words, Prompt::Grade, 1, WORDS_MAX)).map(Some),
        };
        match (grade, words) {
            (Some(grade), Some(words)) => Ok(Self { grade, words }),
            _ => Err(errors),
        }
    }

    /// The complaint that a bad one opens, `None` for any other: about the role that did the step, in the case's street. `text`
    /// is what the complaint says.
    pub fn complaint(&self, street: &str, by: Role, number: CaseNumber, text: String) -> Option<Complaint> {
        self.grade.is_bad().then(|| Complaint {
            kind: ComplaintKind::Complaint,
            street: area::street(street),
            about: Some(by),
            case_number: Some(number),
            text,
            contact: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::complaint::ComplaintLevel;

    fn rating(grade: &str, words: &str) -> Result<Rating, FormErrors> {
        Rating::parse(&RatingForm { grade: grade.into(), words: words.into() })
    }

    #[test]
    fn a_grade_is_enough_and_words_are_welcome() {
        assert!(rating("good", " ").is_ok_and(|rating| rating.words.is_none()));
        assert!(rating("good", "态度很好").is_ok_and(|rating| rating.words.as_deref() == Some("态度很好")));
        let errors = rating("", &"长".repeat(WORDS_MAX + 1)).err();
        assert!(errors.is_some_and(|errors| errors.iter().count() == 2), "all of it at once");
        assert!(rating("six", "").is_err());
    }

    #[test]
    fn a_bad_one_is_answered_by_those_whom_it_is_not_about() {
        let number = || CaseNumber::parse("LS261123000001");
        for grade in Grade::ALL {
            let rating = Rating { grade: *grade, words: None };
            let Ok(number) = number() else { unreachable!("a number of ours") };
            let opened = rating.complaint("320214050", Role::StreetOfficer, number, "受理：不满意".into());
            assert_eq!(opened.is_some(), grade.is_bad(), "{grade:?}");
            assert!(opened.is_none_or(|opened| opened.level() == ComplaintLevel::District), "{grade:?}");
        }
    }

    #[test]
    fn a_node_is_rated_once_it_was_felt() {
        use CaseEventKind::{Accepted, Received};
        assert!(!RatingNode::Acceptance.is_reached(CaseState::Received, [Received]));
        assert!(RatingNode::Acceptance.is_reached(CaseState::Refused, [Received, Accepted]));
        assert!(!RatingNode::Decision.is_reached(CaseState::OpinionGiven, [Received, Accepted]));
        assert!(RatingNode::Decision.is_reached(CaseState::Granted, [Received, Accepted]));
        assert!(!RatingNode::Decision.is_reached(CaseState::Withdrawn, [Received, Accepted]));
    }
}
