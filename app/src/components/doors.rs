//! The doors of the home page.

use leptos::prelude::*;

use super::Words;

/// One service to enter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Door {
    /// Where to.
    pub href: String,
    /// One character that stands for it: 「助」.
    pub sign: String,
    /// The service's name.
    pub title: String,
    /// What one can do there now.
    pub hint: String,
    /// Its colour: `aid`, `wed`, `meal` or `bank`.
    pub tone: &'static str,
}

/// The services, two in a row; in elder mode one. A door left over takes the whole row.
#[component]
pub fn Doors(
    /// Only doors that open.
    items: Vec<Door>,
    /// The name of the navigation.
    #[prop(optional, into)]
    label: Words,
) -> impl IntoView {
    let doors = items
        .into_iter()
        .map(|door| {
            view! {
                <li class="xw-doors__item">
                    <a class=format!("xw-door xw-door--{}", door.tone) href=door.href>
                        <span class="xw-door__sign" aria-hidden="true">{door.sign}</span>
                        <span class="xw-door__words">
                            <strong class="xw-door__title">{door.title}</strong>
                            <span class="xw-door__hint">{door.hint}</span>
                        </span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=label.get().unwrap_or_else(|| "服务".to_owned())>
            <ul class="xw-doors">{doors}</ul>
        </nav>
    }
}
