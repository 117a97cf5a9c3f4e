//! `gatewright drift`: what is no longer as it was applied. Reads the database only.

use gatewright_reconciler::drift::drift;

use crate::cli::{DatabaseArgs, Outcome, ShortFormat};
use crate::database::Database;
use crate::error::CliError;
use crate::render::Printer;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Exit with 2 when something has drifted
    #[arg(long)]
    detailed_exitcode: bool,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ShortFormat,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let database = Database::named(&args.database)?;
    let observed = super::runtime()?.block_on(database.observe())?;
    let drifted = drift(&observed);
    printer.drift(&drifted, args.format.into());
    Ok(if args.detailed_exitcode && !drifted.is_empty() { Outcome::Changes } else { Outcome::Success })
}
