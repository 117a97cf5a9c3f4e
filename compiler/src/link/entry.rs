//! One entry on its way: what it is, what it says, and whether it still takes part.

use std::borrow::Cow;
use std::rc::Rc;

use super::expand::Instance;
use super::meta::met;
use super::permission::{PermissionValue, permissions};
use crate::Purpose;
use crate::blueprint::Entry;
use crate::desired::Presence;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::{self, Model, Storage};
use crate::resolve::{Around, EntryIndex, Evaluator, Finder, Scope, Val, What};
use crate::source::{FileId, Span};
use crate::suggest::{articled, did_you_mean};
use crate::yaml::{self, Kind, Node};

const STATES: &[&str] = &["present", "created", "must_created", "absent"];

/// A field: its name, the place of its key, its value.
pub(crate) type Field<'a> = (Cow<'a, str>, Span, Val<'a>);

/// Whether an entry takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Live,
    /// A condition is not met.
    Skipped,
    /// Its model is one that this version does not have.
    Unsupported,
    /// A mistake was reported.
    Broken,
    /// An instruction, not an object.
    Meta,
}

/// What an entry says about its object.
#[derive(Clone, Default)]
pub(super) struct Attributes<'a> {
    pub(super) attrs: Vec<Field<'a>>,
    pub(super) permissions: Vec<PermissionValue<'a>>,
    /// It is not known which attributes there are.
    pub(super) open: bool,
    /// It asks for objects, and is evaluated again once these are known.
    pub(super) wait: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// An entry on its way.
