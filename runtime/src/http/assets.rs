//! `/static/…`: the style sheet and the pictures, embedded in the binary.
//!
//! The peer's default paths are answered too, with our pictures: blueprints of other people name them.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};

const SVG: &str = "image/svg+xml";
const LOGO: &[u8] = include_bytes!("../../assets/logo.svg");
const FAVICON: &[u8] = include_bytes!("../../assets/favicon.svg");
const BACKGROUND: &[u8] = include_bytes!("../../assets/background.svg");

/// Named with a mark of its content: it never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const FOR_A_WHILE: &str = "public, max-age=3600";

fn find(path: &str) -> Option<(&'static [u8], &'static str)> {
    match path {
        "gatewright.css" => Some((include_bytes!("../../assets/gatewright.css"), "text/css; charset=utf-8")),
        "logo.svg" | "dist/assets/icons/icon_left_brand.svg" => Some((LOGO, SVG)),
        "favicon.svg" | "dist/assets/icons/icon.png" | "dist/assets/icons/icon.svg" => Some((FAVICON, SVG)),
        "background.svg" | "dist/assets/images/flow_background.jpg" => Some((BACKGROUND, SVG)),
        "background-dark.svg" => Some((include_bytes!("../../assets/background-dark.svg"), SVG)),
        _ => None,
    }
}

/// The file.
pub(crate) async fn get(Path(path): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some((content, kind)) = find(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mark = format!("\"{}\"", blake3::hash(content).to_hex().get(..24).unwrap_or_default());
    let is_marked = uri.query().is_some_and(|query| query.starts_with("v="));
    let cache = if is_marked { FOR_GOOD } else { FOR_A_WHILE };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == mark.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { content.into_response() };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        answer.insert(header::ETAG, mark);
    }
    response
}
