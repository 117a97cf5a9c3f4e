//! `gatewright apply`: shows its plan, asks where there is somebody to ask, writes it in one transaction.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use gatewright_reconciler::apply::{self, ApplyError};
use gatewright_reconciler::plan::Plan;
use gatewright_reconciler::plan_file;
use gatewright_reconciler::store::Store;
use jiff::Timestamp;

use crate::cli::{DatabaseArgs, Format, HistoryArgs, Outcome, ProgramArgs};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::pipeline::{self, Consent, Report, Settled};
use crate::program::Program;
use crate::progress::Progress;
use crate::render::{Place, Printer};

/// Who stands in the history.
const AUTHOR: &str = "apply";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders, each a layer above the one before; none: the shipped set alone
    paths: Vec<PathBuf>,

    #[command(flatten)]
    program: ProgramArgs,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Do not ask; agree to deletions and to taking over fields that no blueprint declared
    #[arg(long, short)]
    yes: bool,

    /// Delete what blueprints declared once and none declares any more
    #[arg(long)]
    prune: bool,

    /// Apply this plan, which `plan --out` wrote, and read no blueprints
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "prune", "no_shipped", "include", "allow_files"])]
    plan: Option<PathBuf>,

    #[command(flatten)]
    history: HistoryArgs,

    /// Show every field of new objects too
    #[arg(long)]
    details: bool,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    super::runtime()?.block_on(work(args, printer))
}

async fn work(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let database = Database::named(&args.database)?;
    printer.warning(database.warning());
    if let Some(file) = &args.plan {
        return planned(&database, file, args, printer).await;
    }
    let progress = Progress::start("reading blueprints");
    let program = Program::load(&args.program, &args.paths)?;
    progress.step("planning");
    let observed = database.observe().await?;
    let (report, plan) = pipeline::plan(program, &observed, &args.program.levels, args.prune);
    drop(progress);
    let Some(plan) = plan else {
        printer.mistakes(&report, args.format);
        return Ok(Outcome::Mistakes);
    };
    if matches!(args.format, Format::Human | Format::Github) {
        printer.findings(&report, args.format, Place::Beside);
        printer.plan(&plan, args.details);
    }
    if plan.is_empty() {
        match args.format {
            Format::Json => printer.plan_json(&plan, &report, Some(plan.base_revision)),
            Format::Sarif => printer.findings(&report, args.format, Place::Result),
            Format::Human | Format::Github => {}
        }
        return Ok(Outcome::Success);
    }
    let asked = agree(&plan, args.yes, printer)?;
    let progress = Progress::start("applying");
    let store = database.open(printer).await?;
    let written = write(&store, report, plan, asked, args).await;
    let trimmed = store.history_trim(args.history.history).await;
    store.close().await;
    drop(progress);
    let written = written?;
    trimmed.context("the history cannot be shortened")?;
    match (written, args.format) {
        (Written::Mistakes(report), format) => {
            printer.mistakes(&report, format);
            return Ok(Outcome::Mistakes);
        }
        (Written::Nothing(report, plan), Format::Json) => {
            printer.plan_json(&plan, &report, Some(plan.base_revision));
        }
        (Written::Revision(report, plan, revision), Format::Json) => printer.plan_json(&plan, &report, Some(revision)),
        (Written::Nothing(report, _) | Written::Revision(report, ..), Format::Sarif) => {
            printer.findings(&report, Format::Sarif, Place::Result);
        }
        (Written::Nothing(..), _) => printer.note("nothing left to do: another process was faster"),
        (Written::Revision(_, _, revision), _) => printer.line(&format!("applied as revision {revision}")),
    }
    Ok(Outcome::Success)
}

enum Written {
    Mistakes(Report),
    Nothing(Report, Plan),
    Revision(Report, Plan, u64),
}

