//! Whether a POST comes from another site's page. Browsers say so; other clients say nothing and are let through.

use axum::http::HeaderMap;
use url::Url;

/// Whether the browser says that another site sent this.
pub(crate) fn is_foreign(headers: &HeaderMap, public_url: &Url) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        None => false,
        Some(origin) => Url::parse(origin).map_or(true, |origin| origin.origin() != public_url.origin()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn ask(lines: &[(&'static str, &str)]) -> bool {
        let headers = lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_foreign(&headers, &"https://login.example.org".parse().unwrap())
    }

    #[test]
    fn other_sites_are_foreign() {
        assert!(ask(&[("sec-fetch-site", "cross-site")]));
        assert!(ask(&[("sec-fetch-site", "same-site"), ("origin", "https://login.example.org")]));
        assert!(ask(&[("origin", "https://evil.example")]));
        assert!(ask(&[("origin", "http://login.example.org")]));
        assert!(ask(&[("origin", "https://login.example.org:8443")]));
        assert!(ask(&[("origin", "null")]));
    }

    #[test]
    fn our_own_pages_and_other_programs_are_not() {
        assert!(!ask(&[]));
        assert!(!ask(&[("origin", "https://login.example.org")]));
        assert!(!ask(&[("origin", "https://login.example.org:443")]));
        assert!(!ask(&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:9000")]));
    }
}
