//! Look-ups by what the declared objects hold, and after them the database.
//!
//! `identity.rs` finds an object by the values that its entries write. Here is what takes more: fields with their
//! defaults, comparisons such as `name__startswith`, ways through references and maps, and all matches. What an object
//! holds is evaluated when somebody asks, so the order of entries means nothing.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use uuid::Uuid;

use super::entry::{Field, Status, Work};
use super::identity::Objects;
use crate::desired::Presence;
use crate::lookup::{Operator, contains};
use crate::models::{self, Model};
use crate::resolve::{EntryIndex, Finder, Held, Lookup, ObjectId, Scope, Target, Val, What};
use crate::source::Span;
use crate::world::{Answer, ExistingKey};

/// How many objects may ask for each other.
const DEPTH: usize = 32;

/// What an object holds, or why that cannot be told.
#[derive(Clone)]
enum Fields<'a> {
    Known(Rc<Vec<Field<'a>>>),
    Unknown,
    Circle,
}

/// Answers look-ups.
pub(super) struct Looker<'a, 'b> {
    objects: &'b Objects<'a>,
    works: &'b [Work<'a>],
    scopes: &'b [Scope<'a>],
    members: OnceCell<HashMap<ObjectId, Vec<usize>>>,
    known: RefCell<HashMap<ObjectId, Fields<'a>>>,
    asking: RefCell<Vec<ObjectId>>,
    /// What is being evaluated asks for something that asks for itself.
    circle: Cell<bool>,
    /// What objects hold as far as no look-up is needed for it.
    shallow: RefCell<HashMap<ObjectId, Fields<'a>>>,
}