/// Writes the very plan that was shown. Where it no longer fits, one that nobody was asked about is made again: another
/// process was faster, or the database was only just made and has an id of its own, which all others follow from.
async fn write(store: &Store, report: Report, plan: Plan, asked: bool, args: &Args) -> Result<Written, CliError> {
    match apply::apply(store, &plan, AUTHOR, Timestamp::now()).await {
        Ok(revision) => Ok(Written::Revision(report, plan, revision)),
        Err(ApplyError::Stale) if asked && plan.base_revision > 0 => {
            Err(CliError::refused("the database changed after the plan was shown")
                .hint("nothing was written; run the command again to see what is left to do"))
        }
        Err(ApplyError::Stale) => settle(store, report, asked, args).await,
        Err(error) => Err(error).context("the plan cannot be applied"),
    }
}

async fn settle(store: &Store, report: Report, asked: bool, args: &Args) -> Result<Written, CliError> {
    let consent = Consent { given: args.yes || asked, prune: args.prune };
    match pipeline::settle(store, report.program, &args.program.levels, consent, AUTHOR).await? {
        Settled::Mistakes(report) => Ok(Written::Mistakes(report)),
        Settled::Nothing(report, plan) => Ok(Written::Nothing(report, plan)),
        Settled::Refused(_, reasons) => Err(refusal(&reasons)),
        Settled::Applied(report, plan, revision) => Ok(Written::Revision(report, plan, revision)),
    }
}

/// Applies a plan that was made before, or nothing where the database is no longer what it was made for.
async fn planned(database: &Database, file: &Path, args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let name = file.display();
    let text = std::fs::read_to_string(file).context(format!("`{name}` cannot be read"))?;
    let Some(store) = database.open_if_made(printer).await? else {
        return Err(CliError::usage(format!("`{name}` was made for a database, and there is none here"))
            .hint("name the database with --database"));
    };
    let done = write_planned(&store, &text, args, printer).await;
    store.close().await;
    done.map_err(|error| error.about(&format!("`{name}`")))
}

async fn write_planned(store: &Store, text: &str, args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let plan = plan_file::from_text(text, store.key()).map_err(|error| {
        CliError::usage(error.to_string()).hint("make it again with `gatewright plan --out`, for this database")
    })?;
    if args.format == Format::Human {
        printer.plan(&plan, args.details);
    }
    agree(&plan, args.yes, printer)?;
    let revision = match apply::apply(store, &plan, AUTHOR, Timestamp::now()).await {
        Ok(revision) => revision,
        Err(ApplyError::Stale) => {
            return Err(CliError::refused("the database has changed since this plan was made, so nothing was applied")
                .hint("make a new plan with `gatewright plan --out`, and look at it"));
        }
        Err(error) => return Err(error).context("the plan cannot be applied"),
    };
    store.history_trim(args.history.history).await.context("the history cannot be shortened")?;
    match args.format {
        Format::Human if revision > plan.base_revision => printer.line(&format!("applied as revision {revision}")),
        Format::Json => printer.plan_json(&plan, &Report::default(), Some(revision)),
        _ => {}
    }
    Ok(Outcome::Success)
}

/// Whether to go on; says whether somebody was asked.
pub(super) fn agree(plan: &Plan, yes: bool, printer: &mut Printer) -> Result<bool, CliError> {
    if yes {
        return Ok(false);
    }
    let reasons = plan.needs_consent();
    if !io::stdin().is_terminal() {
        return if reasons.is_empty() { Ok(false) } else { Err(refusal(&reasons)) };
    }
    printer.reasons(&reasons);
    printer.ask("apply this plan? [y/N]");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("the answer cannot be read")?;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(true);
    }
    Err(CliError::refused("nothing was applied"))
}

fn refusal(reasons: &[String]) -> CliError {
    let refused = CliError::refused("this plan needs your consent, so nothing was applied");
    let refused = reasons.iter().fold(refused, |error, reason| error.hint(reason));
    refused.hint("agree with --yes")
}
