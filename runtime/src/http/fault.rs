//! What can go wrong that is not the visitor's doing, and what the public learns of it: nothing but a request id.

use axum::http::StatusCode;
use gatewright_reconciler::store::{KeyError, StoreError};

use crate::capability::CapabilityError;

/// A failure of the server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sealing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Randomness.
    #[error(transparent)]
    Capability(#[from] CapabilityError),
    /// State that cannot be written as JSON.
    #[error("state: {0}")]
    Json(#[from] serde_json::Error),
    /// A page that cannot be rendered.
    #[error("page: {0}")]
    Page(#[from] askama::Error),
    /// A flow sent the browser somewhere that it may not be sent.
    #[error("a flow redirects to `{0}`, which is no address")]
    Redirect(String),
    /// An address began too many sessions.
    #[error("too many sessions from one address")]
    TooMany,
    /// The answer would make the state of the flow larger than is kept.
    #[error("the state of a flow would have {0} bytes")]
    State(usize),
    /// A flow has more to keep before its first answer than a cookie can hold.
    #[error("the flow `{slug}` has {bytes} bytes to keep before its first answer, more than a cookie holds")]
    Cookie {
        /// Slug of the flow.
        slug: String,
        /// So many.
        bytes: usize,
    },
}

/// What the public learns.
pub(crate) struct Public {
    /// Status of a page.
    pub(crate) status: StatusCode,
    /// Headline.
    pub(crate) title: &'static str,
    /// One or two sentences.
    pub(crate) text: &'static str,
}

impl Fault {
    /// Whether it is not the visitor's doing.
    pub(crate) fn is_ours(&self) -> bool {
        !matches!(self, Fault::TooMany | Fault::State(_))
    }

    /// Status and text for the public.
    pub(crate) fn public(&self) -> Public {
        match self {
            Fault::TooMany => Public {
                status: StatusCode::TOO_MANY_REQUESTS,
                title: "Too many attempts",
                text: "There were very many log-in attempts from your network. Please wait a while and try again.",
            },
            Fault::State(_) => Public {
                status: StatusCode::PAYLOAD_TOO_LARGE,
                title: "This is too much",
                text: "The answers of this flow are larger than the server keeps. Nothing was saved; please send less.",
            },
            Fault::Cookie { .. } => Public {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                title: "This flow cannot be shown",
                text: "Its first step carries more data than a browser keeps. Please tell your administrator.",
            },
            Fault::Store(_)
            | Fault::Key(_)
            | Fault::Capability(_)
            | Fault::Json(_)
            | Fault::Page(_)
            | Fault::Redirect(_) => Public::INTERNAL,
        }
    }
}

impl Public {
    /// Our fault.
    pub(crate) const INTERNAL: Public = Public {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        title: "Something went wrong",
        text: "This is our fault, not yours. Please try again; if it happens again, tell your administrator.",
    };
}
