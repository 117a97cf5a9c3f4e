//! Users, groups and tokens.

mod group;
mod token;
mod user;

pub use group::Group;
pub use token::{Token, TokenIntent};
pub use user::{User, UserType};

super::model::list! {
    Group,
    Token,
    User,
}
