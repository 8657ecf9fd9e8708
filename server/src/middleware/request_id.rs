//! Each request's own number. It stands on error pages and in every log line, so that a clerk who is read a number on
//! the telephone finds the line.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Crockford's signs: none that is mistaken for another when read aloud.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH: usize = 10;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The number of this request, in the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// A new number.
    fn new() -> Self {
        let mut bytes = [0; LENGTH];
        if getrandom::fill(&mut bytes).is_err() {
            // The number is no secret: it needs to differ, not to be unguessable.
            static COUNTER: AtomicU64 = AtomicU64::new(0);
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            for (place, byte) in bytes.iter_mut().rev().enumerate() {
                *byte = (count >> (5 * place)) as u8;
            }
        }
        Self(bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte & 31)])).collect())
    }
}

/// Layer: numbers the request and tells the number in `x-request-id`. A number that the client sends is ignored; it
/// could hold anything, and would stand in the log.
pub(crate) async fn number_requests(mut request: Request, next: Next) -> Response {
    let id = RequestId::new();
    let header = HeaderValue::from_str(&id.0);
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert(HEADER, header);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_request_has_the_number_that_the_answer_tells_whatever_the_client_sent() {
        let app = Router::new()
            .route("/", get(|Extension(id): Extension<RequestId>| async { id.0 }))
            .layer(axum::middleware::from_fn(number_requests));
        let request = Request::builder().header("x-request-id", "MINE").body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let told = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let seen = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(told.as_bytes(), seen);
        assert_eq!(told.len(), 10);
        assert!(told.bytes().all(|sign| SIGNS.contains(&sign)));
    }

    #[test]
    fn numbers_differ() {
        assert_ne!(RequestId::new(), RequestId::new());
    }
}
