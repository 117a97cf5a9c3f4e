//! Walks the declared objects in order and drafts what becomes of each.

use std::collections::{BTreeMap, HashMap};

use gatewright_compiler::desired::{DesiredObject, DesiredState, Presence};
use gatewright_compiler::diagnostic::{Code, Diagnostic, Severity};
use gatewright_compiler::models::{self, Model, Secret, Storage};
use serde_json::{Map, Value as Json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::identity::Allotter;
use super::names::Names;
use super::values::{Identities, Identity};
use super::{Action, Change, FieldChange, Plan, Planned, SecretChange, SecretValue, Write, checks};
use crate::diff::differs;
use crate::observed::{ObservedObject, ObservedState, Owner};

/// One object that changes, before it is put into words.
pub(super) struct Draft<'a> {
    pub(super) action: Action,
    pub(super) object: &'a DesiredObject,
    pub(super) identity: Identity,
    pub(super) observed: Option<&'a ObservedObject>,
    /// Afterwards, without secrets.
    pub(super) attrs: Map<String, Json>,
    /// The fields that change, secrets left out.
    pub(super) changed: Vec<String>,
    pub(super) secrets: Vec<SecretChange>,
}

struct Builder<'a> {
    observed: &'a ObservedState,
    identities: Identities,
    allotter: Allotter<'a>,
    drafts: Vec<Draft<'a>>,
    deletes: Vec<Draft<'a>>,
    owners: Vec<(Uuid, String, Owner)>,
    keep: usize,
    adopt: usize,
    diagnostics: Vec<Diagnostic>,
}

pub(super) fn build(desired: &DesiredState, observed: &ObservedState) -> Planned {
    let mut builder = Builder {
        observed,
        identities: Identities::default(),
        allotter: Allotter::new(observed),
        drafts: Vec::new(),
        deletes: Vec::new(),
        owners: Vec::new(),
        keep: 0,
        adopt: 0,
        diagnostics: Vec::new(),
    };
    for object in &desired.objects {
        let identity = builder.object(object);
        builder.identities.push(identity);
    }
    builder.finish()
}

impl<'a> Builder<'a> {
    fn object(&mut self, object: &'a DesiredObject) -> Option<Identity> {
        let model = models::model(object.model)?;
        if model.storage == Storage::Meta {
            return None;
        }
        let fields = self.identities.fields(model, object);
        let found = self.allotter.matched(object, model, &fields, &self.identities);
        match (object.presence, found) {
            (Presence::Absent, None) => return None,
            (Presence::Absent, Some(found)) => self.delete(object, model, found),
            (Presence::MustCreated, Some(_)) => {
                let message = format!("this {} exists already", model.title);
                let help = "take `state: must_created` out of the entry now that it exists, or choose another key";
                self.diagnostics.push(Diagnostic::at(Code::MustCreated, object.span, message).help(help));
            }
            (Presence::Present | Presence::Created, Some(found)) => self.update(object, model, found, fields),
            (_, None) => return Some(self.create(object, model, fields)),
        }
        found.map(|found| Identity { id: found.id, num: found.num, model })
    }

    fn create(&mut self, object: &'a DesiredObject, model: &'static Model, fields: BTreeMap<String, Json>) -> Identity {
        let identity = self.allotter.allot(object, model, &self.identities);
        self.required(object, model, &fields);
        let mut draft = Draft {
            action: Action::Create,
            object,
            identity,
            observed: None,
            attrs: Map::new(),
            changed: Vec::new(),
            secrets: Vec::new(),
        };
        for (name, value) in fields {
            match model.field(&name).and_then(|field| field.secret) {
                Some(_) if value.is_null() => {}
                Some(kind) => draft.secrets.push(secret(&name, kind, secret_text(value))),
                None => {
                    draft.changed.push(name.clone());
                    draft.attrs.insert(name, value);
                }
            }
        }
        generate(model, &mut draft);
        self.own(object, model, identity.id, false);
        self.drafts.push(draft);
        identity
    }

    fn update(
        &mut self,
        object: &'a DesiredObject,
        model: &'static Model,
        found: &'a ObservedObject,
        fields: BTreeMap<String, Json>,
    ) {
        let mut draft = Draft {
            action: Action::Update,
            object,
            identity: Identity { id: found.id, num: found.num, model },
            observed: Some(found),
            attrs: found.attrs.clone(),
            changed: Vec::new(),
            secrets: Vec::new(),
        };
        for (name, value) in fields {
            let enforced = object.fields.get(&name).is_some_and(|field| field.enforced);
            let Some(field) = model.field(&name).filter(|_| enforced) else {
                continue;
            };
            match field.secret {
                Some(kind) => draft.secrets.extend(self.secret_change(found.id, &name, kind, value)),
                None if differs(field, &found.attrs, &value) => {
                    draft.changed.push(name.clone());
                    draft.attrs.insert(name, value);
                }
                None => {}
            }
        }
        let unchanged = draft.changed.is_empty() && draft.secrets.is_empty();
        self.own(object, model, found.id, unchanged);
        if unchanged {
            self.keep += 1;
        } else {
            self.drafts.push(draft);
        }
    }

    fn delete(&mut self, object: &'a DesiredObject, model: &'static Model, found: &'a ObservedObject) {
        self.deletes.push(Draft {
            action: Action::Delete,
            object,
            identity: Identity { id: found.id, num: found.num, model },
            observed: Some(found),
            attrs: Map::new(),
            changed: found.attrs.keys().cloned().collect(),
            secrets: Vec::new(),
        });
    }

    fn secret_change(&self, id: Uuid, name: &str, kind: Secret, value: Json) -> Option<SecretChange> {
        let text = secret_text(value);
        let unchanged = match &text {
            Some(text) => self.observed.is_secret(id, name, text),
            None => !self.observed.has_secret(id, name),
        };
        (!unchanged).then(|| secret(name, kind, text))
    }

