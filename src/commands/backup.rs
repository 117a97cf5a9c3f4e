//! `gatewright backup`: a copy of a SQLite database as it is at one moment, whoever writes meanwhile.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::cli::{DatabaseArgs, Outcome};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::render::Printer;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The copy, which must not exist yet
    file: PathBuf,

    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let database = Database::named(&args.database)?;
    let file = &args.file;
    if file.symlink_metadata().is_ok() {
        return Err(exists(file));
    }
    // Under a name of its own until it is whole.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let draft = file.with_file_name(name);
    let unwritable = || format!("the copy `{}` cannot be written", file.display());
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).context(unwritable())?;
    let copied = super::runtime()?.block_on(database.backup(&draft)).and_then(|revision| {
        match place(&draft, file) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists(file)),
            placed => placed.context(unwritable())?,
        }
        Ok(revision)
    });
    // The link is what counts.
    let _ = fs::remove_file(&draft);
    printer.line(&format!("backed up revision {} to `{}`", copied?, file.display()));
    printer.note("the installation key is not in it: a copy is of no use without its key");
    Ok(Outcome::Success)
}

/// Never in place of another file, also of one that has come meanwhile.
fn place(draft: &Path, file: &Path) -> io::Result<()> {
    fs::File::open(draft)?.sync_all()?;
    fs::hard_link(draft, file)
}

fn exists(file: &Path) -> CliError {
    CliError::refused(format!("`{}` is there already, and stays as it is", file.display())).hint("name another file")
}
