//! `/api/v3/flows/executor/<slug>/`: flows as JSON challenges. Nearly every answer is 200; a solved step is 302.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value as Json};

use super::crossing::is_foreign;
use super::fault::Fault;
use super::input::{Body as SentBody, Slug};
use super::location::{Location, classify};
use super::reply;
use super::state::App;
use super::turn::{self, Answer, Posted, Proof};
use super::visit::{Asked, Visit, pairs};
use crate::flow::Step;
use crate::flow::challenge::{Body, Challenge, FieldError, FlowInfo};

/// Said to a second answer to the same step.
const OVERTAKEN: &str = "This step was answered already. Please continue with the current one.";

/// Shows the current challenge.
pub(crate) async fn get(State(app): State<Arc<App>>, Slug(slug): Slug, asked: Asked) -> Response {
    match show(&app, &asked, &slug, None).await {
        Ok(response) => response,
        Err(fault) => failed(&asked, &fault),
    }
}

/// Answers the current challenge.
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    Slug(slug): Slug,
    asked: Asked,
    SentBody(body): SentBody,
) -> Response {
    match answer(&app, &asked, &slug, &body).await {
        Ok(response) => response,
        Err(fault) => failed(&asked, &fault),
    }
}

fn failed(asked: &Asked, fault: &Fault) -> Response {
    match fault {
        Fault::TooMany => reply::fault_json(&asked.id, fault),
        Fault::State(_) | Fault::Cookie { .. } => {
            reply::log(&asked.id, fault);
            reply::flow_error(&asked.id, Some(fault.public().text))
        }
        fault => {
            reply::log(&asked.id, fault);
            reply::flow_error(&asked.id, None)
        }
    }
}

/// The query of the page, which the client hands on inside its own.
fn page_query(asked: &Asked) -> Vec<(String, String)> {
    let outer = asked.query();
    let inner = outer.into_iter().rev().find(|(name, _)| name == "query");
    inner.map(|(_, inner)| pairs(&inner)).unwrap_or_default()
}

async fn show(app: &App, asked: &Asked, slug: &str, error: Option<FieldError>) -> Result<Response, Fault> {
    let visit = Visit::read(app, asked).await?;
    let mut answer = turn::get(app, &visit, slug, page_query(asked)).await?;
    if let (Some(error), Step::Challenge(challenge)) = (error, &mut answer.step) {
        challenge.response_errors.entry("non_field_errors".to_owned()).or_default().push(error);
    }
    Ok(respond(app, asked, answer))
}

async fn answer(app: &App, asked: &Asked, slug: &str, body: &[u8]) -> Result<Response, Fault> {
    if !is_json(asked) {
        return Ok(refuse(asked, "the body of an answer has to be application/json"));
    }
    if is_foreign(&asked.headers, &app.config.public_url) {
        return Ok(refuse(asked, "another site sent this answer"));
    }
    let answer = match serde_json::from_slice::<Json>(body) {
        Ok(Json::Object(answer)) => answer,
        Ok(other) => return show(app, asked, slug, Some(no_object(&other))).await,
        Err(_) => return Ok(refuse(asked, "the body of an answer is no JSON")),
    };
    post_object(app, asked, slug, &answer).await
}

async fn post_object(app: &App, asked: &Asked, slug: &str, answer: &Map<String, Json>) -> Result<Response, Fault> {
    let visit = Visit::read(app, asked).await?;
    let sent = asked.header("x-authentik-csrf").or_else(|| asked.header("x-gatewright-csrf"));
    match turn::post(app, &visit, slug, page_query(asked), answer, Proof::Header(sent)).await? {
        Posted::Answered(answer) => Ok(respond(app, asked, *answer)),
        Posted::Forged => Ok(refuse(asked, "a logged-in client has to send its token in `X-authentik-CSRF`")),
        Posted::Overtaken(jar) => {
            let mut response = reply::flow_error(&asked.id, Some(OVERTAKEN));
            jar.write(response.headers_mut());
            Ok(response)
        }
    }
}

fn is_json(asked: &Asked) -> bool {
    let kind = asked.header(header::CONTENT_TYPE).and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn refuse(asked: &Asked, reason: &str) -> Response {
    tracing::info!(request = asked.id.0, reason, "an answer was refused");
    reply::flow_error(&asked.id, None)
}

fn no_object(body: &Json) -> FieldError {
    let kind = match body {
        Json::Null => {
            return FieldError { string: "No data provided".to_owned(), code: "null".to_owned() };
        }
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    };
    FieldError { string: format!("Invalid data. Expected a dictionary, but got {kind}."), code: "invalid".to_owned() }
}

fn respond(app: &App, asked: &Asked, answer: Answer) -> Response {
    let mut response = match answer.step {
        Step::Challenge(challenge) => reply::json(StatusCode::OK, &challenge),
        Step::Advanced => reply::redirect(StatusCode::FOUND, asked.target()),
        Step::Redirect { to, flow } => match classify(&to, &app.config.public_url) {
            Location::Nowhere => failed(asked, &Fault::Redirect(to)),
            Location::Here(_) | Location::Away { .. } => reply::json(StatusCode::OK, &redirect(to, flow)),
        },
        Step::UnknownFlow => reply::detail(StatusCode::NOT_FOUND, "Not found."),
    };
    answer.jar.write(response.headers_mut());
    response
}

fn redirect(to: String, flow_info: Option<FlowInfo>) -> Challenge {
    Challenge { flow_info, body: Body::Redirect { to }, response_errors: Default::default(), user: None }
}
