//! The few drawings of the product, as lines in the colour of the text around them.

use leptos::prelude::*;

/// One drawing. It never speaks for itself: the words stand beside it, and assistive technology skips it.
///
/// `check`, `alert`, `info`, `cross`, `question`, `dash`, `clock`, `hourglass`, `twice`, `slash`, `swap`, `lens`, `next`, `back`,
/// `phone`, `box`.
/// Another name draws nothing.
#[component]
pub fn Icon(
    /// Which drawing.
    name: &'static str,
) -> impl IntoView {
    let lines = match name {
        "check" => r#"<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/>"#,
        "alert" => r#"<path d="M12 2.8 22 20.5H2z"/><path d="M12 9v5.5m0 2.6v.1"/>"#,
        "info" => r#"<circle cx="12" cy="12" r="10"/><path d="M12 11v6m0-10v.1"/>"#,
        "cross" => r#"<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="m8.5 8.5 7 7m0-7-7 7"/>"#,
        "question" => {
            r#"<circle cx="12" cy="12" r="10"/><path d="M9 9.4a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2m0 3v.1"/>"#
        }
        "dash" => r#"<rect x="2.5" y="2.5" width="19" height="19" rx="3"/><path d="M7.5 12h9"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2.5"/>"#,
        "hourglass" => {
            r#"<path d="M5 2.5h14M5 21.5h14M7 2.5c0 5 5 6.5 5 9.5s-5 4.5-5 9.5m10-19c0 5-5 6.5-5 9.5s5 4.5 5 9.5"/>"#
        }
        "twice" => r#"<path d="M12 2 22 12 12 22 2 12z"/><path d="m6.5 12 2.5 2.5 4-4.5m-1 3.5 1 1 4-4.5"/>"#,
        "slash" => r#"<circle cx="12" cy="12" r="10"/><path d="m5 5 14 14"/>"#,
        "swap" => r#"<path d="M3 8.5h16m-4.5-5 5 5-5 5M21 16.5H5m4.5-4-4.5 4 4.5 4.5"/>"#,
        "lens" => r#"<circle cx="10.5" cy="10.5" r="8"/><path d="m16.5 16.5 5 5m-14-11h6"/>"#,
        "next" => r#"<path d="m9 5 7 7-7 7"/>"#,
        "back" => r#"<path d="m15 5-7 7 7 7"/>"#,
        "phone" => {
            r#"<path d="M6 3h3l1.6 4.6-2 1.6a13 13 0 0 0 6.2 6.2l1.6-2L21 15v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z"/>"#
        }
        "box" => {
            r#"<path d="M3 13h5l1.5 3h5L16 13h5M3 13v6a1 1 0 0 0 1 1h16a1 1 0 0 0 1-1v-6l-3.5-8h-11z"/>"#
        }
        _ => "",
    };
    view! {
        <svg class="xw-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=lines></svg>
    }
}
