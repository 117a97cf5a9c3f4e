//! What is wrong with a program, by rules of its own: the judge that tells a mistake from a different blueprint.
//!
//! It reads the harness's own trees and the table of models, never a diagnostic. A mutation is a mistake when the mutated
//! program breaks a rule that the original kept. What the rules cannot see (a value behind a tag, a look-up of what no
//! file declares) they do not judge, so such a mutation counts as different only if nothing else is wrong.

use std::collections::{HashMap, HashSet};

use gatewright_compiler::models::{self, ExpressionUse, Field, Model, Storage};
use serde_json::Value as Json;

use crate::corpus::entries_of;
use crate::tree::{Body, Tree, Type};

const TOP: &[&str] = &["version", "metadata", "context", "entries"];
const ENTRY: &[&str] = &["model", "state", "conditions", "identifiers", "attrs", "id", "permissions"];
pub(crate) const STATES: &[&str] = &["present", "created", "must_created", "absent"];
const MODES: &[&str] = &["AND", "NAND", "OR", "NOR", "XOR", "XNOR", "EQ", "NEQ"];
const LOOPS: &[&str] = &["SEQ", "MAP", "FLAT_SEQ", "UNIQ_SEQ"];
/// Tags with how many arguments they take as a list.
const TAGS: &[(&str, usize, usize)] = &[
    ("!KeyOf", 0, 0),
    ("!Find", 1, usize::MAX),
    ("!FindObject", 1, usize::MAX),
    ("!FindMany", 1, usize::MAX),
    ("!Context", 1, 2),
    ("!Env", 1, 2),
    ("!File", 1, 2),
    ("!ParseJSON", 1, 1),
    ("!Format", 1, usize::MAX),
    ("!If", 1, 3),
    ("!Condition", 2, usize::MAX),
    ("!Enumerate", 3, 3),
    ("!Index", 0, 0),
    ("!Value", 0, 0),
    ("!AtIndex", 2, 3),
];
/// What a look-up may name although no entry can: the kinds of all stages, policies and so on.
const BASES: &[&str] = &[
    "authentik_flows.stage",
    "authentik_policies.policy",
    "authentik_policies.policybindingmodel",
    "authentik_core.provider",
    "authentik_core.source",
    "authentik_core.propertymapping",
    "authentik_outposts.outpostserviceconnection",
];
const CONTEXT: &[&str] = &["goauthentik.io/enterprise/licensed", "goauthentik.io/rbac/models"];

/// The rules that a program breaks, each as often as it does.
pub(crate) fn problems(program: &[&Tree], own: usize) -> HashMap<String, usize> {
    let mut judge = Judge { objects: Vec::new(), names: HashSet::new(), found: HashMap::new() };
    for (file, tree) in program.iter().enumerate() {
        judge.objects.extend(entries_of(tree).into_iter().filter_map(|entry| Object::of(entry, file)));
        let name = tree.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Tree::text);
        judge.names.extend(name.map(str::to_owned));
    }
    for (file, tree) in program.iter().enumerate() {
        if file == own {
            judge.document(tree, file);
        } else {
            // What other files refer to in the mutated one.
            tree.all().into_iter().filter(|node| is_find(node)).for_each(|node| judge.find(node));
        }
    }
    judge.found
}

fn is_find(node: &Tree) -> bool {
    matches!(node.tag_name(), Some("!Find" | "!FindObject"))
}

/// An object as an entry declares it.
struct Object {
    model: &'static Model,
    /// Its literal attributes and identifiers; tagged ones by how they are written.
    values: HashMap<String, String>,
    identifiers: Vec<String>,
    absent: bool,
}

impl Object {
    fn of(entry: &Tree, file: usize) -> Option<Self> {
        let model = models::model(entry.get("model")?.text()?)?;
        let mut values = HashMap::new();
        let mut identifiers = Vec::new();
        for part in ["attrs", "identifiers"] {
            for (name, _, value) in entry.get(part).map(Tree::pairs).unwrap_or_default() {
                let written = match value.text() {
                    Some(text) => text.to_owned(),
                    None => format!("{file} {}", value.canonical()),
                };
                values.insert(name.to_owned(), written);
                if part == "identifiers" {
                    identifiers.push(name.to_owned());
                }
            }
        }
        let absent = entry.get("state").and_then(Tree::text) == Some("absent");
        Some(Self { model, values, identifiers, absent })
    }

