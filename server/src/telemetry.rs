//! What the server tells its operators: a log without personal data, and figures for Prometheus.
//!
//! Neither a query, nor a header, nor a body, nor a client's address, nor a token is ever written. A request is named
//! by its route's template or, where no route matched, by a redacted path.

use std::any::Any;
use std::borrow::Cow;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::{Instrument, Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::middleware::is_for_machines;
use crate::middleware::request_id::RequestId;
use crate::settings::Settings;

const REQUESTS: &str = "xw_http_requests_total";
const SECONDS: &str = "xw_http_request_seconds";

/// Upper bounds of the duration classes: a page takes milliseconds, a time-out 30 s.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Starts logging to standard error: readable in demo, one JSON object a line in production.
pub(crate) fn init(settings: &Settings) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&settings.log).context("XW_LOG is no log filter")?.and(filter_fn(may_log));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry();
    if settings.is_demo() {
        let lines = lines.compact().with_ansi(std::io::stderr().is_terminal());
        registry.with(lines.with_filter(filter)).try_init()
    } else {
        let lines = lines.json().flatten_event(true).with_span_list(false);
        registry.with(lines.with_filter(filter)).try_init()
    }
    .context("logging is started already")?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, message = panic_message(panic.payload()), "panic");
    }));
    Ok(())
}

/// Libraries' details stay out at every level: some write paths and what a form field held.
pub(crate) fn may_log(metadata: &Metadata<'_>) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    matches!(crate_name, "server" | "app") || *metadata.level() <= Level::INFO
}

/// A panic's message where it is fixed text. A formatted one may hold what a person typed.
fn panic_message(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("(message withheld, see the place)")
}

/// Starts counting, and gives the handle that renders the figures.
pub(crate) fn install_metrics() -> anyhow::Result<PrometheusHandle> {
    let recorder = prometheus()?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics are counted already")?;
    describe_counter!(REQUESTS, "Requests answered, by method, route and status.");
    describe_histogram!(SECONDS, metrics::Unit::Seconds, "Time until the answer began.");
    Ok(handle)
}

/// How figures are kept.
fn prometheus() -> anyhow::Result<PrometheusBuilder> {
    PrometheusBuilder::new().set_buckets(BUCKETS).context("the duration classes are not valid")
}

/// Keeps the figures' memory small where nobody fetches them. Ends with the runtime.
pub(crate) fn keep_metrics_tidy(handle: PrometheusHandle) {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(5));
        loop {
            tick.tick().await;
            handle.run_upkeep();
        }
    });
}

