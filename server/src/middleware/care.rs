//! Elder mode (长辈版): chosen by `?care=1` or `?care=0` in any address, kept in a cookie, rendered by the server.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use crate::middleware::is_for_machines;

/// The name of the cookie and of the parameter are apart, as the parameter is short enough to be read aloud.
const COOKIE_NAME: &str = "xw_care";
const PARAMETER: &str = "care";

/// Whether this page is rendered in elder mode; in the request's extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CareMode(pub(crate) bool);

/// Layer: finds out the mode and remembers a new choice for a year. The state says whether cookies are `Secure`.
pub(crate) async fn choose(State(https): State<bool>, mut request: Request, next: Next) -> Response {
    if is_for_machines(request.uri().path()) {
        return next.run(request).await;
    }
    let chosen = (request.method() == Method::GET).then(|| asked_for(request.uri())).flatten();
    let care = chosen.unwrap_or_else(|| cookie_value(request.headers(), COOKIE_NAME) == Some("1"));
    request.extensions_mut().insert(CareMode(care));
    let above = chosen.map(|_| above(request.uri()));
    let mut response = next.run(request).await;
    // The page was the answer to a form, and its address takes forms alone: the nearest page above it is shown.
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some(Ok(above)) = above.map(|above| HeaderValue::from_str(&above))
    {
        response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert(LOCATION, above);
    }
    if let Some(care) = chosen {
        response.headers_mut().append(SET_COOKIE, cookie(care, https));
    }
    response
}

/// The address above, with the same choice.
fn above(uri: &Uri) -> String {
    let parent = uri.path().trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent);
    let parent = if parent.is_empty() { "/" } else { parent };
    format!("{parent}?{}", uri.query().unwrap_or_default())
}

/// The choice in the address.
fn asked_for(uri: &Uri) -> Option<bool> {
    let query = uri.query()?;
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == PARAMETER)?;
    match &*value {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

fn cookie(care: bool, https: bool) -> HeaderValue {
    HeaderValue::from_static(match (care, https) {
        (true, true) => "xw_care=1; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure",
        (true, false) => "xw_care=1; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        (false, true) => "xw_care=0; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure",
        (false, false) => "xw_care=0; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
    })
}

/// The value of a cookie; the first one where a name is sent twice.
pub(crate) fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .find(|(found, _)| found.trim() == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use axum::{Extension, Router};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn an_address_that_takes_forms_alone_leads_to_the_page_above_it() {
        let app = Router::new()
            .route("/cases/assign", post(mode))
            .layer(axum::middleware::from_fn_with_state(false, choose));
        let ask = async |uri: &str| {
            let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let to = response.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
            (response.status().as_u16(), to, response.headers().contains_key(SET_COOKIE))
        };
        assert_eq!(ask("/cases/assign?care=1").await, (303, Some("/cases?care=1".into()), true));
        assert_eq!(ask("/cases/assign").await, (405, None, false), "nobody chose anything");
    }

    /// The mode that the page saw, and the cookie that was set.
    async fn ask(method: &str, uri: &str, cookie: &str, https: bool) -> (String, Option<String>) {
        let app = Router::new()
            .route("/", get(mode).post(mode))
            .layer(axum::middleware::from_fn_with_state(https, choose));
        let request = Request::builder().method(method).uri(uri).header("cookie", cookie);
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let set = response.headers().get(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        (String::from_utf8(body.to_vec()).unwrap(), set)
    }

    async fn mode(Extension(CareMode(care)): Extension<CareMode>) -> String {
        care.to_string()
    }

    #[tokio::test]
    async fn the_choice_in_the_address_takes_effect_at_once_and_is_remembered() {
        let (care, cookie) = ask("GET", "/?a=b&care=1", "xw_care=0", true).await;
        assert_eq!(care, "true");
        assert_eq!(cookie.unwrap(), "xw_care=1; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure");
        let (care, cookie) = ask("GET", "/?care=0", "xw_care=1", false).await;
        assert_eq!(care, "false");
        assert_eq!(cookie.unwrap(), "xw_care=0; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    }

    #[tokio::test]
    async fn otherwise_the_cookie_decides_and_is_left_alone() {
        assert_eq!(ask("GET", "/", "other=1; xw_care=1", false).await, ("true".into(), None));
        assert_eq!(ask("GET", "/", "other=1", false).await, ("false".into(), None));
        assert_eq!(ask("GET", "/", "xw_care=2", false).await, ("false".into(), None));
    }

    #[tokio::test]
    async fn a_choice_that_is_none_changes_nothing() {
        assert_eq!(ask("GET", "/?care=yes", "xw_care=1", false).await, ("true".into(), None));
    }

    #[tokio::test]
    async fn a_form_does_not_change_the_mode_but_is_answered_in_it() {
        assert_eq!(ask("POST", "/?care=0", "xw_care=1", false).await, ("true".into(), None));
    }
}
