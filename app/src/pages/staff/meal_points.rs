//! `/staff/meal-points`: the day of all points of one's area, for the street and the district. Counts alone; nobody is ranked.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{Answer, Answers, Banner, Empty, LinkItem, LinkList, StaffLayout};
use crate::domain::area::Street;
use crate::domain::meals::{MealPoint, PointDay};
use crate::domain::staff::Role;
use crate::domain::time::date_text;
use crate::text::meals::point_label;

/// Who looks after points.
pub const WATCHERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// What one sees.
#[derive(Clone, Debug)]
pub struct PointsView {
    /// The day.
    pub day: Date,
    /// The street that is shown; none for all streets of the district.
    pub street: Option<&'static Street>,
    /// The streets that one may choose from, each with its sums and how many of its points are closed.
    pub streets: Vec<(&'static Street, PointDay, usize)>,
    /// The points of the street, in the order of the operator's list.
    pub points: Vec<(MealPoint, PointDay)>,
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.to_owned(), value, ..Answer::default() }
}

fn counts(of: &PointDay) -> String {
    format!(
        "订了 {} 份，领了 {} 份（没订来吃的 {} 份），还剩 {} 份",
        of.reserved, of.handed_out, of.walk_ins, of.left
    )
}

/// What waits for somebody; empty where nothing does.
fn waits(of: &PointDay) -> Vec<String> {
    let lines = [
        (of.conflicts, "要核对的"),
        (of.calls, "没来领、等着打电话的"),
        (of.unanswered, "说不好、还没有回的"),
        (of.bad, "七天里说不好的"),
    ];
    lines.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{words} {count}")).collect()
}

fn sums(of: &PointDay, closed: usize) -> Vec<Answer> {
    vec![
        row("订了", format!("{} 份", of.reserved)),
        row("领了", format!("{} 份，没订来吃的 {} 份", of.handed_out, of.walk_ins)),
        row("还剩", format!("{} 份", of.left)),
        row("要核对的", format!("{} 份", of.conflicts)),
        row("没来领、等着打电话的", format!("{} 位", of.calls)),
        row("七天里说不好的", format!("{} 份，还没有回的 {} 份", of.bad, of.unanswered)),
        row("今天不开的", format!("{closed} 个点")),
    ]
}

fn point(point: &MealPoint, of: &PointDay) -> impl IntoView + use<> {
    let mut rows = vec![row("地方", format!("{}，{}", point_label(point.kind), point.address))];
    if let Some(why) = &of.closed {
        rows.push(row("今天", format!("不开：{why}")));
    }
    rows.push(row("今天的餐", counts(of)));
    let waits = waits(of);
    if !waits.is_empty() {
        rows.push(row("要看的", waits.join("；")));
    }
    let closing: Vec<_> = of.closing.iter().map(|(day, why)| format!("{}：{why}", date_text(*day))).collect();
    if !closing.is_empty() {
        rows.push(row("七天里不开的", closing.join("；")));
    }
    let title = point.name.clone();
    view! { <Answers title rows/> }
}

/// The page.
pub fn points(me: &Me, view: &PointsView) -> impl IntoView + use<> {
    let day = date_text(view.day);
    let (all, closed) = view
        .streets
        .iter()
        .filter(|(street, ..)| view.street.is_none_or(|shown| shown.code == street.code))
        .fold((PointDay::default(), 0), |(sum, closed), (_, of, shut)| (sum.with(of), closed + shut));
    let sums = sums(&all, closed);
    let title = view.street.map_or("全区", |street| street.name);
    let others: Vec<_> = view
        .streets
        .iter()
        .filter(|(street, ..)| view.street.is_none_or(|shown| shown.code != street.code))
        .map(|(street, of, closed)| {
            let mut words = waits(of);
            if *closed > 0 {
                words.insert(0, format!("{closed} 个点今天不开"));
            }
            words.insert(0, counts(of));
            LinkItem {
                href: format!("/staff/meal-points?street={}", street.code),
                title: street.name.to_owned(),
                hint: words.join("；"),
                sign: String::new(),
            }
        })
        .collect();
    let others = (!others.is_empty()).then(|| view! { <LinkList items=others/> });
    let asks = all.asks().then(|| {
        view! { <Banner kind="warn" title="有要看的"><p>"核对由助餐点在领餐页做；没来领的由社区工作者打电话；说不好的由助餐点回。"</p></Banner> }
    });
    let points = view.points.iter().map(|(of, day)| point(of, day)).collect_view();
    let none = (view.street.is_some() && view.points.is_empty())
        .then(|| view! { <Empty title="这个街道没有助餐点"/> });
    view! {
        <StaffLayout title="助餐一览" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{day}</p>
            {asks}
            <Answers title rows=sums/>
            {points}
            {none}
            {others}
        </StaffLayout>
    }
}
