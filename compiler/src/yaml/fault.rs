//! What the YAML crate complains about, said in the words of somebody who is writing the file.

use granit_parser::ErrorKind;

use super::compose::Fault;
use super::{place, trace};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The finding for a text that does not parse.
pub(super) fn diagnose(file: FileId, text: &str, fault: &Fault) -> Diagnostic {
    if let Some(found) = better(file, text, fault) {
        return found;
    }
    let span = point(file, text, fault.offset);
    let (code, message, help) = words(&fault.kind);
    let message = if message.is_empty() { fault.kind.to_string() } else { message };
    let diagnostic = Diagnostic::at(code, span, message);
    let diagnostic = if help.is_empty() { diagnostic } else { diagnostic.help(help) };
    match opening(text, fault, span) {
        Some(opening) => diagnostic.related(opening, "this is open here"),
        None => diagnostic,
    }
}

/// Where the collection begins in which the parser went astray, if that is on a line above.
fn opening(text: &str, fault: &Fault, at: Span) -> Option<Span> {
    let opens = fault.opens.filter(|opens| opens.start < at.start)?;
    let start = opens.range().start;
    let line = text.get(start..)?.lines().next()?.trim_end();
    (start + line.len() <= at.range().start).then(|| Span::new(opens.file, start..start + line.len()))
}

/// Faults of which the text itself shows more than the parser says: their own place, their own words.
fn better(file: FileId, text: &str, fault: &Fault) -> Option<Diagnostic> {
    use ErrorKind as K;
    let offset = fault.offset.unwrap_or(text.len()).min(text.len());
    let at = |start: usize, length: usize, message: String, help: &str| {
        Diagnostic::at(Code::Syntax, Span::new(file, start..start + length), message).help(help)
    };
    match &fault.kind {
        _ if text.bytes().take(4).any(|byte| byte == 0) => {
            let first = text.chars().next().map_or(0, char::len_utf8);
            Some(at(0, first, "this looks like UTF-16, or is no text".to_owned(), "save it as UTF-8"))
        }
        K::UnexpectedCharacter { character } if character.is_control() => {
            // The mark is where the value begins, or where the character is.
            let ahead = text.get(offset..)?.find(*character).map(|at| offset + at);
            let start = ahead.or_else(|| text.get(..offset)?.rfind(*character));
            let message = format!("the control character U+{:04X} cannot stand in a file", u32::from(*character));
            let length = start.map_or(0, |_| character.len_utf8());
            Some(at(
                start.unwrap_or(offset),
                length,
                message,
                "delete it; in double quotes it can be written as `\\x…`",
            ))
        }
        K::UnexpectedCharacter { character } => Some(reserved(point(file, text, fault.offset), *character)),
        K::MissingAnchorOrAliasName => {
            let character = text.get(offset..)?.chars().next().filter(|c| matches!(c, '*' | '&'))?;
            Some(reserved(point(file, text, fault.offset), character))
        }
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => {
            let start = trace::tab(text, offset)?;
            Some(at(start, 1, "a tab cannot indent a line".to_owned(), "indent with spaces"))
        }
        K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent => {
            let (start, quote) = trace::open_quote(text, offset)?;
            Some(at(start, 1, format!("this `{quote}` is never closed"), "add the missing quote"))
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::SimpleKeyExpected | K::InvalidSimpleKey => {
            let start = trace::tight_dash(text, offset)?;
            Some(at(start, 1, "a space is missing after this `-`".to_owned(), "write `- ` before the items of a list"))
        }
        _ => None,
    }
}

/// Whether a map is what fills in a text elsewhere: `{{ .Values.name }}`.
pub(super) fn is_template(text: &str, map: Span) -> bool {
    text.get(map.range()).is_some_and(|map| map.starts_with("{{"))
}

/// The finding for a template that is not in quotes.
pub(super) fn template(span: Span) -> Diagnostic {
    Diagnostic::at(Code::Syntax, span, "a template in `{{ }}` needs quotes")
        .help("put quotes around the whole value; what Helm or Ansible fills in, check when it is filled in")
}

/// The finding for a text that begins with a character which means something else.
pub(super) fn reserved(span: Span, character: char) -> Diagnostic {
    let shown = if character == '`' { "`` ` ``".to_owned() } else { format!("`{character}`") };
    Diagnostic::at(Code::Syntax, span, format!("{shown} cannot begin a value"))
        .help("put quotes around a text that begins with this character")
}

/// Quotes of a text program, by what opens and what closes.
const CURLY: (&[char], &[char]) = (&['“', '„', '”', '‘', '‚', '’'], &['”', '“', '’', '‘']);

/// A plain text between quotes that are none here: `“a text”`.
fn curly_quotes(plain: &str, span: Span) -> Option<Diagnostic> {
    let inner = plain.strip_prefix(CURLY.0)?.strip_suffix(CURLY.1)?;
    let mark = plain.chars().next()?;
    let straight =
        if inner.contains(['"', '\\']) { format!("'{}'", inner.replace('\'', "''")) } else { format!("\"{inner}\"") };
    let message = format!("`{mark}` is no quote here: it becomes a part of the text");
    Some(Diagnostic::at(Code::StrayQuote, span, message).help(format!("write `{straight}`")))
}

/// A plain text that ends with a quote which nothing opens: `https://example.com"`.
pub(super) fn stray_quote(text: &str, span: Span) -> Option<Diagnostic> {
    let plain = text.get(span.range())?;
    if let Some(found) = curly_quotes(plain, span) {
        return Some(found);
    }
    let quote = plain.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    // An apostrophe may end a word: `the users'`.
    let apostrophe = quote == '\'' && plain.ends_with("s'");
    if apostrophe || plain.matches(quote).count() % 2 == 0 {
        return None;
    }
    let at = Span { start: span.end - 1, ..span };
    let message = format!("this `{quote}` closes a text that no quote opens: it becomes a part of the text");
    Some(
        Diagnostic::at(Code::StrayQuote, at, message)
            .help("put the other quote in front of the text, or delete this one"),
    )
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
        K::InvalidTrailingSingleQuotedScalar => {
            syntax("the text goes on after its closing quote", "inside single quotes a `'` is written twice: `'it''s'`")
        }
        K::InvalidTrailingDoubleQuotedScalar => {
            syntax("the text goes on after its closing quote", "inside double quotes a `\"` is written `\\\"`")
        }
        K::UnclosedQuotedScalar => syntax("this quote is never closed", "add the missing quote"),
        K::MismatchedFlowCollectionEnd { open, close } => (
            Code::Syntax,
            format!("`{close}` does not close the `{open}` that was opened"),
            "brackets close in the reverse order in which they were opened",
        ),
        K::MisplacedFlowCollectionEnd => syntax("there is no bracket open that this could close", ""),
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => syntax("a tab cannot indent a line", "indent with spaces"),
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
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidUnicodeEscape => {
            syntax("there is no such escape in double quotes", "write `\\\\` for a backslash, or use single quotes")
        }
        K::UndeclaredTagHandle => syntax("this tag has a prefix that nobody declared", ""),
        _ => (Code::Syntax, String::new(), ""),
    }
}
