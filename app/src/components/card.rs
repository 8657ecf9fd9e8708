//! One thing on paper.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::Words;

/// One thing on paper, with a heading of the second level, or with a name for assistive technology, or neither.
#[component]
pub fn Card(
    /// The heading.
    #[prop(optional, into)]
    title: Words,
    /// The name, where no heading is shown.
    #[prop(optional, into)]
    label: Words,
    children: Children,
) -> impl IntoView {
    match (title.get(), label.get()) {
        (Some(title), _) => EitherOf3::A(view! {
            <section class="xw-card">
                <h2 class="xw-card__title">{title}</h2>
                {children()}
            </section>
        }),
        (None, Some(label)) => {
            EitherOf3::B(view! { <div class="xw-card" role="group" aria-label=label>{children()}</div> })
        }
        (None, None) => EitherOf3::C(view! { <div class="xw-card">{children()}</div> }),
    }
}
