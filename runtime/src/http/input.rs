//! What a route takes from a request, with an answer of our own for what cannot be taken.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::fault::Public;
use super::missing;
use super::reply;
use super::state::App;
use super::visit::Asked;

const TOO_LARGE: Public = Public {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    title: "This is too much",
    text: "What was sent is larger than any step of a flow accepts. Please send less.",
};

const BROKEN: Public = Public {
    status: StatusCode::BAD_REQUEST,
    title: "The page was not sent completely",
    text: "The connection broke off in the middle. Please try again.",
};

/// The flow that an address names. An address that is no text names none.
pub(crate) struct Slug(pub(crate) String);

impl FromRequestParts<Arc<App>> for Slug {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Slug, Response> {
        if let Ok(Path(slug)) = Path::from_request_parts(parts, app).await {
            return Ok(Slug(slug));
        }
        let Ok(asked) = Asked::from_request_parts(parts, app).await;
        Err(missing::answer(app, &asked))
    }
}

/// A body within the limit.
pub(crate) struct Body(pub(crate) Bytes);

impl FromRequest<Arc<App>> for Body {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Body, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(asked) = Asked::from_request_parts(&mut parts, app).await;
        match Bytes::from_request(Request::from_parts(parts, body), app).await {
            Ok(bytes) => Ok(Body(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(reply::refusal(app, &asked, &TOO_LARGE))
            }
            Err(_) => Err(reply::refusal(app, &asked, &BROKEN)),
        }
    }
}
