//! Several lines to fill in.

use leptos::prelude::*;

use super::Words;
use super::field::Around;

/// Several lines to fill in. The only place that writes `<textarea>`: leptos 0.8 leaves its children unescaped.
#[component]
pub fn TextArea(
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
    /// What was typed.
    #[prop(optional, into)]
    value: String,
    /// Height in lines.
    #[prop(default = 6)]
    rows: u32,
    /// The rule that an island checks with (`data-check`).
    #[prop(optional)]
    check: Option<&'static str>,
    /// May be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// In UTF-16 units; be generous, the server's rule decides.
    #[prop(optional)]
    maxlength: Option<u32>,
) -> impl IntoView {
    let around = Around::new(&name, hint, error);
    // HTML drops one newline after the opening tag, so give it one of ours to drop.
    let html = format!("\n{}", value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    view! {
        <div class="xw-field">
            <label class="xw-field__label" for=name.clone()>
                {label} {optional.then(|| view! { <span class="xw-field__optional">"（可不填）"</span> })}
            </label>
            {around.hint()}
            <textarea
                class="weui-textarea xw-field__input xw-field__input--lines"
                id=name.clone()
                name=name
                rows=rows.to_string()
                autocomplete="off"
                maxlength=maxlength.map(|length| length.to_string())
                data-check=check
                aria-describedby=around.described_by(&[])
                aria-invalid=around.invalid()
                inner_html=html
            ></textarea>
            {around.error()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser would show in the box: the text between the tags without the first newline, unescaped once.
    fn shown(value: &str) -> String {
        let html = view! { <TextArea name="story" label="经过" value=value/> }.to_html();
        let (_, rest) = html.split_once("<textarea").unwrap_or_default();
        let (_, rest) = rest.split_once('>').unwrap_or_default();
        let (text, _) = rest.split_once("</textarea>").unwrap_or_default();
        let text = text.strip_prefix('\n').unwrap_or(text);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn text_that_closes_the_textarea_stays_text() {
        assert_eq!(shown("好</textarea><script>alert(1)</script>"), "好</textarea><script>alert(1)</script>");
    }

    #[test]
    fn text_that_looks_escaped_comes_back_unchanged() {
        assert_eq!(shown("a &lt; b &amp;amp; c"), "a &lt; b &amp;amp; c");
    }

    #[test]
    fn a_leading_empty_line_is_kept() {
        assert_eq!(shown("\n第二行"), "\n第二行");
    }
}
