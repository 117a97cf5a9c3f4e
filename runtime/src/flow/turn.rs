//! What goes in and out of one turn of a flow. Plain data; knows neither axum nor SQL.
//!
//! `http/` makes a [`Request`], the [`Engine`](super::Engine) answers with a [`Turn`], and `http/` commits it.

use std::net::IpAddr;

use gatewright_reconciler::store::{Effect, TokenHash, User};
use jiff::SignedDuration;
use uuid::Uuid;

use super::challenge::{Challenge, FlowInfo};
use super::execution::Execution;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The logged-in user, read fresh and active.
    pub user: Option<User>,
    /// The session, logged in or not, where there is one.
    pub session: Option<TokenHash>,
    /// Address of the client, proxies that are trusted removed.
    pub client_ip: IpAddr,
    /// Its user agent.
    pub user_agent: String,
    /// The host that was asked for, without port.
    pub host: String,
    /// The path that was asked for.
    pub path: String,
}

/// One request for a flow.
#[derive(Clone, Debug)]
pub struct Request {
    /// Slug.
    pub flow: String,
    /// The query of the page: `next`, ….
    pub query: Vec<(String, String)>,
    /// Who asks.
    pub visitor: Visitor,
    /// The initial-setup link was checked just now, and proves this user.
    pub setup: Option<Uuid>,
}

impl Request {
    /// The last value of a key of the query.
    pub(crate) fn query_value(&self, key: &str) -> Option<&str> {
        self.query.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What to show.
    pub step: Step,
    /// What to keep for the next request; `None`: it is over. It may belong to another flow than the one that
    /// was asked for (a redirect stage): keep it under [`Execution::flow`].
    pub execution: Option<Execution>,
    /// What to write, in order. Always empty for a GET.
    pub effects: Vec<Effect>,
    /// What becomes of the session. Always [`LoginChange::Keep`] for a GET.
    pub login: LoginChange,
}

/// What to show.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one a request, and it is taken apart at once")]
pub enum Step {
    /// A challenge, access denied included.
    Challenge(Challenge),
    /// A POST reached the next challenge: 302 to the same URL.
    Advanced,
    /// Go there.
    Redirect {
        /// Where.
        to: String,
        /// The flow whose redirect stage leads there; `None` at the end of a flow.
        flow: Option<FlowInfo>,
    },
    /// There is no such flow.
    UnknownFlow,
}

/// What becomes of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LoginChange {
    /// Nothing.
    #[default]
    Keep,
    /// A login: the session is rotated.
    Login {
        /// Who. The user may be created by an effect of the same turn.
        user: Uuid,
        /// `password`, ….
        auth_method: String,
        /// How long; `None` = until the browser is closed.
        duration: Option<SignedDuration>,
    },
    /// A logout: the session is deleted.
    Logout,
}
