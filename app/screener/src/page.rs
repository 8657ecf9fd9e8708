//! Takes the form over. Whatever goes wrong before an answer is shown leaves the form to the browser, which sends it.

use app::domain::aid::screener::{Answers, ScreenerForm};
use app::domain::form::FormErrors;
use app::screened::{Place, ScreenerFacts, problems, result};
use app::text::errors::sentence;
use app::text::screener::{CHANGE_LEAD, LEAD, ON_PHONE};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, Event, FormData, HtmlElement, HtmlFormElement};

struct Page {
    document: Document,
    form: HtmlFormElement,
    facts: ScreenerFacts,
}

/// Starts the page.
///
/// # Errors
/// The page is another one than this module knows.
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let root = document.get_element_by_id("screener").ok_or("no screener")?;
    let form: HtmlFormElement = document.get_element_by_id("screener-form").ok_or("no form")?.dyn_into()?;
    let facts =
        ScreenerFacts::read(&root.get_attribute("data-facts").unwrap_or_default()).ok_or("no facts")?;
    let page = Page { document, form: form.clone(), facts };
    page.set_text("screener-where", ON_PHONE);
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if page.answer().is_some() {
            event.prevent_default();
        }
    });
    form.add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref())?;
    listener.forget();
    root.set_attribute("data-ready", "")
}

impl Page {
    /// Shows the result, or what has to be put right.
    fn answer(&self) -> Option<()> {
        let screened = self.document.get_element_by_id("screened")?;
        let summary = self.document.get_element_by_id("screener-problems")?;
        match Answers::parse(&self.typed()?) {
            Ok(answers) => {
                screened.set_inner_html(&result(&answers, &self.facts, Place::Phone));
                summary.set_inner_html("");
                self.mark(&FormErrors::default());
                self.set_text("screener-lead", CHANGE_LEAD);
                // No address changes on the way: browsers ask for the page's icon anew when one does.
                self.focus("screened-title");
            }
            Err(errors) => {
                screened.set_inner_html("");
                summary.set_inner_html(&problems(&errors));
                self.mark(&errors);
                self.set_text("screener-lead", LEAD);
                self.focus("error-summary");
            }
        }
        Some(())
    }

    /// The form as typed.
    fn typed(&self) -> Option<ScreenerForm> {
        let data = FormData::new_with_form(&self.form).ok()?;
        let get = |name: &str| data.get(name).as_string().unwrap_or_default();
        Some(ScreenerForm {
            people: get("people"),
            income: get("income"),
            huji: get("huji"),
            receives: get("receives"),
            sudden: get("sudden"),
            spending: get("spending"),
            assets: get("assets"),
            unsupported: get("unsupported"),
            illness: get("illness"),
            oldest: get("oldest"),
            care: get("care"),
            disability: get("disability"),
            disability_kind: get("disability_kind"),
            child: get("child"),
        })
    }

    /// Tells beside each field what is wrong with it, and takes back what was told before.
    fn mark(&self, errors: &FormErrors) {
        for field in self.all(".xw-field__error") {
            field.set_text_content(None);
            let _ = field.set_attribute("hidden", "");
        }
        for field in self.all("[aria-invalid]") {
            let _ = field.remove_attribute("aria-invalid");
        }
        for error in errors.iter() {
            if let Some(told) = self.document.get_element_by_id(&format!("{}-error", error.field)) {
                told.set_text_content(Some(&sentence(&error.error)));
                let _ = told.remove_attribute("hidden");
            }
            if let Some(input) = self.document.get_element_by_id(&error.field) {
                // Of a group of choices, the group is what is wrong.
                let group = input.closest("[role=radiogroup]").ok().flatten();
                let _ = group.unwrap_or(input).set_attribute("aria-invalid", "true");
            }
        }
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let Ok(found) = self.form.query_selector_all(selector) else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
    }

    fn set_text(&self, id: &str, text: &str) {
        if let Some(element) = self.document.get_element_by_id(id) {
            element.set_text_content(Some(text));
        }
    }

    fn focus(&self, id: &str) {
        let element = self.document.get_element_by_id(id).and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            element.scroll_into_view();
            let _ = element.focus();
        }
    }
}
