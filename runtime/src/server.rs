//! The server: loads the newest revision, serves it, swaps it when told, sweeps now and then, stops gracefully.

use std::sync::{Arc, Once};
use std::time::Duration;

use gatewright_reconciler::store::{Store, StoreError};
use ipnet::IpNet;
use tokio::net::TcpListener;
use url::Url;

use crate::capability::{Argon2Hasher, CapabilityError, Clock, OsRandom, Random, SystemClock};
use crate::flow::Engine;
use crate::http::{self, App, Quota};
use crate::programs::Programs;

/// How often expired rows are swept.
const SWEEP: Duration = Duration::from_secs(5 * 60);

/// What the server has to be told.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address that browsers know it by; links and origins come from it.
    pub public_url: Url,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Randomness.
    #[error(transparent)]
    Capability(#[from] CapabilityError),
    /// The public address has no room for a path.
    #[error("the public address `{0}` cannot be used for links")]
    PublicUrl(Url),
    /// The network.
    #[error("the server stopped: {0}")]
    Network(#[from] std::io::Error),
}

/// A loaded server. Cheap to clone; clones are the same server.
#[derive(Clone)]
pub struct Runtime {
    app: Arc<App>,
}

impl Runtime {
    /// Loads and compiles the newest revision.
    ///
    /// # Errors
    /// The database cannot be read; the public address is none.
    pub async fn load(store: Store, config: Config) -> Result<Runtime, RuntimeError> {
        Runtime::with(store, config, Arc::new(SystemClock), Arc::new(OsRandom)).await
    }

    /// As [`Runtime::load`], with another clock and randomness.
    ///
    /// # Errors
    /// As [`Runtime::load`].
    pub async fn with(
        store: Store,
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Runtime, RuntimeError> {
        if config.public_url.cannot_be_a_base() || config.public_url.host().is_none() {
            return Err(RuntimeError::PublicUrl(config.public_url));
        }
        let programs = Programs::load(&store).await?;
        Ok(Runtime::build(store, config, clock, random, programs))
    }

    /// Serves a snapshot that is in no database.
    #[cfg(test)]
    pub(crate) fn of_snapshot(
        store: Store,
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        snapshot: &gatewright_reconciler::snapshot::Snapshot,
    ) -> Runtime {
        Runtime::build(store, config, clock, random, Programs::of_snapshot(snapshot))
    }

    /// What its routes share.
    #[cfg(test)]
    pub(crate) fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    fn build(
        store: Store,
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        programs: Programs,
    ) -> Runtime {
        let hasher = Arc::new(Argon2Hasher::new(Arc::clone(&random)));
        let engine = Engine::new(Arc::new(store.clone()), Arc::clone(&clock), Arc::clone(&random), hasher);
        let quota = Quota::default();
        Runtime {
            app: Arc::new(App { store, engine, programs, config, clock, random, proxy_warning: Once::new(), quota }),
        }
    }

    /// Serves the newest revision from now on; its number. Flows under way keep the one that they began with.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn reload(&self) -> Result<u64, RuntimeError> {
        Ok(self.app.programs.reload(&self.app.store).await?)
    }

    /// A new link that sets the administrator up, in place of any before; `None` once that is done.
    ///
    /// # Errors
    /// The database cannot be written; no randomness.
    pub async fn setup_link(&self) -> Result<Option<String>, RuntimeError> {
        let store = &self.app.store;
        if !store.setup_open().await? || store.setup_user(self.app.now()).await?.is_none() {
            return Ok(None);
        }
        let mut bytes = [0_u8; 32];
        self.app.random.fill(&mut bytes)?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        store.setup_link_put(&http::token_hash(&token)).await?;
        let mut link = self.app.config.public_url.clone();
        link.set_path(&format!("/if/flow/{}/", http::SETUP_FLOW));
        link.set_query(Some(&format!("token={token}")));
        link.set_fragment(None);
        Ok(Some(link.into()))
    }

    /// Serves until `shutdown` resolves; requests under way are finished.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), RuntimeError> {
        let sweeper = tokio::spawn(sweep(Arc::clone(&self.app)));
        let router = http::router(Arc::clone(&self.app));
        http::serve(router, listener, http::Limits::default(), shutdown).await;
        sweeper.abort();
        Ok(())
    }
}

async fn sweep(app: Arc<App>) {
    let mut tick = tokio::time::interval(SWEEP);
    loop {
        tick.tick().await;
        app.quota.sweep(app.now());
        match app.store.sweep(app.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "swept"),
            Err(error) => tracing::error!(%error, "expired rows cannot be swept"),
        }
    }
}
