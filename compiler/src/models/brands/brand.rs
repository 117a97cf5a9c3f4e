//! `authentik_brands.brand`: how Gatewright looks, and which flows it uses, under a domain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value as Json};

use crate::models::{Declared, Ref, kind};

/// How Gatewright looks, and which flows it uses, under a domain.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Brand {
    /// The domain, with all domains below it. The brand with the longest domain that fits is used.
    pub domain: String,
    /// Use it for requests that no brand's domain fits.
    #[serde(default)]
    pub default: bool,
    /// The name in the title and, where there is no logo, in its place.
    #[serde(default = "title")]
    pub branding_title: String,
    /// The logo: an address, or a path below `/static/`.
    #[serde(default = "logo")]
    pub branding_logo: String,
    /// The picture in the browser's tab.
    #[serde(default = "favicon")]
    pub branding_favicon: String,
    /// Style rules that are added to every page.
    #[serde(default)]
    pub branding_custom_css: String,
    /// The picture behind flows that have none of their own.
    #[serde(default = "background")]
    pub branding_default_flow_background: String,
    /// The flow by which users log in.
    #[serde(default)]
    pub flow_authentication: Option<Ref<kind::Flow>>,
    /// The flow by which users log out.
    #[serde(default)]
    pub flow_invalidation: Option<Ref<kind::Flow>>,
    /// The flow by which users get back in after they forgot their password.
    #[serde(default)]
    pub flow_recovery: Option<Ref<kind::Flow>>,
    /// The flow by which users give their account up.
    #[serde(default)]
    pub flow_unenrollment: Option<Ref<kind::Flow>>,
    /// The flow by which users change their settings.
    #[serde(default)]
    pub flow_user_settings: Option<Ref<kind::Flow>>,
    /// The flow by which users enter the code of a device.
    #[serde(default)]
    pub flow_device_code: Option<Ref<kind::Flow>>,
    /// The application that users who may see no other page are sent to.
    #[serde(default)]
    pub default_application: Option<Ref<kind::Application>>,
    /// The certificate that the server shows under the domain.
    #[serde(default)]
    pub web_certificate: Option<Ref<kind::CertificateKeyPair>>,
    /// The authorities whose client certificates are taken.
    #[serde(default)]
    pub client_certificates: Vec<Ref<kind::CertificateKeyPair>>,
    /// Further settings, such as `settings.locale`; expressions see them.
    #[serde(default)]
    pub attributes: Map<String, Json>,
}

fn title() -> String {
    "Gatewright".to_owned()
}

fn logo() -> String {
    "/static/logo.svg".to_owned()
}

fn favicon() -> String {
    "/static/favicon.svg".to_owned()
}

fn background() -> String {
    "/static/background.svg".to_owned()
}

impl Declared for Brand {
    const NAME: &'static str = "authentik_brands.brand";
    const TITLE: &'static str = "brand";
    const KEYS: &'static [&'static [&'static str]] = &[&["domain"]];
    const KINDS: &'static [&'static str] = &["brand"];
}
