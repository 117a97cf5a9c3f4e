//! Roles and the permissions that they give.

mod initialpermissions;
mod permission;
mod role;

pub use initialpermissions::{InitialPermissions, InitialPermissionsMode};
pub use permission::Permission;
pub use role::Role;

super::model::list! {
    InitialPermissions,
    Role,
}
