//! Standing orders: what is wanted each week, what comes of it in the days ahead, a pause and the end.

use jiff::civil::Date;
use leptos::prelude::*;

use super::order::{NotReady, not_ready};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Field, Layout,
    LinkItem, LinkList, OptionGroup, Radios, Select,
};
use crate::domain::meals::{
    KeptStandingDay, MealKind, MealMode, MealState, Pause, Service, Standing, StandingForm, StandingOffer,
    weekday_field,
};
use crate::domain::time::date_text;
use crate::pages::{Sent, choices};
use crate::text::meals::{WEEKDAYS, meal_label, mode_label, standing_day_words, state_label, weekdays_words};

/// The most names of dishes that are offered as the usual one.
const USUAL_SHOWN: usize = 40;

/// A standing order that is about to be made.
#[derive(Clone, Debug)]
pub struct StandingMaking {
    /// The point's name.
    pub name: String,
    /// What it has.
    pub offer: StandingOffer,
    /// Where a delivery would go.
    pub delivery: Option<String>,
    /// The form's key.
    pub key: String,
}

/// The fields of a new standing order.
pub(crate) fn standing_fields(view: &StandingMaking, sent: &Sent<StandingForm>) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [kind_error, usual_error, mode_error] =
        ["standing_kind", "usual", "standing_mode"].map(|field| sent.error(field));
    let ticked = |weekday: usize| form.weekdays.split_whitespace().any(|word| word.parse() == Ok(weekday));
    let days = WEEKDAYS
        .iter()
        .enumerate()
        .map(|(weekday, name)| {
            let error = (weekday == 0).then(|| sent.error(&weekday_field(0))).flatten();
            view! { <Checkbox name=weekday_field(weekday) label=*name error checked=ticked(weekday)/> }
        })
        .collect_view();
    let kinds = choices!(view.offer.kinds, meal_label, |_| None);
    let only = match view.offer.kinds.as_slice() {
        [kind] => kind.as_str(),
        _ => "",
    };
    let kind = if form.standing_kind.is_empty() { only.to_owned() } else { form.standing_kind };
    let dishes = view.offer.dishes.iter().take(USUAL_SHOWN).map(|name| (name.clone(), name.clone()));
    let dishes = vec![OptionGroup { label: String::new(), options: dishes.collect() }];
    let mut modes = choices!(MealMode::ALL, mode_label, |_| None);
    match &view.delivery {
        Some(place) => {
            for choice in modes.iter_mut().filter(|choice| choice.value == MealMode::Delivery.as_str()) {
                choice.hint = Some(format!("送到{place}"));
            }
        }
        None => modes.retain(|choice| choice.value != MealMode::Delivery.as_str()),
    }
    let mode = match form.standing_mode.as_str() {
        "" => MealMode::DineIn.as_str().to_owned(),
        typed => typed.to_owned(),
    };
    view! {
        <fieldset class="xw-field xw-choices">
            <legend class="xw-field__label">"每周哪几天"</legend>
            <div class="xw-choices__rows">{days}</div>
        </fieldset>
        <Radios name="standing_kind" legend="哪一餐" options=kinds value=kind error=kind_error/>
        <Select name="usual" label="常吃哪一样" hint="那天没有这一样，就订别的能吃的。有您忌口的，一定不订" groups=dishes value=form.usual error=usual_error empty="哪样都行" optional=true/>
        <Radios name="standing_mode" legend="怎么吃" options=modes value=mode error=mode_error/>
        <Checkbox name="skip_holidays" label="法定节假日不订" checked={form.skip_holidays == "yes"}/>
    }
}

