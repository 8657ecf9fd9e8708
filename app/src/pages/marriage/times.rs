//! The month of an office and the times of a day.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, ButtonLink, Card, Empty, Layout, LinkItem, LinkList};
use crate::domain::calendar::Calendar;
use crate::domain::marriage::{
    BookingState, DayState, DrawOf, HotDay, Matter, Office, OfficeBook, Slot, time_words,
};
use crate::domain::time::date_text;
use crate::text::marriage::{day_label, draw_times_words, hot_day_words, matter_label};

/// Where a time is chosen: for a new booking, or for one that is moved.
#[derive(Clone, Debug)]
pub struct Choosing {
    /// The month's own address.
    pub base: String,
    /// Where the chosen time is sent.
    pub action: String,
    /// The way back.
    pub back: String,
    /// What the button says.
    pub button: &'static str,
}

/// What is said above the list of days.
fn lead(matter: Matter) -> &'static str {
    match matter {
        Matter::DivorceRegistration => {
            "这里约第一次去：两个人一起提出申请。三十天冷静期以后，还要一起去同一家办第二次。"
        }
        Matter::DivorceSecondVisit => {
            "这里约第二次去：要在受理申请的这一家，在冷静期满后的三十天里，两个人一起去。"
        }
        _ => "选一天。列出的是能约的日子和马上要开放的日子，可能晚一秒。",
    }
}

/// The way to a day's draw.
fn draw_item(hot: &HotDay, draw: &DrawOf) -> LinkItem {
    LinkItem {
        href: format!("/marriage/draws/{}", draw.id),
        title: date_text(hot.day),
        hint: format!("{}，{}", hot.name, draw_times_words(draw.rules)),
        sign: day_label(DayState::Draw).into(),
    }
}

/// The way to a day whose places were drawn.
fn drawn_item(hot: &HotDay, base: &str) -> LinkItem {
    LinkItem {
        href: format!("{base}/{}", hot.day),
        title: date_text(hot.day),
        hint: format!("{}，抽过了，可以排队", hot.name),
        sign: String::new(),
    }
}

