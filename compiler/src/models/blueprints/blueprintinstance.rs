//! `authentik_blueprints.blueprintinstance`: a blueprint that the server applies of its own accord.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, SchemaError, yes};

/// A blueprint that the peer's server finds and applies of its own accord. Gatewright applies the folders that it is told to,
/// so these are only kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BlueprintInstance {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Where the file is: a path below the folder of blueprints, or an address that begins with `oci://`. Either this or
    /// `content` is given.
    #[serde(default)]
    pub path: String,
    /// Values that win over those of the file's own `context`.
    #[serde(default)]
    pub context: Map<String, Json>,
    /// Whether it is applied when the server starts and when the file changes.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The blueprint itself, as a text, in place of a file.
    #[serde(default)]
    pub content: String,
}

impl Declared for BlueprintInstance {
    const NAME: &'static str = "authentik_blueprints.blueprintinstance";
    const TITLE: &'static str = "blueprint instance";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["blueprintinstance"];

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let empty = |name: &str| attrs.get(name).is_some_and(|value| value.as_str() == Some(""));
        if empty("path") && empty("content") {
            return vec![SchemaError {
                pointer: "/content".to_owned(),
                message: "there is nothing to apply: neither `path` nor `content` is set".to_owned(),
                help: Some("set `path` to a file, or `content` to the text of a blueprint".to_owned()),
            }];
        }
        Vec::new()
    }
}
