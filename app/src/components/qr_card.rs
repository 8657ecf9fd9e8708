//! A code to show to another phone.

use leptos::prelude::*;

use super::Words;
use crate::text::spoken_code;

/// A code to show to another phone, always dark on white, with the short code that a person can read out.
#[component]
pub fn QrCard(
    /// A whole `<svg>` element. It is written as it is, so it must come from our own code.
    svg: String,
    /// The code to type by hand; empty for none.
    #[prop(optional, into)]
    short_code: Words,
    /// What the code is good for.
    #[prop(optional, into)]
    caption: Words,
) -> impl IntoView {
    view! {
        <figure class="xw-card xw-qr">
            <div class="xw-qr__code" role="img" aria-label="二维码" inner_html=svg></div>
            {short_code.get().map(|code| {
                let spoken = spoken_code(&code);
                view! {
                    <strong aria-hidden="true" class="xw-qr__short">{code}</strong>
                    <span class="xw-unseen">{format!("短码：{spoken}")}</span>
                }
            })}
            {caption.get().map(|caption| view! { <figcaption class="xw-hint">{caption}</figcaption> })}
        </figure>
    }
}
