//! A list with nothing in it yet.

use leptos::prelude::*;

use super::{ButtonLink, Icon, Words};

/// A list with nothing in it yet: it says so, and what to do.
#[component]
pub fn Empty(
    /// 「还没有办件」
    #[prop(into)]
    title: String,
    /// What would stand here, or how it gets here.
    #[prop(optional, into)]
    hint: Words,
    /// Where to begin.
    #[prop(optional, into)]
    href: Words,
    /// The words of that link.
    #[prop(optional, into)]
    action: Words,
) -> impl IntoView {
    let link = href.get().zip(action.get());
    view! {
        <div class="xw-empty">
            <Icon name="box"/>
            <strong class="xw-empty__title">{title}</strong>
            {hint.get().map(|hint| view! { <p class="xw-hint">{hint}</p> })}
            {link
                .map(|(href, action)| view! { <ButtonLink href=href kind="secondary">{action}</ButtonLink> })}
        </div>
    }
}
