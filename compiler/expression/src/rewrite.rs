//! The edits that make an expression run as it would in Python.
//!
//! The interpreter does not ask an instance whether it is true, so every operand that is tested is wrapped; without that
//! `if user.groups.filter(…):` would pass for an empty queryset. `compile` checks afterwards that no wrap is missing,
//! with [`unwrapped`]. Edits are by byte range: lines and columns of the rest stay what they were.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, ExprContext, Stmt, UnaryOp};
use ruff_text_size::Ranged;

use crate::ProblemKind;
use crate::compile::{Finding, range_of};
use crate::imports::{self, Import};
use crate::layout::Edits;

/// The function around every tested operand.
const TRUTH: &str = "_gw_t";
/// Builtins that the prelude replaces by functions: where the type is meant, it is written so.
const TYPES: &[(&str, &str)] = &[("bool", "_gw_bool"), ("type", "_gw_type"), ("filter", "_gw_filter")];

/// What came out of the walk.
pub(crate) struct Rewrite {
    pub(crate) edits: Edits,
    /// Parts of the prelude that imports and operators need.
    pub(crate) parts: BTreeSet<&'static str>,
    /// Attributes that the text assigns: they have to come back out.
    pub(crate) stored: BTreeSet<String>,
    /// Whether it yields.
    pub(crate) yields: bool,
    /// What cannot be made to run.
    pub(crate) refused: Vec<Finding>,
}

/// What the walk has to know beforehand.
pub(crate) struct Facts<'t> {
    pub(crate) text: &'t str,
    /// Where free names begin.
    pub(crate) free: HashSet<usize>,
    /// Whether it speaks of IP addresses.
    pub(crate) addresses: bool,
    /// Where the signs are that may become calls.
    pub(crate) signs: Vec<Range<usize>>,
}

/// Walks the body of the function around an expression.
pub(crate) fn rewrite(facts: &Facts<'_>, body: &[Stmt]) -> Rewrite {
    let made = Rewrite {
        edits: Edits::default(),
        parts: BTreeSet::new(),
        stored: BTreeSet::new(),
        yields: yields(body),
        refused: Vec::new(),
    };
    let mut walk = Walk { facts, made, functions: 0, summands: HashSet::new(), packages: HashSet::new() };
    walk.visit_body(body);
    walk.made
}

/// A walk through a text that collects its edits.
pub(crate) struct Walk<'f> {
    pub(crate) facts: &'f Facts<'f>,
    pub(crate) made: Rewrite,
    functions: usize,
    /// Sums whose check is that of the sum around them.
    pub(crate) summands: HashSet<Range<usize>>,
    /// Packages that imports have bound.
    packages: HashSet<String>,
}

