//! `gatewright fmt`: brings blueprint files into the canonical layout that `docs/fmt.md` describes.
//!
//! What the layout is, and that nothing is lost by it, is the compiler's; here files are read and replaced whole.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use gatewright_compiler::fmt::{self, Failure};
use gatewright_compiler::foreign::is_blueprint;
use gatewright_compiler::source::{FileId, SourceFile};
use globset::GlobSet;

use crate::cli::{ByteSize, Outcome};
use crate::error::{CliError, Context as _};
use crate::files::{self, Layer, Reader, is_json};
use crate::pipeline::Report;
use crate::render::{Place, Printer};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders; `-` reads standard input and writes to standard output
    #[arg(required = true)]
    paths: Vec<PathBuf>,

    /// Write nothing; name the files that are laid out differently, and exit with 1 when there are any
    #[arg(long)]
    check: bool,

    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,

    /// Refuse files that are larger, for instance 500KB or 32MB
    #[arg(long, value_name = "SIZE", default_value = "32MB")]
    max_file_size: ByteSize,
}

/// How many files there were of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Laid out differently.
    pub(crate) changed: usize,
    /// Laid out as they should be.
    pub(crate) fine: usize,
    /// Left alone because of mistakes in them.
    pub(crate) broken: usize,
    /// Left alone because they cannot be written.
    pub(crate) failed: usize,
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("warn");
    let piped = args.paths.iter().any(|path| path == Path::new("-"));
    if piped && args.paths.len() > 1 {
        return Err(CliError::usage("`-` stands for standard input, and goes with no other path"));
    }
    let mut work = Work { args, printer, tally: Tally::default(), report: Report::default(), failures: Vec::new() };
    if piped {
        work.pipe()?;
    } else {
        work.files();
    }
    let Work { tally, mut report, failures, .. } = work;
    report.count();
    printer.diagnostics(&report, if piped { Place::Beside } else { Place::Result });
    failures.iter().for_each(|failure| printer.error(failure));
    if !piped {
        printer.fmt_summary(tally, !args.check && !args.diff);
    }
    let mistaken = report.has_errors() || tally.failed > 0 || args.check && tally.changed > 0;
    Ok(if mistaken { Outcome::Mistakes } else { Outcome::Success })
}

struct Work<'a> {
    args: &'a Args,
    printer: &'a mut Printer,
    tally: Tally,
    report: Report,
    /// What kept single files from their layout; the others get theirs.
    failures: Vec<CliError>,
}

