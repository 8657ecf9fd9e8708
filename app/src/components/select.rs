//! One of many.

use leptos::either::Either;
use leptos::prelude::*;

use super::Words;
use super::field::Around;

/// Options that belong together, such as the communities of one street. Without a label they stand by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionGroup {
    /// The group's name; empty for none.
    pub label: String,
    /// What the form sends, and what the resident reads.
    pub options: Vec<(String, String)>,
}

/// One of many.
#[component]
pub fn Select(
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
    /// The value chosen.
    #[prop(optional, into)]
    value: String,
    /// What can be chosen.
    groups: Vec<OptionGroup>,
    /// Shown while nothing is chosen.
    #[prop(default = "请选择")]
    empty: &'static str,
    /// The rule that an island checks with (`data-check`).
    #[prop(optional)]
    check: Option<&'static str>,
    /// May be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// The id of a second list, whose groups an island narrows to what begins with the value chosen here.
    #[prop(optional, into)]
    narrows: Words,
) -> impl IntoView {
    let around = Around::new(&name, hint, error);
    let groups = groups
        .into_iter()
        .map(|group| {
            let options = group
                .options
                .into_iter()
                .map(|(key, words)| {
                    let selected = key == value;
                    view! { <option value=key selected=selected>{words}</option> }
                })
                .collect_view();
            if group.label.is_empty() {
                Either::Left(options)
            } else {
                Either::Right(view! { <optgroup label=group.label>{options}</optgroup> })
            }
        })
        .collect_view();
    view! {
        <div class="xw-field">
            <label class="xw-field__label" for=name.clone()>
                {label} {optional.then(|| view! { <span class="xw-field__optional">"（可不填）"</span> })}
            </label>
            {around.hint()}
            <div class="xw-select">
                <select
                    class="xw-field__input xw-select__input"
                    id=name.clone()
                    name=name
                    autocomplete="off"
                    data-check=check
                    data-narrows=narrows.get()
                    aria-describedby=around.described_by(&[])
                    aria-invalid=around.invalid()
                >
                    <option value="">{empty}</option>
                    {groups}
                </select>
            </div>
            {around.error()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_without_label_stands_by_itself() {
        let plain = OptionGroup { label: String::new(), options: vec![("a".to_owned(), "甲".to_owned())] };
        let named = OptionGroup {
            label: "旺庄街道".to_owned(),
            options: vec![("b".to_owned(), "乙".to_owned())],
        };
        let html =
            view! { <Select name="place" label="社区" value="b" groups=vec![plain, named]/> }.to_html();
        assert_eq!(html.matches("<optgroup").count(), 1, "{html}");
        assert!(html.contains(r#"value="b" selected"#), "{html}");
    }
}
