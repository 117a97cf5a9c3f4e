//! Accepting connections: so many at a time, none that dawdles, and a graceful end.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// After an error of the machine (no more files) it is left alone for so long.
const PAUSE: Duration = Duration::from_secs(1);

/// How much connections may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Open at a time; further ones wait to be accepted.
    pub(crate) open: usize,
    /// From one request to the end of the next one's headers.
    pub(crate) headers: Duration,
    /// How long requests under way may take once the server is told to stop.
    pub(crate) farewell: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        // Fewer than the open files that a process usually has, for the database needs some too.
        Limits { open: 900, headers: Duration::from_secs(20), farewell: Duration::from_secs(20) }
    }
}

/// Serves until `shutdown` resolves; then requests under way are finished.
pub(crate) async fn serve(router: Router, listener: TcpListener, limits: Limits, shutdown: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(limits.open));
    let open = GracefulShutdown::new();
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.headers);
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut shutdown => break,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let service = TowerToHyperService::new(router.clone().layer(Extension(ConnectInfo(peer))));
        let connection = open.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!(%peer, %error, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener);
    // A browser that holds its connection open must not hold the server up for ever.
    let _ = tokio::time::timeout(limits.farewell, open.shutdown()).await;
}

/// The next connection, as soon as there is a place for one.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and whole: waiting for more only costs time.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error) => {
            let gone = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
            if !gone.contains(&error.kind()) {
                tracing::error!(%error, "a connection cannot be accepted");
                tokio::time::sleep(PAUSE).await;
            }
            None
        }
    }
}