    /// Whether both mean one object: equal in a unique key, or in all that identifies one of them.
    fn same(&self, other: &Self) -> bool {
        let equal = |name: &str| self.values.contains_key(name) && self.values.get(name) == other.values.get(name);
        let by_key = self.model.keys.iter().any(|key| key.iter().all(|name| equal(name)));
        let by = |one: &Self| !one.identifiers.is_empty() && one.identifiers.iter().all(|name| equal(name));
        self.model.name == other.model.name && (by_key || by(self) || by(other))
    }
}

struct Judge {
    objects: Vec<Object>,
    /// Names of blueprints.
    names: HashSet<String>,
    found: HashMap<String, usize>,
}

/// What the tags of a file may refer to.
struct Scope<'a> {
    ids: HashMap<&'a str, Option<&'static Model>>,
    context: HashSet<&'a str>,
}

impl Judge {
    fn wrong(&mut self, rule: impl Into<String>) {
        *self.found.entry(rule.into()).or_default() += 1;
    }

    /// Whether a map has only these keys, each once.
    fn keys(&mut self, what: &str, map: &Tree, known: Option<&[&str]>) {
        let mut seen = HashSet::new();
        for (name, ..) in map.pairs() {
            if known.is_some_and(|known| !known.contains(&name)) {
                self.wrong(format!("unknown key `{name}` in {what}"));
            }
            if !seen.insert(name) {
                self.wrong(format!("`{name}` twice in {what}"));
            }
        }
    }

    fn document(&mut self, tree: &Tree, file: usize) {
        if !tree.is_map() {
            return self.wrong("the document is no map");
        }
        self.keys("the document", tree, Some(TOP));
        if tree.get("version").is_some_and(|version| version.kind() != Some(Type::Int) || version.text() != Some("1")) {
            self.wrong("version");
        }
        if let Some(metadata) = tree.get("metadata") {
            self.metadata(metadata);
        }
        let context = tree.get("context");
        if context.is_some_and(|context| !context.is_map()) {
            self.wrong("context is no map");
        }
        if let Some(entries) = tree.get("entries") {
            let lists = if entries.is_map() {
                entries.pairs().into_iter().all(|(_, _, section)| section.is_seq())
            } else {
                entries.is_seq()
            };
            if !lists && entries.tag.is_none() {
                self.wrong("entries are no list");
            }
        }
        let entries = entries_of(tree);
        let mut scope = Scope { ids: HashMap::new(), context: CONTEXT.iter().copied().collect() };
        scope.context.extend(context.map(Tree::pairs).unwrap_or_default().into_iter().map(|(name, ..)| name));
        for entry in &entries {
            let Some(id) = entry.get("id").and_then(Tree::text) else { continue };
            let model = entry.get("model").and_then(Tree::text).and_then(models::model);
            if scope.ids.insert(id, model).is_some() {
                self.wrong(format!("id `{id}` twice"));
            }
        }
        for node in tree.all() {
            self.tag(node, &scope);
            if node.is_map() {
                self.keys("a map", node, None);
            }
        }
        for entry in entries {
            self.entry(entry, file, &scope);
        }
    }

    fn metadata(&mut self, metadata: &Tree) {
        if !metadata.is_map() {
            return self.wrong("metadata is no map");
        }
        self.keys("metadata", metadata, Some(&["name", "labels"]));
        if metadata.get("name").is_none_or(|name| name.kind() != Some(Type::Text)) {
            self.wrong("metadata has no name");
        }
        if let Some(labels) = metadata.get("labels") {
            if !labels.is_map() {
                self.wrong("labels are no map");
            }
            if labels.pairs().into_iter().any(|(_, _, value)| value.kind() != Some(Type::Text)) {
                self.wrong("a label is no text");
            }
        }
    }

