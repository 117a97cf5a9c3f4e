//! `gatewright plan`: what `apply` would do. Writes nothing, makes nothing.

use std::path::PathBuf;

use gatewright_reconciler::plan::Plan;

use crate::cli::{DatabaseArgs, Format, Outcome, ProgramArgs};
use crate::database::Database;
use crate::error::CliError;
use crate::pipeline::{self, Report};
use crate::program::Program;
use crate::progress::Progress;
use crate::render::{Place, Printer};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders, each a layer above the one before; none: the shipped set alone
    paths: Vec<PathBuf>,

    #[command(flatten)]
    program: ProgramArgs,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Exit with 2 when there are changes
    #[arg(long)]
    detailed_exitcode: bool,

    /// Show every field of new objects too
    #[arg(long)]
    details: bool,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let database = Database::named(&args.database)?;
    printer.warning(database.warning());
    let progress = Progress::start("reading blueprints");
    let program = Program::load(&args.program, &args.paths)?;
    progress.step("reading the database");
    let observed = super::runtime()?.block_on(database.observe())?;
    progress.step("planning");
    let (report, plan) = pipeline::plan(program, &observed, &args.program.levels);
    drop(progress);
    let Some(plan) = show(&report, plan, args.format, args.details, printer) else { return Ok(Outcome::Mistakes) };
    Ok(if args.detailed_exitcode && !plan.is_empty() { Outcome::Changes } else { Outcome::Success })
}

/// Prints the findings and the plan, or the mistakes that stand in its way.
fn show(report: &Report, plan: Option<Plan>, format: Format, details: bool, printer: &mut Printer) -> Option<Plan> {
    match (&plan, format) {
        (Some(plan), Format::Json) => printer.plan_json(plan, report, None),
        (None, _) => printer.mistakes(report, format),
        (Some(plan), _) => {
            printer.findings(report, format, Place::Beside);
            if matches!(format, Format::Human | Format::Github) {
                printer.plan(plan, details);
            }
        }
    }
    plan
}
