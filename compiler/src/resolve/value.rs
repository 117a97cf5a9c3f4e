//! What a node evaluates to: a value with its place, references and gaps included.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Map, Number, Value as Json};

use super::flow::Flow;
use super::trail::{self, Trail};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::world::ExistingKey;
use crate::yaml::{Node, Plain};

/// An entry, counted over all files of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryIndex(pub(crate) usize);

/// An object that entries declare, while they are still being put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId(pub(crate) usize);

/// A value and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Val<'a> {
    pub(crate) what: What<'a>,
    /// Where a message about it points.
    pub(crate) span: Span,
    /// The scalar that is its text, for places inside of it.
    pub(crate) node: Option<&'a Node<'a>>,
    /// The loops and context values that it came through.
    pub(crate) trail: Trail,
    /// What it is made of, if that is more than its text.
    pub(crate) flow: Flow,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum What<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Val<'a>>),
    Map(Vec<(Cow<'a, str>, Span, Val<'a>)>),
    /// `!KeyOf`
    Entry(EntryIndex),
    /// `!Find` of something that the files declare
    Object(ObjectId),
    /// `!Find` of something that only the database has
    Existing(Box<ExistingKey>),
    /// `!Find` that found nothing: null that remembers why
    Nothing,
    /// a secret of an object that `!FindObject` found: it does not come out
    Secret,
    /// Only a later look can tell, or a mistake was reported here.
    Unknown,
}

impl<'a> Val<'a> {
    pub(crate) fn new(what: What<'a>, span: Span) -> Self {
        Self { what, span, node: None, trail: None, flow: None }
    }

    pub(crate) fn unknown(span: Span) -> Self {
        Self::new(What::Unknown, span)
    }

    pub(crate) fn null(span: Span) -> Self {
        Self::new(What::Null, span)
    }

    pub(crate) fn text(value: impl Into<Cow<'a, str>>, span: Span) -> Self {
        Self::new(What::Text(value.into()), span)
    }

    /// A value of the world or of the defaults, all of it at one place.
    pub(crate) fn from_json(json: &Json, span: Span) -> Self {
        let what = match json {
            Json::Null => What::Null,
            Json::Bool(value) => What::Bool(*value),
            Json::Number(value) => match value.as_i64() {
                Some(value) => What::Int(value),
                None => What::Float(value.as_f64().unwrap_or_default()),
            },
            Json::String(value) => What::Text(Cow::Owned(value.clone())),
            Json::Array(items) => What::List(items.iter().map(|item| Self::from_json(item, span)).collect()),
            Json::Object(pairs) => What::Map(
                pairs
                    .iter()
                    .map(|(name, value)| (Cow::Owned(name.clone()), span, Self::from_json(value, span)))
                    .collect(),
            ),
        };
        Self::new(what, span)
    }

    /// JSON where the value is nothing but that.
    pub(crate) fn json(&self) -> Option<Json> {
        Some(match &self.what {
            What::Null | What::Nothing => Json::Null,
            What::Bool(value) => Json::Bool(*value),
            What::Int(value) => Json::from(*value),
            What::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
            What::Text(value) => Json::from(&**value),
            What::List(items) => Json::Array(items.iter().map(Val::json).collect::<Option<_>>()?),
            What::Map(pairs) => {
                let pairs: Option<Map<String, Json>> =
                    pairs.iter().map(|(name, _, value)| Some((name.clone().into_owned(), value.json()?))).collect();
                Json::Object(pairs?)
            }
            What::Entry(_) | What::Object(_) | What::Existing(_) => return None,
            What::Secret | What::Unknown => return None,
        })
    }

    /// Whether the peer's `bool()` takes it as true; none where that is not known.
    pub(crate) fn truth(&self) -> Option<bool> {
        match &self.what {
            What::Null | What::Nothing => Some(false),
            What::Bool(value) => Some(*value),
            What::Int(value) => Some(*value != 0),
            What::Float(value) => Some(*value != 0.0),
            What::Text(value) => Some(!value.is_empty()),
            What::List(items) => Some(!items.is_empty()),
            What::Map(pairs) => Some(!pairs.is_empty()),
            What::Entry(_) | What::Object(_) | What::Existing(_) => Some(true),
            What::Secret | What::Unknown => None,
        }
    }

    /// Equality as the peer's `==` has it; none where that is not known.
    pub(crate) fn same(&self, other: &Self) -> Option<bool> {
        match (&self.what, &other.what) {
            (What::Unknown | What::Secret, _) => None,
            (_, What::Unknown | What::Secret) => None,
            (What::Int(left), What::Int(right)) => Some(left == right),
            (What::Text(left), What::Text(right)) => Some(left == right),
            (What::List(left), What::List(right)) => {
                if left.len() != right.len() {
                    return Some(false);
                }
                every(left.iter().zip(right).map(|(left, right)| left.same(right)))
            }
            (What::Map(left), What::Map(right)) => {
                if left.len() != right.len() {
                    return Some(false);
                }
                every(left.iter().map(|(name, _, left)| match right.iter().find(|(other, ..)| other == name) {
                    Some((_, _, right)) => left.same(right),
                    None => Some(false),
                }))
            }
            (What::Entry(left), What::Entry(right)) => Some(left == right),
            (What::Object(left), What::Object(right)) => Some(left == right),
            (What::Existing(left), What::Existing(right)) => Some(left.id == right.id),
            (What::Existing(key), _) => other.same_key(key),
            (_, What::Existing(key)) => self.same_key(key),
            // A key that the plan gives out: it can be a text or a number, and nothing else.
            (What::Entry(_) | What::Object(_), value) | (value, What::Entry(_) | What::Object(_)) => {
                let key = matches!(value, What::Text(_) | What::Int(_) | What::Entry(_) | What::Object(_));
                if key { None } else { Some(false) }
            }
            (What::Null | What::Nothing, What::Null | What::Nothing) => Some(true),
            _ => match (self.number(), other.number()) {
                (Some(left), Some(right)) => Some(left.total_cmp(&right).is_eq() || left == right),
                _ => Some(false),
            },
        }
    }