    fn entry(&mut self, entry: &Tree, file: usize, scope: &Scope<'_>) {
        if entry.tag.is_some() {
            return;
        }
        if !entry.is_map() {
            return self.wrong("an entry is no map");
        }
        self.keys("an entry", entry, Some(ENTRY));
        let state = entry.get("state");
        if state.is_some_and(|it| it.tag.is_none() && !it.text().is_some_and(|text| STATES.contains(&text))) {
            self.wrong("unknown state");
        }
        if entry.get("id").is_some_and(|id| id.kind() != Some(Type::Text)) {
            self.wrong("an id is no text");
        }
        if entry.get("conditions").is_some_and(|conditions| !conditions.is_seq()) {
            self.wrong("conditions are no list");
        }
        if entry.get("permissions").is_some_and(|permissions| !permissions.is_seq()) {
            self.wrong("permissions are no list");
        }
        for permission in entry.get("permissions").map(Tree::items).unwrap_or_default() {
            self.keys("a permission", permission, Some(&["permission", "user", "role"]));
            let has = |name| permission.get(name).is_some();
            if !permission.is_map() || !has("permission") || !(has("user") || has("role")) {
                self.wrong("an incomplete permission");
            }
            if permission.get("permission").is_some_and(|it| it.tag.is_none() && it.kind() != Some(Type::Text)) {
                self.wrong("a permission is no text");
            }
        }
        let Some(model) = entry.get("model") else {
            return self.wrong("an entry without a model");
        };
        if model.tag.is_some() {
            return;
        }
        let Some(name) = model.text().filter(|_| model.kind() == Some(Type::Text)) else {
            return self.wrong("a model is no text");
        };
        match models::model(name) {
            Some(model) => self.object(entry, model, file, scope),
            None if models::is_peer_model(name) => {}
            None => self.wrong(format!("unknown model `{name}`")),
        }
    }

    fn object(&mut self, entry: &Tree, model: &'static Model, file: usize, scope: &Scope<'_>) {
        let (attrs, identifiers) = (entry.get("attrs"), entry.get("identifiers"));
        if attrs.is_some_and(|attrs| !attrs.is_map()) || identifiers.is_some_and(|it| !it.is_map()) {
            self.wrong("attrs or identifiers are no map");
        }
        if model.storage != Storage::Meta && identifiers.is_none_or(|it| it.pairs().is_empty()) {
            self.wrong("an entry without identifiers");
        }
        let mut given = HashSet::new();
        for (identifier, part) in [(true, identifiers), (false, attrs)] {
            for (name, _, value) in part.map(Tree::pairs).unwrap_or_default() {
                given.insert(name);
                match model.field(name) {
                    Some(field) => self.value(model, field, value, scope),
                    None if identifier && name == "pk" => {}
                    _ => self.wrong(format!("unknown attribute `{name}` of {}", model.name)),
                }
                self.expression(model, name, value, entry);
            }
        }
        let Some(own) = Object::of(entry, file).filter(|own| !own.absent) else { return };
        let everyone: Vec<&Object> = self.objects.iter().filter(|other| own.same(other)).collect();
        let lacks = |field: &&Field| {
            let elsewhere = || everyone.iter().any(|other| other.values.contains_key(&field.name));
            field.required && !given.contains(field.name.as_str()) && !elsewhere()
        };
        let lacking: Vec<String> = model.fields.iter().filter(lacks).map(|field| field.name.clone()).collect();
        let one_of = model.one_of;
        let none = |names: &[&str]| !everyone.iter().any(|other| names.iter().any(|it| other.values.contains_key(*it)));
        if !one_of.is_empty() && none(one_of) && !given.iter().any(|name| one_of.contains(name)) {
            self.wrong(format!("none of {one_of:?}"));
        }
        for name in lacking {
            self.wrong(format!("missing `{name}` of {}", model.name));
        }
    }

