//! What surrounds every route, in one order, each layer in its own file.

pub(crate) mod care;
pub(crate) mod csrf;
pub(crate) mod error_pages;
pub(crate) mod limits;
pub(crate) mod request_id;
pub(crate) mod security_headers;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::client_address::note_client_address;
use crate::middleware::error_pages::Renderer;
use crate::settings::Settings;
use crate::telemetry::log_requests;

/// Puts all layers around the routes. `render` makes the page for an error.
///
/// `Router::layer` puts each new layer outside the ones before, so the list reads from the innermost outwards. Routes
/// added afterwards would stand outside: this comes last.
pub(crate) fn around(router: Router, settings: &Settings, render: Renderer) -> anyhow::Result<Router> {
    let timeout = Duration::from_secs(settings.request_timeout_seconds);
    Ok(router
        .layer(csrf::trusted_origin_layer(settings)?)
        // Outside CsrfLayer: it is stricter, and keeps what was typed.
        .layer(from_fn_with_state(csrf::Rules::new(settings), csrf::check_origin))
        // Outside what reads a body.
        .layer(from_fn_with_state(settings.body_limit_bytes, limits::limit_body))
        // Outside what waits for a body: a client that sends slowly is given up too.
        .layer(from_fn_with_state(timeout, limits::limit_time))
        .layer(from_fn_with_state(Arc::new(limits::AddressLimits::new(settings)), limits::limit_address))
        // Inside the error pages, so that a panic gets one.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(render, error_pages::paint))
        // Outside the error pages, which are in large type too.
        .layer(from_fn_with_state(settings.is_https(), care::choose))
        .layer(from_fn_with_state(security_headers::Headers::new(settings)?, security_headers::add))
        // A last net, for a panic in the error page itself.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(log_requests))
        .layer(from_fn_with_state(settings.trusted_hops, note_client_address))
        .layer(from_fn(request_id::number_requests)))
}

/// Answers for a handler that panicked. The panic hook has logged the place; the payload may hold what a person
/// typed and goes nowhere.
fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A path that programs ask for, not people: it gets no error page, no elder mode and no line at the usual log level.
pub(crate) fn is_for_machines(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics") || is_site_file(path)
}

/// A file of the site: stylesheet, script, WebAssembly.
pub(crate) fn is_site_file(path: &str) -> bool {
    path.starts_with("/pkg/")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::CONTENT_TYPE;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;
    use crate::middleware::error_pages::ErrorFacts;

    /// The layers around a few routes; a request may take a second.
    fn app() -> Router {
        let routes = Router::new()
            .route("/", get(|| async { axum::response::Html("home") }))
            .route("/read", post(|body: String| async move { body }))
            .route("/slow", get(std::future::pending::<String>))
            .route("/panic", get(panics));
        let render: Renderer = Arc::new(|facts: ErrorFacts| {
            Box::pin(async move {
                assert!(facts.path != "/panic-in-page", "fixed text");
                let text = format!("page {} {} care={}", facts.status, facts.request_id, facts.care);
                axum::response::Html(text).into_response()
            })
        });
        let settings = Settings { request_timeout_seconds: 1, ..Settings::for_tests() };
        around(routes, &settings, render).unwrap()
    }

    async fn panics() -> String {
        panic!("fixed text")
    }

    async fn page(method: &str, uri: &str, body: Body) -> (StatusCode, Response, String) {
        let request = Request::builder().method(method).uri(uri).header("host", "localhost:3000");
        let response = app().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        (parts.status, Response::from_parts(parts, Body::empty()), text)
    }

    #[tokio::test]
    async fn every_answer_has_a_number_and_the_security_headers() {
        for uri in ["/", "/nowhere", "/panic", "/panic-in-page", "/pkg/x.js"] {
            let (_, response, _) = page("GET", uri, Body::empty()).await;
            assert_eq!(response.headers()["x-request-id"].len(), 10, "{uri}");
        }
        for uri in ["/", "/nowhere", "/panic", "/pkg/x.js"] {
            let (_, response, _) = page("GET", uri, Body::empty()).await;
            assert!(response.headers().contains_key("content-security-policy"), "{uri}");
        }
    }

    #[tokio::test]
    async fn what_is_not_found_not_allowed_too_large_or_broken_gets_our_page_with_its_number() {
        for (method, uri, body, status) in [
            ("GET", "/nowhere?care=1", Body::empty(), 404),
            ("POST", "/", Body::empty(), 405),
            ("POST", "/read", Body::from("x".repeat(70_000)), 413),
            ("GET", "/panic", Body::empty(), 500),
        ] {
            let (answered, response, text) = page(method, uri, body).await;
            assert_eq!(answered, status, "{uri}");
            let number = response.headers()["x-request-id"].to_str().unwrap();
            assert!(text.starts_with(&format!("page {answered} {number}")), "{text}");
            assert!(text.ends_with(if uri.contains("care=1") { "care=true" } else { "care=false" }));
            assert!(response.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
            assert_eq!(response.headers()["cache-control"], "no-store");
            if answered == 405 {
                assert_eq!(response.headers()["allow"], "GET,HEAD");
            }
        }
    }

    #[tokio::test]
    async fn a_page_that_panics_while_it_explains_an_error_ends_as_a_bare_500() {
        let (status, _, text) = page("GET", "/panic-in-page", Body::empty()).await;
        assert_eq!((status, text.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, ""));
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_answered_503() {
        let (status, _, text) = page("GET", "/slow", Body::empty()).await;
        assert_eq!(status, 503);
        assert!(text.starts_with("page 503"));
    }

    /// A body of which no byte ever comes.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_body_that_never_arrives_is_answered_503() {
        let (status, _, _) = page("POST", "/read", Body::new(Never)).await;
        assert_eq!(status, 503);
    }
}
