//! What a check of a code found.

use leptos::prelude::*;

use super::Icon;

/// What a check of a code found: a shape, a word and a sentence. Each state has its own shape.
#[component]
pub fn CheckResult(
    /// `valid`, `expired`, `altered`, `replaced`, `lost`, `unknown` (the key) or `foreign` (not ours).
    state: &'static str,
    /// The finding in one sentence.
    #[prop(into)]
    title: String,
    /// What was confirmed, or what to do now.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (shape, word) = match state {
        "valid" => ("check", "有效"),
        "expired" => ("clock", "已过期"),
        "early" => ("clock", "还没到时间"),
        "replaced" => ("dash", "已换新卡"),
        "lost" => ("cross", "已挂失"),
        "altered" => ("cross", "内容被改过"),
        "foreign" => ("dash", "不是本服务的码"),
        _ => ("question", "无法确认"),
    };
    view! {
        <section class=format!("xw-card xw-check xw-check--{state}")>
            <div class="xw-check__head">
                <Icon name=shape/>
                <strong class="xw-check__word">{word}</strong>
                <h2 class="xw-check__title">{title}</h2>
            </div>
            {children.map(|children| view! { <div class="xw-check__more">{children()}</div> })}
        </section>
    }
}
