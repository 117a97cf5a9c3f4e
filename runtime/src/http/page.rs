//! `/if/flow/<slug>/`: flows as pages. A form posts to its own address, which answers 303 to itself when the step is solved.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;

use super::crossing::is_foreign;
use super::fault::{Fault, Public};
use super::form;
use super::input::{Body, Slug};
use super::location::{Location, classify};
use super::missing;
use super::reply;
use super::state::App;
use super::turn::{self, Answer, Posted, Proof};
use super::visit::{Asked, Visit};
use crate::flow::Step;
use crate::flow::challenge::{Challenge, FieldError};
use crate::ui::{self, Form, RedirectPage};

const STALE: &str = "This page was out of date, so nothing was sent. Please try again.";

const FOREIGN: Public = Public {
    status: StatusCode::FORBIDDEN,
    title: "This form came from another address",
    text: "The server only accepts forms from its own public address. Please open it there and try again.",
};

const NO_FORM: Public = Public {
    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
    title: "This is not a form",
    text: "Pages are answered with form data. Programs use the JSON interface.",
};

const OVERTAKEN: Public = Public {
    status: StatusCode::CONFLICT,
    title: "This step was already answered",
    text: "It was sent twice, or in another window. Nothing is lost: continue with the current step.",
};

/// Shows the current step.
pub(crate) async fn get(State(app): State<Arc<App>>, Slug(slug): Slug, asked: Asked) -> Response {
    match show(&app, &asked, &slug, None, &BTreeMap::new()).await {
        Ok(response) => response,
        Err(fault) => reply::fault_page(&app, &asked, &fault),
    }
}

/// Answers the current step.
pub(crate) async fn post(State(app): State<Arc<App>>, Slug(slug): Slug, asked: Asked, Body(body): Body) -> Response {
    match answer(&app, &asked, &slug, &body).await {
        Ok(response) => response,
        Err(fault) => reply::fault_page(&app, &asked, &fault),
    }
}

/// The address without its slash at the end.
pub(crate) async fn with_slash(asked: Asked) -> Response {
    let query = asked.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    reply::redirect(StatusCode::PERMANENT_REDIRECT, &format!("{}/{query}", asked.uri.path()))
}

async fn show(
    app: &App,
    asked: &Asked,
    slug: &str,
    error: Option<FieldError>,
    typed: &BTreeMap<String, String>,
) -> Result<Response, Fault> {
    let visit = Visit::read(app, asked).await?;
    let mut answer = turn::get(app, &visit, slug, asked.query()).await?;
    if let (Some(error), Step::Challenge(challenge)) = (error, &mut answer.step) {
        challenge.response_errors.entry("non_field_errors".to_owned()).or_default().push(error);
    }
    respond(app, asked, answer, typed)
}

async fn answer(app: &App, asked: &Asked, slug: &str, body: &[u8]) -> Result<Response, Fault> {
    let error = |public| reply::error_page(app, &asked.host(app), public, None, Some(asked.target()));
    if is_foreign(&asked.headers, &app.config.public_url) {
        return Ok(error(&FOREIGN));
    }
    if !is_form(asked) {
        return Ok(error(&NO_FORM));
    }
    let posted = form::parse(body);
    let visit = Visit::read(app, asked).await?;
    let proof = Proof::Form(&posted.csrf);
    match turn::post(app, &visit, slug, asked.query(), &posted.answer, proof).await? {
        Posted::Answered(answer) => respond(app, asked, *answer, &posted.typed),
        Posted::Forged => {
            let stale = FieldError { string: STALE.to_owned(), code: "stale".to_owned() };
            show(app, asked, slug, Some(stale), &posted.typed).await
        }
        Posted::Overtaken(jar) => {
            let mut response = error(&OVERTAKEN);
            jar.write(response.headers_mut());
            Ok(response)
        }
    }
}

fn is_form(asked: &Asked) -> bool {
    let kind = asked.header(header::CONTENT_TYPE).and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn respond(app: &App, asked: &Asked, answer: Answer, typed: &BTreeMap<String, String>) -> Result<Response, Fault> {
    let Answer { step, jar, csrf } = answer;
    let mut response = match step {
        Step::Challenge(challenge) => {
            challenge_page(app, asked, &challenge, Form { action: asked.target(), csrf: &csrf, typed })?
        }
        Step::Advanced => reply::redirect(StatusCode::SEE_OTHER, asked.target()),
        Step::Redirect { to, .. } => redirect(app, asked, to)?,
        Step::UnknownFlow => missing::page(app, asked),
    };
    jar.write(response.headers_mut());
    Ok(response)
}

fn challenge_page(app: &App, asked: &Asked, challenge: &Challenge, form: Form<'_>) -> Result<Response, Fault> {
    let info = challenge.flow_info.as_ref();
    let background = info.map(|info| info.background.as_str());
    let layout = info.map(|info| info.layout.as_str());
    let frame = reply::frame(app, &asked.host(app), background, layout);
    Ok(reply::page(StatusCode::OK, &frame, ui::challenge(&frame, challenge, form)?))
}

/// To this site by 303. To another by a page: a browser stops a redirect there after a form, as our policy tells it.
fn redirect(app: &App, asked: &Asked, to: String) -> Result<Response, Fault> {
    match classify(&to, &app.config.public_url) {
        Location::Here(to) => Ok(reply::redirect(StatusCode::SEE_OTHER, &to)),
        Location::Away { to, host } => {
            let frame = reply::frame(app, &asked.host(app), None, None);
            let html = askama::Template::render(&RedirectPage { frame: &frame, to: &to, host: &host })?;
            Ok(reply::page(StatusCode::OK, &frame, html))
        }
        Location::Nowhere => Err(Fault::Redirect(to)),
    }
}
