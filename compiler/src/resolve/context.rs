//! `!Context`: the defaults, with the blueprint's own context merged over them.
//!
//! Merging goes into maps, appends lists, and lets the later win otherwise.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::{Evaluator, Val, What};
use crate::diagnostic::{Code, Diagnostic};
use crate::models;
use crate::source::Span;
use crate::suggest::closest;
use crate::yaml::{Node, Pairs};

const USAGE: &str = "`!Context key` or `!Context [key, default]`";

/// What `!Context` of one file sees.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    own: HashMap<&'a str, (Span, &'a Node<'a>)>,
    defaults: &'a Map<String, Json>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(own: &'a Pairs<'a>, defaults: &'a Map<String, Json>) -> Self {
        Self { own: own.iter().map(|(name, at, node)| (&**name, (*at, node))).collect(), defaults }
    }

    fn node(&self, key: &str) -> Option<&'a Node<'a>> {
        self.own.get(key).map(|(_, node)| *node)
    }

    fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.own.keys().copied().chain(self.defaults.keys().map(String::as_str))
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
    let span = later.span;
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
            Val::new(What::Map(into), span)
        }
        (What::List(mut into), What::List(from)) => {
            into.extend(from);
            Val::new(What::List(into), span)
        }
        (_, what) => Val { what, span, node: later.node },
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
            let parts = matches!(value.what, What::List(_) | What::Map(_));
            return if parts { value } else { Val { span: node.whole(), node: None, ..value } };
        }
        if let Some(default) = default {
            return self.eval(default);
        }
        let message = format!("the context has no key `{key}`: this is null");
        let diagnostic = Diagnostic::at(Code::UnknownContext, node.whole(), message);
        let near = closest(&key, self.scope.context.keys());
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
        let default = self.scope.context.defaults.get(key).map(|json| Val::from_json(json, at.whole()));
        if let Some(value) = &default {
            self.spend(value.size(), at.whole());
        }
        let own = self.scope.context.node(key).map(|node| self.in_context(node));
        match (default, own) {
            (Some(default), Some(own)) => Some(merge(default, own)),
            (default, own) => own.or(default),
        }
    }

    /// Loops of the entry mean nothing inside the context.
    fn in_context(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let frames = std::mem::take(&mut self.frames);
        let value = self.eval(node);
        self.frames = frames;
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

fn descend<'a>(mut value: Val<'a>, path: &str) -> Option<Val<'a>> {
    for step in path.split('.') {
        value = match value.what {
            What::Unknown => return Some(value),
            What::Map(pairs) => pairs.into_iter().find(|(name, ..)| name == step)?.2,
            What::List(items) => items.into_iter().nth(step.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}
