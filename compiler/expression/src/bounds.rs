//! Checks of size around what makes values larger.
//!
//! The interpreter looks at its clock and at memory now and then, and mostly not within an operation. So a value that an
//! operation made goes through `_gw_v` of the prelude, which refuses texts and numbers that are too large, and makes the
//! interpreter look up after every large one. Operations that would go too far in one step are replaced.

use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, ExprAttribute, ExprBinOp, ExprCall, ExprContext, FStringPart, Operator, StmtAugAssign};
use ruff_text_size::Ranged;

use crate::ProblemKind;
use crate::compile::{Finding, range_of};
use crate::rewrite::Walk;

/// Checks a value.
const VALUE: &str = "_gw_v";
/// Checks a part of an f-string.
const PART: &str = "_gw_p";
/// Methods whose one step has no end of its own.
const METHODS: &[(&str, &str)] = &[("join", "_gw_join"), ("sub", "_gw_sub"), ("subn", "_gw_subn")];
/// What makes one text of all that it is given.
const TEXTS: &[&str] = &["str", "repr", "format", "dumps"];
/// Functions whose result is never large, or lazy.
const SMALL: &[&str] = &[
    "all",
    "any",
    "enumerate",
    "filter",
    "getattr",
    "hasattr",
    "hash",
    "id",
    "isinstance",
    "iter",
    "len",
    "map",
    "next",
    "ord",
    "print",
    "range",
    "reversed",
    "type",
    "zip",
    "ak_message",
    "regex_match",
];

/// Whether it is the sign of an operator that may become a call.
pub(crate) fn is_sign(token: TokenKind) -> bool {
    use TokenKind::{DoubleStar, DoubleStarEqual, LeftShift, LeftShiftEqual, Minus, Percent, PercentEqual, Plus};
    matches!(token, DoubleStar | DoubleStarEqual | LeftShift | LeftShiftEqual | Minus | Percent | PercentEqual | Plus)
}

