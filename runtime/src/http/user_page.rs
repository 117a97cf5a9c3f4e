//! `/if/user/`: who is signed in, and the flows for their account.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gatewright_reconciler::store::User;

use super::fault::Fault;
use super::reply;
use super::state::App;
use super::visit::{Asked, Visit};
use crate::flow::avatar::avatar;
use crate::ui::SignedInPage;

/// The flow that changes a password; by name, for no designation tells it apart.
const PASSWORD_FLOW: &str = "default-password-change";

/// The page.
pub(crate) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Response {
    match show(&app, &asked).await {
        Ok(response) => response,
        Err(fault) => reply::fault_page(&app, &asked, &fault),
    }
}

async fn show(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let visit = Visit::read(app, asked).await?;
    let Some(user) = visit.visitor.user else {
        return Ok(reply::redirect(StatusCode::FOUND, "/flows/-/default/authentication/?next=%2Fif%2Fuser%2F"));
    };
    let groups = app.store.user_groups(user.id).await?;
    let groups: Vec<String> = groups.into_iter().filter(|group| group.direct).map(|group| group.name).collect();
    let program = app.programs.current();
    let host = asked.host(app);
    let link = |slug: &str| program.flow(slug).map(|_| format!("/if/flow/{slug}/?next=%2Fif%2Fuser%2F"));
    let settings = program.brand(&host).flow_user_settings.as_deref().and_then(link);
    let password = link(PASSWORD_FLOW);
    let frame = reply::frame(app, &host, None, None);
    let page = SignedInPage {
        frame: &frame,
        name: display_name(&user),
        username: &user.username,
        email: &user.email,
        avatar: &avatar(display_name(&user)),
        groups: &groups,
        password_url: password.as_deref(),
        settings_url: settings.as_deref(),
        logout_url: "/flows/-/default/invalidation/",
    };
    Ok(reply::page(StatusCode::OK, &frame, askama::Template::render(&page)?))
}

fn display_name(user: &User) -> &str {
    if user.name.trim().is_empty() { &user.username } else { &user.name }
}
