//! The number that matters.

use leptos::either::Either;
use leptos::prelude::*;

use super::Words;

/// The number that matters on a page: a date, a time, a place, minutes, yuan. The largest thing there.
#[component]
pub fn Figure(
    /// What it is the number of.
    #[prop(optional, into)]
    label: Words,
    /// The number with its unit.
    #[prop(into)]
    value: String,
    /// The value as those hear it who listen, where that is not how it is written.
    #[prop(optional, into)]
    spoken: Words,
    /// A quiet line below.
    #[prop(optional, into)]
    hint: Words,
) -> impl IntoView {
    view! {
        <div class="xw-figure">
            {label.get().map(|label| view! { <span class="xw-figure__label">{label}</span> })}
            {match spoken.get() {
                Some(spoken) => Either::Left(view! {
                    <strong aria-hidden="true" class="xw-figure__value">{value}</strong>
                    <span class="xw-unseen">{spoken}</span>
                }),
                None => Either::Right(view! { <strong class="xw-figure__value">{value}</strong> }),
            }}
            {hint.get().map(|hint| view! { <span class="xw-hint">{hint}</span> })}
        </div>
    }
}
