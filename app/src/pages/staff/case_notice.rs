//! The public notice of a case on the office's page, with the objections that came in.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Actions, Answer, Answers, Banner, Button, Card, Radios, TextArea};
use crate::domain::aid::public_notice::{ObjectionAnswerForm, ObjectionOutcome};
use crate::domain::form::FormErrors;
use crate::domain::time::date_text;
use crate::pages::choices;
use crate::pages::notices::{CaseNotice, CaseObjection};
use crate::text::errors::sentence;

/// The notice of a case, and what came of it.
#[derive(Clone, Default)]
pub struct CasePublicity {
    /// The latest notice.
    pub notice: Option<CaseNotice>,
    /// Every objection, oldest first.
    pub objections: Vec<CaseObjection>,
    /// The item asks for a notice of an opinion to give aid.
    pub asked: bool,
}

crate::masked_debug!(CasePublicity);

impl CasePublicity {
    /// Until when nobody decides, in words; `None` where nothing stands in the way.
    pub fn waits(&self, today: Date) -> Option<String> {
        if self.objections.iter().any(|objection| objection.answer.is_none()) {
            return Some("有异议还没有查清。".to_owned());
        }
        let notice = self.notice.as_ref().filter(|notice| !notice.ended && notice.last_day >= today)?;
        Some(format!("公示到 {} 为止，第二天起才能决定。", date_text(notice.last_day)))
    }
}

/// An answer to an objection that came back.
#[derive(Clone, Default)]
pub struct TypedAnswer {
    /// Which objection.
    pub id: String,
    /// As typed.
    pub form: ObjectionAnswerForm,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(TypedAnswer);

fn outcome_label(outcome: ObjectionOutcome) -> &'static str {
    match outcome {
        ObjectionOutcome::Reinvestigate => "重新调查",
        ObjectionOutcome::Unfounded => "查过了，异议不成立",
    }
}

fn outcome_hint(outcome: ObjectionOutcome) -> Option<String> {
    Some(
        match outcome {
            ObjectionOutcome::Reinvestigate => "公示马上撤下，回到街道调查；之后要重新提意见、重新公示",
            ObjectionOutcome::Unfounded => "公示照常到期",
        }
        .to_owned(),
    )
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn objection(
    base: &str,
    key: &str,
    may_answer: bool,
    objection: &CaseObjection,
    typed: &TypedAnswer,
) -> impl IntoView + use<> {
    let mut rows = vec![row("写了什么", objection.text.clone())];
    rows.extend(objection.contact.clone().map(|contact| row("联系电话", contact)));
    if let Some((outcome, answer, at)) = &objection.answer {
        rows.push(row("处理", outcome_label(*outcome).to_owned()));
        rows.push(row("查到什么", answer.clone()));
        rows.push(row("什么时候", at.shanghai_full()));
    }
    let title = format!("{} 收到异议", objection.received_at.shanghai_text());
    let form = (may_answer && objection.answer.is_none()).then(|| {
        let typed = if typed.id == objection.id { typed.clone() } else { TypedAnswer::default() };
        let error = |field: &str| typed.errors.of(field).map(sentence);
        let (outcome_error, answer_error) = (error("outcome"), error("answer"));
        let action = format!("{base}/objections/{}", objection.id);
        let options = choices!(ObjectionOutcome::ALL, outcome_label, outcome_hint);
        let (key, value, answer) = (key.to_owned(), typed.form.outcome.clone(), typed.form.answer.clone());
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="outcome" legend="怎么处理" value options error=outcome_error/>
                <TextArea name="answer" label="查了什么、查到什么" hint="留在卷里。不要写提异议的人是谁。" value=answer error=answer_error rows=4/>
                <Actions><Button kind="secondary">"记下处理"</Button></Actions>
            </form>
        }
    });
    view! { <Card><Answers title rows/>{form}</Card> }
}

/// The notice and its objections.
pub fn publicity(
    base: &str,
    key: &str,
    may_answer: bool,
    shown: &CasePublicity,
    today: Date,
    typed: &TypedAnswer,
) -> impl IntoView + use<> {
    let notice = shown.notice.as_ref().map(|notice| {
        let until = format!("{} 至 {}", date_text(notice.first_day), date_text(notice.last_day));
        let how = if notice.ended {
            "已经撤下"
        } else if notice.last_day < today {
            "已经期满"
        } else {
            "正在公示"
        };
        let rows = vec![row("公示", until), row("现在", how.to_owned())];
        let sure = (notice.last_day > crate::domain::calendar::Calendar::embedded().last_loaded()).then(|| {
            view! { <Banner kind="warn" title="最后一天可能顺延"><p>"那一天的放假安排还没有公布，遇到休假日请等到休假结束的第二天再决定。"</p></Banner> }
        });
        view! { <Answers title="公示" rows/>{sure} }
    });
    // One form at a time: the one that came back, or the oldest that waits.
    let mut waiting = shown.objections.iter().filter(|one| one.answer.is_none());
    let first = shown.objections.iter().find(|one| one.id == typed.id).or_else(|| waiting.next());
    let first = first.map(|one| one.id.clone()).unwrap_or_default();
    let objections = shown
        .objections
        .iter()
        .map(|one| objection(base, key, may_answer && one.id == first, one, typed))
        .collect_view();
    view! { {notice}{objections} }
}
