//! Ordering: the prices of what was picked, one's own meals, one of them with its code.

use jiff::civil::Date;
use leptos::prelude::*;

use super::standing::standing_card;
use super::waiting::{WaitLine, waits_card};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Figure, Layout,
    LinkItem, LinkList, QrCard, Radios, Tag, TextArea,
};
use crate::domain::marriage::time_words;
use crate::domain::meals::{
    Bill, Dish, KeptRating, MealKind, MealMode, MealPoint, MealState, Paid, Quote, RatingForm, Score,
    Service, Standing, pick_field,
};
use crate::domain::money::Fen;
use crate::domain::time::date_text;
use crate::pages::{Sent, choices};
use crate::text::meals::{
    AS_PUBLISHED, meal_label, mode_label, paid_label, score_label, state_label, unset_words,
};

/// Why somebody cannot order here yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// Their document was not checked.
    NotVerified,
    /// Nobody knows in which community they live.
    NoHome,
}

/// A dish that was picked, with what is known of its price.
#[derive(Clone, Debug)]
pub struct Picked {
    /// The dish.
    pub dish: Dish,
    /// Who pays what.
    pub quote: Quote,
    /// Until when it can be given up for nothing, in words.
    pub left: String,
}

/// How one orders, as typed.
#[derive(Clone, Debug, Default)]
pub struct ReserveForm {
    /// Slug of a [`MealMode`].
    pub mode: String,
}

/// What is about to be ordered.
#[derive(Clone, Debug)]
pub struct ReserveView {
    /// The point.
    pub point: MealPoint,
    /// What was picked, by day.
    pub picked: Vec<Picked>,
    /// Where a delivery would go; `None` where the point does not deliver there.
    pub delivery: Option<String>,
    /// The form's key.
    pub key: String,
}

/// A sum by who pays, as one reads it: 「政府 3 元，街道 2 元，我付 7 元」.
pub(crate) fn slip_words(bill: &Bill) -> String {
    format!(
        "原价 {} 元：区里补 {} 元，街道补 {} 元，我付 {} 元",
        bill.price.yuan(),
        bill.district.yuan(),
        bill.street.yuan(),
        bill.own.yuan()
    )
}

fn sample_tag(sample: bool) -> Option<impl IntoView> {
    sample.then(|| view! { <p><Tag kind="plain">"示例"</Tag>" 补贴是演示用的，不是公布的标准"</p> })
}

pub(super) fn not_ready(why: NotReady) -> AnyView {
    match why {
        NotReady::NotVerified => view! {
            <Banner kind="warn" title="还差一步：核对证件">
                <p>"订餐的补贴一人一份，要先看过身份证。请带身份证到社区或街道窗口，看一眼就行。"</p>
                <p>"不想跑的，打电话给社区或者助餐点，工作人员替您订。"</p>
            </Banner>
        }
        .into_any(),
        NotReady::NoHome => view! {
            <Banner kind="warn" title="还差一步：住在哪个社区">
                <p>"补贴和送餐看住在哪里。填一次，以后都不用再填。"</p>
                <ButtonLink href="/me/profile/address">"填住址"</ButtonLink>
            </Banner>
        }
        .into_any(),
    }
}

