//! The database of a run: which file it is, whether it can be one, and the way to it with its key.
//!
//! Everything that can be said without a key is said before one is looked for.

use std::path::{Path, PathBuf};

use gatewright_reconciler::observed::ObservedState;
use gatewright_reconciler::store::{Store, StoreError};

use crate::cli::DatabaseArgs;
use crate::error::{CliError, Context as _};
use crate::key;

/// A database that may or may not exist.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    url: String,
    file: PathBuf,
    key_file: Option<PathBuf>,
}

impl Database {
    /// What `--database` names, in a folder that exists.
    pub(crate) fn named(args: &DatabaseArgs) -> Result<Self, CliError> {
        let (url, file) = locate(&args.database)?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        if !folder.is_dir() {
            return Err(CliError::world(format!(
                "the database `{}` cannot be there: there is no folder `{}`",
                file.display(),
                folder.display()
            ))
            .hint("make the folder first, or name another place with --database"));
        }
        if file.is_dir() {
            return Err(foreign(&file));
        }
        Ok(Self { url, file, key_file: args.secret_key_file.clone() })
    }

    /// The state of the database, or of the one that `apply` would make. Makes nothing.
    pub(crate) async fn observe(&self) -> Result<ObservedState, CliError> {
        if !self.probe().await? {
            return Ok(ObservedState::empty());
        }
        let key = key::resolve(&self.file, self.key_file.as_deref(), false)?;
        let store = Store::open_existing(&self.url, key).await.map_err(|error| self.error(error))?;
        let Some(store) = store else { return Ok(ObservedState::empty()) };
        let observed = store.observe().await.map_err(|error| self.error(error));
        store.close().await;
        observed
    }

    /// Opens the database, making it and its key where they are missing.
    pub(crate) async fn open(&self) -> Result<Store, CliError> {
        let is_new = !self.probe().await?;
        let key = key::resolve(&self.file, self.key_file.as_deref(), is_new)?;
        Store::open(&self.url, key).await.map_err(|error| self.error(error))
    }

    /// What is wrong with the key file although it can be used.
    pub(crate) fn warning(&self) -> Option<String> {
        key::warning(&self.file, self.key_file.as_deref())
    }

    async fn probe(&self) -> Result<bool, CliError> {
        Store::probe(&self.url).await.map_err(|error| self.error(error))
    }

    fn error(&self, error: StoreError) -> CliError {
        let file = self.file.display();
        match error {
            StoreError::Foreign => foreign(&self.file),
            StoreError::Busy => CliError::world(format!("another process is writing to `{file}`; try again")),
            other => Err::<(), _>(other)
                .context(format_args!("database `{file}`"))
                .err()
                .unwrap_or_else(|| foreign(&self.file)),
        }
    }
}

fn foreign(file: &Path) -> CliError {
    CliError::world(format!("`{}` is not a gatewright database", file.display()))
        .hint("name another file with --database; this one was left as it is")
}

/// The URL and the file of what was given: a URL, or the plain path of a file.
fn locate(given: &str) -> Result<(String, PathBuf), CliError> {
    let url = match scheme(given) {
        Some("sqlite") => given.to_owned(),
        Some("postgres" | "postgresql") => {
            return Err(CliError::usage("PostgreSQL comes with a later version").hint("use sqlite:// and a path"));
        }
        // The rest may hold a password.
        Some(scheme) => {
            return Err(CliError::usage(format!("`{scheme}` is no kind of database that this version can use"))
                .hint("use sqlite:// and a path, for instance sqlite:///var/lib/gatewright/gatewright.db"));
        }
        None if given.is_empty() => return Err(CliError::usage("--database is empty").hint("use sqlite:// and a path")),
        None => format!("sqlite://{}", given.replace('%', "%25").replace('?', "%3F")),
    };
    let unusable = || CliError::usage("this is no database that can be kept").hint("use sqlite:// and a path");
    let file = Store::path(&url).filter(|file| !file.as_os_str().is_empty()).ok_or_else(unusable)?;
    Ok((url, file))
}

/// What stands before the first colon, where it looks like the kind of a URL.
fn scheme(given: &str) -> Option<&str> {
    let (scheme, _) = given.split_once(':')?;
    let is_scheme = scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'));
    is_scheme.then_some(scheme)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn files_of_urls_and_paths() {
        let file = |given| locate(given).unwrap().1.display().to_string();
        assert_eq!(file("sqlite://gatewright.db"), "gatewright.db");
        assert_eq!(file("sqlite:///var/lib/g.db?mode=rwc"), "/var/lib/g.db");
        assert_eq!(file("sqlite:g.db"), "g.db");
        assert_eq!(file("foo.db"), "foo.db");
        assert_eq!(file("/var/lib/100%?.db"), "/var/lib/100%?.db");
        assert_eq!(file("./a:b.db"), "./a:b.db");
    }

    #[test]
    fn other_databases_are_refused_without_their_passwords() {
        for given in [
            "postgres://me:hunter2@localhost/g",
            "mysql://me:hunter2@localhost/g",
            "sqlite::memory:",
            "",
            "sqlite://x?hunter2=1",
        ] {
            let error = locate(given).unwrap_err();
            let said = format!("{error} {:?}", error.hints());
            assert!(!said.contains("hunter2") && said.contains("sqlite://"), "{said}");
        }
        assert!(locate("postgresql://x").unwrap_err().to_string().contains("PostgreSQL"));
    }
}
