//! Object permissions of an entry: a list of maps, each with a `permission` and a `user` or a `role`.

use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Evaluator, Val, What};
use crate::suggest::did_you_mean;
use crate::yaml::Node;

const FIELDS: &[&str] = &["permission", "user", "role"];
const HELP: &str = "it has a `permission` and a `user` or a `role`";

/// An object permission, evaluated.
#[derive(Clone, Debug)]
pub(super) struct PermissionValue<'a> {
    pub(super) permission: Val<'a>,
    pub(super) user: Option<Val<'a>>,
    pub(super) role: Option<Val<'a>>,
}

/// Evaluates them; what is not known yet gives none.
pub(super) fn permissions<'a>(evaluator: &mut Evaluator<'a, '_>, node: &'a Node<'a>) -> Vec<PermissionValue<'a>> {
    let value = evaluator.eval(node);
    match value.what {
        What::List(items) => {
            let before = evaluator.diagnostics.len();
            let found = items.into_iter().filter_map(|item| one(item, &mut evaluator.diagnostics)).collect();
            // What seems to be missing may stand where nothing can be read, which was said.
            if evaluator.diagnostics.len() > before && node.has_gap() {
                evaluator.diagnostics.truncate(before);
            }
            found
        }
        What::Unknown => Vec::new(),
        _ => {
            let message = format!("`permissions` must be a list, not {}", value.describe());
            evaluator.diagnostics.push(value.finding(Code::Shape, message).help("a list of maps"));
            Vec::new()
        }
    }
}

fn one<'a>(item: Val<'a>, diagnostics: &mut Vec<Diagnostic>) -> Option<PermissionValue<'a>> {
    let finding = |message: String| item.finding(Code::Shape, message).help(HELP);
    let pairs = match &item.what {
        What::Map(pairs) => pairs,
        What::Unknown => return None,
        _ => {
            diagnostics.push(finding(format!("an object permission must be a map, not {}", item.describe())));
            return None;
        }
    };
    let (mut permission, mut user, mut role) = (None, None, None);
    for (name, key, value) in pairs {
        match &**name {
            "permission" => permission = Some(value.clone()),
            "user" => user = Some(value.clone()),
            "role" => role = Some(value.clone()),
            _ => {
                let help = did_you_mean(name, FIELDS.iter().copied()).unwrap_or_else(|| HELP.to_owned());
                let message = format!("an object permission has no key `{name}`: it does nothing");
                diagnostics.push(Diagnostic::at(Code::UnknownField, *key, message).help(help));
            }
        }
    }
    match (permission, user.is_some() || role.is_some()) {
        (Some(permission), true) => Some(PermissionValue { permission, user, role }),
        (None, _) => {
            diagnostics.push(finding("this object permission has no `permission`".to_owned()));
            None
        }
        (Some(_), false) => {
            diagnostics.push(finding("this object permission has no `user` or `role`".to_owned()));
            None
        }
    }
}
