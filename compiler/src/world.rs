//! What a blueprint may ask of the world outside its files, as a trait that the caller implements.
//!
//! Tags are evaluated twice by one evaluator: `check` passes a world that answers [`Answer::Unknown`],
//! the plan one that knows the environment and the observed objects.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::source::SourceFile;

/// An answer of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// There it is.
    Found(T),
    /// It is certain that there is none.
    Missing,
    /// Only a later look can tell.
    Unknown,
}

/// What comes of a `!File`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAnswer {
    /// What it holds.
    Text(String),
    /// It is not there, or not to be read; and why.
    Missing(String),
    /// It is there and is no text that can be taken in; and why. No default stands in for that.
    Broken(String),
    /// It lies where no blueprint may read.
    Outside,
    /// Only a later look can tell.
    Unknown,
}

/// The id of an object that the database holds, with the key by which others refer to it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExistingKey {
    /// Its id.
    pub id: Uuid,
    /// Its model, `authentik_flows.flow`.
    pub model: String,
    /// What the peer's API calls `pk`: the id as text, or an integer for users, providers and devices.
    pub key: Json,
}

/// The world as blueprints see it.
pub trait World {
    /// `!Env NAME`.
    fn env(&self, name: &str) -> Answer<String>;

    /// `!File PATH`, relative to the folder of the blueprint's layer.
    fn file(&self, from: &SourceFile, path: &str) -> FileAnswer;

    /// `!Find [model, [field, value]…]` among the objects of the database. `field` may carry a look-up
    /// (`name__iexact`); references in values are already keys.
    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey>;

    /// `!FindMany`: everything that [`World::find`] chooses from, in a stable order; none where that is not known.
    fn find_all(&self, model: &str, conditions: &[(String, Json)]) -> Option<Vec<ExistingKey>>;

    /// `!FindObject`: what an object holds, references as keys, without its secrets.
    fn object(&self, key: &ExistingKey) -> Option<Map<String, Json>>;
}

/// The world of `check`: nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnknownWorld;

impl World for UnknownWorld {
    fn env(&self, _: &str) -> Answer<String> {
        Answer::Unknown
    }

    fn file(&self, _: &SourceFile, _: &str) -> FileAnswer {
        FileAnswer::Unknown
    }

    fn find(&self, _: &str, _: &[(String, Json)]) -> Answer<ExistingKey> {
        Answer::Unknown
    }

    fn find_all(&self, _: &str, _: &[(String, Json)]) -> Option<Vec<ExistingKey>> {
        None
    }

    fn object(&self, _: &ExistingKey) -> Option<Map<String, Json>> {
        None
    }
}
