//! Which entries mean the same object.
//!
//! Two entries do when the values of a unique key agree, or all their identifiers. Identifiers that are no whole unique
//! key, such as `default: true` of a brand, ask for an object that holds them: the first that is declared, as the peer
//! takes the first row. References compare as objects, so what an entry's identifiers refer to has to be taken in before
//! the entry itself.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::quality::RandomState;
use smallvec::SmallVec;

use super::entry::{Field, Work};
use super::near::Misses;
use serde_json::{Map, Value as Json};

use crate::models::{self, Model};
use crate::resolve::{EntryIndex, Lookup, ObjectId, Val, What};
use crate::world::{Answer, ExistingKey, World};

/// How far `!Find` follows references of identifiers into the database.
const HOPS: usize = 16;

/// What stands for a text: so many bits that no two texts share them by chance, and no key can be known beforehand.
type Name = (u64, u64);

/// Makes names of texts, in one buffer.
#[derive(Default)]
struct Namer {
    text: RefCell<String>,
    states: (RandomState, RandomState),
}

impl Namer {
    /// The name of what `write` writes; none where it writes none.
    fn name(&self, write: impl FnOnce(&mut String) -> Option<()>) -> Option<Name> {
        let mut text = self.text.borrow_mut();
        text.clear();
        write(&mut text)?;
        Some((self.states.0.hash_one(&*text), self.states.1.hash_one(&*text)))
    }
}

/// The objects found so far.
pub(super) struct Objects<'a> {
    world: &'a dyn World,
    /// Union-find: an object may turn out to be another one.
    parent: Vec<usize>,
    models: Vec<&'static Model>,
    /// The lowest layer that declares it.
    layers: Vec<u32>,
    identifiers: Vec<Vec<Field<'a>>>,
    of_entry: Vec<Option<ObjectId>>,
    keys: HashMap<Name, ObjectId>,
    /// Objects by model, field and value, for `!Find`.
    by_field: HashMap<Name, SmallVec<[ObjectId; 2]>>,
    namer: Namer,
    by_model: HashMap<&'static str, Vec<ObjectId>>,
    /// Not to be found: the object whose own conditions ask.
    pub(super) hidden: Cell<Option<ObjectId>>,
    /// Look-ups that no file answers.
    pub(super) misses: Misses,
}

impl<'a> Objects<'a> {
    pub(super) fn new(world: &'a dyn World, entries: usize) -> Self {
        Self {
            world,
            parent: Vec::new(),
            models: Vec::new(),
            layers: Vec::new(),
            identifiers: Vec::new(),
            of_entry: vec![None; entries],
            keys: HashMap::default(),
            by_field: HashMap::default(),
            namer: Namer::default(),
            by_model: HashMap::default(),
            hidden: Cell::new(None),
            misses: Misses::default(),
        }
    }

    /// No look-up comes any more.
    pub(super) fn rest(&mut self) {
        self.identifiers = Vec::new();
        self.keys = HashMap::default();
        self.by_field = HashMap::default();
    }

    pub(super) fn len(&self) -> usize {
        self.parent.len()
    }

    /// The object that stands for this one.
    pub(super) fn root(&self, object: ObjectId) -> ObjectId {
        let mut at = object.0;
        while let Some(up) = self.parent.get(at).filter(|up| **up != at) {
            at = *up;
        }
        ObjectId(at)
    }

    pub(super) fn of(&self, entry: EntryIndex) -> Option<ObjectId> {
        self.of_entry.get(entry.0).copied().flatten().map(|object| self.root(object))
    }