    fn value(&mut self, model: &Model, field: &Field, value: &Tree, scope: &Scope<'_>) {
        let fits = match &field.reference {
            _ if value.tag.is_some() => true,
            Some(_) if value.kind() == Some(Type::Null) => field.nullable,
            Some(it) if it.many => value.is_seq() && value.items().iter().all(is_key),
            Some(_) => is_key(value),
            None => model.schema()["properties"].get(&field.name).is_none_or(|property| fits(property, value)),
        };
        if !fits {
            self.wrong(format!("`{}` of {} does not fit", field.name, model.name));
        }
        if field.reference.is_none() {
            let mut unknown = Vec::new();
            strangers(&model.schema()["properties"][&field.name], value, &mut unknown);
            for key in unknown {
                self.wrong(format!("unknown attribute `{key}` in `{}` of {}", field.name, model.name));
            }
        }
        let Some(reference) = &field.reference else { return };
        let keys = if reference.many { value.items() } else { std::slice::from_ref(value) };
        for key in keys.iter().filter(|key| key.tag_name() == Some("!KeyOf")) {
            let Body::Scalar(id, _) = &key.body else { continue };
            if scope.ids.get(id.as_str()).copied().flatten().is_some_and(|it| !it.kinds.contains(&reference.kind)) {
                self.wrong(format!("`{id}` is no {}", reference.kind));
            }
        }
    }

    fn expression(&mut self, model: &Model, name: &str, value: &Tree, entry: &Tree) {
        let used = match model.field(name).and_then(|field| field.expression) {
            Some(ExpressionUse::PromptWhen(switch)) => {
                let on = entry.get("attrs").and_then(|attrs| attrs.get(switch));
                on.is_some_and(|on| on.text() == Some("true"))
            }
            other => other.is_some(),
        };
        if let Some(text) = value.text().filter(|_| used)
            && ruff_python_parser::parse_module(text).is_err()
        {
            self.wrong(format!("`{name}` is no Python"));
        }
    }

    fn tag(&mut self, node: &Tree, scope: &Scope<'_>) {
        let Some(name) = node.tag_name() else { return };
        let Some((_, least, most)) = TAGS.iter().find(|(known, ..)| *known == name) else {
            return self.wrong(format!("unknown tag {name}"));
        };
        let (first, count) = match &node.body {
            Body::Scalar(text, _) => (Some(text.as_str()), None),
            Body::Seq(items) => (items.first().and_then(Tree::text), Some(items.len())),
            Body::Map(_) => return self.wrong(format!("{name} of a map")),
        };
        match count {
            Some(count) if count < *least || count > *most || *most == 0 => self.wrong(format!("arguments of {name}")),
            None if *least > 1 || (name.starts_with("!Find") || matches!(name, "!Format" | "!If")) => {
                self.wrong(format!("arguments of {name}"));
            }
            None if first == Some("") => self.wrong(format!("{name} of nothing")),
            _ => {}
        }
        let first = first.unwrap_or_default();
        match name {
            "!KeyOf" if !scope.ids.contains_key(first) => self.wrong(format!("no id `{first}`")),
            "!Context" if count != Some(2) && node.tag.is_some() => {
                let head = first.split('.').next().unwrap_or_default();
                if !scope.context.contains(first) && !scope.context.contains(head) && !first.is_empty() {
                    self.wrong(format!("no context `{first}`"));
                }
            }
            "!Condition" if !MODES.iter().any(|mode| mode.eq_ignore_ascii_case(first)) => self.wrong("unknown mode"),
            "!Enumerate" => {
                let mode = node.items().get(1).and_then(Tree::text).unwrap_or_default();
                if !LOOPS.iter().any(|known| known.eq_ignore_ascii_case(mode)) {
                    self.wrong("unknown mode");
                }
            }
            "!If" if count == Some(2) => self.wrong("arguments of !If"),
            "!Index" | "!Value" if first.parse::<u32>().is_err() => self.wrong(format!("depth of {name}")),
            "!Find" | "!FindObject" => self.find(node),
            _ => {}
        }
    }