impl Walk<'_> {
    /// Puts checks around an expression; its parts come later, and so go inside.
    pub(crate) fn bound(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(call) => self.bound_call(expr, call),
            Expr::Subscript(it) if it.ctx == ExprContext::Load && it.slice.is_slice_expr() => self.wrap(expr, VALUE),
            Expr::BinOp(it) => self.bound_operation(expr, it),
            Expr::FString(it) => {
                let mut parts = it
                    .value
                    .iter()
                    .filter_map(|part| if let FStringPart::FString(it) = part { Some(it) } else { None })
                    .flat_map(|it| it.elements.interpolations())
                    .peekable();
                if parts.peek().is_some() {
                    self.wrap(expr, VALUE);
                }
                for part in parts.filter(|part| part.debug_text.is_none()) {
                    self.wrap(&part.expression, PART);
                }
            }
            _ => {}
        }
    }

    fn bound_call(&mut self, expr: &Expr, call: &ExprCall) {
        if matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "map" | "sorted" | "max" | "min")) {
            call.arguments.args.iter().for_each(|value| self.bound_handed(value));
            call.arguments.keywords.iter().for_each(|keyword| self.bound_handed(&keyword.value));
        }
        match &*call.func {
            Expr::Name(name) if SMALL.contains(&name.id.as_str()) || starts_large(&name.id) => return,
            _ => self.wrap(expr, VALUE),
        }
        let name = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(method) => {
                self.replace_method(call, method);
                method.attr.as_str()
            }
            _ => return,
        };
        if TEXTS.contains(&name) {
            let given = call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|keyword| &keyword.value));
            for value in given {
                self.wrap(if let Expr::Starred(it) = value { &it.value } else { value }, "_gw_light");
            }
        }
    }

    /// `map(str, …)` and its like: the function is handed on instead of called.
    fn bound_handed(&mut self, value: &Expr) {
        let name = match value {
            Expr::Name(it) if self.facts.free.contains(&it.start().to_usize()) => it.id.as_str(),
            Expr::Attribute(it) => it.attr.as_str(),
            _ => return,
        };
        if TEXTS.contains(&name) {
            self.wrap(value, "_gw_lighted");
        }
    }

    /// `a.join(b)` becomes `_gw_join(a, b)`.
    fn replace_method(&mut self, call: &ExprCall, method: &ExprAttribute) {
        let Some((_, function)) = METHODS.iter().find(|(name, _)| *name == method.attr.as_str()) else { return };
        let from = method.value.end().to_usize();
        let open = call.arguments.start().to_usize();
        let between = self.facts.text.get(from..method.attr.start().to_usize()).unwrap_or_default();
        let Some(dot) = between.rfind('.') else { return };
        self.made.edits.open(call.start().to_usize(), format!("{function}("));
        self.made.edits.replace(from + dot..open + 1, ", ");
    }

    fn bound_operation(&mut self, expr: &Expr, it: &ExprBinOp) {
        match it.op {
            Operator::Mult => {
                self.wrap(expr, VALUE);
                self.bounded(&it.left);
                self.bounded(&it.right);
            }
            Operator::Div | Operator::FloorDiv => {
                self.bounded(&it.left);
                self.bounded(&it.right);
            }
            Operator::Mod | Operator::Pow | Operator::LShift => {
                self.wrap(expr, VALUE);
                let function = self.function(it.op);
                self.as_call(function, expr, it.left.end().to_usize()..it.right.start().to_usize());
            }
            Operator::Add | Operator::Sub => {
                // Of a chain, the whole is checked.
                if let Expr::BinOp(left) = &*it.left
                    && left.op == Operator::Add
                {
                    self.summands.insert(range_of(left.range()));
                }
                let number = it.left.is_number_literal_expr() || it.right.is_number_literal_expr();
                if it.op == Operator::Add && !number && !self.summands.contains(&range_of(expr.range())) {
                    self.wrap(expr, VALUE);
                }
                if self.facts.addresses {
                    let function = if it.op == Operator::Add { "_gw_add" } else { "_gw_sub" };
                    self.as_call(function, expr, it.left.end().to_usize()..it.right.start().to_usize());
                }
            }
            _ => {}
        }
    }

    /// What stands for an operator.
    fn function(&mut self, op: Operator) -> &'static str {
        match op {
            Operator::Mod => {
                self.made.parts.insert("_gw_mod");
                "_gw_mod"
            }
            Operator::Pow => "_gw_power",
            _ => "_gw_shift",
        }
    }

    /// `a % b` becomes `_gw_mod(a , b)`; the sign is within `between`.
    fn as_call(&mut self, function: &str, expr: &Expr, between: Range<usize>) {
        let Some(sign) = self.facts.signs.iter().find(|sign| between.contains(&sign.start)).cloned() else { return };
        self.wrap(expr, function);
        self.made.edits.replace(sign, ",");
    }

    /// Numbers so large that one operation takes minutes.
    fn bounded(&mut self, operand: &Expr) {
        let checked = operand.is_literal_expr() || matches!(operand, Expr::BinOp(it) if is_heavy(it.op));
        if !checked {
            self.wrap(operand, "_gw_small");
        }
    }

    /// What comes before the operands of `x += y` are looked at.
    pub(crate) fn bound_assignment(&mut self, it: &StmtAugAssign) {
        if !is_heavy(it.op) {
            return;
        }
        if matches!(it.op, Operator::Mult | Operator::Div | Operator::FloorDiv) {
            self.bounded(&it.value);
        }
        if !is_place(&it.target) {
            self.made.refused.push(Finding {
                kind: ProblemKind::Unsupported,
                range: range_of(it.range()),
                message: format!("`{}=` on such a target is not supported", it.op),
                help: Some("write it to a variable first".to_owned()),
            });
        }
    }

    /// What comes after.
    pub(crate) fn check_assignment(&mut self, it: &StmtAugAssign) {
        if !is_place(&it.target) {
            return;
        }
        let Some(target) = self.facts.text.get(range_of(it.target.range())) else { return };
        let end = it.end().to_usize();
        match it.op {
            Operator::Mod | Operator::Pow | Operator::LShift => {
                let between = it.target.end().to_usize()..it.value.start().to_usize();
                let Some(sign) = self.facts.signs.iter().find(|sign| between.contains(&sign.start)) else { return };
                let function = self.function(it.op);
                self.made.edits.replace(sign.clone(), format!("= {VALUE}({function}({target}, "));
                self.made.edits.close(end, "))");
            }
            Operator::Mult => self.made.edits.close(end, format!("; {VALUE}({target})")),
            Operator::Add if !it.value.is_number_literal_expr() => {
                self.made.edits.close(end, format!("; {VALUE}({target})"));
            }
            _ => {}
        }
    }
}

/// Classes and exceptions.
fn starts_large(name: &str) -> bool {
    name.starts_with(|first: char| first.is_uppercase())
}

/// Operators whose time or result grows faster than their operands.
fn is_heavy(op: Operator) -> bool {
    matches!(op, Operator::Mult | Operator::Div | Operator::FloorDiv | Operator::Mod | Operator::Pow | Operator::LShift)
}

/// Whether it may be read once more without doing anything.
fn is_place(target: &Expr) -> bool {
    match target {
        Expr::Name(_) | Expr::StringLiteral(_) | Expr::NumberLiteral(_) => true,
        Expr::Attribute(it) => is_place(&it.value),
        Expr::Subscript(it) => is_place(&it.value) && is_place(&it.slice),
        _ => false,
    }
}