/// Layer: one log line and one count for each request, and a span so that every line in between carries the
/// request's number.
pub(crate) async fn log_requests(request: Request, next: Next) -> Response {
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = route.as_deref().map_or_else(|| redact(request.uri().path()), Cow::Borrowed).into_owned();
    let quiet = is_for_machines(request.uri().path());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    // A span at the highest level: the number is there for an error even where the log asks for errors alone.
    let span = tracing::error_span!("request", id);
    async move {
        let started = Instant::now();
        let response = next.run(request).await;
        let took = started.elapsed();

        let status = response.status().as_u16();
        let route = route.unwrap_or_else(|| "unmatched".to_owned());
        counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
            .increment(1);
        histogram!(SECONDS, "method" => method, "route" => route).record(took.as_secs_f64());

        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if quiet {
            tracing::debug!(method, path, status, ms, "answered");
        } else {
            tracing::info!(method, path, status, ms, "answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// The method as one of a fixed set of words: a client could otherwise invent a new series with each request.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// A path with everything taken out that may name a person: what follows `/V/`, `/confirm/`, `/authorise/` and
/// `/marriage/invite/`, and
/// elsewhere each part that is not a short word, such as a number or an encoded name.
fn redact(path: &str) -> Cow<'_, str> {
    // Empty parts do not count, so that a doubled slash hides nothing.
    let mut parts = path.split('/').skip_while(|part| part.is_empty());
    let first = parts.next().unwrap_or_default();
    if ["v", "confirm", "authorise"].iter().any(|secret| first.eq_ignore_ascii_case(secret)) {
        return match parts.next() {
            None => path.into(),
            Some(_) => format!("/{first}/…").into(),
        };
    }
    // The link of a couple's other one.
    if first == "marriage" && parts.next() == Some("invite") {
        return "/marriage/invite/…".into();
    }
    if path.split('/').all(is_harmless) {
        return path.into();
    }
    let parts: Vec<_> = path.split('/').map(|part| if is_harmless(part) { part } else { "…" }).collect();
    parts.join("/").into()
}

/// A part of a path that cannot be a name, a number or a token.
fn is_harmless(part: &str) -> bool {
    part.len() <= 32
        && part.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_' | b'.'))
        && part.bytes().filter(u8::is_ascii_digit).count() < 5
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::body::Body;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn what_follows_a_secret_beginning_is_not_shown() {
        for (path, shown) in [
            ("/V/2KCE3IRAGA", "/V/…"),
            ("/v/2kce3iraga", "/v/…"),
            ("/V/", "/V/…"),
            ("/confirm/XW123/print", "/confirm/…"),
            ("/confirm", "/confirm"),
            ("/authorise/abc", "/authorise/…"),
            ("/marriage/invite/abc", "/marriage/invite/…"),
            ("/marriage/papers", "/marriage/papers"),
        ] {
            assert_eq!(redact(path), shown);
        }
    }

    #[test]
    fn parts_of_an_unknown_path_that_may_name_a_person_are_not_shown() {
        for (path, shown) in [
            ("/aid/temporary-aid", "/aid/temporary-aid"),
            ("/", "/"),
            ("/wp-login.php", "/wp-login.php"),
            ("/13812345678", "/…"),
            ("/%E5%BC%A0%E4%B8%89/x", "/…/x"),
            ("//V/TOKEN", "/V/…"),
            ("/%56/2KCE3IRAGA2KCE3IRAGA2KCE3IRAGA2KCE3IRAGA", "/…/…"),
        ] {
            assert_eq!(redact(path), shown);
        }
    }

    #[test]
    fn a_formatted_panic_message_is_withheld() {
        assert_eq!(panic_message(&"fixed"), "fixed");
        assert!(!panic_message(&String::from("张三")).contains("张三"));
    }

    /// What was logged.
    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_request_is_one_line_without_anything_personal() {
        let captured = Captured::default();
        let writer = captured.clone();
        let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_span_list(false);
        let subscriber = tracing_subscriber::registry().with(lines.with_writer(move || writer.clone()));
        let _guard = tracing::subscriber::set_default(subscriber);
        let recorder = prometheus().unwrap().build_recorder();
        let figures = recorder.handle();
        let _counting = metrics::set_default_local_recorder(&recorder);

        let app = Router::new()
            .route("/V/{token}", get(|| async { "valid" }))
            .route("/aid", post(|body: String| async move { body }))
            .layer(axum::middleware::from_fn(log_requests))
            .layer(axum::middleware::from_fn(crate::middleware::request_id::number_requests));
        for (method, uri) in
            [("GET", "/V/CANARY?name=CANARY"), ("POST", "/aid?CANARY"), ("BREW", "/CANARY%20CANARY")]
        {
            let request = Request::builder()
                .method(method)
                .uri(uri)
                .header("x-request-id", "CANARY")
                .header("user-agent", "CANARY")
                .header("x-forwarded-for", "CANARY")
                .body(Body::from("name=CANARY"))
                .unwrap();
            app.clone().oneshot(request).await.unwrap();
        }

        let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 3, "{log}");
        assert!(lines[0].contains(r#""method":"GET","path":"/V/{token}","status":200,"ms":"#), "{log}");
        assert!(lines[0].contains(r#""span":{"id":""#), "{log}");
        assert!(lines[2].contains(r#""path":"/…","status":404"#), "{log}");
        let figures = figures.render();
        assert!(
            figures.contains(r#"xw_http_requests_total{method="GET",route="/V/{token}",status="200"} 1"#),
            "{figures}"
        );
        assert!(figures.contains(r#"method="OTHER",route="unmatched""#), "{figures}");
        assert!(figures.contains("xw_http_request_seconds_bucket"), "{figures}");
        assert!(!log.contains("CANARY") && !figures.contains("CANARY"));
    }
}
