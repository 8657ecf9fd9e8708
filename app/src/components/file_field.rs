//! A file to choose.

use leptos::prelude::*;

use super::Words;
use super::field::Around;

/// A file to choose. What was chosen can't come back with an error: no page may name a file of the device.
#[component]
pub fn FileField(
    /// The field's name in the form, and its id.
    #[prop(into)]
    name: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: Words,
    /// What has to be put right.
    #[prop(optional, into)]
    error: Words,
    /// The kinds of files that the device offers. The server judges by itself.
    accept: &'static str,
) -> impl IntoView {
    let around = Around::new(&name, hint, error);
    view! {
        <div class="xw-field">
            <label class="xw-field__label" for=name.clone()>{label}</label>
            {around.hint()}
            <input
                class="xw-file"
                id=name.clone()
                name=name.clone()
                type="file"
                accept=accept
                aria-describedby=around.described_by(&[])
                aria-invalid=around.invalid()
            />
            {around.error()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_file_is_wired_to_its_error_and_the_camera_is_not_forced() {
        let html = view! { <FileField name="photo" label="照片" error="请选一张照片" accept="image/jpeg"/> }
            .to_html();
        assert!(
            html.contains(r#"aria-describedby="photo-error""#) && html.contains(r#"aria-invalid="true""#),
            "{html}"
        );
        assert!(!html.contains("capture") && !html.contains("value="), "{html}");
    }
}