    /// Whether a look-up that only has literal conditions finds something that a file declares.
    fn find(&mut self, node: &Tree) {
        let Some((target, pairs)) = node.items().split_first() else { return };
        let Some(name) = target.text() else { return };
        let kind = name.rsplit('.').next().unwrap_or_default().to_owned();
        let model = models::model(name);
        let known = model.is_some() || models::is_peer_model(name);
        if !known && !BASES.contains(&name) {
            return self.wrong(format!("unknown model `{name}`"));
        }
        let mut literal = Vec::new();
        for pair in pairs {
            let [field, value] = pair.items() else {
                self.wrong("a condition of !Find is no pair");
                continue;
            };
            let Some(field) = field.text() else { continue };
            if let Some(model) = model
                && !field.contains("__")
                && field != "pk"
                && model.field(field).is_none()
            {
                self.wrong(format!("unknown attribute `{field}` of {name}"));
            }
            if let Some(value) = value.text() {
                literal.push((field, value));
            }
        }
        let is = |object: &&Object| match model {
            Some(model) => object.model.name == model.name,
            None => object.model.kinds.contains(&kind.as_str()),
        };
        let has = |object: &Object| {
            literal.iter().all(|(field, value)| object.values.get(*field).map(String::as_str) == Some(*value))
        };
        // Of a model that is not in the table there are no objects here: nothing can be said.
        if (model.is_some() || !known) && !literal.is_empty() && !self.objects.iter().filter(is).any(has) {
            // Without the value: of two names that no file declares, one is as good as the other.
            let fields: Vec<&str> = literal.iter().map(|(field, _)| *field).collect();
            self.wrong(format!("nothing declared is {name} by {fields:?}"));
        }
    }
}

/// A key as it can be written out.
fn is_key(value: &Tree) -> bool {
    let uuid = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    value.tag.is_some() || value.kind() == Some(Type::Int) || value.text().is_some_and(uuid)
}

/// Whether a value is what a schema asks for, the peer's coercions counted in.
fn fits(schema: &Json, value: &Tree) -> bool {
    if value.tag.is_some() {
        return true;
    }
    let types: Vec<&str> = match &schema["type"] {
        Json::String(one) => vec![one],
        Json::Array(many) => many.iter().filter_map(Json::as_str).collect(),
        _ => return true,
    };
    let is = |kind: &str| types.contains(&kind);
    let Some(kind) = value.kind() else {
        return match &value.body {
            Body::Seq(items) => is("array") && items.iter().all(|item| fits(&schema["items"], item)),
            Body::Map(_) => is("object") && members(schema, value),
            Body::Scalar(..) => true,
        };
    };
    let text = value.text().unwrap_or_default();
    let number = text.trim().parse::<f64>().is_ok();
    let typed = match kind {
        Type::Null => is("null"),
        Type::Bool => is("boolean"),
        Type::Int => is("integer") || is("number") || is("string") || (is("boolean") && matches!(text, "0" | "1")),
        Type::Float => is("number") || is("string") || (is("integer") && text.trim_end_matches('0').ends_with('.')),
        Type::Text => is("string") || ((is("integer") || is("number")) && number) || (is("boolean") && truth(text)),
    };
    let chosen = schema["enum"].as_array().is_none_or(|choices| {
        kind == Type::Null
            || choices.iter().any(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned) == text)
    });
    typed && chosen
}

fn members(schema: &Json, map: &Tree) -> bool {
    let known = schema["properties"].as_object();
    let closed = schema["additionalProperties"] == Json::Bool(false);
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let mut needed = needed.filter(|_| known.is_some());
    needed.all(|name| map.get(name).is_some())
        && map.pairs().into_iter().all(|(name, _, value)| match known.and_then(|known| known.get(name)) {
            Some(property) => fits(property, value),
            None => !closed,
        })
}

/// Keys of maps of a fixed form that the form does not have.
fn strangers(schema: &Json, value: &Tree, found: &mut Vec<String>) {
    value.items().iter().filter(|_| value.tag.is_none()).for_each(|item| strangers(&schema["items"], item, found));
    let Some(known) = schema["properties"].as_object() else { return };
    for (name, _, value) in value.pairs() {
        match known.get(name) {
            Some(property) => strangers(property, value, found),
            None => found.push(name.to_owned()),
        }
    }
}

fn truth(text: &str) -> bool {
    ["t", "y", "yes", "true", "on", "1", "f", "n", "no", "false", "off", "0"]
        .iter()
        .any(|word| text.trim().eq_ignore_ascii_case(word))
}
