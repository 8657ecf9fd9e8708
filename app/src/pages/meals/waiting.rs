//! The line for a dish that is full: standing in it, one's place, leaving it.

use leptos::prelude::*;

use super::order::{NotReady, ReserveForm, not_ready};
use super::point::dish_words;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Layout, LinkItem, LinkList,
    Radios,
};
use crate::domain::meals::{Dish, KeptWait, MealMode, MealPoint, WaitState};
use crate::domain::time::date_text;
use crate::pages::{Sent, choices};
use crate::text::meals::{meal_label, mode_label};

/// A full dish, before one stands in its line.
#[derive(Clone, Debug)]
pub struct JoinView {
    /// The point.
    pub point: MealPoint,
    /// The dish.
    pub dish: Dish,
    /// How many wait for it.
    pub waiting: i64,
    /// Where a delivery would go.
    pub delivery: Option<String>,
    /// The form's key.
    pub key: String,
}

/// The page on which one stands in a line.
pub fn join_line(view: &JoinView, sent: &Sent<ReserveForm>, why: Option<NotReady>) -> impl IntoView + use<> {
    let back = format!("/meals/{}", view.point.code);
    let action = format!("{back}/wait");
    let of = &view.dish.dish;
    let title = format!("{} {}：{}", date_text(of.day), meal_label(of.kind), of.name);
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let ahead = match view.waiting {
        0 => "还没有人，您是第一个".to_owned(),
        waiting => format!("已经有 {waiting} 人"),
    };
    let rows = vec![
        row("在哪里", view.point.name.clone()),
        row("这一样", dish_words(&view.dish)),
        row("在排队的", ahead),
    ];
    let mut modes = choices!(MealMode::ALL, mode_label, |_| None);
    match &view.delivery {
        Some(place) => {
            for choice in modes.iter_mut().filter(|choice| choice.value == MealMode::Delivery.as_str()) {
                choice.hint = Some(format!("送到{place}"));
            }
        }
        None => modes.retain(|choice| choice.value != MealMode::Delivery.as_str()),
    }
    let value =
        if sent.form.mode.is_empty() { MealMode::DineIn.as_str().to_owned() } else { sent.form.mode.clone() };
    let (error, errors) = (sent.error("mode"), sent.summary());
    let (key, dish, other) = (view.key.clone(), view.dish.id.clone(), back.clone());
    let body = match why {
        Some(why) => not_ready(why),
        None => view! {
            <p>"有人退了，按排队先后，轮到您就替您订上，马上告诉您。不要了，截止以前随时能退，不要钱。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="dish" value=dish/>
                <Radios name="mode" legend="轮到了怎么吃" options=modes value error/>
                <Actions>
                    <Button>"排队"</Button>
                    <ButtonLink href=other kind="secondary">"换一样"</ButtonLink>
                </Actions>
            </form>
        }
        .into_any(),
    };
    view! {
        <Layout title="排队等" back=back narrow=true>
            <ErrorSummary errors/>
            <Answers title rows/>
            {body}
        </Layout>
    }
}

/// A place in a line, with its point's name.
#[derive(Clone, Debug)]
pub struct WaitLine {
    /// The place.
    pub wait: KeptWait,
    /// The point's name.
    pub point: String,
}

/// How it stands, in words.
fn state_words(wait: &KeptWait) -> String {
    match wait.state {
        WaitState::Waiting => format!("排在第 {} 位", wait.place),
        WaitState::Standby => "已经截止，有人临时不来会打电话问您".to_owned(),
        WaitState::Given => "轮到了，已经订上".to_owned(),
        WaitState::Left => "您不排了".to_owned(),
        WaitState::Declined => "问过您，这次不来".to_owned(),
        WaitState::Unreached => "打过电话，没有接通".to_owned(),
        WaitState::Over => "没有等到".to_owned(),
    }
}

fn title_of(wait: &KeptWait) -> String {
    format!("{} {}：{}", date_text(wait.day), meal_label(wait.kind), wait.dish_name)
}

/// One's place in a line.
pub fn waiting(line: &WaitLine, key: &str) -> impl IntoView + use<> {
    let wait = &line.wait;
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let rows = vec![
        row("哪一天", format!("{} {}", date_text(wait.day), meal_label(wait.kind))),
        row("吃什么", wait.dish_name.clone()),
        row("在哪里", line.point.clone()),
        row("怎么吃", mode_label(wait.mode).to_owned()),
    ];
    let kind = match wait.state {
        WaitState::Given => "good",
        WaitState::Waiting | WaitState::Standby => "info",
        _ => "warn",
    };
    let words = match wait.state {
        WaitState::Waiting => "有人退了就往前走；轮到您，替您订上，马上告诉您。",
        WaitState::Standby => "先安排别的饭，不用专门等。电话里说来，才给您留。",
        WaitState::Given => "到「我的订餐」里看领餐的码；不要了，截止以前退，好给下一位。",
        WaitState::Left | WaitState::Declined | WaitState::Unreached | WaitState::Over => {
            "要吃的话，换一样或者换一个助餐点。"
        }
    };
    let meal = wait.meal.as_ref().map(|meal| format!("/meals/mine/{meal}"));
    let meal = meal.map(|href| view! { <Actions><ButtonLink href>"看订上的这一餐"</ButtonLink></Actions> });
    let (action, key) = (format!("/meals/waiting/{}/leave", wait.id), key.to_owned());
    let leave = wait.state.is_open().then(|| {
        view! {
            <Card title="不等了">
                <p>"位子让给后面的人。以后再排，从最后排起。"</p>
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions><Button kind="danger">"不排了"</Button></Actions>
                </form>
            </Card>
        }
    });
    let title = state_words(wait);
    view! {
        <Layout title="排队等" back="/meals/mine" narrow=true>
            <Banner kind=kind title=title><p>{words}</p></Banner>
            {meal}
            <Answers title="等的这一餐" rows/>
            {leave}
        </Layout>
    }
}

/// The card in the list of one's own meals.
pub(super) fn waits_card(lines: &[WaitLine]) -> AnyView {
    let open = lines.iter().filter(|line| line.wait.state.is_open());
    let items: Vec<_> = open
        .map(|line| LinkItem {
            href: format!("/meals/waiting/{}", line.wait.id),
            title: title_of(&line.wait),
            hint: format!("{}，{}", line.point, state_words(&line.wait)),
            sign: String::new(),
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! { <Card title="在排队的"><LinkList items/></Card> }.into_any()
}
