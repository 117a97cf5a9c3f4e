//! Where the installation key comes from: a file that is named, the environment, or a file beside the database.
//!
//! The last one is made at the first start of a SQLite database, readable by its owner only. A database on a server has
//! no place beside it, so its key has to be named.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use gatewright_reconciler::store::InstallationKey;

use crate::error::{CliError, Context as _};

const VARIABLE: &str = "GATEWRIGHT_SECRET_KEY";

/// The key of a database that exists, or that is about to be made.
pub(crate) fn resolve(
    database: Option<&Path>,
    named: Option<&Path>,
    is_new: bool,
) -> Result<InstallationKey, CliError> {
    if let Some(key) = given(named)? {
        return Ok(key);
    }
    let Some(database) = database else {
        return Err(CliError::usage("a PostgreSQL database needs the installation key").hint(format!(
            "name it with --secret-key-file or {VARIABLE}; `openssl rand -base64 48 > gatewright.key` makes one, \
             which every process on this database is given"
        )));
    };
    let file = database.with_extension("key");
    if file.exists() {
        return from_file(&file);
    }
    if !is_new {
        let message = format!("the key of `{}` is missing: there is no `{}`", database.display(), file.display());
        return Err(CliError::world(message)
            .hint(format!("put the file back, or name the key with --secret-key-file or {VARIABLE}")));
    }
    create(&file)
}

/// What is wrong with the file that the key comes from, although it can be used.
pub(crate) fn warning(database: Option<&Path>, named: Option<&Path>) -> Option<String> {
    let file = named.map(Path::to_owned).or_else(|| beside(database, named))?;
    let mode = fs::metadata(&file).ok()?.permissions().mode();
    (mode & 0o007 != 0).then(|| format!("every user of this machine can read the key file `{}`", file.display()))
}

/// The file beside a SQLite database, where the key comes from there.
pub(crate) fn beside(database: Option<&Path>, named: Option<&Path>) -> Option<PathBuf> {
    let of_environment = || std::env::var_os(VARIABLE).is_some_and(|text| !text.is_empty());
    if named.is_some() || of_environment() { None } else { Some(database?.with_extension("key")) }
}

/// Where a new key waits until the database has it.
pub(crate) fn draft(beside: &Path) -> PathBuf {
    beside.with_extension("key.new")
}

fn given(named: Option<&Path>) -> Result<Option<InstallationKey>, CliError> {
    if let Some(file) = named {
        return from_file(file).map(Some);
    }
    match std::env::var(VARIABLE) {
        Ok(text) if !text.trim().is_empty() => {
            InstallationKey::from_bytes(text.trim().as_bytes()).context(VARIABLE).map(Some)
        }
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(CliError::usage(format!("{VARIABLE} is not text"))),
    }
}

pub(crate) fn from_file(file: &Path) -> Result<InstallationKey, CliError> {
    let bytes = fs::read(file).context(format_args!("the key file `{}` cannot be read", file.display()))?;
    InstallationKey::from_bytes(bytes.trim_ascii()).context(format_args!("the key file `{}`", file.display()))
}

/// Writes a new key under a name of its own first, then links it into place: nobody ever reads half a key, and of
/// two processes that start at once both use the same one.
pub(crate) fn create(file: &Path) -> Result<InstallationKey, CliError> {
    let (_, text) = InstallationKey::generate().context("a new installation key")?;
    let draft = file.with_extension(format!("key.{}", std::process::id()));
    let written = write_private(&draft, &text).and_then(|()| fs::hard_link(&draft, file));
    // The draft may not exist; the link is what counts.
    let _ = fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(error).context(format_args!("the key file `{}` cannot be written", file.display()))
        }
        _ => from_file(file),
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.trim().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_private_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("g.db");
        let first = resolve(Some(&database), None, true).unwrap();
        let file = dir.path().join("g.key");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(resolve(Some(&database), None, false).unwrap().id(), first.id());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(warning(Some(&database), None), None);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
        assert!(warning(Some(&database), None).unwrap().contains("g.key"));
        fs::remove_file(&file).unwrap();
        let error = resolve(Some(&database), None, false).unwrap_err();
        assert!(error.to_string().contains("g.key"), "{error}");
        assert!(!file.exists());
    }
}
