//! `/staff/meals/{point}/hand-out`: meals as they are handed out.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use super::meal_walk_in::{WalkInView, walk_in};
use crate::components::{Actions, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Field, StaffLayout};
use crate::domain::meals::{Bill, DeskOutcome, MealKind, MealMode, MealPoint, MealState, Paid, WalkInForm};
use crate::domain::money::Fen;
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text::meals::{AS_PUBLISHED, meal_label, mode_label, paid_label};

/// A meal of the day's list.
#[derive(Clone)]
pub struct DeskLine {
    /// Its id.
    pub id: String,
    /// Which meal.
    pub kind: MealKind,
    /// The dish.
    pub dish: String,
    /// Who eats, masked.
    pub who: String,
    /// How it comes.
    pub mode: MealMode,
    /// How it stands.
    pub state: MealState,
    /// What they must not eat.
    pub avoid: Vec<String>,
    /// The number.
    pub number: String,
    /// The dish's price.
    pub price: Fen,
    /// Who pays what.
    pub bill: Option<Bill>,
    /// What became of the elder's part.
    pub paid: Option<Paid>,
    /// A scan handed it out, and nobody noted the money yet.
    pub paid_open: bool,
    /// When and where its code was scanned first.
    pub scanned: Option<(Instant, String)>,
}

crate::masked_debug!(DeskLine);

/// Two sides told different things of one meal.
#[derive(Clone)]
pub struct ConflictLine {
    /// The id of the scan that came second.
    pub id: String,
    /// Who eats, masked.
    pub who: String,
    /// The dish.
    pub dish: String,
    /// The meal's number.
    pub number: String,
    /// What is wrong.
    pub outcome: DeskOutcome,
    /// It was tried at a desk, without an order.
    pub at_desk: bool,
    /// When, where and how the device told of it.
    pub told: (Instant, String, Paid),
    /// When, where and how it counts as handed out, if it does.
    pub kept: Option<(Instant, String, Option<Paid>)>,
    /// Where it was ordered.
    pub point: String,
}

crate::masked_debug!(ConflictLine);

/// The day at a point.
#[derive(Clone, Debug)]
pub struct DeskView {
    /// The point.
    pub point: MealPoint,
    /// The day.
    pub day: Date,
    /// What was looked for.
    pub find: String,
    /// The meals that fit, those that wait first.
    pub lines: Vec<DeskLine>,
    /// How many there are on the day, and how many were handed out.
    pub counts: (usize, usize),
    /// Those who come without an order.
    pub walk_in: WalkInView,
    /// What has to be looked at: one meal, told of by two.
    pub conflicts: Vec<ConflictLine>,
    /// What could not be done, in words; empty for nothing.
    pub refused: String,
    /// The key of the forms.
    pub key: String,
}

/// A dish's part of the price that the point collects.
pub fn own_words(bill: Option<&Bill>) -> String {
    bill.map_or_else(|| AS_PUBLISHED.to_owned(), |bill| format!("收 {} 元", bill.own.yuan()))
}

fn desk_line(base: &str, line: &DeskLine, key: &str) -> impl IntoView + use<> {
    let words = format!("{} {}：{}（{}）", line.who, meal_label(line.kind), line.dish, mode_label(line.mode));
    let avoid = (!line.avoid.is_empty())
        .then(|| view! { <p><strong>{format!("忌口：{}", line.avoid.join("、"))}</strong></p> });
    let scanned = line.scanned.as_ref().map(|(at, office)| {
        let words = format!("码在 {} 扫过（{office}）", at.shanghai_text());
        view! { <p class="xw-hint">{words}</p> }
    });
    let action = format!("{base}/hand-out/{}", line.id);
    let state = if line.state == MealState::HandedOut {
        let words = match line.paid {
            _ if line.paid_open => "扫码领了，个人的部分还没有记".to_owned(),
            Some(paid) => format!("领了，个人的部分{}", paid_label(paid)),
            None => "领了".to_owned(),
        };
        let buttons = (line.paid == Some(Paid::Unpaid)).then(|| {
            let offered = |paid: &&Paid| line.paid_open || **paid != Paid::Unpaid;
            let buttons = Paid::ALL
                .iter()
                .filter(offered)
                .map(|paid| {
                    let words = match paid {
                        Paid::Paid => "钱收了",
                        Paid::Unpaid => "钱没收",
                        Paid::Waived => "免了",
                    };
                    view! { <Button kind="secondary" name="paid" value=paid.as_str()>{words}</Button> }
                })
                .collect_view();
            let (action, key) = (format!("{action}/paid"), format!("{key}p{}", line.id));
            view! {
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions>{buttons}</Actions>
                </form>
            }
        });
        view! { <p class="xw-hint">{words}</p> {buttons} }.into_any()
    } else {
        let buttons = Paid::ALL
            .iter()
            .map(|paid| {
                let words = match paid {
                    Paid::Paid => "领了，钱收了",
                    Paid::Unpaid => "领了，钱没收",
                    Paid::Waived => "领了，免了",
                };
                let kind = if *paid == Paid::Paid { "primary" } else { "secondary" };
                view! { <Button kind name="paid" value=paid.as_str()>{words}</Button> }
            })
            .collect_view();
        let key = format!("{key}h{}", line.id);
        view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions>{buttons}</Actions>
            </form>
        }
        .into_any()
    };
    let own = match &line.bill {
        Some(bill) => own_words(Some(bill)),
        None => format!("原价 {} 元，{AS_PUBLISHED}", line.price.yuan()),
    };
    let number = line.number.clone();
    view! {
        <Card title=words>
            {avoid}
            <p>{format!("{own}，编号 {number}")}</p>
            {scanned}
            {state}
        </Card>
    }
}

