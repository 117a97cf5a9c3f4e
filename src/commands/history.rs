//! `gatewright history` and `gatewright show`: what was applied. Reads the database only.

use crate::cli::{DatabaseArgs, Outcome, ShortFormat};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::render::Printer;

const UNREADABLE: &str = "the history cannot be read";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ShortFormat,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let database = Database::named(&args.database)?;
    let list = database.read(async |store| store.revision_list().await.context(UNREADABLE));
    let revisions = super::runtime()?.block_on(list)?.unwrap_or_default();
    printer.history(&revisions, args.format.into());
    Ok(Outcome::Success)
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// The number of the revision, as `gatewright history` lists it
    #[arg(value_name = "REV")]
    revision: u64,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Show every field of new objects too
    #[arg(long)]
    details: bool,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ShortFormat,
}

pub(crate) fn show(args: &ShowArgs, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let database = Database::named(&args.database)?;
    let find = database.read(async |store| store.revision_get(args.revision).await.context(UNREADABLE));
    let Some(revision) = super::runtime()?.block_on(find)?.flatten() else {
        return Err(CliError::usage(format!("the history holds no revision {}", args.revision))
            .hint("`gatewright history` lists those that it holds"));
    };
    printer.revision(&revision, args.details, args.format.into());
    Ok(Outcome::Success)
}
