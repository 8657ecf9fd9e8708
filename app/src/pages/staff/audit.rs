//! `/staff/audit`: figures for auditors. No case, no name.

use leptos::prelude::*;

use super::Me;
use crate::components::{Answer, Answers, Empty, StaffLayout};
use crate::text::staff::place_name;

/// The complaints of one area, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreaComplaints {
    /// The area.
    pub area: String,
    /// Nobody has taken them over.
    pub received: i64,
    /// Somebody handles them.
    pub handling: i64,
    /// Answered.
    pub answered: i64,
    /// Answered and laid aside.
    pub closed: i64,
    /// Not answered in time.
    pub overdue: i64,
    /// Whole days since the oldest unanswered one came in.
    pub oldest_days: Option<i64>,
}

/// The page.
pub fn audit(me: &Me, complaints: &[AreaComplaints]) -> impl IntoView + use<> {
    let count = |label: &str, count: i64| Answer {
        label: label.into(),
        value: format!("{count} 件"),
        ..Answer::default()
    };
    let areas: Vec<_> = complaints
        .iter()
        .map(|area| {
            let rows = vec![
                count("没有人接手", area.received),
                count("正在处理", area.handling),
                count("超过期限", area.overdue),
                Answer {
                    label: "等得最久".into(),
                    value: area.oldest_days.map_or("没有在等的".into(), |days| format!("{days} 天")),
                    ..Answer::default()
                },
                count("已经答复", area.answered),
                count("已经办结", area.closed),
            ];
            view! { <Answers title=format!("{}的投诉与建议", place_name(&area.area)) rows/> }
        })
        .collect();
    let body = if areas.is_empty() {
        view! { <Empty title="还没有收到投诉和建议" hint="收到以后这里按地方列出件数。"/> }.into_any()
    } else {
        areas.into_any()
    };
    view! { <StaffLayout title="审计" back="/staff" name=me.name.clone() doors=me.doors()>{body}</StaffLayout> }
}
