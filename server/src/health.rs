//! For machines that watch the server: is it alive, is it ready, and its figures.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::client_address::ClientAddress;

/// How long the database may take to show that it is there.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Asks what the server depends on; the error is for the log.
pub(crate) type ReadyCheck =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + Send + Sync>;

/// The routes `/healthz`, `/readyz` and `/metrics`.
pub(crate) fn routes(ready: ReadyCheck, figures: PrometheusHandle, metrics_public: bool) -> Router {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok") }))
        .route("/readyz", get(move || readyz(ready.clone(), READY_WITHIN)))
        .route(
            "/metrics",
            get(
                move |client: ClientAddress,
                      peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
                      headers: HeaderMap| {
                    let peer = peer.map(|axum::Extension(ConnectInfo(peer))| peer);
                    let open = metrics_public || comes_from_this_machine(client, peer, &headers);
                    let answer = if open {
                        let text = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
                        (text, figures.render()).into_response()
                    } else {
                        StatusCode::NOT_FOUND.into_response()
                    };
                    async { answer }
                },
            ),
        )
}

/// 200 while what the server depends on answers; a load balancer sends no one here otherwise.
async fn readyz(ready: ReadyCheck, within: Duration) -> Response {
    match tokio::time::timeout(within, ready()).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready"),
        Ok(Err(cause)) => {
            tracing::warn!(cause = format!("{cause:#}"), "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not ready")
        }
        Err(_) => {
            tracing::warn!(cause = "no answer in time", "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not ready")
        }
    }
}

/// Whether a program on this machine asks. A proxy on this machine connects from here too, on behalf of anyone, and
/// gives itself away by its headers, whatever `trusted_hops` says.
fn comes_from_this_machine(client: ClientAddress, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let forwarded =
        ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    let peer_is_here = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    peer_is_here && client.0.is_loopback() && !forwarded
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use axum::body::Body;
    use axum::http::Request;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    use super::*;

    fn app(ready: fn() -> anyhow::Result<()>, metrics_public: bool) -> Router {
        let figures = PrometheusBuilder::new().build_recorder().handle();
        routes(Arc::new(move || Box::pin(async move { ready() })), figures, metrics_public)
            .layer(axum::middleware::from_fn_with_state(0, crate::client_address::note_client_address))
    }

    async fn status(app: Router, path: &str, peer: &str, forwarded: Option<&str>) -> StatusCode {
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = Request::builder().uri(path).extension(ConnectInfo(peer));
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn alive_even_when_the_database_is_not_there() {
        let app = app(|| Err(anyhow!("no database")), false);
        assert_eq!(status(app.clone(), "/healthz", "127.0.0.1:1", None).await, 200);
        assert_eq!(status(app, "/readyz", "127.0.0.1:1", None).await, 503);
    }

    #[tokio::test]
    async fn ready_when_the_database_answers() {
        assert_eq!(status(app(|| Ok(()), false), "/readyz", "127.0.0.1:1", None).await, 200);
    }

    #[tokio::test]
    async fn not_ready_when_the_database_never_answers() {
        let ready: ReadyCheck = Arc::new(|| Box::pin(std::future::pending()));
        assert_eq!(readyz(ready, Duration::from_millis(10)).await.status(), 503);
    }

    #[tokio::test]
    async fn figures_are_for_this_machine_alone() {
        let app = app(|| Ok(()), false);
        assert_eq!(status(app.clone(), "/metrics", "127.0.0.1:1", None).await, 200);
        assert_eq!(status(app.clone(), "/metrics", "[::1]:1", None).await, 200);
        assert_eq!(status(app.clone(), "/metrics", "203.0.113.9:1", None).await, 404);
        // A proxy on this machine that nobody told us of.
        assert_eq!(status(app.clone(), "/metrics", "127.0.0.1:1", Some("203.0.113.9")).await, 404);
        assert_eq!(status(app, "/metrics", "203.0.113.9:1", Some("127.0.0.1")).await, 404);
    }

    #[tokio::test]
    async fn figures_are_public_where_the_settings_say_so() {
        assert_eq!(status(app(|| Ok(()), true), "/metrics", "203.0.113.9:1", None).await, 200);
    }
}
