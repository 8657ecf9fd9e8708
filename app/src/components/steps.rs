//! How far one is.

use leptos::prelude::*;

/// How far one is: words, and a bar of as many pieces as there are steps.
#[component]
pub fn Steps(
    /// The step shown, from 1.
    now: usize,
    /// How many there are.
    total: usize,
) -> impl IntoView {
    let pieces = (1..=total)
        .map(|piece| {
            let class = if piece <= now { "xw-steps__piece xw-steps__piece--on" } else { "xw-steps__piece" };
            view! { <span class=class></span> }
        })
        .collect_view();
    view! {
        <div class="xw-steps">
            <p class="xw-steps__words">{format!("第 {now} 步，共 {total} 步")}</p>
            <div class="xw-steps__bar" aria-hidden="true">{pieces}</div>
        </div>
    }
}
