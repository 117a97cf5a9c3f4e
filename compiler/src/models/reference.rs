//! Keys of other objects, typed by what they refer to.
//!
//! `Ref<kind::Flow>` is a UUID and `IntRef<kind::User>` a number (users and providers have numbers, everything else
//! UUIDs); both say in their schema (`x-reference`) what they point
//! to, which is how the compiler knows that an attribute is a reference.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Something that can be referred to.
pub trait Kind {
    /// Its name, as in [`super::Model::kinds`].
    const NAME: &'static str;
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal;)+) => {
        /// The kinds of things that attributes refer to.
        pub mod kind {
            $($(#[doc = $doc])+ #[derive(Clone, Copy, Debug)] pub struct $kind;
            impl super::Kind for $kind { const NAME: &'static str = $name; })+
        }
    };
}

kinds! {
    /// An application.
    Application = "application";
    /// A certificate, maybe with its private key.
    CertificateKeyPair = "certificatekeypair";
    /// Something that happened.
    Event = "event";
    /// A flow.
    Flow = "flow";
    /// A group of users.
    Group = "group";
    /// A transport of notifications.
    NotificationTransport = "notificationtransport";
    /// A mapping that shapes a webhook.
    NotificationWebhookMapping = "notificationwebhookmapping";
    /// A provider of OAuth 2 and OpenID Connect, by its number.
    OAuth2Provider = "oauth2provider";
    /// A source of OAuth 2 and OpenID Connect.
    OAuthSource = "oauthsource";
    /// An outpost.
    Outpost = "outpost";
    /// A connection to what runs outposts.
    OutpostServiceConnection = "outpostserviceconnection";
    /// A stage that checks passwords.
    PasswordStage = "passwordstage";
    /// A stage that keeps robots out.
    CaptchaStage = "captchastage";
    /// Any policy.
    Policy = "policy";
    /// Anything that policies can be bound to.
    PolicyBindingModel = "policybindingmodel";
    /// A field of a prompt stage.
    Prompt = "prompt";
    /// Any mapping of properties.
    PropertyMapping = "propertymapping";
    /// Any provider, by its number.
    Provider = "provider";
    /// A provider of remote access, by its number.
    RacProvider = "racprovider";
    /// A role.
    Role = "role";
    /// A property mapping of SAML providers.
    SamlPropertyMapping = "samlpropertymapping";
    /// Any source.
    Source = "source";
    /// Any stage.
    Stage = "stage";
    /// A user.
    User = "user";
    /// A type of WebAuthn authenticator, by its AAGUID.
    WebAuthnDeviceType = "webauthndevicetype";
}

macro_rules! reference {
    ($(#[doc = $doc:literal])+ $name:ident, $key:ty, $prefix:literal, $schema:tt) => {
        $(#[doc = $doc])+
        pub struct $name<K> {
            key: $key,
            kind: PhantomData<fn() -> K>,
        }

        impl<K> $name<K> {
            /// A reference to the object with this key.
            #[must_use]
            pub fn new(key: $key) -> Self {
                Self { key, kind: PhantomData }
            }

            /// The key.
            #[must_use]
            pub fn key(self) -> $key {
                self.key
            }
        }

        impl<K> Clone for $name<K> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<K> Copy for $name<K> {}

        impl<K> PartialEq for $name<K> {
            fn eq(&self, other: &Self) -> bool {
                self.key == other.key
            }
        }

        impl<K> Eq for $name<K> {}

        impl<K> fmt::Debug for $name<K> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.key)
            }
        }

        impl<K> Serialize for $name<K> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.key.serialize(serializer)
            }
        }

        impl<'de, K> Deserialize<'de> for $name<K> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::new(<$key>::deserialize(deserializer)?))
            }
        }

        impl<K: Kind> JsonSchema for $name<K> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                format!(concat!($prefix, "{}"), K::NAME).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!($schema);
                schema.insert("x-reference".to_owned(), K::NAME.into());
                schema
            }
        }
    };
}

reference! {
    /// The key of an object of the kind `K`.
    Ref, Uuid, "ref-", { "type": "string", "format": "uuid" }
}

reference! {
    /// The number of a user or of a provider.
    IntRef, i64, "int-ref-", { "type": "integer", "format": "int64" }
}
