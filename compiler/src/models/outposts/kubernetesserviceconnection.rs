//! `authentik_outposts.kubernetesserviceconnection`: where outposts run as deployments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Concealed, Declared, yes};

/// A Kubernetes cluster in which outposts are run as deployments.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KubernetesServiceConnection {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Use the cluster that the server itself runs in, with its service account. Only one connection can be that.
    #[serde(default)]
    pub local: bool,
    /// How to reach the cluster: the content of a kubeconfig file as a map, kept sealed. Not needed with `local`.
    #[serde(default)]
    #[schemars(with = "Map<String, Json>", extend("x-secret" = "sealed"))]
    pub kubeconfig: Option<Concealed<Map<String, Json>>>,
    /// Refuse a cluster whose certificate is not trusted.
    #[serde(default = "yes")]
    pub verify_ssl: bool,
}

impl Declared for KubernetesServiceConnection {
    const NAME: &'static str = "authentik_outposts.kubernetesserviceconnection";
    const TITLE: &'static str = "Kubernetes connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["outpostserviceconnection", "kubernetesserviceconnection"];
}
