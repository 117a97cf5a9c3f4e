//! Values that go in and out of the sandbox.

use serde::{Deserialize, Serialize};

/// Classes of the prelude whose instances cross the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// `pk`, `uuid`, `username`, `name`, `email`, `is_active`, `is_authenticated`, `is_superuser`, `type`, `path`,
    /// `attributes`, `group_attributes` (a map), `groups` (a list of [`Class::Group`]), `has_usable_password`,
    /// `backend` (absent unless a backend checked the user), `saved` (false for a pretended user).
    User,
    /// `pk`, `num_pk`, `name`, `is_superuser`, `attributes`.
    Group,
    /// `path`, `method`, `GET` (a map), `META` (a map), `tenant` (a map), `brand` (a map).
    HttpRequest,
    /// `context` (a map), `slug`.
    FlowPlan,
    /// `passing`, `messages`, `raw_result`.
    PolicyResult,
}

/// A value: JSON, plus instances of the prelude's classes. Maps keep their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// None
    #[default]
    Null,
    /// bool
    Bool(bool),
    /// int
    Int(i64),
    /// float
    Float(f64),
    /// str
    String(String),
    /// list, tuple or set
    List(Vec<Value>),
    /// dict with string keys
    Map(Vec<(String, Value)>),
    /// An instance.
    Object(Class, Vec<(String, Value)>),
}

impl Value {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 16,
            Self::String(text) => text.len() + 24,
            Self::List(items) => items.iter().map(Self::size).sum::<usize>() + 24,
            Self::Map(own) | Self::Object(_, own) => {
                own.iter().map(|(name, value)| name.len() + 24 + value.size()).sum::<usize>() + 24
            }
        }
    }
}
