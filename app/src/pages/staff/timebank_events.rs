//! `/staff/timebank/events`: group events of one's area, the list of one, and the screen with its code.

use leptos::prelude::*;

use super::Me;
use super::timebank::{community_groups, kind_groups, street_groups};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, Figure,
    LinkItem, LinkList, OptionGroup, Select, StaffLayout, TextArea,
};
use crate::domain::time::Instant;
use crate::domain::timebank::{EventForm, EventState, PlaceState, minutes_text};
use crate::pages::Sent;
use crate::pages::timebank::place_label;
use crate::text::staff::place_name;

/// An event in the list.
#[derive(Clone, Debug)]
pub struct EventLine {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where.
    pub area: String,
    /// When it begins.
    pub starts_at: Instant,
    /// Promised places and all places.
    pub places: (i64, i64),
    /// It is over: the list waits.
    pub over: bool,
}

/// The events of one's posts.
pub fn events(me: &Me, lines: &[EventLine]) -> impl IntoView + use<> {
    let part = |title: &'static str, over: bool| {
        let items: Vec<_> = lines
            .iter()
            .filter(|line| line.over == over)
            .map(|line| LinkItem {
                href: format!("/staff/timebank/events/{}", line.id),
                title: format!("{} {}", line.title, line.starts_at.shanghai_text()),
                hint: format!(
                    "{}，报了 {} 人，一共 {} 个名额",
                    place_name(&line.area),
                    line.places.0,
                    line.places.1
                ),
                sign: String::new(),
            })
            .collect();
        (!items.is_empty()).then(|| view! { <Card title><LinkList items/></Card> })
    };
    let (over, coming) = (part("结束了，等着核对名单", true), part("要来的、正在做的", false));
    let empty = lines
        .is_empty()
        .then(|| view! { <Empty title="现在没有活动" hint="要请很多人一起做的，按「发布一个活动」。"/> });
    view! {
        <StaffLayout title="集体活动" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <Actions><ButtonLink href="/staff/timebank/events/new">"发布一个活动"</ButtonLink></Actions>
            {empty}
            {over}
            {coming}
        </StaffLayout>
    }
}