    pub(super) fn model(&self, object: ObjectId) -> Option<&'static Model> {
        self.models.get(object.0).copied()
    }

    /// A text that two values share exactly when they are the same; none where that is not known.
    pub(super) fn canonical(&self, value: &Val<'a>) -> Option<String> {
        value.canonical(&|what| self.number(what))
    }

    /// What an object is called among the values.
    fn number(&self, what: &What<'a>) -> Option<usize> {
        match what {
            What::Entry(entry) => Some(self.of(*entry)?.0),
            What::Object(object) => Some(self.root(*object).0),
            _ => None,
        }
    }

    /// The name of a value of a field.
    fn of_field(&self, model: &Model, field: &str, value: &Val<'a>) -> Option<Name> {
        self.of_fields(model, std::iter::once((field, value)))
    }

    /// The name of several fields with their values, in an order that is the same for all.
    fn of_fields<'v>(&self, model: &Model, fields: impl Iterator<Item = (&'v str, &'v Val<'a>)>) -> Option<Name>
    where
        'a: 'v,
    {
        self.namer.name(|text| {
            text.push_str(model.name);
            for (name, value) in fields {
                write!(text, "\0{name}=").ok()?;
                value.write_canonical(&|what| self.number(what), text)?;
            }
            Some(())
        })
    }

    /// Attributes and identifiers of one entry together: identifiers win, maps are merged, lists united.
    pub(super) fn together(&self, mut attrs: Vec<Field<'a>>, identifiers: &[Field<'a>]) -> Vec<Field<'a>> {
        for (name, span, value) in identifiers.iter().filter(|(name, ..)| name != "pk") {
            match attrs.iter_mut().find(|(known, ..)| known == name) {
                Some((_, _, slot)) => *slot = self.united(slot, value),
                None => attrs.push((name.clone(), *span, value.clone())),
            }
        }
        attrs
    }

    fn united(&self, attr: &Val<'a>, identifier: &Val<'a>) -> Val<'a> {
        let what = match (&attr.what, &identifier.what) {
            (What::Map(into), What::Map(from)) => {
                let mut pairs = into.clone();
                for (name, span, value) in from {
                    match pairs.iter_mut().find(|(known, ..)| known == name) {
                        Some((_, _, slot)) => *slot = self.united(slot, value),
                        None => pairs.push((name.clone(), *span, value.clone())),
                    }
                }
                What::Map(pairs)
            }
            (What::List(into), What::List(from)) => {
                let mut items = into.clone();
                let known: Vec<_> = items.iter().map(|item| self.canonical(item)).collect();
                items.extend(from.iter().filter(|item| !known.contains(&self.canonical(item))).cloned());
                What::List(items)
            }
            _ => return identifier.clone(),
        };
        Val { trail: attr.trail.clone(), ..Val::new(what, attr.span) }
    }

    /// Everything by which an entry names its object.
    fn names(&self, work: &Work<'a>) -> SmallVec<[Name; 4]> {
        let mut names = SmallVec::new();
        let Some(model) = work.model else { return names };
        let value = |name: &str| {
            let mut fields = work.identifiers.iter().chain(&work.attributes.attrs);
            fields.find(|(known, ..)| known == name).map(|(_, _, value)| value)
        };
        for key in model.keys {
            let parts: Option<SmallVec<[(&str, &Val<'a>); 4]>> =
                key.iter().map(|name| Some((*name, value(name)?))).collect();
            // Null is not unique: two bindings without a policy are two bindings.
            let parts = parts.filter(|parts| !parts.iter().any(|(_, value)| value.is_null()));
            names.extend(parts.and_then(|parts| self.of_fields(model, parts.into_iter())));
        }
        // Identifiers that are not known at all name nothing.
        if !work.identifiers.is_empty() {
            let mut parts: SmallVec<[(&str, &Val<'a>); 4]> =
                work.identifiers.iter().map(|(name, _, value)| (&**name, value)).collect();
            parts.sort_by_key(|(name, _)| *name);
            names.extend(self.of_fields(model, parts.into_iter()));
        }
        names
    }

    /// The object that an entry would belong to, if there is one already.
    pub(super) fn object_for(&self, work: &Work<'a>) -> Option<ObjectId> {
        let named = self.names(work).iter().find_map(|name| self.keys.get(name)).map(|object| self.root(*object));
        named.or_else(|| self.held_by(work))
    }

    /// The declared object that holds what identifiers say which are no whole unique key. Where the attributes complete
    /// one, an object of the same layer is another one, not this one with a new key.
    fn held_by(&self, work: &Work<'a>) -> Option<ObjectId> {
        let model = work.model.filter(|_| work.asks())?;
        let conditions: Vec<(String, Val<'a>)> =
            work.identifiers.iter().map(|(name, _, value)| (name.to_string(), value.clone())).collect();
        let holds = |name: &&str| {
            let mut fields = work.identifiers.iter().chain(&work.attributes.attrs);
            fields.any(|(known, ..)| known == name)
        };
        let complete = model.keys.iter().any(|key| key.iter().all(&holds));
        let fits = |object: &ObjectId| !complete || self.layers.get(object.0).is_some_and(|layer| *layer < work.layer);
        self.matching(model, &conditions).ok()?.into_iter().filter(fits).min()
    }

    /// Takes an entry in. Only what takes part can be found.
    pub(super) fn take(&mut self, index: usize, work: &Work<'a>, findable: bool) {
        let Some(model) = work.model else { return };
        let names = self.names(work);
        let mut found: Vec<ObjectId> =
            names.iter().filter_map(|name| self.keys.get(name)).map(|object| self.root(*object)).collect();
        found.sort();
        found.dedup();
        if found.is_empty() {
            found.extend(self.held_by(work));
        }
        let object = match found.first() {
            Some(first) => *first,
            None => {
                let object = ObjectId(self.parent.len());
                self.parent.push(object.0);
                self.models.push(model);
                self.layers.push(work.layer);
                self.identifiers.push(work.identifiers.clone());
                object
            }
        };
        for other in found.iter().skip(1) {
            if let Some(slot) = self.parent.get_mut(other.0) {
                *slot = object.0;
            }
        }
        for name in names {
            self.keys.insert(name, object);
        }
        if let Some(slot) = self.of_entry.get_mut(index) {
            *slot = Some(object);
        }
        if findable {
            self.index(model, object, work);
        }
    }

    fn index(&mut self, model: &'static Model, object: ObjectId, work: &Work<'a>) {
        let list = self.by_model.entry(model.name).or_default();
        if list.last() != Some(&object) {
            list.push(object);
        }
        for (name, _, value) in work.identifiers.iter().chain(&work.attributes.attrs) {
            if let Some(name) = self.of_field(model, name, value) {
                self.by_field.entry(name).or_default().push(object);
            }
        }
    }

    /// The declared objects of a model that can be found.
    pub(super) fn of_model(&self, model: &str) -> Vec<ObjectId> {
        let all = self.by_model.get(model).into_iter().flatten().map(|object| self.root(*object));
        let mut all: Vec<ObjectId> = all.filter(|object| self.hidden.get() != Some(*object)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The first declared object of a model for which all conditions hold; `Err` when a condition is no plain
    /// equality.
    pub(super) fn declared(
        &self,
        model: &'static Model,
        conditions: &[(String, Val<'a>)],
    ) -> Result<Option<ObjectId>, ()> {
        let matching = self.matching(model, conditions)?;
        Ok(matching.into_iter().filter(|object| self.hidden.get() != Some(*object)).min())
    }

    fn matching(&self, model: &'static Model, conditions: &[(String, Val<'a>)]) -> Result<Vec<ObjectId>, ()> {
        let mut matching: Option<Vec<ObjectId>> = None;
        for (field, value) in conditions {
            let field = field.strip_suffix("__exact").unwrap_or(field);
            if field.contains("__") {
                return Err(());
            }
            let value = match value.json() {
                Some(json) if model.field(field).is_some_and(|field| field.reference.is_none()) => {
                    Val::from_json(&model.coerce(field, json), value.span)
                }
                _ => value.clone(),
            };
            let Some(name) = self.of_field(model, field, &value) else {
                return Err(());
            };
            let found = self.by_field.get(&name);
            let found: Vec<ObjectId> = found.into_iter().flatten().map(|object| self.root(*object)).collect();
            matching = Some(match matching {
                None => found,
                Some(before) => before.into_iter().filter(|object| found.contains(object)).collect(),
            });
        }
        Ok(matching.unwrap_or_else(|| self.of_model(model.name)))
    }

    /// The key of a declared object in the database, if it is there already.
    pub(super) fn existing(&self, object: ObjectId) -> Answer<ExistingKey> {
        self.existing_within(object, HOPS)
    }

    fn existing_within(&self, object: ObjectId, hops: usize) -> Answer<ExistingKey> {
        let object = self.root(object);
        let (Some(model), Some(identifiers)) = (self.model(object), self.identifiers.get(object.0)) else {
            return Answer::Missing;
        };
        let pairs: Vec<(String, &Val<'a>)> =
            identifiers.iter().map(|(name, _, value)| (name.to_string(), value)).collect();
        match self.known(&pairs, hops) {
            Answer::Found(conditions) => self.world.find(model.name, &conditions),
            Answer::Missing => Answer::Missing,
            Answer::Unknown => Answer::Unknown,
        }
    }

    /// The first object of the database for which all conditions hold.
    pub(super) fn in_database(&self, models: &[&'static Model], conditions: &[(String, Val<'a>)]) -> Lookup {
        let mut unknown = false;
        for model in models {
            match self.conditions(conditions) {
                Answer::Found(known) => match self.world.find(model.name, &known) {
                    Answer::Found(key) => return Lookup::Existing(key),
                    Answer::Missing => {}
                    Answer::Unknown => unknown = true,
                },
                Answer::Missing => {}
                Answer::Unknown => unknown = true,
            }
        }
        if unknown { Lookup::Unknown } else { Lookup::Nothing }
    }

    /// All of them; none where that is not known.
    pub(super) fn all_in_database(
        &self,
        model: &'static Model,
        conditions: &[(String, Val<'a>)],
    ) -> Option<Vec<ExistingKey>> {
        match self.conditions(conditions) {
            Answer::Found(known) => self.world.find_all(model.name, &known),
            Answer::Missing => Some(Vec::new()),
            Answer::Unknown => None,
        }
    }

    /// What an object of the database holds.
    pub(super) fn held(&self, key: &ExistingKey) -> Option<Map<String, Json>> {
        self.world.object(key)
    }

    fn conditions(&self, conditions: &[(String, Val<'a>)]) -> Answer<Vec<(String, Json)>> {
        let pairs: Vec<(String, &Val<'a>)> = conditions.iter().map(|(field, value)| (field.clone(), value)).collect();
        self.known(&pairs, HOPS)
    }

    /// Conditions as the database takes them. One on an object that is not there yet holds for nothing.
    fn known(&self, conditions: &[(String, &Val<'a>)], hops: usize) -> Answer<Vec<(String, Json)>> {
        let Some(hops) = hops.checked_sub(1) else {
            return Answer::Missing;
        };
        let mut known = Vec::with_capacity(conditions.len());
        for (field, value) in conditions {
            let object = match &value.what {
                What::Entry(entry) => self.of(*entry),
                What::Object(object) => Some(*object),
                _ => None,
            };
            let json = match (&value.what, object) {
                (_, Some(object)) => match self.existing_within(object, hops) {
                    Answer::Found(key) => key.key,
                    Answer::Missing => return Answer::Missing,
                    Answer::Unknown => return Answer::Unknown,
                },
                (What::Existing(key), None) => key.key.clone(),
                _ => match value.json() {
                    Some(json) => json,
                    None => return Answer::Unknown,
                },
            };
            known.push((field.clone(), json));
        }
        Answer::Found(known)
    }

    /// A key written out, `uuid` or number, of some object of a kind.
    pub(super) fn by_pk(&self, kind: &str, value: &Val<'a>) -> Lookup {
        let conditions = [("pk".to_owned(), value.clone())];
        let models: Vec<&'static Model> =
            models::models().iter().copied().filter(|model| model.kinds.contains(&kind)).collect();
        for model in &models {
            if let Ok(Some(object)) = self.declared(model, &conditions) {
                return Lookup::Declared(object);
            }
        }
        self.in_database(&models, &conditions)
    }
}
