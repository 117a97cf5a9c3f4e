//! From the text of an expression to something that runs: wrap, parse, lint, rewrite, compile.
//!
//! Reports every problem of a text at once where it can; positions are those of the text that was given. The parts are in
//! `layout`, `lint`, `scope`, `rewrite`, `prelude` and `engine`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use monty_types::{ExcType, MontyException};
use ruff_python_ast::{ModModule, Stmt};
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, Parsed};
use ruff_text_size::{Ranged, TextRange};

use crate::evaluate::{Inner, Place};
use crate::layout::{Edited, HEADER, Wrapped};
use crate::names::{self, Origin};
use crate::prelude::{self, Wanted};
use crate::rewrite::{self, Facts};
use crate::slots::Slots;
use crate::{Compiled, Kind, Problem, ProblemKind, bounds, brackets, engine, lint, scope};

/// Longer texts are no expressions of a person, and the parser recurses over them.
const MAX_SOURCE: usize = 64 << 10;

/// A problem before its place is taken back to the text that was given.
pub(crate) struct Finding {
    pub(crate) kind: ProblemKind,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Finding {
    /// The warning about what this version does not have.
    pub(crate) fn unavailable(name: &str, range: Range<usize>) -> Self {
        Self {
            kind: ProblemKind::Unsupported,
            range,
            message: format!("`{name}` is not available in this version"),
            help: Some("using it raises an error, and an error denies".to_owned()),
        }
    }
}

/// A range of the parser.
pub(crate) fn range_of(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

/// Compiles an expression, or says everything that is wrong with it.
///
/// # Errors
/// At least one problem, in the order of the text.
pub fn compile(source: &str, kind: Kind) -> Result<Compiled, Vec<Problem>> {
    if source.len() > MAX_SOURCE {
        let message = format!("the expression is longer than {} KiB", MAX_SOURCE >> 10);
        return Err(vec![whole(ProblemKind::Unsupported, source, &message)]);
    }
    if source.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#')) {
        return Err(vec![whole(ProblemKind::Syntax, source, "the expression is empty")]);
    }
    let key = (source.to_owned(), kind);
    if let Some(compiled) = COMPILED.lock().ok().and_then(|known| known.get(&key).cloned()) {
        return Ok(compiled);
    }
    let done = engine::with_stack({
        let source = source.to_owned();
        move || compile_here(&source, kind)
    })
    .unwrap_or_else(|| {
        Err(vec![whole(ProblemKind::Unsupported, source, "the expression engine cannot compile this expression")])
    })?;
    if let Ok(mut known) = COMPILED.lock() {
        if known.len() >= MOST_COMPILED {
            known.clear();
        }
        known.insert(key, done.clone());
    }
    Ok(done)
}

/// What compiled already: a server checks a text and then runs it, and a new revision shares most of its texts with
/// the one before. Only successes; a clone shares the program.
static COMPILED: LazyLock<Mutex<HashMap<(String, Kind), Compiled>>> = LazyLock::new(Mutex::default);

/// More than any real set has.
const MOST_COMPILED: usize = 1024;

fn whole(kind: ProblemKind, source: &str, message: &str) -> Problem {
    Problem { kind, message: message.to_owned(), help: None, range: 0..source.len() }
}

fn compile_here(source: &str, kind: Kind) -> Result<Compiled, Vec<Problem>> {
    let wrapped = Wrapped::new(source);
    let located = |findings: Vec<Finding>| locate(&wrapped, findings);
    let parsed = parse(&wrapped.text).map_err(located)?;
    let body = body(&parsed).ok_or_else(|| {
        vec![whole(ProblemKind::Syntax, source, "the expression does not stay within its indentation")]
    })?;
    let (mut problems, mut warnings) = lint::lint(kind, &wrapped.text, &parsed, body);
    let names = scope::names(body);
    let mut wanted = Wanted::default();
    judge_names(kind, &names, &mut wanted, &mut problems, &mut warnings);
    let made = rewrite::rewrite(&facts(&wrapped.text, &parsed, &names), body);
    problems.extend(made.refused);
    if !problems.is_empty() {
        return Err(locate(&wrapped, problems));
    }
    wanted.imported = made.parts;
    wanted.stored = made.stored;
    let edited = made.edits.apply(&wrapped.text, HEADER.len()).ok_or_else(|| engine_failed(source))?;
    let bound: BTreeSet<&String> = names.bound.iter().filter(|name| names::is_variable(kind, name)).collect();
    if !is_wrapped(&edited) {
        return Err(engine_failed(source));
    }
    let module = Module::new(&bound, &edited, made.yields);
    let warnings = locate(&wrapped, warnings);
    let place = Place { text: module.text, body: module.body, edited, wrapped };
    // The prelude is ours and compiles; what the interpreter has to say about the expression it says without it.
    engine::compile(place.text.clone()).map_err(|error| vec![refused(source, &place, &error)])?;
    Ok(Compiled(Arc::new(Inner {
        wanted,
        program: OnceLock::new(),
        place,
        warnings,
        patterns: Mutex::default(),
        slots: Slots::default(),
    })))
}

fn locate(wrapped: &Wrapped, findings: Vec<Finding>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = findings
        .into_iter()
        .map(|finding| Problem {
            kind: finding.kind,
            message: finding.message,
            help: finding.help,
            range: wrapped.original_range(finding.range),
        })
        .collect();
    problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
    problems.dedup();
    problems
}

fn parse(text: &str) -> Result<Parsed<ModModule>, Vec<Finding>> {
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options).try_into_module().ok_or_else(Vec::new)?;
    if text.trim_end_matches('\n').ends_with('\\') {
        let end = text.trim_end_matches('\n').len();
        return Err(vec![Finding {
            kind: ProblemKind::Syntax,
            range: end - 1..end,
            message: "the expression ends with a continued line".to_owned(),
            help: None,
        }]);
    }
    if parsed.has_valid_syntax() {
        return Ok(parsed);
    }
    let first = first_error(&parsed);
    // A string without its end swallows the brackets behind it.
    let string = |error: &ParseError| error.error == ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError);
    let unclosed = brackets::unclosed(text, &parsed)
        .filter(|unclosed| unclosed.range.start <= first.range.start && !parsed.errors().iter().any(string));
    Err(vec![unclosed.unwrap_or(first)])
}

