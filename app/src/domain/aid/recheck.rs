//! 复核: a resident asks the office to look at a refusal once more. It stops no clock of the law: 行政复议 and 行政诉讼 stay open
//! beside it (行政复议法 20; 行政诉讼法 46).

use super::decision::Reasons;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The most characters of the request.
pub const WORDS_MAX: usize = 1_000;

/// What the recheck came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecheckOutcome {
    /// 维持: the decision stays.
    Upheld,
    /// 重新办理: the decision no longer holds, and the street looks into the application again.
    Reopened,
}

slugs!(RecheckOutcome { Upheld = "upheld", Reopened = "reopened" });

/// Reads the request in the resident's words.
///
/// # Errors
/// None, too short, too long, or nothing but the draft that we wrote.
pub fn parse_request(text: &str, draft: &str) -> Result<String, FieldError> {
    let written = written::paragraph(text, Prompt::RecheckWords, 10, WORDS_MAX)?;
    let ours = written::paragraph(draft, Prompt::RecheckWords, 0, usize::MAX);
    // The draft alone says nothing that the office does not know.
    if ours.is_ok_and(|ours| ours == written) {
        return Err(FieldError::Missing(Prompt::RecheckWhy));
    }
    Ok(written)
}

/// The office's answer as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RecheckAnswerForm {
    /// Slug of a [`RecheckOutcome`].
    pub outcome: String,
    /// Why.
    pub reasons: String,
}

/// The office's answer.
#[derive(Clone, PartialEq, Eq)]
pub struct RecheckAnswer {
    /// What it came to.
    pub outcome: RecheckOutcome,
    /// Why, as the resident reads it.
    pub reasons: String,
}

masked_debug!(RecheckAnswerForm, RecheckAnswer);

impl RecheckAnswer {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &RecheckAnswerForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match form.outcome.as_str() {
            "" => Err(FieldError::Missing(Prompt::RecheckOutcome)),
            slug => RecheckOutcome::parse(slug).ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let reasons = errors.keep("reasons", Reasons::parse(&form.reasons));
        match (outcome, reasons) {
            (Some(outcome), Some(reasons)) => Ok(Self { outcome, reasons: reasons.as_str().to_owned() }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_alone_is_no_request() {
        let draft = "我对 2026 年 11 月 26 日的决定有不同意见。\n我认为：";
        assert_eq!(parse_request(draft, draft), Err(FieldError::Missing(Prompt::RecheckWhy)));
        assert_eq!(parse_request(" ", draft), Err(FieldError::Missing(Prompt::RecheckWords)));
        assert!(parse_request(&format!("{draft}房子确实淹了。"), draft).is_ok());
        assert!(parse_request("房子确实淹了，没法住人。", draft).is_ok(), "the draft is an offer");
        assert_eq!(parse_request("不服", draft), Err(FieldError::TooShort { min: 10 }));
    }

    #[test]
    fn an_answer_has_its_reasons() {
        let form = |outcome: &str, reasons: &str| RecheckAnswerForm {
            outcome: outcome.into(),
            reasons: reasons.into(),
        };
        assert!(RecheckAnswer::parse(&form("upheld", "再次入户看了，和原来一样。")).is_ok());
        assert!(RecheckAnswer::parse(&form("upheld", "")).is_err());
        assert!(RecheckAnswer::parse(&form("", "")).err().is_some_and(|e| e.iter().count() == 2));
    }
}
