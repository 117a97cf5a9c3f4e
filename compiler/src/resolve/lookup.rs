//! The tags that ask somebody: `!KeyOf` the file, `!Find` the declared objects and the database, `!Env` and `!File`
//! the world.

use super::{Evaluator, Lookup, Target, Val, What, path};
use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models;
use crate::source::Span;
use crate::suggest::{Names, articled, closest, did_you_mean};
use crate::world::Answer;
use crate::yaml::{Kind, Node};

const FIND: &str = "`!Find [model, [field, value]]`";

impl<'a> Evaluator<'a, '_> {
    pub(super) fn key_of(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let usage = "`!KeyOf id`";
        let Kind::Scalar(scalar) = &node.kind else {
            return self.misused(node.whole(), "`!KeyOf` takes the `id` of an entry", format!("write {usage}"));
        };
        let id: &str = &scalar.text;
        if id.is_empty() {
            return self.misused(node.whole(), "`!KeyOf` needs the `id` of an entry", format!("write {usage}"));
        }
        let ids = self.scope.ids;
        if let Some((id, (entry, _))) = ids.entries.get_key_value(id) {
            ids.used.borrow_mut().insert(id);
            self.named.push(*entry);
            return Val::new(What::Entry(*entry), node.whole());
        }
        let diagnostic = Diagnostic::at(Code::UnknownId, node.span, format!("no entry of this file has the id `{id}`"));
        let names = ids.names.get_or_init(|| Names::new(ids.entries.keys().copied()));
        let near = names.closest(id).and_then(|near| Some((near, ids.entries.get(near)?.1)));
        self.report(match near {
            Some((near, span)) => {
                diagnostic.help(format!("did you mean `{near}`?")).related(span, "the id that comes closest")
            }
            None => {
                diagnostic.help("give the entry that is meant this `id`; for objects of other files there is `!Find`")
            }
        });
        Val::unknown(node.whole())
    }

    pub(super) fn find(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let span = node.whole();
        let Some((target, conditions)) = self.query(node) else {
            return Val::unknown(span);
        };
        let Some(finder) = self.finder else {
            return Val::unknown(span);
        };
        if conditions.iter().any(|(_, value)| value.has_unknown()) {
            return Val::unknown(span);
        }
        let what = match finder.find(&target, &conditions) {
            Lookup::Declared(object) => What::Object(object),
            Lookup::Existing(key) => What::Existing(Box::new(key)),
            Lookup::Nothing => What::Nothing,
            Lookup::Unknown => What::Unknown,
        };
        Val::new(what, span)
    }

    /// The object as a map: what objects of the database hold is not known here.
    pub(super) fn find_object(&mut self, node: &'a Node<'a>) -> Val<'a> {
        if self.query(node).is_some() {
            let at = node.tag.as_ref().map_or(node.whole(), |tag| tag.span);
            self.report(Diagnostic::at(Code::NotKnown, at, "`!FindObject` is not supported in this version").help(
                "write the value itself, or pass it by `!Context` or `!Env`; `!Find` gives the key of an object",
            ));
        }
        Val::unknown(node.whole())
    }

    /// What is looked for.
    fn query(&mut self, node: &'a Node<'a>) -> Option<(Target, Vec<(String, Val<'a>)>)> {
        let args = self.args(node, 1..=usize::MAX, FIND)?;
        let (model, pairs) = args.split_first()?;
        self.finding += 1;
        self.find_depth = self.find_depth.max(self.finding);
        let name = self.eval(model);
        let target = self.label(&name, FIND).and_then(|name| self.target(&name, model.whole()));
        let conditions = self.conditions(pairs);
        self.finding -= 1;
        let (target, conditions) = (target?, conditions?);
        if !conditions.iter().fold(true, |known, (name, at, _)| self.known_field(&target, name, *at) && known) {
            return None;
        }
        conditions.iter().for_each(|(name, _, value)| self.possible(&target, name, value));
        Some((target, conditions.into_iter().map(|(name, _, value)| (name, value)).collect()))
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

    fn conditions(&mut self, pairs: &'a [Node<'a>]) -> Option<Vec<(String, Span, Val<'a>)>> {
        let mut conditions = Vec::new();
        for pair in pairs {
            let Kind::Seq(items) = &pair.kind else {
                self.misused(
                    pair.whole(),
                    "a condition of `!Find` is a list of a field and a value",
                    format!("write {FIND}"),
                );
                return None;
            };
            let [field, value] = &**items else {
                self.misused(
                    pair.whole(),
                    "a condition of `!Find` has exactly a field and a value",
                    format!("write {FIND}"),
                );
                return None;
            };
            let field = self.eval(field);
            let name = self.label(&field, FIND)?;
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

    pub(super) fn env(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some((name, default)) = self.named(node, "`!Env NAME` or `!Env [NAME, default]`") else {
            return Val::unknown(node.whole());
        };
        let answer = match self.scope.world.env(&name) {
            Answer::Found(value) if !value.is_empty() => return Val::text(value, node.whole()),
            Answer::Unknown => Answer::Unknown,
            _ => Answer::<String>::Missing,
        };
        if let Some(default) = default {
            let value = self.eval(default);
            return if answer == Answer::Unknown { Val::unknown(node.whole()) } else { value };
        }
        let plan = self.scope.purpose == Purpose::Plan && answer == Answer::Missing;
        let (severity, message) = if plan {
            (Severity::Warning, format!("the environment variable `{name}` is not set: this is null"))
        } else {
            (Severity::Info, format!("the environment variable `{name}` is not known here"))
        };
        self.report(
            Diagnostic::at(Code::UnsetEnv, node.whole(), message)
                .severity(severity)
                .help(format!("set it for plan, apply and serve, or give a default: `!Env [{name}, default]`")),
        );
        if plan { Val::null(node.whole()) } else { Val::unknown(node.whole()) }
    }

    pub(super) fn file(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some((path, default)) = self.named(node, "`!File path` or `!File [path, default]`") else {
            return Val::unknown(node.whole());
        };
        match self.scope.world.file(self.scope.file, &path) {
            Answer::Found(text) => return Val::text(text.trim().to_owned(), node.whole()),
            Answer::Unknown => return Val::unknown(node.whole()),
            Answer::Missing => {}
        }
        let message = format!("the file `{path}` cannot be read");
        self.report(
            Diagnostic::at(Code::UnreadableFile, node.whole(), message)
                .help("it must be a readable text below the folder of the blueprints"),
        );
        match default {
            Some(default) => self.eval(default),
            None => Val::null(node.whole()),
        }
    }
}

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
