//! Users, groups and tokens.

mod application;
mod applicationentitlement;
mod group;
mod token;
mod user;

pub use application::Application;
pub use applicationentitlement::ApplicationEntitlement;
pub use group::Group;
pub use token::{Token, TokenIntent};
pub use user::{User, UserType};

super::model::list! {
    Application,
    ApplicationEntitlement,
    Group,
    Token,
    User,
}
