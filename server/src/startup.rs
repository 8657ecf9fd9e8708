//! Listening, and stopping well: what was accepted is finished, nothing new is accepted.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

use crate::settings::Settings;

/// How long what is under way may take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long a client may take to send the head of a request; also how long an idle connection is kept.
/// `axum::serve` has no such limit, which is why it is not used: a few slow clients could hold every connection.
const HEAD: Duration = Duration::from_secs(15);

/// The same behind a proxy, which guards against slow clients itself and keeps idle connections to us for 60 s
/// (nginx's default). Were we the first to close one, a form sent over it at that moment would fail.
const HEAD_FROM_PROXY: Duration = Duration::from_secs(75);

/// The largest head of a request. Ours have one cookie and an address of a few hundred signs.
const MAX_HEADER_SIZE: usize = 32 * 1024;

/// Serves until `shutdown` is ready and then until what is under way is finished, at most 10 s. The caller closes
/// the database afterwards.
pub(crate) async fn serve(
    router: Router,
    settings: &Settings,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.addr).await.with_context(|| {
        format!("cannot listen on {}; choose another address with --addr or XW_ADDR", settings.addr)
    })?;
    let addr = listener.local_addr().context("the listening address is not known")?;
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    tracing::info!(%addr, base_url = settings.base_url, "listening");
    // For the person at the terminal; a closed standard output is no reason to stop.
    let _ = writeln!(std::io::stdout(), "Open {} (listening on {addr}, stop with Ctrl-C)", settings.base_url);
    let head = if settings.trusted_hops == 0 { HEAD } else { HEAD_FROM_PROXY };
    serve_on(listener, router, shutdown, Patience { head, grace: GRACE }).await;
    Ok(())
}

/// Tells tasks to stop and waits until they have finished what they had begun, at most 10 s.
pub(crate) async fn finish<const N: usize>(stop: &watch::Sender<bool>, tasks: [JoinHandle<()>; N]) {
    let _ = stop.send(true);
    for task in tasks {
        let last_resort = task.abort_handle();
        if tokio::time::timeout(GRACE, task).await.is_err() {
            last_resort.abort();
            tracing::warn!("cut off a task that was not finished in time");
        }
    }
}

/// Waits for SIGTERM or Ctrl-C.
pub(crate) async fn shutdown_signal() {
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(cause) => {
                tracing::error!(%cause, "SIGTERM is not heard; stop the server with Ctrl-C");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    let interrupt = async {
        if let Err(cause) = tokio::signal::ctrl_c().await {
            tracing::error!(%cause, "Ctrl-C is not heard");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = terminate => tracing::info!("told to stop by SIGTERM"),
        () = interrupt => tracing::info!("told to stop by Ctrl-C"),
    }
}

/// How long the server waits for others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For the head of a request.
    pub(crate) head: Duration,
    /// For what is under way at the stop.
    pub(crate) grace: Duration,
}

/// Serves on a listener that is bound already.
pub(crate) async fn serve_on(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    patience: Patience,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            // Reaps what has ended, so that the set does not grow.
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let watcher = graceful.watcher();
                    connections.spawn(serve_connection(stream, peer, router.clone(), patience.head, watcher));
                }
                // Most likely too many open files: without a pause this would be a busy loop.
                Err(cause) => {
                    tracing::error!(%cause, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            },
        }
    }
    // Closed at once, so that a load balancer's next connection is refused and goes elsewhere.
    drop(listener);
    if tokio::time::timeout(patience.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "cut off what was not finished in time");
    }
    // Also waits: nothing uses the database after this.
    connections.shutdown().await;
    tracing::info!("stopped");
}

/// One connection, with a limit on how slowly a request may arrive.
async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    watcher: Watcher,
) {
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(%cause, "cannot switch a connection's delay off");
    }
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_header_size(MAX_HEADER_SIZE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A client that goes away or talks nonsense is no fault of ours.
    if let Err(cause) = watcher.watch(connection).await {
        tracing::debug!(%cause, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    /// A server with a slow page, the word that stops it, and its task.
    async fn start(
        head: Duration,
        grace: Duration,
    ) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let router = Router::new()
            .route(
                "/peer",
                get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
            )
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    "finished"
                }),
            )
            .route("/endless", get(std::future::pending::<String>));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let server = tokio::spawn(serve_on(listener, router, shutdown, Patience { head, grace }));
        (addr, stop, server)
    }

    async fn ask(addr: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
        stream
    }

    async fn answer(mut stream: TcpStream) -> String {
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text).await;
        text
    }

    #[tokio::test]
    async fn what_is_under_way_is_finished_and_nothing_new_is_accepted() {
        let (addr, stop, server) = start(HEAD, GRACE).await;
        let slow = ask(addr, "/slow").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(TcpStream::connect(addr).await.is_err());
        assert!(answer(slow).await.ends_with("finished"));
        server.await.unwrap();
    }

    #[tokio::test]
    async fn what_never_finishes_is_cut_off_after_the_grace() {
        let (addr, stop, server) = start(HEAD, Duration::from_millis(100)).await;
        let endless = ask(addr, "/endless").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap();
        assert_eq!(answer(endless).await, "");
    }

    #[tokio::test]
    async fn an_idle_connection_does_not_delay_the_stop() {
        let (addr, stop, server) = start(HEAD, GRACE).await;
        let mut used = ask(addr, "/peer").await;
        let mut start = [0; 15];
        used.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200 OK");
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(2), server).await.unwrap().unwrap();
        drop(used);
    }

    #[tokio::test]
    async fn a_connection_that_never_asked_anything_does_not_delay_the_stop() {
        let (addr, stop, server) = start(HEAD, GRACE).await;
        let unused = TcpStream::connect(addr).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(2), server).await.unwrap().unwrap();
        drop(unused);
    }

    #[tokio::test]
    async fn a_client_that_sends_its_request_too_slowly_is_dropped() {
        let (addr, _stop, _server) = start(Duration::from_millis(100), GRACE).await;
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"GET /peer HTTP/1.1\r\nhost: ").await.unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(5), answer(stream)).await;
        assert_eq!(answer.unwrap(), "");
    }

    #[tokio::test]
    async fn handlers_see_the_peers_address() {
        let (addr, stop, server) = start(HEAD, GRACE).await;
        let stream = ask(addr, "/peer").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        assert!(answer(stream).await.ends_with("127.0.0.1"));
        server.await.unwrap();
    }
}
