//! Roles and the permissions that they give.

mod permission;
mod role;

pub use permission::Permission;
pub use role::Role;

super::model::list! {
    Role,
}
