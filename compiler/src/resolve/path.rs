//! Names of fields as `!Find` takes them: with a look-up behind (`name__iexact`), into a map (`attributes__a__b`), or
//! through a reference (`target__slug`).

use crate::lookup::Operator;
use crate::models::{self, Field, Model};

/// Names of the key of an object.
const KEYS: &[&str] = &["pk", "uuid"];

/// Whether objects of the model have such a field.
pub(super) fn exists(model: &Model, name: &str) -> bool {
    let (first, rest) = split(name);
    if KEYS.contains(&first) {
        return rest.is_none_or(|rest| Operator::parse(rest).is_some());
    }
    let Some(field) = model.field(first) else { return false };
    rest.is_none_or(|rest| Operator::parse(rest).is_some() || inside(model, field, rest))
}

fn inside(model: &Model, field: &Field, rest: &str) -> bool {
    if field.reference.is_some() {
        return targets(field).any(|target| exists(target, rest));
    }
    // Into a map; of texts and numbers there is nothing inside.
    let property = model.schema().get("properties").and_then(|properties| properties.get(&field.name));
    let kind = property.and_then(|property| property.get("type"));
    ["string", "integer", "number", "boolean"].iter().all(|scalar| {
        kind.is_none_or(|kind| {
            kind != scalar && kind.as_array().is_none_or(|kinds| kinds.iter().all(|it| it != scalar))
        })
    })
}

fn targets(field: &Field) -> impl Iterator<Item = &'static Model> {
    let kind = field.reference.as_ref().map_or("", |reference| reference.kind);
    models::models().iter().copied().filter(move |model| model.kinds.contains(&kind))
}

/// What was probably meant.
pub(super) fn suggest(model: &Model, name: &str) -> Option<String> {
    let (first, rest) = split(name);
    let Some(field) = model.field(first) else {
        let found = model.suggest_field(first)?;
        return Some(rest.map_or_else(|| found.to_owned(), |rest| format!("{found}__{rest}")));
    };
    let rest = rest?;
    let found = crate::suggest::closest(rest, Operator::NAMES.iter().copied()).map(str::to_owned);
    let found = found.or_else(|| targets(field).find_map(|target| suggest(target, rest)))?;
    Some(format!("{first}__{found}"))
}

fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once("__").map_or((name, None), |(first, rest)| (first, Some(rest)))
}
