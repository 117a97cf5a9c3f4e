//! Look-ups by a name that people read: it changes, or is given twice, and then the look-up finds something else.

use crate::diagnostic::{Code, Diagnostic};
use crate::models::{self, Model};
use crate::suggest::articled;
use crate::yaml::{Kind, Node, Plain};

/// Attributes that are there to be read.
const DISPLAYED: &[&str] = &["name", "title", "label", "friendly_name", "branding_title"];

pub(super) fn lint(node: &Node, tag: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Kind::Seq(args) = &node.kind else { return };
    let Some((model, conditions)) = args.split_first().filter(|_| tag.starts_with("!Find")) else { return };
    let Some(model) = text(model).and_then(|name| models::model(&name)) else { return };
    let conditions: Vec<(&Node, String)> = conditions
        .iter()
        .filter_map(|condition| if let Kind::Seq(pair) = &condition.kind { pair.first() } else { None })
        .filter_map(|field| Some((field, text(field)?)))
        .collect();
    let field = |name: &str| name.split("__").next().unwrap_or_default().to_owned();
    // Beside something that is unique, a name only makes sure.
    if conditions.iter().any(|(_, name)| is_key(model, &field(name))) {
        return;
    }
    let shown = conditions.iter().find(|(_, name)| DISPLAYED.contains(&field(name).as_str()));
    let (Some((at, name)), Some(key)) = (shown, better(model)) else { return };
    let message =
        format!("{} is looked up by its `{name}`, which can change and need not be unique", articled(model.title));
    diagnostics.push(Diagnostic::at(Code::FindByDisplayName, at.at(), message).help(format!("look it up by `{key}`")));
}

fn is_key(model: &Model, name: &str) -> bool {
    matches!(name, "pk" | "uuid") || model.keys.iter().any(|key| key.contains(&name))
}

/// The attribute by which an object is found for good.
fn better(model: &Model) -> Option<&'static str> {
    model.keys.iter().find_map(|key| if let [one] = key { Some(*one) } else { None })
}

fn text(node: &Node) -> Option<String> {
    match node.plain().filter(|_| node.tag.is_none()) {
        Some(Plain::Text(text)) => Some(text.to_owned()),
        _ => None,
    }
}
