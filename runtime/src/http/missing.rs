//! What is not there: JSON under `/api/`, a page elsewhere.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::fault::Public;
use super::reply;
use super::state::App;
use super::visit::Asked;

const NOT_FOUND: Public = Public {
    status: StatusCode::NOT_FOUND,
    title: "Page not found",
    text: "There is nothing at this address. It may have been mistyped, or the page was taken away.",
};

/// The answer for every address without a route.
pub(crate) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Response {
    answer(&app, &asked)
}

/// JSON or the page.
pub(crate) fn answer(app: &App, asked: &Asked) -> Response {
    if asked.uri.path().starts_with("/api/") {
        return reply::detail(StatusCode::NOT_FOUND, "Not found.");
    }
    page(app, asked)
}

/// The page.
pub(crate) fn page(app: &App, asked: &Asked) -> Response {
    reply::error_page(app, &asked.host(app), &NOT_FOUND, None, None)
}
