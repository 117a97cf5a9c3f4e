//! The codenames of permissions: four of every model, and some that say more.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::models::peer::PEER_MODELS;

const ACTIONS: &[&str] = &["view", "add", "change", "delete"];

/// Those that are no action on a model.
const OTHERS: &[&str] = &[
    "add_user_to_group",
    "assign_role_permissions",
    "assign_user_permissions",
    "clear_flow_cache",
    "disable_group_superuser",
    "enable_group_superuser",
    "export_flow",
    "impersonate",
    "inspect_flow",
    "pass_outpost_certificate",
    "preview_user",
    "remove_user_from_group",
    "reset_user_password",
    "search_full_directory",
    "send_schedule",
    "set_token_key",
    "unassign_role_permissions",
    "unassign_user_permissions",
    "view_flow_cache",
    "view_token_key",
    "view_user_applications",
];

static ALL: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = PEER_MODELS.iter().filter_map(|name| name.split_once('.'));
    let actions = names.flat_map(|(_, name)| ACTIONS.iter().map(move |action| format!("{action}_{name}")));
    actions.chain(OTHERS.iter().map(|name| (*name).to_owned())).collect()
});

/// The codename that a slip of the keyboard made this one of. One that nobody knows may be of a later version.
pub(crate) fn suggest_permission(permission: &str) -> Option<String> {
    let (app, codename) = permission.rsplit_once('.').map_or(("", permission), |(app, name)| (app, name));
    if ALL.contains(codename) {
        return None;
    }
    let near = ALL.iter().map(|known| (strsim::osa_distance(codename, known), known));
    let (_, near) = near.filter(|(distance, _)| *distance <= 2).min()?;
    Some(if app.is_empty() { near.clone() } else { format!("{app}.{near}") })
}