/// What comes after the first error is mostly its consequence.
fn first_error(parsed: &Parsed<ModModule>) -> Finding {
    let first = parsed.errors().iter().min_by_key(|error| error.location.start());
    let message = first.map_or_else(String::new, |error| lower_first(&error.error.to_string()));
    Finding {
        kind: ProblemKind::Syntax,
        range: first.map_or(0..0, |error| range_of(error.location)),
        help: help(&message).map(str::to_owned),
        message,
    }
}

/// What to do about the commonest of them.
fn help(message: &str) -> Option<&'static str> {
    if message.ends_with("found `=`") {
        return Some("`==` compares");
    }
    message.starts_with("expected `:`").then_some("a line that begins with `if`, `else` or `for` ends with `:`")
}

/// Messages begin with a small letter, unless the first word is a name.
fn lower_first(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    if rest.starts_with(|next: char| next.is_lowercase() || next == ' ') {
        first.to_lowercase().chain(rest.chars()).collect()
    } else {
        format!("{first}{rest}")
    }
}

/// The body of the function around the expression, when there is nothing beside it: a form feed would end the
/// indentation.
fn body(parsed: &Parsed<ModModule>) -> Option<&[Stmt]> {
    match &**parsed.suite() {
        [Stmt::FunctionDef(function)] => Some(&function.body),
        _ => None,
    }
}

fn judge_names(
    kind: Kind,
    names: &scope::Names,
    wanted: &mut Wanted,
    problems: &mut Vec<Finding>,
    warnings: &mut Vec<Finding>,
) {
    for (name, range) in &names.free {
        match names::origin(kind, name) {
            Some(Origin::Variable) => {
                wanted.variables.insert(name.clone());
                if name == "ak_client_ip" {
                    wanted.parts.insert(name.clone());
                }
            }
            Some(Origin::Prelude) => {
                wanted.parts.insert(name.clone());
                if name == "requests" {
                    warnings.push(Finding::unavailable(name, range.clone()));
                }
            }
            Some(Origin::Host) => {
                wanted.host.insert(name.clone());
                warnings.push(Finding::unavailable(name, range.clone()));
            }
            Some(Origin::Builtin) => {}
            None if name.starts_with(lint::RESERVED) => {}
            None => problems.push(unknown(kind, name, range.clone())),
        }
    }
    if names.bound.contains("ak_client_ip") {
        wanted.parts.insert("ak_client_ip".to_owned());
    }
}

