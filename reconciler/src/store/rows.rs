//! Rows of the runtime's own state: users, groups, sessions, executions. Plain data, no SQL.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// A user. `version` counts its changes; a patch names the version that it was made for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Its id, shared with its object row.
    pub id: Uuid,
    /// The integer key, above the highest ever used.
    pub pk: i64,
    /// Unique.
    pub username: String,
    /// Display name.
    pub name: String,
    /// E-mail address, possibly empty, not unique.
    pub email: String,
    /// An inactive user can do nothing.
    pub is_active: bool,
    /// internal, external, service_account or internal_service_account.
    pub user_type: String,
    /// Folder-like grouping, `users`.
    pub path: String,
    /// Free-form.
    pub attributes: Map<String, Json>,
    /// PHC string (Argon2id); `None` = no usable password.
    pub password_hash: Option<String>,
    /// When the password was last changed.
    pub password_change_date: Option<Timestamp>,
    /// Last login.
    pub last_login: Option<Timestamp>,
    /// Creation.
    pub date_joined: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

/// A group of a user, inherited ones included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: Uuid,
    /// The integer key.
    pub num_pk: i64,
    /// Name.
    pub name: String,
    /// Members are superusers.
    pub is_superuser: bool,
    /// Parent group.
    pub parent: Option<Uuid>,
    /// Free-form.
    pub attributes: Map<String, Json>,
    /// True: the user is a member itself. False: through a child group.
    pub direct: bool,
}

/// SHA-256 of a session token; the token itself is only in the browser.
pub type TokenHash = [u8; 32];

/// A session: anonymous while `user` is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Key of the row.
    pub token_hash: TokenHash,
    /// Who is logged in.
    pub user: Option<Uuid>,
    /// How (`password`), for users who are. Of an anonymous session: something was proved in its flow.
    pub auth_method: Option<String>,
    /// When it began; a login begins a new one.
    pub created: Timestamp,
    /// Last request.
    pub last_used: Timestamp,
    /// After this it is no session.
    pub expires: Timestamp,
    /// Address of the client that began it.
    pub client_ip: String,
    /// Its user agent.
    pub user_agent: String,
}

/// A login under way: one a session.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRow {
    /// Its id.
    pub id: Uuid,
    /// The session that it belongs to.
    pub session: TokenHash,
    /// Slug of the flow.
    pub flow: String,
    /// The revision that it began with.
    pub revision: u64,
    /// Sealed JSON.
    pub state: Vec<u8>,
    /// After this it is none; 30 minutes after it began at most.
    pub expires: Timestamp,
    /// Counts its steps; a commit names the version that it answered.
    pub version: i64,
}

/// What a new user is made of.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NewUser {
    /// Its id, chosen by the caller.
    pub id: Uuid,
    /// Unique.
    pub username: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Whether it may do anything.
    pub is_active: bool,
    /// internal, external, service_account.
    pub user_type: String,
    /// Folder-like grouping.
    pub path: String,
    /// Free-form.
    pub attributes: Map<String, Json>,
    /// PHC string.
    pub password_hash: Option<String>,
    /// Groups that it joins at once.
    pub groups: Vec<Uuid>,
}

/// A change of a user: what is `None` stays.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UserPatch {
    /// Unique.
    pub username: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The whole map.
    pub attributes: Option<Map<String, Json>>,
    /// PHC string; also sets the change date.
    pub password_hash: Option<String>,
    /// Groups that it joins besides.
    pub join_groups: Vec<Uuid>,
}

/// Something that a flow did, written when its POST is committed, or not at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A new user.
    UserCreate(NewUser),
    /// A changed user.
    UserUpdate {
        /// Who.
        id: Uuid,
        /// The version that the patch was made for.
        expected_version: i64,
        /// What.
        patch: UserPatch,
    },
    /// A successful login: `last_login`.
    UserLoggedIn {
        /// Who.
        id: Uuid,
    },
    /// Ends a user's sessions, save one (a password was changed; `terminate_other_sessions`).
    SessionsEnd {
        /// Whose.
        user: Uuid,
        /// The one that stays.
        except: Option<TokenHash>,
    },
    /// Remembers a consent.
    ConsentPut {
        /// Whose.
        user: Uuid,
        /// For which application (object id).
        application: Uuid,
        /// To what, sorted and space-separated.
        permissions: String,
        /// Until when; `None` = for good.
        expires: Option<Timestamp>,
    },
    /// Closes the initial setup for ever.
    SetupComplete,
}

/// What happens to the session at a commit.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SessionChange {
    /// Nothing.
    #[default]
    Keep,
    /// A first, anonymous session, or one that replaces an expired one.
    Create(Session),
    /// A login: the old row goes, the new one comes.
    Rotate {
        /// The old one, where there was one.
        old: Option<TokenHash>,
        /// The new one.
        new: Session,
    },
    /// A logout.
    Delete(TokenHash),
}

/// What happens to the execution at a commit.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ExecutionChange {
    /// Nothing.
    #[default]
    Keep,
    /// Writes the row, in place of any other of its session. `expected` is the version that was answered;
    /// `None`: there was none in the database.
    Put {
        /// The row, with its new version.
        row: ExecutionRow,
        /// The version that it follows.
        expected: Option<i64>,
    },
    /// It ended.
    Delete {
        /// Which.
        id: Uuid,
        /// The version that was answered.
        expected: i64,
    },
}

/// Everything that one POST changes: written in one transaction or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    /// The session.
    pub session: SessionChange,
    /// The execution.
    pub execution: ExecutionChange,
    /// The rest, in order.
    pub effects: Vec<Effect>,
}
