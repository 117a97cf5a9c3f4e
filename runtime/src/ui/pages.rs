//! The pages that are no challenge.

use askama::Template;

use super::frame::Frame;

/// Something is wrong: not found, a stale form, a fault of ours.
#[derive(Template)]
#[template(path = "page/error.html")]
pub(crate) struct ErrorPage<'a> {
    /// Around it.
    pub(crate) frame: &'a Frame,
    /// Headline.
    pub(crate) title: &'a str,
    /// One or two sentences.
    pub(crate) text: &'a str,
    /// To be found in the log.
    pub(crate) request_id: Option<&'a str>,
    /// Where to try again.
    pub(crate) again: Option<&'a str>,
}

/// Takes the browser to another origin, which a redirect after a form may not.
#[derive(Template)]
#[template(path = "page/redirect.html")]
pub(crate) struct RedirectPage<'a> {
    /// Around it.
    pub(crate) frame: &'a Frame,
    /// Where; checked by the caller.
    pub(crate) to: &'a str,
    /// Its host, for the person.
    pub(crate) host: &'a str,
}

/// Who is signed in, and what they can do.
#[derive(Template)]
#[template(path = "page/signed_in.html")]
pub(crate) struct SignedInPage<'a> {
    /// Around it.
    pub(crate) frame: &'a Frame,
    /// Display name, or the user name where there is none.
    pub(crate) name: &'a str,
    /// User name.
    pub(crate) username: &'a str,
    /// E-mail address, possibly empty.
    pub(crate) email: &'a str,
    /// Picture with initials.
    pub(crate) avatar: &'a str,
    /// Names of the groups.
    pub(crate) groups: &'a [String],
    /// Flow that changes the password.
    pub(crate) password_url: Option<&'a str>,
    /// Flow that changes the settings.
    pub(crate) settings_url: Option<&'a str>,
    /// Flow that logs out.
    pub(crate) logout_url: &'a str,
}
