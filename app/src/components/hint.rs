//! A quiet line under or beside something.

use leptos::prelude::*;

/// A quiet line of explanation.
#[component]
pub fn Hint(children: Children) -> impl IntoView {
    view! { <p class="xw-hint">{children()}</p> }
}
