//! `/timebank/events`: group events to come, and one of them for a volunteer.

use leptos::prelude::*;

use super::{act_form, nothing};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, ErrorSummary, Field, Layout, LinkItem, LinkList,
};
use crate::domain::time::Instant;
use crate::domain::timebank::{EventState, PlaceState, ServiceKind, minutes_text};
use crate::pages::Sent;

/// An event as everybody may see it, with one's own place at it.
#[derive(Clone, Debug)]
pub struct EventView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What kind of service.
    pub kind: &'static ServiceKind,
    /// Street and community in words.
    pub place: String,
    /// Where exactly.
    pub detail: String,
    /// What one should know.
    pub about: String,
    /// When it begins and ends.
    pub span: (Instant, Instant),
    /// How many places are left.
    pub left: i64,
    /// How it stands.
    pub state: EventState,
    /// One's own place.
    pub own: Option<PlaceState>,
    /// When one came and went.
    pub times: (Option<Instant>, Option<Instant>),
    /// It has begun.
    pub begun: bool,
    /// One can come in or go.
    pub door: bool,
}

/// What a place is, to whoever holds it.
pub fn place_label(state: PlaceState) -> &'static str {
    match state {
        PlaceState::Signed => "报了名",
        PlaceState::Here => "到了",
        PlaceState::Left => "走了，等核对名单",
        PlaceState::Missed => "没有来",
        PlaceState::GivenUp => "说好不来了",
        PlaceState::Counted => "时间记好了",
    }
}

impl EventView {
    /// As a row of a list.
    pub fn line(&self) -> LinkItem {
        let hint = match (self.state, self.own) {
            (EventState::Cancelled, _) => "取消了".to_owned(),
            (_, Some(own)) if own != PlaceState::GivenUp => place_label(own).to_owned(),
            _ if self.left > 0 => format!("{}，还有 {} 个名额", self.place, self.left),
            _ => format!("{}，名额满了", self.place),
        };
        LinkItem {
            href: format!("/timebank/events/{}", self.id),
            title: format!("{} {}", self.title, self.span.0.shanghai_text()),
            hint,
            sign: String::new(),
        }
    }

    fn rows(&self) -> Vec<Answer> {
        let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
        let length = minutes_text((self.span.1.0 - self.span.0.0) / 60_000);
        let mut rows = vec![
            row("做什么", self.kind.name.clone()),
            row("什么时候", format!("{}，{length}", self.span.0.shanghai_full())),
            row("在哪里", format!("{} {}", self.place, self.detail)),
            row("还有几个名额", self.left.to_string()),
        ];
        if !self.about.is_empty() {
            rows.push(row("留意", self.about.clone()));
        }
        if let (Some(came), went) = self.times {
            rows.push(row("您到的时间", came.shanghai_full()));
            if let Some(went) = went {
                rows.push(row("您走的时间", went.shanghai_full()));
                rows.push(row("一共", minutes_text((went.0 - came.0) / 60_000)));
            }
        }
        rows
    }
}

/// Events to come, and those at which one has a place.
pub fn events(list: &[EventView], own: &[EventView]) -> impl IntoView + use<> {
    let mine = (!own.is_empty()).then(|| {
        let items: Vec<_> = own.iter().map(EventView::line).collect();
        view! { <Card title="我报名的"><LinkList items/></Card> }
    });
    let items: Vec<_> = list.iter().map(EventView::line).collect();
    let body = if items.is_empty() {
        nothing("现在没有要来的活动", "有新的会出现在这里。")
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! {
        <Layout title="集体活动" back="/timebank">
            <p class="xw-lead">"大家一起做的：到了签到，走的时候签退，时间由协调员核对以后一起记。"</p>
            {mine}
            {body}
        </Layout>
    }
}

fn door(view: &EventView, own: PlaceState, sent: &Sent<()>, key: &str) -> AnyView {
    let (button, hint) = match own {
        PlaceState::Signed => ("我到了，签到", "现场屏幕上的 6 位数字；没有手机的，请协调员替您记"),
        _ => ("我走了，签退", "走之前，再看一次屏幕上的 6 位数字"),
    };
    let (error, action) = (sent.error("code"), format!("/timebank/events/{}", view.id));
    let inside = view! {
        <Field name="code" label="现场的码" hint inputmode="numeric" error maxlength=12/>
        <Actions><Button>{button}</Button></Actions>
    };
    act_form(action, key, "door", inside.into_any())
}

/// One event.
pub fn event(view: &EventView, sent: &Sent<()>, words: &str, key: &str) -> impl IntoView + use<> {
    let action = format!("/timebank/events/{}", view.id);
    let give_up = || {
        let inside = view! { <Actions><Button kind="quiet">"我来不了了"</Button></Actions> };
        act_form(action.clone(), key, "leave", inside.into_any())
    };
    let own = view.own.filter(|own| *own != PlaceState::GivenUp);
    let body = match (view.state, own) {
        (EventState::Cancelled, _) => view! { <Banner kind="warn" title="这次活动取消了"/> }.into_any(),
        (EventState::Posted, None) if view.begun => {
            view! { <Banner kind="info" title="活动已经开始，不能再报名"/> }.into_any()
        }
        (EventState::Posted, None) if view.left > 0 => {
            let inside = view! { <Actions><Button>"我参加"</Button></Actions> };
            act_form(action.clone(), key, "join", inside.into_any())
        }
        (EventState::Posted, None) => view! {
            <Banner kind="info" title="名额满了"><p>"有人来不了，会空出来，请过些时候再看。"</p></Banner>
        }
        .into_any(),
        (EventState::Posted, Some(held @ (PlaceState::Signed | PlaceState::Here))) => {
            let door = view.door.then(|| door(view, held, sent, key));
            let soon = (!view.door).then(|| {
                view! { <Banner kind="good" title="报好名了"><p>"开始前 1 小时起，可以在这里签到。"</p></Banner> }
            });
            let give_up = (held == PlaceState::Signed && !view.begun).then(give_up);
            view! { {soon} {door} {give_up} }.into_any()
        }
        (_, Some(PlaceState::Left)) => {
            view! { <Banner kind="good" title="辛苦了"><p>"协调员核对名单以后，时间一起记进去。"</p></Banner> }
                .into_any()
        }
        (_, Some(PlaceState::Counted)) => {
            view! { <Banner kind="good" title="时间记好了"><p>"在「时间银行」里看得到。"</p></Banner> }.into_any()
        }
        (_, Some(PlaceState::Missed)) => view! {
            <Banner kind="info" title="名单上记的是没有来"><p>"不是这样的，请打服务电话，或者告诉社区。不来不扣时间。"</p></Banner>
        }
        .into_any(),
        _ => view! { <Banner kind="info" title="这次活动结束了"/> }.into_any(),
    };
    let never = view.kind.never.iter().map(|never| view! { <li>{never.clone()}</li> }).collect_view();
    let insurance = view
        .kind
        .insurance
        .then(|| view! { <li>"去之前要有意外险，没有的先找社区（《志愿服务条例》第十七条）"</li> });
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let (rows, errors, title) = (view.rows(), sent.summary(), view.title.clone());
    view! {
        <Layout title back="/timebank/events" narrow=true>
            <ErrorSummary errors/>
            {words}
            <Answers title="这次活动" rows/>
            {body}
            <Card title="不做这些"><ul>{never}{insurance}</ul></Card>
        </Layout>
    }
}
