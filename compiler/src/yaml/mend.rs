//! Guesses at what was meant: the changes to one line that may make a piece of text parse, the likeliest first.
//!
//! Each carries the finding that is reported when it does. A guess at an indentation is the likelier the more regular it
//! leaves the layout, then the nearer it is to where the parser noticed.

use std::collections::BTreeSet;

use super::compose::{Edit, Fault};
use super::fault;
use super::lines::{self, Line, Look};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// How many lines above the place are looked at.
const LINES: usize = 24;

/// How many indentations are tried for a line.
const INDENTS: usize = 5;

/// A change, and what is said when it helps.
pub(super) struct Mend {
    pub(super) input: String,
    pub(super) edit: Edit,
    pub(super) diagnostic: Diagnostic,
}

/// What is to be mended.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    /// The whole text.
    pub(super) text: &'a str,
    /// The piece.
    pub(super) input: &'a str,
    /// Where it begins.
    pub(super) start: usize,
    pub(super) style: Style,
    /// The column in which its parts begin.
    pub(super) usual: usize,
}

/// A change with how unlikely it is.
struct Guess<'a> {
    cost: usize,
    at: usize,
    removed: usize,
    inserted: std::borrow::Cow<'a, str>,
    diagnostic: Diagnostic,
}

/// Everything that may help, the likeliest first.
pub(super) fn candidates<'a>(place: Place<'a>, lines: &[Line], fault: &Fault) -> impl Iterator<Item = Mend> + use<'a> {
    let noticed = fault.offset.unwrap_or(place.text.len());
    let seen = lines.iter().take_while(|line| line.start <= noticed).count();
    // A comment ends a text before its next line is read.
    let next = lines.iter().skip(seen).position(|line| !line.blank).map_or(0, |at| at + 1);
    let near = seen.saturating_sub(LINES)..seen + next;
    let mut guesses = Vec::new();
    for at in near {
        let Some(line) = lines.get(at).filter(|line| !line.blank) else { continue };
        let distance = (seen - 1).abs_diff(at);
        place.quotes(line, distance, &mut guesses);
        place.brackets(line, distance, &mut guesses);
        place.templates(line, distance, &mut guesses);
        place.spaces(line, distance, &mut guesses);
        place.indents(lines, at, distance, &mut guesses);
    }
    guesses.sort_by_key(|guess| guess.cost);
    guesses.into_iter().filter_map(move |guess| {
        let (before, after) = (place.input.get(..guess.at)?, place.input.get(guess.at + guess.removed..)?);
        let edit = Edit { at: guess.at, removed: guess.removed, inserted: guess.inserted.len() };
        Some(Mend { input: format!("{before}{}{after}", guess.inserted), edit, diagnostic: guess.diagnostic })
    })
}

/// How a text is laid out.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// The commonest step from one line to a deeper one.
    pub(super) unit: usize,
    /// The items of most lists begin in the column of the key that holds them.
    pub(super) flush: bool,
}

/// How the lines of a text are laid out, texts in blocks left out.
pub(super) fn style(text: &str, lines: &[Line]) -> Style {
    let mut counts = [0_usize; 9];
    let mut flush = 0_usize;
    let mut block: Option<usize> = None;
    let mut before = 0;
    let mut key: Option<usize> = None;
    for line in lines.iter().filter(|line| !line.blank) {
        if block.is_some_and(|key| line.indent > key) {
            continue;
        }
        let content = text.get(line.content(text)).unwrap_or_default();
        block = opens_block(content).then_some(line.indent);
        let item = lines::look(content) == Look::Item;
        let step = line.indent.checked_sub(before).filter(|step| *step > 1);
        if let Some(count) = step.and_then(|step| counts.get_mut(step)) {
            *count += 1;
        }
        flush = match key.filter(|_| item) {
            Some(key) if key == line.indent => flush + 2,
            Some(_) => flush.saturating_sub(1),
            None => flush,
        };
        key = content.ends_with(':').then_some(line.indent);
        before = if item { line.indent + 2 } else { line.indent };
    }
    let best = (0..counts.len()).rev().max_by_key(|step| counts.get(*step));
    Style { unit: best.filter(|step| *step > 1).unwrap_or(2), flush: flush > 1 }
}

/// The finding about a line that stands too far left or right.
pub(super) fn misplaced(file: FileId, text: &str, line: &Line, wanted: usize) -> Diagnostic {
    let spaces = |count: usize| if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") };
    let message = format!("this line is indented by {}, where {} would fit", spaces(line.indent), spaces(wanted));
    Diagnostic::at(Code::Syntax, Span::new(file, line.content(text)), message)
        .help("lines that belong together begin in the same column")
}

/// The finding about a dash without its space.
pub(super) fn tight(file: FileId, dash: usize) -> Diagnostic {
    Diagnostic::at(Code::Syntax, Span::new(file, dash..dash + 1), "a space is missing after this `-`")
        .help("write `- ` before the items of a list")
}

