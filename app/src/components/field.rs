//! One line to fill in.

use leptos::prelude::*;

use super::Words;

/// The parts around an input that every kind of field shares, with ids derived from the field's name. A field that
/// derives them cannot be wired wrong.
///
/// The paragraphs `{name}-error` and `{name}-warning` always exist, hidden while empty, so that an island can fill
/// them and the input's `aria-describedby` need not change.
#[derive(Clone, Debug)]
pub(super) struct Around {
    name: String,
    hint: Option<String>,
    error: Option<String>,
}

impl Around {
    pub(super) fn new(name: &str, hint: Words, error: Words) -> Self {
        Self { name: name.to_owned(), hint: hint.get(), error: error.get() }
    }

    /// What `aria-describedby` points to; `more` are ids of parts that only this field has.
    pub(super) fn described_by(&self, more: &[&str]) -> String {
        let hint = self.hint.is_some().then_some("hint");
        let parts = hint.into_iter().chain(more.iter().copied()).chain(["error"]);
        parts.map(|part| format!("{}-{part}", self.name)).collect::<Vec<_>>().join(" ")
    }

    /// `aria-invalid`, where there is an error.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    /// The hint's paragraph, between label and input.
    pub(super) fn hint(&self) -> impl IntoView + use<> {
        let id = format!("{}-hint", self.name);
        self.hint.clone().map(|hint| view! { <p class="xw-hint" id=id>{hint}</p> })
    }

    /// The error's paragraph, after the input.
    pub(super) fn error(&self) -> impl IntoView + use<> {
        message(format!("{}-error", self.name), "xw-field__error", self.error.clone())
    }
}

/// A paragraph that exists also while it is empty.
fn message(id: String, class: &'static str, text: Option<String>) -> impl IntoView {
    let hidden = text.is_none();
    view! { <p class=class id=id hidden=hidden>{text}</p> }
}

/// 「（可不填）」 behind a label.
fn optional_mark(optional: bool) -> impl IntoView {
    optional.then(|| view! { <span class="xw-field__optional">"（可不填）"</span> })
}

/// One line to fill in: label, hint, input, error. Everything else is derived from the name.
#[component]
pub fn Field(
    /// The field's name in the form, and its id.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: Words,
    /// What has to be put right.
    #[prop(optional, into)]
    error: Words,
    /// What is unusual but accepted.
    #[prop(optional, into)]
    warning: Words,
    /// What was typed.
    #[prop(optional, into)]
    value: String,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard to show.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in; nothing unless told.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The rule that an island checks with (`data-check`).
    #[prop(optional)]
    check: Option<&'static str>,
    /// May be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// Behind the input: 「元」.
    #[prop(optional)]
    unit: Option<&'static str>,
    /// In UTF-16 units; be generous, the server's rule decides.
    #[prop(optional)]
    maxlength: Option<u32>,
) -> impl IntoView {
    let around = Around::new(&name, hint, error);
    let described_by = around.described_by(if unit.is_some() { &["unit", "warning"] } else { &["warning"] });
    let inputmode = inputmode.or((kind == "text").then_some("text"));
    let unit_id = format!("{name}-unit");
    view! {
        <div class="xw-field">
            <label class="xw-field__label" for=name.clone()>{label} {optional_mark(optional)}</label>
            {around.hint()}
            <div class="xw-field__box">
                <input
                    class="weui-input xw-field__input"
                    id=name.clone()
                    name=name.clone()
                    type=kind
                    value=value
                    inputmode=inputmode
                    autocomplete=autocomplete.unwrap_or("off")
                    maxlength=maxlength.map(|length| length.to_string())
                    data-check=check
                    aria-describedby=described_by
                    aria-invalid=around.invalid()
                />
                {unit.map(|unit| view! { <span class="xw-field__unit" id=unit_id>{unit}</span> })}
            </div>
            {around.error()}
            {message(format!("{name}-warning"), "xw-field__warning", warning.get())}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_field_keeps_an_empty_hidden_error_for_the_island() {
        let html = view! { <Field name="phone" label="手机号" inputmode="tel" check="mobile"/> }.to_html();
        assert!(html.contains(r#"for="phone""#) && html.contains(r#"id="phone""#), "{html}");
        assert!(html.contains(r#"id="phone-error" hidden"#), "{html}");
        assert!(html.contains(r#"aria-describedby="phone-warning phone-error""#), "{html}");
        assert!(html.contains(r#"data-check="mobile""#) && !html.contains("aria-invalid"), "{html}");
    }

    #[test]
    fn a_wrong_field_is_wired_to_its_hint_and_error() {
        let html = view! { <Field name="phone" label="手机号" hint="11 位" error="请填写 11 位手机号" value="139\"<"/> }
            .to_html();
        assert!(html.contains(r#"aria-describedby="phone-hint phone-warning phone-error""#), "{html}");
        assert!(html.contains(r#"aria-invalid="true""#), "{html}");
        assert!(html.contains(r#"value="139&quot;"#), "{html}");
    }
}
