//! One point: where it is, when it serves, what it cooks.

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Choice, Empty, Layout, LinkItem, LinkList,
    Radios, Tag,
};
use crate::domain::marriage::time_words;
use crate::domain::meals::{Dish, MealClosure, MealKind, MealPoint, Service, left_words, pick_field};
use crate::domain::time::{Instant, date_text};
use crate::text::meals::{meal_label, point_label, tag_label};
use crate::visit::PageContext;

/// What is known of a point.
#[derive(Clone, Debug)]
pub struct PointView {
    /// The point.
    pub point: MealPoint,
    /// When it serves.
    pub services: Vec<Service>,
    /// When it is closed.
    pub closures: Vec<MealClosure>,
    /// What it cooks in the days to come. Of a dish that somebody waits for, nothing is left for others.
    pub menu: Vec<Dish>,
    /// How many wait for dishes, by their ids.
    pub waiting: Vec<(String, i64)>,
    /// When the page is made.
    pub now: Instant,
}

impl PointView {
    /// How long one may still order a dish; `None` when ordering has ended, or the point is closed that day.
    pub fn orderable(&self, dish: &Dish) -> Option<String> {
        let service = self.services.iter().find(|service| service.kind == dish.dish.kind)?;
        if self.closures.iter().any(|closure| closure.day == dish.dish.day) {
            return None;
        }
        left_words(self.now, service.cutoff_at(dish.dish.day))
    }

    /// How many wait for a dish.
    pub fn waiting_for(&self, dish: &Dish) -> i64 {
        self.waiting.iter().find(|(of, _)| *of == dish.id).map_or(0, |(_, waiting)| *waiting)
    }
}

/// A dish in words: price, what is left, what it suits, what is in it.
pub(super) fn dish_words(dish: &Dish) -> String {
    let mut words = vec![format!("{} 元", dish.dish.price.yuan())];
    words.push(if dish.left() > 0 { format!("还有 {} 份", dish.left()) } else { "订完了".to_owned() });
    words.extend(dish.dish.tags.iter().map(|tag| tag_label(*tag).to_owned()));
    words.push(format!("用料：{}", dish.dish.ingredients.join("、")));
    if let Some(before) = &dish.instead_of {
        words.push(format!("代替原来的{before}"));
    }
    words.join(" · ")
}

fn cutoff_words(service: &Service) -> String {
    let at = format!("{}:{:02}", service.cutoff / 60, service.cutoff % 60);
    match service.cutoff_days {
        0 => format!("当天 {at} 以前订"),
        1 => format!("前一天 {at} 以前订"),
        days => format!("提前 {days} 天，{at} 以前订"),
    }
}

fn facts(view: &PointView) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let point = &view.point;
    let street = crate::domain::area::street(point.community.street_code).map_or("", |street| street.name);
    let mut rows = vec![
        row("地址", format!("{street}{}{}", point.community.short_name(), point.address)),
        row("是什么", point_label(point.kind).into()),
        row("进门", if point.step_free { "没有台阶，轮椅能进" } else { "有台阶" }.into()),
    ];
    for service in &view.services {
        let words = format!("{}，{}", time_words(service.starts, service.ends), cutoff_words(service));
        rows.push(row(meal_label(service.kind), words));
    }
    let places: Vec<_> = point.delivers.iter().map(|community| community.short_name()).collect();
    rows.push(row(
        "送餐",
        if places.is_empty() { "不送".into() } else { format!("送到{}", places.join("、")) },
    ));
    let phone = vec![LinkItem {
        href: format!("tel:{}", point.phone.replace(' ', "")),
        title: format!("打电话：{}", point.phone),
        hint: String::new(),
        sign: "phone".into(),
    }];
    let sample =
        point.sample.then(|| view! { <p><Tag kind="plain">"示例"</Tag>" 演示用的，不是真的助餐点"</p> });
    view! { {sample} <Answers title="信息" rows/> <LinkList items=phone/> }
}

/// A dish that cannot be picked any more; in the line of a full one somebody may stand until the cut-off.
fn gone(view: &PointView, dish: &Dish) -> impl IntoView + use<> {
    let full = dish.left() == 0;
    let why = match (full, view.waiting_for(dish)) {
        (true, 0) => "订完了".to_owned(),
        (true, waiting) => format!("订完了，{waiting} 人在排队"),
        _ => "已经截止".to_owned(),
    };
    let words = format!("{}（{why}）", dish.dish.name);
    let line = (full && view.orderable(dish).is_some()).then(|| {
        let href = format!("/meals/{}/wait?dish={}", view.point.code, dish.id);
        let label = format!("排队等{}", dish.dish.name);
        view! { <Actions><ButtonLink href kind="secondary">{label}</ButtonLink></Actions> }
    });
    view! { <li>{words}<br/><span class="xw-hint">{dish_words(dish)}</span>{line}</li> }
}

