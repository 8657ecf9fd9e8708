//! `/staff/meal-orders`: an order by telephone in two taps, and what somebody's subsidy depends on.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field,
    LinkItem, LinkList, Radios, Select, StaffLayout,
};
use crate::domain::document::DocumentKind;
use crate::domain::meals::{Dish, EaterForm, HujiPlace, KeptEater, MealMode, MealState, Status};
use crate::domain::staff::Role;
use crate::domain::time::date_text;
use crate::pages::meals::{OrderLine, Picked, PointView, WaitLine, communities, slip_words, streets};
use crate::pages::{Sent, choices};
use crate::text::meals::{AS_PUBLISHED, huji_label, meal_label, mode_label, status_label};

/// Who takes orders by telephone and notes what they saw.
pub const TAKERS: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer];

/// The search, and whom it found.
pub fn find(me: &Me, sent: &Sent<String>, found: Option<&[KeptEater]>) -> impl IntoView + use<> {
    let (error, errors, who) = (sent.error("who"), sent.summary(), sent.form.clone());
    let list = found.map(|found| {
        let items: Vec<_> = found
            .iter()
            .map(|eater| {
                let place = crate::domain::area::community(&eater.community).map_or("", |of| of.short_name());
                LinkItem {
                    href: format!("/staff/meal-orders/{}", eater.id),
                    title: eater.person.masked(),
                    hint: format!("{place}，证件尾号 {}", eater.person.document_tail()),
                    sign: String::new(),
                }
            })
            .collect();
        if items.is_empty() {
            view! { <Empty title="没有找到" hint="请核对，或者先登记：看过身份证和户口簿就行"/> }.into_any()
        } else {
            view! { <LinkList items/> }.into_any()
        }
    });
    view! {
        <StaffLayout title="电话订餐" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <form method="post" action="/staff/meal-orders" novalidate class="xw-form">
                <Field name="who" label="谁吃" hint="姓名、电话、证件号码，或者卡上的八位短码" value=who error maxlength=60/>
                <Actions>
                    <Button>"找"</Button>
                    <ButtonLink href="/staff/meal-orders/new" kind="secondary">"登记一位老人"</ButtonLink>
                </Actions>
            </form>
            {list}
        </StaffLayout>
    }
}

