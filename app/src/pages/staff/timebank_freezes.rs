//! `/staff/timebank/freezes`: hours that wait, and what two people settle about them.

use leptos::prelude::*;

use super::Me;
use super::timebank_records::deed_words;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Choice, Empty, ErrorSummary, Field, LinkItem, LinkList,
    Radios, StaffLayout, TextArea,
};
use crate::domain::aid::standards::Deed;
use crate::domain::time::Instant;
use crate::domain::timebank::{FreezeForm, FreezeReason, Outcome, OutcomeForm, minutes_text};
use crate::pages::{Sent, choices};
use crate::text::staff::place_name;
use crate::text::timebank::{freeze_label, outcome_label};

/// Hours that wait, in the list.
#[derive(Clone)]
pub struct FreezeLine {
    /// The freeze's id.
    pub id: String,
    /// The holder's masked name; empty where the account is gone.
    pub name: String,
    /// Where they give service, or the district.
    pub area: String,
    /// Why.
    pub reason: FreezeReason,
    /// Since when.
    pub since: Instant,
    /// How many minutes.
    pub minutes: i64,
    /// A proposal waits for a second person.
    pub proposed: bool,
}

/// What was proposed.
#[derive(Clone)]
pub struct ShownOutcome {
    /// What.
    pub outcome: Outcome,
    /// The masked name of whoever gets the hours.
    pub person: Option<String>,
    /// What was seen.
    pub why: String,
    /// Who proposed it.
    pub proposed: Deed,
    /// Whoever looks proposed it.
    pub own: bool,
}

/// Hours that wait.
#[derive(Clone)]
pub struct ShownFreeze {
    /// What the list shows.
    pub line: FreezeLine,
    /// Who told it and what was seen.
    pub why: String,
    /// What was proposed.
    pub outcome: Option<ShownOutcome>,
    /// What may be chosen.
    pub open: Vec<Outcome>,
}

crate::masked_debug!(FreezeLine, ShownOutcome, ShownFreeze);

fn name_or_gone(line: &FreezeLine) -> String {
    if line.name.is_empty() { "账号已经注销".to_owned() } else { line.name.clone() }
}

/// The list, and the form that freezes.
pub fn list(
    me: &Me,
    lines: &[FreezeLine],
    sent: &Sent<FreezeForm>,
    words: &str,
    key: &str,
) -> impl IntoView + use<> {
    let part = |title: &'static str, proposed: bool| {
        let items: Vec<_> = lines
            .iter()
            .filter(|line| line.proposed == proposed)
            .map(|line| LinkItem {
                href: format!("/staff/timebank/freezes/{}", line.id),
                title: format!("{}，{}", name_or_gone(line), minutes_text(line.minutes)),
                hint: format!(
                    "{}，{}，{}",
                    freeze_label(line.reason),
                    place_name(&line.area),
                    line.since.shanghai_text()
                ),
                sign: String::new(),
            })
            .collect();
        (!items.is_empty()).then(|| view! { <Card title><LinkList items/></Card> })
    };
    let (waiting, rest) = (part("等另一位同意", true), part("冻结着的", false));
    let empty = lines
        .is_empty()
        .then(|| view! { <Empty title="现在没有冻结的时间" hint="搬走、去世这些事，在下面登记。"/> });
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let form = sent.form.clone();
    let [phone, name, reason, why] = ["phone", "name", "reason", "why"].map(|field| sent.error(field));
    let reasons = choices!(FreezeReason::ENTERED, freeze_label, |_| None);
    let (errors, key) = (sent.summary(), key.to_owned());
    view! {
        <StaffLayout title="冻结的时间" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {words}
            <p>"冻结了，一分钟也不会少，只是先不能用。怎样处理，一个人提出，另一个人同意。"</p>
            {empty}
            {waiting}
            {rest}
            <Card title="先冻结">
                <form method="post" action="/staff/timebank/freezes" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Field name="phone" label="存时间的人的手机号" inputmode="tel" value=form.phone error=phone maxlength=20/>
                    <Field name="name" label="姓名" value=form.name error=name maxlength=60/>
                    <Radios name="reason" legend="为什么" options=reasons value=form.reason error=reason/>
                    <TextArea name="why" label="谁说的、看过什么" value=form.why error=why rows=3/>
                    <Actions><Button>"冻结"</Button></Actions>
                </form>
            </Card>
        </StaffLayout>
    }
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.to_owned(), value, ..Answer::default() }
}

