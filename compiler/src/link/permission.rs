//! Object permissions of an entry: a list of maps, each with a `permission` and a `user` or a `role`.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::{Evaluator, Val, What};
use crate::suggest::{closest, did_you_mean};
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
    let mut unknown = Vec::new();
    for (name, key, value) in pairs {
        match &**name {
            "permission" => permission = Some(value.clone()),
            "user" => user = Some(value.clone()),
            "role" => role = Some(value.clone()),
            _ => unknown.push((name, *key, value)),
        }
    }
    let mut missing = Vec::new();
    missing.extend(permission.is_none().then_some("permission"));
    missing.extend((user.is_none() && role.is_none()).then_some(["user", "role"]).into_iter().flatten());
    for (name, key, value) in unknown {
        let Some(meant) = meant(name, &missing) else {
            let help = did_you_mean(name, FIELDS.iter().copied()).unwrap_or_else(|| HELP.to_owned());
            let message = format!("an object permission has no key `{name}`: it does nothing");
            diagnostics.push(Diagnostic::at(Code::UnknownField, key, message).help(help));
            continue;
        };
        let message = format!("an object permission has no key `{name}`, and needs `{meant}`");
        let finding = Diagnostic::at(Code::UnknownField, key, message).severity(Severity::Error);
        diagnostics.push(finding.help(format!("did you mean `{meant}`?")));
        match meant {
            "permission" => permission = Some(value.clone()),
            "user" => user = Some(value.clone()),
            _ => role = Some(value.clone()),
        }
        missing.retain(|name| (*name == "permission") != (meant == "permission"));
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

/// The missing key that another name probably means: a slip, or its begin.
fn meant(name: &str, missing: &[&'static str]) -> Option<&'static str> {
    let near = closest(name, missing.iter().copied());
    let shared = |known: &str| known.bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count();
    let begins = |known: &str| shared(known) > 3 || (shared(known) == name.len() && name.len() > 2);
    missing.iter().copied().find(|known| near == Some(*known) || begins(known))
}
