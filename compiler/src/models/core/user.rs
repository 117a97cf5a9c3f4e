//! `authentik_core.user`: somebody, or something, that can log in.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value as Json};

use crate::models::rbac::Permission;
use crate::models::{Concealed, Declared, Ref, Storage, kind, yes};

/// Somebody, or something, that can log in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// What they log in with. No two users have the same.
    #[schemars(length(min = 1, max = 150))]
    pub username: String,
    /// Their full name.
    pub name: String,
    /// Whether they may log in.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// When they last logged in. The server keeps it.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub last_login: Option<Timestamp>,
    /// The groups that they are in.
    #[serde(default)]
    pub groups: Vec<Ref<kind::Group>>,
    /// Their e-mail address.
    #[serde(default)]
    #[schemars(extend("format" = "email"), length(max = 254))]
    pub email: String,
    /// Whatever else is known about them.
    #[serde(default)]
    pub attributes: Map<String, Json>,
    /// Where they stand in the tree of users, such as `users/staff`.
    #[serde(default = "users")]
    pub path: String,
    /// What kind of user it is.
    #[serde(default, rename = "type")]
    pub user_type: UserType,
    /// Their password in plain text, hashed at once and never shown. Without one they cannot log in with a password. Take it
    /// from the environment or a file, with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(extend("x-secret" = "hashed"))]
    pub password: Option<Concealed>,
    /// Permissions on everything, such as `authentik_flows.view_flow`. The list replaces what was there.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

fn users() -> String {
    "users".to_owned()
}

impl Declared for User {
    const NAME: &'static str = "authentik_core.user";
    const TITLE: &'static str = "user";
    const KEYS: &'static [&'static [&'static str]] = &[&["username"]];
    const KINDS: &'static [&'static str] = &["user"];
    const STORAGE: Storage = Storage::User;
}

/// What kind of user it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserType {
    /// Somebody of the house.
    #[default]
    Internal,
    /// Somebody from outside, such as a customer.
    External,
    /// A program.
    ServiceAccount,
    /// A program that Gatewright made for itself.
    InternalServiceAccount,
}