impl Walk<'_> {
    /// Puts a call of `function` around an expression, with a space where it would join a word.
    pub(crate) fn wrap(&mut self, expr: &Expr, function: &str) {
        let range = range_of(expr.range());
        let before = self.facts.text.get(..range.start).and_then(|text| text.chars().next_back());
        let space = if before.is_some_and(|char| char.is_alphanumeric() || char == '_') { " " } else { "" };
        self.made.edits.open(range.start, format!("{space}{function}("));
        self.made.edits.close(range.end, ")");
    }

    fn truth(&mut self, expr: &Expr) {
        self.wrap(expr, TRUTH);
    }

    /// `bool` and its like, where the type itself is meant.
    fn types(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) if self.facts.free.contains(&name.start().to_usize()) => {
                if let Some((_, own)) = TYPES.iter().find(|(builtin, _)| *builtin == name.id.as_str()) {
                    self.made.edits.replace(range_of(name.range()), *own);
                }
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.types(element)),
            _ => {}
        }
    }

    fn import_from(&mut self, stmt: &Stmt) {
        let Stmt::ImportFrom(import) = stmt else { return };
        let Some(module) = &import.module else { return };
        let found = |name: &str| imports::find(module, name);
        if import.names.iter().all(|alias| found(&alias.name) == Some(Import::Native)) {
            return;
        }
        let statements: Vec<String> = import
            .names
            .iter()
            .filter_map(|alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                Some(match found(&alias.name)? {
                    Import::Native => format!("from {module} import {} as {name}", alias.name),
                    import => format!("{name} = {}", self.imported(&alias.name, import)),
                })
            })
            .collect();
        self.made.edits.replace(range_of(import.range()), statements.join("; "));
    }

    /// What stands for an imported name that the interpreter does not have.
    fn imported(&mut self, name: &str, import: Import) -> String {
        match import {
            Import::Constant(text) => text.to_owned(),
            Import::Prelude(part) => {
                self.made.parts.insert(part);
                prelude_name(part)
            }
            Import::Host | Import::Native => {
                self.made.parts.insert("_gw_Remote");
                format!("_gw_Remote('{name}')")
            }
        }
    }

    fn import(&mut self, stmt: &Stmt) {
        let Stmt::Import(import) = stmt else { return };
        if import.names.iter().all(|alias| imports::is_native(&alias.name)) {
            return;
        }
        let statements: Vec<String> = import
            .names
            .iter()
            .map(|alias| {
                let module = alias.name.as_str();
                match &alias.asname {
                    Some(name) if imports::is_native(module) => format!("import {module} as {name}"),
                    Some(name) => format!("{name} = {}", self.module(module)),
                    None if imports::is_native(module) => format!("import {module}"),
                    None => self.whole_module(module),
                }
            })
            .collect();
        self.made.edits.replace(range_of(import.range()), statements.join("; "));
    }

    /// A module as a value with its members.
    fn module(&mut self, module: &str) -> String {
        if module == "requests" {
            self.made.parts.insert("requests");
            return "_gw_import_requests".to_owned();
        }
        let members: Vec<String> = imports::members(module)
            .iter()
            .map(|(name, import)| format!("'{name}': {}", self.imported(name, *import)))
            .collect();
        format!("_gw_Record({{{}}})", members.join(", "))
    }

    /// `import a.b` binds `a`, which has `b`; a second `import a.c` adds to it.
    fn whole_module(&mut self, module: &str) -> String {
        let mut parts = module.split('.');
        let root = parts.next().unwrap_or(module).to_owned();
        let mut statements = Vec::new();
        let mut path = root.clone();
        for part in parts {
            if self.packages.insert(path.clone()) {
                statements.push(format!("{path} = _gw_Record({{}})"));
            }
            path = format!("{path}.{part}");
        }
        statements.push(format!("{path} = {}", self.module(module)));
        statements.join("; ")
    }

    /// `yield x` becomes an entry of the list that the function returns.
    fn yields(&mut self, expr: &Expr) {
        let range = range_of(expr.range());
        let (keyword, call) = match expr {
            Expr::Yield(it) if it.value.is_none() => ("yield".len(), "_gw_yielded.append((None"),
            Expr::Yield(_) => ("yield".len(), "_gw_yielded.append(("),
            Expr::YieldFrom(_) => {
                let text = self.facts.text.get(range.clone()).unwrap_or_default();
                (text.find("from").map_or(0, |at| at + "from".len()), "_gw_yielded.extend((")
            }
            _ => return,
        };
        self.made.edits.replace(range.start..range.start + keyword, call);
        self.made.edits.close(range.end, "))");
    }
}

