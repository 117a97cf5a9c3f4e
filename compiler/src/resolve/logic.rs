//! `!If`, `!Condition`, `!AtIndex` and `!ParseJSON`.

use super::flow::{Source, gather};
use super::{Evaluator, Val, What};
use crate::diagnostic::{Code, Diagnostic};
use crate::models;
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{Kind, Node};

const MODES: &[&str] = &["AND", "OR", "XOR", "NAND", "NOR", "XNOR", "EQ", "NEQ"];

impl<'a> Evaluator<'a, '_> {
    /// `!If [c]` is a truth value, `!If [c, t, f]` one of its branches. The other is never evaluated, except that both
    /// are looked through when it is not known which one it will be.
    pub(super) fn branch(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let usage = "`!If [condition]` or `!If [condition, when true, when false]`";
        let Some(args) = self.args(node, 1..=3, usage) else {
            return Val::unknown(node.whole());
        };
        let ([condition] | [condition, _, _]) = args else {
            return self.misused(node.whole(), "`!If` has 2 arguments", format!("write {usage}"));
        };
        let truth = self.eval_asked(condition).truth();
        let [_, yes, no] = args else {
            return Val::new(truth.map_or(What::Unknown, What::Bool), node.whole());
        };
        match truth {
            Some(true) => self.eval(yes),
            Some(false) => self.eval(no),
            None => {
                let flow = gather(&[self.eval(yes), self.eval(no)], true);
                Val::unknown(node.whole()).of(&flow)
            }
        }
    }

    /// `!Condition [MODE, value…]`
    pub(super) fn condition(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let usage = "`!Condition [AND, value, value]`";
        let Some(args) = self.args(node, 1..=usize::MAX, usage) else {
            return Val::unknown(node.whole());
        };
        let Some((mode, rest)) = args.split_first() else {
            return Val::unknown(node.whole());
        };
        let name = self.eval(mode);
        let Some(name) = self.label(&name, usage) else {
            return Val::unknown(node.whole());
        };
        let upper = name.to_uppercase();
        if !MODES.contains(&upper.as_str()) {
            let help = did_you_mean(&upper, MODES.iter().copied())
                .unwrap_or_else(|| format!("the modes are {}", MODES.join(", ")));
            return self.misused(mode.whole(), format!("`!Condition` has no mode `{name}`"), help);
        }
        if rest.is_empty() {
            return self.misused(node.whole(), "`!Condition` has nothing to combine", format!("write {usage}"));
        }
        if rest.len() == 1 && matches!(upper.as_str(), "EQ" | "NEQ") {
            let message = format!("`!Condition` with {upper} has nothing to compare with");
            return self.misused(node.whole(), message, format!("write `!Condition [{upper}, value, value]`"));
        }
        let values: Vec<Val<'a>> = rest.iter().map(|arg| self.eval_asked(arg)).collect();
        Val::new(combine(&upper, &values).map_or(What::Unknown, What::Bool), node.whole())
    }

    /// `!AtIndex [list or map, key]` and `[…, default]`
    pub(super) fn at_index(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let usage = "`!AtIndex [list or map, index or key]`, with a default as third argument where it may be missing";
        let Some(args) = self.args(node, 2..=3, usage) else {
            return Val::unknown(node.whole());
        };
        let [whole, key, default @ ..] = args else {
            return Val::unknown(node.whole());
        };
        let whole = self.eval(whole);
        let index = self.eval(key);
        if matches!(whole.what, What::Unknown) || matches!(index.what, What::Unknown) {
            if is_secret(&whole, &index) {
                return self.secret(key);
            }
            return Val::unknown(node.whole()).of(&gather([&whole], true));
        }
        let at = |at: i64, items: &[Val<'a>]| position(at, items.len()).and_then(|at| items.get(at)).cloned();
        let found = match (&whole.what, &index.what) {
            (What::List(items), What::Int(index)) => at(*index, items),
            (What::List(items), What::Bool(index)) => at(i64::from(*index), items),
            (What::Map(pairs), What::Text(_) | What::Int(_) | What::Bool(_)) => {
                let name = self.label(&index, usage).unwrap_or_default();
                pairs.iter().find(|(key, ..)| *key == name).map(|(_, _, value)| value.clone())
            }
            (What::Null | What::Nothing, _) if !default.is_empty() => None,
            (What::List(_), _) => {
                return self.misused(
                    key.whole(),
                    format!("a list is indexed by a number, not by {}", index.describe()),
                    "count from 0",
                );
            }
            (What::Map(_), _) => {
                let message = format!("a map is indexed by a text, not by {}", index.describe());
                return self.misused(key.whole(), message, "name the key");
            }
            _ => {
                let message = format!("`!AtIndex` looks into a list or a map, not into {}", whole.describe());
                return self.misused(node.whole(), message, format!("write {usage}"));
            }
        };
        match (found, default.first()) {
            (Some(Val { what: What::Secret, .. }), _) => self.secret(key),
            (Some(value), _) => value.placed(node.whole()),
            (None, Some(default)) => self.eval(default),
            (None, None) => {
                let name = super::format::display(&index).unwrap_or_default();
                let default = || "give a default as third argument if it may be missing".to_owned();
                let (message, help) = match &whole.what {
                    What::Map(pairs) => {
                        let help = did_you_mean(&name, pairs.iter().map(|(name, ..)| &**name));
                        (format!("this map has no key `{name}`"), help.unwrap_or_else(default))
                    }
                    What::List(items) => (format!("this list of {} has no item {name}", items.len()), default()),
                    _ => ("there is nothing to look into".to_owned(), default()),
                };
                self.misused(key.whole(), message, help)
            }
        }
    }

    /// A secret of an object was asked for.
    fn secret(&mut self, key: &'a Node<'a>) -> Val<'a> {
        let diagnostic = Diagnostic::at(Code::SecretLookUp, key.whole(), "this is a secret of the object");
        self.report(diagnostic.help("give the secret itself to both, by `!Env` or `!File`"));
        Val::unknown(key.whole())
    }

    /// `!ParseJSON 'text'`; beyond the peer, a tag in a list gives the text.
    pub(super) fn parse_json(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let usage = "`!ParseJSON 'text'` or `!ParseJSON [!Env NAME]`";
        let mut flow = None;
        let text = match &node.kind {
            Kind::Scalar(scalar) => Some(scalar.text.to_string()),
            _ => {
                let args = self.args(node, 1..=1, usage).and_then(|args| args.first());
                let Some(value) = args.map(|arg| self.eval(arg)) else {
                    return Val::unknown(node.whole());
                };
                flow = gather([&value], false);
                self.label(&value, usage)
            }
        };
        let Some(text) = text else {
            return Val::unknown(node.whole()).of(&flow);
        };
        match serde_json::from_str(&text) {
            Ok(json) => {
                let value = Val::from_json(&json, node.whole());
                self.spend(value.size(), node.whole());
                value.of(&flow)
            }
            Err(error) => {
                let at = (error.line(), error.column());
                let help = format!("JSON breaks off at line {}, column {} of the text", at.0, at.1);
                self.misused(self.inside(node, &text, at), "this text is not JSON", help)
            }
        }
    }

    /// The place of a line and a column of a scalar's text; the whole of what is no scalar.
    fn inside(&self, node: &'a Node<'a>, text: &str, (line, column): (usize, usize)) -> Span {
        if !matches!(node.kind, Kind::Scalar(_)) || line == 0 {
            return node.whole();
        }
        let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let at = (before + column.saturating_sub(1)).min(text.len());
        crate::yaml::place(&self.scope.file.text, node, at..at)
    }
}

