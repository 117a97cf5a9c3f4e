//! `!Context`: the defaults, over them the blueprint's own context, over that what other blueprints pass to it.
//!
//! Merging goes into maps, appends lists, and lets the later win otherwise.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::{Around, Evaluator, Val, What, flow, trail};
use crate::diagnostic::{Code, Diagnostic};
use crate::models;
use crate::source::Span;
use crate::suggest::closest;
use crate::yaml::{Kind, Node, Pairs};

const USAGE: &str = "`!Context key` or `!Context [key, default]`";

/// What `!Context` of one file sees.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    own: HashMap<&'a str, (Span, &'a Node<'a>)>,
    defaults: &'a Map<String, Json>,
    /// What other files pass, in the order of the documents.
    pub(crate) passed: Vec<Passed<'a>>,
}

/// A context that a file passes to another by `metaapplyblueprint`: a map, or a tag that gives one. It means what it
/// means where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Passed<'a> {
    pub(crate) node: &'a Node<'a>,
    /// The file that it stands in.
    pub(crate) scope: usize,
    pub(crate) around: Rc<Around<'a>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(own: &'a Pairs<'a>, defaults: &'a Map<String, Json>) -> Self {
        let own = own.iter().map(|(name, at, node)| (&**name, (*at, node))).collect();
        Self { own, defaults, passed: Vec::new() }
    }

    /// The keys that are known by their names.
    fn keys(&self) -> impl Iterator<Item = String> {
        let passed = self.passed.iter().filter(|passed| passed.node.tag.is_none()).flat_map(|passed| {
            let pairs = if let Kind::Map(pairs) = &passed.node.kind { &**pairs } else { &[] };
            pairs.iter().map(|(name, ..)| name.to_string())
        });
        let own = self.own.keys().map(|name| (*name).to_owned());
        own.chain(self.defaults.keys().cloned()).chain(passed)
    }
}

/// What every blueprint's context begins with.
pub(crate) fn defaults() -> Map<String, Json> {
    let names = models::peer_models().filter_map(|name| name.split_once('.'));
    let by_model: Map<String, Json> = names.map(|(app, model)| (model.to_owned(), Json::from(app))).collect();
    let mut defaults = Map::new();
    defaults.insert("goauthentik.io/enterprise/licensed".to_owned(), Json::Bool(false));
    defaults.insert("goauthentik.io/rbac/models".to_owned(), Json::Object(by_model));
    defaults
}

/// Maps into each other, lists behind each other, else the later one.
pub(crate) fn merge<'a>(earlier: Val<'a>, later: Val<'a>) -> Val<'a> {
    match (earlier.what, later.what) {
        (What::Map(mut into), What::Map(from)) => {
            for (name, at, value) in from {
                match into.iter_mut().find(|(known, ..)| *known == name) {
                    Some((_, _, slot)) => {
                        let before = std::mem::replace(slot, Val::null(at));
                        *slot = merge(before, value);
                    }
                    None => into.push((name, at, value)),
                }
            }
            Val { what: What::Map(into), ..later }
        }
        (What::List(mut into), What::List(from)) => {
            into.extend(from);
            Val { what: What::List(into), ..later }
        }
        (_, what) => Val { what, ..later },
    }
}