impl Work<'_> {
    fn pipe(&mut self) -> Result<(), CliError> {
        let mut bytes = Vec::new();
        let limit = self.args.max_file_size.0;
        let read = io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.context("standard input cannot be read")?;
        if bytes.len() as u64 > limit {
            let message = format!("standard input is over the limit of {limit} bytes");
            return Err(CliError::world(message).hint("raise the limit with --max-file-size"));
        }
        let text = String::from_utf8(bytes).map_err(|_| CliError::world("standard input is not UTF-8"))?;
        let path = "standard input".to_owned();
        let file =
            SourceFile { path: path.clone(), relative: path, layer: 1, named: true, included: true, text: text.into() };
        let Some((before, after)) = self.format(file)? else { return Ok(()) };
        if !self.args.check && !self.args.diff {
            self.printer.text(&after);
        } else if *before != *after {
            self.tally.changed += 1;
            self.show("standard input", &before, &after);
        }
        Ok(())
    }

    fn files(&mut self) {
        let reader = Reader { max_file_size: self.args.max_file_size, include: &GlobSet::empty() };
        let (json, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
            self.args.paths.iter().partition(|path| path.is_file() && is_json(path));
        for path in json {
            let name = path.display();
            self.printer.note(&format!("`{name}` is JSON: left as it is"));
        }
        let mut layers: Vec<Layer> = paths.iter().map(|path| reader.layer(path, 1)).collect();
        files::once(&mut layers);
        // A link and the file that it names are one file.
        let mut seen = HashSet::new();
        for layer in layers {
            self.report.program.findings.extend(layer.findings);
            for file in layer.files {
                if fs::canonicalize(&file.path).is_ok_and(|path| !seen.insert(path)) {
                    continue;
                }
                // Of what lies in a folder, only blueprints are ours to lay out.
                let path = file.path.clone();
                if !file.named && (is_json(Path::new(&path)) || !is_blueprint(&file.relative, &file.text)) {
                    continue;
                }
                let written = match self.format(file) {
                    Ok(Some((before, after))) if *before != *after => self.changed(Path::new(&path), &before, &after),
                    Ok(_) => Ok(()),
                    Err(failure) => Err(failure),
                };
                if let Err(failure) = written {
                    self.tally.failed += 1;
                    self.failures.push(failure);
                }
            }
        }
    }

    /// The text before and after; nothing for one with mistakes, which are in the report then.
    fn format(&mut self, file: SourceFile) -> Result<Option<(std::sync::Arc<str>, String)>, CliError> {
        let text = file.text.clone();
        let path = file.path.clone();
        let id: FileId = self.report.program.sources.add(file);
        match fmt::format(id, &text) {
            Ok(result) => {
                if *text == *result {
                    self.tally.fine += 1;
                }
                Ok(Some((text, result)))
            }
            Err(Failure::Mistakes(found)) => {
                self.tally.broken += 1;
                self.report.diagnostics.extend(found);
                Ok(None)
            }
            Err(Failure::Bug(what)) => {
                let message = format!("this is a bug of gatewright: `{path}` cannot be formatted, {what}");
                Err(CliError::world(message).hint("the file is as it was; please report the bug with the file"))
            }
        }
    }

    fn changed(&mut self, path: &Path, before: &str, after: &str) -> Result<(), CliError> {
        let name = path.display().to_string();
        if self.args.check || self.args.diff {
            self.show(&name, before, after);
        } else {
            replace(path, after).context(format_args!("`{name}` cannot be written"))?;
            self.printer.line(&format!("formatted {name}"));
        }
        self.tally.changed += 1;
        Ok(())
    }

    fn show(&mut self, name: &str, before: &str, after: &str) {
        if self.args.diff {
            self.printer.diff(name, before, after);
        } else {
            self.printer.line(&format!("would format {name}"));
        }
    }
}

/// Replaces a file whole or not at all: nobody ever reads half of it. A link stays, and what it names is replaced.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let metadata = fs::metadata(&path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if metadata.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    let mut draft = tempfile::Builder::new().prefix(".gatewright-fmt-").tempfile_in(folder).map_err(|error| {
        let why = error.kind();
        io::Error::new(why, format!("no file can be made beside it to replace it by: {why}"))
    })?;
    draft.write_all(text.as_bytes())?;
    let permissions = keep_owner(draft.as_file(), &metadata)?;
    draft.as_file().set_permissions(permissions)?;
    draft.as_file().sync_all()?;
    draft.persist(&path)?;
    Ok(())
}

/// The file stays whose it was, where that may be said, and its permissions stay. Another group gets no more than others.
fn keep_owner(draft: &fs::File, metadata: &fs::Metadata) -> io::Result<fs::Permissions> {
    let made = draft.metadata()?;
    let (owner, group) = (metadata.uid(), metadata.gid());
    let mut permissions = metadata.permissions();
    let kept = (made.uid(), made.gid()) == (owner, group)
        || fchown(draft, Some(owner), Some(group)).is_ok()
        || made.gid() == group
        || fchown(draft, None, Some(group)).is_ok();
    if !kept {
        let mode = permissions.mode();
        permissions.set_mode(mode & !0o070 | mode & 0o070 & (mode & 0o007) << 3);
    }
    Ok(permissions)
}
