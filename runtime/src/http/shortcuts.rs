//! Addresses that lead to a flow: the start page, the default flows, cancelling.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gatewright_compiler::models::flows::Designation;

use super::fault::Fault;
use super::missing;
use super::reply;
use super::state::App;
use super::turn;
use super::visit::{Asked, Visit};
use crate::program::BrandInfo;

/// `/`: the user page, or the way to it.
pub(crate) async fn root(State(app): State<Arc<App>>, asked: Asked) -> Response {
    match Visit::read(&app, &asked).await {
        Ok(visit) if visit.visitor.user.is_some() => reply::redirect(StatusCode::FOUND, "/if/user/"),
        Ok(_) => reply::redirect(StatusCode::FOUND, "/flows/-/default/authentication/"),
        Err(fault) => reply::fault_page(&app, &asked, &fault),
    }
}

/// `/flows/-/default/authentication/`
pub(crate) async fn authentication(State(app): State<Arc<App>>, asked: Asked) -> Response {
    default_flow(&app, &asked, Designation::Authentication, |brand| brand.flow_authentication)
}

/// `/flows/-/default/invalidation/`
pub(crate) async fn invalidation(State(app): State<Arc<App>>, asked: Asked) -> Response {
    default_flow(&app, &asked, Designation::Invalidation, |brand| brand.flow_invalidation)
}

/// The flow that the host's brand names, else the default one; the query goes along.
fn default_flow(
    app: &App,
    asked: &Asked,
    designation: Designation,
    of_brand: impl FnOnce(BrandInfo) -> Option<String>,
) -> Response {
    let program = app.programs.current();
    let named = of_brand(program.brand(&asked.host(app))).filter(|slug| program.flow(slug).is_some());
    let Some(slug) = named.or_else(|| program.default_flow(designation).map(str::to_owned)) else {
        return missing::page(app, asked);
    };
    let query = asked.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    reply::redirect(StatusCode::FOUND, &format!("/if/flow/{slug}/{query}"))
}

/// `/flows/-/cancel/`: the flow under way is given up, and nothing is written.
pub(crate) async fn cancel(State(app): State<Arc<App>>, asked: Asked) -> Response {
    match cancelled(&app, &asked).await {
        Ok(response) => response,
        Err(fault) => reply::fault_page(&app, &asked, &fault),
    }
}

async fn cancelled(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let visit = Visit::read(app, asked).await?;
    let jar = turn::cancel(app, &visit).await?;
    let mut response = reply::redirect(StatusCode::FOUND, "/");
    jar.write(response.headers_mut());
    Ok(response)
}
