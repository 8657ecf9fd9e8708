//! Errors in the product's looks: any answer of 400 and above that is not a page yet becomes one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::middleware::care::CareMode;
use crate::middleware::csrf::{CsrfRefusal, KeptInput};
use crate::middleware::is_for_machines;
use crate::middleware::request_id::RequestId;
use crate::middleware::security_headers::{is_check, is_html};

/// Makes the page for an error. Its status does not matter: the error's own is used.
pub(crate) type Renderer =
    Arc<dyn Fn(ErrorFacts) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// What an error page may tell. It knows no cause: a page that does not know cannot tell.
#[derive(Clone)]
pub(crate) struct ErrorFacts {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// The request's number, which a clerk can find in the log.
    pub(crate) request_id: String,
    /// Elder mode.
    pub(crate) care: bool,
    /// The path asked for, without the query.
    pub(crate) path: String,
    /// Why a form under a session was not taken, with status 401 or 403.
    pub(crate) ended: Option<crate::session::Ended>,
    /// Why a form was refused, with status 403.
    pub(crate) csrf: Option<CsrfRefusal>,
    /// What was typed into a form that was refused for want of an origin.
    pub(crate) kept_input: Vec<(String, String)>,
    /// Seconds to wait, with status 429.
    pub(crate) retry_after: Option<u64>,
}

/// Without the path, which may hold a token, and without what was typed.
impl fmt::Debug for ErrorFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorFacts")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("csrf", &self.csrf)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

/// Layer: replaces the body of an error by a page. Headers of the answer stay, such as `Allow`, `Retry-After` and
/// `Set-Cookie`.
pub(crate) async fn paint(State(render): State<Renderer>, request: Request, next: Next) -> Response {
    if is_for_machines(request.uri().path()) || !wants_page(request.headers()) {
        return next.run(request).await;
    }
    let extensions = request.extensions();
    let mut facts = ErrorFacts {
        status: StatusCode::OK,
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        care: extensions.get::<CareMode>().copied().unwrap_or_default().0,
        // A page that offers to send something again must not repeat a token.
        path: if is_check(request.uri().path()) { "/check" } else { request.uri().path() }.to_owned(),
        ended: None,
        csrf: None,
        kept_input: Vec::new(),
        retry_after: None,
    };

    let mut plain = next.run(request).await;
    let is_error = plain.status().is_client_error() || plain.status().is_server_error();
    if !is_error || is_html(plain.headers().get(CONTENT_TYPE)) {
        return plain;
    }
    facts.status = plain.status();
    facts.ended = plain.extensions_mut().remove();
    facts.csrf = plain.extensions_mut().remove();
    facts.kept_input = plain.extensions_mut().remove::<KeptInput>().unwrap_or_default().0;
    facts.retry_after = plain.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());

    let mut page = render(facts).await;
    *page.status_mut() = plain.status();
    let (parts, _) = plain.into_parts();
    // These describe the body that is gone.
    let of_the_body = [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING];
    for name in parts.headers.keys().filter(|name| !of_the_body.contains(name)) {
        for value in parts.headers.get_all(name) {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    page
}

/// Whether whoever asks can show a page. A fetch of our own islands asks for something else by name.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_none_or(|accept| {
        accept.is_empty()
            || accept.contains("text/html")
            || accept.contains("*/*")
            || accept.contains("text/*")
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::response::{Html, IntoResponse};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn answer(status: u16, path: &str, accept: Option<&str>) -> (Response, String) {
        let render: Renderer =
            Arc::new(|facts| Box::pin(async move { Html(format!("page {facts:?}")).into_response() }));
        let status = StatusCode::from_u16(status).unwrap();
        let plain = move || async move { (status, [("retry-after", "7"), ("set-cookie", "a=b")], "plain") };
        let app = Router::new()
            .route("/", get(plain))
            .route("/healthz", get(plain))
            .route("/html", get(move || async move { (status, Html("own")) }))
            .layer(axum::middleware::from_fn_with_state(render, paint));
        let mut request = Request::builder().uri(path);
        if let Some(accept) = accept {
            request = request.header(ACCEPT, accept);
        }
        let (parts, body) = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        let text = axum::body::to_bytes(body, 1000).await.unwrap();
        (Response::from_parts(parts, Body::empty()), String::from_utf8(text.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn an_error_becomes_a_page_and_keeps_its_status_and_headers() {
        for status in [400, 403, 404, 409, 413, 422, 429, 500, 503] {
            let (response, text) = answer(status, "/", Some("text/html,*/*;q=0.8")).await;
            assert_eq!(response.status(), status);
            assert!(text.starts_with("page ") && text.contains("retry_after: Some(7)"), "{text}");
            assert_eq!(response.headers()["retry-after"], "7");
            assert_eq!(response.headers()["set-cookie"], "a=b");
            assert_eq!(response.headers().get_all(CONTENT_TYPE).iter().count(), 1);
            assert!(is_html(response.headers().get(CONTENT_TYPE)));
        }
    }

    #[tokio::test]
    async fn an_error_that_is_a_page_already_stays_as_it_is() {
        assert_eq!(answer(422, "/html", None).await.1, "own");
    }

    #[tokio::test]
    async fn what_is_no_error_stays_as_it_is() {
        for status in [200, 303] {
            assert_eq!(answer(status, "/", None).await.1, "plain");
        }
    }

    #[tokio::test]
    async fn programs_get_no_page() {
        assert_eq!(answer(503, "/healthz", None).await.1, "plain");
        assert_eq!(answer(503, "/", Some("application/json")).await.1, "plain");
    }

    #[test]
    fn debug_output_shows_neither_the_path_nor_the_input() {
        let facts = ErrorFacts {
            status: StatusCode::FORBIDDEN,
            request_id: "0".into(),
            care: false,
            path: "/V/CANARY".into(),
            ended: None,
            csrf: Some(CsrfRefusal::NoOrigin),
            kept_input: vec![("name".into(), "CANARY".into())],
            retry_after: None,
        };
        assert!(!format!("{facts:?}").contains("CANARY"));
    }
}
