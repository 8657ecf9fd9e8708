//! The page's document. What is not there is passed over: the page is the server's, and may be older than this module.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, DocumentFragment, Element, Event, EventTarget, HtmlElement, HtmlTemplateElement, Window,
};

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The element of that id.
pub(crate) fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// A moment by the device's clock, Unix milliseconds.
pub(crate) fn now() -> app::domain::time::Instant {
    app::domain::time::Instant(js_sys::Date::now() as i64)
}

/// Milliseconds since the page began, by a clock that nobody sets.
pub(crate) fn ticks() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Whether the browser believes that it has a network.
pub(crate) fn online() -> bool {
    window().is_some_and(|window| window.navigator().on_line())
}

pub(crate) fn set_text(id: &str, text: &str) {
    if let Some(element) = by_id::<Element>(id)
        && element.text_content().as_deref() != Some(text)
    {
        element.set_text_content(Some(text));
    }
}

pub(crate) fn show(id: &str, shown: bool) {
    if let Some(element) = by_id::<HtmlElement>(id) {
        element.set_hidden(!shown);
    }
}

/// What a template holds, anew.
pub(crate) fn template(id: &str) -> Option<DocumentFragment> {
    by_id::<HtmlTemplateElement>(id)?.content().clone_node_with_deep(true).ok()?.dyn_into().ok()
}

/// The place of that name in a copy of a template.
pub(crate) fn slot(within: &DocumentFragment, name: &str) -> Option<Element> {
    within.query_selector(&format!("[data-slot=\"{name}\"]")).ok().flatten()
}

pub(crate) fn fill(within: &DocumentFragment, name: &str, text: &str) {
    if let Some(slot) = slot(within, name) {
        slot.set_text_content(Some(text));
        if text.is_empty() {
            slot.remove();
        }
    }
}

pub(crate) fn append(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let child = document()?.create_element(tag).ok()?;
    if !class.is_empty() {
        child.set_class_name(class);
    }
    child.set_text_content(Some(text));
    parent.append_child(&child).ok()?;
    Some(child)
}

/// Listens as long as the page lives.
pub(crate) fn listen<E: JsCast + 'static>(
    target: Option<&EventTarget>,
    name: &str,
    mut heard: impl FnMut(E) + 'static,
) {
    let Some(target) = target else { return };
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Ok(event) = event.dyn_into::<E>() {
            heard(event);
        }
    });
    // Without it the page lacks a comfort; there is nobody to tell.
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Waits.
pub(crate) async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
