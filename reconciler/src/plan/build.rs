//! Walks the declared objects in order and drafts what becomes of each.

use std::collections::BTreeMap;

use gatewright_compiler::desired::{DesiredObject, DesiredState, Presence, Value};
use gatewright_compiler::diagnostic::{Code, Diagnostic, Severity};
use gatewright_compiler::models::{self, Model, Secret, Storage};
use serde_json::{Map, Value as Json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::identity::Allotter;
use super::names::Names;
use super::orphans::Orphaned;
use super::values::{Identities, Identity};
use super::{
    Action, Change, FieldChange, Options, Permit, Plan, Planned, SecretChange, SecretValue, Write, checks, grants,
    orphans,
};
use crate::diff::differs;
use crate::observed::{ObservedObject, ObservedState, Owner};

/// One object that changes, before it is put into words.
pub(super) struct Draft<'a> {
    pub(super) action: Action,
    /// What declares it; `None` where no blueprint asks for the change.
    pub(super) object: Option<&'a DesiredObject>,
    pub(super) identity: Identity,
    pub(super) observed: Option<&'a ObservedObject>,
    /// Afterwards, without secrets.
    pub(super) attrs: Map<String, Json>,
    /// The fields that change, secrets left out.
    pub(super) changed: Vec<String>,
    pub(super) secrets: Vec<SecretChange>,
    /// Object permissions that are given, and taken back.
    pub(super) grants: Vec<Permit>,
    pub(super) revokes: Vec<Permit>,
}

impl<'a> Draft<'a> {
    /// Nothing changes yet.
    pub(super) fn new(action: Action, object: Option<&'a DesiredObject>, identity: Identity) -> Self {
        Self {
            action,
            object,
            identity,
            observed: None,
            attrs: Map::new(),
            changed: Vec::new(),
            secrets: Vec::new(),
            grants: Vec::new(),
            revokes: Vec::new(),
        }
    }

    /// A change of an object that exists.
    pub(super) fn of(found: &'a ObservedObject, object: Option<&'a DesiredObject>, model: &'static Model) -> Self {
        let identity = Identity { id: found.id, num: found.num, model };
        Self { observed: Some(found), attrs: found.attrs.clone(), ..Self::new(Action::Update, object, identity) }
    }

    /// Whether it would write nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.secrets.is_empty() && self.grants.is_empty() && self.revokes.is_empty()
    }

    /// What the fields that change are before: all of an object that goes, none of a new one.
    fn before(&self) -> Map<String, Json> {
        let Some(found) = self.observed else { return Map::new() };
        let touched = |name: &str| self.action == Action::Delete || self.changed.iter().any(|changed| changed == name);
        let touched = found.attrs.iter().filter(|(name, _)| touched(name));
        touched.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

pub(super) struct Builder<'a> {
    pub(super) observed: &'a ObservedState,
    identities: Identities,
    pub(super) allotter: Allotter<'a>,
    pub(super) drafts: Vec<Draft<'a>>,
    pub(super) deletes: Vec<Draft<'a>>,
    pub(super) owners: Vec<(Uuid, String, Owner)>,
    released: Vec<(Uuid, String)>,
    pub(super) read: BTreeMap<Uuid, i64>,
    /// Secrets that cannot be what they were, with the object.
    pub(super) lost: Vec<(Identity, String)>,
    keep: usize,
    adopt: usize,
    diagnostics: Vec<Diagnostic>,
}

pub(super) fn build(desired: &DesiredState, observed: &ObservedState, options: &Options) -> Planned {
    let mut builder = Builder::new(observed);
    for object in &desired.objects {
        let identity = builder.object(object);
        builder.identities.push(identity);
    }
    for object in &desired.dormant {
        builder.dormant(object);
    }
    let orphaned = orphans::find(observed, builder.allotter.claimed());
    builder.finish(orphaned, options)
}

impl<'a> Builder<'a> {
    pub(super) fn new(observed: &'a ObservedState) -> Self {
        Self {
            observed,
            identities: Identities::default(),
            allotter: Allotter::new(observed),
            drafts: Vec::new(),
            deletes: Vec::new(),
            owners: Vec::new(),
            released: Vec::new(),
            read: BTreeMap::new(),
            lost: Vec::new(),
            keep: 0,
            adopt: 0,
            diagnostics: Vec::new(),
        }
    }

