//! Keys that were copied from a running server: in every other database the object has another one.

use uuid::Uuid;

use super::EntryView;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Val, What};
use crate::yaml::{Kind, Node, Plain};

pub(super) fn lint(entry: &EntryView<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    // What is found by more than its key is found elsewhere, too.
    if let [(name, _, value)] = entry.identifiers
        && name == "pk"
        && is_written(value)
    {
        let message = format!(
            "this {} is identified by its key alone, which is another one in every database",
            entry.model.title
        );
        let key = entry.model.keys.iter().find_map(|key| if let [one] = key { Some(*one) } else { None });
        let help =
            key.map_or("identify it by what it refers to".to_owned(), |key| format!("identify it by its `{key}`"));
        diagnostics.push(Diagnostic::at(Code::HardCodedPk, value.span, message).help(help));
    }
    for (name, _, value) in entry.fields() {
        if entry.model.field(name).is_none_or(|field| field.reference.is_none()) {
            continue;
        }
        value.any(&mut |part| {
            // A key that an entry of these files has for its own is no riddle.
            if is_written(part) && !matches!(part.what, What::Object(_)) {
                diagnostics.push(
                    Diagnostic::at(
                        Code::HardCodedPk,
                        part.span,
                        format!("the key in `{name}` is written out: in another database the object has another one"),
                    )
                    .help("refer to the object with `!KeyOf`, or look it up with `!Find`"),
                );
            }
            false
        });
    }
}

/// The same in a look-up: a key that has to be known beforehand finds nothing anywhere else.
pub(super) fn look_up(node: &Node, tag: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Kind::Seq(args) = &node.kind else { return };
    for condition in args.iter().skip(1).filter(|_| tag.starts_with("!Find")) {
        let Kind::Seq(pair) = &condition.kind else { continue };
        let [field, value] = &**pair else { continue };
        let Some(Plain::Text(name)) = field.plain().filter(|_| field.tag.is_none()) else { continue };
        let literal = value.tag.is_none() && matches!(value.plain(), Some(Plain::Text(_) | Plain::Int(_)));
        if literal && matches!(name.rsplit("__").next(), Some("pk" | "uuid")) {
            let message = "this look-up goes by a key, which is another one in every database";
            diagnostics.push(
                Diagnostic::at(Code::HardCodedPk, value.at(), message)
                    .help("look for what names the object, as its `slug` or `name`"),
            );
        }
    }
}

/// Whether a key stands in the file as it is. What has not the form of one is another mistake.
fn is_written(value: &Val<'_>) -> bool {
    let Some(node) = value.node.filter(|node| node.tag.is_none()) else { return false };
    match node.plain() {
        Some(Plain::Int(_)) => true,
        Some(Plain::Text(text)) => Uuid::parse_str(text).is_ok() || text.parse::<i64>().is_ok(),
        _ => false,
    }
}