/// Whether a secret is asked of an object that only a later look can find.
fn is_secret(object: &Val<'_>, name: &Val<'_>) -> bool {
    let What::Text(name) = &name.what else { return false };
    let mut secret = false;
    object.reads(&mut |read| {
        if let Source::Object(model) = read.source {
            let field = models::model(model).and_then(|model| model.field(name));
            secret |= field.is_some_and(|field| field.secret.is_some());
        }
    });
    secret
}

fn position(at: i64, length: usize) -> Option<usize> {
    if at >= 0 { usize::try_from(at).ok() } else { length.checked_sub(usize::try_from(at.unsigned_abs()).ok()?) }
}

/// None where the outcome hangs on a value that is not known.
fn combine(mode: &str, values: &[Val<'_>]) -> Option<bool> {
    if matches!(mode, "EQ" | "NEQ") {
        let (first, rest) = values.split_first()?;
        let mut equal = Some(true);
        for value in rest {
            match first.same(value) {
                Some(false) => return Some(mode == "NEQ"),
                None => equal = None,
                Some(true) => {}
            }
        }
        return equal.map(|equal| equal == (mode == "EQ"));
    }
    let truths: Vec<Option<bool>> = values.iter().map(Val::truth).collect();
    let outcome = match mode {
        "AND" | "NAND" if truths.contains(&Some(false)) => Some(false),
        "OR" | "NOR" if truths.contains(&Some(true)) => Some(true),
        _ if truths.contains(&None) => None,
        "AND" | "NAND" => Some(true),
        "OR" | "NOR" => Some(false),
        _ => Some(truths.iter().filter(|truth| **truth == Some(true)).count() % 2 == 1),
    };
    outcome.map(|outcome| outcome != matches!(mode, "NAND" | "NOR" | "XNOR"))
}
