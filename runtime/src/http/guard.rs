//! Around every route: a request id, a place to fall for crashes, and the headers.
//!
//! A route runs as a task of its own: a browser that goes away in the middle does not stop a commit, and a crash
//! is an answer instead of a closed connection.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::fault::Public;
use super::headers;
use super::reply;
use super::state::App;
use super::visit::RequestId;

/// After this a request is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the route.
pub(crate) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = RequestId(app.random_hex::<16>().unwrap_or_default());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", id = id.0, %method, path);
    request.extensions_mut().insert(id.clone());
    let route = tokio::spawn(next.run(request).instrument(span));
    let mut response = match tokio::time::timeout(PATIENCE, route).await {
        Ok(Ok(response)) => response,
        Ok(Err(crash)) => {
            tracing::error!(request = id.0, %method, path, panic = crash.is_panic(), "a request crashed");
            reply::failed(&app, &path, &id, &Public::INTERNAL)
        }
        Err(_) => {
            tracing::error!(request = id.0, %method, path, "a request took too long");
            reply::failed(&app, &path, &id, &Public::INTERNAL)
        }
    };
    tracing::debug!(request = id.0, %method, path, status = response.status().as_u16(), "answered");
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    headers::harden(response.headers_mut(), app.is_https());
    response
}