/// Within the expression the imported thing may have the name that the prelude gave it, so it is reached by another.
fn prelude_name(part: &str) -> String {
    if part.starts_with("_gw_") { part.to_owned() } else { format!("_gw_import_{part}") }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::If(it) => self.truth(&it.test),
            Stmt::While(it) => self.truth(&it.test),
            Stmt::Assert(it) => self.truth(&it.test),
            Stmt::AugAssign(it) => {
                self.bound_assignment(it);
                visitor::walk_stmt(self, stmt);
                return self.check_assignment(it);
            }
            Stmt::ImportFrom(_) => return self.import_from(stmt),
            Stmt::Import(_) => return self.import(stmt),
            Stmt::Return(it) if self.made.yields && self.functions == 0 => match &it.value {
                None => self.made.edits.replace(range_of(it.range()), "return _gw_yielded"),
                Some(_) => self.made.refused.push(Finding {
                    kind: ProblemKind::Unsupported,
                    range: range_of(it.range()),
                    message: "`return` with a value beside `yield` is not supported".to_owned(),
                    help: Some("yield the value".to_owned()),
                }),
            },
            Stmt::FunctionDef(_) => {
                self.functions += 1;
                visitor::walk_stmt(self, stmt);
                self.functions -= 1;
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_elif_else_clause(&mut self, clause: &'a ruff_python_ast::ElifElseClause) {
        clause.test.iter().for_each(|test| self.truth(test));
        visitor::walk_elif_else_clause(self, clause);
    }

    fn visit_comprehension(&mut self, comprehension: &'a ruff_python_ast::Comprehension) {
        comprehension.ifs.iter().for_each(|test| self.truth(test));
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.bound(expr);
        match expr {
            Expr::If(it) => self.truth(&it.test),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => self.truth(&it.operand),
            Expr::BoolOp(it) => it.values.iter().rev().skip(1).for_each(|operand| self.truth(operand)),
            Expr::Generator(_) => self.wrap(expr, "_gw_iter"),
            Expr::Yield(_) | Expr::YieldFrom(_) => self.yields(expr),
            Expr::Call(it) => {
                if matches!(&*it.func, Expr::Name(name) if name.id == "isinstance") {
                    it.arguments.args.iter().skip(1).for_each(|kind| self.types(kind));
                }
            }
            Expr::Compare(it) => {
                let operands = || std::iter::once(&*it.left).chain(&it.comparators);
                operands().for_each(|operand| self.types(operand));
                let ordered = |op: &CmpOp| matches!(op, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE);
                if self.facts.addresses && it.ops.iter().all(ordered) {
                    operands().for_each(|operand| self.wrap(operand, "_gw_n"));
                }
            }
            Expr::Attribute(it) if !matches!(it.ctx, ExprContext::Load) => {
                self.made.stored.insert(it.attr.to_string());
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

/// Whether the body itself yields.
fn yields(body: &[Stmt]) -> bool {
    struct Find(bool);
    impl<'a> Visitor<'a> for Find {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if !matches!(stmt, Stmt::FunctionDef(_)) {
                visitor::walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ => visitor::walk_expr(self, expr),
            }
        }
    }
    let mut find = Find(false);
    find.visit_body(body);
    find.0
}

/// Whether any tested operand of a rewritten body is not wrapped. Must be false: the compile step refuses otherwise.
pub(crate) fn unwrapped(body: &[Stmt]) -> bool {
    let mut check = Check { missing: false };
    check.visit_body(body);
    check.missing
}

struct Check {
    missing: bool,
}

impl Check {
    fn truth(&mut self, expr: &Expr) {
        let wrapped = matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if name.id == TRUTH));
        self.missing |= !wrapped;
    }
}

impl<'a> Visitor<'a> for Check {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::If(it) => self.truth(&it.test),
            Stmt::While(it) => self.truth(&it.test),
            Stmt::Assert(it) => self.truth(&it.test),
            Stmt::Match(_) => self.missing = true,
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_elif_else_clause(&mut self, clause: &'a ruff_python_ast::ElifElseClause) {
        clause.test.iter().for_each(|test| self.truth(test));
        visitor::walk_elif_else_clause(self, clause);
    }

    fn visit_comprehension(&mut self, comprehension: &'a ruff_python_ast::Comprehension) {
        comprehension.ifs.iter().for_each(|test| self.truth(test));
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::If(it) => self.truth(&it.test),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => self.truth(&it.operand),
            Expr::BoolOp(it) => it.values.iter().rev().skip(1).for_each(|operand| self.truth(operand)),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
