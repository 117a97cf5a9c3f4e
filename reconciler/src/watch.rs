//! Tells when the files below some folders should be read again.
//!
//! Any event means "look again": which file an event names cannot be trusted (editors rename, mounted
//! configuration swaps a link). A burst is waited out, and a slow poll stands in for file systems without events.

use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout_at};

const QUIET: Duration = Duration::from_millis(150);
const LONGEST: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_secs(60);

/// Why folders cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// One of them.
    #[error("`{path}` cannot be watched: {source}")]
    Path {
        /// Which.
        path: String,
        /// Why.
        source: notify::Error,
    },
    /// The system refuses altogether.
    #[error("the system cannot watch folders: {0}")]
    System(#[from] notify::Error),
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    _watcher: RecommendedWatcher,
    dirty: mpsc::Receiver<()>,
    poll: Instant,
}

/// Watches folders with everything below them; of a file, the folder that it is in.
///
/// # Errors
/// [`WatchError`].
pub fn watch(paths: &[PathBuf]) -> Result<Watcher, WatchError> {
    // One place is enough: it says "dirty", not how often.
    let (sender, dirty) = mpsc::channel(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if matters(&event) {
            let _ = sender.try_send(());
        }
    })?;
    for path in paths {
        let (root, mode) = root(path);
        watcher.watch(root, mode).map_err(|source| WatchError::Path { path: path.display().to_string(), source })?;
    }
    Ok(Watcher { _watcher: watcher, dirty, poll: Instant::now() + POLL })
}

impl Watcher {
    /// Resolves when the files should be read again: something happened and it has become quiet, or it is time
    /// to look anyway.
    pub async fn changed(&mut self) {
        tokio::select! {
            event = self.dirty.recv() => match event {
                Some(()) => self.settle().await,
                None => sleep_until(self.poll).await,
            },
            () = sleep_until(self.poll) => {}
        }
        self.poll = Instant::now() + POLL;
    }

    async fn settle(&mut self) {
        let latest = Instant::now() + LONGEST;
        loop {
            let quiet = (Instant::now() + QUIET).min(latest);
            match timeout_at(quiet, self.dirty.recv()).await {
                Ok(Some(())) if Instant::now() < latest => {}
                _ => return,
            }
        }
    }
}

fn root(path: &Path) -> (&Path, RecursiveMode) {
    if path.is_dir() {
        return (path, RecursiveMode::Recursive);
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => (parent, RecursiveMode::NonRecursive),
        _ => (Path::new("."), RecursiveMode::NonRecursive),
    }
}

/// Reading is no change, and what a version control system keeps for itself is no blueprint. An error may hide
/// anything, so it counts.
fn matters(event: &notify::Result<Event>) -> bool {
    let Ok(event) = event else { return true };
    if event.need_rescan() {
        return true;
    }
    let private = |path: &PathBuf| path.components().any(|part| part.as_os_str() == ".git");
    !matches!(event.kind, EventKind::Access(_)) && (event.paths.is_empty() || !event.paths.iter().all(private))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    async fn fires(watcher: &mut Watcher) -> bool {
        tokio::time::timeout(Duration::from_secs(5), watcher.changed()).await.is_ok()
    }

    #[tokio::test]
    async fn a_save_by_rename_and_a_new_folder_are_seen_and_git_is_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        let mut watcher = watch(&[folder.path().to_owned()]).unwrap();
        std::fs::write(folder.path().join(".git/index"), "x").unwrap();
        let silent = tokio::time::timeout(Duration::from_millis(600), watcher.changed()).await;
        assert!(silent.is_err(), "git's own files are no blueprints");
        for text in ["one", "two"] {
            std::fs::write(folder.path().join("new"), text).unwrap();
            std::fs::rename(folder.path().join("new"), folder.path().join("a.yaml")).unwrap();
            assert!(fires(&mut watcher).await);
        }
        std::fs::create_dir_all(folder.path().join("b/c")).unwrap();
        std::fs::write(folder.path().join("b/c/x.yaml"), "x").unwrap();
        assert!(fires(&mut watcher).await);
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let error = watch(&[PathBuf::from("/nowhere/at/all")]).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
