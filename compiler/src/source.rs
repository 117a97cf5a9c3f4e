//! Where text came from: files, layers and byte spans.
//!
//! Knows nothing of YAML. A [`Span`] is three numbers, cheap to copy into every node;
//! [`Sources`] turns it back into a path, a line and a column. Read `yaml/` next.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

/// Index of a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileId(pub u32);

/// A half-open byte range `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end` of `file`; offsets beyond 4 GiB saturate (files are limited long before).
    #[must_use]
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(range.start), end: clamp(range.end) }
    }

    /// The byte range.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A position counted from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// One blueprint file as it was read. The caller reads it: the compiler touches no file system.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user should see it: relative where the user gave it so; `shipped/…` for the embedded set.
    pub path: String,
    /// The path below its layer's root, `/`-separated; what `metaapplyblueprint` calls `path`.
    pub relative: String,
    /// 0 is the shipped set; each PATH of the command line is one above the one before.
    pub layer: u32,
    /// Named on the command line as a single file (`overrides-sibling` is about these).
    pub named: bool,
    /// Takes part even when labelled `instantiate: "false"`: named as a file, or matched by `--include`.
    pub included: bool,
    /// The whole text.
    pub text: Arc<str>,
}

/// All files of one program, in the order of their layers and, within a layer, of their paths.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// Where the lines of each file begin, found when a position is first asked for.
    lines: Vec<OnceLock<Vec<usize>>>,
}

impl Sources {
    /// Adds a file and says under which id it is known from now on.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        self.lines.push(OnceLock::new());
        id
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(n, file)| (FileId(u32::try_from(n).unwrap_or(u32::MAX)), file))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file of an id that [`Sources::add`] gave out.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Where a byte offset of a file stands; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let text = self.get(file).map_or("", |file| &file.text);
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let begins = |text: &str| std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let lines = self.lines.get(file.0 as usize).map(|lines| lines.get_or_init(|| begins(text)));
        let line = lines.map_or(1, |lines| lines.partition_point(|begin| *begin <= end));
        let begin = lines.and_then(|lines| lines.get(line.saturating_sub(1))).copied().unwrap_or(0);
        Position { line, column: text.get(begin..end).unwrap_or_default().chars().count() + 1 }
    }

    /// The text that a span covers.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.range())).unwrap_or_default()
    }
}
