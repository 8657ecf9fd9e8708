//! What was answered, before it is sent.

use leptos::either::Either;
use leptos::prelude::*;

use super::Words;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub label: String,
    /// What was answered; empty shows 「未填写」.
    pub value: String,
    /// Where to change it.
    pub href: Option<String>,
    /// What the change link changes, where the label alone is not clear: its name is 「修改」 and this.
    pub change_label: String,
}

/// 「修改」 with a name that says what it changes, for those who jump from link to link.
fn change(href: String, what: &str) -> impl IntoView + use<> {
    let what = what.strip_prefix("修改").unwrap_or(what).to_owned();
    view! { <a class="xw-answers__change" href=href>"修改"<span class="xw-unseen">{what}</span></a> }
}

/// Answers under one heading, each with its change link, or one link for all of them.
#[component]
pub fn Answers(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The answers.
    rows: Vec<Answer>,
    /// Where to change all of them.
    #[prop(optional, into)]
    edit: Words,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let what = if row.change_label.is_empty() { row.label.clone() } else { row.change_label };
            let value = if row.value.is_empty() {
                Either::Left(view! { <span class="xw-hint">"未填写"</span> })
            } else {
                Either::Right(row.value)
            };
            view! {
                <div class="xw-answers__row">
                    <dt class="xw-answers__label">{row.label}</dt>
                    <dd class="xw-answers__value">{value}</dd>
                    {row.href.map(|href| view! { <dd class="xw-answers__action">{change(href, &what)}</dd> })}
                </div>
            }
        })
        .collect_view();
    let edit = edit.get().map(|href| change(href, &title));
    view! {
        <section class="xw-card xw-answers">
            <div class="xw-answers__head">
                <h2 class="xw-card__title">{title}</h2>
                {edit}
            </div>
            <dl class="xw-answers__rows">{rows}</dl>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_link_says_what_it_changes() {
        let row = Answer { label: "姓名".to_owned(), href: Some("/a".to_owned()), ..Answer::default() };
        let html = view! { <Answers title="申请人" rows=vec![row]/> }.to_html();
        assert!(html.contains(r#">修改<span class="xw-unseen">姓名</span>"#), "{html}");
        assert!(html.contains("未填写"), "{html}");
    }
}
