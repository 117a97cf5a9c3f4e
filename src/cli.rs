//! The command line: verbs, shared options, and the way from an outcome to an exit status.
//!
//! Knows no work: it hands over to [`crate::commands`].

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use globset::Glob;

use crate::commands::{apply, backup, check, drift, explain, fmt, graph, history, key, plan, rollback, serve};
use crate::error::CliError;
use crate::levels::Levels;
use crate::render::Printer;

/// Turns a folder of blueprints into running login flows.
#[derive(Debug, Parser)]
#[command(name = "gatewright", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds the mistakes of blueprints; needs no database
    Check(check::Args),
    /// Shows what applying blueprints would change; changes nothing
    Plan(plan::Args),
    /// Applies blueprints to a database, in one transaction or not at all
    Apply(apply::Args),
    /// Serves the login flows, and applies the blueprints whenever they change
    Serve(serve::Args),
    /// Lists what was applied when, and by whom
    History(history::Args),
    /// Shows what one revision changed
    Show(history::ShowArgs),
    /// Goes back to what an earlier revision had; shows its plan first
    Rollback(rollback::Args),
    /// Shows what is no longer as it was applied
    Drift(drift::Args),
    /// Copies a SQLite database, as it is at one moment, while others write to it
    Backup(backup::Args),
    /// Looks after the installation key
    Key(key::Args),
    /// Says what a diagnostic code means, with an example; without CODE it lists them all
    Explain(explain::Args),
    /// Draws what blueprints declare, or the way through one flow; needs no database
    Graph(graph::Args),
    /// Brings blueprint files into the canonical layout
    Fmt(fmt::Args),
}

impl Command {
    fn format(&self) -> Format {
        match self {
            Self::Check(args) => args.format,
            Self::Plan(args) => args.format,
            Self::Apply(args) => args.format,
            Self::History(args) => args.format.into(),
            Self::Show(args) => args.format.into(),
            Self::Rollback(args) => args.format.into(),
            Self::Drift(args) => args.format.into(),
            Self::Explain(args) => args.format.into(),
            Self::Backup(_) | Self::Fmt(_) | Self::Graph(_) | Self::Key(_) | Self::Serve(_) => Format::Human,
        }
    }
}

/// What a run that did not fail ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Fine.
    Success,
    /// Mistakes in the input, already printed; or a refusal.
    Mistakes,
    /// Fine, and there are changes (`plan --detailed-exitcode`).
    Changes,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object (docs/json.md)
    Json,
    /// Findings as a SARIF 2.1.0 log, for code scanning
    Sarif,
    /// Findings as workflow commands, for annotations in GitHub Actions
    Github,
}

/// How something without findings is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShortFormat {
    /// For people
    Human,
    /// One JSON object (docs/json.md)
    Json,
}

impl From<ShortFormat> for Format {
    fn from(format: ShortFormat) -> Self {
        match format {
            ShortFormat::Human => Self::Human,
            ShortFormat::Json => Self::Json,
        }
    }
}

/// How long what was applied can be looked at and taken back.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Keep so many revisions for `history`, `show` and `rollback`
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) history: u32,
}

/// Which files make up the program.
#[derive(Clone, Debug, Args)]
pub(crate) struct ProgramArgs {
    /// Leave the shipped set of blueprints out of the lowest layer
    #[arg(long)]
    pub(crate) no_shipped: bool,

    /// Take in files labelled `instantiate: "false"` that match (may be repeated)
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<Glob>,

    /// Let `!File` read below this folder too (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub(crate) allow_files: Vec<PathBuf>,

    /// Refuse files that are larger, for instance 500KB or 32MB
    #[arg(long, value_name = "SIZE", default_value = "32MB")]
    pub(crate) max_file_size: ByteSize,

    /// How much findings matter.
    #[command(flatten)]
    pub(crate) levels: Levels,
}

/// Which database, and the key that belongs to it.
#[derive(Clone, Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// The database: sqlite:// and a path, the path alone, or postgres://user@host/database
    #[arg(long, value_name = "URL", env = "GATEWRIGHT_DATABASE", hide_env_values = true)]
    #[arg(default_value = "sqlite://gatewright.db")]
    pub(crate) database: String,

    /// The file that holds the installation key; without it GATEWRIGHT_SECRET_KEY, else a file beside a SQLite database
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Option<PathBuf>,
}

/// A number of bytes, written with an optional unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteSize(pub(crate) u64);

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
        let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kb" => 1_000,
            "m" | "mb" => 1_000_000,
            "g" | "gb" => 1_000_000_000,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            _ => return Err("the unit is one of B, KB, MB, GB, KiB, MiB and GiB".to_owned()),
        };
        let number: u64 = number.parse().map_err(|_| "a size is a number with a unit, as `32MB`".to_owned())?;
        number.checked_mul(factor).map(Self).ok_or_else(|| "this is more than can be counted".to_owned())
    }
}

/// Parses the arguments, runs the verb, prints what went wrong.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // clap would exit with 2, which means "there are changes" here.
        Err(error) => {
            let failed = error.use_stderr();
            // A closed pipe is the reader's choice.
            let _ = error.print();
            return if failed { ExitCode::from(1) } else { ExitCode::SUCCESS };
        }
    };
    let mut printer = Printer::new();
    let format = cli.command.format();
    match dispatch(cli.command, &mut printer) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            printer.error_report(&error, format);
            printer.error(&error);
            error.exit_code()
        }
    }
}

fn dispatch(command: Command, printer: &mut Printer) -> Result<Outcome, CliError> {
    match command {
        Command::Check(args) => check::run(&args, printer),
        Command::Plan(args) => plan::run(&args, printer),
        Command::Apply(args) => apply::run(&args, printer),
        Command::Serve(args) => serve::run(&args, printer),
        Command::History(args) => history::run(&args, printer),
        Command::Show(args) => history::show(&args, printer),
        Command::Rollback(args) => rollback::run(&args, printer),
        Command::Drift(args) => drift::run(&args, printer),
        Command::Backup(args) => backup::run(&args, printer),
        Command::Key(args) => key::run(&args, printer),
        Command::Explain(args) => explain::run(&args, printer),
        Command::Graph(args) => graph::run(&args, printer),
        Command::Fmt(args) => fmt::run(&args, printer),
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::SUCCESS,
            Outcome::Mistakes => Self::from(1),
            Outcome::Changes => Self::from(2),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes() {
        assert_eq!("32MB".parse(), Ok(ByteSize(32_000_000)));
        assert_eq!("1 KiB".parse(), Ok(ByteSize(1024)));
        assert_eq!("7".parse(), Ok(ByteSize(7)));
        assert!("".parse::<ByteSize>().is_err());
        assert!("MB".parse::<ByteSize>().is_err());
        assert!("3 parsecs".parse::<ByteSize>().unwrap_err().contains("unit"));
        assert!("99999999999999999999".parse::<ByteSize>().is_err());
    }
}
