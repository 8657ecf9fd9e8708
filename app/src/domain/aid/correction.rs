//! What is missing in an application (补正), told all at once, and the resident's answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::form::{FormErrors, Prompt};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The most characters of one note and of one answer.
pub const NOTE_MAX: usize = 300;

/// What an item of the list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorrectionTopic {
    /// Name, document, mobile.
    Applicant,
    /// Where they live, where it happened.
    Address,
    /// Who lives there too.
    Household,
    /// Income and spending.
    Finances,
    /// What happened.
    Situation,
    /// The account.
    BankAccount,
    /// The agreement to the data check.
    Consent,
    /// A paper.
    Paper,
    /// Anything else.
    Other,
}

slugs!(CorrectionTopic {
    Applicant = "applicant",
    Address = "address",
    Household = "household",
    Finances = "finances",
    Situation = "situation",
    BankAccount = "bank-account",
    Consent = "consent",
    Paper = "paper",
    Other = "other",
});

/// The street's form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CorrectionForm {
    /// What is wrong or missing, by the topic's slug.
    pub notes: BTreeMap<String, String>,
    /// Why a second list, where one was told before.
    pub again: String,
}

/// One thing that is missing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionItem {
    /// A [`CorrectionTopic`]'s slug.
    pub topic: String,
    /// What is wrong or missing, in the clerk's words.
    pub note: String,
}

/// All that is missing, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct CorrectionList {
    /// In page order, at least one.
    pub items: Vec<CorrectionItem>,
    /// Why it was not all told the first time.
    pub again: Option<String>,
}

masked_debug!(CorrectionForm, CorrectionItem, CorrectionList);

impl CorrectionList {
    /// Checks the form. `told_before`: the resident was told a list already; all that is missing is told at once (民发〔2021〕57号
    /// art. 10), so a second one gives its reason.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &CorrectionForm, told_before: bool) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let mut items = Vec::new();
        for topic in CorrectionTopic::ALL {
            let typed = form.notes.get(topic.as_str()).map(String::as_str).unwrap_or_default();
            if typed.trim().is_empty() {
                continue;
            }
            let note = written::paragraph(typed, Prompt::CorrectionNote, 5, NOTE_MAX);
            if let Some(note) = errors.keep(format!("note-{}", topic.as_str()), note) {
                items.push(CorrectionItem { topic: topic.as_str().to_owned(), note });
            }
        }
        if items.is_empty() && errors.is_empty() {
            errors.add(format!("note-{}", CorrectionTopic::Applicant.as_str()), Prompt::CorrectionNote);
        }
        let again = if told_before {
            errors.keep("again", written::paragraph(&form.again, Prompt::CorrectionAgain, 5, NOTE_MAX))
        } else {
            None
        };
        if errors.is_empty() { Ok(Self { items, again }) } else { Err(errors) }
    }
}

/// The resident's answers as typed, by the topic's slug.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AnswerForm(pub BTreeMap<String, String>);

masked_debug!(AnswerForm);

impl AnswerForm {
    /// Checks that each thing that was asked has an answer; gives them in the order of the items.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, items: &[CorrectionItem]) -> Result<Vec<String>, FormErrors> {
        let mut errors = FormErrors::default();
        let mut answers = Vec::new();
        for item in items {
            let typed = self.0.get(&item.topic).map(String::as_str).unwrap_or_default();
            let answer = written::paragraph(typed, Prompt::CorrectionAnswer, 1, NOTE_MAX);
            if let Some(answer) = errors.keep(format!("answer-{}", item.topic), answer) {
                answers.push(answer);
            }
        }
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::FieldError;

    fn form(notes: &[(&str, &str)], again: &str) -> CorrectionForm {
        let notes = notes.iter().map(|(topic, note)| ((*topic).to_owned(), (*note).to_owned())).collect();
        CorrectionForm { notes, again: again.to_owned() }
    }

    #[test]
    fn measures_of_2021_art_10_all_that_is_missing_is_told_at_once() {
        let list = CorrectionList::parse(
            &form(
                &[("paper", "请补医院的收费票据"), ("finances", "请写明月收入从哪里来"), ("moon", "x")],
                "",
            ),
            false,
        )
        .expect("a list");
        let topics: Vec<_> = list.items.iter().map(|item| item.topic.as_str()).collect();
        assert_eq!(
            topics,
            ["finances", "paper"],
            "in page order; what the page does not offer is passed over"
        );
        assert!(CorrectionList::parse(&form(&[], ""), false).is_err());
    }

    #[test]
    fn a_second_list_is_refused_unless_a_reason_is_given() {
        let notes = [("paper", "请补医院的收费票据")];
        let refused = CorrectionList::parse(&form(&notes, " "), true).expect_err("no reason");
        assert_eq!(refused.of("again"), Some(&FieldError::Missing(Prompt::CorrectionAgain)));
        let list = CorrectionList::parse(&form(&notes, "上次的票据看不清楚"), true).expect("with a reason");
        assert_eq!(list.again.as_deref(), Some("上次的票据看不清楚"));
    }

    #[test]
    fn each_thing_that_was_asked_is_answered_and_nothing_else() {
        let items =
            ["finances", "paper"].map(|topic| CorrectionItem { topic: topic.into(), note: "x".into() });
        let mut form = AnswerForm::default();
        form.0.insert("paper".into(), "已经上传".into());
        form.0.insert("applicant".into(), "没有问到".into());
        let errors = form.parse(&items).expect_err("one is open");
        assert_eq!(errors.iter().map(|e| e.field.clone()).collect::<Vec<_>>(), ["answer-finances"]);
        form.0.insert("finances".into(), "打零工".into());
        assert_eq!(form.parse(&items), Ok(vec!["打零工".to_owned(), "已经上传".to_owned()]));
    }
}
