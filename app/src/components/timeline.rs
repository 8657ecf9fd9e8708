//! What happened, and what comes.

use leptos::prelude::*;

use super::{Icon, Tag};

/// One thing that happened, or will.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineEntry {
    /// What.
    pub title: String,
    /// When, in words; empty for nothing known.
    pub at: String,
    /// More about it.
    pub note: Option<String>,
    /// It has happened.
    pub done: bool,
    /// It rests on sample data.
    pub sample: bool,
}

/// What happened, and what comes. A tick tells the two apart, and words for those who cannot see it.
#[component]
pub fn Timeline(
    /// In the order of time.
    entries: Vec<TimelineEntry>,
) -> impl IntoView {
    let entries = entries
        .into_iter()
        .map(|entry| {
            let (class, state) =
                if entry.done { ("xw-timeline__entry xw-timeline__entry--done", "已完成：") } else { ("xw-timeline__entry", "接下来：") };
            view! {
                <li class=class>
                    <span class="xw-timeline__mark" aria-hidden="true">{entry.done.then(|| view! { <Icon name="check"/> })}</span>
                    <div class="xw-timeline__words">
                        <span class="xw-timeline__title">
                            <span class="xw-unseen">{state}</span>
                            {entry.title}
                            {entry.sample.then(|| view! { <Tag kind="plain">"示例"</Tag> })}
                        </span>
                        {(!entry.at.is_empty()).then(|| view! { <span class="xw-hint">{entry.at}</span> })}
                        {entry.note.map(|note| view! { <span class="xw-hint">{note}</span> })}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="xw-timeline">{entries}</ol> }
}
