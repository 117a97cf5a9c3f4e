//! Sources: where users and groups come from, the mappings that shape them, and who is connected to what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod groupkerberossourceconnection;
mod groupldapsourceconnection;
mod groupoauthsourceconnection;
mod groupplexsourceconnection;
mod groupsamlsourceconnection;
mod kerberossource;
mod kerberossourcepropertymapping;
mod ldapsource;
mod ldapsourcepropertymapping;
mod oauthsource;
mod oauthsourcepropertymapping;
mod plexsource;
mod plexsourcepropertymapping;
mod samlsource;
mod samlsourcepropertymapping;
mod scimsource;
mod scimsourcepropertymapping;
mod userkerberossourceconnection;
mod userldapsourceconnection;
mod useroauthsourceconnection;
mod userplexsourceconnection;
mod usersamlsourceconnection;

pub use groupkerberossourceconnection::GroupKerberosSourceConnection;
pub use groupldapsourceconnection::GroupLdapSourceConnection;
pub use groupoauthsourceconnection::GroupOauthSourceConnection;
pub use groupplexsourceconnection::GroupPlexSourceConnection;
pub use groupsamlsourceconnection::GroupSamlSourceConnection;
pub use kerberossource::{KadminType, KerberosSource};
pub use kerberossourcepropertymapping::KerberosSourcePropertyMapping;
pub use ldapsource::LdapSource;
pub use ldapsourcepropertymapping::LdapSourcePropertyMapping;
pub use oauthsource::{AuthorizationCodeAuthMethod, OAuthProviderType, OAuthSource};
pub use oauthsourcepropertymapping::OAuthSourcePropertyMapping;
pub use plexsource::PlexSource;
pub use plexsourcepropertymapping::PlexSourcePropertyMapping;
pub use samlsource::{SamlBindingType, SamlSource};
pub use samlsourcepropertymapping::SamlSourcePropertyMapping;
pub use scimsource::ScimSource;
pub use scimsourcepropertymapping::ScimSourcePropertyMapping;
pub use userkerberossourceconnection::UserKerberosSourceConnection;
pub use userldapsourceconnection::UserLdapSourceConnection;
pub use useroauthsourceconnection::UserOauthSourceConnection;
pub use userplexsourceconnection::UserPlexSourceConnection;
pub use usersamlsourceconnection::UserSamlSourceConnection;

super::model::list! {
    GroupKerberosSourceConnection,
    GroupLdapSourceConnection,
    GroupOauthSourceConnection,
    GroupPlexSourceConnection,
    GroupSamlSourceConnection,
    KerberosSource,
    KerberosSourcePropertyMapping,
    LdapSource,
    LdapSourcePropertyMapping,
    OAuthSource,
    OAuthSourcePropertyMapping,
    PlexSource,
    PlexSourcePropertyMapping,
    SamlSource,
    SamlSourcePropertyMapping,
    ScimSource,
    ScimSourcePropertyMapping,
    UserKerberosSourceConnection,
    UserLdapSourceConnection,
    UserOauthSourceConnection,
    UserPlexSourceConnection,
    UserSamlSourceConnection,
}

/// How it is decided which user here somebody is who comes from a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserMatchingMode {
    /// By what the source knows them by, which is remembered for each user. Somebody new gets a new account.
    #[default]
    Identifier,
    /// A user with the same e-mail address is the same. Only safe where the source checks addresses.
    EmailLink,
    /// As `identifier`, but nobody gets in whose e-mail address a user here has.
    EmailDeny,
    /// A user with the same user name is the same. Only safe where nobody can choose a name at the source.
    UsernameLink,
    /// As `identifier`, but nobody gets in whose user name a user here has.
    UsernameDeny,
}

/// How it is decided which group here is meant by a group of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupMatchingMode {
    /// By what the source knows it by, which is remembered for each group.
    #[default]
    Identifier,
    /// A group with the same name is the same, whatever it may do here.
    NameLink,
    /// As `identifier`, but groups whose name a group here has are left out.
    NameDeny,
}
