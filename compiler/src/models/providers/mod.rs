//! Providers: what applications log in through, and the mappings that shape what they learn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod endpoint;
mod googleworkspaceprovider;
mod googleworkspaceprovidermapping;
mod ldapprovider;
mod microsoftentraprovider;
mod microsoftentraprovidermapping;
mod oauth2provider;
mod proxyprovider;
mod racpropertymapping;
mod racprovider;
mod radiusprovider;
mod radiusproviderpropertymapping;
mod samlpropertymapping;
mod samlprovider;
mod scimmapping;
mod scimprovider;
mod scopemapping;
mod ssfprovider;

pub use endpoint::{RacAuthMode, RacEndpoint, RacProtocol};
pub use googleworkspaceprovider::GoogleWorkspaceProvider;
pub use googleworkspaceprovidermapping::GoogleWorkspaceProviderMapping;
pub use ldapprovider::{ApiAccessMode, LdapProvider};
pub use microsoftentraprovider::MicrosoftEntraProvider;
pub use microsoftentraprovidermapping::MicrosoftEntraProviderMapping;
pub use oauth2provider::{ClientType, IssuerMode, MatchingMode, OAuth2Provider, RedirectUri, SubMode};
pub use proxyprovider::{ProxyMode, ProxyProvider};
pub use racpropertymapping::RacPropertyMapping;
pub use racprovider::RacProvider;
pub use radiusprovider::RadiusProvider;
pub use radiusproviderpropertymapping::RadiusProviderPropertyMapping;
pub use samlpropertymapping::SamlPropertyMapping;
pub use samlprovider::{SamlProvider, ServiceProviderBinding};
pub use scimmapping::ScimMapping;
pub use scimprovider::{ScimAuthMode, ScimCompatibility, ScimProvider};
pub use scopemapping::ScopeMapping;
pub use ssfprovider::SsfProvider;

super::model::list! {
    RacEndpoint,
    GoogleWorkspaceProvider,
    GoogleWorkspaceProviderMapping,
    LdapProvider,
    MicrosoftEntraProvider,
    MicrosoftEntraProviderMapping,
    OAuth2Provider,
    ProxyProvider,
    RacPropertyMapping,
    RacProvider,
    RadiusProvider,
    RadiusProviderPropertyMapping,
    SamlPropertyMapping,
    SamlProvider,
    ScimMapping,
    ScimProvider,
    ScopeMapping,
    SsfProvider,
}

/// What becomes of a user or a group in another directory when the one here is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingSyncDeleteAction {
    /// It stays as it is.
    DoNothing,
    /// It is deleted.
    #[default]
    Delete,
    /// It is suspended.
    Suspend,
}
