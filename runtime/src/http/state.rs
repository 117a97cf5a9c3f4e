//! What every route shares: the database, the engine, the programs, the configuration.

use std::sync::{Arc, Once};

use gatewright_reconciler::store::Store;
use jiff::Timestamp;

use super::fault::Fault;
use super::quota::Quota;
use crate::capability::{Clock, Random};
use crate::flow::Engine;
use crate::programs::Programs;
use crate::server::Config;

/// What every route shares.
pub(crate) struct App {
    /// The database.
    pub(crate) store: Store,
    /// Runs flows.
    pub(crate) engine: Engine,
    /// The compiled revisions.
    pub(crate) programs: Programs,
    /// Name of the server, trusted proxies.
    pub(crate) config: Config,
    /// Tells the time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Makes tokens.
    pub(crate) random: Arc<dyn Random>,
    /// Whether it was said that a proxy is not believed.
    pub(crate) proxy_warning: Once,
    /// How many sessions an address may begin.
    pub(crate) quota: Quota,
}

impl App {
    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Random bytes as hexadecimal digits, for tokens and request ids.
    pub(crate) fn random_hex<const N: usize>(&self) -> Result<String, Fault> {
        let mut bytes = [0_u8; N];
        self.random.fill(&mut bytes)?;
        Ok(hex(&bytes))
    }

    /// Whether cookies may only travel encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.config.public_url.scheme() == "https"
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
