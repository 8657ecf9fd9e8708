//! `/staff/meals/{point}/waiting`: the lines for full dishes, and whom to ring when a meal is given up late.

use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Banner, Button, Card, Empty, LinkItem, LinkList, StaffLayout};
use crate::domain::meals::{KeptEater, KeptWait, MealPoint, WaitAnswer, WaitState};
use crate::domain::time::date_text;
use crate::text::meals::{meal_label, mode_label};

/// Somebody in a line.
#[derive(Clone)]
pub struct Waiting {
    /// Their place.
    pub wait: KeptWait,
    /// How many of the dish are free.
    pub free: i64,
    /// They are the next to be rung.
    pub ring: bool,
    /// Who waits.
    pub eater: KeptEater,
}

/// The lines of a point.
#[derive(Clone)]
pub struct LineView {
    /// The point.
    pub point: MealPoint,
    /// By day, meal and dish, each in its order.
    pub lines: Vec<Waiting>,
    /// What could not be done, in words; empty for nothing.
    pub refused: &'static str,
    /// The key of the forms.
    pub key: String,
}

crate::masked_debug!(Waiting, LineView);

/// Whom to ring, with the three answers.
fn ring(view: &LineView, one: &Waiting) -> AnyView {
    let phone = one.eater.person.phone.clone();
    let call = (!phone.is_empty()).then(|| {
        let items = vec![LinkItem {
            href: format!("tel:{}", phone.replace(' ', "")),
            title: format!("打电话：{phone}"),
            hint: String::new(),
            sign: "phone".into(),
        }];
        view! { <LinkList items/> }
    });
    let none = phone.is_empty().then(|| view! { <p>"没有留电话，请上门问，或者点「没接通」换下一位。"</p> });
    let (action, key) = (
        format!("/staff/meals/{}/waiting/{}", view.point.code, one.wait.id),
        format!("{}w{}", view.key, one.wait.id),
    );
    let words = format!("空出来 {} 份。请先问 {}：现在还能来吗？", one.free, one.eater.person.name);
    let [comes, declines, unreached] =
        [WaitAnswer::Comes, WaitAnswer::Declines, WaitAnswer::Unreached].map(WaitAnswer::as_str);
    view! {
        <Banner kind="warn" title=words>
            {call}
            {none}
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions>
                    <Button name="answer" value=comes>"能来，给这位留着"</Button>
                    <Button kind="secondary" name="answer" value=declines>"这次不来"</Button>
                    <Button kind="secondary" name="answer" value=unreached>"没接通"</Button>
                </Actions>
            </form>
        </Banner>
    }
    .into_any()
}

/// The page.
pub fn lines(me: &Me, view: &LineView) -> impl IntoView + use<> {
    let mut dishes: Vec<&Waiting> = Vec::new();
    for one in &view.lines {
        if !dishes.iter().any(|other| other.wait.dish == one.wait.dish) {
            dishes.push(one);
        }
    }
    let cards = dishes
        .into_iter()
        .map(|first| {
            let of = &first.wait;
            let title = format!("{} {}：{}", date_text(of.day), meal_label(of.kind), of.dish_name);
            let line: Vec<_> = view.lines.iter().filter(|one| one.wait.dish == of.dish).collect();
            let calls = line.iter().filter(|one| one.ring).map(|one| ring(view, one)).collect_view();
            let people = line
                .iter()
                .map(|one| {
                    let late =
                        if one.wait.state == WaitState::Standby { "，截止后等电话" } else { "" };
                    let (name, mode) = (one.eater.person.masked(), mode_label(one.wait.mode));
                    view! { <li>{format!("{name}，{mode}{late}")}</li> }
                })
                .collect_view();
            view! { <Card title=title>{calls}<ol>{people}</ol></Card> }
        })
        .collect_view();
    let empty = view.lines.is_empty().then(|| {
        view! { <Empty title="没有人在排队" hint="哪一样订完了，老人可以排队；有人退，系统按先后替他们订上"/> }
    });
    let refused =
        (!view.refused.is_empty()).then(|| view! { <Banner kind="bad" title=view.refused.to_owned()/> });
    let (back, title) = (format!("/staff/meals/{}", view.point.code), format!("{}：排队的", view.point.name));
    view! {
        <StaffLayout title=title back=back name=me.name.clone() doors=me.doors() narrow=true>
            {refused}
            <p>"截止以前有人退，系统自动按先后订上并告诉本人。截止以后有人退，饭已经做了：请打电话问，说来才留。"</p>
            {cards}
            {empty}
        </StaffLayout>
    }
}
