//! Roles and the permissions that they give.

mod codename;
mod initialpermissions;
mod permission;
mod role;

pub(crate) use codename::suggest_permission;
pub use initialpermissions::{InitialPermissions, InitialPermissionsMode};
pub use permission::Permission;
pub use role::Role;

super::model::list! {
    InitialPermissions,
    Role,
}
