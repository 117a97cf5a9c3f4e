//! The compiled revisions: the newest, swapped whole, and older ones that a flow under way began with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use gatewright_reconciler::snapshot::Snapshot;
use gatewright_reconciler::store::{Store, StoreError};

use crate::program::Program;

/// More older revisions than this are not kept compiled: they can be compiled again.
const OLDER: usize = 8;

/// The compiled revisions.
pub(crate) struct Programs {
    current: ArcSwap<Program>,
    older: Mutex<BTreeMap<u64, Arc<Program>>>,
}

impl Programs {
    /// Compiles the newest revision.
    pub(crate) async fn load(store: &Store) -> Result<Programs, StoreError> {
        let program = newest(store).await?;
        Ok(Programs { current: ArcSwap::from_pointee(program), older: Mutex::default() })
    }

    /// Compiles a snapshot that is in no database.
    #[cfg(test)]
    pub(crate) fn of_snapshot(snapshot: &Snapshot) -> Programs {
        Programs { current: ArcSwap::from_pointee(Program::compile(snapshot)), older: Mutex::default() }
    }

    /// Compiles the newest revision where it is not the current one; its number.
    pub(crate) async fn reload(&self, store: &Store) -> Result<u64, StoreError> {
        if store.revision().await? == self.current().revision() {
            return Ok(self.current().revision());
        }
        let program = Arc::new(newest(store).await?);
        let revision = program.revision();
        let before = self.current.swap(program);
        self.remember(before);
        Ok(revision)
    }

    /// The newest.
    pub(crate) fn current(&self) -> Arc<Program> {
        self.current.load_full()
    }

    /// One by its number; `None` when it is no longer kept.
    pub(crate) async fn at(&self, store: &Store, revision: u64) -> Result<Option<Arc<Program>>, StoreError> {
        let current = self.current();
        if current.revision() == revision {
            return Ok(Some(current));
        }
        if let Some(program) = self.recall(revision) {
            return Ok(Some(program));
        }
        let Some(snapshot) = store.snapshot_load(revision).await? else {
            return Ok(None);
        };
        let program = Arc::new(Program::compile(&snapshot));
        self.remember(Arc::clone(&program));
        Ok(Some(program))
    }

    fn recall(&self, revision: u64) -> Option<Arc<Program>> {
        self.older.lock().unwrap_or_else(PoisonError::into_inner).get(&revision).cloned()
    }

    fn remember(&self, program: Arc<Program>) {
        let mut older = self.older.lock().unwrap_or_else(PoisonError::into_inner);
        older.insert(program.revision(), program);
        while older.len() > OLDER {
            older.pop_first();
        }
    }
}

async fn newest(store: &Store) -> Result<Program, StoreError> {
    let revision = store.revision().await?;
    let snapshot = store.snapshot_load(revision).await?;
    Ok(Program::compile(&snapshot.unwrap_or_else(|| Snapshot { revision, ..Snapshot::default() })))
}
