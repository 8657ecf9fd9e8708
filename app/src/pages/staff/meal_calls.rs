//! `/staff/meal-calls`: elders who missed two meals in a row and wished to be rung.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, LinkItem, LinkList,
    Radios, StaffLayout, TextArea,
};
use crate::domain::area::community;
use crate::domain::meals::{CallForm, CallOutcome, CallReport, KeptEater, MealCall};
use crate::pages::meals::OrderLine;
use crate::pages::{Sent, choices};
use crate::text::meals::{call_label, meal_words};

/// A call in the list.
#[derive(Clone, Debug)]
pub struct CallLine {
    /// The call.
    pub call: MealCall,
    /// Whom, masked.
    pub who: String,
    /// Where they live.
    pub community: String,
}

/// One call, with what one needs for it.
#[derive(Clone)]
pub struct CallView {
    /// The call.
    pub call: MealCall,
    /// Whom.
    pub eater: KeptEater,
    /// Their meals of late, the latest first.
    pub meals: Vec<OrderLine>,
    /// The form's key.
    pub key: String,
}

crate::masked_debug!(CallView);

fn missed_words(call: &MealCall) -> String {
    let ((first_day, first_kind), (last_day, last_kind)) = call.missed;
    format!("{}和{}订了没来领", meal_words(first_day, first_kind), meal_words(last_day, last_kind))
}

fn found_words(report: &CallReport) -> String {
    match &report.note {
        Some(note) => format!("{}：{note}", call_label(report.outcome)),
        None => call_label(report.outcome).to_owned(),
    }
}

fn item(line: &CallLine) -> LinkItem {
    let place = community(&line.community).map_or("", |place| place.short_name());
    let state = match &line.call.done {
        Some((at, report)) => format!("{} 问过：{}", at.shanghai_text(), call_label(report.outcome)),
        None => "还没有问".to_owned(),
    };
    LinkItem {
        href: format!("/staff/meal-calls/{}", line.call.id),
        title: format!("{}（{place}）", line.who),
        hint: format!("{}。{state}", missed_words(&line.call)),
        sign: String::new(),
    }
}

/// The list: those that wait first.
pub fn list(me: &Me, lines: &[CallLine]) -> impl IntoView + use<> {
    let open: Vec<_> = lines.iter().filter(|line| line.call.done.is_none()).map(item).collect();
    let done: Vec<_> = lines.iter().filter(|line| line.call.done.is_some()).map(item).collect();
    let open = if open.is_empty() {
        view! { <Empty title="现在没有要问的" hint="愿意的老人连着两餐订了没来领，会列在这里"/> }.into_any()
    } else {
        view! { <LinkList items=open/> }.into_any()
    };
    let done = (!done.is_empty()).then(|| view! { <Card title="这一周问过的"><LinkList items=done/></Card> });
    view! {
        <StaffLayout title="没来领餐，问一问" back="/staff" name=me.name.clone() doors=me.doors()>
            {open}
            {done}
        </StaffLayout>
    }
}

/// One call.
pub fn call(me: &Me, view: &CallView, sent: &Sent<CallForm>) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let eater = &view.eater;
    let place = community(&eater.community).map_or("", |place| place.short_name());
    let mut rows = vec![
        row("姓名", eater.person.name.clone()),
        row("住在", format!("{place}{}", eater.person.detail)),
        row("为什么问", missed_words(&view.call)),
    ];
    rows.extend(
        view.call
            .done
            .as_ref()
            .map(|(at, report)| row("问下来", format!("{}（{}）", found_words(report), at.shanghai_text()))),
    );
    let phone = if eater.person.phone.is_empty() {
        view! { <Banner kind="warn" title="没有留电话，请上门看看"/> }.into_any()
    } else {
        let items = vec![LinkItem {
            href: format!("tel:{}", eater.person.phone.replace(' ', "")),
            title: format!("打电话：{}", eater.person.phone),
            hint: String::new(),
            sign: "phone".into(),
        }];
        view! { <LinkList items/> }.into_any()
    };
    let meals: Vec<_> = view
        .meals
        .iter()
        .map(|line| row(&meal_words(line.day, line.kind), format!("{}，{}", line.dish, line.staff_words())))
        .collect();
    let form = view.call.done.is_none().then(|| {
        let (action, key) = (format!("/staff/meal-calls/{}", view.call.id), view.key.clone());
        let outcomes = choices!(CallOutcome::ALL, call_label, |_| None);
        let [outcome_error, note_error] = ["outcome", "note"].map(|field| sent.error(field));
        let form = sent.form.clone();
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <p class="xw-hint">"没打通的先不要填，过一会儿再打，或者上门看看。"</p>
                <Radios name="outcome" legend="问下来怎么样" options=outcomes value=form.outcome error=outcome_error/>
                <TextArea name="note" label="写一写" hint="要帮忙的，写上谁在帮、怎么帮" value=form.note error=note_error rows=3 maxlength=200/>
                <Actions><Button>"问好了"</Button></Actions>
            </form>
        }
    });
    let (errors, orders) = (sent.summary(), format!("/staff/meal-orders/{}", eater.id));
    view! {
        <StaffLayout title="问一问" back="/staff/meal-calls" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Answers title="谁" rows/>
            {phone}
            {form}
            <Answers title="最近的餐" rows=meals/>
            <Actions><ButtonLink href=orders kind="secondary">"替老人退餐、订餐"</ButtonLink></Actions>
        </StaffLayout>
    }
}
