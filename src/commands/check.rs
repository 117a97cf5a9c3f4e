//! `gatewright check`: every mistake of all files in one run, without a database.

use std::path::PathBuf;

use crate::cli::{Format, Outcome, ProgramArgs};
use crate::error::CliError;
use crate::pipeline;
use crate::program::Program;
use crate::progress::Progress;
use crate::render::{Place, Printer};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders, each a layer above the one before; none: the shipped set alone
    paths: Vec<PathBuf>,

    #[command(flatten)]
    program: ProgramArgs,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let progress = Progress::start("reading blueprints");
    let program = Program::load(&args.program, &args.paths)?;
    progress.step("checking");
    let report = pipeline::check(program, &args.program.levels);
    drop(progress);
    printer.findings(&report, args.format, Place::Result);
    if matches!(args.format, Format::Human | Format::Github) {
        printer.check_summary(&report);
    }
    Ok(if report.has_errors() { Outcome::Mistakes } else { Outcome::Success })
}
