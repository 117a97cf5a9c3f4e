//! `gatewright rollback`: back to what an earlier revision had, by a plan like any other.

use gatewright_reconciler::apply;
use gatewright_reconciler::plan::Planned;
use gatewright_reconciler::store::Store;
use gatewright_reconciler::store::history::RollbackError;
use jiff::Timestamp;

use super::apply::agree;
use crate::cli::{DatabaseArgs, Format, HistoryArgs, Outcome, ShortFormat};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::levels::Levels;
use crate::pipeline::Report;
use crate::render::Printer;

/// Who stands in the history.
const AUTHOR: &str = "rollback";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The number of the revision to go back to, as `gatewright history` lists it; 0 is before the first one
    #[arg(value_name = "REV")]
    revision: u64,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    history: HistoryArgs,

    /// Do not ask; agree to deletions
    #[arg(long, short)]
    yes: bool,

    /// Show the plan and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Show every field of new objects too
    #[arg(long)]
    details: bool,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ShortFormat,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    super::runtime()?.block_on(async {
        let database = Database::named(&args.database)?;
        let Some(store) = database.open_if_made(printer).await? else {
            return Err(CliError::usage("there is no database yet, so there is nothing to go back to"));
        };
        let done = work(&store, args, printer).await;
        store.close().await;
        done
    })
}

async fn work(store: &Store, args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let Planned { plan, diagnostics } = match store.rollback(args.revision).await {
        Ok(planned) => planned,
        Err(error @ (RollbackError::Unknown { .. } | RollbackError::Forgotten(_))) => {
            return Err(CliError::usage(error.to_string()).hint("`gatewright history` lists what there is"));
        }
        Err(error) => return Err(error).context("the history cannot be read"),
    };
    let format = Format::from(args.format);
    let report = Report::of(diagnostics, &Levels::default());
    if report.has_errors() {
        printer.mistakes(&report, format);
        return Ok(Outcome::Mistakes);
    }
    if format == Format::Human {
        printer.plan(&plan, args.details);
    }
    let mut revision = plan.base_revision;
    if !args.dry_run && !plan.is_empty() {
        agree(&plan, args.yes, printer)?;
        revision = apply::apply(store, &plan, AUTHOR, Timestamp::now()).await.context("the plan cannot be applied")?;
        store.history_trim(args.history.history).await.context("the history cannot be shortened")?;
    }
    match format {
        Format::Json => printer.plan_json(&plan, &report, (!args.dry_run).then_some(revision)),
        _ if revision > plan.base_revision => {
            printer.line(&format!("applied as revision {revision}: as it was at revision {}", args.revision));
        }
        _ => {}
    }
    Ok(Outcome::Success)
}
