//! The server's routes. Each file is one route or one concern; bodies are in those files.
//!
//! A request passes `guard` (request id, crashes, headers), then its route; flows go on to `turn`, which loads what
//! was kept, asks the engine, and commits. Nothing here knows a stage. Links come from `--public-url`, never from `Host`.

mod assets;
mod client_ip;
mod commit;
mod connections;
mod cookies;
mod crossing;
mod csrf;
mod executor;
mod fault;
mod form;
mod guard;
mod headers;
mod health;
mod input;
mod kept;
mod location;
mod me;
mod missing;
mod page;
mod quota;
mod reply;
mod setup;
mod shortcuts;
mod state;
#[cfg(test)]
mod tests;
mod turn;
mod user_page;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;

pub(crate) use connections::{Limits, serve};
pub(crate) use quota::Quota;
pub(crate) use setup::FLOW as SETUP_FLOW;
pub(crate) use setup::hash_of as token_hash;
pub(crate) use state::App;

/// Bodies above this are refused: forms and challenge answers are far smaller.
const BODY_LIMIT: usize = 128 * 1024;

/// All routes.
pub(crate) fn router(app: Arc<App>) -> Router {
    guarded(routes(), app)
}

fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(shortcuts::root))
        .route("/if/user/", get(user_page::get))
        .route("/if/flow/{slug}/", get(page::get).post(page::post))
        .route("/if/flow/{slug}", get(page::with_slash))
        .route("/flows/-/default/authentication/", get(shortcuts::authentication))
        .route("/flows/-/default/invalidation/", get(shortcuts::invalidation))
        .route("/flows/-/cancel/", get(shortcuts::cancel))
        .route("/api/v3/flows/executor/{slug}/", get(executor::get).post(executor::post))
        .route("/api/v3/core/users/me/", get(me::get))
        .route("/-/health/live/", get(health::live))
        .route("/-/health/ready/", get(health::ready))
        .route("/static/{*path}", get(assets::get))
        .fallback(missing::get)
}

/// Routes with everything around them.
fn guarded(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}
