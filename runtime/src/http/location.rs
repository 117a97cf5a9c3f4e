//! Where a redirect leads: a path of this site, another site, or nowhere that a browser may be sent.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

/// What no path of a header may hold as it is.
const OUTSIDE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');

/// Where a redirect leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// On this site.
    Here(String),
    /// To another, by http or https.
    Away {
        /// The address.
        to: String,
        /// Its host, for the person.
        host: String,
    },
    /// Not an address that a browser may be sent to.
    Nowhere,
}

/// Sorts a target. Browsers read a backslash as a slash and drop tabs and line ends, so none of these may be in it.
pub(crate) fn classify(to: &str, public_url: &Url) -> Location {
    if to.contains('\\') || to.chars().any(char::is_control) {
        return Location::Nowhere;
    }
    if to.starts_with('/') && !to.starts_with("//") {
        return Location::Here(encoded(to));
    }
    match Url::parse(to) {
        Ok(url) if url.origin() == public_url.origin() => Location::Here(url.into()),
        Ok(url) if matches!(url.scheme(), "http" | "https") => match url.host_str().map(str::to_owned) {
            Some(host) => Location::Away { to: url.into(), host },
            None => Location::Nowhere,
        },
        _ => Location::Nowhere,
    }
}

/// A header holds ASCII only: the rest is percent-encoded, as browsers do.
fn encoded(path: &str) -> String {
    utf8_percent_encode(path, OUTSIDE).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn ask(to: &str) -> Location {
        classify(to, &"https://login.example.org".parse().unwrap())
    }

    #[test]
    fn here() {
        for (to, expected) in [
            ("/", "/"),
            ("/if/user/#/settings", "/if/user/#/settings"),
            ("/ü x", "/%C3%BC%20x"),
            ("https://login.example.org/a", "https://login.example.org/a"),
        ] {
            assert_eq!(ask(to), Location::Here(expected.into()), "{to}");
        }
    }

    #[test]
    fn away() {
        let away = Location::Away { to: "https://wiki.example/a".into(), host: "wiki.example".into() };
        assert_eq!(ask("https://wiki.example/a"), away);
    }

    #[test]
    fn nowhere() {
        for to in ["", "a", "//evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "/a\nb"] {
            assert_eq!(ask(to), Location::Nowhere, "{to:?}");
        }
    }
}