/// The price of what was picked, and the button that orders it.
pub fn reserve(view: &ReserveView, sent: &Sent<ReserveForm>, why: Option<NotReady>) -> impl IntoView + use<> {
    let back = format!("/meals/{}", view.point.code);
    let rows: Vec<_> = view
        .picked
        .iter()
        .map(|picked| {
            let of = &picked.dish.dish;
            let price = match picked.quote {
                Quote::Known(bill) => slip_words(&bill),
                Quote::AsPublished(why) => {
                    format!("原价 {} 元；补贴{AS_PUBLISHED}（{}）", of.price.yuan(), unset_words(why))
                }
            };
            Answer {
                label: format!("{} {}：{}", date_text(of.day), meal_label(of.kind), of.name),
                value: format!("{price}。{}可以退，不要钱", picked.left),
                ..Answer::default()
            }
        })
        .collect();
    let mut own = Some(0);
    let mut sample = false;
    for picked in &view.picked {
        match picked.quote {
            Quote::Known(bill) => {
                own = own.map(|sum| sum + bill.own.0);
                sample |= bill.sample;
            }
            Quote::AsPublished(_) => own = None,
        }
    }
    let total = own.map_or_else(|| AS_PUBLISHED.to_owned(), |sum| format!("{} 元", Fen(sum).yuan()));
    let picks = view
        .picked
        .iter()
        .map(|picked| {
            let (name, value) =
                (pick_field(picked.dish.dish.day, picked.dish.dish.kind), picked.dish.id.clone());
            view! { <input type="hidden" name=name value=value/> }
        })
        .collect_view();
    let (mode_error, errors) = (sent.error("mode"), sent.summary());
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
    let (action, key, name) = (format!("{back}/reserve"), view.key.clone(), view.point.name.clone());
    let (has_any, again) = (!view.picked.is_empty(), back.clone());
    let body = match why {
        Some(why) => not_ready(why),
        None if !has_any => {
            view! { <Actions><ButtonLink href=again kind="secondary">"回去选"</ButtonLink></Actions> }
                .into_any()
        }
        None => view! {
            <Figure label="到点我一共付" value=total/>
            {sample_tag(sample)}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {picks}
                <Radios name="mode" legend="怎么吃" options=modes value error=mode_error/>
                <p class="xw-hint">"这里不收钱。个人的部分到助餐点付。"</p>
                <Actions>
                    <Button>"订下"</Button>
                    <ButtonLink href=again kind="secondary">"改一改"</ButtonLink>
                </Actions>
            </form>
        }
        .into_any(),
    };
    let list = has_any.then(|| view! { <Answers title=name rows/> });
    view! {
        <Layout title="看价钱，订下" back=back narrow=true>
            <ErrorSummary errors/>
            {list}
            {body}
        </Layout>
    }
}

/// A meal in one's own list.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// Its id.
    pub id: String,
    /// The day.
    pub day: Date,
    /// Which meal.
    pub kind: MealKind,
    /// The dish.
    pub dish: String,
    /// The point's name.
    pub point: String,
    /// How it stands.
    pub state: MealState,
    /// How one found it.
    pub score: Option<Score>,
    /// The point could not keep it, and ended it.
    pub by_point: bool,
    /// Who pays what.
    pub bill: Option<Bill>,
}

impl OrderLine {
    /// How it stands, in words.
    pub(crate) fn state_words(&self) -> &'static str {
        match (self.by_point, self.state, self.score) {
            (true, ..) => "助餐点不开，退了",
            (_, MealState::HandedOut, None) => "领了，好吃吗？点开说一声",
            (_, state, _) => state_label(state),
        }
    }

    /// How it stands, as staff read it.
    pub(crate) fn staff_words(&self) -> &'static str {
        if self.by_point { self.state_words() } else { state_label(self.state) }
    }
}

/// Whether somebody is rung after two missed meals in a row.
fn care_call(wished: bool, key: &str) -> impl IntoView + use<> {
    let (words, value, button) = if wished {
        ("连着两餐订了没来领，社区会打电话问问您好不好。", "no", "不用打电话问我")
    } else {
        (
            "要是连着两餐订了没来领，可以让社区打个电话，问问您好不好。不开也行，不影响订餐。",
            "yes",
            "没来领，请打电话问我",
        )
    };
    let key = format!("{key}c");
    view! {
        <Card title="有人惦记着">
            <p>{words}</p>
            <form method="post" action="/meals/mine/care-call">
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions><Button kind="secondary" name="care_call" value=value>{button}</Button></Actions>
            </form>
        </Card>
    }
}

/// The sums of a month.
fn month_sums(lines: &[OrderLine], today: Date) -> AnyView {
    let of_month: Vec<_> = lines
        .iter()
        .filter(|line| {
            line.day.first_of_month() == today.first_of_month() && line.state != MealState::Cancelled
        })
        .collect();
    if of_month.is_empty() {
        return ().into_any();
    }
    let known: Vec<Bill> = of_month.iter().filter_map(|line| line.bill).collect();
    let sum = |part: fn(&Bill) -> Fen| Fen(known.iter().map(|bill| part(bill).0).sum::<i64>()).yuan();
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let mut rows = vec![row("这个月", format!("{} 餐", of_month.len()))];
    if !known.is_empty() {
        rows.push(row("区里补", format!("{} 元", sum(|bill| bill.district))));
        rows.push(row("街道补", format!("{} 元", sum(|bill| bill.street))));
        rows.push(row("我付", format!("{} 元", sum(|bill| bill.own))));
    }
    if known.len() < of_month.len() {
        let count = of_month.len() - known.len();
        rows.push(row(&format!("另外 {count} 餐"), AS_PUBLISHED.to_owned()));
    }
    let sample = sample_tag(known.iter().any(|bill| bill.sample));
    view! { <Answers title="这个月的账" rows/> {sample} }.into_any()
}

