//! `/staff/marriage/{office}/day` and `…/numbers`: who comes on a day, on the screen and on paper; everybody of a time moved to
//! another; what a month was, in counts.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Field, Layout, LinkItem, LinkList,
    OptionGroup, Select, StaffLayout,
};
use crate::domain::marriage::{
    DayEntry, Matter, MonthCounts, MoveAllForm, Office, PartnerWay, VisitState, time_value, time_words,
};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::text::marriage::{accepted_words, coming_label, matter_label, visit_label};

/// A day of an office.
#[derive(Clone, Debug)]
pub struct Day {
    /// The office.
    pub office: Office,
    /// The day.
    pub day: Date,
    /// Whether it is worked; nothing where its holidays are not published.
    pub works: Option<bool>,
    /// It is over.
    pub over: bool,
    /// Who comes, by time.
    pub entries: Vec<DayEntry>,
    /// How many were moved, and how many could not be.
    pub moved: Option<(u32, u32)>,
    /// Where everybody of a time goes, as typed.
    pub sent: Sent<MoveAllForm>,
    /// The key of the form.
    pub key: String,
}

fn matter_words(matter: Matter) -> &'static str {
    match matter {
        Matter::DivorceRegistration => "离婚登记（第一次）",
        other => matter_label(other),
    }
}

fn notes(entry: &DayEntry) -> String {
    let booking = &entry.booking;
    let mut notes = Vec::new();
    if booking.way == Some(PartnerWay::Door) {
        notes.push("另一位现场确认".to_owned());
    }
    if booking.staff_decide {
        notes.push("2 月 29 日出生，请判断年龄".to_owned());
    }
    if let Some(accepted) = booking.accepted {
        notes.push(format!("受理 {}", accepted_words(accepted)));
    }
    notes.extend(entry.coming.map(|coming| coming_label(coming).to_owned()));
    notes.join("；")
}

/// The times that still have couples who have not come.
fn times(entries: &[DayEntry]) -> Vec<(String, String)> {
    let mut times: Vec<(Matter, u16, u16, usize)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.visit.is_none()) {
        let booking = &entry.booking;
        match times
            .iter_mut()
            .find(|(matter, starts, ..)| (*matter, *starts) == (booking.matter, booking.starts))
        {
            Some((.., couples)) => *couples += 1,
            None => times.push((booking.matter, booking.starts, booking.ends, 1)),
        }
    }
    times
        .into_iter()
        .map(|(matter, starts, ends, couples)| {
            let words = format!("{} {}（{couples} 对）", time_words(starts, ends), matter_words(matter));
            (time_value(matter, starts), words)
        })
        .collect()
}

fn move_all_card(day: &Day) -> Option<AnyView> {
    let times = times(&day.entries);
    if times.is_empty() || day.over {
        return None;
    }
    let groups = vec![OptionGroup { label: String::new(), options: times }];
    let action = format!("/staff/marriage/{}/day/move", day.office.code);
    let (form, key, on) = (day.sent.form.clone(), day.key.clone(), day.day.to_string());
    let [from_error, day_error, starts_error] =
        ["from", "to_day", "to_starts"].map(|field| day.sent.error(field));
    Some(
        view! {
            <Card title="这个时间开不了？整批改到别的时间">
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <input type="hidden" name="day" value=on/>
                    <Select name="from" label="哪个时间开不了" groups value=form.from error=from_error/>
                    <Field name="to_day" label="改到哪一天" hint="比如 2026-12-01" value=form.to_day error=day_error maxlength=30/>
                    <Field name="to_starts" label="改到几点开始的" hint="比如 13:00；先约的先改，名额满了的留在原处" value=form.to_starts error=starts_error maxlength=8/>
                    <p class="xw-hint">"每一对都会收到短信，二维码换成新的，不合适他们可以再改或者取消。"</p>
                    <Actions><Button kind="secondary">"整批改"</Button></Actions>
                </form>
            </Card>
        }
        .into_any(),
    )
}

