//! Which names a text binds and which it takes from outside.
//!
//! Python's rule: what a function assigns anywhere is its own everywhere. Comprehensions and lambdas have a scope of
//! their own. Knows no name of ours; `names` does.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Parameters, Stmt};
use ruff_text_size::Ranged;

use crate::compile::range_of;

/// The names of a text.
#[derive(Default)]
pub(crate) struct Names {
    /// Bound by the outermost function.
    pub(crate) bound: BTreeSet<String>,
    /// Read but bound nowhere around, with the place.
    pub(crate) free: Vec<(String, std::ops::Range<usize>)>,
}

/// Looks through the body of the function around an expression.
pub(crate) fn names(body: &[Stmt]) -> Names {
    let bound = bound_in(body);
    let mut walk = Walk { scopes: vec![bound.clone()], free: Vec::new() };
    walk.visit_body(body);
    Names { bound, free: walk.free }
}

struct Walk {
    scopes: Vec<BTreeSet<String>>,
    free: Vec<(String, std::ops::Range<usize>)>,
}

impl Walk {
    fn within(&mut self, scope: BTreeSet<String>, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(scope);
        visit(self);
        self.scopes.pop();
    }

    fn comprehension<'a>(&mut self, generators: &'a [ruff_python_ast::Comprehension], elements: &[&'a Expr]) {
        // The first iterable is evaluated outside.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let mut scope = BTreeSet::new();
        for generator in generators {
            targets(&generator.target, &mut scope);
        }
        self.within(scope, |walk| {
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    walk.visit_expr(&generator.iter);
                }
                generator.ifs.iter().for_each(|test| walk.visit_expr(test));
            }
            elements.iter().for_each(|element| walk.visit_expr(element));
        });
    }

    fn defaults<'a>(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
        }
    }
}

impl<'a> Visitor<'a> for Walk {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let Stmt::FunctionDef(function) = stmt else {
            return visitor::walk_stmt(self, stmt);
        };
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        self.defaults(&function.parameters);
        let mut scope = bound_in(&function.body);
        parameters(&function.parameters, &mut scope);
        self.within(scope, |walk| walk.visit_body(&function.body));
    }

    fn visit_annotation(&mut self, _: &'a Expr) {
        // Not evaluated.
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let load = matches!(name.ctx, ExprContext::Load);
                if load && !self.scopes.iter().any(|scope| scope.contains(name.id.as_str())) {
                    self.free.push((name.id.to_string(), range_of(name.range())));
                }
            }
            Expr::Lambda(lambda) => {
                let mut scope = BTreeSet::new();
                if let Some(list) = &lambda.parameters {
                    self.defaults(list);
                    parameters(list, &mut scope);
                }
                self.within(scope, |walk| walk.visit_expr(&lambda.body));
            }
            Expr::ListComp(it) => self.comprehension(&it.generators, &[&it.elt]),
            Expr::SetComp(it) => self.comprehension(&it.generators, &[&it.elt]),
            Expr::Generator(it) => self.comprehension(&it.generators, &[&it.elt]),
            Expr::DictComp(it) => {
                let elements: Vec<&Expr> = it.key.as_deref().into_iter().chain([it.value.as_ref()]).collect();
                self.comprehension(&it.generators, &elements);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

fn parameters(list: &Parameters, scope: &mut BTreeSet<String>) {
    for parameter in list {
        scope.insert(parameter.name().to_string());
    }
}

/// What a function's body binds, nested functions not looked into.
fn bound_in(body: &[Stmt]) -> BTreeSet<String> {
    let mut bind = Bind { bound: BTreeSet::new(), outer: BTreeSet::new() };
    bind.visit_body(body);
    bind.bound.difference(&bind.outer).cloned().collect()
}

struct Bind {
    bound: BTreeSet<String>,
    outer: BTreeSet<String>,
}

impl<'a> Visitor<'a> for Bind {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.bound.insert(function.name.to_string());
            }
            Stmt::ClassDef(class) => {
                self.bound.insert(class.name.to_string());
            }
            Stmt::Nonlocal(names) => self.outer.extend(names.names.iter().map(ToString::to_string)),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let whole = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.bound.insert(whole.split('.').next().unwrap_or(whole).to_owned());
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.bound.insert(alias.asname.as_ref().unwrap_or(&alias.name).to_string());
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if !matches!(name.ctx, ExprContext::Load) => {
                self.bound.insert(name.id.to_string());
            }
            Expr::Lambda(_) => {}
            // `:=` in a comprehension binds in the function around it; its own targets do not.
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::Generator(_) | Expr::DictComp(_) => {
                let mut walrus = Walrus { found: &mut self.bound };
                walrus.visit_expr(expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(it) = handler;
        if let Some(name) = &it.name {
            self.bound.insert(name.to_string());
        }
        visitor::walk_except_handler(self, handler);
    }
}

struct Walrus<'s> {
    found: &'s mut BTreeSet<String>,
}

impl<'a> Visitor<'a> for Walrus<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Named(named) = expr {
            targets(&named.target, self.found);
        }
        visitor::walk_expr(self, expr);
    }
}

fn targets(target: &Expr, scope: &mut BTreeSet<String>) {
    match target {
        Expr::Name(name) => {
            scope.insert(name.id.to_string());
        }
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| targets(element, scope)),
        Expr::List(list) => list.elts.iter().for_each(|element| targets(element, scope)),
        Expr::Starred(starred) => targets(&starred.value, scope),
        _ => {}
    }
}