/// One's own meals.
#[derive(Clone, Debug)]
pub struct MineView {
    /// Those ordered.
    pub lines: Vec<OrderLine>,
    /// Standing orders, each with its point's name; `None` for somebody who is not known yet.
    pub standing: Option<Vec<(Standing, String)>>,
    /// Lines in which one stands.
    pub waits: Vec<WaitLine>,
    /// Today.
    pub today: Date,
    /// What is missing before one can order.
    pub why: Option<NotReady>,
    /// For somebody who is known: whether they wish to be rung.
    pub care: Option<bool>,
    /// The form's key.
    pub key: String,
}

/// One's own meals.
pub fn mine(view: &MineView) -> impl IntoView + use<> {
    let (lines, today) = (view.lines.as_slice(), view.today);
    let item = |line: &OrderLine| LinkItem {
        href: format!("/meals/mine/{}", line.id),
        title: format!("{} {}：{}", date_text(line.day), meal_label(line.kind), line.dish),
        hint: format!("{}，{}", line.point, line.state_words()),
        sign: String::new(),
    };
    let is_next = |line: &&OrderLine| line.state == MealState::Reserved && line.day >= today;
    let mut next: Vec<_> = lines.iter().filter(is_next).map(item).collect();
    // The nearest day first.
    next.reverse();
    let past: Vec<_> = lines.iter().filter(|line| !is_next(line)).map(item).collect();
    let next = if next.is_empty() {
        view! { <Empty title="还没有订餐" hint="选一个助餐点，看看这几天吃什么" href="/meals" action="找助餐点"/> }.into_any()
    } else {
        view! { <Card title="订好的"><LinkList items=next/></Card> }.into_any()
    };
    let past =
        (!past.is_empty()).then(|| view! { <Card title="以前的和退掉的"><LinkList items=past/></Card> });
    let care = view.care.map(|wished| care_call(wished, &view.key));
    let waits = waits_card(&view.waits);
    let standing = view.standing.as_ref().map(|standing| standing_card(standing, today));
    let (why, sums) = (view.why.map(not_ready), month_sums(lines, today));
    view! {
        <Layout title="我的订餐" back="/meals" narrow=true>
            {why}
            {next}
            {waits}
            {standing}
            {sums}
            {care}
            {past}
        </Layout>
    }
}

/// Whether a meal can be given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivingUp {
    /// For nothing, and how long still.
    Free(String),
    /// The kitchen has counted it; somebody else can have it.
    Late,
    /// It is served, or over.
    Not,
}

/// One meal.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// As in the list.
    pub line: OrderLine,
    /// What it was when it was ordered, where something else came in its place.
    pub instead_of: Option<String>,
    /// The dish's price.
    pub price: Fen,
    /// How it comes.
    pub mode: MealMode,
    /// The point.
    pub point: Option<MealPoint>,
    /// When it is served.
    pub service: Option<Service>,
    /// The number.
    pub number: String,
    /// What became of the elder's part.
    pub paid: Option<Paid>,
    /// The code as a picture and in eight signs, while it holds.
    pub code: Option<(String, String)>,
    /// Whether it can be given up.
    pub giving_up: GivingUp,
    /// What one said of it.
    pub rating: Option<KeptRating>,
    /// The form's key.
    pub key: String,
}

fn giving_up(view: &OrderView) -> AnyView {
    let words = match &view.giving_up {
        GivingUp::Free(left) => format!("{left}可以退，不要钱，不影响以后订。"),
        GivingUp::Late => "已经过了截止，厨房已经算上了。来不了请现在退，这一份就能给别人吃。".to_owned(),
        GivingUp::Not => return ().into_any(),
    };
    let (action, key) = (format!("/meals/mine/{}/cancel", view.line.id), view.key.clone());
    view! {
        <Card title="不吃了">
            <p>{words}</p>
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Button kind="danger">"退掉这一餐"</Button>
            </form>
        </Card>
    }
    .into_any()
}