/// Who comes on a day.
pub fn day(me: &Me, day: &Day) -> impl IntoView + use<> {
    let base = format!("/staff/marriage/{}", day.office.code);
    let off = (day.works == Some(false)).then(|| view! { <Banner kind="info" title="这一天是休息日"/> });
    let moved = day.moved.map(|(moved, left)| {
        let words = if left == 0 {
            format!("改好了 {moved} 对，都通知了")
        } else {
            format!("改好了 {moved} 对，还有 {left} 对改不过去，留在原处")
        };
        view! { <Banner kind=if left == 0 { "good" } else { "warn" } title=words/> }
    });
    let items: Vec<_> = day
        .entries
        .iter()
        .map(|entry| {
            let booking = &entry.booking;
            let there = match entry.visit {
                Some((number, state)) => format!("{number} 号，{}", visit_label(state)),
                None => "还没到".to_owned(),
            };
            let known = [there, notes(entry), format!("编号 {}，短码 {}", booking.number, entry.code)];
            LinkItem {
                href: format!("{base}/door/{}", booking.id),
                title: format!(
                    "{} {}：{}",
                    time_words(booking.starts, booking.ends),
                    matter_words(booking.matter),
                    booking.names.join("、")
                ),
                hint: known.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("；"),
                sign: String::new(),
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <Empty title="这一天没有预约"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let words = format!("{}，{} 对。到了的，请到“门口取号叫号”扫码。", day.office.name, day.entries.len());
    let errors = day.sent.summary();
    let move_all = move_all_card(day);
    let (before, after) = (day.day.yesterday().unwrap_or(day.day), day.day.tomorrow().unwrap_or(day.day));
    let (door_page, print) = (format!("{base}/door"), format!("{base}/day/print?day={}", day.day));
    let [before, after] = [before, after].map(|day| format!("{base}/day?day={day}"));
    view! {
        <StaffLayout title=date_text(day.day) back=base name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {moved}
            <p>{words}</p>
            {off}
            {list}
            <Actions>
                <ButtonLink href=door_page>"门口取号叫号"</ButtonLink>
                <ButtonLink href=print kind="secondary">"打印"</ButtonLink>
                <ButtonLink href=before kind="secondary">"前一天"</ButtonLink>
                <ButtonLink href=after kind="secondary">"后一天"</ButtonLink>
            </Actions>
            {move_all}
        </StaffLayout>
    }
}

/// The day for paper: what the counter needs and no code, for a sheet lies about.
pub fn print(day: &Day) -> impl IntoView + use<> {
    let rows = day
        .entries
        .iter()
        .map(|entry| {
            let booking = &entry.booking;
            let there = match entry.visit {
                Some((number, VisitState::Waiting | VisitState::Called | VisitState::Served)) => {
                    format!("{number} 号")
                }
                _ => String::new(),
            };
            view! {
                <tr>
                    <td>{time_words(booking.starts, booking.ends)}</td>
                    <td>{matter_words(booking.matter)}</td>
                    <td>{booking.names.join("、")}</td>
                    <td>{booking.number.clone()}</td>
                    <td>{notes(entry)}</td>
                    <td>{there}</td>
                </tr>
            }
        })
        .collect_view();
    let list = if day.entries.is_empty() {
        view! { <Empty title="这一天没有预约"/> }.into_any()
    } else {
        view! {
            <table>
                <thead><tr><th>"时间"</th><th>"办什么"</th><th>"两个人"</th><th>"编号"</th><th>"注意"</th><th>"到了"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let back = format!("/staff/marriage/{}/day?day={}", day.office.code, day.day);
    let words = format!("{}，{} 对。用完请收好或者碎掉。", day.office.name, day.entries.len());
    view! { <Layout title=date_text(day.day) back><p>{words}</p>{list}</Layout> }
}

/// A month of an office, by matter.
pub fn numbers(
    me: &Me,
    office: &Office,
    (first, months): (Date, [Date; 2]),
    counts: &[(Matter, MonthCounts)],
) -> impl IntoView + use<> {
    let base = format!("/staff/marriage/{}", office.code);
    let rows = counts
        .iter()
        .map(|(matter, of)| {
            let wait = of.wait().map_or_else(|| "—".to_owned(), |minutes| format!("{minutes} 分钟"));
            view! {
                <tr>
                    <td>{matter_words(*matter)}</td>
                    <td>{of.booked}</td>
                    <td>{of.came}</td>
                    <td>{of.missed}</td>
                    <td>{of.cancelled}</td>
                    <td>{of.released}</td>
                    <td>{of.walk_ins}</td>
                    <td>{wait}</td>
                </tr>
            }
        })
        .collect_view();
    let table = if counts.is_empty() {
        view! { <Empty title="这个月没有记录"/> }.into_any()
    } else {
        view! {
            <table>
                <thead><tr><th>"办什么"</th><th>"约好的"</th><th>"约好、来了"</th><th>"记了没来"</th><th>"取消的"</th><th>"没确认、让出的"</th><th>"没有预约的"</th><th>"平均等多久"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let month = |day: Date| format!("{}-{:02}", day.year(), day.month());
    let [before, after] = months.map(|day| format!("{base}/numbers?month={}", month(day)));
    let lead = format!("{}。只有次数，没有人名；预约记录到期删除以后，那几天不再算在里面。", office.name);
    let title = format!("{} 年 {} 月", first.year(), first.month());
    view! {
        <StaffLayout title back=base name=me.name.clone() doors=me.doors()>
            <p>{lead}</p>
            {table}
            <Actions>
                <ButtonLink href=before kind="secondary">"上个月"</ButtonLink>
                <ButtonLink href=after kind="secondary">"下个月"</ButtonLink>
            </Actions>
        </StaffLayout>
    }
}