    fn object(&mut self, object: &'a DesiredObject) -> Option<Identity> {
        let model = models::model(object.model)?;
        if model.storage == Storage::Meta {
            return None;
        }
        let fields = self.identities.fields(model, object);
        let found = self.allotter.matched(object, model, &fields, &self.identities);
        self.note_read(object, found);
        match (object.presence, found) {
            (Presence::Absent, None) => return None,
            (Presence::Absent, Some(found)) => self.deletes.push(deletion(Some(object), model, found)),
            (Presence::MustCreated, Some(_)) => {
                let message = format!("this {} exists already", model.title);
                let help = "take `state: must_created` out of the entry now that it exists, or choose another key";
                self.diagnostics.push(Diagnostic::at(Code::MustCreated, object.span, message).help(help));
            }
            (Presence::Present | Presence::Created, Some(found)) => self.update(object, model, found, &fields),
            (_, None) => return Some(self.create(object, model, fields)),
        }
        found.map(|found| Identity { id: found.id, num: found.num, model })
    }

    /// What only entries with a false condition declare is theirs all the same.
    fn dormant(&mut self, object: &'a DesiredObject) {
        let Some(model) = models::model(object.model).filter(|model| model.storage != Storage::Meta) else { return };
        let observed = self.observed;
        let is_theirs = |id: Uuid| {
            let owners = observed.owners(id).into_iter().flat_map(BTreeMap::values);
            owners.into_iter().any(|owner| object.origins.iter().any(|origin| origin.file == owner.file))
        };
        for identifiers in &object.identifiers {
            // What such an entry refers to may be left out as well; then it may be any that its file made.
            let known = identifiers.iter().filter(|(_, value)| !matches!(value, Value::Unknown | Value::Declared(_)));
            let known = known.map(|(name, value)| (name, value.clone())).collect();
            let conditions = self.identities.conditions(model, &known);
            let found = observed.find_all(model, &conditions).map(|found| found.id).filter(|id| is_theirs(*id));
            found.for_each(|id| self.allotter.claim(id));
        }
    }

    /// Notes the versions of the runtime's rows that the plan hangs on: what an entry is, and what it refers to.
    fn note_read(&mut self, object: &DesiredObject, found: Option<&ObservedObject>) {
        let mut referred = Vec::new();
        object.fields.iter().for_each(|(_, field)| existing(&field.value, &mut referred));
        let observed = self.observed;
        for row in found.into_iter().chain(referred.into_iter().filter_map(|id| observed.object(id))) {
            if let Some(version) = row.version {
                self.read.insert(row.id, version);
            }
        }
    }

    fn create(&mut self, object: &'a DesiredObject, model: &'static Model, fields: BTreeMap<String, Json>) -> Identity {
        let identity = self.allotter.allot(object, model, &self.identities);
        self.required(object, model, &fields);
        self.own(object, model, identity.id, &fields, false);
        let mut draft = Draft::new(Action::Create, Some(object), identity);
        draft.grants = grants::missing(object, None, &self.identities, self.observed);
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
        self.drafts.push(draft);
        identity
    }

    fn update(
        &mut self,
        object: &'a DesiredObject,
        model: &'static Model,
        found: &'a ObservedObject,
        fields: &BTreeMap<String, Json>,
    ) {
        let mut draft = Draft::of(found, Some(object), model);
        draft.grants = grants::missing(object, self.observed.permits(found.id), &self.identities, self.observed);
        for (name, value) in fields {
            let enforced = object.fields.get(name).is_some_and(|field| field.enforced);
            let Some(field) = model.field(name).filter(|_| enforced) else {
                continue;
            };
            match field.secret {
                Some(kind) => {
                    draft.secrets.extend(self.secret_change(found.id, name, kind, secret_text(value.clone())))
                }
                None if differs(field, &found.attrs, value) => {
                    draft.changed.push(name.clone());
                    draft.attrs.insert(name.clone(), value.clone());
                }
                None => {}
            }
        }
        let unchanged = draft.is_empty();
        self.own(object, model, found.id, fields, unchanged);
        if unchanged {
            self.keep += 1;
        } else {
            self.drafts.push(draft);
        }
    }

    /// A secret that is not what is wanted; none is wanted where there is no text.
    pub(super) fn secret_change(
        &self,
        id: Uuid,
        name: &str,
        kind: Secret,
        text: Option<Zeroizing<String>>,
    ) -> Option<SecretChange> {
        let unchanged = match &text {
            Some(text) => self.observed.is_secret(id, name, text),
            None => !self.observed.has_secret(id, name),
        };
        (!unchanged).then(|| secret(name, kind, text))
    }