impl<'a, 'b> Looker<'a, 'b> {
    pub(super) fn new(objects: &'b Objects<'a>, works: &'b [Work<'a>], scopes: &'b [Scope<'a>]) -> Self {
        Self {
            objects,
            works,
            scopes,
            members: OnceCell::new(),
            known: RefCell::default(),
            asking: RefCell::default(),
            circle: Cell::new(false),
            shallow: RefCell::default(),
        }
    }

    /// The entries of an object that take part, in the order of the documents.
    fn members(&self, object: ObjectId) -> impl Iterator<Item = &'b Work<'a>> {
        let members = self.members.get_or_init(|| {
            let mut members: HashMap<ObjectId, Vec<usize>> = HashMap::new();
            for (index, _) in self.works.iter().enumerate().filter(|(_, work)| work.status == Status::Live) {
                if let Some(object) = self.objects.of(EntryIndex(index)) {
                    members.entry(object).or_default().push(index);
                }
            }
            members
        });
        let works = self.works;
        let list = members.get(&object).cloned().unwrap_or_default();
        list.into_iter().filter_map(|index| works.get(index))
    }

    /// Whether the highest entry wants the object away.
    fn is_absent(&self, object: ObjectId) -> bool {
        self.members(object).last().is_some_and(|work| work.state == Presence::Absent)
    }

    /// What a declared object holds.
    fn fields(&self, object: ObjectId) -> Fields<'a> {
        let object = self.objects.root(object);
        if let Some(known) = self.known.borrow().get(&object) {
            self.circle.set(self.circle.get() || matches!(known, Fields::Circle));
            return known.clone();
        }
        if self.asking.borrow().contains(&object) {
            self.circle.set(true);
            return Fields::Circle;
        }
        if self.asking.borrow().len() >= DEPTH {
            return Fields::Unknown;
        }
        self.asking.borrow_mut().push(object);
        let before = self.circle.replace(false);
        let mut fields = self.evaluated(object, |work| work.now(self.scopes, self));
        self.asking.borrow_mut().pop();
        if self.circle.get() {
            fields = Fields::Circle;
        }
        self.circle.set(before || self.circle.get());
        self.known.borrow_mut().insert(object, fields.clone());
        fields
    }

    /// What a declared object holds; what needs a look-up is not known here.
    fn shallow(&self, object: ObjectId) -> Fields<'a> {
        if let Some(known) = self.shallow.borrow().get(&object) {
            return known.clone();
        }
        let fields = self.evaluated(object, |work| {
            (!work.attributes.open).then(|| (work.attributes.attrs.clone(), work.identifiers.clone()))
        });
        self.shallow.borrow_mut().insert(object, fields.clone());
        fields
    }

    fn evaluated(
        &self,
        object: ObjectId,
        read: impl Fn(&Work<'a>) -> Option<(Vec<Field<'a>>, Vec<Field<'a>>)>,
    ) -> Fields<'a> {
        let Some(model) = self.objects.model(object) else { return Fields::Unknown };
        let existing = self.objects.existing(object);
        let span = self.members(object).last().map(|work| work.entry.span);
        let Some(span) = span else { return Fields::Unknown };
        let Some(mut fields) = self.base(model, &existing, span) else { return Fields::Unknown };
        for work in self.members(object).filter(|work| work.state != Presence::Absent) {
            let Some((attrs, identifiers)) = read(work) else { return Fields::Unknown };
            for (name, key, value) in self.objects.together(attrs, &identifiers) {
                let Some(field) = model.field(&name) else { continue };
                // What is only given at creation does not count where the object is there already.
                let value = match existing {
                    _ if field.secret.is_some() => continue,
                    Answer::Found(_) if work.state != Presence::Present => continue,
                    Answer::Unknown if work.state == Presence::Created => Val::unknown(value.span),
                    _ => value,
                };
                match fields.iter_mut().find(|(known, ..)| *known == name) {
                    Some(slot) => *slot = (name, key, value),
                    None => fields.push((name, key, value)),
                }
            }
        }
        fields.push(("pk".into(), span, Val::new(What::Object(object), span)));
        Fields::Known(Rc::new(fields))
    }

    /// What the object holds before its entries say anything: what is in the database, else the defaults.
    fn base(&self, model: &'static Model, existing: &Answer<ExistingKey>, span: Span) -> Option<Vec<Field<'a>>> {
        if let Answer::Found(key) = existing {
            return self.held(key, span);
        }
        let field = |field: &'static models::Field| {
            let what = match (&field.default, existing) {
                _ if field.secret.is_some() => What::Secret,
                (_, Answer::Unknown) => What::Unknown,
                (Some(default), _) => Val::from_json(default, span).what,
                (None, _) if field.required => What::Unknown,
                (None, _) => What::Null,
            };
            (field.name.as_str().into(), span, Val::new(what, span))
        };
        Some(model.fields.iter().map(field).collect())
    }

    /// What an object of the database holds, all of it at one place.
    fn held(&self, key: &ExistingKey, span: Span) -> Option<Vec<Field<'a>>> {
        let model = models::model(&key.model)?;
        let held = self.objects.held(key)?;
        let field = |field: &'static models::Field| {
            let value = held.get(&field.name).map_or_else(|| Val::null(span), |json| Val::from_json(json, span));
            let value = if field.secret.is_some() { Val::new(What::Secret, span) } else { value };
            (field.name.as_str().into(), span, value)
        };
        Some(model.fields.iter().map(field).collect())
    }

    /// Whether all conditions hold for a declared object; none where that is not known.
    fn judge(&self, object: ObjectId, conditions: &[(String, Val<'a>)], in_database: &HashSet<Uuid>) -> Option<bool> {
        let model = self.objects.model(object)?;
        // Mostly that is enough, and an object can ask for others of its own model.
        let shallow = self.shallow(object);
        let is_there = |existing: Answer<ExistingKey>| match existing {
            Answer::Found(key) => Some(in_database.contains(&key.id)),
            _ => Some(false),
        };
        let mut all = Some(true);
        for (path, wanted) in conditions {
            let wanted = match wanted.json() {
                Some(json) => Val::from_json(&model.coerce(path, json), wanted.span),
                None => wanted.clone(),
            };
            let known = |fields: &Fields<'a>| match fields {
                Fields::Known(fields) => self.test(fields, path, &wanted),
                Fields::Unknown | Fields::Circle => None,
            };
            match known(&shallow).or_else(|| known(&self.fields(object))) {
                Some(true) => {}
                Some(false) => return Some(false),
                // What only the database can judge, it has judged.
                None => match self.objects.existing(object) {
                    found @ Answer::Found(_) if is_there(found.clone()) == Some(true) => {}
                    _ => all = None,
                },
            }
        }
        all
    }

    /// Whether one condition holds for what an object holds.
    fn test(&self, fields: &[Field<'a>], path: &str, wanted: &Val<'a>) -> Option<bool> {
        let mut parts = path.split("__");
        let first = parts.next()?;
        let find = |fields: &[Field<'a>], name: &str| {
            let name = if name == "uuid" { "pk" } else { name };
            fields.iter().find(|(known, ..)| known == name).map(|(_, _, value)| value.clone())
        };
        let mut value = find(fields, first)?;
        let mut operator = Operator::Exact;
        for part in parts {
            value = match &value.what {
                What::Map(pairs) if pairs.iter().any(|(known, ..)| known == part) => find(pairs, part)?,
                What::Entry(_) | What::Object(_) | What::Existing(_) if Operator::parse(part).is_none() => {
                    find(&self.behind(&value)?, part)?
                }
                What::Unknown | What::Secret => return None,
                _ => match Operator::parse(part) {
                    Some(found) => {
                        operator = found;
                        value
                    }
                    None => Val::null(value.span),
                },
            };
        }
        match operator {
            Operator::Exact => self.equal(&value, wanted),
            Operator::IsNull if matches!(value.what, What::Entry(_) | What::Object(_) | What::Existing(_)) => {
                wanted.truth().map(|null| !null)
            }
            Operator::In => match &wanted.what {
                What::List(items) => {
                    let found: Vec<Option<bool>> = items.iter().map(|one| self.equal(&value, one)).collect();
                    if found.contains(&Some(true)) {
                        Some(true)
                    } else {
                        found.into_iter().find(Option::is_none).unwrap_or(Some(false))
                    }
                }
                _ => Some(false),
            },
            _ => Some(operator.matches(&value.json()?, &wanted.json()?)),
        }
    }

    /// What the object behind a reference holds.
    fn behind(&self, value: &Val<'a>) -> Option<Vec<Field<'a>>> {
        let object = match &value.what {
            What::Existing(key) => return self.held(key, value.span),
            What::Entry(entry) => self.objects.of(*entry)?,
            What::Object(object) => *object,
            _ => return None,
        };
        match self.fields(object) {
            Fields::Known(fields) => Some((*fields).clone()),
            Fields::Unknown | Fields::Circle => None,
        }
    }

    fn equal(&self, value: &Val<'a>, wanted: &Val<'a>) -> Option<bool> {
        let same = |value: &Val<'a>| Some(self.objects.canonical(value)? == self.objects.canonical(wanted)?);
        match (&value.what, &wanted.what) {
            (What::Map(_), What::Map(_)) => Some(contains(&value.json()?, &wanted.json()?)),
            // One key finds the objects whose list holds it.
            (What::List(items), What::Entry(_) | What::Object(_) | What::Existing(_)) => {
                let found: Option<Vec<bool>> = items.iter().map(same).collect();
                Some(found?.contains(&true))
            }
            _ => same(value),
        }
    }
}

impl<'a> Finder<'a> for Looker<'a, '_> {
    fn find(&self, target: &Target, conditions: &[(String, Val<'a>)]) -> Lookup {
        let models = target.models();
        for model in &models {
            let found = self.objects.declared(model, conditions).unwrap_or_else(|()| {
                let all = self.objects.of_model(model.name).into_iter();
                all.filter(|object| !self.is_absent(*object))
                    .find(|object| self.judge(*object, conditions, &HashSet::new()) == Some(true))
            });
            if let Some(object) = found {
                return Lookup::Declared(object);
            }
        }
        self.objects.misses.note(target, conditions);
        self.objects.in_database(&models, conditions)
    }

    fn find_all(&self, target: &Target, conditions: &[(String, Val<'a>)]) -> Option<Vec<Lookup>> {
        let mut found = Vec::new();
        for model in target.models() {
            let mut there = self.objects.all_in_database(model, conditions)?;
            let ids: HashSet<Uuid> = there.iter().map(|key| key.id).collect();
            let mut declared = Vec::new();
            let mut seen = HashSet::new();
            for object in self.objects.of_model(model.name) {
                if let Answer::Found(key) = self.objects.existing(object) {
                    seen.insert(key.id);
                }
                if !self.is_absent(object) && self.judge(object, conditions, &ids)? {
                    declared.push(object);
                }
            }
            let place = |object: &ObjectId| self.members(*object).next().map(|work| work.entry.span);
            declared.sort_by_key(place);
            found.extend(declared.into_iter().map(Lookup::Declared));
            there.retain(|key| !seen.contains(&key.id));
            found.extend(there.into_iter().map(Lookup::Existing));
        }
        Some(found)
    }

    fn object(&self, found: &Lookup, at: Span) -> Held<'a> {
        match found {
            Lookup::Declared(object) => match self.fields(*object) {
                Fields::Known(fields) => Held::Fields((*fields).clone()),
                Fields::Unknown => Held::Unknown,
                Fields::Circle => Held::Circle,
            },
            Lookup::Existing(key) => match self.held(key, at) {
                Some(mut fields) => {
                    fields.push(("pk".into(), at, Val::new(What::Existing(Box::new(key.clone())), at)));
                    Held::Fields(fields)
                }
                None => Held::Unknown,
            },
            Lookup::Nothing | Lookup::Unknown => Held::Unknown,
        }
    }
}
