//! What has to be put right, at the top of the page.

use leptos::prelude::*;

/// Everything that has to be put right, each a link to its field. Nothing when all is well.
///
/// The alert is a child of the section that takes the focus: an element that is both is read twice or not at all
/// when a script moves the focus (the lesson of govuk-frontend's error summary).
#[component]
pub fn ErrorSummary(
    /// The field's id and the sentence, in page order.
    errors: Vec<(String, String)>,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let count = errors.len();
        let links = errors
            .into_iter()
            .map(|(id, sentence)| {
                view! { <li><a class="xw-summary__link" href=format!("#{id}")>{sentence}</a></li> }
            })
            .collect_view();
        view! {
            <section class="xw-summary" id="error-summary" aria-labelledby="error-summary-title" tabindex="-1">
                <div role="alert">
                    <h2 class="xw-summary__title" id="error-summary-title">{format!("还有 {count} 处要改")}</h2>
                    <ul class="xw-summary__list">{links}</ul>
                </div>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_errors_render_nothing() {
        assert!(!view! { <ErrorSummary errors=vec![]/> }.to_html().contains("xw-summary"));
    }

    #[test]
    fn every_error_links_to_its_field() {
        let errors = vec![("phone".to_owned(), "请填写 11 位手机号".to_owned())];
        let html = view! { <ErrorSummary errors/> }.to_html();
        assert!(html.contains("还有 1 处要改"), "{html}");
        assert!(html.contains(r##"href="#phone""##) && html.contains("请填写 11 位手机号</a>"), "{html}");
    }
}
