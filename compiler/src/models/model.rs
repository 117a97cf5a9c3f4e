//! A model as a value: what the compiler needs to know of a struct without knowing its type.

use std::sync::OnceLock;

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::behaviour::WITHOUT_BEHAVIOUR;
use super::field::{self, Field};
use super::validate::{self, SchemaError};
use super::{coerce, derive};
use crate::resolve::What;
use crate::suggest::{closest, whole_of};

/// What a model's struct says about itself beyond its fields.
pub trait Declared: JsonSchema + Serialize + DeserializeOwned {
    /// The full name in blueprints, `authentik_flows.flow`.
    const NAME: &'static str;
    /// How messages call it: `flow`.
    const TITLE: &'static str;
    /// The unique keys, each a set of fields that together name one object.
    const KEYS: &'static [&'static [&'static str]];
    /// As what others may refer to it.
    const KINDS: &'static [&'static str];
    /// Fields of which every object sets exactly one.
    const ONE_OF: &'static [&'static str] = &[];
    /// Where its rows live.
    const STORAGE: Storage = Storage::Object;

    /// Mistakes that no single field shows. `attrs` may lack fields that another entry sets.
    fn check(_attrs: &Map<String, Json>) -> Vec<SchemaError> {
        Vec::new()
    }
}

/// Where an object of a model is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Attributes alone.
    Object,
    /// A user, with rows that the server writes too.
    User,
    /// A group, with its members.
    Group,
    /// A token, looked up by its key.
    Token,
    /// A certificate with its private key.
    KeyPair,
    /// An instruction to the compiler; there is no object.
    Meta,
}

/// One model.
pub struct Model {
    /// The full name, `authentik_flows.flow`.
    pub name: &'static str,
    /// How messages call it: `flow`.
    pub title: &'static str,
    /// The unique keys.
    pub keys: &'static [&'static [&'static str]],
    /// As what it may be referred to.
    pub kinds: &'static [&'static str],
    /// Fields of which every object sets exactly one.
    pub one_of: &'static [&'static str],
    /// Where its rows live.
    pub storage: Storage,
    /// The attributes, in the order in which people read them.
    pub fields: Vec<Field>,
    schema: Json,
    check: fn(&Map<String, Json>) -> Vec<SchemaError>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Model {
    /// The model of a struct.
    pub(crate) fn of<T: Declared>() -> Self {
        let derived = derive::schema_of::<T>(T::TITLE);
        let fields = field::fields(&derived);
        Self {
            name: T::NAME,
            title: T::TITLE,
            keys: T::KEYS,
            kinds: T::KINDS,
            one_of: T::ONE_OF,
            storage: T::STORAGE,
            fields,
            schema: derive::for_blueprints(derived),
            check: T::check,
            validator: OnceLock::new(),
        }
    }

    /// The attribute of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether this version does anything with its objects. Those of other models are stored; a stage or a policy among
    /// them denies.
    #[must_use]
    pub fn has_behaviour(&self) -> bool {
        WITHOUT_BEHAVIOUR.binary_search(&self.name).is_err()
    }

    /// The attribute that was probably meant.
    #[must_use]
    pub fn suggest_field(&self, name: &str) -> Option<&str> {
        let names = || self.fields.iter().map(|field| field.name.as_str());
        closest(name, names()).or_else(|| whole_of(name, names()))
    }

    /// The value as the peer's serialisers would take it: `6` for the choice `"6"`, `"yes"` for true.
    /// What cannot be taken comes back unchanged, for [`Model::validate`] to complain about.
    #[must_use]
    pub fn coerce(&self, field: &str, value: Json) -> Json {
        match self.property(field) {
            Some(property) => coerce::coerce(property, value),
            None => value,
        }
    }

    /// Whether a value has the form of a field already, so that [`Model::coerce`] would leave it. Single values only.
    pub(crate) fn takes(&self, field: &str, value: &What<'_>) -> bool {
        let name = match value {
            What::Bool(_) => "boolean",
            What::Int(_) => "integer",
            What::Text(_) => "string",
            _ => return false,
        };
        match self.property(field).and_then(|property| property.get("type")) {
            Some(Json::String(one)) => one == name,
            Some(Json::Array(several)) => several.first().is_some_and(|first| first == name),
            _ => false,
        }
    }

    /// What is wrong with these attributes, apart from missing and unknown ones. One finding a place.
    #[must_use]
    pub fn validate(&self, attrs: &Map<String, Json>) -> Vec<SchemaError> {
        match self.validator.get_or_init(|| validate::validator(&self.schema)) {
            Ok(validator) => {
                let mut errors = validate::errors(validator, &self.schema, attrs);
                errors.extend((self.check)(attrs));
                errors
            }
            // A model that cannot judge must not let anything pass. A test builds every validator.
            Err(message) => vec![SchemaError { pointer: String::new(), message: message.clone(), help: None }],
        }
    }

    /// The JSON Schema of the attributes: draft-07, nothing required, no outside references.
    #[must_use]
    pub fn schema(&self) -> &Json {
        &self.schema
    }

    /// The schema of one attribute.
    pub(crate) fn property(&self, field: &str) -> Option<&Json> {
        self.schema.get("properties")?.get(field)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The models of a folder, one a line: what `registry.rs` puts together.
macro_rules! list {
    ($($model:ty),* $(,)?) => {
        /// The models of this folder.
        pub(super) fn models() -> Vec<super::Model> {
            vec![$(super::Model::of::<$model>()),*]
        }
    };
}
pub(crate) use list;

/// An enum over models of one kind: reads stored attributes into the right one.
macro_rules! variants {
    ($(#[doc = $doc:literal])+ pub enum $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident($model:ty),)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant($model),)+ }

        impl $name {
            /// Reads the attributes of an object of this model; none when the model is of another kind.
            #[must_use]
            pub fn from_attrs(
                model: &str,
                attrs: &serde_json::Map<String, serde_json::Value>,
            ) -> Option<Result<Self, serde_json::Error>> {
                let attrs = || serde_json::Value::Object(attrs.clone());
                match model {
                    $(<$model as $crate::models::Declared>::NAME => Some(serde_json::from_value(attrs()).map(Self::$variant)),)+
                    _ => None,
                }
            }

            /// Its name.
            #[must_use]
            pub fn name(&self) -> &str {
                match self { $(Self::$variant(it) => &it.name,)+ }
            }

            /// The full name of its model.
            #[must_use]
            pub fn model(&self) -> &'static str {
                match self { $(Self::$variant(_) => <$model as $crate::models::Declared>::NAME,)+ }
            }
        }
    };
}
pub(crate) use variants;