/// The page on which one is made.
pub fn make_standing(
    view: &StandingMaking,
    sent: &Sent<StandingForm>,
    why: Option<NotReady>,
) -> impl IntoView + use<> {
    let back = format!("/meals/{}", view.offer.point);
    let action = format!("{back}/standing");
    let (key, errors) = (view.key.clone(), sent.summary());
    let body = match why {
        Some(why) => not_ready(why),
        None if view.offer.kinds.is_empty() => view! {
            <Banner kind="info" title="这个助餐点还没有写几点供餐，现在不能固定订"/>
        }
        .into_any(),
        None => {
            let fields = standing_fields(view, sent);
            view! {
                <p>{format!("在{}，每周这几天自动替您订好，不用天天订。每一餐截止以前都能退，住院、出门了可以停一阵。", view.name)}</p>
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    {fields}
                    <p class="xw-hint">"这里不收钱。个人的部分到助餐点付。"</p>
                    <Actions><Button>"每周这样订"</Button></Actions>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <Layout title="固定订餐" back=back narrow=true>
            <ErrorSummary errors/>
            {body}
        </Layout>
    }
}

/// A pause, as typed.
#[derive(Clone, Debug, Default)]
pub struct PauseForm {
    /// The order that it is for.
    pub id: String,
    /// From which day.
    pub from: String,
    /// To which day; may be empty.
    pub to: String,
}

/// A standing order, and what comes of it.
#[derive(Clone, Debug)]
pub struct StandingView {
    /// The order.
    pub standing: Standing,
    /// The point's name.
    pub name: String,
    /// The days ahead that it wants.
    pub wanted: Vec<Date>,
    /// What became of days, from today on.
    pub days: Vec<KeptStandingDay>,
    /// Today.
    pub today: Date,
    /// The form's key.
    pub key: String,
}

/// The order in one line: 「星期一、星期三 午饭」.
fn title_of(standing: &Standing) -> String {
    format!("{} {}", weekdays_words(standing.what.weekdays), meal_label(standing.what.kind))
}

/// From when to when, in words.
fn pause_words(pause: &Pause) -> String {
    match pause.to {
        Some(to) => format!("从 {} 停到 {}", date_text(pause.from), date_text(to)),
        None => format!("从 {} 起停着，什么时候接着订，您说了算", date_text(pause.from)),
    }
}

/// The pause that holds now or will.
fn pause_ahead(view: &StandingView) -> Option<Pause> {
    view.standing.pause.filter(|pause| pause.to.is_none_or(|to| to >= view.today))
}

fn day_words(day: &KeptStandingDay) -> &'static str {
    match &day.meal {
        Some((_, MealState::Reserved)) | None => standing_day_words(day.what),
        Some((_, state)) => state_label(*state),
    }
}

/// What is wanted, and what comes of each day; `meals` gives the links to one's own meals.
pub(crate) fn standing_facts(view: &StandingView, meals: bool) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let what = &view.standing.what;
    let mut rows = vec![
        row("每周", weekdays_words(what.weekdays)),
        row("哪一餐", meal_label(what.kind).to_owned()),
        row("在哪里", view.name.clone()),
        row("怎么吃", mode_label(what.mode).to_owned()),
        row("常吃", what.usual.clone().unwrap_or_else(|| "哪样都行".to_owned())),
    ];
    if what.skip_holidays {
        rows.push(row("节假日", "法定节假日不订".to_owned()));
    }
    let mut days: Vec<(Date, String, Option<String>)> = view
        .days
        .iter()
        .map(|day| {
            let meal = day.meal.as_ref().filter(|_| meals).map(|(id, _)| format!("/meals/mine/{id}"));
            (day.day, day_words(day).to_owned(), meal)
        })
        .collect();
    let waiting = view.wanted.iter().filter(|day| !view.days.iter().any(|kept| kept.day == **day));
    days.extend(waiting.map(|day| (*day, "菜单写好了就订".to_owned(), None)));
    days.sort_unstable();
    let (linked, plain): (Vec<_>, Vec<_>) = days.into_iter().partition(|(_, _, meal)| meal.is_some());
    let items: Vec<_> = linked
        .into_iter()
        .map(|(day, hint, meal)| LinkItem {
            href: meal.unwrap_or_default(),
            title: date_text(day),
            hint,
            sign: String::new(),
        })
        .collect();
    let plain: Vec<_> = plain.into_iter().map(|(day, words, _)| row(&date_text(day), words)).collect();
    let items = (!items.is_empty()).then(|| view! { <Card title="接下来订的"><LinkList items/></Card> });
    let plain = (!plain.is_empty()).then(|| view! { <Answers title="接下来几天" rows=plain/> });
    view! { <Answers title="固定订的" rows/> {items} {plain} }
}

