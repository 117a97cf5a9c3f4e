//! Values on their way into the sandbox and out of it.
//!
//! The interpreter copies values at its border and knows only its own types. What holds no instance goes in as it is;
//! the rest goes in as tuples, which `prelude/core.py` takes apart: there are no tuples in a [`Value`]. Identity: a value
//! that the context and the plan's context hold under the same name is one value inside, and so are equal users.

use monty_types::MontyObject;

use crate::value::{Class, Value};

const MAP: i64 = 0;
const LIST: i64 = 1;
const OBJECT: i64 = 2;
const SEEN: i64 = 3;

type Fields = [(String, Value)];

/// Encodes values in order; later ones may refer to earlier ones.
pub(crate) struct Encoder<'v> {
    /// The context and the context of the plan in it.
    context: &'v Fields,
    plan: &'v Fields,
    seen: Vec<Seen<'v>>,
}

struct Seen<'v> {
    value: &'v Value,
    /// Under which name of the contexts, for containers.
    name: Option<&'v str>,
}

impl<'v> Encoder<'v> {
    pub(crate) fn new(context: &'v Value) -> Self {
        let context = fields(context);
        let plan = context.iter().find(|(name, _)| name == "flow_plan").map_or(&[] as &Fields, |(_, plan)| {
            fields(plan).iter().find(|(name, _)| name == "context").map_or(&[], |(_, inner)| fields(inner))
        });
        Self { context, plan, seen: Vec::new() }
    }

    /// One value.
    pub(crate) fn encode(&mut self, value: &'v Value) -> MontyObject {
        match value {
            Value::Object(class, own) => self.object(value, *class, own),
            Value::Map(own)
                if std::ptr::eq(own.as_slice(), self.context) || std::ptr::eq(own.as_slice(), self.plan) =>
            {
                let pairs = own.iter().map(|(name, value)| pair(name, self.named(name, value))).collect();
                tagged(MAP, [MontyObject::List(pairs), MontyObject::Bool(false)])
            }
            Value::Map(own) if holds_object(value) => self.map(own, false),
            Value::List(items) if holds_object(value) => self.list(items, false),
            _ => plain(value),
        }
    }

    /// An entry of one of the two contexts.
    fn named(&mut self, name: &'v str, value: &'v Value) -> MontyObject {
        let container = matches!(value, Value::Map(_) | Value::List(_));
        let both =
            || self.context.iter().chain(self.plan).filter(|(other, held)| other == name && held == value).count();
        if !container || name == "flow_plan" || both() < 2 {
            return self.encode(value);
        }
        if let Some(index) = self.seen.iter().position(|seen| seen.name == Some(name)) {
            return tagged(SEEN, [index_object(index)]);
        }
        self.seen.push(Seen { value, name: Some(name) });
        match value {
            Value::Map(own) => self.map(own, true),
            Value::List(items) => self.list(items, true),
            _ => plain(value),
        }
    }

    fn map(&mut self, own: &'v Fields, shared: bool) -> MontyObject {
        let pairs = own.iter().map(|(name, value)| pair(name, self.encode(value))).collect();
        tagged(MAP, [MontyObject::List(pairs), MontyObject::Bool(shared)])
    }

    fn list(&mut self, items: &'v [Value], shared: bool) -> MontyObject {
        let items = items.iter().map(|item| self.encode(item)).collect();
        tagged(LIST, [MontyObject::List(items), MontyObject::Bool(shared)])
    }

    fn object(&mut self, value: &'v Value, class: Class, own: &'v Fields) -> MontyObject {
        if let Some(index) = self.seen.iter().position(|seen| seen.name.is_none() && seen.value == value) {
            return tagged(SEEN, [index_object(index)]);
        }
        self.seen.push(Seen { value, name: None });
        let pairs = own.iter().map(|(name, value)| pair(name, self.encode(value))).collect();
        tagged(OBJECT, [MontyObject::String(class_name(class).to_owned()), MontyObject::List(pairs)])
    }
}

fn index_object(index: usize) -> MontyObject {
    MontyObject::Int(i64::try_from(index).unwrap_or(i64::MAX))
}

fn tagged<const N: usize>(tag: i64, rest: [MontyObject; N]) -> MontyObject {
    MontyObject::Tuple(std::iter::once(MontyObject::Int(tag)).chain(rest).collect())
}

pub(crate) fn pair(name: &str, value: MontyObject) -> MontyObject {
    MontyObject::List(vec![MontyObject::String(name.to_owned()), value])
}

fn fields(value: &Value) -> &Fields {
    match value {
        Value::Map(own) | Value::Object(_, own) => own,
        _ => &[],
    }
}

fn holds_object(value: &Value) -> bool {
    match value {
        Value::Object(..) => true,
        Value::List(items) => items.iter().any(holds_object),
        Value::Map(own) => own.iter().any(|(_, value)| holds_object(value)),
        _ => false,
    }
}

fn plain(value: &Value) -> MontyObject {
    match value {
        Value::Bool(it) => MontyObject::Bool(*it),
        Value::Int(it) => MontyObject::Int(*it),
        Value::Float(it) => MontyObject::Float(*it),
        Value::String(it) => MontyObject::String(it.clone()),
        Value::List(items) => MontyObject::List(items.iter().map(plain).collect()),
        Value::Map(own) => {
            let pairs: Vec<_> =
                own.iter().map(|(name, value)| (MontyObject::String(name.clone()), plain(value))).collect();
            MontyObject::dict(pairs)
        }
        Value::Null | Value::Object(..) => MontyObject::None,
    }
}

/// A value that left the sandbox through `_gw_clean`: plain, or a tuple for an instance.
pub(crate) fn decode(object: MontyObject) -> Value {
    match object {
        MontyObject::None => Value::Null,
        MontyObject::Bool(it) => Value::Bool(it),
        MontyObject::Int(it) => Value::Int(it),
        MontyObject::Float(it) => Value::Float(it),
        MontyObject::String(it) => Value::String(it),
        MontyObject::List(items) => Value::List(items.into_iter().map(decode).collect()),
        MontyObject::Dict(pairs) => Value::Map(
            pairs
                .into_iter()
                .map(|(name, value)| {
                    let name = if let MontyObject::String(name) = name { name } else { name.to_string() };
                    (name, decode(value))
                })
                .collect(),
        ),
        MontyObject::Tuple(parts) => decode_object(parts),
        // Integers beyond 64 bits.
        other => Value::String(other.to_string()),
    }
}

fn decode_object(parts: Vec<MontyObject>) -> Value {
    let mut parts = parts.into_iter();
    let (Some(MontyObject::Int(OBJECT)), Some(MontyObject::String(name)), Some(own)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Value::Null;
    };
    match (class(&name), decode(own)) {
        (Some(class), Value::Map(own)) => Value::Object(class, own),
        _ => Value::Null,
    }
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::User => "User",
        Class::Group => "Group",
        Class::HttpRequest => "HttpRequest",
        Class::FlowPlan => "FlowPlan",
        Class::PolicyResult => "PolicyResult",
    }
}

fn class(name: &str) -> Option<Class> {
    let all = [Class::User, Class::Group, Class::HttpRequest, Class::FlowPlan, Class::PolicyResult];
    all.into_iter().find(|class| class_name(*class) == name)
}