/// The form for a new event.
pub fn new_event(me: &Me, sent: &Sent<EventForm>, key: &str) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [title, kind, street, community, detail, day, starts, ends, places, note] =
        ["title", "kind", "street", "community", "detail", "day", "starts", "ends", "places", "note"]
            .map(|field| sent.error(field));
    let (errors, key) = (sent.summary(), key.to_owned());
    view! {
        <StaffLayout title="发布一个活动" back="/staff/timebank/events" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <p>"这里写的，大家都看得到。请不要写老人的姓名、电话和门牌。"</p>
            <form method="post" action="/staff/timebank/events/new" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="title" label="活动叫什么" value=form.title error=title maxlength=80/>
                <Select name="kind" label="做什么" groups=kind_groups() value=form.kind error=kind/>
                <Select name="street" label="街道" groups=street_groups() value=form.street error=street/>
                <Select name="community" label="社区" groups=community_groups() value=form.community error=community/>
                <Field name="detail" label="在哪里集合" value=form.detail error=detail maxlength=200/>
                <Field name="day" label="哪一天" hint="比如 2026-12-01" value=form.day error=day maxlength=30/>
                <Field name="starts" label="几点开始" hint="比如 9:00" value=form.starts error=starts maxlength=10/>
                <Field name="ends" label="几点结束" hint="比如 11:00" value=form.ends error=ends maxlength=10/>
                <Field name="places" label="要几个人" inputmode="numeric" value=form.places error=places maxlength=10/>
                <TextArea name="note" label="要留意什么" value=form.note error=note optional=true rows=3/>
                <Actions><Button>"发布"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// Somebody on an event's list.
#[derive(Clone)]
pub struct Person {
    /// Their account.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What there is to say of a minor.
    pub minor: &'static str,
    /// How their place stands.
    pub state: PlaceState,
    /// When they came and went.
    pub times: (Option<Instant>, Option<Instant>),
    /// Staff entered it.
    pub by_staff: bool,
}

/// An event as staff see it.
#[derive(Clone)]
pub struct ShownEvent {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What kind of service.
    pub kind: String,
    /// Where.
    pub area: String,
    /// Where exactly.
    pub detail: String,
    /// When it begins and ends.
    pub span: (Instant, Instant),
    /// How many places.
    pub places: i64,
    /// How it stands.
    pub state: EventState,
    /// Who comes.
    pub people: Vec<Person>,
    /// It is over.
    pub over: bool,
    /// Whether whoever looks may confirm the list.
    pub coordinator: bool,
}

crate::masked_debug!(Person, ShownEvent);

/// What was typed into the forms of that page.
#[derive(Clone, Debug, Default)]
pub struct TickForm {
    /// Whose times they are.
    pub person: String,
    /// 9:00
    pub came: String,
    /// 10:30
    pub went: String,
}

/// A button about one person.
fn tick(
    event: &ShownEvent,
    (at, person): (usize, &Person),
    key: &str,
    act: &'static str,
    label: &'static str,
) -> AnyView {
    let (action, key) = (format!("/staff/timebank/events/{}", event.id), format!("{key}{act}{at}"));
    let person = person.id.clone();
    view! {
        <form method="post" action=action novalidate>
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act/>
            <input type="hidden" name="person" value=person/>
            <Button kind="secondary">{label}</Button>
        </form>
    }
    .into_any()
}

fn person(event: &ShownEvent, at: usize, person: &Person, key: &str) -> AnyView {
    let times = match person.times {
        (Some(came), Some(went)) => format!(
            "{} 到 {}，{}",
            came.shanghai_text(),
            went.shanghai_text(),
            minutes_text((went.0 - came.0) / 60_000)
        ),
        (Some(came), None) => format!("{} 到的", came.shanghai_text()),
        _ => String::new(),
    };
    let how = if person.by_staff { "，工作人员记的" } else { "" };
    let line = if times.is_empty() { String::new() } else { format!("{times}{how}") };
    let open = event.state == EventState::Posted;
    let buttons = match person.state {
        PlaceState::Signed if open => view! {
            {tick(event, (at, person), key, "here", "到了")}
            {tick(event, (at, person), key, "missed", "没有来")}
        }
        .into_any(),
        PlaceState::Here if open => tick(event, (at, person), key, "left", "走了"),
        _ => ().into_any(),
    };
    let title = format!("{}：{}", person.name, place_label(person.state));
    let minor = (!person.minor.is_empty()).then(|| view! { <p>{person.minor}</p> });
    view! { <Card title>{minor}<p>{line}</p><Actions>{buttons}</Actions></Card> }.into_any()
}

fn form(event: &ShownEvent, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    crate::pages::timebank::act_form(format!("/staff/timebank/events/{}", event.id), key, act, inside)
}

/// One event, with its list.
pub fn event(
    me: &Me,
    event: &ShownEvent,
    sent: &Sent<TickForm>,
    words: &str,
    key: &str,
) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let length = minutes_text((event.span.1.0 - event.span.0.0) / 60_000);
    let rows = vec![
        row("做什么", event.kind.clone()),
        row("什么时候", format!("{}，{length}", event.span.0.shanghai_full())),
        row("在哪里", format!("{} {}", place_name(&event.area), event.detail)),
        row("报名", format!("{} 人，一共 {} 个名额", event.people.len(), event.places)),
    ];
    let open = event.state == EventState::Posted;
    let screen = (open && !event.over).then(|| {
        let href = format!("/staff/timebank/events/{}/screen", event.id);
        view! { <Actions><ButtonLink href>"在屏幕上放签到的码"</ButtonLink></Actions> }
    });
    let people = event.people.iter().enumerate().map(|(at, one)| person(event, at, one, key)).collect_view();
    let [person_error, came, went, checked] =
        ["person", "came", "went", "checked"].map(|field| sent.error(field));
    let times = (open && !event.people.is_empty()).then(|| {
        let options = event.people.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
        let groups = vec![OptionGroup { label: String::new(), options }];
        let typed = sent.form.clone();
        let inside = view! {
            <Card title="替他记时间">
                <p>"没有手机的、忘了签的，问清楚了再填。"</p>
                <Select name="person" label="谁" groups value=typed.person error=person_error/>
                <Field name="came" label="几点到的" hint="比如 9:00" value=typed.came error=came maxlength=10/>
                <Field name="went" label="几点走的" hint="比如 11:00" value=typed.went error=went maxlength=10/>
                <Actions><Button kind="secondary">"记下时间"</Button></Actions>
            </Card>
        };
        form(event, key, "times", inside.into_any())
    });
    let confirm = (open && event.over && event.coordinator).then(|| {
        let inside = view! {
            <Card title="确认名单">
                <p>"每个来了的人，时间一次记进去；确认以后，要改就走更正。"</p>
                <Checkbox name="checked" label="名单和时间都核对过" error=checked/>
                <Actions><Button>"确认名单"</Button></Actions>
            </Card>
        };
        form(event, key, "confirm", inside.into_any())
    });
    let wait = (open && event.over && !event.coordinator).then(|| {
        view! { <Banner kind="info" title="等协调员确认名单"><p>"请先把每个人的时间记好。"</p></Banner> }
    });
    let cancel = open.then(|| {
        let inside = view! { <Actions><Button kind="quiet">"取消这次活动，通知大家"</Button></Actions> };
        form(event, key, "cancel", inside.into_any())
    });
    let settled = match event.state {
        EventState::Confirmed => {
            Some(view! { <Banner kind="good" title="名单确认了，时间都记好了"/> }.into_any())
        }
        EventState::Cancelled => Some(view! { <Banner kind="warn" title="取消了"/> }.into_any()),
        EventState::Posted => None,
    };
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let (errors, title) = (sent.summary(), event.title.clone());
    view! {
        <StaffLayout title back="/staff/timebank/events" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {words}
            {settled}
            {wait}
            <Answers title="这次活动" rows/>
            {screen}
            {people}
            {times}
            {confirm}
            {cancel}
        </StaffLayout>
    }
}

/// The screen at the door: a code that changes by the minute, and nobody's name.
pub fn screen(me: &Me, event: &ShownEvent, code: &str, still: bool) -> impl IntoView + use<> {
    let path = format!("/staff/timebank/events/{}/screen", event.id);
    // Whoever reads slowly can stop what moves by itself.
    let (turn, turn_words) = if still {
        (path, "每 20 秒自己更新")
    } else {
        (format!("{path}?still=1"), "不要自己更新")
    };
    let (value, title) = (code.to_owned(), event.title.clone());
    let back = format!("/staff/timebank/events/{}", event.id);
    view! {
        <StaffLayout title back=back name=me.name.clone() doors=me.doors()>
            <Figure label="现场的码" value hint="到了的、走的时候，在「时间银行」的「集体活动」里填；每分钟换一次"/>
            <Actions><ButtonLink href=turn kind="secondary">{turn_words}</ButtonLink></Actions>
        </StaffLayout>
    }
}
