//! `/-/health/live/` and `/-/health/ready/`, for whoever watches over the process.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::state::App;

/// The process answers.
pub(crate) async fn live() -> StatusCode {
    StatusCode::OK
}

/// The database answers too.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> StatusCode {
    match app.store.revision().await {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, "not ready");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