/// The form on which staff note what they saw.
pub fn eater_form(me: &Me, sent: &Sent<EaterForm>, key: &str) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [name, number, birth, phone, street, community, detail, huji, avoid, seen] = [
        "name",
        "document_number",
        "birth_date",
        "phone",
        "street",
        "community",
        "detail",
        "huji",
        "avoid",
        "seen",
    ]
    .map(|field| sent.error(field));
    let statuses = Status::ALL
        .iter()
        .map(|status| {
            let checked = form.statuses.split_whitespace().any(|slug| slug == status.as_str());
            view! { <Checkbox name=format!("status-{}", status.as_str()) label=status_label(*status) checked/> }
        })
        .collect_view();
    let places = choices!(HujiPlace::ALL, huji_label, |_| None);
    let kind = DocumentKind::ALL.first().map_or("", |kind| kind.as_str()).to_owned();
    let kind = if form.document_kind.is_empty() { kind } else { form.document_kind.clone() };
    let (errors, key) = (sent.summary(), key.to_owned());
    view! {
        <StaffLayout title="登记助餐对象" back="/staff/meal-orders" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <p>"照身份证和户口簿填。户籍看户口簿，不看身份证号码的前六位。"</p>
            <form method="post" action="/staff/meal-orders/new" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="document_kind" value=kind/>
                <Field name="name" label="姓名" value=form.name error=name maxlength=60/>
                <Field name="document_number" label="证件号码" value=form.document_number error=number maxlength=30/>
                <Field name="birth_date" label="出生日期" hint="号码里有的不用填" value=form.birth_date error=birth optional=true maxlength=30/>
                <Field name="phone" label="电话" inputmode="tel" value=form.phone error=phone optional=true maxlength=20/>
                <Select name="street" label="住在哪个街道" groups=streets() value=form.street error=street/>
                <Select name="community" label="住在哪个社区" groups=communities() value=form.community error=community/>
                <Field name="detail" label="门牌" hint="送餐要用" value=form.detail error=detail maxlength=200/>
                <Radios name="huji" legend="户籍在哪里" options=places value=form.huji error=huji/>
                {statuses}
                <Field name="avoid" label="忌口" hint="不能吃的，用「、」隔开；菜里有的会拦住" value=form.avoid error=avoid optional=true maxlength=200/>
                <Checkbox name="care_call" label="连着两餐没来领，愿意社区打电话问问" hint="问过本人，愿意才勾" checked={form.care_call == "yes"}/>
                <Checkbox name="seen" label="身份证、户口簿和有关的证明都看过了" error=seen/>
                <Actions><Button>"登记"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// An eater at a point.
#[derive(Clone)]
pub struct TakeView {
    /// Who eats.
    pub eater: KeptEater,
    /// Where: the usual point, or the first that is near.
    pub point: Option<PointView>,
    /// Other points, by code and name.
    pub others: Vec<(String, String)>,
    /// What can be ordered there, with prices.
    pub dishes: Vec<Picked>,
    /// What is full there and could be waited for, with how many wait.
    pub full: Vec<(Dish, i64)>,
    /// Lines in which they stand.
    pub waits: Vec<WaitLine>,
    /// Whether the point delivers to them.
    pub delivers: bool,
    /// What they have ordered.
    pub orders: Vec<OrderLine>,
    /// The key of the forms.
    pub key: String,
}

crate::masked_debug!(TakeView);

fn price_words(picked: &Picked) -> String {
    match picked.quote {
        crate::domain::meals::Quote::Known(bill) => slip_words(&bill),
        crate::domain::meals::Quote::AsPublished(_) => {
            format!("原价 {} 元；补贴{AS_PUBLISHED}", picked.dish.dish.price.yuan())
        }
    }
}

fn dish_button(view: &TakeView, picked: &Picked) -> impl IntoView + use<> {
    let of: &Dish = &picked.dish;
    let title = format!("{} {}：{}", date_text(of.dish.day), meal_label(of.dish.kind), of.dish.name);
    let blocked = of.blocked_by(&view.eater.avoid).map(str::to_owned);
    let words = format!("{}。{}可以退", price_words(picked), picked.left);
    let point = view.point.as_ref().map(|point| point.point.code.clone()).unwrap_or_default();
    let action = format!("/staff/meal-orders/{}", view.eater.id);
    let (key, dish, delivers) = (format!("{}d{}", view.key, of.id), of.id.clone(), view.delivers);
    let act = match blocked {
        Some(word) => view! { <p><strong>{format!("里面有忌口的{word}，不能订")}</strong></p> }.into_any(),
        None => view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="point" value=point/>
                <input type="hidden" name="dish" value=dish/>
                <Actions>
                    <Button name="mode" value=MealMode::DineIn.as_str()>"订，"{mode_label(MealMode::DineIn)}</Button>
                    {delivers.then(|| view! { <Button kind="secondary" name="mode" value=MealMode::Delivery.as_str()>"订，"{mode_label(MealMode::Delivery)}</Button> })}
                </Actions>
            </form>
        }
        .into_any(),
    };
    view! { <Card title><p>{words}</p>{act}</Card> }
}

/// A dish that is full: two buttons that stand in its line.
fn full_dish(view: &TakeView, (dish, waiting): &(Dish, i64)) -> impl IntoView + use<> {
    let of = &dish.dish;
    let title = format!("{} {}：{}（订完了）", date_text(of.day), meal_label(of.kind), of.name);
    let words = format!("在排队的 {waiting} 人。有人退，按先后替老人订上并告诉本人。");
    let point = dish.point.clone();
    let action = format!("/staff/meal-orders/{}/wait", view.eater.id);
    let (key, id, delivers) = (format!("{}q{}", view.key, dish.id), dish.id.clone(), view.delivers);
    view! {
        <Card title>
            <p>{words}</p>
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="point" value=point/>
                <input type="hidden" name="dish" value=id/>
                <Actions>
                    <Button kind="secondary" name="mode" value=MealMode::DineIn.as_str()>"排队，"{mode_label(MealMode::DineIn)}</Button>
                    {delivers.then(|| view! { <Button kind="secondary" name="mode" value=MealMode::Delivery.as_str()>"排队，"{mode_label(MealMode::Delivery)}</Button> })}
                </Actions>
            </form>
        </Card>
    }
}

