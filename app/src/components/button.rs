//! Buttons, and links that look like them.

use leptos::prelude::*;

use super::Words;

/// WeUI's class for a kind of button; ours lies on top.
fn classes(kind: &str) -> String {
    let weui = match kind {
        "primary" => "weui-btn_primary",
        "quiet" => "weui-btn_quiet",
        _ => "weui-btn_default",
    };
    format!("weui-btn {weui} xw-button xw-button--{kind}")
}

/// Sends the form. The words say what happens: 「提交申请」, not 「确定」.
#[component]
pub fn Button(
    /// `primary` (one a page), `secondary`, `danger` (takes something away; not red, red is for errors) or `quiet`.
    #[prop(default = "primary")]
    kind: &'static str,
    /// The field that tells which button was pressed.
    #[prop(optional, into)]
    name: Words,
    /// Its value.
    #[prop(optional, into)]
    value: Words,
    /// The id of the form, where the button stands outside of it.
    #[prop(optional, into)]
    form: Words,
    /// Another address to send to.
    #[prop(optional, into)]
    formaction: Words,
    /// Cannot be pressed now. Say why beside it.
    #[prop(optional)]
    disabled: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=classes(kind)
            type="submit"
            name=name.get()
            value=value.get()
            form=form.get()
            formaction=formaction.get()
            disabled=disabled
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button, for going on where nothing is sent.
#[component]
pub fn ButtonLink(
    /// Where to.
    #[prop(into)]
    href: String,
    /// As for [`Button`].
    #[prop(default = "primary")]
    kind: &'static str,
    children: Children,
) -> impl IntoView {
    view! { <a class=classes(kind) href=href>{children()}</a> }
}

/// The buttons that end a page, one below the other. They are not printed.
#[component]
pub fn Actions(children: Children) -> impl IntoView {
    view! { <div class="xw-actions">{children()}</div> }
}
