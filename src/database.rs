//! The database of a run: which one it is, whether it can be one, and the way to it with its key.
//!
//! Everything that can be said without a key is said before one is looked for.

use std::fmt;
use std::path::{Path, PathBuf};

use gatewright_reconciler::observed::ObservedState;
use gatewright_reconciler::store::{InstallationKey, Store, StoreError};

use crate::cli::DatabaseArgs;
use crate::error::{CliError, Context as _};
use crate::key;
use crate::render::Printer;

/// What can be given.
const KINDS: &str = "use sqlite:// and a path, or postgres:// and a server with the name of a database";

/// A database that may or may not exist.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    url: String,
    place: Place,
    key_file: Option<PathBuf>,
}

/// Where a database is. It is shown without what may be a password.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// `host:port/database`
    Server(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Server(server) => server.fmt(f),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)
    }
}

impl Database {
    /// What `--database` names, in a folder that exists.
    pub(crate) fn named(args: &DatabaseArgs) -> Result<Self, CliError> {
        let (url, place) = locate(&args.database)?;
        if let Place::File(file) = &place {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or_else(|| Path::new("."));
            if !folder.is_dir() {
                let folder = folder.display();
                return Err(CliError::world(format!(
                    "the database `{place}` cannot be there: there is no folder `{folder}`"
                ))
                .hint("make the folder first, or name another place with --database"));
            }
            if file.is_dir() {
                return Err(foreign(&place));
            }
        }
        Ok(Self { url, place, key_file: args.secret_key_file.clone() })
    }

    /// The state of the database, or of the one that `apply` would make. Makes nothing.
    pub(crate) async fn observe(&self) -> Result<ObservedState, CliError> {
        let observe = async |store: &Store| store.observe().await.map_err(|error| self.error(error));
        Ok(self.read(observe).await?.unwrap_or_else(ObservedState::empty))
    }

    /// What can be read of the database where there is one. Makes nothing.
    pub(crate) async fn read<T>(
        &self,
        work: impl AsyncFnOnce(&Store) -> Result<T, CliError>,
    ) -> Result<Option<T>, CliError> {
        if !self.probe().await? {
            return Ok(None);
        }
        let store = Store::open_existing(&self.url, self.key(false)?).await.map_err(|error| self.error(error))?;
        let Some(store) = store else { return Ok(None) };
        let done = work(&store).await;
        store.close().await;
        done.map(Some)
    }

    /// Opens the database for writing where there is one.
    pub(crate) async fn open_if_made(&self, printer: &mut Printer) -> Result<Option<Store>, CliError> {
        Ok(if self.probe().await? { Some(self.opened(false, printer).await?) } else { None })
    }

    /// The key of a database that exists.
    pub(crate) async fn existing_key(&self) -> Result<InstallationKey, CliError> {
        if !self.probe().await? {
            return Err(CliError::usage("a plan for later needs a database that exists, and there is none")
                .hint("`gatewright apply` makes one; name it with --database"));
        }
        self.key(false)
    }

    /// Opens the database, making it and its key where they are missing.
    pub(crate) async fn open(&self, printer: &mut Printer) -> Result<Store, CliError> {
        let is_new = !self.probe().await?;
        self.opened(is_new, printer).await
    }

    async fn opened(&self, is_new: bool, printer: &mut Printer) -> Result<Store, CliError> {
        let store = Store::open(&self.url, self.key(is_new)?).await.map_err(|error| self.error(error))?;
        if store.was_migrated() {
            printer.note(&format!("the tables of `{}` were brought up to date", self.place));
        }
        Ok(store)
    }

    /// Whether the database is there and was made with this key.
    pub(crate) async fn has_key(&self, key: InstallationKey) -> Result<bool, CliError> {
        match Store::open_existing(&self.url, key).await {
            Ok(Some(store)) => {
                store.close().await;
                Ok(true)
            }
            Ok(None) | Err(StoreError::OtherKey { .. }) => Ok(false),
            Err(error) => Err(self.error(error)),
        }
    }

    /// The key file beside it, where the key comes from there.
    pub(crate) fn key_beside(&self) -> Option<PathBuf> {
        key::beside(self.file(), self.key_file.as_deref())
    }

    /// Copies it into an empty file; its revision.
    pub(crate) async fn backup(&self, to: &Path) -> Result<u64, CliError> {
        if self.file().is_none() {
            return Err(CliError::usage("PostgreSQL is backed up with its own tools")
                .hint("for instance with `pg_dump --format=custom --file=gatewright.dump DATABASE`"));
        }
        let revision = Store::backup(&self.url, to).await.map_err(|error| self.error(error))?;
        revision.ok_or_else(|| {
            CliError::world(format!("there is no database `{}`", self.place)).hint("name one with --database")
        })
    }

