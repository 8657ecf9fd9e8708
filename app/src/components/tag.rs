//! A state in one or two words.

use leptos::prelude::*;

use super::Icon;

/// A state in one or two words: a sign, the words, and a colour that only repeats them.
#[component]
pub fn Tag(
    /// `good`, `warn`, `info`, `bad` or `plain`.
    #[prop(default = "plain")]
    kind: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("xw-tag xw-tag--{kind}")>{sign(kind).map(|name| view! { <Icon name/> })} {children()}</span>
    }
}

/// The drawing that belongs to a kind of message, the same on tags and banners.
pub(super) fn sign(kind: &str) -> Option<&'static str> {
    match kind {
        "good" => Some("check"),
        "warn" => Some("alert"),
        "info" => Some("info"),
        "bad" => Some("cross"),
        _ => None,
    }
}
