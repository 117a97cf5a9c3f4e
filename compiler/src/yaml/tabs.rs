//! Texts that are indented by tabs: said once, and read as if every tab were one step of spaces.

use super::lines::{self, Line};
use super::{Document, Kind, Node, compose, mend, read};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// How far a tab may have been meant to indent, beside what the other lines say.
const STEPS: &[usize] = &[4, 2, 8];

/// Reads a text with spaces in place of the tabs that indent its lines; none where there are no such tabs.
pub(super) fn expanded<'t>(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Document<'t>> {
    let own = lines::of(text);
    let usual = mend::style(text, &own).unit;
    let others = STEPS.iter().copied().filter(|step| *step != usual);
    let mut best: Option<Reading<'t>> = None;
    for step in std::iter::once(usual).chain(others) {
        let reading = read_with(file, text, &own, step)?;
        let perfect = reading.mistakes == 0;
        if best.as_ref().is_none_or(|best| reading.mistakes < best.mistakes) {
            best = Some(reading);
        }
        if perfect {
            break;
        }
    }
    let mut best = best?;
    diagnostics.append(&mut best.found);
    Some(best.document)
}

/// What came of a width.
struct Reading<'t> {
    document: Document<'t>,
    found: Vec<Diagnostic>,
    /// How much is wrong but for the tabs themselves.
    mistakes: usize,
}

/// Reads it with so many spaces for every tab.
fn read_with<'t>(file: FileId, text: &str, own: &[Line], step: usize) -> Option<Reading<'t>> {
    let step = " ".repeat(step);
    let mut input = String::with_capacity(text.len());
    let mut tabs: Vec<usize> = Vec::new();
    let mut copied = 0;
    for &Line { start, end, .. } in own {
        let line = text.get(start..end)?;
        let white = line.len() - line.trim_start_matches([' ', '\t']).len();
        for (at, _) in line.get(..white)?.match_indices('\t') {
            input.push_str(text.get(copied..start + at)?);
            input.push_str(&step);
            tabs.push(start + at);
            copied = start + at + 1;
        }
    }
    input.push_str(text.get(copied..)?);
    let first = *tabs.first()?;
    let mut found = vec![
        Diagnostic::at(Code::Syntax, Span::new(file, first..first + 1), "a tab cannot indent a line")
            .help("indent with spaces"),
    ];
    let mut document = read(file, &input, compose::copied, &mut found);
    let places = Places { tabs, width: step.len() };
    document.root.iter_mut().for_each(|root| places.node(root));
    document.gaps.iter_mut().for_each(|gap| places.span(gap));
    for (alias, anchored) in &mut document.aliases {
        places.span(alias);
        places.span(anchored);
    }
    for found in found.iter_mut().skip(1) {
        let related = found.related.iter_mut().map(|(span, _)| span);
        found.span.iter_mut().chain(related).for_each(|span| places.span(span));
    }
    let mistakes = found.len() - 1 + idle(&input);
    // Of a line that a tab indents, it was said that it stands in the wrong place.
    let mut at = 0;
    found.retain(|found| {
        at += 1;
        let line = |span: &Span| places.indented(text, span.range().start);
        at == 1 || found.code != Code::Syntax || !found.span.as_ref().is_some_and(line)
    });
    Some(Reading { document, found, mistakes })
}

/// How many keys hold nothing although a line follows that could stand below them.
fn idle(input: &str) -> usize {
    let mut key: Option<usize> = None;
    let mut count = 0;
    for line in lines::of(input).iter().filter(|line| !line.blank) {
        let content = input.get(line.content(input)).unwrap_or_default();
        let item = lines::look(content).is_item();
        count += usize::from(!item && key == Some(line.indent));
        key = content.ends_with(':').then_some(if item { line.indent + 2 } else { line.indent });
    }
    count
}

/// Where the bytes of the expanded text stand in the text itself.
struct Places {
    /// Each tab of the text.
    tabs: Vec<usize>,
    /// How many spaces stand for one.
    width: usize,
}

impl Places {
    fn offset(&self, offset: u32) -> u32 {
        let offset = offset as usize;
        // The tab at `tabs[n]` begins at `tabs[n] + n * (width - 1)`.
        let mut number = 0;
        let mut step = self.tabs.len().next_power_of_two();
        while step > 0 {
            let begins = |at: usize| self.tabs.get(at).is_some_and(|tab| tab + at * (self.width - 1) < offset);
            if begins(number + step - 1) {
                number += step;
            }
            step /= 2;
        }
        let behind = number.checked_sub(1).and_then(|last| self.tabs.get(last)).map_or(0, |tab| tab + 1);
        u32::try_from(offset.saturating_sub(number * (self.width - 1)).max(behind)).unwrap_or(u32::MAX)
    }

    /// Whether something begins a line, and a tab stands before it.
    fn indented(&self, text: &str, at: usize) -> bool {
        let begin = text.get(..at).map_or(at, |before| before.trim_end_matches([' ', '\t']).len());
        self.tabs.iter().any(|tab| (begin..at).contains(tab))
    }

    fn span(&self, span: &mut Span) {
        (span.start, span.end) = (self.offset(span.start), self.offset(span.end));
    }

    fn node(&self, node: &mut Node<'_>) {
        self.span(&mut node.span);
        let alias = node.alias.iter_mut().map(|alias| &mut **alias);
        alias.chain(node.tag.iter_mut().map(|tag| &mut tag.span)).for_each(|span| self.span(span));
        match &mut node.kind {
            Kind::Scalar(_) | Kind::Broken => {}
            Kind::Seq(items) => items.iter_mut().for_each(|item| self.node(item)),
            Kind::Map(pairs) => pairs.iter_mut().for_each(|(_, key, value)| {
                self.span(key);
                self.node(value);
            }),
        }
    }
}
