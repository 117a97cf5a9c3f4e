//! Where a flow may send people: `next` of the query, and targets of redirect stages.

/// The `next` of a query, if it stays on this site.
///
/// Browsers read a backslash as a slash, drop tabs and line ends, and take `//host` for another host; so only a
/// path that begins with exactly one slash and holds none of these is let through.
pub(crate) fn local_path(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let plain = !rest.starts_with('/') && !next.contains('\\') && !next.chars().any(char::is_control);
    plain.then_some(next)
}

/// A target that the administrator wrote: a local path or an absolute web address; nothing that runs in the page.
pub(crate) fn declared_target(target: &str) -> Option<&str> {
    if local_path(target).is_some() {
        return Some(target);
    }
    let parsed = url::Url::parse(target).ok()?;
    (matches!(parsed.scheme(), "http" | "https") && parsed.has_host()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_local() {
        for good in ["/", "/if/user/", "/if/user/#/settings", "/a?b=//c", "/a//b", "/a:b", "/ümlaut"] {
            assert_eq!(local_path(good), Some(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "https:///evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            " /a",
            "/a\u{0}",
            "/a\u{85}b",
            "?next=/",
            "#a",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn declared_targets_may_leave_but_not_run() {
        for good in ["/a", "https://example.invalid/x", "http://example.invalid"] {
            assert_eq!(declared_target(good), Some(good), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "//a", "a", "", "mailto:a@b.c"] {
            assert_eq!(declared_target(bad), None, "{bad:?}");
        }
    }
}
