//! The harness's own reading of a text: the events of the YAML crate as a tree, and nothing of the compiler.
//!
//! What this tree says decides which mutations are mistakes, so it shares no code with what is measured.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// The bytes that it covers; a block text without its header.
    pub(crate) span: Range<usize>,
    pub(crate) tag: Option<(String, Range<usize>)>,
    pub(crate) body: Body,
    /// It stands elsewhere and is repeated here by an alias.
    pub(crate) alias: bool,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Scalar(String, ScalarStyle),
    Seq(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
}

/// A plain scalar as YAML 1.1 types it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Bool,
    Int,
    Float,
    Text,
}

impl Tree {
    /// Reads the only document of a text.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut stack: Vec<(Tree, usize, Vec<Tree>)> = Vec::new();
        let mut anchors: HashMap<usize, Tree> = HashMap::new();
        let mut root = None;
        let mut documents = 0;
        for item in Parser::new_from_str(text) {
            let (event, span) = item.map_err(|error| error.to_string())?;
            let at = span.byte_range().unwrap_or(0..0);
            let tagged = |tag: Option<&granit_parser::Tag>| {
                let own = tag.filter(|tag| !tag.is_yaml_core_schema() && tag.original() != "!")?;
                Some((own.original(), span.tag_span().and_then(|span| span.byte_range()).unwrap_or(at.clone())))
            };
            let (done, anchor) = match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    continue;
                }
                Event::Scalar(value, style, anchor, tag) => {
                    let empty = at.is_empty() && style == ScalarStyle::Plain;
                    let value = if empty { String::new() } else { value.into_owned() };
                    let span = at.start..at.start + text[at.clone()].trim_end().len();
                    let tag = tagged(tag.as_deref());
                    (Tree { span, tag, body: Body::Scalar(value, style), alias: false }, anchor)
                }
                Event::SequenceStart(_, anchor, tag) => {
                    let tag = tagged(tag.as_deref());
                    let tree = Tree { span: at, tag, body: Body::Seq(Vec::new()), alias: false };
                    stack.push((tree, anchor, Vec::new()));
                    continue;
                }
                Event::MappingStart(_, anchor, tag) => {
                    let tag = tagged(tag.as_deref());
                    let tree = Tree { span: at, tag, body: Body::Map(Vec::new()), alias: false };
                    stack.push((tree, anchor, Vec::new()));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let (mut tree, anchor, children) = stack.pop().ok_or("no collection is open")?;
                    let end = at.end.max(tree.span.start);
                    tree.span.end = tree.span.start + text[tree.span.start..end].trim_end().len();
                    match &mut tree.body {
                        Body::Seq(items) => *items = children,
                        Body::Map(pairs) => {
                            let mut children = children.into_iter();
                            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                                pairs.push((key, value));
                            }
                        }
                        Body::Scalar(..) => {}
                    }
                    (tree, anchor)
                }
                Event::Alias(id) => {
                    let mut tree = anchors.get(&id).cloned().ok_or("an alias inside its own node")?;
                    tree.alias = true;
                    (tree, 0)
                }
                _ => continue,
            };
            if anchor != 0 {
                anchors.insert(anchor, done.clone());
            }
            match stack.last_mut() {
                Some((_, _, children)) => children.push(done),
                None => root = Some(done),
            }
        }
        match (root, documents) {
            (Some(root), 1) => Ok(root),
            _ => Err("not one document".to_owned()),
        }
    }

    /// The text of an untagged scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Scalar(text, _) if self.tag.is_none() => Some(text),
            _ => None,
        }
    }

    /// The pairs of an untagged map, merges included.
    pub(crate) fn pairs(&self) -> Vec<(&str, &Tree, &Tree)> {
        let Body::Map(pairs) = &self.body else { return Vec::new() };
        if self.tag.is_some() {
            return Vec::new();
        }
        let mut found: Vec<(&str, &Tree, &Tree)> = Vec::new();
        for (key, value) in pairs {
            match &key.body {
                Body::Scalar(name, ScalarStyle::Plain) if name == "<<" => match &value.body {
                    Body::Seq(items) => found.extend(items.iter().flat_map(Tree::pairs)),
                    _ => found.extend(value.pairs()),
                },
                Body::Scalar(name, _) => found.push((name, key, value)),
                _ => {}
            }
        }
        found
    }

    /// The value of a key; the last one counts.
    pub(crate) fn get(&self, name: &str) -> Option<&Tree> {
        self.pairs().into_iter().rev().find(|(key, ..)| *key == name).map(|(_, _, value)| value)
    }

    /// The items of a list, tagged or not.
    pub(crate) fn items(&self) -> &[Tree] {
        if let Body::Seq(items) = &self.body { items } else { &[] }
    }

    pub(crate) fn tag_name(&self) -> Option<&str> {
        self.tag.as_ref().map(|(name, _)| name.as_str())
    }

    pub(crate) fn is_map(&self) -> bool {
        self.tag.is_none() && matches!(self.body, Body::Map(_))
    }

    pub(crate) fn is_seq(&self) -> bool {
        self.tag.is_none() && matches!(self.body, Body::Seq(_))
    }

    /// The type of an untagged scalar.
    pub(crate) fn kind(&self) -> Option<Type> {
        match &self.body {
            Body::Scalar(text, ScalarStyle::Plain) if self.tag.is_none() => Some(typed(text)),
            Body::Scalar(..) if self.tag.is_none() => Some(Type::Text),
            _ => None,
        }
    }

    /// Every node, this one first.
    pub(crate) fn all(&self) -> Vec<&Tree> {
        let mut found = vec![self];
        match &self.body {
            Body::Scalar(..) => {}
            Body::Seq(items) => items.iter().for_each(|item| found.extend(item.all())),
            Body::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                found.extend(key.all());
                found.extend(value.all());
            }),
        }
        found
    }

    /// The same whatever the layout.
    pub(crate) fn canonical(&self) -> String {
        let body = match &self.body {
            Body::Scalar(text, ScalarStyle::Plain) => format!("{text:?}p"),
            Body::Scalar(text, _) => format!("{text:?}"),
            Body::Seq(items) => {
                format!("[{}]", items.iter().map(Tree::canonical).collect::<Vec<_>>().join(","))
            }
            Body::Map(pairs) => {
                let pair = |(key, value): &(Tree, Tree)| format!("{}:{}", key.canonical(), value.canonical());
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(","))
            }
        };
        format!("{}{body}", self.tag_name().map(|name| format!("{name} ")).unwrap_or_default())
    }
}

/// The forms that occur in blueprints; rarer ones count as text.
fn typed(text: &str) -> Type {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Type::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Type::Bool,
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Type::Bool,
        _ if all(digits) => Type::Int,
        _ if digits.split_once('.').is_some_and(|(whole, rest)| all(whole) && all(rest)) => Type::Float,
        _ => Type::Text,
    }
}
