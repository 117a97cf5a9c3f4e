//! What expressions can import.
//!
//! Modules of the interpreter are left to it. For those of the peer there is a table of constants and of parts of the
//! prelude; models that this version does not open to expressions are known by name, and asking them goes to the host.

/// What an imported name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Import {
    /// The interpreter imports it.
    Native,
    /// A constant, as Python writes it.
    Constant(&'static str),
    /// A name of the prelude.
    Prelude(&'static str),
    /// Not available in this version; using it goes to the host.
    Host,
}

const NATIVE: &[&str] = &[
    "__future__",
    "base64",
    "binascii",
    "collections",
    "datetime",
    "functools",
    "json",
    "math",
    "re",
    "typing",
    "unicodedata",
];

use Import::{Constant, Host, Prelude};

type Module = (&'static str, &'static [(&'static str, Import)]);

const MODULES: &[Module] = &[
    (
        "authentik.core.models",
        &[
            ("User", Prelude("_gw_User")),
            ("Group", Prelude("_gw_Group")),
            ("UserTypes", Prelude("_gw_UserTypes")),
            ("Application", Host),
            ("AuthenticatedSession", Host),
            ("Provider", Host),
            ("Session", Host),
            ("Source", Host),
            ("Token", Host),
            ("TokenIntents", Host),
            ("UserSourceConnection", Host),
            ("USER_ATTRIBUTE_CHANGE_EMAIL", Constant("'goauthentik.io/user/can-change-email'")),
            ("USER_ATTRIBUTE_CHANGE_NAME", Constant("'goauthentik.io/user/can-change-name'")),
            ("USER_ATTRIBUTE_CHANGE_USERNAME", Constant("'goauthentik.io/user/can-change-username'")),
            ("USER_ATTRIBUTE_DEBUG", Constant("'goauthentik.io/user/debug'")),
            ("USER_ATTRIBUTE_EXPIRES", Constant("'goauthentik.io/user/expires'")),
            ("USER_ATTRIBUTE_DELETE_ON_LOGOUT", Constant("'goauthentik.io/user/delete-on-logout'")),
            ("USER_ATTRIBUTE_GENERATED", Constant("'goauthentik.io/user/generated'")),
            ("USER_ATTRIBUTE_SOURCES", Constant("'goauthentik.io/user/sources'")),
            ("USER_ATTRIBUTE_TOKEN_EXPIRING", Constant("'goauthentik.io/user/token-expires'")),
            ("USER_PATH_SYSTEM_PREFIX", Constant("'goauthentik.io'")),
            ("USER_PATH_SERVICE_ACCOUNT", Constant("'goauthentik.io/service-accounts'")),
        ],
    ),
    (
        "authentik.flows.models",
        &[
            ("Flow", Prelude("_gw_Flow")),
            ("FlowAuthenticationRequirement", Prelude("_gw_FlowAuthenticationRequirement")),
            ("FlowDesignation", Prelude("_gw_FlowDesignation")),
            ("FlowStageBinding", Host),
            ("FlowToken", Host),
            ("Stage", Host),
        ],
    ),
    (
        "authentik.flows.planner",
        &[
            ("PLAN_CONTEXT_PENDING_USER", Constant("'pending_user'")),
            ("PLAN_CONTEXT_SSO", Constant("'is_sso'")),
            ("PLAN_CONTEXT_REDIRECT", Constant("'redirect'")),
            ("PLAN_CONTEXT_APPLICATION", Constant("'application'")),
            ("PLAN_CONTEXT_SOURCE", Constant("'source'")),
            ("PLAN_CONTEXT_IS_RESTORED", Constant("'is_restored'")),
        ],
    ),
    ("authentik.stages.prompt.stage", &[("PLAN_CONTEXT_PROMPT", Constant("'prompt_data'"))]),
    (
        "authentik.stages.password.stage",
        &[
            ("PLAN_CONTEXT_AUTHENTICATION_BACKEND", Constant("'user_backend'")),
            ("PLAN_CONTEXT_METHOD", Constant("'auth_method'")),
            ("PLAN_CONTEXT_METHOD_ARGS", Constant("'auth_method_args'")),
        ],
    ),
    (
        "authentik.stages.user_write.stage",
        &[
            ("PLAN_CONTEXT_GROUPS", Constant("'groups'")),
            ("PLAN_CONTEXT_USER_PATH", Constant("'user_path'")),
            ("PLAN_CONTEXT_USER_TYPE", Constant("'user_type'")),
        ],
    ),
    ("authentik.policies.types", &[("PolicyResult", Prelude("_gw_PolicyResult"))]),
    ("authentik.policies.models", &[("PolicyBinding", Host), ("PolicyBindingModel", Host)]),
    ("authentik.tenants.models", &[("Tenant", Host)]),
    ("authentik.brands.models", &[("Brand", Host)]),
    ("authentik.events.models", &[("Event", Host), ("EventAction", Host)]),
    ("authentik.providers.oauth2.models", &[("AccessToken", Host), ("OAuth2Provider", Host), ("RefreshToken", Host)]),
    ("authentik.stages.authenticator", &[("devices_for_user", Host), ("user_has_device", Host)]),
    ("authentik.stages.authenticator_duo.models", &[("DuoDevice", Host)]),
    ("authentik.stages.authenticator_email.models", &[("EmailDevice", Host)]),
    ("authentik.stages.authenticator_sms.models", &[("SMSDevice", Host)]),
    ("authentik.stages.authenticator_static.models", &[("StaticDevice", Host), ("StaticToken", Host)]),
    ("authentik.stages.authenticator_totp.models", &[("TOTPDevice", Host)]),
    ("authentik.stages.authenticator_webauthn.models", &[("WebAuthnDevice", Host)]),
    ("authentik.stages.invitation.models", &[("Invitation", Host)]),
    (
        "django.core.exceptions",
        &[("ObjectDoesNotExist", Prelude("_gw_DoesNotExist")), ("ValidationError", Prelude("_gw_ValidationError"))],
    ),
    ("django.utils.text", &[("slugify", Prelude("slugify"))]),
    ("django.utils.timezone", &[("now", Prelude("_gw_now"))]),
    ("ipaddress", &[("ip_address", Prelude("ip_address")), ("ip_network", Prelude("ip_network"))]),
    ("json", &[("dumps", Prelude("_gw_json_dumps"))]),
    ("msgraph.generated.models.password_profile", &[("PasswordProfile", Host)]),
    ("re", &[("sub", Prelude("_gw_re_sub"))]),
    ("rest_framework.exceptions", &[("ValidationError", Prelude("_gw_ValidationError"))]),
    (
        "urllib.parse",
        &[
            ("parse_qs", Prelude("_gw_parse_qs")),
            ("parse_qsl", Prelude("_gw_parse_qsl")),
            ("quote", Prelude("_gw_quote")),
            ("quote_plus", Prelude("_gw_quote_plus")),
            ("unquote", Prelude("_gw_unquote")),
            ("unquote_plus", Prelude("_gw_unquote_plus")),
            ("urlencode", Prelude("_gw_urlencode")),
            ("urlparse", Prelude("_gw_urlparse")),
            ("urlsplit", Prelude("_gw_urlparse")),
        ],
    ),
];

/// What to say where a module is not there.
pub(crate) const OFFERED: &str = "expressions can import base64, binascii, collections, datetime, functools, ipaddress, \
                                  json, math, re, typing, unicodedata, urllib.parse and a few modules of authentik and \
                                  django";

/// What `from module import name` gives; `None` when there is no such thing.
pub(crate) fn find(module: &str, name: &str) -> Option<Import> {
    let listed = members(module).iter().find(|(known, _)| *known == name).map(|(_, import)| *import);
    listed.or_else(|| is_native(module).then_some(Import::Native))
}

/// What the table has of a module.
pub(crate) fn members(module: &str) -> &'static [(&'static str, Import)] {
    MODULES.iter().find(|(known, _)| *known == module).map_or(&[], |(_, names)| *names)
}

/// Whether the interpreter has the module.
pub(crate) fn is_native(module: &str) -> bool {
    NATIVE.contains(&module)
}

/// Whether anything can be imported from `module`.
pub(crate) fn is_module(module: &str) -> bool {
    is_native(module) || MODULES.iter().any(|(known, _)| *known == module)
}

/// The module that is nearest to one that is not there.
pub(crate) fn nearest_module(module: &str) -> Option<&'static str> {
    crate::names::closest(module, NATIVE.iter().copied().chain(MODULES.iter().map(|(known, _)| *known)))
}

/// The name in `module` that is nearest to one that is not there.
pub(crate) fn nearest_name(module: &str, name: &str) -> Option<&'static str> {
    crate::names::closest(name, members(module).iter().map(|(known, _)| *known))
}
