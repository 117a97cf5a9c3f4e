//! `gatewright explain`: what a diagnostic code means, at length and with an example.

use gatewright_compiler::diagnostic::Code;

use crate::cli::{Outcome, ShortFormat};
use crate::error::CliError;
use crate::render::Printer;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The code, as a report shows it in brackets; none: a list of all
    code: Option<String>,

    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ShortFormat,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let codes = match &args.code {
        Some(name) => &[named(name)?],
        None => Code::ALL,
    };
    match (args.format, &args.code) {
        (ShortFormat::Json, _) => printer.codes_json(codes),
        (ShortFormat::Human, Some(_)) => codes.iter().for_each(|code| printer.explanation(*code)),
        (ShortFormat::Human, None) => printer.codes(codes),
    }
    Ok(Outcome::Success)
}

fn named(name: &str) -> Result<Code, CliError> {
    // A report shows `error[syntax]`, and that is easily copied whole.
    let bare = name.rsplit('[').next().unwrap_or(name).trim_end_matches(']').trim();
    Code::named(&bare.to_ascii_lowercase()).ok_or_else(|| {
        let error = CliError::usage(format!("there is no code `{name}`"));
        match Code::suggest(bare) {
            Some(code) => error.hint(format!("did you mean `{}`?", code.name())),
            None => error.hint("`gatewright explain` lists them all"),
        }
    })
}
