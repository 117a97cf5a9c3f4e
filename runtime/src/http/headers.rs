//! Headers of every answer: what a browser must not do with it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

use crate::ui::Frame;

const REFERRER_POLICY: &str = "same-origin";

/// No script, no frames, nothing from elsewhere. `pictures` are further origins for pictures.
fn policy(pictures: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:{pictures}; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The policy of a page; a brand may keep its pictures on another server.
pub(crate) fn policy_of(frame: &Frame) -> String {
    let mut pictures = String::new();
    for origin in frame.pictures().iter().filter_map(|url| Url::parse(url).ok()) {
        if matches!(origin.scheme(), "http" | "https") && origin.host_str().is_some() {
            let origin = origin.origin().ascii_serialization();
            if !pictures.contains(&origin) {
                pictures.push(' ');
                pictures.push_str(&origin);
            }
        }
    }
    policy(&pictures)
}

/// Adds what is missing. `secure`: the server is reached by https, and for a year by nothing else.
pub(crate) fn harden(headers: &mut HeaderMap, secure: bool) {
    let mut or = |name: HeaderName, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    or(header::CONTENT_SECURITY_POLICY, &policy(""));
    or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    or(header::X_FRAME_OPTIONS, "DENY");
    or(header::REFERRER_POLICY, REFERRER_POLICY);
    or(header::CACHE_CONTROL, "no-store");
    or(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    or(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    or(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if secure {
        or(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::BrandLook;

    #[test]
    fn a_brand_may_keep_its_pictures_elsewhere() {
        let look = BrandLook {
            logo: "https://cdn.example/logo.png".into(),
            favicon: "https://cdn.example/icon.png".into(),
            background: "/media/a.jpg".into(),
            ..BrandLook::default()
        };
        let policy = policy_of(&Frame::new(&look, Some("javascript:alert(1)"), None));
        assert!(policy.contains("img-src 'self' data: https://cdn.example; form-action"), "{policy}");
    }

    #[test]
    fn a_route_may_have_its_own() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        harden(&mut headers, false);
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert_eq!(headers.get(header::CACHE_CONTROL), Some(&HeaderValue::from_static("public")));
        assert_eq!(headers.get(header::X_FRAME_OPTIONS), Some(&HeaderValue::from_static("DENY")));
    }
}