/// One meal of a day: what can be picked, and what cannot any more.
fn meal(view: &PointView, dishes: &[&Dish]) -> AnyView {
    let Some(first) = dishes.first() else { return ().into_any() };
    let (day, kind) = (first.dish.day, first.dish.kind);
    let left = view.orderable(first);
    let (open, over): (Vec<&Dish>, Vec<&Dish>) =
        dishes.iter().copied().partition(|dish| left.is_some() && dish.left() > 0);
    let over = over.into_iter().map(|dish| gone(view, dish)).collect_view();
    let legend = match &left {
        Some(left) => format!("{}（{left}截止）", meal_label(kind)),
        None => meal_label(kind).to_owned(),
    };
    if open.is_empty() {
        return view! { <p><strong>{legend}</strong></p> <ul>{over}</ul> }.into_any();
    }
    let mut options: Vec<Choice> = open
        .into_iter()
        .map(|dish| Choice {
            value: dish.id.clone(),
            label: dish.dish.name.clone(),
            hint: Some(dish_words(dish)),
        })
        .collect();
    // A radio that was pressed by mistake can be taken back without a script.
    options.push(Choice { value: String::new(), label: "这一餐不订".into(), hint: None });
    view! { <Radios name=pick_field(day, kind) legend options/> <ul>{over}</ul> }.into_any()
}

/// The menu, day by day, as a form that asks for the price of what is picked.
fn menu(view: &PointView, error: Option<String>) -> AnyView {
    let mut days: Vec<_> = view.menu.iter().map(|dish| dish.dish.day).collect();
    days.dedup();
    if days.is_empty() {
        return view! { <Empty title="菜单还没有写上" hint="可以打电话问助餐点"/> }.into_any();
    }
    let days = days
        .into_iter()
        .map(|day| {
            let meals = MealKind::ALL
                .iter()
                .map(|kind| {
                    let of = |dish: &&Dish| dish.dish.day == day && dish.dish.kind == *kind;
                    meal(view, &view.menu.iter().filter(of).collect::<Vec<_>>())
                })
                .collect_view();
            view! { <Card title=date_text(day)>{meals}</Card> }
        })
        .collect_view();
    let action = format!("/meals/{}/reserve", view.point.code);
    let error = error.map(|error| view! { <Banner kind="bad" title=error/> });
    view! {
        <form method="get" action=action class="xw-form">
            {error}
            {days}
            <p class="xw-hint">"可以一次选好几天。下一步先看价钱，还没有订。"</p>
            <Actions><Button>"看价钱"</Button></Actions>
        </form>
    }
    .into_any()
}

/// The button that reads the page aloud, shown by the script where the browser can (`public/read-aloud.js`).
fn aloud() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! {
        <div data-aloud="" hidden="">
            <button
                type="button"
                class="weui-btn weui-btn_default xw-button xw-button--secondary"
                data-start="读给我听"
                data-stop="别读了"
            >
                "读给我听"
            </button>
            <script type="module" src="/read-aloud.js" nonce=nonce></script>
        </div>
    }
}

/// The page. `error` where nothing was picked.
pub fn point(view: &PointView, error: Option<String>) -> impl IntoView + use<> {
    let closed = view
        .closures
        .iter()
        .map(|closure| {
            let title = format!("{}不开：{}", date_text(closure.day), closure.reason);
            view! { <Banner kind="warn" title/> }
        })
        .collect_view();
    let (facts, menu, name) = (facts(view), menu(view, error), view.point.name.clone());
    let aloud = (!view.menu.is_empty()).then(aloud);
    let standing = format!("/meals/{}/standing", view.point.code);
    view! {
        <Layout title=name back="/meals">
            {aloud}
            <div data-read="">
                {closed}
                <h2>"这几天的菜单"</h2>
                {menu}
            </div>
            <Card title="每周都来？">
                <p>"每周同样的几天，替您自动订好，不用天天点。"</p>
                <Actions><ButtonLink href=standing kind="secondary">"每周固定订"</ButtonLink></Actions>
            </Card>
            {facts}
        </Layout>
    }
}
