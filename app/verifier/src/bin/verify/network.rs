//! The few requests of the page. A check makes none.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestInit, RequestRedirect, Response};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0 for a redirection: nobody is signed in.
    pub(crate) status: u16,
    /// What the server's clock says, Unix milliseconds.
    pub(crate) date: Option<i64>,
    /// The body.
    pub(crate) bytes: Vec<u8>,
}

async fn ask(path: &str, options: &RequestInit) -> Result<Answer, JsValue> {
    // Asked of the server each time; what has not changed is not sent again.
    options.set_cache(RequestCache::NoCache);
    // Where a page asks for a sign-in, there is nothing for us.
    options.set_redirect(RequestRedirect::Manual);
    let window = super::document::window().ok_or(JsValue::NULL)?;
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(path, options)).await?.dyn_into()?;
    let date = response.headers().get("date").ok().flatten();
    let date = date.map(|text| js_sys::Date::parse(&text)).filter(|ms| ms.is_finite()).map(|ms| ms as i64);
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Answer { status: response.status(), date, bytes: Uint8Array::new(&body).to_vec() })
}

/// Asks for something. `None` where the network is away.
pub(crate) async fn get(path: &str) -> Option<Answer> {
    ask(path, &RequestInit::new()).await.ok()
}

/// Sends something, and wants JSON. `None` where the network is away.
pub(crate) async fn post(path: &str, content_type: &str, body: &str) -> Option<Answer> {
    let options = RequestInit::new();
    options.set_method("POST");
    let headers = Headers::new().ok()?;
    headers.set("content-type", content_type).ok()?;
    headers.set("accept", "application/json").ok()?;
    options.set_headers(&headers);
    options.set_body(&body.into());
    ask(path, &options).await.ok()
}
