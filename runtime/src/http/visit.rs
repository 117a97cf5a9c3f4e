//! Who asks: request id, address, session and user, read fresh at every request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use gatewright_reconciler::store::{Session, TokenHash, User};
use jiff::Timestamp;

use super::client_ip::{client_ip, is_unheard};
use super::cookies;
use super::fault::Fault;
use super::setup::hash_of;
use super::state::App;
use crate::flow::Visitor;

/// More of a user agent is not kept.
const USER_AGENT_LENGTH: usize = 512;

/// Names a request in the log.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// A request without its body.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// For the log.
    pub(crate) id: RequestId,
    /// Path and query.
    pub(crate) uri: Uri,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// Address of the client.
    pub(crate) client_ip: IpAddr,
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Asked, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        if is_unheard(peer, &parts.headers, &app.config.trusted_proxies) {
            app.proxy_warning.call_once(|| {
                tracing::warn!(%peer, "a request came with `X-Forwarded-For` from an address that is not trusted; \
                     all visitors behind it count as one. If it is your proxy, name it with --trusted-proxy");
            });
        }
        let id = parts.extensions.get::<RequestId>().cloned();
        Ok(Asked {
            id: id.unwrap_or_else(|| RequestId(String::new())),
            uri: parts.uri.clone(),
            client_ip: client_ip(peer, &parts.headers, &app.config.trusted_proxies),
            headers: parts.headers.clone(),
        })
    }
}

impl Asked {
    /// Path and query as they were sent.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or("/", |target| target.as_str())
    }

    /// The query, decoded.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        pairs(self.uri.query().unwrap_or_default())
    }

    /// A header's text.
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The host that was asked for, without port: it chooses a brand, and nothing else.
    pub(crate) fn host(&self, app: &App) -> String {
        let sent = self.header(header::HOST).and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
        let known = || app.config.public_url.host_str().unwrap_or_default().to_owned();
        sent.map_or_else(known, |authority| authority.host().to_owned())
    }
}

/// A query's pairs, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Who asks, and what their cookies say.
pub(crate) struct Visit {
    /// For the engine.
    pub(crate) visitor: Visitor,
    /// The session: anonymous, or of an active user.
    pub(crate) session: Option<Session>,
    /// A session whose user is gone or inactive: to be deleted by the next POST.
    pub(crate) dead: Option<TokenHash>,
    /// The sealed flow.
    pub(crate) flow_cookie: Option<String>,
    /// The readable token.
    pub(crate) csrf_cookie: Option<String>,
    /// When it was asked.
    pub(crate) now: Timestamp,
}

impl Visit {
    /// Reads the session of a request.
    pub(crate) async fn read(app: &App, asked: &Asked) -> Result<Visit, Fault> {
        let now = app.now();
        let hash = cookies::value(&asked.headers, cookies::Name::Session, app.is_https()).map(hash_of);
        let found = match hash {
            Some(hash) => app.store.session_get(&hash, now).await?,
            None => None,
        };
        let user = match found.as_ref().and_then(|session| session.user) {
            Some(id) => app.store.user_by_id(id).await?.filter(|user| user.is_active),
            None => None,
        };
        let (session, dead) = match found {
            Some(session) if session.user.is_some() && user.is_none() => (None, Some(session.token_hash)),
            found => (found, None),
        };
        let cookie = |name| cookies::value(&asked.headers, name, app.is_https()).map(str::to_owned);
        Ok(Visit {
            visitor: visitor(app, asked, user, session.as_ref()),
            session,
            dead,
            flow_cookie: cookie(cookies::Name::Flow),
            csrf_cookie: cookie(cookies::Name::Csrf),
            now,
        })
    }

    /// The logged-in session's key.
    pub(crate) fn logged_in(&self) -> Option<&TokenHash> {
        self.session.as_ref().filter(|session| session.user.is_some()).map(|session| &session.token_hash)
    }
}

fn visitor(app: &App, asked: &Asked, user: Option<User>, session: Option<&Session>) -> Visitor {
    let agent = asked.header(header::USER_AGENT).unwrap_or_default();
    Visitor {
        user,
        session: session.map(|session| session.token_hash),
        client_ip: asked.client_ip,
        user_agent: agent.chars().take(USER_AGENT_LENGTH).collect(),
        host: asked.host(app),
        path: asked.uri.path().to_owned(),
    }
}
