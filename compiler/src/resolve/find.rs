//! The look-ups of objects: `!Find`, `!FindMany` and `!FindObject`.
//!
//! Knows which models and fields may be asked for; a [`Finder`], which `link/` implements, knows the objects.

use std::borrow::Cow;

use super::{Evaluator, ObjectId, Source, Val, What, path};
use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::{self, Model};
use crate::source::Span;
use crate::suggest::{articled, closest, did_you_mean};
use crate::world::ExistingKey;
use crate::yaml::{Kind, Node};

/// How an answer to `!Find` can look.
pub(crate) enum Lookup {
    Declared(ObjectId),
    Existing(ExistingKey),
    Nothing,
    Unknown,
}

impl<'a> From<Lookup> for What<'a> {
    fn from(found: Lookup) -> Self {
        match found {
            Lookup::Declared(object) => What::Object(object),
            Lookup::Existing(key) => What::Existing(Box::new(key)),
            Lookup::Nothing => What::Nothing,
            Lookup::Unknown => What::Unknown,
        }
    }
}

/// What an object holds.
pub(crate) enum Held<'a> {
    Fields(Vec<(Cow<'a, str>, Span, Val<'a>)>),
    Unknown,
    /// One of its fields asks for the object itself.
    Circle,
}

/// Answers look-ups among the declared objects, then in the database.
pub(crate) trait Finder<'a> {
    /// One object for which all conditions hold.
    fn find(&self, target: &Target, conditions: &[(String, Val<'a>)]) -> Lookup;
    /// All of them, in an order that does not change; none where that cannot be told.
    fn find_all(&self, target: &Target, conditions: &[(String, Val<'a>)]) -> Option<Vec<Lookup>>;
    /// What an object holds, shown at a place.
    fn object(&self, found: &Lookup, at: Span) -> Held<'a>;
}

/// What a `!Find` looks through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// One model.
    Model(&'static str),
    /// A base class of the peer: every model of this kind.
    Kind(&'static str),
}

impl Target {
    /// How messages call what is looked for.
    fn title(&self) -> &'static str {
        match self {
            Self::Model(name) => models::model(name).map_or("object", |model| model.title),
            Self::Kind(kind) => kind,
        }
    }

    /// The models that are looked through.
    pub(crate) fn models(&self) -> Vec<&'static Model> {
        match self {
            Self::Model(name) => models::model(name).into_iter().collect(),
            Self::Kind(kind) => models::models().iter().copied().filter(|model| model.kinds.contains(kind)).collect(),
        }
    }
}

impl<'a, 'b> Evaluator<'a, 'b> {
    /// `!Find [model, [field, value]…]`: the key of the first match, else null.
    pub(super) fn find(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let found = |finder: &dyn Finder<'a>, query: &Query<'a>| finder.find(&query.0, &query.1).into();
        let query = self.query(node);
        self.look_up(node, query.as_ref(), found)
    }

    /// `!FindMany [model, [field, value]…]`: the keys of all matches.
    pub(super) fn find_many(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let span = node.whole();
        let query = self.query(node);
        let value = self.look_up(node, query.as_ref(), |finder, query| {
            let found = finder.find_all(&query.0, &query.1);
            found.map_or(What::Unknown, |found| {
                What::List(found.into_iter().map(|one| Val::new(one.into(), span)).collect())
            })
        });
        self.spend(value.size(), span);
        value
    }

    /// `!FindObject [model, [field, value]…]`: the first match as a map, else null.
    pub(super) fn find_object(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let span = node.whole();
        let mut circle = false;
        let query = self.query(node);
        let value = self.look_up(node, query.as_ref(), |finder, query| match finder.find(&query.0, &query.1) {
            found @ (Lookup::Declared(_) | Lookup::Existing(_)) => match finder.object(&found, span) {
                Held::Fields(fields) => What::Map(fields),
                Held::Unknown => What::Unknown,
                Held::Circle => {
                    circle = true;
                    What::Unknown
                }
            },
            other => other.into(),
        });
        if circle {
            self.report(
                Diagnostic::at(
                    Code::Cycle,
                    span,
                    "what this `!FindObject` finds asks for itself, maybe by way of others",
                )
                .help("objects that are found are read as a whole: write one of the values out"),
            );
        }
        self.spend(value.size(), span);
        match (&value.what, query) {
            (What::Unknown, Some((Target::Model(model), _))) => value.instead_of(Source::Object(model), span),
            _ => value,
        }
    }

    fn look_up(
        &mut self,
        node: &'a Node<'a>,
        query: Option<&Query<'a>>,
        ask: impl FnOnce(&'b dyn Finder<'a>, &Query<'a>) -> What<'a>,
    ) -> Val<'a> {
        let known = query.filter(|query| !query.1.iter().any(|(_, value)| value.has_unknown()));
        let asked = self.finder.zip(known);
        let what = asked.map_or(What::Unknown, |(finder, query)| ask(finder, query));
        if let (What::Unknown, Some((_, (target, conditions)))) = (&what, asked)
            && self.purpose() == Purpose::Check
        {
            self.left_to_the_database(node, target, conditions);
        }
        Val::new(what, node.whole())
    }

    /// Says that no file answers a look-up: what is found, and whether anything is, shows in the plan.
    fn left_to_the_database(&mut self, node: &'a Node<'a>, target: &Target, conditions: &[(String, Val<'a>)]) {
        let texts = conditions.iter().filter_map(|(name, value)| match &value.what {
            What::Text(text) => Some(format!("`{name}` is `{text}`")),
            _ => None,
        });
        let wanted = texts.collect::<Vec<_>>().join(" and whose ");
        let wanted = if wanted.is_empty() { wanted } else { format!(" whose {wanted}") };
        let message = format!("no file declares {}{wanted}: the plan looks in the database", articled(target.title()));
        self.report(
            Diagnostic::at(Code::FindInDatabase, node.whole(), message)
                .help("declare it in a file, or make sure that it is there before the plan is made"),
        );
    }

    /// What is looked for.
    fn query(&mut self, node: &'a Node<'a>) -> Option<Query<'a>> {
        let name = node.tag.as_ref().map_or("", |tag| tag.name.as_str());
        let usage = &format!("`{name} [model, [field, value]]`");
        let args = self.args(node, 1..=usize::MAX, usage)?;
        let (model, pairs) = args.split_first()?;
        let wanted = self.wanted.take();
        self.finding += 1;
        self.find_depth = self.find_depth.max(self.finding);
        let name = self.eval(model);
        let target = self.label(&name, usage).and_then(|name| self.target(&name, model.whole()));
        let conditions = self.conditions(pairs, usage);
        self.finding -= 1;
        self.wanted = wanted;
        let (target, conditions) = (target?, conditions?);
        if !conditions.iter().fold(true, |known, (name, at, _)| self.known_field(&target, name, *at) && known) {
            return None;
        }
        conditions.iter().for_each(|(name, _, value)| self.possible(&target, name, value));
        Some((target, conditions.into_iter().map(|(name, _, value)| (name, value)).collect()))
    }

    /// A number, a truth value or a choice that the attribute can never have is never found.
    fn possible(&mut self, target: &Target, name: &str, value: &Val<'a>) {
        let models = target.models();
        let ([model], Some(json)) = (models.as_slice(), value.json()) else { return };
        let Some(property) = model.property(name).filter(|_| !json.is_null()) else { return };
        let types = property.get("type").map(ToString::to_string).unwrap_or_default();
        if types.contains("string") && property.get("enum").is_none() {
            return;
        }
        let attrs = std::iter::once((name.to_owned(), model.coerce(name, json))).collect();
        for error in model.validate(&attrs) {
            self.report(Diagnostic::at(Code::InvalidValue, value.span, error.message).maybe_help(error.help));
        }
    }

    /// Whether a condition asks for a field that the models have; reports it where not.
    fn known_field(&mut self, target: &Target, name: &str, at: Span) -> bool {
        let models = target.models();
        if models.iter().any(|model| path::exists(model, name)) {
            return true;
        }
        let title = match (target, models.as_slice()) {
            (Target::Model(_), [model]) => model.title,
            (Target::Kind(kind) | Target::Model(kind), _) => kind,
        };
        let help = models.iter().find_map(|model| path::suggest(model, name)).map_or_else(
            || "a look-up asks for attributes of the model, or for `pk`".to_owned(),
            |found| format!("did you mean `{found}`?"),
        );
        let message = format!("{} has no attribute `{name}` to look for", articled(title));
        self.report(Diagnostic::at(Code::UnknownAttribute, at, message).severity(Severity::Error).help(help));
        false
    }

    fn conditions(&mut self, pairs: &'a [Node<'a>], usage: &str) -> Option<Vec<(String, Span, Val<'a>)>> {
        let mut conditions = Vec::new();
        for pair in pairs {
            let Kind::Seq(items) = &pair.kind else {
                self.misused(
                    pair.whole(),
                    "a condition of a look-up is a list of a field and a value",
                    format!("write {usage}"),
                );
                return None;
            };
            let [field, value] = &**items else {
                self.misused(
                    pair.whole(),
                    "a condition of a look-up has exactly a field and a value",
                    format!("write {usage}"),
                );
                return None;
            };
            let field = self.eval(field);
            let name = self.label(&field, usage)?;
            conditions.push((name, field.span, self.eval(value)));
        }
        Some(conditions)
    }

    fn target(&mut self, name: &str, at: Span) -> Option<Target> {
        if let Some(model) = models::model(name) {
            return Some(Target::Model(model.name));
        }
        let lower = name.to_lowercase();
        if let Some((now, since)) = models::renamed_model(&lower) {
            let message = format!("the model `{name}` is called `{now}` since {since}");
            let found = Diagnostic::at(Code::DeprecatedModel, at, message);
            self.report(found.help(format!("write `{now}`: it is taken for that")));
            return models::model(now).map(|model| Target::Model(model.name));
        }
        if let Some(kind) = base_class(&lower) {
            return Some(Target::Kind(kind));
        }
        if models::is_peer_model(&lower) {
            let message = format!("the model `{name}` is not supported: there is nothing to look for");
            let diagnostic = Diagnostic::at(Code::UnsupportedModel, at, message).severity(Severity::Error);
            self.report(diagnostic.help("take the look-up out, or write the value itself"));
            return None;
        }
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned).unwrap_or_default();
        let wanted = last(&lower);
        let near = |(base, _): &(&'static str, &str)| {
            Some(*base).filter(|base| closest(&wanted, [last(base).as_str()]).is_some())
        };
        let help = did_you_mean(name, BASE_CLASSES.iter().filter_map(near))
            .or_else(|| models::suggest(name).map(|found| format!("did you mean `{found}`?")));
        let diagnostic = Diagnostic::at(Code::UnknownModel, at, format!("there is no model `{name}`"));
        self.report(diagnostic.maybe_help(help));
        None
    }
}

/// What is looked through, and the conditions.
type Query<'a> = (Target, Vec<(String, Val<'a>)>);

/// The peer's base classes, which `!Find` may name although no entry can, and the kinds that they are here.
const BASE_CLASSES: &[(&str, &str)] = &[
    ("authentik_flows.stage", "stage"),
    ("authentik_policies.policy", "policy"),
    ("authentik_policies.policybindingmodel", "policybindingmodel"),
    ("authentik_core.provider", "provider"),
    ("authentik_core.source", "source"),
    ("authentik_core.propertymapping", "propertymapping"),
    ("authentik_outposts.outpostserviceconnection", "outpostserviceconnection"),
];

fn base_class(name: &str) -> Option<&'static str> {
    BASE_CLASSES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}