fn unknown(kind: Kind, name: &str, range: Range<usize>) -> Finding {
    let near = || names::nearest(kind, name).map(|near| format!("did you mean `{near}`?"));
    let help = names::advice(kind, name).map(str::to_owned).or_else(near);
    let what = match kind {
        Kind::Policy => "policies have",
        Kind::Prompt => "expressions of prompts have",
        Kind::Mapping => "property mappings have",
    };
    Finding { kind: ProblemKind::Name, range, message: format!("{what} no name `{name}`"), help }
}

fn facts<'t>(text: &'t str, parsed: &Parsed<ModModule>, names: &scope::Names) -> Facts<'t> {
    let addresses = ["ip_address", "ip_network", "ak_client_ip"];
    Facts {
        text,
        free: names.free.iter().map(|(_, range)| range.start).collect::<HashSet<_>>(),
        addresses: addresses.iter().any(|name| text.contains(name)),
        signs: parsed
            .tokens()
            .iter()
            .filter(|token| bounds::is_sign(token.kind()))
            .map(|token| range_of(token.range()))
            .collect(),
    }
}

/// The text that the interpreter compiles after the prelude.
struct Module {
    text: String,
    /// The edited expression in it.
    body: Range<usize>,
}

impl Module {
    fn new(bound: &BTreeSet<&String>, edited: &Edited, yields: bool) -> Self {
        let mut text = HEADER.to_owned();
        // What the expression assigns is its own variable; it begins with the value from outside.
        for name in bound {
            text.push_str(&format!("    {}", prelude::binding(name)));
        }
        if yields {
            text.push_str("    _gw_yielded = []\n");
        }
        let body = text.len()..text.len() + edited.text.len();
        text.push_str(&edited.text);
        if yields {
            text.push_str("\n    return _gw_yielded\n");
        }
        text.push_str("\n_gw_finish(_gw_handler())\n");
        Self { text, body }
    }
}

/// Parses what was made once more and looks for operands that are tested without the wrap.
fn is_wrapped(edited: &Edited) -> bool {
    let Ok(parsed) = ruff_python_parser::parse_module(&format!("{HEADER}{}", edited.text)) else { return false };
    body(&parsed).is_some_and(|body| !rewrite::unwrapped(body))
}

fn engine_failed(source: &str) -> Vec<Problem> {
    vec![whole(ProblemKind::Unsupported, source, "the expression engine cannot compile this expression")]
}

/// What the interpreter itself refused.
fn refused(source: &str, place: &Place, error: &MontyException) -> Problem {
    let range = place.range(error, 0).unwrap_or(0..source.len());
    let message = error.message().unwrap_or_default();
    if message.starts_with("invalid unpacking target") {
        return Problem {
            kind: ProblemKind::Unsupported,
            message: "unpacking into an entry or an attribute is not supported".to_owned(),
            help: Some("unpack into variables, then assign these".to_owned()),
            range,
        };
    }
    let message = message.strip_prefix("The monty syntax parser does not yet support ");
    match (error.exc_type(), message) {
        (_, Some(what)) => Problem {
            kind: ProblemKind::Unsupported,
            message: format!("not supported in expressions: {what}"),
            help: None,
            range,
        },
        (ExcType::SyntaxError, None) => Problem {
            kind: ProblemKind::Syntax,
            message: lower_first(error.message().unwrap_or("it does not parse")),
            help: None,
            range,
        },
        (_, None) => Problem {
            kind: ProblemKind::Unsupported,
            message: lower_first(error.message().unwrap_or("the expression engine refuses it")),
            help: None,
            range,
        },
    }
}