/// The lines in which they stand, each to be left.
fn waiting(view: &TakeView) -> AnyView {
    if view.waits.is_empty() {
        return ().into_any();
    }
    let lines = view
        .waits
        .iter()
        .map(|line| {
            let of = &line.wait;
            let words = format!(
                "{} {}：{}，{}，第 {} 位",
                date_text(of.day),
                meal_label(of.kind),
                of.dish_name,
                line.point,
                of.place
            );
            let action = format!("/staff/meal-orders/{}/waits/{}", view.eater.id, of.id);
            let key = format!("{}l{}", view.key, of.id);
            view! {
                <li>
                    {words}
                    <form method="post" action=action>
                        <input type="hidden" name="idempotency_key" value=key/>
                        <Button kind="quiet">"不排了"</Button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! { <Card title="在排队的"><ul>{lines}</ul></Card> }.into_any()
}

fn ordered(view: &TakeView) -> AnyView {
    let lines = view
        .orders
        .iter()
        .map(|line| {
            let words = format!(
                "{} {}：{}，{}，{}",
                date_text(line.day),
                meal_label(line.kind),
                line.dish,
                line.point,
                line.staff_words()
            );
            let cancel = (line.state == MealState::Reserved).then(|| {
                let (action, key, id) = (
                    format!("/staff/meal-orders/{}/cancel", view.eater.id),
                    format!("{}c{}", view.key, line.id),
                    line.id.clone(),
                );
                view! {
                    <form method="post" action=action>
                        <input type="hidden" name="idempotency_key" value=key/>
                        <input type="hidden" name="order" value=id/>
                        <Button kind="quiet">"退掉"</Button>
                    </form>
                }
            });
            view! { <li>{words}{cancel}</li> }
        })
        .collect_view();
    if view.orders.is_empty() {
        return ().into_any();
    }
    view! { <Card title="订过的"><ul>{lines}</ul></Card> }.into_any()
}

/// Who eats, and what can be ordered for them.
pub fn take(me: &Me, view: &TakeView, errors: &Sent<()>) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let eater = &view.eater;
    let mut rows = vec![
        row("姓名", eater.person.name.clone()),
        row("电话", eater.person.phone.clone()),
        row("门牌", eater.person.detail.clone()),
    ];
    match &eater.checked {
        Some((huji, statuses)) => {
            rows.push(row("户籍", huji_label(*huji).to_owned()));
            let words: Vec<_> = statuses.iter().map(|status| status_label(*status)).collect();
            rows.push(row("情况", if words.is_empty() { "没有特别的".into() } else { words.join("、") }));
        }
        None => rows.push(row("核对", "还没有核对户籍和情况，补贴算不出来".into())),
    }
    if !eater.avoid.is_empty() {
        rows.push(row("忌口", eater.avoid.join("、")));
    }
    let dishes = if view.dishes.is_empty() {
        view! { <Empty title="现在没有能订的" hint="换一个助餐点，或者过了截止"/> }.into_any()
    } else {
        view.dishes.iter().map(|picked| dish_button(view, picked)).collect_view().into_any()
    };
    let here = view.point.as_ref().map(|point| {
        let name = point.point.name.clone();
        view! { <h2>{name}</h2> }
    });
    let others: Vec<_> = view
        .others
        .iter()
        .map(|(code, name)| LinkItem {
            href: format!("/staff/meal-orders/{}?point={code}", eater.id),
            title: name.clone(),
            ..LinkItem::default()
        })
        .collect();
    let others =
        (!others.is_empty()).then(|| view! { <Card title="换一个助餐点"><LinkList items=others/></Card> });
    let refused =
        errors.summary().into_iter().next().map(|(_, words)| view! { <Banner kind="bad" title=words/> });
    let at = view.point.as_ref().map_or("", |point| point.point.code.as_str());
    let standing = format!("/staff/meal-orders/{}/standing?point={at}", view.eater.id);
    let full = view.full.iter().map(|full| full_dish(view, full)).collect_view();
    let waiting = waiting(view);
    let (ordered, change) = (ordered(view), format!("/staff/meal-orders/{}/change", eater.id));
    view! {
        <StaffLayout title="替老人订餐" back="/staff/meal-orders" name=me.name.clone() doors=me.doors() narrow=true>
            {refused}
            <Answers title="谁吃" rows/>
            <Actions>
                <ButtonLink href=change kind="secondary">"改登记"</ButtonLink>
                <ButtonLink href=standing kind="secondary">"每周固定订"</ButtonLink>
            </Actions>
            {here}
            {dishes}
            {full}
            {others}
            {waiting}
            {ordered}
        </StaffLayout>
    }
}