    /// Notes who declares which field, and as what. Where that is news, it alone is worth an apply; where only the file is
    /// another one, it is written along with the next one.
    fn own(
        &mut self,
        object: &DesiredObject,
        model: &Model,
        id: Uuid,
        values: &BTreeMap<String, Json>,
        unchanged: bool,
    ) {
        let known = self.observed.owners(id);
        let mut news = false;
        for (name, field) in object.fields.iter().filter(|(name, _)| model.field(name).is_some()) {
            let value = values.get(name).cloned().unwrap_or_default();
            let secret = model.field(name).is_some_and(|field| field.secret.is_some());
            let owner = Owner {
                file: field.origin.file.clone(),
                layer: field.origin.layer,
                enforced: field.enforced,
                // Of a secret the fingerprint beside it says whether it is still the declared one.
                value: (!secret || value.is_null()).then(|| json_text(value)),
            };
            let before = known.and_then(|known| known.get(name));
            news |= before.is_none_or(|before| (before.enforced, &before.value) != (owner.enforced, &owner.value));
            if before != Some(&owner) {
                self.owners.push((id, name.to_owned(), owner));
            }
        }
        for name in known.into_iter().flat_map(BTreeMap::keys).filter(|name| object.fields.get(name).is_none()) {
            news = true;
            self.released.push((id, name.clone()));
        }
        self.adopt += usize::from(news && unchanged);
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

    pub(super) fn finish(mut self, mut orphaned: Vec<Orphaned<'a>>, options: &Options) -> Planned {
        let written = std::mem::take(&mut self.drafts);
        let planned = written.iter().map(|draft| (draft.identity.id, (draft.identity.model, &draft.attrs))).collect();
        let names = Names::new(self.observed, planned, &self.allotter.numbers);
        // Ids differ from database to database.
        orphaned.sort_by_cached_key(|orphan| (orphan.model.name, names.key(orphan.model, &orphan.object.attrs)));
        orphans::keep(&mut orphaned, self.observed, &written, &self.deletes, &names);
        if options.prune {
            let (free, kept): (Vec<_>, Vec<_>) = orphaned.into_iter().partition(Orphaned::is_free);
            orphaned = kept;
            self.read.extend(free.iter().filter_map(|orphan| Some((orphan.object.id, orphan.object.version?))));
            self.deletes.extend(free.into_iter().map(|orphan| deletion(None, orphan.model, orphan.object)));
        }
        let orphans = orphaned.iter().map(|orphan| orphan.said(&names)).collect();
        let deletes = orphans::in_order_of_deletion(self.deletes, &names);
        let drafts: Vec<&Draft<'_>> = written.iter().chain(&deletes).collect();
        self.diagnostics.extend(checks::check(self.observed, &drafts, &names));
        let changes = drafts.iter().map(|draft| change(draft, &names, self.observed)).collect();
        let lost = |(identity, field): &(Identity, String)| {
            let stays = self.observed.object(identity.id).is_some();
            let now = if stays { "stays as it is now" } else { "has to be set again" };
            format!("`{field}` of {} was kept as a hash only and {now}", names.said(identity.id, identity.model))
        };
        let notes = self.lost.iter().map(lost).collect();
        let plan = Plan {
            version: 1,
            base_revision: self.observed.revision(),
            changes,
            keep: self.keep,
            adopt: self.adopt,
            orphans,
            highest: self.observed.highest().clone(),
            installation: self.observed.installation(),
            inputs: options.inputs.clone(),
            notes,
            owners: self.owners,
            released: self.released,
            read: self.read,
        };
        Planned { plan, diagnostics: self.diagnostics }
    }
}

/// The ids of observed objects in a value.
fn existing(value: &Value, ids: &mut Vec<Uuid>) {
    match value {
        Value::Existing(key) => ids.push(key.id),
        Value::List(list) => list.iter().for_each(|one| existing(one, ids)),
        Value::Map(pairs) => pairs.iter().for_each(|(_, one)| existing(one, ids)),
        _ => {}
    }
}

pub(super) fn deletion<'a>(
    object: Option<&'a DesiredObject>,
    model: &'static Model,
    found: &'a ObservedObject,
) -> Draft<'a> {
    let identity = Identity { id: found.id, num: found.num, model };
    Draft {
        observed: Some(found),
        changed: found.attrs.keys().cloned().collect(),
        ..Draft::new(Action::Delete, object, identity)
    }
}

/// JSON whose keys are in order.
pub(super) fn json_text(mut value: Json) -> String {
    value.sort_all_objects();
    value.to_string()
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
    let declared = |name: &String| draft.object?.fields.get(name);
    let entry = || draft.object?.origins.last();
    let origin = fields.keys().find_map(declared).map(|field| &field.origin).or_else(entry);
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
        grants: draft.grants.iter().map(|permit| grants::said(permit, names)).collect(),
        revokes: draft.revokes.iter().map(|permit| grants::said(permit, names)).collect(),
        write: Write {
            id: draft.identity.id,
            num: draft.identity.num,
            attrs: draft.attrs.clone(),
            secrets: draft.secrets.clone(),
            before: draft.before(),
            grants: draft.grants.clone(),
            revokes: draft.revokes.clone(),
        },
    }
}
