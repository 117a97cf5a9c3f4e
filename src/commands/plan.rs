//! `gatewright plan`: what `apply` would do. Writes nothing, makes nothing.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gatewright_reconciler::plan::Plan;
use gatewright_reconciler::plan_file;

use crate::cli::{DatabaseArgs, Format, Outcome, ProgramArgs};
use crate::database::Database;
use crate::error::{CliError, Context as _};
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

    /// Delete what blueprints declared once and none declares any more
    #[arg(long)]
    prune: bool,

    /// Write the plan to this file too, for `apply --plan`; secrets are sealed in it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

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
    let runtime = super::runtime()?;
    let key = args.out.as_ref().map(|_| runtime.block_on(database.existing_key())).transpose()?;
    let progress = Progress::start("reading blueprints");
    let program = Program::load(&args.program, &args.paths)?;
    progress.step("reading the database");
    let observed = runtime.block_on(database.observe())?;
    progress.step("planning");
    let (report, plan) = pipeline::plan(program, &observed, &args.program.levels, args.prune);
    drop(progress);
    let Some(plan) = show(&report, plan, args.format, args.details, printer) else { return Ok(Outcome::Mistakes) };
    if let (Some(file), Some(key)) = (&args.out, key) {
        let text = plan_file::to_text(&plan, &key).context("the plan cannot be kept")?;
        keep(file, &text).context(format!("`{}` cannot be written", file.display()))?;
        printer.note(&format!("`gatewright apply --plan {}` applies it", file.display()));
    }
    Ok(if args.detailed_exitcode && !plan.is_empty() { Outcome::Changes } else { Outcome::Success })
}

/// Writes a file for its owner only (mode 0600), whole or not at all.
fn keep(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".gatewright-plan-").tempfile_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    draft.persist(file)?;
    Ok(())
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
