//! What stands where something is still on its way.

use leptos::prelude::*;

/// Grey lines where something is still on its way; the words are for those who cannot see them.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span class="xw-skeleton__line"></span> }).collect_view();
    view! {
        <div class="xw-skeleton" role="status">
            <span class="xw-unseen">"正在加载，请稍候"</span>
            {lines}
        </div>
    }
}
