//! Limits on how much one client can ask: requests a minute for each address, and the size of a body.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http_body_util::{BodyExt, Limited};
use ipnet::IpNet;
use std::sync::Arc;
use tower_http::timeout::TimeoutBody;

use crate::client_address::ClientAddress;
use crate::middleware::is_site_file;
use crate::settings::Settings;

/// After this many requests, addresses that have been quiet are forgotten.
const TIDY_EVERY: u32 = 4096;

/// So many times the limit is read and thrown away before a body that is too large is refused.
const DRAIN_FACTOR: usize = 16;

/// The largest body of a form with a photo. The form itself takes less and says so beside the field; what lies between is
/// read and forgotten, for people who chose too large a photo.
pub(crate) const UPLOAD_BYTES: usize = 64 * 1024 * 1024;

/// How long a form with a photo may be under way as a whole: 12 MB over 128 kbit/s, and some more.
const UPLOAD_TIME: Duration = Duration::from_secs(900);

/// Whether this is the one form that brings a photo: it has limits of its own, every other keeps the usual ones.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    *request.method() == Method::POST && path.starts_with("/confirm/") && path.ends_with("/papers")
}

/// Requests a minute, counted for each address; a street office behind one address has more.
#[derive(Debug)]
pub(crate) struct AddressLimits {
    people: DefaultKeyedRateLimiter<IpAddr>,
    offices: DefaultKeyedRateLimiter<IpAddr>,
    office_networks: Vec<IpNet>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl AddressLimits {
    /// The limits of the settings.
    pub(crate) fn new(settings: &Settings) -> Self {
        let limiter = |per_minute: u32| {
            RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN)))
        };
        Self {
            people: limiter(settings.requests_per_minute),
            offices: limiter(settings.office_requests_per_minute),
            office_networks: settings.office_networks.clone(),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    /// Takes one request from the address's allowance, or tells the seconds until there is one again.
    fn take(&self, client: ClientAddress) -> Result<(), u64> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.people.retain_recent();
            self.offices.retain_recent();
        }
        let is_office = self.office_networks.iter().any(|network| network.contains(&client.0));
        let limiter = if is_office { &self.offices } else { &self.people };
        limiter.check_key(&client.limit_key()).map_err(|not_until| {
            // Rounded up: whoever waits as told is let in.
            not_until.wait_time_from(self.clock.now()).as_secs() + 1
        })
    }
}

/// Layer: 429 with `Retry-After` for an address that asks too much. Files of the site cost nothing and are not
/// counted; neither is `/healthz`, so that a busy server is not taken for a dead one.
pub(crate) async fn limit_address(
    State(limits): State<Arc<AddressLimits>>,
    client: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && (is_site_file(path) || path == "/healthz") {
        return next.run(request).await;
    }
    match limits.take(client) {
        Ok(()) => next.run(request).await,
        Err(seconds) => too_many(seconds),
    }
}

/// 429 with the time to wait.
fn too_many(seconds: u64) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, HeaderValue::from(seconds))]).into_response()
}

/// Layer: 413 for a body above the limit, at once where the length is announced, otherwise when it is passed.
pub(crate) async fn limit_body(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let limit = if is_upload(&request) { UPLOAD_BYTES } else { limit };
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        // Read some of it, so that the browser, which sends first and listens afterwards, shows our page and not a
        // broken connection. The result does not matter: it is thrown away.
        let most = limit.saturating_mul(DRAIN_FACTOR).min(UPLOAD_BYTES.max(limit));
        let _ = drain(request.into_body(), most).await;
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// Layer: gives a request up after its time, with 503. A photo may be long under way, as long as something comes.
pub(crate) async fn limit_time(State(usual): State<Duration>, request: Request, next: Next) -> Response {
    let (longest, request) = if is_upload(&request) {
        (UPLOAD_TIME, request.map(|body| Body::new(TimeoutBody::new(usual, body))))
    } else {
        (usual, request)
    };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Reads and forgets up to `most` bytes.
pub(crate) async fn drain(mut body: Body, most: usize) -> Result<(), axum::Error> {
    let mut read = 0_usize;
    while read < most {
        match body.frame().await {
            None => break,
            Some(frame) => read += frame?.data_ref().map_or(0, bytes::Bytes::len),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    fn limits() -> AddressLimits {
        AddressLimits::new(&Settings {
            requests_per_minute: 2,
            office_requests_per_minute: 5,
            office_networks: vec!["10.1.0.0/16".parse().unwrap()],
            ..Settings::for_tests()
        })
    }

    fn client(address: &str) -> ClientAddress {
        ClientAddress(address.parse().unwrap())
    }

    /// How many of ten requests are let in.
    fn let_in(limits: &AddressLimits, address: &str) -> usize {
        (0..10).filter(|_| limits.take(client(address)).is_ok()).count()
    }

    #[test]
    fn each_address_has_its_own_allowance_and_an_office_a_larger_one() {
        let limits = limits();
        assert_eq!(let_in(&limits, "203.0.113.9"), 2);
        assert_eq!(let_in(&limits, "203.0.113.10"), 2);
        assert_eq!(let_in(&limits, "10.1.2.3"), 5);
    }

    #[test]
    fn changing_the_last_half_of_an_ipv6_address_wins_nothing() {
        let limits = limits();
        assert_eq!(let_in(&limits, "2001:db8::1"), 2);
        assert_eq!(let_in(&limits, "2001:db8::2"), 0);
    }

    #[test]
    fn who_asks_too_much_is_told_how_long_to_wait() {
        let limits = limits();
        let_in(&limits, "203.0.113.9");
        let seconds = limits.take(client("203.0.113.9")).unwrap_err();
        assert!((1..=31).contains(&seconds), "{seconds}");
    }

    #[tokio::test]
    async fn an_address_above_its_limit_gets_429_but_still_the_files_of_the_site() {
        let app = Router::new()
            .route("/", get(|| async {}))
            .route("/pkg/app.css", get(|| async {}))
            .route("/healthz", get(|| async {}))
            .layer(from_fn_with_state(Arc::new(limits()), limit_address));
        let ask = async |path: &str| {
            let request = Request::builder().uri(path).extension(client("203.0.113.9"));
            app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        };
        assert_eq!(ask("/").await.status(), 200);
        assert_eq!(ask("/").await.status(), 200);
        let refused = ask("/").await;
        assert_eq!(refused.status(), 429);
        assert!(refused.headers().contains_key(RETRY_AFTER));
        for _ in 0..20 {
            assert_eq!(ask("/pkg/app.css").await.status(), 200);
            assert_eq!(ask("/healthz").await.status(), 200);
        }
    }

    #[tokio::test]
    async fn a_body_above_the_limit_gets_413_whether_or_not_its_length_is_announced() {
        let app = Router::new()
            .route("/", post(|body: String| async move { body }))
            .layer(from_fn_with_state(10_usize, limit_body));
        let send = async |length: usize, announced: bool| {
            let mut request = Request::builder().method("POST");
            if announced {
                request = request.header(CONTENT_LENGTH, length);
            }
            let body = Body::from("x".repeat(length));
            app.clone().oneshot(request.body(body).unwrap()).await.unwrap().status()
        };
        for announced in [true, false] {
            assert_eq!(send(10, announced).await, 200);
            assert_eq!(send(11, announced).await, 413);
        }
    }
}
