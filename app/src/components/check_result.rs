//! What a check of a code found.

use leptos::prelude::*;

use super::Icon;
use crate::domain::confirm::ConfirmationKind;
use crate::domain::confirm::check::CheckState;
use crate::text::check::state_words;

/// What a check of a code found: a shape, a word and a sentence. No two states share one of them, and the colour only
/// repeats them.
#[component]
pub fn CheckResult(
    /// What the check says.
    state: CheckState,
    /// What is confirmed, where the code could be read.
    #[prop(optional_no_strip)]
    kind: Option<ConfirmationKind>,
    /// What was confirmed, or what else there is to know.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = state_words(state, kind);
    view! {
        <section class=format!("xw-card xw-check xw-check--{}", words.tone.as_str()) data-state=state.as_str()>
            <div class="xw-check__head">
                <Icon name=words.shape/>
                <strong class="xw-check__word">{words.word}</strong>
                <h2 class="xw-check__title">{words.title}</h2>
            </div>
            <div class="xw-check__more">
                <p>{words.advice}</p>
                {children.map(|children| children())}
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_its_word_its_shape_and_its_colour() {
        let mut seen = std::collections::BTreeSet::new();
        for state in CheckState::ALL {
            let html = view! { <CheckResult state=*state kind=None/> }.to_html();
            let words = state_words(*state, None);
            assert!(html.contains(words.word) && html.contains("<path"), "{html}");
            assert!(html.contains(&format!("xw-check--{}", words.tone.as_str())), "{html}");
            let (_, drawing) = html.split_once("<svg").unwrap();
            assert!(
                seen.insert(drawing.split("</svg>").next().unwrap().to_owned()),
                "{state:?} looks like another"
            );
        }
    }
}