impl<'a> Evaluator<'a, '_> {
    /// `!Context key`, `!Context [key, default]`, and dotted paths into maps and lists.
    pub(super) fn context(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some((key, default)) = self.named(node, USAGE) else {
            return Val::unknown(node.whole());
        };
        let mut found = self.context_key(&key, node);
        if found.is_none() {
            found = self.context_path(&key, node);
        }
        if let Some(value) = found {
            // A scalar is blamed where it is used; parts of a map or list where they are written.
            if value.has_parts() {
                return value;
            }
            let written = value.span != node.whole();
            let trail = written.then(|| trail::given(&key, value.span, &self.around.trail));
            return Val { span: node.whole(), trail: trail.flatten(), ..value };
        }
        if let Some(default) = default {
            return self.eval(default);
        }
        let keys: Vec<String> = self.scope.context.keys().collect();
        let message = format!("the context has no key `{key}`: this is null");
        let diagnostic = Diagnostic::at(Code::UnknownContext, node.whole(), message);
        let near = closest(&key, keys.iter().map(String::as_str));
        let place = near.and_then(|near| self.scope.context.own.get(near)).map(|(at, _)| *at);
        let diagnostic = diagnostic.help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it under `context`, or give a default: `!Context [key, default]`".to_owned(),
        });
        self.report(match place {
            Some(place) => diagnostic.related(place, "the key that comes closest"),
            None => diagnostic,
        });
        Val::null(node.whole())
    }

    fn context_key(&mut self, key: &str, at: &'a Node<'a>) -> Option<Val<'a>> {
        let scope = self.scope;
        let mut found = scope.context.defaults.get(key).map(|json| Val::from_json(json, at.whole()));
        if let Some(value) = &found {
            self.spend(value.size(), at.whole());
        }
        if let Some((_, node)) = scope.context.own.get(key) {
            let own = self.in_context(key, at, |evaluator| evaluator.eval(node));
            found = Some(merged(found, own.unwrap_or_else(|| Val::unknown(at.whole()))));
        }
        for passed in &scope.context.passed {
            if let Some(value) = self.in_context(key, at, |evaluator| evaluator.passed(passed, key)).flatten() {
                found = Some(merged(found, value));
            }
        }
        found
    }

    /// Loops of the entry mean nothing inside the context. None where the value is a part of itself.
    fn in_context<T>(&mut self, key: &str, at: &'a Node<'a>, eval: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let asked = (std::ptr::from_ref(self.scope), key.to_owned());
        if let Some(begin) = self.asked.iter().position(|known| *known == asked) {
            let circle = self.asked.iter().skip(begin).chain([&asked]);
            let names: Vec<String> = circle.map(|(_, key)| format!("`{key}`")).collect();
            let message = format!("this context value needs itself: {}", names.join(" → "));
            let help = "a context value cannot refer to itself, not even by way of others";
            self.report(Diagnostic::at(Code::TooComplex, at.whole(), message).help(help));
            return None;
        }
        self.asked.push(asked);
        let trail = trail::used(key, at.whole(), &self.around.trail);
        let before = std::mem::replace(&mut self.around, Around { trail, ..Around::default() });
        let value = eval(self);
        self.around = before;
        self.asked.pop();
        Some(value)
    }

    /// What is passed under a key, as it is meant in the file that passes it.
    fn passed(&mut self, passed: &Passed<'a>, key: &str) -> Option<Val<'a>> {
        let scope = self.scopes.get(passed.scope)?;
        let before = std::mem::replace(&mut self.scope, scope);
        self.around = Around { trail: self.around.trail.clone(), ..(*passed.around).clone() };
        let value = match &passed.node.kind {
            Kind::Map(pairs) if passed.node.tag.is_none() => {
                let node = pairs.iter().find(|(name, ..)| name == key);
                node.map(|(_, _, node)| self.eval(node))
            }
            _ => {
                let whole = self.eval(passed.node);
                match whole.what {
                    What::Map(pairs) => pairs.into_iter().find(|(name, ..)| name == key).map(|(_, _, value)| value),
                    What::Unknown => Some(whole),
                    // That it is no map is said where it stands.
                    _ => None,
                }
            }
        };
        self.scope = before;
        value
    }

    /// `a.b.0`: the longest prefix that is a key, then through maps and lists.
    fn context_path(&mut self, path: &str, at: &'a Node<'a>) -> Option<Val<'a>> {
        let splits: Vec<usize> = path.match_indices('.').map(|(at, _)| at).collect();
        for split in splits.into_iter().rev() {
            let (Some(key), Some(rest)) = (path.get(..split), path.get(split + 1..)) else {
                continue;
            };
            if let Some(value) = self.context_key(key, at) {
                return descend(value, rest);
            }
        }
        None
    }
}

fn merged<'a>(earlier: Option<Val<'a>>, later: Val<'a>) -> Val<'a> {
    match earlier {
        Some(earlier) => merge(earlier, later),
        None => later,
    }
}

fn descend<'a>(mut value: Val<'a>, path: &str) -> Option<Val<'a>> {
    for step in path.split('.') {
        value = match value.what {
            What::Unknown => return Some(Val { flow: flow::gather([&value], true), ..value }),
            What::Map(pairs) => pairs.into_iter().find(|(name, ..)| name == step)?.2,
            What::List(items) => items.into_iter().nth(step.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}