    /// Notes who declares which field. Where nobody did, that alone is worth an apply; where only the file is another
    /// one, it is written along with the next one.
    fn own(&mut self, object: &DesiredObject, model: &Model, id: Uuid, unchanged: bool) {
        let known = self.observed.owners(id);
        let mut adopts = false;
        for (name, field) in object.fields.iter().filter(|(name, _)| model.field(name).is_some()) {
            let owner = Owner { file: field.origin.file.clone(), layer: field.origin.layer };
            let before = known.and_then(|known| known.get(name));
            adopts |= before.is_none();
            if before != Some(&owner) {
                self.owners.push((id, name.to_owned(), owner));
            }
        }
        self.adopt += usize::from(adopts && unchanged);
    }

    fn required(&mut self, object: &DesiredObject, model: &Model, fields: &BTreeMap<String, Json>) {
        for field in model.fields.iter().filter(|field| field.required) {
            if fields.get(&field.name).is_some_and(|value| !value.is_null() || field.nullable) {
                continue;
            }
            let message = format!("`{}` is needed to create this {}", field.name, model.title);
            let diagnostic = Diagnostic::at(Code::MissingAttribute, object.span, message).severity(Severity::Error);
            self.diagnostics.push(diagnostic.help(format!("set `{}` in `attrs`", field.name)));
        }
    }

    fn finish(mut self) -> Planned {
        // What refers goes before what it refers to.
        self.deletes.reverse();
        self.drafts.append(&mut self.deletes);
        let planned = self.drafts.iter().filter(|draft| draft.action != Action::Delete);
        let planned: HashMap<_, _> =
            planned.map(|draft| (draft.identity.id, (draft.identity.model, &draft.attrs))).collect();
        let names = Names::new(self.observed, planned, &self.allotter.numbers);
        self.diagnostics.extend(checks::check(self.observed, &self.drafts, &names));
        let changes = self.drafts.iter().map(|draft| change(draft, &names, self.observed)).collect();
        let plan = Plan {
            version: 1,
            base_revision: self.observed.revision(),
            changes,
            keep: self.keep,
            adopt: self.adopt,
            highest: self.observed.highest().clone(),
            installation: self.observed.installation(),
            owners: self.owners,
        };
        Planned { plan, diagnostics: self.diagnostics }
    }
}

/// A secret as it is hashed or sealed: a text as it is, a map as JSON whose keys are in order.
fn secret_text(mut value: Json) -> Option<Zeroizing<String>> {
    value.sort_all_objects();
    match value {
        Json::Null => None,
        Json::String(text) => Some(Zeroizing::new(text)),
        other => Some(Zeroizing::new(other.to_string())),
    }
}

fn secret(name: &str, kind: Secret, text: Option<Zeroizing<String>>) -> SecretChange {
    SecretChange { field: name.to_owned(), kind, value: text.map_or(SecretValue::Removed, SecretValue::Text) }
}

/// What a new object gets of its own: secrets are made by apply, the rest follows from the id.
fn generate(model: &Model, draft: &mut Draft<'_>) {
    let certificate = draft.attrs.get("certificate_data").and_then(Json::as_str).unwrap_or_default();
    let makes_pair = model.storage == Storage::KeyPair && certificate.is_empty();
    for field in &model.fields {
        let given = draft.attrs.contains_key(&field.name) || draft.secrets.iter().any(|it| it.field == field.name);
        match field.secret {
            _ if given => {}
            Some(kind) if field.generated || makes_pair => {
                draft.secrets.push(SecretChange { field: field.name.clone(), kind, value: SecretValue::Generated });
            }
            None if field.generated => {
                let value = Uuid::new_v5(&draft.identity.id, field.name.as_bytes()).simple().to_string();
                draft.changed.push(field.name.clone());
                draft.attrs.insert(field.name.clone(), Json::String(value));
            }
            _ => {}
        }
    }
}

fn change(draft: &Draft<'_>, names: &Names<'_>, observed: &ObservedState) -> Change {
    let model = draft.identity.model;
    let before = draft.observed.map(|found| &found.attrs);
    let after = (draft.action != Action::Delete).then_some(&draft.attrs);
    let mut fields = BTreeMap::new();
    for name in &draft.changed {
        let Some(field) = model.field(name) else {
            continue;
        };
        let shown = |attrs: &Map<String, Json>| {
            attrs.get(name).or(field.default.as_ref()).map(|value| names.value(field, value))
        };
        let change = FieldChange { before: before.and_then(shown), after: after.and_then(shown), secret: false };
        fields.insert(name.clone(), change);
    }
    for secret in &draft.secrets {
        fields.insert(secret.field.clone(), FieldChange { before: None, after: None, secret: true });
    }
    let declared = |name: &String| draft.object.fields.get(name);
    let origin = fields.keys().find_map(declared).map(|field| &field.origin).or(draft.object.origins.last());
    let overrides = fields.keys().filter_map(|name| Some((name.clone(), declared(name)?.overrides.clone()?))).collect();
    let is_foreign = draft.action == Action::Update && observed.owners(draft.identity.id).is_none();
    Change {
        action: draft.action,
        model: model.name.to_owned(),
        key: names.key(model, after.or(before).unwrap_or(&draft.attrs)),
        origin: origin.cloned(),
        overrides,
        takes_over: if is_foreign { fields.keys().cloned().collect() } else { Vec::new() },
        fields,
        write: Write {
            id: draft.identity.id,
            num: draft.identity.num,
            attrs: draft.attrs.clone(),
            secrets: draft.secrets.clone(),
            version: draft.observed.and_then(|found| found.version),
        },
    }
}