impl<'a> Place<'a> {
    fn slice(&self, line: &Line) -> &'a str {
        self.input.get(line.start - self.start..line.end - self.start).unwrap_or_default()
    }

    fn finding(&self, at: usize, message: String, help: &str) -> Diagnostic {
        Diagnostic::at(Code::Syntax, Span::new(self.file, at..at + 1), message).help(help)
    }

    fn insert(&self, at: usize, text: &'a str, cost: usize, diagnostic: Diagnostic) -> Guess<'a> {
        Guess { cost, at: at - self.start, removed: 0, inserted: text.into(), diagnostic }
    }

    /// A quote that is never closed, or never opened.
    fn quotes(&self, line: &Line, distance: usize, guesses: &mut Vec<Guess<'a>>) {
        let text = self.slice(line);
        if let Some((open, quote)) = lines::open_quote(text) {
            let mark = if quote == '"' { "\"" } else { "'" };
            let diagnostic =
                self.finding(line.start + open, format!("this `{quote}` is never closed"), "add the missing quote");
            let rest = text.get(open + 1..).unwrap_or_default();
            let end = open + 1 + rest.trim_end().len();
            let brackets = rest.trim_end().trim_end_matches([']', '}', ' ', ',']).len();
            let inner = rest.find([']', '}']).into_iter().chain(rest.find(", ")).min();
            let places = [inner, Some(brackets), Some(end - open - 1)].map(|at| at.map(|at| open + 1 + at));
            for (order, at) in places.into_iter().flatten().enumerate() {
                guesses.push(self.insert(line.start + at, mark, distance + order, diagnostic.clone()));
            }
            return;
        }
        let Some((close, quote)) = unopened(text) else { return };
        let mark = if quote == '"' { "\"" } else { "'" };
        let help = "put the other quote in front of the text, or delete this one";
        let diagnostic = self.finding(line.start + close, format!("nothing opens what this `{quote}` closes"), help);
        let before = text.get(..close).unwrap_or_default();
        let begins = [
            before.find(": ").map(|at| at + 2),
            before.rfind(", ").map(|at| at + 2),
            before.rfind('[').map(|at| at + 1),
        ];
        for at in begins.into_iter().flatten() {
            guesses.push(self.insert(line.start + at, mark, 10 + distance, diagnostic.clone()));
        }
    }

    /// A bracket that is not closed in its line.
    fn brackets(&self, line: &Line, distance: usize, guesses: &mut Vec<Guess<'a>>) {
        let text = self.slice(line);
        let mut open = Vec::new();
        for (at, c) in text.char_indices() {
            match c {
                '[' | '{' => open.push((at, c)),
                ']' | '}' => drop(open.pop()),
                _ => {}
            }
        }
        let Some((first, bracket)) = open.first().copied() else { return };
        let close: String = open.iter().rev().map(|(_, open)| if *open == '[' { ']' } else { '}' }).collect();
        let help = "close the bracket, or put quotes around the text if it is one";
        let diagnostic = self.finding(line.start + first, format!("this `{bracket}` is never closed"), help);
        let at = line.start - self.start + text.trim_end().len();
        guesses.push(Guess { cost: 20 + distance, at, removed: 0, inserted: close.into(), diagnostic });
    }

    /// A value that is a template, without quotes.
    fn templates(&self, line: &Line, distance: usize, guesses: &mut Vec<Guess<'a>>) {
        let text = self.slice(line).trim_end();
        let begins =
            |at: &usize| text.get(..*at).is_some_and(|before| before.ends_with(": ") || before.ends_with("- "));
        let Some(at) = text.find("{{").filter(begins) else { return };
        let Some(value) = text.get(at..).filter(|value| value.contains("}}")) else { return };
        guesses.push(Guess {
            cost: distance,
            at: line.start - self.start + at,
            removed: value.len(),
            inserted: format!("'{}'", value.replace('\'', "''")).into(),
            diagnostic: fault::template(Span::new(self.file, line.start + at..line.start + text.len())),
        });
    }

    /// A space that is missing behind a dash or a colon, or a colon.
    fn spaces(&self, line: &Line, distance: usize, guesses: &mut Vec<Guess<'a>>) {
        let content = self.slice(line).trim_start();
        let begin = line.start + line.indent;
        if content.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic())) {
            guesses.push(self.insert(begin + 1, " ", 10 + distance, tight(self.file, begin)));
            // The other keys of the item may be in one column with the first.
            let inserted = format!("\n{}", " ".repeat(line.indent + 1)).into();
            let at = begin + 1 - self.start;
            guesses.push(Guess { cost: 11 + distance, at, removed: 0, inserted, diagnostic: tight(self.file, begin) });
        }
        let key = content.strip_prefix("- ").unwrap_or(content);
        let offset = content.len() - key.len();
        let name = key.len() - key.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        let tight = key.get(name..).and_then(|rest| rest.strip_prefix(':'));
        if name > 0 && tight.is_some_and(|rest| !rest.is_empty() && !rest.starts_with([' ', '/', ':'])) {
            let at = begin + offset + name;
            let diagnostic = self.finding(at, "a space is missing after this `:`".to_owned(), "write `key: value`");
            guesses.push(self.insert(at + 1, " ", 30 + distance, diagnostic));
        }
        let value = key.get(name..).and_then(|rest| rest.strip_prefix(' ')).map(str::trim_end);
        if name > 1 && value.is_some_and(|value| !value.is_empty() && !value.contains([' ', ':'])) {
            let word = key.get(..name).unwrap_or_default();
            let mut diagnostic =
                self.finding(begin + offset, format!("a `:` is missing after `{word}`"), "write `key: value`");
            diagnostic.span = Some(Span::new(self.file, begin + offset..begin + offset + name));
            guesses.push(self.insert(begin + offset + name, ":", 40 + distance, diagnostic));
        }
    }

    /// A line that stands too far left or right.
    fn indents(&self, lines: &[Line], at: usize, distance: usize, guesses: &mut Vec<Guess<'a>>) {
        let Some(line) = lines.get(at) else { return };
        let content = lines.iter().filter(|line| !line.blank);
        let columns = |line: &Line| {
            let item = lines::look(self.slice(line).trim_start()) == Look::Item;
            [Some(line.indent), item.then_some(line.indent + 2)].into_iter().flatten()
        };
        let mut wanted: BTreeSet<usize> = content.flat_map(columns).collect();
        let before = lines.get(..at).and_then(|before| before.iter().rfind(|line| !line.blank));
        wanted.extend(before.map(|before| before.indent + self.style.unit));
        wanted.insert(self.usual);
        wanted.remove(&line.indent);
        let mut wanted: Vec<usize> = wanted.into_iter().filter(|indent| indent.abs_diff(line.indent) <= 8).collect();
        wanted.sort_by_key(|indent| indent.abs_diff(line.indent));
        let plain = lines::look(self.slice(line).trim()) == Look::Other;
        for indent in wanted.into_iter().take(INDENTS) {
            // A line that is no key only belongs to a text or to brackets.
            let around =
                lines.get(..at).and_then(|before| before.iter().rfind(|line| !line.blank && line.indent < indent));
            if plain && !around.is_some_and(|around| opens(self.slice(around).trim())) {
                continue;
            }
            let mut moved = lines.to_vec();
            if let Some(line) = moved.get_mut(at) {
                line.indent = indent;
            }
            let odd = self.irregular(lines, &moved);
            let apart = usize::from(before.is_none_or(|before| before.indent != indent));
            guesses.push(Guess {
                cost: 100 * (1 + odd) + 2 * distance + apart,
                at: line.start - self.start,
                removed: line.indent,
                inserted: " ".repeat(indent).into(),
                diagnostic: misplaced(self.file, self.text, line, indent),
            });
        }
    }

    /// How many lines stand in a column where their neighbours do not let them be expected. `moved` are the lines with
    /// their new indentations.
    fn irregular(&self, lines: &[Line], moved: &[Line]) -> usize {
        let mut columns: Vec<usize> = Vec::new();
        let mut block: Option<usize> = None;
        let mut begins = false;
        let mut key: Option<usize> = None;
        let mut odd = 0;
        for (line, moved) in lines.iter().zip(moved).filter(|(line, _)| !line.blank) {
            if let Some(key) = block.filter(|key| moved.indent > *key) {
                odd += usize::from(begins && moved.indent - key != self.style.unit);
                begins = false;
                continue;
            }
            let content = self.slice(line).trim();
            let item = lines::look(content) == Look::Item;
            // A key that holds nothing although a line follows.
            odd += usize::from(key.is_some_and(|key| moved.indent < key || (moved.indent == key && !item)));
            block = opens_block(content).then_some(moved.indent);
            begins = block.is_some();
            while columns.last().is_some_and(|column| *column > moved.indent) {
                columns.pop();
            }
            if let Some(column) = columns.last().filter(|column| **column < moved.indent) {
                odd += usize::from(moved.indent - column != self.style.unit);
                columns.push(moved.indent);
            } else if columns.is_empty() {
                columns.push(moved.indent);
            }
            if item {
                columns.push(moved.indent + 2);
                odd += usize::from(!self.style.flush && key == Some(moved.indent));
            }
            key = content.ends_with(':').then_some(moved.indent);
        }
        odd
    }
}

/// Whether the lines below belong to the value: `key: |`, `key: [`.
fn opens(content: &str) -> bool {
    opens_block(content) || content.ends_with(['[', '{', ',', '"', '\''])
}

/// Whether the lines below are a text: `key: |`.
pub(super) fn opens_block(content: &str) -> bool {
    let Some(at) = content.rfind(['|', '>']) else { return false };
    let (before, after) = content.split_at(at);
    before.ends_with(' ') && after.chars().skip(1).all(|c| matches!(c, '-' | '+') || c.is_ascii_digit())
}

/// A quote at the end of a value that no other opens.
fn unopened(line: &str) -> Option<(usize, char)> {
    let end = line.trim_end_matches([' ', ']', '}', ',']);
    let quote = end.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    (end.matches(quote).count() % 2 == 1).then_some((end.len() - 1, quote))
}