/// The forms of a pause, of going on and of the end.
pub(crate) fn standing_forms(
    view: &StandingView,
    action: &str,
    sent: &Sent<PauseForm>,
) -> impl IntoView + use<> {
    let id = &view.standing.id;
    let (from, to) = (format!("pause_from-{id}"), format!("pause_to-{id}"));
    let [from_error, to_error] = [&from, &to].map(|field| sent.error(field));
    let form = if sent.form.id == *id { sent.form.clone() } else { PauseForm::default() };
    let key = |part: &str| format!("{}{part}{id}", view.key);
    let (pause_key, resume_key, end_key) = (key("p"), key("r"), key("e"));
    let resume = pause_ahead(view).map(|pause| {
        let action = action.to_owned();
        view! {
            <Banner kind="info" title=pause_words(&pause)>
                <p>"停的日子不订。停以前已经过了截止的那一餐退不了，来不了请打电话告诉助餐点。"</p>
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=resume_key/>
                    <Button kind="secondary" name="act" value="resume">"接着订"</Button>
                </form>
            </Banner>
        }
    });
    let (pause_action, end_action) = (action.to_owned(), action.to_owned());
    view! {
        {resume}
        <Card title="停一阵">
            <p>"住院、走亲戚都可以停。停的那几天已经订好、还没截止的，一起退掉，不要钱。"</p>
            <form method="post" action=pause_action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=pause_key/>
                <Field name=from label="从哪一天停" hint="比如 2026-12-01" value=form.from error=from_error maxlength=30/>
                <Field name=to label="停到哪一天" hint="不知道哪天回来就空着，回来了点「接着订」" value=form.to error=to_error optional=true maxlength=30/>
                <Actions><Button kind="secondary" name="act" value="pause">"停一阵"</Button></Actions>
            </form>
        </Card>
        <Card title="不再固定订">
            <p>"以后不再自动订。订好、还没截止的也一起退掉，不要钱。"</p>
            <form method="post" action=end_action>
                <input type="hidden" name="idempotency_key" value=end_key/>
                <Actions><Button kind="danger" name="act" value="end">"不再固定订"</Button></Actions>
            </form>
        </Card>
    }
}

/// One of one's own standing orders.
pub fn standing_page(view: &StandingView, sent: &Sent<PauseForm>) -> impl IntoView + use<> {
    let action = format!("/meals/standing/{}", view.standing.id);
    let (facts, forms) = (standing_facts(view, true), standing_forms(view, &action, sent));
    let errors = sent.summary();
    view! {
        <Layout title="固定订餐" back="/meals/mine" narrow=true>
            <ErrorSummary errors/>
            {facts}
            {forms}
        </Layout>
    }
}

/// The card in the list of one's own meals: each order, and the way to another at a point.
pub(super) fn standing_card(standing: &[(Standing, String)], today: Date) -> AnyView {
    let items: Vec<_> = standing
        .iter()
        .map(|(standing, name)| {
            let away = standing.pause.is_some_and(|pause| pause.holds(today));
            LinkItem {
                href: format!("/meals/standing/{}", standing.id),
                title: title_of(standing),
                hint: if away {
                    format!("{name}，停着")
                } else {
                    format!("{name}，点开可以停一阵")
                },
                sign: String::new(),
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p>"每周同样的几天吃？选好助餐点，点「每周固定订」，就不用天天订。"</p> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! {
        <Card title="固定订餐">
            {list}
            <Actions><ButtonLink href="/meals" kind="secondary">"选助餐点"</ButtonLink></Actions>
        </Card>
    }
    .into_any()
}

/// The meals that a point serves, in their order.
pub fn kinds_of(services: &[Service]) -> Vec<MealKind> {
    let mut kinds: Vec<_> = services.iter().map(|service| service.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
