//! Keys inside values: some attributes are maps of a fixed form, or lists of them.

use serde_json::{Map, Value as Json};

use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Val, What};
use crate::suggest::closest;

/// Reports keys that the form of a value does not have. One that is misspelt is read as what was meant, so that it is not
/// missed as well.
pub(super) fn unknown(name: &str, schema: &Json, value: &Val<'_>, json: &mut Json, found: &mut Vec<Diagnostic>) {
    match (&value.what, json) {
        (What::List(items), Json::Array(values)) => {
            let Some(schema) = schema.get("items") else { return };
            items.iter().zip(values).for_each(|(item, json)| unknown(name, schema, item, json, found));
        }
        (What::Map(pairs), Json::Object(values)) => {
            let Some(known) = schema.get("properties").and_then(Json::as_object) else { return };
            let mut respelt = Map::new();
            for (key, at, value) in pairs {
                let Some(mut json) = values.remove(&**key) else { continue };
                if let Some(property) = known.get(&**key) {
                    unknown(name, property, value, &mut json, found);
                    respelt.insert(key.to_string(), json);
                    continue;
                }
                let free = known.keys().map(String::as_str).filter(|known| !pairs.iter().any(|(key, ..)| key == known));
                let meant = closest(key, free);
                let help =
                    meant.map_or_else(|| format!("it has {}", list(known)), |meant| format!("did you mean `{meant}`?"));
                let message = format!("an item of `{name}` has no key `{key}`: it does nothing");
                found.push(Diagnostic::at(Code::UnknownAttribute, *at, message).help(help));
                respelt.insert(meant.unwrap_or(key).to_owned(), json);
            }
            *values = respelt;
        }
        _ => {}
    }
}

fn list(known: &Map<String, Json>) -> String {
    known.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