/// How it was: three buttons, and a word if one likes.
fn rating(view: &OrderView, sent: &Sent<RatingForm>) -> AnyView {
    if let Some(said) = &view.rating {
        let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
        let mut rows = vec![row("吃得怎么样", score_label(said.score).to_owned())];
        rows.extend(said.word.clone().map(|word| row("我说的", word)));
        rows.extend(said.answered.as_ref().map(|(_, answer)| row("助餐点看了", answer.clone())));
        return view! { <Answers title="我说过的" rows/> }.into_any();
    }
    if view.line.state != MealState::HandedOut {
        return ().into_any();
    }
    let buttons = Score::ALL
        .iter()
        .map(|score| {
            view! { <Button kind="secondary" name="score" value=score.as_str()>{score_label(*score)}</Button> }
        })
        .collect_view();
    let (action, key) = (format!("/meals/mine/{}/rate", view.line.id), format!("{}r", view.key));
    let (error, word) = (sent.error("word"), sent.form.word.clone());
    let tap = sent.error("score").map(|words| view! { <p class="xw-field__error" id="score">{words}</p> });
    view! {
        <Card title="吃得怎么样？">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea name="word" label="想说一句" hint="不说也行，点下面一个就好。助餐点看得到话，看不到名字" value=word error optional=true rows=2 maxlength=200/>
                {tap}
                <Actions>{buttons}</Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// One of one's own meals, with its code.
pub fn order(view: &OrderView, sent: &Sent<RatingForm>) -> impl IntoView + use<> {
    let line = &view.line;
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let mut rows = vec![row("哪一天", format!("{} {}", date_text(line.day), meal_label(line.kind)))];
    if let Some(service) = &view.service {
        rows.push(row("几点", time_words(service.starts, service.ends)));
    }
    rows.push(row("吃什么", line.dish.clone()));
    if let Some(before) = &view.instead_of {
        rows.push(row("换过菜", format!("原来是{before}，助餐点换了一样")));
    }
    rows.push(row("在哪里", line.point.clone()));
    if let Some(point) = &view.point {
        rows.push(row("地址", format!("{}{}", point.community.short_name(), point.address)));
    }
    rows.push(row("怎么吃", mode_label(view.mode).to_owned()));
    rows.push(row(
        "谁付多少",
        line.bill
            .as_ref()
            .map_or_else(|| format!("原价 {} 元；补贴{AS_PUBLISHED}", view.price.yuan()), slip_words),
    ));
    if let Some(paid) = view.paid {
        rows.push(row("个人的部分", paid_label(paid).to_owned()));
    }
    rows.push(row("编号", view.number.clone()));
    let head = match (line.state, &view.code) {
        (MealState::Reserved, Some((svg, short_code))) => view! {
            <Banner kind="good" title="订好了"><p>"到了给工作人员扫码，或者报短码；报姓名也行。"</p></Banner>
            <QrCard svg=svg.clone() short_code=short_code.clone() caption="领餐的码，用一次"/>
        }
        .into_any(),
        (MealState::Cancelled, _) if line.by_point => view! {
            <Banner kind="warn" title="助餐点这天不开，退了">
                <p>"不收钱，也不算您没来。要吃的话，换一个助餐点，或者打电话给社区。"</p>
                <ButtonLink href="/meals" kind="secondary">"找别的助餐点"</ButtonLink>
            </Banner>
        }
        .into_any(),
        (state, _) => view! { <Banner kind="info" title=state_label(state)/> }.into_any(),
    };
    let (rating, errors) = (rating(view, sent), sent.summary());
    let (giving_up, sample) = (giving_up(view), sample_tag(line.bill.is_some_and(|bill| bill.sample)));
    view! {
        <Layout title="订的一餐" back="/meals/mine" narrow=true>
            <ErrorSummary errors/>
            {head}
            {rating}
            <Answers title="这一餐" rows/>
            {sample}
            {giving_up}
        </Layout>
    }
}
