//! Places to go, one below the other.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::Icon;

/// One place to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkItem {
    /// Where to.
    pub href: String,
    /// What is there.
    pub title: String,
    /// More about it; empty for nothing.
    pub hint: String,
    /// At the end of the row: empty for an arrow, `phone` for a telephone, anything else as it is.
    pub sign: String,
}

/// Places to go, one below the other, each row a target.
#[component]
pub fn LinkList(
    /// In the order of use.
    items: Vec<LinkItem>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            let sign = match item.sign.as_str() {
                "" => EitherOf3::A(view! { <Icon name="next"/> }),
                "phone" => EitherOf3::B(view! { <Icon name="phone"/> }),
                _ => EitherOf3::C(item.sign),
            };
            view! {
                <li>
                    <a class="weui-cell weui-cell_active xw-links__link" href=item.href>
                        <span class="weui-cell__bd">
                            <span class="xw-links__title">{item.title}</span>
                            {(!item.hint.is_empty()).then(|| view! { <span class="xw-links__hint">{item.hint}</span> })}
                        </span>
                        <span class="weui-cell__ft" aria-hidden="true">{sign}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="weui-cells xw-links">{items}</ul> }
}