    /// What is wrong with the key file although it can be used.
    pub(crate) fn warning(&self) -> Option<String> {
        key::warning(self.file(), self.key_file.as_deref())
    }

    fn key(&self, is_new: bool) -> Result<InstallationKey, CliError> {
        key::resolve(self.file(), self.key_file.as_deref(), is_new)
    }

    /// The new key of a rotation that was cut off.
    fn cut_off(&self) -> Option<InstallationKey> {
        key::from_file(&key::draft(&self.key_beside()?)).ok()
    }

    fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(file) => Some(file),
            Place::Server(_) => None,
        }
    }

    async fn probe(&self) -> Result<bool, CliError> {
        Store::probe(&self.url).await.map_err(|error| self.error(error))
    }

    fn error(&self, error: StoreError) -> CliError {
        let place = &self.place;
        match error {
            StoreError::Foreign => foreign(place),
            StoreError::Busy | StoreError::Clash => {
                CliError::world(format!("another process is writing to `{place}`; try again"))
            }
            StoreError::Connect { why, next, .. } => {
                CliError::world(format!("no connection to the database `{place}`: {why}")).hint(next)
            }
            StoreError::OtherKey { database, .. } if self.cut_off().is_some_and(|key| key.id() == database) => {
                CliError::world(format!("the database `{place}` has got a new key, which is not in its place yet"))
                    .hint("run `gatewright key rotate` again: it was cut off")
            }
            other => {
                Err::<(), _>(other).context(format_args!("database `{place}`")).err().unwrap_or_else(|| foreign(place))
            }
        }
    }
}

fn foreign(place: &Place) -> CliError {
    let other = match place {
        Place::File(_) => "name another file with --database; this one was left as it is",
        Place::Server(_) => {
            "name another database with --database, or a schema with `?options=-csearch_path%3Dgatewright`; \
             this one was left as it is"
        }
    };
    CliError::world(format!("`{place}` is not a gatewright database")).hint(other)
}

/// The URL and the place of what was given: a URL, or the plain path of a file.
fn locate(given: &str) -> Result<(String, Place), CliError> {
    let unusable = || CliError::usage("this is no database that can be kept").hint(KINDS);
    let url = match scheme(given) {
        Some("sqlite") => given.to_owned(),
        Some("postgres" | "postgresql") => {
            let server = Store::server(given).ok_or_else(|| {
                CliError::usage("this is no address of a PostgreSQL database")
                    .hint("write it as postgres://user@host:5432/database; a password may stand in PGPASSWORD")
            })?;
            return Ok((given.to_owned(), Place::Server(server)));
        }
        // The rest may hold a password.
        Some(scheme) => {
            return Err(CliError::usage(format!("`{scheme}` is no kind of database that this version can use")).hint(
                "use sqlite:// and a path, for instance sqlite:///var/lib/gatewright/gatewright.db, or postgres://",
            ));
        }
        None if given.is_empty() => return Err(CliError::usage("--database is empty").hint(KINDS)),
        None => format!("sqlite://{}", given.replace('%', "%25").replace('?', "%3F")),
    };
    let file = Store::path(&url).filter(|file| !file.as_os_str().is_empty()).ok_or_else(unusable)?;
    Ok((url, Place::File(file)))
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
    fn places_of_urls_and_paths() {
        let place = |given| locate(given).unwrap().1.to_string();
        assert_eq!(place("sqlite://gatewright.db"), "gatewright.db");
        assert_eq!(place("sqlite:///var/lib/g.db?mode=rwc"), "/var/lib/g.db");
        assert_eq!(place("sqlite:g.db"), "g.db");
        assert_eq!(place("foo.db"), "foo.db");
        assert_eq!(place("/var/lib/100%?.db"), "/var/lib/100%?.db");
        assert_eq!(place("./a:b.db"), "./a:b.db");
        assert_eq!(place("postgres://me:hunter2@db.example.com/logins"), "db.example.com:5432/logins");
        assert_eq!(place("postgresql://me@[::1]:5433/logins?sslmode=require&password=hunter2"), "[::1]:5433/logins");
        assert_eq!(place("postgres://me@x/logins?host=/run/postgresql"), "/run/postgresql:5432/logins");
    }

    #[test]
    fn other_databases_are_refused_without_their_passwords() {
        for given in [
            "postgres://me:hunter2@localhost:port/g",
            "mysql://me:hunter2@localhost/g",
            "sqlite::memory:",
            "",
            "sqlite://x?hunter2=1",
        ] {
            let error = locate(given).unwrap_err();
            let said = format!("{error} {:?}", error.hints());
            assert!(!said.contains("hunter2") && said.contains("postgres://"), "{said}");
        }
    }
}
