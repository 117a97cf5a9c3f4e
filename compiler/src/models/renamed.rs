//! What other versions of the peer call differently: files are older, and newer, than the models here.
//!
//! One table of models, one of attributes. A name that only changed is taken for the one of today; what is gone, or not
//! there yet, says so. Knows no spans: `check/` and `link/entry.rs` word the findings.

use super::model::Model;

/// An attribute under a name that its model does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    /// The models that had it, or will: all whose names begin so.
    model: &'static str,
    /// The name.
    pub(crate) name: &'static str,
    /// What has become of it.
    pub(crate) now: Now,
}

/// What has become of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Now {
    /// It is called so since the version, and means the same.
    Called(&'static str, &'static str),
    /// It is called so in other versions, which are as good: nothing to say.
    Also(&'static str),
    /// Later versions have a list, where a list of one means the same as this one.
    One(&'static str, &'static str),
    /// It never was called so, but people mean this one.
    Meant(&'static str),
    /// Nobody has it any more; what to do instead.
    Gone(&'static str),
    /// Later versions have it; what that means here.
    Later(&'static str),
}

const fn called(model: &'static str, name: &'static str, now: &'static str, since: &'static str) -> Renamed {
    Renamed { model, name, now: Now::Called(now, since) }
}

const fn also(model: &'static str, name: &'static str, now: &'static str) -> Renamed {
    Renamed { model, name, now: Now::Also(now) }
}

const fn meant(model: &'static str, name: &'static str, now: &'static str) -> Renamed {
    Renamed { model, name, now: Now::Meant(now) }
}

const fn gone(model: &'static str, name: &'static str, instead: &'static str) -> Renamed {
    Renamed { model, name, now: Now::Gone(instead) }
}

const fn later(model: &'static str, name: &'static str, here: &'static str) -> Renamed {
    Renamed { model, name, now: Now::Later(here) }
}

const BRAND: &str = "authentik_brands.brand";
const OAUTH2: &str = "authentik_providers_oauth2.oauth2provider";
const PROXY: &str = "authentik_providers_proxy.proxyprovider";
const SAML: &str = "authentik_providers_saml.samlprovider";
const SCIM: &str = "authentik_providers_scim.scimprovider";
const OAUTH_SOURCE: &str = "authentik_sources_oauth.oauthsource";
const SAML_SOURCE: &str = "authentik_sources_saml.samlsource";
const IDENTIFICATION: &str = "authentik_stages_identification.identificationstage";
const VALIDATE: &str = "authentik_stages_authenticator_validate.authenticatorvalidatestage";
const WEBAUTHN: &str = "authentik_stages_authenticator_webauthn.authenticatorwebauthnstage";

const ATTRIBUTES: &[Renamed] = &[
    also("authentik_core.application", "meta_icon", "icon"),
    meant("authentik_core.application", "launch_url", "meta_launch_url"),
    meant("authentik_core.application", "description", "meta_description"),
    meant("authentik_core.application", "publisher", "meta_publisher"),
    later("authentik_core.application", "meta_hide", "to hide it, write `meta_launch_url: blank://blank`"),
    Renamed {
        model: "authentik_core.group",
        name: "parents",
        now: Now::One("parent", "a group has one `parent` here: what the others give does not reach it"),
    },
    gone(BRAND, "event_retention", "how long events are kept is a setting of the server"),
    gone("authentik_flows.flow", "cache_count", "take it out: the server counts by itself"),
    called(OAUTH2, "jwks_sources", "jwt_federation_sources", "2024.12"),
    called(PROXY, "jwks_sources", "jwt_federation_sources", "2024.12"),
    called(OAUTH2, "rsa_key", "signing_key", "2022.1"),
    called(OAUTH2, "token_validity", "access_token_validity", "2023.2"),
    called(PROXY, "token_validity", "access_token_validity", "2023.2"),
    gone(OAUTH2, "jwt_alg", "the algorithm follows from `signing_key`"),
    gone(OAUTH2, "verification_keys", "name the sources of the tokens in `jwt_federation_sources`"),
    meant(OAUTH2, "scopes", "property_mappings"),
    meant("authentik_providers_oauth2.scopemapping", "scope", "scope_name"),
    later(OAUTH2, "grant_types", "every grant type is possible, as before"),
    later(OAUTH2, "logout_uri", "write `backchannel_logout_uri`"),
    later(OAUTH2, "logout_method", "`backchannel_logout_uri` is the only way"),
    gone(
        "authentik_providers_ldap.ldapprovider",
        "search_group",
        "give the permission `search_full_directory` instead",
    ),
    later(SAML, "sls_url", "sessions of the application are not ended"),
    later(SAML, "sls_binding", "sessions of the application are not ended"),
    later(SAML, "logout_method", "sessions of the application are not ended"),
    later(SAML, "sign_logout_request", "sessions of the application are not ended"),
    later(SAML, "sign_logout_response", "sessions of the application are not ended"),
    later(SCIM, "service_provider_config_cache_timeout", "what the service says about itself is asked for each time"),
    later(SCIM, "group_filters", "write `filter_group`, which takes one group"),
    meant(OAUTH_SOURCE, "client_id", "consumer_key"),
    meant(OAUTH_SOURCE, "client_secret", "consumer_secret"),
    later(OAUTH_SOURCE, "pkce", "logins go without it"),
    later(SAML_SOURCE, "signed_assertion", "`verification_kp` decides"),
    later(SAML_SOURCE, "signed_response", "`verification_kp` decides"),
    called("authentik_sources_", "property_mappings", "user_property_mappings", "2024.8"),
    called("authentik_sources_", "property_mappings_group", "group_property_mappings", "2024.8"),
    gone(
        "authentik_sources_ldap.ldapsourcepropertymapping",
        "object_field",
        "return a map from the `expression` instead",
    ),
    later(IDENTIFICATION, "webauthn_stage", "write `passwordless_flow`, a flow of its own for security keys"),
    called(VALIDATE, "configuration_stage", "configuration_stages", "2022.2"),
    later(VALIDATE, "webauthn_hints", "the browser chooses"),
    later(WEBAUTHN, "hints", "the browser chooses"),
    later(WEBAUTHN, "prevent_duplicate_devices", "one device can be set up twice"),
    later(
        "authentik_policies_event_matcher.eventmatcherpolicy",
        "query",
        "match by `action`, `app`, `model` and `client_ip`",
    ),
];

/// Old names of models, with the name of today and the version of the change.
const MODELS: &[(&str, &str, &str)] = &[
    ("authentik_tenants.tenant", BRAND, "2024.2"),
    ("authentik_sources_ldap.ldappropertymapping", "authentik_sources_ldap.ldapsourcepropertymapping", "2024.8"),
    ("authentik_stages_authenticator_webauthn.authenticatewebauthnstage", WEBAUTHN, "2024.6"),
];

/// What has become of an attribute that the model does not have.
pub(crate) fn renamed(model: &Model, name: &str) -> Option<&'static Renamed> {
    let here = |known: &&Renamed| known.name == name && model.name.starts_with(known.model);
    ATTRIBUTES.iter().find(here).filter(|_| model.field(name).is_none())
}

/// The names that are as good as those of the model, each with the one that it has.
pub(crate) fn also_called(model: &Model) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = model.name;
    ATTRIBUTES.iter().filter(move |known| of.starts_with(known.model)).filter_map(|known| match known.now {
        Now::Also(now) => Some((known.name, now)),
        _ => None,
    })
}

/// The name of today and the version of the change, for an old name of a model.
pub(crate) fn renamed_model(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.to_lowercase();
    MODELS.iter().find(|(old, ..)| *old == name).map(|(_, now, since)| (*now, *since))
}

#[cfg(test)]
mod tests {
    use super::super::{model, models};
    use super::*;

    #[test]
    fn every_name_leads_somewhere() {
        for old in ATTRIBUTES {
            let mut of = models().iter().filter(|model| model.name.starts_with(old.model)).peekable();
            assert!(of.peek().is_some(), "{} is no model", old.model);
            let (Now::Called(now, _) | Now::Also(now) | Now::One(now, _) | Now::Meant(now)) = old.now else { continue };
            assert!(of.any(|model| model.field(now).is_some()), "{now} of {}", old.model);
        }
        for (old, now, _) in MODELS {
            assert!(model(old).is_none() && model(now).is_some(), "{old}");
        }
    }

    #[test]
    fn what_a_model_has_is_not_renamed() {
        let provider = model("authentik_providers_oauth2.oauth2provider");
        assert!(provider.is_some_and(|model| renamed(model, "property_mappings").is_none()));
        let source = model("authentik_sources_ldap.ldapsource");
        assert!(source.is_some_and(|model| renamed(model, "property_mappings").is_some()));
    }
}