pub(super) struct Work<'a> {
    pub(super) file: FileId,
    pub(super) scope: usize,
    pub(super) layer: u32,
    pub(super) named: bool,
    pub(super) entry: &'a Entry<'a>,
    pub(super) around: Rc<Around<'a>>,
    pub(super) id: Option<(Cow<'a, str>, Span)>,
    pub(super) model: Option<&'static Model>,
    pub(super) state: Presence,
    pub(super) status: Status,
    pub(super) identifiers: Vec<Field<'a>>,
    pub(super) attributes: Attributes<'a>,
    /// How deep `!Find`s are nested in the identifiers: what they ask for must be known before.
    pub(super) find_depth: usize,
    /// Entries that the identifiers name.
    pub(super) identified_by: Vec<EntryIndex>,
    /// The conditions ask for objects and are evaluated once these are known.
    pub(super) conditions_wait: bool,
    /// Its identifiers are not known, not even which ones there are.
    pub(super) unidentified: bool,
    /// Whether it takes part hangs on a value that is not known: it contradicts nobody.
    pub(super) unsure: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    /// The first pass: everything that needs no other entry.
    pub(super) fn read(scopes: &[Scope<'a>], instance: Instance<'a>, file: FileId, layer: u32) -> Self {
        let Instance { entry, scope: at, around, id } = instance;
        let scope = scopes.get(at);
        let mut work = Self {
            file,
            scope: at,
            layer,
            named: scope.is_some_and(|scope| scope.file.named),
            entry,
            unsure: around.unsure,
            around,
            id,
            model: None,
            state: Presence::Present,
            status: if entry.broken { Status::Broken } else { Status::Live },
            identifiers: Vec::new(),
            attributes: Attributes::default(),
            find_depth: 0,
            identified_by: Vec::new(),
            conditions_wait: false,
            unidentified: false,
            diagnostics: Vec::new(),
        };
        if let Some(scope) = scope {
            work.read_model(scopes, scope);
            work.read_state(scopes, scope);
        }
        work.read_identifiers(scopes);
        work.put(work.attributes(scopes, None));
        match work.conditions(scopes, None) {
            Some(decided) => work.decide(decided),
            None => work.conditions_wait = true,
        }
        work
    }

    fn evaluator<'b>(&self, scopes: &'b [Scope<'a>], finder: Option<&'b dyn Finder<'a>>) -> Option<Evaluator<'a, 'b>> {
        Some(Evaluator::new(scopes, scopes.get(self.scope)?, &self.around, finder))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(self.around.shown(diagnostic));
    }

    fn read_model(&mut self, scopes: &[Scope<'a>], scope: &Scope<'a>) {
        let Some(node) = &self.entry.model else {
            self.status = Status::Broken;
            return;
        };
        let mut evaluator = Evaluator::new(scopes, scope, &self.around, None);
        let value = evaluator.eval(node);
        self.diagnostics.append(&mut evaluator.diagnostics);
        let name = match &value.what {
            What::Text(name) => name.clone(),
            What::Unknown => {
                self.status = Status::Broken;
                return self.must_be_known(scope, &value, "model");
            }
            _ => {
                let message = format!("a model is named by a text, not by {}", value.describe());
                self.diagnostics.push(value.finding(Code::UnknownModel, message));
                return self.status = Status::Broken;
            }
        };
        self.model = models::model(&name).or_else(|| {
            let (now, since) = models::renamed_model(&name)?;
            let message = format!("the model `{name}` is called `{now}` since {since}");
            let found = Diagnostic::at(Code::DeprecatedModel, value.span, message);
            self.diagnostics.push(found.help(format!("write `{now}`: it is taken for that")));
            models::model(now)
        });
        if let Some(model) = self.model {
            if model.storage == Storage::Meta && self.status == Status::Live {
                self.status = Status::Meta;
            }
        } else if models::is_peer_model(&name) {
            let message = format!("the model `{name}` is not supported: this entry is left out");
            let found = value.finding(Code::UnsupportedModel, message);
            self.diagnostics
                .push(found.help("it was seen in files for later versions of authentik; nothing can refer to it"));
            self.status = Status::Unsupported;
        } else {
            let help = models::suggest(&name).map(|found| format!("did you mean `{found}`?")).unwrap_or_else(|| {
                "a model is named by its app and its name, for instance `authentik_flows.flow`".to_owned()
            });
            let diagnostic = value.finding(Code::UnknownModel, format!("there is no model `{name}`"));
            self.diagnostics.push(diagnostic.help(help));
            self.status = Status::Broken;
        }
    }

    fn read_state(&mut self, scopes: &[Scope<'a>], scope: &Scope<'a>) {
        let Some(node) = self.entry.state.as_deref() else {
            return;
        };
        let mut evaluator = Evaluator::new(scopes, scope, &self.around, None);
        let value = evaluator.eval(node);
        self.diagnostics.append(&mut evaluator.diagnostics);
        let name = match &value.what {
            What::Text(name) => name,
            What::Unknown => return self.must_be_known(scope, &value, "state"),
            _ => "",
        };
        self.state = match name {
            "present" => Presence::Present,
            "created" => Presence::Created,
            "must_created" => Presence::MustCreated,
            "absent" => Presence::Absent,
            _ => {
                if matches!(value.what, What::Null) {
                    let help = format!("leave it out for `present`, or name one: {}", STATES.join(", "));
                    let span = if value.span.start == value.span.end { self.entry.span } else { value.span };
                    let diagnostic = Diagnostic::at(Code::UnknownState, span, "the `state` of this entry is empty");
                    self.report(diagnostic.help(help));
                    return self.status = Status::Broken;
                }
                let help = did_you_mean(name, STATES.iter().copied())
                    .unwrap_or_else(|| format!("the states are {}", STATES.join(", ")));
                let what = if name.is_empty() { value.describe() } else { format!("`{name}`") };
                let diagnostic = value.finding(Code::UnknownState, format!("there is no state {what}"));
                self.diagnostics.push(diagnostic.help(help));
                return self.status = Status::Broken;
            }
        };
    }

    /// In a plan, what an entry is cannot wait; where evaluating it failed, that was said.
    fn must_be_known(&mut self, scope: &Scope<'a>, value: &Val<'a>, what: &str) {
        let failed = self.diagnostics.iter().any(|found| found.severity == Severity::Error);
        if scope.purpose == Purpose::Plan && !failed {
            let message = format!("the {what} of an entry must be known before the plan is made");
            let help = "it cannot depend on a look-up: write it out, or pass it by `!Context` or `!Env`";
            self.diagnostics.push(value.finding(Code::NotKnown, message).help(help));
        }
        if failed || scope.purpose == Purpose::Plan {
            self.status = Status::Broken;
        }
    }

    /// Evaluates the identifiers; without a finder, findings of parts that wait for one are not reported yet.
    fn read_identifiers(&mut self, scopes: &[Scope<'a>]) {
        let Some(mut evaluator) = self.evaluator(scopes, None) else { return };
        let read = self.entry.identifiers.as_ref().map(|node| self.fields(&mut evaluator, node, "identifiers"));
        let none = read.as_ref().is_none_or(|read| read.as_ref().is_some_and(Vec::is_empty));
        if none && self.model.is_some() && self.status == Status::Live {
            self.report(
                Diagnostic::at(Code::NoIdentifiers, self.entry.span, "this entry has no identifiers")
                    .help("`identifiers` say which object is meant, for instance `slug: my-flow`"),
            );
            self.status = Status::Broken;
        }
        self.unidentified = read.as_ref().is_some_and(Option::is_none);
        self.identifiers = read.flatten().unwrap_or_default();
        coerce(self.model, &mut self.identifiers);
        self.find_depth = evaluator.find_depth;
        self.identified_by = std::mem::take(&mut evaluator.named);
        if evaluator.find_depth == 0 {
            self.take_in(evaluator.diagnostics);
        }
    }

    /// A part of the wrong shape leaves the entry out.
    fn take_in(&mut self, mut diagnostics: Vec<Diagnostic>) {
        if diagnostics.iter().any(|found| found.code == Code::Shape) {
            self.status = Status::Broken;
        }
        self.diagnostics.append(&mut diagnostics);
    }

    /// The identifiers once objects are known.
    pub(super) fn identifiers_again(
        &self,
        scopes: &[Scope<'a>],
        finder: &dyn Finder<'a>,
    ) -> (Vec<Field<'a>>, Vec<Diagnostic>) {
        let (Some(mut evaluator), Some(node)) = (self.evaluator(scopes, Some(finder)), &self.entry.identifiers) else {
            return Default::default();
        };
        let mut identifiers = self.fields(&mut evaluator, node, "identifiers").unwrap_or_default();
        coerce(self.model, &mut identifiers);
        (identifiers, evaluator.diagnostics)
    }

    /// Evaluates attributes and object permissions. What is to be absent needs none.
    pub(super) fn attributes(&self, scopes: &[Scope<'a>], finder: Option<&dyn Finder<'a>>) -> Attributes<'a> {
        if self.state == Presence::Absent { Attributes::default() } else { self.written(scopes, finder) }
    }

    /// The same whatever the state: of what is to be absent they do nothing, and can still hold mistakes.
    pub(super) fn written(&self, scopes: &[Scope<'a>], finder: Option<&dyn Finder<'a>>) -> Attributes<'a> {
        let mut read = Attributes::default();
        let Some(mut evaluator) = self.evaluator(scopes, finder) else {
            return read;
        };
        if let Some(node) = &self.entry.attrs {
            let fields = self.fields(&mut evaluator, node, "attrs");
            read.open = fields.is_none();
            read.attrs = fields.unwrap_or_default();
        }
        if let Some(node) = self.entry.permissions.as_deref() {
            read.permissions = permissions(&mut evaluator, node);
        }
        read.wait = finder.is_none() && evaluator.find_depth > 0;
        if !read.wait {
            read.diagnostics = evaluator.diagnostics;
        }
        coerce(self.model, &mut read.attrs);
        read
    }

    pub(super) fn put(&mut self, mut read: Attributes<'a>) {
        self.take_in(std::mem::take(&mut read.diagnostics));
        self.attributes = read;
    }

    /// Attributes and identifiers as they are with all objects known; none where it is not known which there are.
    pub(super) fn now(
        &self,
        scopes: &[Scope<'a>],
        finder: &dyn Finder<'a>,
    ) -> Option<(Vec<Field<'a>>, Vec<Field<'a>>)> {
        let attributes =
            if self.attributes.wait { self.attributes(scopes, Some(finder)) } else { self.attributes.clone() };
        let identifiers = match self.find_depth {
            0 => self.identifiers.clone(),
            _ => self.identifiers_again(scopes, finder).0,
        };
        (!attributes.open).then_some((attributes.attrs, identifiers))
    }

    /// What the conditions come to: whether they are met, none where that is not known, and what there is to say.
    /// Without a finder, conditions that need one come to nothing yet.
    pub(super) fn conditions(
        &self,
        scopes: &[Scope<'a>],
        finder: Option<&dyn Finder<'a>>,
    ) -> Option<(Option<bool>, Vec<Diagnostic>)> {
        let (Some(mut evaluator), Some(node)) = (self.evaluator(scopes, finder), self.entry.conditions.as_deref())
        else {
            return Some((Some(true), Vec::new()));
        };
        let value = evaluator.eval(node);
        if finder.is_none() && evaluator.find_depth > 0 {
            return None;
        }
        if !matches!(value.what, What::List(_) | What::Unknown) {
            let finding = value.finding(Code::Shape, format!("`conditions` must be a list, not {}", value.describe()));
            evaluator.diagnostics.push(finding.help("a list of values that must all be true"));
        }
        evaluator.diagnostics.extend(true_texts(&value));
        Some((met(Some(&value)), evaluator.diagnostics))
    }

    /// Takes in whether its conditions are met. What is not known counts as met.
    pub(super) fn decide(&mut self, (met, mut diagnostics): (Option<bool>, Vec<Diagnostic>)) {
        self.diagnostics.append(&mut diagnostics);
        self.unsure |= met.is_none();
        if met == Some(false) && matches!(self.status, Status::Live | Status::Meta) {
            self.status = Status::Skipped;
        }
    }

    /// The fields of a map, or of a tag that gives one; none where that is not known.
    fn fields(&self, evaluator: &mut Evaluator<'a, '_>, node: &'a Node<'a>, what: &str) -> Option<Vec<Field<'a>>> {
        if let (None, Kind::Map(pairs)) = (&node.tag, &node.kind) {
            let field = |(name, key, value): &'a yaml::Pair<'a>| {
                (name.clone(), *key, evaluator.eval_field(value, self.model.and_then(|model| model.field(name))))
            };
            // Exactly so many: entries live as long as the program.
            let mut fields = Vec::with_capacity(pairs.len());
            fields.extend(pairs.iter().filter(|pair| !yaml::is_broken(pair)).map(field));
            return Some(fields);
        }
        let value = evaluator.eval(node);
        match value.what {
            What::Map(pairs) => return Some(pairs),
            What::Unknown if evaluator.find_depth > 0 => {}
            What::Unknown => {
                let said = evaluator.diagnostics.iter().any(|found| found.severity == Severity::Error);
                if evaluator.purpose() == Purpose::Plan && !said {
                    let message = format!("the `{what}` of an entry must be known before the plan is made");
                    evaluator.diagnostics.push(value.finding(Code::NotKnown, message));
                }
            }
            _ => {
                let message = format!("`{what}` must be a map, not {}", value.describe());
                evaluator
                    .diagnostics
                    .push(value.finding(Code::Shape, message).help("write the map, or a tag that gives one"));
            }
        }
        None
    }

    /// Whether its identifiers are no whole unique key: which object they mean hangs on what the others hold.
    pub(super) fn asks(&self) -> bool {
        let named = |name: &&str| self.identifiers.iter().any(|(known, ..)| known == name || known == "pk");
        let whole = |model: &'static Model| model.keys.iter().any(|key| key.iter().all(&named));
        !self.identifiers.is_empty() && self.model.is_some_and(|model| !whole(model))
    }

    /// Where it says whether the object exists: at its `state`, else at its model.
    pub(super) fn state_span(&self) -> Span {
        self.entry.state.as_deref().map_or(self.entry.span, crate::yaml::Node::at)
    }

    /// How messages call it: by its id, else by the first text among its identifiers.
    pub(super) fn title(&self) -> String {
        let text = |(_, _, value): &'_ Field<'a>| match &value.what {
            What::Text(text) => Some(text.to_string()),
            _ => None,
        };
        match (&self.id, self.model) {
            (Some((id, _)), _) => format!("`{id}`"),
            (None, Some(model)) => match self.identifiers.iter().find_map(text) {
                Some(text) => format!("the {} `{text}`", model.title),
                None => articled(model.title),
            },
            (None, None) => "an entry".to_owned(),
        }
    }
}

/// Values as the peer's serialisers would take them; references stay as they are.
fn coerce<'a>(model: Option<&'static Model>, fields: &mut [Field<'a>]) {
    let Some(model) = model else { return };
    for (name, _, value) in fields {
        if model.field(name).is_none_or(|field| field.reference.is_some()) || model.takes(name, &value.what) {
            continue;
        }
        let Some(before) = value.json() else { continue };
        let after = model.coerce(name, before.clone());
        if after != before {
            value.recast(&after);
        }
    }
}

/// Conditions in quotes that read as if they were not met.
fn true_texts(conditions: &Val<'_>) -> Vec<Diagnostic> {
    let What::List(items) = &conditions.what else { return Vec::new() };
    let negative = |text: &str| ["false", "no", "off", "0", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let finding = |item: &Val<'_>| match &item.what {
        What::Text(text) if item.node.is_some() && negative(text) => Some(
            item.finding(
                Code::InvalidValue,
                format!("the condition `{text}` is a text, and every text counts as true"),
            )
            .severity(Severity::Warning)
            .help(format!("write `{text}` without quotes, or take it out")),
        ),
        _ => None,
    };
    items.iter().filter_map(finding).collect()
}
