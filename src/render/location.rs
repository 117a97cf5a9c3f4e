//! Lines and columns of many spans at once.
//!
//! [`Sources::position`] counts from the start of the file at every call; this counts the lines of a file once.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use gatewright_compiler::diagnostic::Diagnostic;
use gatewright_compiler::source::{FileId, Position, Sources, Span};

use super::secrets;

/// Where the lines of a file begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of an offset, from 0.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The byte at which a line begins; past the last line, the end.
    pub(super) fn start(&self, line: usize, text: &str) -> usize {
        self.0.get(line).copied().unwrap_or(text.len())
    }
}

/// Lines of all files that were asked about.
pub(super) struct Index<'a> {
    pub(super) sources: &'a Sources,
    lines: RefCell<HashMap<FileId, Rc<Lines>>>,
    secrets: RefCell<HashMap<FileId, Secrets>>,
}

/// Where the secrets of a file stand.
type Secrets = Rc<Vec<Range<usize>>>;

/// A secret that is shorter is no reason to take a word out of a sentence.
const TELLING: usize = 6;

impl<'a> Index<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: RefCell::default(), secrets: RefCell::default() }
    }

    pub(super) fn path(&self, file: FileId) -> &'a str {
        self.sources.get(file).map_or("?", |file| &file.path)
    }

    pub(super) fn text(&self, file: FileId) -> &'a str {
        self.sources.get(file).map_or("", |file| &file.text)
    }

    pub(super) fn lines(&self, file: FileId) -> Rc<Lines> {
        let mut lines = self.lines.borrow_mut();
        Rc::clone(lines.entry(file).or_insert_with(|| Rc::new(Lines::new(self.text(file)))))
    }

    /// Where the secrets of a file stand.
    pub(super) fn secrets(&self, file: FileId) -> Secrets {
        let mut secrets = self.secrets.borrow_mut();
        Rc::clone(secrets.entry(file).or_insert_with(|| Rc::new(secrets::find(self.text(file)))))
    }

    /// What a diagnostic says, without the secrets of its files and without what would steer the terminal.
    pub(super) fn clean(&self, said: &str, diagnostic: &Diagnostic) -> String {
        let mut said = said.to_owned();
        let files = diagnostic.file.into_iter().chain(diagnostic.related.iter().map(|(span, _)| span.file));
        for file in files.collect::<BTreeSet<_>>() {
            for range in self.secrets(file).iter() {
                let secret = self.text(file).get(range.clone()).unwrap_or_default();
                if said.contains(secret) {
                    said = said.replace(&format!("`{secret}`"), "`•••`");
                    said = if secret.chars().count() < TELLING { said } else { said.replace(secret, "•••") };
                }
            }
        }
        super::printable(&said)
    }

    /// The advice of a diagnostic, cleaned line by line.
    pub(super) fn help(&self, diagnostic: &Diagnostic) -> Option<String> {
        let help = diagnostic.help.as_ref()?;
        Some(help.split('\n').map(|line| self.clean(line, diagnostic)).collect::<Vec<_>>().join("\n"))
    }

    /// Where a span begins and ends.
    pub(super) fn place(&self, span: Span) -> (Position, Position) {
        let range = span.range();
        (self.position(span.file, range.start), self.position(span.file, range.end))
    }

    fn position(&self, file: FileId, offset: usize) -> Position {
        let text = self.text(file);
        let lines = self.lines(file);
        let offset = floor(text, offset);
        let line = lines.of(offset);
        let before = text.get(lines.start(line, text)..offset).unwrap_or_default();
        Position { line: line + 1, column: before.chars().count() + 1 }
    }
}

/// The offset, or the next one below it that lies between two characters.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A path as other tools of the same folder know it: relative where it lies below that, without `.`, with slashes.
pub(super) fn relative(path: &str) -> String {
    let here = std::env::current_dir().ok();
    let path = Path::new(path);
    let path = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    parts.collect::<PathBuf>().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
