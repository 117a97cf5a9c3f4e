//! How a stage reaches a mail server: shared by the two stages that send mail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Concealed;

/// How a stage reaches a mail server.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Smtp {
    /// Send by the mail server that the server itself was started with. The other connection settings of the stage then
    /// count for nothing.
    #[serde(default)]
    pub use_global_settings: bool,
    /// The host name or address of the mail server.
    #[serde(default = "localhost")]
    pub host: String,
    /// The port: 25, 587 for `use_tls` and 465 for `use_ssl` are usual.
    #[serde(default = "smtp")]
    pub port: u16,
    /// The name to log in at the mail server with. Empty: no login.
    #[serde(default)]
    pub username: String,
    /// The password for `username`, kept sealed and never shown. Take it from the environment or a file, with `!Env` or
    /// `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub password: Option<Concealed>,
    /// Begin in plain text and change to TLS (STARTTLS). Not together with `use_ssl`.
    #[serde(default)]
    pub use_tls: bool,
    /// Speak TLS from the first byte. Not together with `use_tls`.
    #[serde(default)]
    pub use_ssl: bool,
    /// How many seconds to wait for the mail server.
    #[serde(default = "ten")]
    pub timeout: u32,
    /// The address that mails come from.
    #[serde(default = "sender")]
    #[schemars(extend("format" = "email"), length(max = 254))]
    pub from_address: String,
}

fn localhost() -> String {
    "localhost".to_owned()
}

fn smtp() -> u16 {
    25
}

fn ten() -> u32 {
    10
}

fn sender() -> String {
    "system@gatewright.local".to_owned()
}
