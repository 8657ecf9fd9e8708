//! The clock of a case on the office's page: an extension by a legal ground, aid that goes before its papers.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Actions, Answer, Answers, Banner, Button, Card, Choice, Field, Radios, TextArea};
use crate::domain::aid::clock::{CaseClock, ExpeditedForm, ExtensionForm, GivenFirst};
use crate::domain::form::FormErrors;
use crate::domain::money::Fen;
use crate::domain::time::date_text;
use crate::text::errors::sentence;

/// What was done to the clock, and what may be.
#[derive(Clone, Default)]
pub struct ClockCard {
    /// What was done.
    pub clock: CaseClock,
    /// The grounds by which this case may still get more time, and how many working days it then has.
    pub grounds: Option<(Vec<String>, u16)>,
    /// The most that may be given first, where the office set it, and whether it is a sample.
    pub first: Option<(Fen, bool)>,
    /// This person does what the street does.
    pub may: bool,
}

/// A form of the cards that came back.
#[derive(Clone, Default)]
pub struct TypedClock {
    /// The extension.
    pub extension: ExtensionForm,
    /// Aid that is given first.
    pub expedited: ExpeditedForm,
    /// What followed.
    pub supplement: String,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(ClockCard, TypedClock);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn extension(base: &str, key: &str, card: &ClockCard, typed: &TypedClock) -> AnyView {
    if let Some((extension, at)) = &card.clock.extension {
        let rows = vec![
            row("依据", extension.ground.clone()),
            row("全程时限", format!("{} 个工作日", extension.working_days)),
            row("理由", extension.reasons.clone()),
            row("什么时候", at.shanghai_full()),
        ];
        return view! { <Answers title="延长办理时限" rows/> }.into_any();
    }
    let Some((grounds, days)) = card.grounds.as_ref().filter(|_| card.may) else { return ().into_any() };
    let options = grounds
        .iter()
        .map(|ground| Choice { value: ground.clone(), label: ground.clone(), hint: None })
        .collect::<Vec<_>>();
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let (ground_error, reasons_error) = (error("extension-ground"), error("extension-reasons"));
    let (value, reasons) = (typed.extension.ground.clone(), typed.extension.reasons.clone());
    let (action, key) = (format!("{base}/extend"), key.to_owned());
    let words = format!("只有下面的情形才能延长，延长后全程 {days} 个工作日，只能一次。已经过期的不能延长。");
    view! {
        <Card title="延长办理时限">
            <p>{words}</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="extension-ground" legend="依据哪一种情形" value options error=ground_error/>
                <TextArea name="extension-reasons" label="具体情况" hint="居民会看到，也会看到新的最晚日期" value=reasons error=reasons_error rows=3/>
                <Actions><Button kind="secondary">"延长，并告诉居民"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn given(base: &str, key: &str, may: bool, given: &GivenFirst, today: Date, typed: &TypedClock) -> AnyView {
    let mut rows = vec![
        row("先给了", format!("{} 元", given.expedited.amount.yuan())),
        row("为什么先给", given.expedited.why.clone()),
        row("什么时候", given.at.shanghai_full()),
    ];
    let by = given.papers_by.map_or("放假安排公布后再算".to_owned(), date_text);
    rows.push(row("手续最晚补到", by));
    if let Some((supplement, at)) = &given.supplement {
        rows.push(row("补充说明", supplement.clone()));
        rows.push(row("补上", at.shanghai_full()));
        return view! { <Answers title="先行救助" rows/> }.into_any();
    }
    let late = given.papers_by.is_some_and(|day| day < today).then(|| {
        view! { <Banner kind="warn" title="手续过了最晚日期还没有补"><p>"请马上补上，并写明为什么晚了。"</p></Banner> }
    });
    let form = may.then(|| {
        let (action, key) = (format!("{base}/supplement"), key.to_owned());
        let (value, error) = (typed.supplement.clone(), typed.errors.of("supplement").map(sentence));
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea name="supplement" label="补充说明" hint="补了哪些手续，核实了什么" value error rows=3/>
                <Actions><Button kind="secondary">"手续补上了"</Button></Actions>
            </form>
        }
    });
    view! { <Card><Answers title="先行救助：手续还要补" rows/>{late}{form}</Card> }.into_any()
}

fn expedited(base: &str, key: &str, card: &ClockCard, today: Date, typed: &TypedClock) -> AnyView {
    if let Some(first) = &card.clock.expedited {
        return given(base, key, card.may, first, today, typed);
    }
    let Some((most, sample)) = card.first.filter(|_| card.may) else { return ().into_any() };
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let (amount_error, why_error) = (error("first-amount"), error("first-why"));
    let (amount, why) = (typed.expedited.amount.clone(), typed.expedited.why.clone());
    let (action, key) = (format!("{base}/first"), key.to_owned());
    let marked = if sample { "（示例）" } else { "" };
    let words = format!(
        "情况紧急、数额较小的，可以先救助，手续之后补（社会救助法第五十条）。这里最多 {} 元{marked}。给了以后，申请照常往下办。",
        most.yuan()
    );
    view! {
        <Card title="先行救助">
            <p>{words}</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="first-amount" label="先给多少" value=amount error=amount_error unit="元" inputmode="decimal"/>
                <TextArea name="first-why" label="什么等不了" hint="居民会看到" value=why error=why_error rows=3/>
                <Actions><Button kind="secondary">"先给，手续后补"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// The cards.
pub fn clock(
    base: &str,
    key: &str,
    card: &ClockCard,
    today: Date,
    typed: &TypedClock,
) -> impl IntoView + use<> {
    let (extension, expedited) =
        (extension(base, key, card, typed), expedited(base, key, card, today, typed));
    view! { {expedited}{extension} }
}
