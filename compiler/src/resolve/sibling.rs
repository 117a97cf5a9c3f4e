//! An id that stands in another file: the look-up that finds what `!KeyOf` cannot reach.

use super::Evaluator;
use crate::blueprint::Entry;
use crate::models::{self, Model};
use crate::source::{SourceFile, Span};
use crate::yaml::{Kind, Node, Plain};

impl Evaluator<'_, '_> {
    /// Says of an id that this file does not have how its entry in another file is referred to; none where no file has it.
    pub(super) fn sibling(&self, id: &str) -> Option<(String, Span)> {
        let (scope, (entry, at)) = self.scopes.iter().find_map(|scope| Some((scope, scope.ids.written(id)?)))?;
        let look_up = look_up(entry, scope.file).map_or_else(
            || "`!Find [model, [field, value]]` with its identifiers".to_owned(),
            |look_up| format!("`{look_up}`"),
        );
        Some((format!("an `id` counts within its file only: write {look_up}"), at))
    }
}

/// The `!Find` that finds what an entry declares; none where a tag gives what identifies it.
fn look_up(entry: &Entry<'_>, file: &SourceFile) -> Option<String> {
    let Some(Plain::Text(name)) = entry.model.as_ref().filter(|node| node.tag.is_none())?.plain() else { return None };
    let model = models::model(name)?;
    let identifiers = entry.identifiers.as_ref().filter(|node| node.tag.is_none())?;
    let Kind::Map(pairs) = &identifiers.kind else { return None };
    let written: Vec<(&str, Option<String>)> =
        pairs.iter().map(|(name, _, value)| (&**name, argument(value, file))).collect();
    let conditions = key(model, &written).or_else(|| written.iter().map(condition).collect())?;
    Some(format!("!Find [{}, {}]", model.name, conditions.join(", ")))
}

/// The conditions on a key of the model that is written out in full.
fn key(model: &Model, written: &[(&str, Option<String>)]) -> Option<Vec<String>> {
    let named = |name: &&str| written.iter().find(|(known, _)| known == name).and_then(condition);
    model.keys.iter().find_map(|key| key.iter().map(named).collect())
}

fn condition((name, value): &(&str, Option<String>)) -> Option<String> {
    value.as_ref().map(|value| format!("[{name}, {value}]"))
}

/// A value as it can stand in a list in brackets; none where it is no single text or number on one line.
fn argument(node: &Node<'_>, file: &SourceFile) -> Option<String> {
    let plain = matches!(node.kind, Kind::Scalar(_)) && node.tag.is_none() && node.alias.is_none();
    let text = file.text.get(node.span.range()).filter(|text| plain && !text.is_empty() && !text.contains('\n'))?;
    let quoted = text.starts_with(['"', '\'']) || !text.contains(['[', ']', '{', '}', ',']);
    Some(if quoted { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) })
}
