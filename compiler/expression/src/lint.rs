//! What an expression may not say, found without running it.
//!
//! Constructs that the interpreter lacks, imports of what is not there, names that are kept for internal use, constant
//! regular expressions that do not compile. Free names are judged in `compile`, with the tables of `names`.

use std::collections::HashMap;
use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprAttribute, ExprCall, ModModule, Number, Stmt, StmtImport, StmtImportFrom};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::compile::{Finding, range_of};
use crate::imports::{self, Import};
use crate::{Kind, ProblemKind, engine, pattern};

/// Nothing of ours that an expression may name begins otherwise.
pub(crate) const RESERVED: &str = "_gw_";
/// Deeper than any expression of a person, and far from the end of the stack.
const MAX_DEPTH: usize = 150;

/// What `http_request` has.
const REQUEST: &[&str] =
    &["path", "method", "GET", "META", "headers", "tenant", "brand", "get_full_path", "get_host", "build_absolute_uri"];
/// What Django's map of query parameters has beyond a map.
const QUERY: &[&str] = &["getlist", "lists", "dict", "urlencode"];

/// Everything wrong with the constructs of a text; the second list are warnings.
pub(crate) fn lint(kind: Kind, text: &str, parsed: &Parsed<ModModule>, body: &[Stmt]) -> (Vec<Finding>, Vec<Finding>) {
    let mut lint = Lint::default();
    for token in parsed.tokens() {
        if token.kind() == TokenKind::Name
            && text.get(range_of(token.range())).is_some_and(|it| it.starts_with(RESERVED))
            && token.start().to_usize() >= crate::layout::HEADER.len()
        {
            let message = format!("names that begin with `{RESERVED}` are reserved");
            lint.problem(ProblemKind::Name, range_of(token.range()), message, Some("choose another name"));
        }
    }
    lint.visit_body(body);
    if kind == Kind::Policy && !lint.returns {
        lint.warnings.push(Finding {
            kind: ProblemKind::Unsupported,
            range: body.first().map_or(0..0, |first| range_of(first.range())),
            message: "the expression returns nothing, so it always fails".to_owned(),
            help: Some("write `return …`".to_owned()),
        });
    }
    (lint.problems, lint.warnings)
}

#[derive(Default)]
struct Lint {
    problems: Vec<Finding>,
    warnings: Vec<Finding>,
    depth: usize,
    functions: usize,
    too_deep: bool,
    /// Whether the expression itself returns or yields.
    returns: bool,
    /// Modules that were imported whole, by the name that they got.
    modules: HashMap<String, String>,
    /// The expression of the statement that is being looked at: where `yield` is allowed.
    statement: Option<Range<usize>>,
}

impl Lint {
    fn problem(&mut self, kind: ProblemKind, range: Range<usize>, message: String, help: Option<&str>) {
        self.problems.push(Finding { kind, range, message, help: help.map(str::to_owned) });
    }

    fn unsupported(&mut self, range: Range<usize>, what: &str, help: Option<&str>) {
        self.problem(ProblemKind::Unsupported, range, format!("{what} not supported"), help);
    }

    fn import(&mut self, import: &StmtImport) {
        for alias in &import.names {
            let (module, range) = (alias.name.as_str(), range_of(alias.range()));
            match module {
                "requests" => self.remote("requests", range),
                _ if imports::is_module(module) => {
                    let name = alias.asname.as_ref().map_or(module, |name| name.as_str());
                    self.modules.insert(name.to_owned(), module.to_owned());
                }
                _ => self.no_module(module, range),
            }
        }
    }

    /// `module.name`, where the module was imported whole.
    fn member(&mut self, attribute: &ExprAttribute) {
        let Some(module) = dotted(&attribute.value).and_then(|path| self.modules.get(&path).cloned()) else { return };
        self.imported(&module, &attribute.attr, range_of(attribute.attr.range()));
    }

    fn imported(&mut self, module: &str, name: &str, range: Range<usize>) {
        match imports::find(module, name) {
            Some(Import::Host) => self.remote(name, range),
            Some(Import::Native) if !engine::has_import(module, name) => self.no_name(module, name, range),
            Some(_) => {}
            None => self.no_name(module, name, range),
        }
    }

    /// What a request of Django has, and this one has not.
    fn request(&mut self, attribute: &ExprAttribute) {
        let range = range_of(attribute.attr.range());
        let Some(path) = dotted(&attribute.value) else { return };
        let path = path.strip_prefix("request.").unwrap_or(&path);
        let name = attribute.attr.as_str();
        if path == "http_request" && !REQUEST.contains(&name) && attribute.ctx.is_load() {
            self.remote(&format!("http_request.{name}"), range);
        } else if path == "http_request.GET" && QUERY.contains(&name) {
            self.remote(&format!("http_request.GET.{name}"), range);
        }
    }

