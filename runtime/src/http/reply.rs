//! Answers: JSON, pages, redirects, and what a failure looks like.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;

use super::fault::{Fault, Public};
use super::headers::policy_of;
use super::state::App;
use super::visit::{Asked, RequestId};
use crate::flow::challenge::{Body, Challenge};
use crate::ui::{BrandLook, ErrorPage, Frame};

/// The frame of a page for a host.
pub(crate) fn frame(app: &App, host: &str, background: Option<&str>, layout: Option<&str>) -> Frame {
    let brand = app.programs.current().brand(host);
    let look = BrandLook { title: brand.title, logo: brand.logo, favicon: brand.favicon, background: brand.background };
    Frame::new(&look, background, layout)
}

/// A page.
pub(crate) fn page(status: StatusCode, frame: &Frame, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy_of(frame)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// JSON.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    (status, Json(json!(body))).into_response()
}

/// JSON with one sentence, as the API's errors are.
pub(crate) fn detail(status: StatusCode, text: &str) -> Response {
    json(status, &json!({ "detail": text }))
}

/// A redirect. The target was checked; one that no header can hold goes to the start page.
pub(crate) fn redirect(status: StatusCode, to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (status, [(header::LOCATION, to)]).into_response()
}

/// The challenge that says that something broke.
pub(crate) fn flow_error(id: &RequestId, error: Option<&str>) -> Response {
    let body = Body::FlowError { request_id: id.0.clone(), error: error.map(str::to_owned) };
    let challenge = Challenge { flow_info: None, body, response_errors: Default::default(), user: None };
    json(StatusCode::OK, &challenge)
}

/// A page that says what is wrong.
pub(crate) fn error_page(
    app: &App,
    host: &str,
    public: &Public,
    id: Option<&RequestId>,
    again: Option<&str>,
) -> Response {
    let frame = frame(app, host, None, None);
    let request_id = id.map(|id| id.0.as_str());
    let content = ErrorPage { frame: &frame, title: public.title, text: public.text, request_id, again };
    match askama::Template::render(&content) {
        Ok(html) => page(public.status, &frame, html),
        Err(_) => (public.status, public.text).into_response(),
    }
}

/// Logs a fault and shows a page in its place.
pub(crate) fn fault_page(app: &App, asked: &Asked, fault: &Fault) -> Response {
    log(&asked.id, fault);
    let again = (asked.uri.path().starts_with("/if/flow/")).then(|| asked.target());
    error_page(app, &asked.host(app), &fault.public(), Some(&asked.id), again)
}

/// Logs a fault and answers JSON in its place.
pub(crate) fn fault_json(id: &RequestId, fault: &Fault) -> Response {
    log(id, fault);
    let public = fault.public();
    json(public.status, &json!({ "detail": public.text, "request_id": id.0 }))
}

/// Says why a request is not taken: JSON under `/api/`, a page elsewhere.
pub(crate) fn refusal(app: &App, asked: &Asked, public: &Public) -> Response {
    if asked.uri.path().starts_with("/api/") {
        return json(public.status, &json!({ "detail": public.text, "request_id": asked.id.0 }));
    }
    let again = asked.uri.path().starts_with("/if/flow/").then(|| asked.target());
    error_page(app, &asked.host(app), public, None, again)
}

/// Logs a fault; one that any visitor can cause is no error of the server.
pub(crate) fn log(id: &RequestId, fault: &Fault) {
    if fault.is_ours() {
        tracing::error!(request = id.0, error = %fault, "a request failed");
    } else {
        tracing::warn!(request = id.0, reason = %fault, "a request was refused");
    }
}

/// The answer in place of one that could not be finished.
pub(crate) fn failed(app: &App, path: &str, id: &RequestId, public: &Public) -> Response {
    if path.starts_with("/api/v3/flows/executor/") {
        return flow_error(id, None);
    }
    if path.starts_with("/api/") {
        return json(public.status, &json!({ "detail": public.text, "request_id": id.0 }));
    }
    error_page(app, "", public, Some(id), None)
}
