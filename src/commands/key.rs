//! `gatewright key rotate`: another installation key for a database.
//!
//! Where the key stands beside the database, the new one is written beside it first, as `gatewright.key.new`, and takes
//! the place of the old one after the database has it. A run that is cut off in between is finished by the next one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gatewright_reconciler::store::{Rotation, Store};

use crate::cli::{DatabaseArgs, Outcome};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::key;
use crate::render::Printer;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Gives a database another key: seals everything again, in one transaction; stop every server first
    Rotate(Rotate),
}

#[derive(Debug, clap::Args)]
struct Rotate {
    #[command(flatten)]
    database: DatabaseArgs,

    /// The file of the new key, made where there is none; without it, the file beside a SQLite database is replaced
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,

    /// Agree that what only hashes are kept of stops working: API tokens, until they are set again
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let Verb::Rotate(args) = &args.verb;
    super::runtime()?.block_on(rotate(args, printer))
}

async fn rotate(args: &Rotate, printer: &mut Printer) -> Result<Outcome, CliError> {
    let database = Database::named(&args.database)?;
    let (file, beside) = match (&args.new_key_file, database.key_beside()) {
        (Some(file), _) => (file.clone(), None),
        (None, Some(beside)) => (key::draft(&beside), Some(beside)),
        (None, None) => {
            return Err(CliError::usage("the new key needs a file: --new-key-file")
                .hint("the present one is not in the file beside a SQLite database, which could be replaced"));
        }
    };
    if let Some(beside) = &beside
        && file.exists()
        && database.has_key(key::from_file(&file)?).await?
    {
        replace(beside, &file, printer)?;
        printer.line("the rotation that was cut off is finished");
        return Ok(Outcome::Success);
    }
    let Some(store) = database.open_if_made(printer).await? else {
        return Err(CliError::world(format!("there is no database `{database}`")).hint("name one with --database"));
    };
    let done = write(&store, &file, args.yes).await;
    store.close().await;
    let rotation = done?;
    printer.line(&format!("the database `{database}` has a new key; {} sealed again", secrets(rotation.sealed)));
    printer.reasons(&losses(rotation));
    match beside {
        Some(beside) => replace(&beside, &file, printer)?,
        None => printer.note(&format!("give it from now on: --secret-key-file {}", file.display())),
    }
    Ok(Outcome::Success)
}

async fn write(store: &Store, file: &Path, yes: bool) -> Result<Rotation, CliError> {
    let losses = losses(store.key_rotation().await.context("the database cannot be read")?);
    if !losses.is_empty() && !yes {
        let refused = CliError::refused("a new key needs your consent, so the old one stays");
        return Err(losses.iter().fold(refused, |error, loss| error.hint(loss)).hint("agree with --yes"));
    }
    let new = key::create(file)?;
    if new.id() == store.key().id() {
        return Err(CliError::usage(format!("the key in `{}` is the present one", file.display()))
            .hint("name a file that does not exist yet, and a new key is made"));
    }
    store.key_rotate(&new).await.context("the key stays")
}

/// What does not survive a new key.
fn losses(rotation: Rotation) -> Vec<String> {
    let Rotation { forgotten, tokens, logins, .. } = rotation;
    let mut losses = Vec::new();
    if tokens > 0 {
        losses.push(format!("API tokens that stop working until their keys are set again: {tokens}"));
    }
    if forgotten > 0 {
        losses.push(format!("declared passwords and token keys that the next plan sets again: {forgotten}"));
    }
    if logins > 0 {
        losses.push(format!("logins under way that begin again: {logins}"));
    }
    losses
}

fn secrets(count: u64) -> String {
    if count == 1 { "1 secret was".to_owned() } else { format!("{count} secrets were") }
}

/// Puts the new key in the place of the old one, which is kept for the backups that were made with it.
fn replace(beside: &Path, new: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let old = key::from_file(beside)?;
    let kept = beside.with_extension(format!("key.{}", old.id()));
    let moved = match fs::hard_link(beside, &kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::rename(new, beside),
    };
    moved.context(format_args!(
        "the new key in `{}` cannot take the place of `{}`",
        new.display(),
        beside.display()
    ))?;
    printer.note(&format!("`{}` is the new key; `{}` opens older backups", beside.display(), kept.display()));
    Ok(())
}
