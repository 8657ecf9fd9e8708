//! `/aid/check`: a few questions without names or numbers, and what every item says to the answers. With its module the page
//! judges by itself and sends nothing; without, the server answers and keeps nothing.

use leptos::prelude::*;

use crate::components::{Actions, Button, Card, Choice, ErrorSummary, Field, Layout, Radios};
use crate::domain::aid::screener::{
    Care, ChildSituation, DisabilityGrade, DisabilityKind, Huji, OldestAge, Receives, ScreenerForm, YesNo,
};
use crate::pages::{Sent, choices};
use crate::text::screener as words;
use crate::visit::PageContext;

/// Where it is.
pub const SCREENER: &str = "/aid/check";

/// The choice that answers nothing, behind all others.
fn or_unknown(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.push(Choice { value: "unknown".into(), label: words::UNKNOWN.into(), hint: None });
    choices
}

fn yes_no() -> Vec<Choice> {
    choices!(YesNo::ALL, words::yes_no_label, |_| None)
}

/// The widest answer that has room beside another one on a narrow phone; a Chinese sign is two wide.
const SHORT: usize = 10;

fn width(label: &str) -> usize {
    label.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum()
}

/// A question with a few answers: short ones lie side by side.
fn choose(
    sent: &Sent<ScreenerForm>,
    name: &'static str,
    value: &str,
    choices: Vec<Choice>,
) -> impl IntoView + use<> {
    let (legend, hint) = words::question(name);
    let (value, error) = (value.to_owned(), sent.error(name));
    let short = choices.iter().all(|choice| width(&choice.label) <= SHORT);
    let class = if short { "xw-field xw-screener__short" } else { "xw-field" };
    view! { <div class=class><Radios name legend hint value options=or_unknown(choices) error/></div> }
}

/// An amount.
fn amount(sent: &Sent<ScreenerForm>, name: &'static str, value: &str) -> impl IntoView + use<> {
    let (label, hint) = words::question(name);
    let (value, error) = (value.to_owned(), sent.error(name));
    view! { <Field name label hint value error optional=true unit="元" inputmode="decimal"/> }
}

/// The questions, in the order in which they are checked.
fn questions(sent: &Sent<ScreenerForm>) -> impl IntoView + use<> {
    let form = &sent.form;
    let (label, hint) = words::question("people");
    let (value, error) = (form.people.clone(), sent.error("people"));
    let people = view! { <Field name="people" label hint value error unit="人" inputmode="numeric"/> };
    let income = amount(sent, "income", &form.income);
    let spending = amount(sent, "spending", &form.spending);
    let choose = |name, value, choices| choose(sent, name, value, choices).into_any();
    let huji = choose("huji", &form.huji, choices!(Huji::ALL, words::huji_label, |_| None));
    let receives =
        choose("receives", &form.receives, choices!(Receives::ALL, words::receives_label, |_| None));
    let sudden = choose("sudden", &form.sudden, yes_no());
    let assets = choose("assets", &form.assets, yes_no());
    let unsupported = choose("unsupported", &form.unsupported, yes_no());
    let illness = choose("illness", &form.illness, yes_no());
    let oldest = choose("oldest", &form.oldest, choices!(OldestAge::ALL, words::oldest_label, |_| None));
    let care = choose("care", &form.care, choices!(Care::ALL, words::care_label, |_| None));
    let grades = choices!(DisabilityGrade::ALL, words::disability_label, |_| None);
    let kinds = choices!(DisabilityKind::ALL, words::disability_kind_label, |_| None);
    let disability = choose("disability", &form.disability, grades);
    let disability_kind = choose("disability_kind", &form.disability_kind, kinds);
    let child = choose("child", &form.child, choices!(ChildSituation::ALL, words::child_label, |_| None));
    let groups = [
        (people, income).into_any(),
        (huji, receives).into_any(),
        (sudden, spending, assets).into_any(),
        (unsupported, illness, oldest, care).into_any(),
        (disability, disability_kind).into_any(),
        child,
    ];
    let cards = words::GROUPS.into_iter().zip(groups);
    cards.map(|(title, fields)| view! { <Card title>{fields}</Card> }).collect_view()
}

/// The page. `result` is the HTML of [`crate::screened::result`], `facts` the
/// [`crate::screened::ScreenerFacts`] as text, with which the module makes the same.
///
/// The facts stand in an attribute, which is escaped as every other is; a data block would be a second script element.
pub fn screener(sent: &Sent<ScreenerForm>, result: Option<String>, facts: String) -> impl IntoView + use<> {
    let context = expect_context::<PageContext>();
    let loader = (!context.assets.screener.is_empty()).then(|| {
        let src = format!("{}/loader.js", context.assets.screener);
        view! { <script type="module" src=src nonce=context.visit.nonce.clone()></script> }
    });
    let lead = if result.is_some() { words::CHANGE_LEAD } else { words::LEAD };
    let (fields, errors) = (questions(sent).into_any(), sent.summary());
    view! {
        <Layout title=words::TITLE back="/aid" narrow=true quiet=true>
            <div class="xw-screener" id="screener" data-facts=facts>
                <div id="screener-problems"><ErrorSummary errors/></div>
                <div id="screened" inner_html=result.unwrap_or_default()></div>
                <p class="xw-lead" id="screener-lead">{lead}</p>
                <form method="post" action=SCREENER novalidate class="xw-form" id="screener-form">
                    {fields}
                    <Actions><Button>{words::ASK}</Button></Actions>
                    <p class="xw-hint" id="screener-where">{words::TO_SERVER}</p>
                </form>
            </div>
        </Layout>
        {loader}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::aid::screener::Question;

    #[test]
    fn each_question_that_a_reason_may_name_has_a_field_of_that_id() {
        let html = questions(&Sent::fresh(ScreenerForm::default())).to_html();
        for open in Question::ALL {
            assert!(html.contains(&format!("id=\"{}\"", open.as_str())), "{open:?}");
        }
        assert_eq!(html.matches("value=\"unknown\"").count(), 11, "nobody has to tell but how many they are");
        assert!(!html.contains(" checked"), "nothing is chosen for the resident");
    }
}
