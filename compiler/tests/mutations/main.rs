//! Real blueprints, broken on purpose: is every mistake shown where it is, and is what was meant named first?
//!
//! `mutate.rs` breaks a document in one place, `judge.rs` decides by rules of its own whether the result is a mistake or
//! just another blueprint, and the compiler is asked what it says. Nothing is chosen by what it finds. An ordinary test
//! takes 500 mutations, `GATEWRIGHT_FULL=1` takes 6,000; the table is printed, and every mutation that was judged
//! different, not labelled or not named stands in `target/tmp/mutations.txt`.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests"
)]

mod corpus;
mod judge;
mod mutate;
mod random;
mod report;
mod tree;

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use gatewright_compiler::diagnostic::Diagnostic;
use gatewright_compiler::source::Sources;
use gatewright_compiler::world::UnknownWorld;
use gatewright_compiler::{Options, Purpose, compile};

use corpus::Document;
use mutate::{Kind, Mutation, Sites};
use random::Random;
use report::{Outcome, Report};
use tree::Tree;

const CHECK: Options = Options { strict: false, purpose: Purpose::Check };
const SEED: u64 = 20_261_121;

/// A document as the mutations find it.
struct Subject {
    document: Document,
    /// What is found in it as it is: how often each message.
    findings: HashMap<String, usize>,
    problems: HashMap<String, usize>,
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let full = std::env::var_os("GATEWRIGHT_FULL").is_some_and(|value| value == "1");
    let count = if full { 6_000 } else { 500 };
    let subjects: Vec<Subject> = corpus::documents().iter().map(subject).collect();
    let mut report = Report::default();
    for (at, kind) in Kind::ALL.iter().enumerate() {
        let random = &mut Random::new(SEED + at as u64);
        let places: Vec<(&Subject, Sites)> = subjects
            .iter()
            .map(|subject| (subject, Sites::of(*kind, &subject.document)))
            .filter(|(_, sites)| !sites.is_empty())
            .collect();
        let mut seen = HashSet::new();
        let wanted = count / Kind::ALL.len() + usize::from(at < count % Kind::ALL.len());
        let mut attempts = 0;
        while seen.len() < wanted && attempts < wanted * 50 {
            attempts += 1;
            let (subject, sites) = random.one(&places);
            let Some(mutation) = sites.mutate(&subject.document.text, random) else { continue };
            if seen.insert((subject.document.name.clone(), mutation.text.clone())) {
                let outcome = judge_and_ask(subject, &mutation);
                report.add(&subject.document.name, &mutation, outcome);
            }
        }
    }
    report.print(subjects.len(), full);
    report.demand();
}

fn subject(document: &Document) -> Subject {
    let document = document.reduced();
    let findings = messages(&asked(&document, &document.text));
    let problems = judge::problems(&document.program(&document.tree), document.place);
    Subject { document, findings, problems }
}

/// What the compiler says about the file with this text.
fn asked(document: &Document, text: &str) -> Vec<Diagnostic> {
    let sources = document.sources(text);
    let mut compilation = compile(&sources, &UnknownWorld, &CHECK);
    // Nobody asked for them.
    compilation.diagnostics.retain(|found| !found.code.quiet());
    compilation.diagnostics
}

fn messages(found: &[Diagnostic]) -> HashMap<String, usize> {
    let mut counted = HashMap::new();
    for diagnostic in found {
        *counted.entry(message(diagnostic)).or_default() += 1;
    }
    counted
}

fn message(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    format!("{}: {} | {help}", diagnostic.code.name(), diagnostic.message)
}

fn judge_and_ask(subject: &Subject, mutation: &Mutation) -> Outcome {
    let document = &subject.document;
    let tree = Tree::read(&mutation.text);
    if let Ok(tree) = &tree {
        if tree.canonical() == document.tree.canonical() {
            return Outcome::Same;
        }
        let problems = judge::problems(&document.program(tree), document.place);
        let known = |rule: &String, count: usize| subject.problems.get(rule).copied().unwrap_or(0) >= count;
        if problems.iter().all(|(rule, count)| known(rule, *count)) {
            return Outcome::Different;
        }
    }
    let Ok(found) = catch_unwind(AssertUnwindSafe(|| asked(document, &mutation.text))) else {
        return Outcome::Panic;
    };
    let mut before = subject.findings.clone();
    let new: Vec<&Diagnostic> = found.iter().filter(|found| !taken(&mut before, &message(found))).collect();
    let sources = document.sources(&mutation.text);
    let here = |found: &&&Diagnostic| labels(&sources, document, found).any(|line| mutation.lines.contains(&line));
    let labelled: Vec<&Diagnostic> = new.iter().filter(here).copied().collect();
    // A name that nobody knew before cannot be offered.
    let known =
        |name: &&String| !subject.problems.keys().any(|rule| rule.starts_with(&format!("unknown attribute `{name}`")));
    let original = mutation.original.as_ref().filter(known);
    let named = original.map(|original| labelled.iter().any(|found| names(found, original)));
    Outcome::Mistake {
        labelled: !labelled.is_empty(),
        named,
        elsewhere: new.len() - labelled.len(),
        said: new.iter().map(|found| shown(&sources, found)).collect(),
    }
}

fn taken(before: &mut HashMap<String, usize>, message: &str) -> bool {
    match before.get_mut(message) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// The lines of the mutated file that a finding points at.
fn labels<'a>(sources: &'a Sources, document: &'a Document, found: &'a Diagnostic) -> impl Iterator<Item = usize> + 'a {
    let spans = found.span.into_iter().chain(found.related.iter().map(|(span, _)| *span));
    let own = move |file| sources.get(file).is_some_and(|file| file.path == document.name);
    spans.filter(move |span| own(span.file)).map(|span| sources.position(span.file, span.start).line)
}

/// Whether the first name that a finding offers is the one that stood there.
fn names(found: &Diagnostic, original: &str) -> bool {
    let offered = found.help.as_deref().and_then(|help| help.split('`').nth(1));
    // Where the name that others use was misspelt, the finding is about theirs.
    let asked = || found.message.contains(&format!("`{original}`"));
    offered.map(|name| name.trim_start_matches('!')) == Some(original) || (!found.related.is_empty() && asked())
}

fn shown(sources: &Sources, found: &Diagnostic) -> String {
    let place = found.span.map(|span| {
        let position = sources.position(span.file, span.start);
        let path = sources.get(span.file).map_or("", |file| &file.path);
        format!("{path}:{}:{} ", position.line, position.column)
    });
    format!("{}{}", place.unwrap_or_default(), message(found))
}
