//! One of a few, and yes or no.

use leptos::prelude::*;

use super::Words;
use super::field::Around;

/// One of the answers that [`Radios`] offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the resident reads.
    pub label: String,
    /// What it means, below.
    pub hint: Option<String>,
}

/// One of a few. The first answer has the field's name as its id, so that the error summary's link finds it.
#[component]
pub fn Radios(
    /// The field's name in the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: Words,
    /// What has to be put right.
    #[prop(optional, into)]
    error: Words,
    /// The value chosen.
    #[prop(optional, into)]
    value: String,
    /// The answers.
    options: Vec<Choice>,
) -> impl IntoView {
    let around = Around::new(&name, hint, error);
    let rows = options
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let id = if at == 0 { name.clone() } else { format!("{name}-option-{}", at + 1) };
            let checked = choice.value == value && !value.is_empty();
            let hint_id = choice.hint.as_ref().map(|_| format!("{name}-option-{}-hint", at + 1));
            view! {
                <div class="xw-choice">
                    <input
                        class="xw-choice__input"
                        type="radio"
                        id=id.clone()
                        name=name.clone()
                        value=choice.value
                        checked=checked
                        aria-describedby=hint_id.clone()
                    />
                    <label class="xw-choice__label" for=id>{choice.label}</label>
                    {choice.hint.map(|hint| view! { <p class="xw-choice__hint" id=hint_id>{hint}</p> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="xw-field xw-choices"
            role="radiogroup"
            aria-describedby=around.described_by(&[])
            aria-invalid=around.invalid()
        >
            <legend class="xw-field__label">{legend}</legend>
            {around.hint()}
            <div class="xw-choices__rows">{rows}</div>
            {around.error()}
        </fieldset>
    }
}

/// Yes or no; ticked it sends `yes`.
#[component]
pub fn Checkbox(
    /// The field's name in the form, and its id.
    #[prop(into)]
    name: String,
    /// What one says by ticking it.
    #[prop(into)]
    label: String,
    /// What it means, below.
    #[prop(optional, into)]
    hint: Words,
    /// What has to be put right.
    #[prop(optional, into)]
    error: Words,
    /// Whether it is ticked.
    #[prop(optional)]
    checked: bool,
) -> impl IntoView {
    let around = Around::new(&name, Words::default(), error);
    let hint_id = format!("{name}-hint");
    let described_by = around.described_by(if hint.is_some() { &["hint"] } else { &[] });
    view! {
        <div class="xw-field">
            <div class="xw-choice">
                <input
                    class="xw-choice__input xw-choice__input--box"
                    type="checkbox"
                    id=name.clone()
                    name=name.clone()
                    value="yes"
                    checked=checked
                    aria-describedby=described_by
                    aria-invalid=around.invalid()
                />
                <label class="xw-choice__label" for=name>{label}</label>
                {hint.get().map(|hint| view! { <p class="xw-choice__hint" id=hint_id>{hint}</p> })}
            </div>
            {around.error()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(value: &str) -> Choice {
        Choice { value: value.to_owned(), label: value.to_owned(), hint: None }
    }

    #[test]
    fn the_summary_link_finds_the_first_answer() {
        let html = view! {
            <Radios name="kind" legend="哪一种？" value="b" error="请选一种" options=vec![choice("a"), choice("b")]/>
        }
        .to_html();
        assert_eq!(html.matches(r#"id="kind""#).count(), 1, "{html}");
        assert!(html.contains(r#"id="kind-option-2""#) && html.contains(r#"aria-invalid="true""#), "{html}");
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
    }

    #[test]
    fn nothing_is_chosen_for_the_resident() {
        let html =
            view! { <Radios name="kind" legend="哪一种？" options=vec![choice(""), choice("b")]/> }.to_html();
        assert!(!html.contains(" checked"), "{html}");
    }
}