/// The days of the window, each as it stands; those that are off are told in one line.
pub fn month(
    office: &Office,
    matter: Matter,
    (book, today): (&OfficeBook, Date),
    choosing: &Choosing,
) -> impl IntoView + use<> {
    let calendar = Calendar::embedded();
    let mut months: Vec<(String, Vec<AnyView>)> = Vec::new();
    let mut day = today;
    let mut any = false;
    let last = i64::from(book.rules.window_max) + 1;
    for _ in 0..=last {
        let state = book.state(day, today, calendar);
        let month = format!("{} 年 {} 月", day.year(), day.month());
        if months.last().is_none_or(|(name, _)| *name != month) {
            months.push((month, Vec::new()));
        }
        let words = format!("{} {}", date_text(day), day_label(state));
        let waits = state == DayState::Full && choosing.action == "/marriage/hold";
        let draw = book
            .hot_day(day)
            .and_then(|hot| Some((hot, hot.draw.as_ref()?)))
            .filter(|_| state == DayState::Draw);
        let cell = if let Some((hot, draw)) = draw.filter(|_| choosing.action == "/marriage/hold") {
            any = true;
            view! { <LinkList items=vec![draw_item(hot, draw)]/> }.into_any()
        } else if waits || matches!(state, DayState::Free | DayState::Few) {
            any |= !waits;
            let hot = book.hot_day(day).map(|hot| format!("{}，跟平常不一样", hot.name));
            let line = waits.then(|| "可以排队".to_owned());
            let hints: Vec<_> = hot.into_iter().chain(line).collect();
            let item = LinkItem {
                href: format!("{}/{day}", choosing.base),
                title: date_text(day),
                hint: hints.join("；"),
                sign: day_label(state).into(),
            };
            view! { <LinkList items=vec![item]/> }.into_any()
        } else {
            view! { <p class="xw-hint">{words}</p> }.into_any()
        };
        if let Some((_, cells)) = months.last_mut() {
            cells.push(cell);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    // A draw is told of long before its day comes into the window.
    let later: Vec<_> = book
        .hot
        .iter()
        .filter(|hot| hot.day >= day && choosing.action == "/marriage/hold")
        .filter_map(|hot| match hot.draw.as_ref()? {
            draw if draw.drawn => Some(drawn_item(hot, &choosing.base)),
            draw => Some(draw_item(hot, draw)),
        })
        .collect();
    let later =
        (!later.is_empty()).then(|| view! { <Card title="以后要摇号的日子"><LinkList items=later/></Card> });
    let none = (!any).then(|| {
        view! { <Empty title="这些天都约不上" hint="过几天再来看，或者换一家登记处；也可以打电话问能不能直接去"/> }
    });
    let cards = months.into_iter().map(|(title, cells)| view! { <Card title>{cells}</Card> }).collect_view();
    let rules = format!("这一家可以提前 {} 到 {} 天约。", book.rules.window_min, book.rules.window_max);
    let name = office.name.clone();
    view! {
        <Layout title=format!("{}：选日子", matter_label(matter)) back=choosing.back.clone()>
            <p class="xw-lead">{format!("{name}。{}{rules}", lead(matter))}</p>
            {none}
            {cards}
            {later}
        </Layout>
    }
}

/// The times of one day.
pub fn day(
    office: &Office,
    matter: Matter,
    (day, slots, hot): (Date, &[Slot], Option<&HotDay>),
    choosing: &Choosing,
    (key, refused): (&str, Option<&'static str>),
) -> impl IntoView + use<> {
    let refused_here = refused.is_some();
    let refused = refused.map(|words| view! { <Banner kind="bad" title=words/> });
    let forms = slots
        .iter()
        .map(|slot| {
            let time = time_words(slot.starts, slot.ends);
            if slot.left() == 0 {
                return view! { <p class="xw-hint">{format!("{time} 约满了")}</p> }.into_any();
            }
            let label = format!("{} {time}（还有 {} 个名额）", choosing.button, slot.left());
            view! {
                <form method="post" action=choosing.action.clone() class="xw-form">
                    <input type="hidden" name="idempotency_key" value=format!("{key}{}", slot.starts)/>
                    <input type="hidden" name="office" value=office.code.clone()/>
                    <input type="hidden" name="matter" value=matter.as_str()/>
                    <input type="hidden" name="day" value=day.to_string()/>
                    <input type="hidden" name="starts" value=slot.starts.to_string()/>
                    <Button kind="secondary">{label}</Button>
                </form>
            }
            .into_any()
        })
        .collect_view();
    let none = slots.is_empty().then(|| view! { <Empty title="这一天不能约" hint="请换一天"/> });
    let full = !slots.is_empty() && (refused_here || slots.iter().all(|slot| slot.left() == 0));
    let wait = (full && choosing.action == "/marriage/hold").then(|| {
        let href = format!("/marriage/offices/{}/wait/{}/{day}", office.code, matter.as_str());
        view! { <Actions><ButtonLink href kind="secondary">"排队等这一天"</ButtonLink></Actions> }
    });
    let draw = hot.and_then(|hot| hot.draw.as_ref()).map(|draw| {
        let href = format!("/marriage/draws/{}", draw.id);
        view! { <Actions><ButtonLink href kind="secondary">"看摇号"</ButtonLink></Actions> }
    });
    let hot = hot.map(|hot| view! { <Banner kind="info" title=hot_day_words(hot)/> });
    let name = office.name.clone();
    view! {
        <Layout title=date_text(day) back=choosing.base.clone()>
            {refused}
            <p class="xw-lead">{format!("{name}，{}。名额可能晚一秒，以按下去为准。", matter_label(matter))}</p>
            {hot}
            {draw}
            {none}
            <Card title="选一个时间">{forms}</Card>
            {wait}
        </Layout>
    }
}

/// Whether a booking may still be given up or moved by the couple.
pub fn is_open(state: BookingState) -> bool {
    matches!(state, BookingState::Held | BookingState::Waiting | BookingState::Firm)
}
