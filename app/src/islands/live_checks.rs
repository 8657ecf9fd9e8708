//! Checks a field when one leaves it, with the same rules as the server.

use leptos::prelude::*;

/// Wraps a form. A field that names its rule in `data-check` is judged when it is left, and its message appears
/// beside it. Empty fields are left alone: nobody is told off for passing through. Fields stay server-rendered
/// children, so the form itself adds nothing to the module.
///
/// It also takes the keyboard to the error summary of a form that came back, and lets a chosen street shorten
/// the list of communities (`data-narrows` on the street names the list).
#[island]
pub fn LiveChecks(children: Children) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::on_arrival();
    view! {
        <div
            on:focusout=|_event| {
                #[cfg(feature = "hydrate")]
                browser::left(&_event);
            }
            on:change=|_event| {
                #[cfg(feature = "hydrate")]
                browser::changed(&_event);
            }
        >
            {children()}
        </div>
    }
}

/// Judges one value by the rule that its field names. `None` is fine; `today` is only known to the server, so
/// the browser's check of dates in the future is the server's alone.
#[cfg(any(feature = "hydrate", test))]
fn judge(rule: &str, kind: &str, value: &str) -> Option<crate::domain::form::FieldError> {
    use crate::domain::complaint::TEXT_MAX;
    use crate::domain::form::Prompt;
    use crate::domain::{aid, bank, document, money, name, phone, written};
    if value.trim().is_empty() {
        return None;
    }
    match rule {
        "name" => name::PersonName::parse(value).err().map(Into::into),
        "mobile" => phone::Mobile::parse(value).err().map(Into::into),
        "contact" => phone::ContactPhone::parse(value).err().map(Into::into),
        "account" => bank::BankAccount::parse(value).err().map(Into::into),
        "money" => money::Fen::parse_yuan(value).err().map(Into::into),
        "story" => written::paragraph(value, Prompt::WhatHappened, aid::STORY_MIN, aid::STORY_MAX).err(),
        "complaint-text" => written::paragraph(value, Prompt::ComplaintText, 5, TEXT_MAX).err(),
        "document" => {
            let kind = document::DocumentKind::parse(kind)?;
            document::IdentityDocument::parse(kind, value, jiff::civil::Date::MAX).err().map(Into::into)
        }
        _ => None,
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::Cell;

    use gloo_events::{EventListener, EventListenerOptions};
    use gloo_timers::callback::Timeout;
    use gloo_utils::document;
    use wasm_bindgen::JsCast as _;
    use web_sys::{
        Element, Event, FocusEvent, HtmlElement, HtmlInputElement, HtmlOptGroupElement, HtmlSelectElement,
        HtmlTextAreaElement,
    };

    use crate::text::errors::{luhn_warning, sentence};

    /// What stands in a field, and nothing for an element that is none.
    fn value(element: &Element) -> Option<String> {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            return Some(input.value());
        }
        if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            return Some(area.value());
        }
        element.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value)
    }

    fn target(event: &Event) -> Option<Element> {
        event.target()?.dyn_into().ok()
    }

    /// Shows or clears the message of a field.
    fn say(id: &str, what: &str, text: Option<&str>) {
        let Some(place) = document().get_element_by_id(&format!("{id}-{what}")) else { return };
        place.set_text_content(text);
        // These can't fail on an element that stands in the page; a message more or less is no reason to stop.
        let _ = match text {
            Some(_) => place.remove_attribute("hidden"),
            None => place.set_attribute("hidden", ""),
        };
    }

    thread_local! {
        /// A finger or a mouse button is down.
        static PRESSED: Cell<bool> = const { Cell::new(false) };
    }

    /// A message moves what stands below it. Shown while a finger is on a button or a radio, it would take that
    /// away from under it, and the press would be lost. So it waits a moment, and as long as something is pressed.
    const A_MOMENT_MS: u32 = 200;

    /// A field was left.
    pub(super) fn left(event: &FocusEvent) {
        if let Some(field) = target(event) {
            check_when_still(field);
        }
    }

    fn check_when_still(field: Element) {
        let later = move || if PRESSED.get() { check_when_still(field) } else { check(&field) };
        Timeout::new(A_MOMENT_MS, later).forget();
    }

    /// Notes for the rest of the page's life whether something is pressed.
    fn watch_presses() {
        for (name, pressed) in [("pointerdown", true), ("pointerup", false), ("pointercancel", false)] {
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&document(), name, options, move |_| PRESSED.set(pressed))
                .forget();
        }
    }

    /// A choice was made.
    pub(super) fn changed(event: &Event) {
        let Some(field) = target(event) else { return };
        narrow_by(&field);
        if field.id() == "document_kind"
            && let Some(number) = document().get_element_by_id("document_number")
        {
            check(&number);
        }
    }

    fn check(field: &Element) {
        let (Some(rule), Some(value)) = (field.get_attribute("data-check"), value(field)) else { return };
        let kind =
            document().get_element_by_id("document_kind").and_then(|kind| chosen(&kind)).unwrap_or_default();
        let error = super::judge(&rule, &kind, &value);
        // A field left empty keeps what the server said of it.
        if value.trim().is_empty() {
            return;
        }
        let id = field.id();
        say(&id, "error", error.as_ref().map(sentence).as_deref());
        let _ = match error {
            Some(_) => field.set_attribute("aria-invalid", "true"),
            None => field.remove_attribute("aria-invalid"),
        };
        if rule == "account" {
            let doubtful =
                crate::domain::bank::BankAccount::parse(&value).is_ok_and(|account| !account.luhn_ok());
            say(&id, "warning", doubtful.then(luhn_warning));
        }
    }

    /// The value of a select, or of the radio chosen among those of the same name.
    fn chosen(element: &Element) -> Option<String> {
        if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            return Some(select.value());
        }
        let name = element.get_attribute("name")?;
        let checked = document().query_selector(&format!("input[name='{name}']:checked")).ok()??;
        value(&checked)
    }

    /// Shows only the communities of the chosen street.
    fn narrow_by(street: &Element) {
        let Some(list) = street.get_attribute("data-narrows") else { return };
        let Some(chosen) = value(street) else { return };
        let Some(list) = document().get_element_by_id(&list) else { return };
        let Ok(groups) = list.query_selector_all("optgroup") else { return };
        for at in 0..groups.length() {
            let Some(group) = groups.get(at).and_then(|g| g.dyn_into::<HtmlOptGroupElement>().ok()) else {
                continue;
            };
            // A community's code begins with its street's.
            let first = group
                .query_selector("option")
                .ok()
                .flatten()
                .and_then(|option| option.get_attribute("value"));
            let other = !chosen.is_empty() && first.is_some_and(|code| !code.starts_with(&chosen));
            group.set_hidden(other);
            group.set_disabled(other);
        }
        // A community of another street is no longer chosen.
        let Some(select) = list.dyn_ref::<HtmlSelectElement>() else { return };
        let stale = select.query_selector("optgroup[disabled] option:checked").ok().flatten().is_some();
        if stale {
            select.set_value("");
        }
    }

    pub(super) fn on_arrival() {
        watch_presses();
        let summary = document().query_selector("#error-summary").ok().flatten();
        if let Some(summary) = summary.as_ref().and_then(|s| s.dyn_ref::<HtmlElement>()) {
            let _ = summary.focus();
        }
        if let Ok(streets) = document().query_selector_all("[data-narrows]") {
            for at in 0..streets.length() {
                if let Some(street) = streets.get(at).and_then(|s| s.dyn_into::<Element>().ok()) {
                    narrow_by(&street);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn the_browser_judges_by_the_servers_rules_and_leaves_empty_fields_alone() {
        assert_eq!(judge("mobile", "", ""), None);
        assert!(judge("mobile", "", "139").is_some());
        assert!(judge("document", "citizen_id", "11010519491231002").is_some());
        assert_eq!(judge("document", "citizen_id", "32021420160229991４"), None);
        assert_eq!(judge("document", "", "1"), None, "without a kind nothing is known to be wrong");
        assert_eq!(judge("account", "", "6222023200000000012"), None, "Luhn warns, it does not block");
        assert_eq!(judge("no-such-rule", "", "x"), None);
    }
}