    fn same_key(&self, key: &ExistingKey) -> Option<bool> {
        match &self.what {
            What::Entry(_) | What::Object(_) => None,
            _ => Some(self.json()? == key.key),
        }
    }

    fn number(&self) -> Option<f64> {
        match self.what {
            What::Bool(value) => Some(f64::from(u8::from(value))),
            #[expect(clippy::cast_precision_loss, reason = "compared with a float, as the peer does")]
            What::Int(value) => Some(value as f64),
            What::Float(value) => Some(value),
            _ => None,
        }
    }

    /// A text that two values share exactly when they are the same; `named` knows the objects behind references.
    pub(crate) fn canonical(&self, named: &impl Fn(&What<'a>) -> Option<usize>) -> Option<String> {
        let mut text = String::new();
        self.write_canonical(named, &mut text).map(|()| text)
    }

    /// The same behind what a text holds already. None where that is not known, with a part of it written.
    pub(crate) fn write_canonical(&self, named: &impl Fn(&What<'a>) -> Option<usize>, to: &mut String) -> Option<()> {
        // A text says how long it is, so that no two values look the same side by side.
        let written = match &self.what {
            What::Null | What::Nothing => write!(to, "null"),
            What::Bool(value) => write!(to, "{value}"),
            What::Int(value) => write!(to, "{value}"),
            What::Float(value) => write!(to, "{value:?}"),
            What::Text(text) => write!(to, "{}\"{text}", text.len()),
            What::Entry(_) | What::Object(_) => write!(to, "@{}", named(&self.what)?),
            What::Existing(key) => write!(to, "#{}", key.id),
            What::List(items) => {
                to.push('[');
                for item in items {
                    item.write_canonical(named, to)?;
                    to.push(',');
                }
                write!(to, "]")
            }
            What::Map(pairs) => {
                let mut sorted: Vec<_> = pairs.iter().map(|(name, _, value)| (&**name, value)).collect();
                sorted.sort_by_key(|(name, _)| *name);
                to.push('{');
                for (name, value) in sorted {
                    write!(to, "{}\"{name}:", name.len()).ok()?;
                    value.write_canonical(named, to)?;
                    to.push(',');
                }
                write!(to, "}}")
            }
            What::Secret | What::Unknown => return None,
        };
        written.ok()
    }

    /// A finding about it, with the way that it came.
    pub(crate) fn finding(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        self.shown(Diagnostic::at(code, self.span, message))
    }

    /// A finding that belongs to it, with the way that it came.
    pub(crate) fn shown(&self, diagnostic: Diagnostic) -> Diagnostic {
        trail::shown(diagnostic, &self.trail)
    }

    /// The value as it stands where it is used: parts keep their own places.
    pub(crate) fn placed(self, span: Span) -> Self {
        if self.has_parts() { self } else { Self { span, trail: None, ..self } }
    }

    /// Whether it is null, for whatever reason.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.what, What::Null | What::Nothing)
    }

    /// Whether it has parts, each with a place of its own.
    pub(crate) fn has_parts(&self) -> bool {
        matches!(self.what, What::List(_) | What::Map(_))
    }

    /// Whether a part of it is not known.
    pub(crate) fn has_unknown(&self) -> bool {
        self.any(&mut |val| matches!(val.what, What::Unknown))
    }

    /// Whether any part of it is so.
    pub(crate) fn any(&self, test: &mut impl FnMut(&Self) -> bool) -> bool {
        if test(self) {
            return true;
        }
        match &self.what {
            What::List(items) => items.iter().any(|item| item.any(test)),
            What::Map(pairs) => pairs.iter().any(|(_, _, value)| value.any(test)),
            _ => false,
        }
    }

    /// How many values it holds.
    pub(crate) fn size(&self) -> usize {
        let mut size = 0;
        self.any(&mut |_| {
            size += 1;
            false
        });
        size
    }

    /// What it is called in messages.
    pub(crate) fn describe(&self) -> String {
        match &self.what {
            What::Null => "nothing".to_owned(),
            What::Bool(value) => Plain::Bool(*value).describe(),
            What::Int(value) => Plain::Int(*value).describe(),
            What::Float(value) => Plain::Float(*value).describe(),
            What::Text(value) => Plain::Text(value).describe(),
            What::List(_) => "a list".to_owned(),
            What::Map(_) => "a map".to_owned(),
            What::Entry(_) | What::Object(_) | What::Existing(_) => "the key of an object".to_owned(),
            What::Nothing => "a look-up that found nothing".to_owned(),
            What::Secret => "a secret".to_owned(),
            What::Unknown => "a value that is not known yet".to_owned(),
        }
    }
}

impl<'a> What<'a> {
    /// The value of a plain scalar.
    pub(crate) fn of_plain(plain: Plain<'a>) -> Self {
        match plain {
            Plain::Null => Self::Null,
            Plain::Bool(value) => Self::Bool(value),
            Plain::Int(value) => Self::Int(value),
            Plain::Float(value) => Self::Float(value),
            Plain::Text(text) => Self::Text(Cow::Borrowed(text)),
        }
    }
}

/// Whether all are true; none where that hangs on one that is not known.
pub(crate) fn every(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}
