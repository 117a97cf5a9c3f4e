//! A flow under way: what is kept between two requests. Sealed by `http/`; knows not how.
//!
//! Invariants: proofs name the user whom they prove and only count for exactly that user, with the password that it
//! had; they are dropped when the pending user becomes another; they are never in an execution that a GET began.

use std::collections::VecDeque;
use std::fmt;

use gatewright_expression::Value;
use gatewright_reconciler::store::User;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an execution lives at most, in seconds.
pub(crate) const LIFETIME_SECONDS: i64 = 30 * 60;

/// A flow under way.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    pub(crate) id: Uuid,
    pub(crate) flow: String,
    pub(crate) revision: u64,
    pub(crate) expires: Timestamp,
    /// The user of the session that it runs in.
    pub(crate) visitor: Option<Uuid>,
    /// Who the flow is about.
    pub(crate) pending: Option<Pending>,
    /// What was typed to say who is there.
    pub(crate) identifier: Option<Identifier>,
    /// The backend that accepted the pending user's password.
    pub(crate) backend: Option<String>,
    /// Which proofs there are.
    pub(crate) proofs: Vec<Proof>,
    /// The plan context, `pending_user` excepted.
    pub(crate) context: Vec<(String, Value)>,
    /// The bindings that are still to come, the current one first.
    pub(crate) plan: VecDeque<Uuid>,
    /// Whether the current binding was reached: its policies were asked and passed.
    pub(crate) reached: bool,
    /// The current stage's own notes.
    pub(crate) scratch: Scratch,
    /// Wrong passwords so far.
    pub(crate) failures: u32,
}

/// What was typed to say who is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identifier {
    /// The text.
    pub(crate) typed: String,
    /// When the user's own name may stand in its place.
    pub(crate) reveal: Reveal,
}

/// When a page may show the name of the user whom a text named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reveal {
    /// Never.
    Never,
    /// Once it is proved that the user is there; sooner it would tell that there is one.
    Proved,
    /// At once: the flow tells anyway who exists.
    AtOnce,
}

/// Who a flow is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pending {
    /// A user of the directory.
    User(Uuid),
    /// Nobody, but the answer does not tell. Can never log in, be written, or prove anything.
    Pretended(String),
}

/// What was proved, and about whom. The list is closed (architecture 10); that the session was already the
/// user's is not kept but seen at each request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    /// The user.
    pub(crate) user: Uuid,
    /// How.
    pub(crate) by: ProofKind,
    /// What the user's password was then. Another one ends the proof: whoever knew the old password proves nothing.
    pub(crate) credential: Credential,
}

/// Fingerprint of a password hash; salts make every change of a password another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credential([u8; 32]);

impl Credential {
    /// The one that a user has now.
    pub(crate) fn of(user: &User) -> Credential {
        Credential(*blake3::hash(user.password_hash.as_deref().unwrap_or_default().as_bytes()).as_bytes())
    }
}

/// How something was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ProofKind {
    /// The password was right.
    Password,
    /// The account was created by this execution.
    Created,
    /// The initial-setup link was used up by this execution, which set the password.
    Setup,
}

/// Notes of the current stage; forgotten when it is done.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scratch {
    /// Token of a consent, or of the one click that starts an acting stage.
    pub(crate) token: Option<String>,
    /// Whether the token is for the one click.
    pub(crate) gate: bool,
}

impl Execution {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Slug of its flow.
    pub fn flow(&self) -> &str {
        &self.flow
    }

    /// The revision that it began with.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether something is proved here that was not before. Whoever knew the session then must not have it now.
    pub fn proves_more_than(&self, before: Option<&Execution>) -> bool {
        self.proofs.iter().any(|proof| before.is_none_or(|before| !before.proofs.contains(proof)))
    }

    /// When it ends at the latest.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }
}

impl fmt::Debug for Execution {
    /// Leaves the context and the tokens out: they hold what people typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("id", &self.id)
            .field("flow", &self.flow)
            .field("revision", &self.revision)
            .field("pending", &self.pending)
            .field("proofs", &self.proofs)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