fn act(id: &str, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    // Each form has a key of its own: two acts of one page are two acts.
    let (action, key) = (format!("/staff/timebank/freezes/{id}"), format!("{key}{act}"));
    view! {
        <form method="post" action=action novalidate class="xw-form">
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act/>
            {inside}
        </form>
    }
    .into_any()
}

fn proposal(id: &str, outcome: &ShownOutcome, key: &str) -> AnyView {
    let mut rows = vec![row("怎样处理", outcome_label(outcome.outcome).to_owned())];
    rows.extend(outcome.person.as_ref().map(|name| row("给谁", name.clone())));
    rows.push(row("为什么", outcome.why.clone()));
    rows.push(row("提出", deed_words(&outcome.proposed)));
    let at = outcome.proposed.at.0.to_string();
    let button = |words: &'static str, kind: &'static str| {
        let at = at.clone();
        view! {
            <input type="hidden" name="proposed_at" value=at/>
            <Actions><Button kind>{words}</Button></Actions>
        }
        .into_any()
    };
    let acts = if outcome.own {
        view! {
            <Banner kind="info" title="要请另一位来同意">
                <p>"这是您自己提出的，不能自己同意。时间银行协调员、区里的经办人都可以。"</p>
            </Banner>
            {act(id, key, "drop", button("收回", "quiet"))}
        }
        .into_any()
    } else {
        view! {
            {act(id, key, "settle", button("同意，就这样处理", "primary"))}
            {act(id, key, "drop", button("不同意", "secondary"))}
        }
        .into_any()
    };
    view! { <Answers title="提出的处理" rows/> {acts} }.into_any()
}

/// One of them.
pub fn show(
    me: &Me,
    freeze: &ShownFreeze,
    sent: &Sent<OutcomeForm>,
    words: &str,
    key: &str,
) -> impl IntoView + use<> {
    let line = &freeze.line;
    let mut rows = vec![
        row("谁的", name_or_gone(line)),
        row("多少", minutes_text(line.minutes)),
        row("为什么冻结", freeze_label(line.reason).to_owned()),
        row("什么时候", line.since.shanghai_full()),
    ];
    if !freeze.why.is_empty() {
        rows.push(row("谁说的", freeze.why.clone()));
    }
    let part = match &freeze.outcome {
        Some(outcome) => proposal(&line.id, outcome, key),
        None if freeze.open.is_empty() => view! {
            <Banner kind="info" title="先留着">
                <p>"区里还没有定可以怎样处理。没有公布的规则，时间就一直留着，一分钟也不会少。"</p>
            </Banner>
        }
        .into_any(),
        None => {
            let form = sent.form.clone();
            let [outcome, phone, name, why] =
                ["outcome", "phone", "name", "why"].map(|field| sent.error(field));
            let options: Vec<_> = freeze
                .open
                .iter()
                .map(|outcome| Choice {
                    value: outcome.as_str().to_owned(),
                    label: outcome_label(*outcome).to_owned(),
                    hint: None,
                })
                .collect();
            let person = freeze.open.iter().any(|outcome| outcome.needs_person()).then(|| {
                view! {
                    <Field name="phone" label="给谁：手机号" hint="给配偶、给本人的新账号才填" inputmode="tel" value=form.phone.clone() error=phone optional=true maxlength=20/>
                    <Field name="name" label="给谁：姓名" value=form.name.clone() error=name optional=true maxlength=60/>
                }
            });
            let inside = view! {
                <Card title="提出怎样处理">
                    <Radios name="outcome" legend="怎样处理" options value=form.outcome error=outcome/>
                    {person}
                    <TextArea name="why" label="为什么、看过什么" value=form.why error=why rows=3/>
                    <Actions><Button>"提出，请另一位同意"</Button></Actions>
                </Card>
            };
            act(&line.id, key, "propose", inside.into_any())
        }
    };
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let errors = sent.summary();
    view! {
        <StaffLayout title="冻结的时间" back="/staff/timebank/freezes" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {words}
            <Answers title="这些时间" rows/>
            {part}
        </StaffLayout>
    }
}
