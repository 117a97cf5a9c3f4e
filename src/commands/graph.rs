//! `gatewright graph`: what the files declare as a drawing, or the way through one flow; no database.

use std::path::{Path, PathBuf};

use gatewright_compiler::picture::Picture;

use crate::cli::{Outcome, ProgramArgs};
use crate::diagram::{Diagram, flow, objects};
use crate::error::CliError;
use crate::pipeline;
use crate::program::Program;
use crate::progress::Progress;
use crate::render::{DrawingFormat, Place, Printer};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders, each a layer above the one before; none: the shipped set alone
    paths: Vec<PathBuf>,

    #[command(flatten)]
    program: ProgramArgs,

    /// Draw the way through this flow, instead of all objects
    #[arg(long, value_name = "SLUG")]
    flow: Option<String>,

    /// How to write it; without it, the ending of --output decides, else mermaid
    #[arg(long, value_enum)]
    format: Option<DrawingFormat>,

    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let format = format(args)?;
    let progress = Progress::start("reading blueprints");
    let program = Program::load(&args.program, &args.paths)?;
    progress.step("drawing");
    let (report, picture) = pipeline::draw(program, &args.program.levels);
    let diagram = diagram(args, &picture);
    drop(progress);
    if report.has_errors() {
        printer.diagnostics(&report, Place::Beside);
        printer.mistakes_summary(&report);
    }
    printer.diagram(&diagram?, format, args.output.as_deref())?;
    Ok(if report.has_errors() { Outcome::Mistakes } else { Outcome::Success })
}

fn diagram(args: &Args, picture: &Picture) -> Result<Diagram, CliError> {
    let shipped = if args.program.no_shipped { "no shipped set" } else { "shipped set" };
    let paths = args.paths.iter().map(|path| path.display().to_string());
    let layers: Vec<String> = std::iter::once(shipped.to_owned()).chain(paths).collect();
    let Some(slug) = &args.flow else { return Ok(objects::draw(picture, &layers)) };
    if let Some(found) = picture.flow(slug) {
        return Ok(flow::draw(picture, &found, &layers));
    }
    let error = CliError::usage(format!("no file declares a flow with the slug `{slug}`"));
    Err(match picture.suggest_flow(slug) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error,
    })
}

fn format(args: &Args) -> Result<DrawingFormat, CliError> {
    let ending = args.output.as_deref().and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    Ok(match (args.format, ending.as_deref()) {
        (Some(format), _) => format,
        (None, Some("svg")) => DrawingFormat::Svg,
        (None, Some("dot" | "gv")) => DrawingFormat::Dot,
        (None, Some("json")) => DrawingFormat::Json,
        (None, None | Some("mmd" | "mermaid" | "md")) => DrawingFormat::Mermaid,
        (None, Some(other)) => {
            let error = CliError::usage(format!("`.{other}` says nothing about the format"));
            return Err(error.hint("name one with `--format`: mermaid, dot, svg or json"));
        }
    })
}