    fn no_module(&mut self, module: &str, range: Range<usize>) {
        let help = imports::nearest_module(module)
            .map_or_else(|| imports::OFFERED.to_owned(), |near| format!("did you mean `{near}`?"));
        self.problem(ProblemKind::Import, range, format!("there is no module `{module}` for expressions"), Some(&help));
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        let Some(module) = import.module.as_ref().filter(|_| import.level == 0) else {
            let message = "relative imports have no meaning in expressions".to_owned();
            return self.problem(ProblemKind::Import, range_of(import.range()), message, None);
        };
        if !imports::is_module(module) {
            return self.no_module(module, range_of(module.range()));
        }
        for alias in &import.names {
            let (name, range) = (alias.name.as_str(), range_of(alias.range()));
            if name == "*" {
                self.unsupported(range, "`import *` is", Some("name what is needed"));
            } else {
                self.imported(module, name, range);
            }
        }
    }

    fn no_name(&mut self, module: &str, name: &str, range: Range<usize>) {
        let help = imports::nearest_name(module, name).map(|near| format!("did you mean `{near}`?"));
        let message = format!("`{module}` has no `{name}` for expressions");
        self.problem(ProblemKind::Import, range, message, help.as_deref());
    }

    fn remote(&mut self, name: &str, range: Range<usize>) {
        self.warnings.push(Finding::unavailable(name, range));
    }

    fn call(&mut self, call: &ExprCall) {
        let argument = match &*call.func {
            Expr::Name(name) if matches!(name.id.as_str(), "regex_match" | "regex_replace") => {
                call.arguments.find_argument_value("regex", 1)
            }
            Expr::Attribute(attribute) if is_regex_function(attribute) => {
                call.arguments.find_argument_value("pattern", 0)
            }
            _ => None,
        };
        if let Some(Expr::StringLiteral(literal)) = argument
            && let Err(message) = pattern::compile(literal.value.to_str())
        {
            let message = format!("the regular expression does not compile: {message}");
            self.problem(ProblemKind::Regex, range_of(literal.range()), message, None);
        }
    }

    fn enter(&mut self, range: Range<usize>, visit: impl FnOnce(&mut Self)) {
        if self.depth >= MAX_DEPTH {
            if !std::mem::replace(&mut self.too_deep, true) {
                let message = "the expression is nested too deeply".to_owned();
                self.problem(ProblemKind::Unsupported, range, message, Some("split it into several statements"));
            }
            return;
        }
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }
}

/// `a.b.c` as it is written.
fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(it) => Some(format!("{}.{}", dotted(&it.value)?, it.attr)),
        _ => None,
    }
}

fn is_regex_function(attribute: &ExprAttribute) -> bool {
    const FUNCTIONS: &[&str] =
        &["compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"];
    matches!(&*attribute.value, Expr::Name(name) if name.id == "re") && FUNCTIONS.contains(&attribute.attr.as_str())
}

impl<'a> Visitor<'a> for Lint {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let range = range_of(stmt.range());
        self.statement = None;
        match stmt {
            Stmt::ClassDef(it) => self.unsupported(range_of(it.name.range()), "classes are", Some("use functions")),
            Stmt::Match(_) => self.unsupported(range, "`match` is", Some("write it with `if` and `elif`")),
            Stmt::Delete(_) => self.unsupported(range, "`del` is", Some("use `.pop()` for an entry of a map")),
            Stmt::Global(_) => self.unsupported(range, "`global` is", Some("return the value instead")),
            Stmt::TypeAlias(_) => self.unsupported(range, "`type` statements are", None),
            Stmt::FunctionDef(it) if it.is_async => self.unsupported(range, "`async` is", None),
            Stmt::For(it) if it.is_async => self.unsupported(range, "`async` is", None),
            Stmt::With(it) if it.is_async => self.unsupported(range, "`async` is", None),
            Stmt::Try(it) if it.is_star => self.unsupported(range, "`except*` is", None),
            Stmt::Return(_) if self.functions == 0 => {
                self.returns = true;
                self.enter(range, |lint| visitor::walk_stmt(lint, stmt));
            }
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::FunctionDef(_) => {
                self.functions += 1;
                self.enter(range, |lint| visitor::walk_stmt(lint, stmt));
                self.functions -= 1;
            }
            Stmt::Expr(it) => {
                self.statement = Some(range_of(it.value.range()));
                self.enter(range, |lint| visitor::walk_stmt(lint, stmt));
            }
            _ => self.enter(range, |lint| visitor::walk_stmt(lint, stmt)),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let range = range_of(expr.range());
        self.returns |= matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_));
        match expr {
            Expr::Await(_) => return self.unsupported(range, "`await` is", None),
            Expr::TString(_) => return self.unsupported(range, "template strings are", Some("use an f-string")),
            Expr::NumberLiteral(it) if matches!(it.value, Number::Complex { .. }) => {
                return self.unsupported(range, "complex numbers are", None);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) if self.functions > 0 || self.statement.as_ref() != Some(&range) => {
                return self.unsupported(
                    range,
                    "`yield` as a value or in a nested function is",
                    Some("yield in a statement of its own"),
                );
            }
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => {
                self.member(attribute);
                self.request(attribute);
            }
            _ => {}
        }
        self.enter(range, |lint| visitor::walk_expr(lint, expr));
    }

    fn visit_annotation(&mut self, _: &'a Expr) {}
}
