//! Connections: slow ones, too many, and the end.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::connections::{Limits, serve};
use super::client::Client;
use super::site::Site;

const SOON: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

async fn start(site: &Site, limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = super::super::router(site.runtime.app());
    let running = tokio::spawn(serve(router, listener, limits, async { drop(stopped.await) }));
    Server { address, stop, running }
}

/// A connection that begins a request and never ends its headers.
async fn dawdle(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    stream
}

#[tokio::test]
async fn headers_that_never_end_end_the_connection() {
    let site = Site::new().await;
    let limits = Limits { headers: Duration::from_millis(200), ..Limits::default() };
    let server = start(&site, limits).await;
    let mut slow = dawdle(server.address).await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    let mut rest = Vec::new();
    timeout(SOON, slow.read_to_end(&mut rest)).await.unwrap().unwrap();
    timeout(SOON, idle.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!(Client::new(server.address).get("/-/health/live/").await.status, 200);
}

#[tokio::test]
async fn a_full_house_opens_again() {
    let site = Site::new().await;
    let limits = Limits { open: 2, headers: Duration::from_secs(1), ..Limits::default() };
    let server = start(&site, limits).await;
    let _slow = [dawdle(server.address).await, dawdle(server.address).await];
    let answer = timeout(SOON, async { Client::new(server.address).get("/-/health/live/").await }).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_connection_that_stays_does_not_hold_the_end_up() {
    let site = Site::new().await;
    let limits = Limits { farewell: Duration::from_millis(300), ..Limits::default() };
    let server = start(&site, limits).await;
    let _slow = dawdle(server.address).await;
    assert_eq!(Client::new(server.address).get("/-/health/live/").await.status, 200);
    server.stop.send(()).unwrap();
    timeout(SOON, server.running).await.unwrap().unwrap();
    TcpStream::connect(server.address).await.unwrap_err();
}
