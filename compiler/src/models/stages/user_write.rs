//! `authentik_stages_user_write.userwritestage`: answers become an account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::core::UserType;
use crate::models::{Declared, Ref, kind};

/// Writes the answers of earlier stages into the pending user, or makes a new one of them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserWriteStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// When a new user is made.
    #[serde(default)]
    pub user_creation_mode: UserCreationMode,
    /// New users cannot log in until they are made active.
    #[serde(default)]
    pub create_users_as_inactive: bool,
    /// The group that new users are put in.
    #[serde(default)]
    pub create_users_group: Option<Ref<kind::Group>>,
    /// The type of new users.
    #[serde(default = "external")]
    pub user_type: UserType,
    /// The path of new users, such as `users/customers`. Empty means `users`.
    #[serde(default)]
    pub user_path_template: String,
}

impl Declared for UserWriteStage {
    const NAME: &'static str = "authentik_stages_user_write.userwritestage";
    const TITLE: &'static str = "user write stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "userwritestage"];
}

fn external() -> UserType {
    UserType::External
}

/// When a user write stage makes a new user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserCreationMode {
    /// Never: without a pending user the flow ends.
    NeverCreate,
    /// When there is no pending user.
    #[default]
    CreateWhenRequired,
    /// Always.
    AlwaysCreate,
}
