//! The cookies: session, flow, and the one that a script reads to prove that it is ours.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use jiff::SignedDuration;

/// Holds the session's token.
pub(crate) const SESSION: &str = "gatewright_session";
/// Holds a flow that no POST has answered yet, sealed.
pub(crate) const FLOW: &str = "gatewright_flow";
/// Readable by scripts of our origin, which send it back as a header.
pub(crate) const CSRF: &str = "gatewright_csrf";

/// The value of a cookie of the request.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// The cookies that an answer sets.
#[derive(Default)]
pub(crate) struct Jar {
    secure: bool,
    lines: Vec<Cookie<'static>>,
}

impl Jar {
    /// An empty one; `secure`: the server is reached by https.
    pub(crate) fn new(secure: bool) -> Jar {
        Jar { secure, lines: Vec::new() }
    }

    /// Sets a cookie; without a life it ends with the browser.
    pub(crate) fn set(&mut self, name: &'static str, value: String, life: Option<SignedDuration>) {
        let mut cookie = self.base(name, value);
        if let Some(life) = life {
            cookie.set_max_age(Duration::seconds(life.as_secs()));
        }
        self.put(cookie);
    }

    /// Takes a cookie away.
    pub(crate) fn clear(&mut self, name: &'static str) {
        let mut cookie = self.base(name, String::new());
        cookie.make_removal();
        self.put(cookie);
    }

    fn base(&self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .http_only(name != CSRF)
            .build()
    }

    fn put(&mut self, cookie: Cookie<'static>) {
        self.lines.retain(|line| line.name() != cookie.name());
        self.lines.push(cookie);
    }

    /// Writes them into the headers of an answer.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for line in self.lines {
            if let Ok(value) = HeaderValue::from_str(&line.to_string()) {
                headers.append(header::SET_COOKIE, value);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_any_line() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; gatewright_session=abc".parse().unwrap());
        headers.append(header::COOKIE, "gatewright_flow=x=y".parse().unwrap());
        assert_eq!(value(&headers, SESSION), Some("abc"));
        assert_eq!(value(&headers, FLOW), Some("x=y"));
        assert_eq!(value(&headers, CSRF), None);
    }

    #[test]
    fn attributes() {
        let mut headers = HeaderMap::new();
        let mut jar = Jar::new(true);
        jar.set(SESSION, "t".into(), None);
        jar.set(CSRF, "c".into(), Some(SignedDuration::from_hours(1)));
        jar.set(FLOW, "f".into(), None);
        jar.clear(FLOW);
        jar.write(&mut headers);
        let lines: Vec<&str> = headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines.first(), Some(&"gatewright_session=t; HttpOnly; SameSite=Lax; Secure; Path=/"));
        assert_eq!(lines.get(1), Some(&"gatewright_csrf=c; SameSite=Lax; Secure; Path=/; Max-Age=3600"));
        assert!(lines.get(2).unwrap().contains("Max-Age=0"));
    }
}