/// What two sides told of one meal, beside each other.
fn conflict(base: &str, line: &ConflictLine, key: &str) -> impl IntoView + use<> {
    let what = match line.outcome {
        DeskOutcome::Cancelled => "已经退了，又记了领餐",
        _ if line.at_desk => "同一餐又来领，只算一份",
        DeskOutcome::Elsewhere => "订在一个点，在另一个点领",
        _ => "一份记了两次，只算一份",
    };
    let title = format!("要核对：{} {}，{what}", line.who, line.dish);
    let (at, place, paid) = &line.told;
    let told = if line.at_desk {
        format!("没有订来领：{} 在{place}，没有给第二份", at.shanghai_text())
    } else {
        format!("没有网的设备：{} 在{place}记的，个人的部分{}", at.shanghai_text(), paid_label(*paid))
    };
    let kept = match &line.kept {
        Some((at, place, paid)) => {
            let paid = paid.map_or_else(String::new, |paid| format!("，个人的部分{}", paid_label(paid)));
            format!("算数的一次：{} 在{place}{paid}", at.shanghai_text())
        }
        None => format!("这一份订在{}，没有记领餐", line.point),
    };
    // A form's key has 64 signs at most.
    let (action, key) = (format!("{base}/conflicts/{}", line.id), format!("{key}c{:.16}", line.id));
    let number = line.number.clone();
    view! {
        <Card title>
            <p>{kept}</p>
            <p>{told}</p>
            <p class="xw-hint">{format!("编号 {number}")}</p>
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions><Button kind="secondary">"核对过了"</Button></Actions>
            </form>
        </Card>
    }
}

/// The day's list, and what was found in it.
pub fn desk(me: &Me, view: &DeskView, sent: &Sent<WalkInForm>) -> impl IntoView + use<> {
    let base = format!("/staff/meals/{}", view.point.code);
    let lines = if view.lines.is_empty() {
        view! { <Empty title="没有找到" hint="换个写法再找：短码、编号、姓名"/> }.into_any()
    } else {
        view.lines.iter().map(|line| desk_line(&base, line, &view.key)).collect_view().into_any()
    };
    let refused =
        (!view.refused.is_empty()).then(|| view! { <Banner kind="bad" title=view.refused.clone()/> });
    let conflicts = view.conflicts.iter().map(|line| conflict(&base, line, &view.key)).collect_view();
    let (all, out) = view.counts;
    let counts = format!("{}：订了 {all} 份，领了 {out} 份", date_text(view.day));
    let (walk_in, errors) = (walk_in(&view.walk_in, &base, &view.key, sent), sent.summary());
    let (action, find, name) = (format!("{base}/hand-out"), view.find.clone(), view.point.name.clone());
    let (kitchen, offline) = (format!("{base}/kitchen"), format!("{base}/offline"));
    let tours = format!("{base}/tours");
    view! {
        <StaffLayout title=name back="/staff/meals" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {refused}
            <p>{counts}</p>
            <form method="post" action=action class="xw-form">
                <Field name="find" label="找一份" hint="短码、编号、姓名；空着就是全部" value=find optional=true maxlength=60/>
                <Actions>
                    <Button>"找"</Button>
                    <ButtonLink href=offline kind="secondary">"没有网也能领餐"</ButtonLink>
                    <ButtonLink href=kitchen kind="secondary">"厨房单"</ButtonLink>
                    <ButtonLink href=tours kind="secondary">"送餐"</ButtonLink>
                </Actions>
            </form>
            {conflicts}
            {lines}
            {walk_in}
        </StaffLayout>
    }
}
