//! What the YAML crate complains about, said in the words of somebody who is writing the file.

use granit_parser::{ErrorKind, ScanError};

use super::place;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The finding for a text that does not parse.
pub(super) fn diagnose(file: FileId, text: &str, error: &ScanError) -> Diagnostic {
    let span = point(file, text, error.marker().byte_offset());
    let (code, message, help) = words(error.kind());
    let message = if message.is_empty() { error.kind().to_string() } else { message };
    let diagnostic = Diagnostic::at(code, span, message);
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

/// A span of one character at an offset; where the fault is the end of the file, its last character.
fn point(file: FileId, text: &str, offset: Option<usize>) -> Span {
    let end = text.trim_end().len();
    let mut start = offset.unwrap_or(end).min(end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    Span::new(file, place::visible(text, start, start))
}

fn words(kind: &ErrorKind) -> (Code, String, &'static str) {
    use ErrorKind as K;
    let syntax = |message: &str, help| (Code::Syntax, message.to_owned(), help);
    match kind {
        K::RecursionLimitExceeded => (
            Code::TooComplex,
            format!("lists and maps are nested more than {} deep", super::MAX_DEPTH),
            "a blueprint never needs that: look for brackets that are not closed",
        ),
        K::UnclosedFlowCollection { open } => (
            Code::Syntax,
            format!("this `{open}` is never closed"),
            "close the bracket, or put quotes around the text if it is one",
        ),
        K::UnexpectedEofFlowSequence | K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => {
            syntax("the file ends inside brackets", "close the bracket that was opened last")
        }
        K::UnclosedQuotedScalar => syntax("this quote is never closed", "add the missing quote"),
        K::MismatchedFlowCollectionEnd { open, close } => (
            Code::Syntax,
            format!("`{close}` does not close the `{open}` that was opened"),
            "brackets close in the reverse order in which they were opened",
        ),
        K::MisplacedFlowCollectionEnd => syntax("there is no bracket open that this could close", ""),
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabAtBlockScalarStart => {
            syntax("a tab cannot indent a line", "indent with spaces")
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement => syntax(
            "a `:` cannot stand here",
            "put quotes around a text that holds `: `, and check the indentation of this line",
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            syntax("this line is not a `key: value`", "is a `:` missing, or is the line indented too little?")
        }
        K::ExpectedBlockMappingKey => syntax(
            "this does not belong to the map around it",
            "check the indentation: the keys of a map begin in the same column",
        ),
        K::ExpectedBlockSequenceEntry | K::BlockSequenceEntryNotAllowed | K::InvalidIndentation => {
            syntax("this line is indented differently from its neighbours", "align it with the lines it belongs to")
        }
        K::ExpectedFlowMappingSeparator => syntax("a `,` or a `}` is missing before this", ""),
        K::ExpectedFlowSequenceSeparator => syntax("a `,` or a `]` is missing before this", ""),
        K::UnexpectedCharacter { character } => (
            Code::Syntax,
            format!("`{character}` cannot begin a value"),
            "put quotes around a text that begins with this character",
        ),
        K::UnknownQuotedScalarEscape => {
            syntax("there is no such escape in double quotes", "write `\\\\` for a backslash, or use single quotes")
        }
        K::UndeclaredTagHandle => syntax("this tag has a prefix that nobody declared", ""),
        _ => (Code::Syntax, String::new(), ""),
    }
}
