//! The small routes, and the headers of all.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::net::SocketAddr;

use axum::routing::get;

use super::client::Client;
use super::site::{Site, TOKEN};

#[tokio::test]
async fn headers_of_every_answer() {
    let site = Site::new().await;
    let mut client = site.client();
    for path in ["/if/flow/login/", "/api/v3/core/users/me/", "/no-such-page", "/static/gatewright.css"] {
        let reply = client.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self' data:;"), "{path} {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
        assert_eq!(reply.header("x-request-id").len(), 32);
        let cache = if path.starts_with("/static/") { "public, max-age=3600" } else { "no-store" };
        assert_eq!(reply.header("cache-control"), cache, "{path}");
    }
}

#[tokio::test]
async fn cookies_are_guarded() {
    let site = Site::new().await;
    let reply = site.client().get("/if/flow/login/").await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-gatewright_flow="));
    assert!(cookie.contains("; HttpOnly; SameSite=Lax; Secure; Path=/"), "{cookie}");
    assert!(!cookie.contains("Max-Age"));
}

#[tokio::test]
async fn shortcuts() {
    let site = Site::new().await;
    let mut client = site.client();
    for (path, to) in [
        ("/", "/flows/-/default/authentication/"),
        ("/if/user/", "/flows/-/default/authentication/?next=%2Fif%2Fuser%2F"),
        ("/flows/-/default/authentication/?next=%2Fx", "/if/flow/login/?next=%2Fx"),
        ("/flows/-/default/invalidation/", "/if/flow/out/"),
        ("/flows/-/cancel/", "/"),
        ("/if/flow/login?a=b", "/if/flow/login/?a=b"),
    ] {
        let reply = client.get(path).await;
        assert!((300..400).contains(&reply.status), "{path}");
        assert_eq!(reply.header("location"), to, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get("/no-such-page").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("Page not found"));
    assert_eq!(client.get("/if/flow/no-such/").await.status, 404);
    assert_eq!(client.get("/static/no-such.js").await.status, 404);
    assert_eq!(client.get("/static/../Cargo.toml").await.status, 404);
    let api = client.get("/api/v3/no/such/").await;
    assert_eq!((api.status, api.body.as_str()), (404, r#"{"detail":"Not found."}"#));
}

#[tokio::test]
async fn who_am_i_by_token() {
    let site = Site::new().await;
    let path = "/api/v3/core/users/me/";
    let mut client = site.client().with("Authorization", &format!("Bearer {TOKEN}"));
    assert!(client.get(path).await.body.contains("\"username\":\"akadmin\""));
    for wrong in ["Bearer nonsense", "Basic abc", "Bearer"] {
        assert_eq!(site.client().with("Authorization", wrong).get(path).await.status, 403, "{wrong}");
    }
    let none = site.client().get(path).await;
    assert_eq!(none.status, 403);
    assert_eq!(none.body, r#"{"detail":"Authentication credentials were not provided."}"#);
}

#[tokio::test]
async fn health_and_files() {
    let site = Site::new().await;
    let mut client = site.client();
    assert_eq!(client.get("/-/health/live/").await.status, 200);
    assert_eq!(client.get("/-/health/ready/").await.status, 200);
    let logo = client.get("/static/dist/assets/icons/icon_left_brand.svg").await;
    assert_eq!((logo.status, logo.header("content-type")), (200, "image/svg+xml"));
    let mark = logo.header("etag").to_owned();
    let again = client.clone().with("If-None-Match", &mark).get("/static/logo.svg").await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let style = client.get("/static/gatewright.css?v=1").await;
    assert!(style.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn a_stopped_server_finishes() {
    let site = Site::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = site.runtime.clone();
    let running = tokio::spawn(async move {
        let shutdown = async move {
            let _ = stopped.await;
        };
        server.serve(listener, shutdown).await
    });
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_crash_is_an_answer() {
    async fn crash() {
        panic!("on purpose");
    }
    let site = Site::new().await;
    let routes = super::super::routes()
        .route("/crash", get(crash))
        .route("/api/crash", get(crash))
        .route("/api/v3/flows/executor/crash/now", get(crash));
    let router = super::super::guarded(routes, site.runtime.app());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = Client::new(listener.local_addr().unwrap());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let page = client.get("/crash").await;
    assert_eq!(page.status, 500);
    assert!(page.body.contains("Something went wrong") && page.body.contains(page.header("x-request-id")));
    assert!(!page.body.contains("on purpose"));
    let api = client.get("/api/crash").await;
    assert_eq!((api.status, api.json()["request_id"].as_str()), (500, Some(api.header("x-request-id"))));
    let flow = client.get("/api/v3/flows/executor/crash/now").await;
    assert_eq!((flow.status, flow.component().as_str()), (200, "ak-stage-flow-error"));
    assert_eq!(client.get("/-/health/live/").await.status, 200);
}
