//! The cookies: session, flow, and the one that a script reads to prove that it is ours.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use jiff::SignedDuration;

/// A cookie that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// Holds the session's token.
    Session,
    /// Holds a flow that no POST has answered yet, sealed.
    Flow,
    /// Readable by scripts of our origin, which send it back as a header.
    Csrf,
}

impl Name {
    /// As the browser knows it. By https, only this very host can set what begins with `__Host-`: no neighbour
    /// under the same domain, and nobody on the wire, plants a session.
    fn text(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Name::Session, true) => "__Host-gatewright_session",
            (Name::Session, false) => "gatewright_session",
            (Name::Flow, true) => "__Host-gatewright_flow",
            (Name::Flow, false) => "gatewright_flow",
            (Name::Csrf, _) => "gatewright_csrf",
        }
    }
}

/// The value of a cookie of the request.
pub(crate) fn value(headers: &HeaderMap, name: Name, secure: bool) -> Option<&str> {
    let name = name.text(secure);
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
    pub(crate) fn set(&mut self, name: Name, value: String, life: Option<SignedDuration>) {
        let mut cookie = self.base(name, value);
        if let Some(life) = life {
            cookie.set_max_age(Duration::seconds(life.as_secs()));
        }
        self.put(cookie);
    }

    /// Takes a cookie away.
    pub(crate) fn clear(&mut self, name: Name) {
        let mut cookie = self.base(name, String::new());
        cookie.make_removal();
        self.put(cookie);
    }

    fn base(&self, name: Name, value: String) -> Cookie<'static> {
        Cookie::build((name.text(self.secure), value))
            .path("/")
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .http_only(name != Name::Csrf)
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
        headers.append(header::COOKIE, "a=1; gatewright_session=abc; __Host-gatewright_session=def".parse().unwrap());
        headers.append(header::COOKIE, "gatewright_flow=x=y".parse().unwrap());
        assert_eq!(value(&headers, Name::Session, false), Some("abc"));
        assert_eq!(value(&headers, Name::Session, true), Some("def"));
        assert_eq!(value(&headers, Name::Flow, false), Some("x=y"));
        assert_eq!(value(&headers, Name::Flow, true), None);
        assert_eq!(value(&headers, Name::Csrf, false), None);
    }

    #[test]
    fn attributes() {
        let mut headers = HeaderMap::new();
        let mut jar = Jar::new(true);
        jar.set(Name::Session, "t".into(), None);
        jar.set(Name::Csrf, "c".into(), Some(SignedDuration::from_hours(1)));
        jar.set(Name::Flow, "f".into(), None);
        jar.clear(Name::Flow);
        jar.write(&mut headers);
        let lines: Vec<&str> = headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines.first(), Some(&"__Host-gatewright_session=t; HttpOnly; SameSite=Lax; Secure; Path=/"));
        assert_eq!(lines.get(1), Some(&"gatewright_csrf=c; SameSite=Lax; Secure; Path=/; Max-Age=3600"));
        assert!(lines.get(2).unwrap().contains("Max-Age=0"));
    }
}
