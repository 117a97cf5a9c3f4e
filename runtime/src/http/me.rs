//! `/api/v3/core/users/me/`: who the caller is, by session or by API token.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use gatewright_reconciler::store::{Group, User};
use serde_json::{Value as Json, json};

use super::fault::Fault;
use super::reply;
use super::state::{App, hex};
use super::visit::{Asked, Visit};
use crate::flow::avatar::avatar;

/// The answer.
pub(crate) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Response {
    match me(&app, &asked).await {
        Ok(response) => response,
        Err(fault) => reply::fault_json(&asked.id, &fault),
    }
}

async fn me(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let user = match asked.header(header::AUTHORIZATION) {
        Some(authorization) => match by_token(app, authorization).await? {
            Some(user) => Some(user),
            None => {
                return Ok(reply::detail(StatusCode::FORBIDDEN, "Token invalid/expired"));
            }
        },
        None => Visit::read(app, asked).await?.visitor.user,
    };
    let Some(user) = user else {
        return Ok(reply::detail(StatusCode::FORBIDDEN, "Authentication credentials were not provided."));
    };
    let groups = app.store.user_groups(user.id).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "user": describe(app, &user, &groups) })))
}

async fn by_token(app: &App, authorization: &str) -> Result<Option<User>, Fault> {
    let Some((scheme, key)) = authorization.trim().split_once(' ') else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let user = app.store.token_user(key.trim(), app.now()).await?;
    Ok(user.filter(|user| user.is_active))
}

fn describe(app: &App, user: &User, groups: &[Group]) -> Json {
    let direct = groups.iter().filter(|group| group.direct);
    let named: Vec<Json> = direct.map(|group| json!({ "name": group.name, "pk": group.id })).collect();
    let settings = user.attributes.get("settings").filter(|settings| settings.is_object());
    json!({
        "pk": user.pk,
        "username": user.username,
        "name": user.name,
        "is_active": user.is_active,
        "is_superuser": groups.iter().any(|group| group.is_superuser),
        "groups": named,
        "email": user.email,
        "avatar": avatar(if user.name.is_empty() { &user.username } else { &user.name }),
        "uid": hex(&app.store.key().mac("user-uid", user.id.as_bytes())),
        "settings": settings.cloned().unwrap_or_else(|| json!({})),
        "type": user.user_type,
        "system_permissions": [],
    })
}
