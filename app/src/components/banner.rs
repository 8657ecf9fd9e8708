//! A notice across the page.

use leptos::prelude::*;

use super::tag::sign;
use super::{Icon, Words};

/// A notice across the page: what is so, and what to do about it.
#[component]
pub fn Banner(
    /// `info`, `warn`, `good`, or `bad` for errors only.
    #[prop(default = "info")]
    kind: &'static str,
    /// The notice in one line.
    #[prop(optional, into)]
    title: Words,
    /// What follows from it; may be empty.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("xw-banner xw-banner--{kind}")>
            {sign(kind).map(|name| view! { <Icon name/> })}
            <div class="xw-banner__words">
                {title.get().map(|title| view! { <strong class="xw-banner__title">{title}</strong> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}
