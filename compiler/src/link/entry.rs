//! One entry on its way: what it is, what it says, and whether it still takes part.

use std::borrow::Cow;

use crate::Purpose;
use crate::blueprint::Entry;
use crate::desired::Presence;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::{self, Model, Storage};
use crate::resolve::{EntryIndex, Evaluator, Finder, Scope, Val, What};
use crate::source::{FileId, Span};
use crate::suggest::{articled, did_you_mean};
use crate::yaml::Pairs;

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

/// An object permission, evaluated.
#[derive(Clone, Debug)]
pub(super) struct PermissionValue<'a> {
    pub(super) permission: Val<'a>,
    pub(super) user: Option<Val<'a>>,
    pub(super) role: Option<Val<'a>>,
}

/// An entry on its way.
pub(super) struct Work<'a> {
    pub(super) file: FileId,
    pub(super) scope: usize,
    pub(super) layer: u32,
    pub(super) named: bool,
    pub(super) entry: &'a Entry<'a>,
    pub(super) model: Option<&'static Model>,
    pub(super) state: Presence,
    pub(super) status: Status,
    pub(super) identifiers: Vec<Field<'a>>,
    pub(super) attrs: Vec<Field<'a>>,
    pub(super) permissions: Vec<PermissionValue<'a>>,
    /// How deep `!Find`s are nested in the identifiers: what they ask for must be known before.
    pub(super) find_depth: usize,
    /// Entries that the identifiers name.
    pub(super) identified_by: Vec<EntryIndex>,
    /// Parts that ask for objects and are evaluated again once these are known.
    pub(super) attrs_wait: bool,
    pub(super) conditions_wait: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    /// The first pass: everything that needs no other entry.
    pub(super) fn read(scope: &Scope<'a>, at: usize, file: FileId, layer: u32, entry: &'a Entry<'a>) -> Self {
        let mut work = Self {
            file,
            scope: at,
            layer,
            named: scope.file.named,
            entry,
            model: None,
            state: Presence::Present,
            status: if entry.broken { Status::Broken } else { Status::Live },
            identifiers: Vec::new(),
            attrs: Vec::new(),
            permissions: Vec::new(),
            find_depth: 0,
            identified_by: Vec::new(),
            attrs_wait: false,
            conditions_wait: false,
            diagnostics: Vec::new(),
        };
        work.read_model(scope);
        work.read_state(scope);
        work.read_identifiers(scope, None);
        work.read_attrs(scope, None);
        work.read_conditions(scope, None);
        work
    }

    fn read_model(&mut self, scope: &Scope<'a>) {
        let Some(node) = &self.entry.model else {
            self.status = Status::Broken;
            return;
        };
        let mut evaluator = Evaluator::new(scope, None);
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
                self.diagnostics.push(Diagnostic::at(Code::UnknownModel, value.span, message));
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
            self.diagnostics.push(
                Diagnostic::at(Code::UnsupportedModel, value.span, message)
                    .help("it was seen in files for later versions of authentik; nothing can refer to it"),
            );
            self.status = Status::Unsupported;
        } else {
            let help = models::suggest(&name).map(|found| format!("did you mean `{found}`?")).unwrap_or_else(|| {
                "a model is named by its app and its name, for instance `authentik_flows.flow`".to_owned()
            });
            let diagnostic = Diagnostic::at(Code::UnknownModel, value.span, format!("there is no model `{name}`"));
            self.diagnostics.push(diagnostic.help(help));
            self.status = Status::Broken;
        }
    }

    fn read_state(&mut self, scope: &Scope<'a>) {
        let Some(node) = &self.entry.state else {
            return;
        };
        let mut evaluator = Evaluator::new(scope, None);
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
                    self.diagnostics.push(diagnostic.help(help));
                    return self.status = Status::Broken;
                }
                let help = did_you_mean(name, STATES.iter().copied())
                    .unwrap_or_else(|| format!("the states are {}", STATES.join(", ")));
                let what = if name.is_empty() { value.describe() } else { format!("`{name}`") };
                let diagnostic = Diagnostic::at(Code::UnknownState, value.span, format!("there is no state {what}"));
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
            self.diagnostics.push(Diagnostic::at(Code::NotKnown, value.span, message).help(help));
        }
        if failed || scope.purpose == Purpose::Plan {
            self.status = Status::Broken;
        }
    }

    /// Evaluates the identifiers; without a finder, findings of parts that wait for one are not reported yet.
    pub(super) fn read_identifiers(&mut self, scope: &Scope<'a>, finder: Option<&dyn Finder<'a>>) {
        let mut evaluator = Evaluator::new(scope, finder);
        if let Some(pairs) = &self.entry.identifiers {
            self.identifiers = fields(&mut evaluator, pairs);
        }
        if self.entry.identifiers.as_ref().is_none_or(|pairs| pairs.is_empty())
            && finder.is_none()
            && self.model.is_some()
            && self.status == Status::Live
        {
            self.diagnostics.push(
                Diagnostic::at(Code::NoIdentifiers, self.entry.span, "this entry has no identifiers")
                    .help("`identifiers` say which object is meant, for instance `slug: my-flow`"),
            );
            self.status = Status::Broken;
        }
        if finder.is_none() {
            self.find_depth = evaluator.find_depth;
            self.identified_by = std::mem::take(&mut evaluator.named);
        }
        if finder.is_some() || evaluator.find_depth == 0 {
            self.diagnostics.append(&mut evaluator.diagnostics);
        }
        coerce(self.model, &mut self.identifiers);
    }

    /// Evaluates attributes and object permissions. What is to be absent needs none.
    pub(super) fn read_attrs(&mut self, scope: &Scope<'a>, finder: Option<&dyn Finder<'a>>) {
        if self.state == Presence::Absent {
            return;
        }
        let mut evaluator = Evaluator::new(scope, finder);
        self.attrs = fields(&mut evaluator, &self.entry.attrs);
        self.permissions = self
            .entry
            .permissions
            .iter()
            .map(|nodes| PermissionValue {
                permission: evaluator.eval(&nodes.permission),
                user: nodes.user.as_ref().map(|node| evaluator.eval(node)),
                role: nodes.role.as_ref().map(|node| evaluator.eval(node)),
            })
            .collect();
        self.attrs_wait = finder.is_none() && evaluator.find_depth > 0;
        if !self.attrs_wait {
            self.diagnostics.append(&mut evaluator.diagnostics);
        }
        coerce(self.model, &mut self.attrs);
    }

    /// The attributes of what is to be absent, which do nothing, with what was found in them.
    pub(super) fn idle_attrs(&self, scope: &Scope<'a>, finder: &dyn Finder<'a>) -> (Vec<Field<'a>>, Vec<Diagnostic>) {
        let mut evaluator = Evaluator::new(scope, Some(finder));
        let mut attrs = fields(&mut evaluator, &self.entry.attrs);
        coerce(self.model, &mut attrs);
        (attrs, evaluator.diagnostics)
    }

    /// Evaluates the conditions. One that is not known counts as met.
    pub(super) fn read_conditions(&mut self, scope: &Scope<'a>, finder: Option<&dyn Finder<'a>>) {
        let mut evaluator = Evaluator::new(scope, finder);
        let mut met = true;
        for node in &self.entry.conditions {
            met &= evaluator.eval(node).truth() != Some(false);
        }
        self.conditions_wait = finder.is_none() && evaluator.find_depth > 0;
        if self.conditions_wait {
            return;
        }
        self.diagnostics.append(&mut evaluator.diagnostics);
        if !met && matches!(self.status, Status::Live | Status::Meta) {
            self.status = Status::Skipped;
        }
    }

    /// Where it says whether the object exists: at its `state`, else at its model.
    pub(super) fn state_span(&self) -> Span {
        self.entry.state.as_ref().map_or(self.entry.span, crate::yaml::Node::at)
    }

    /// How messages call it.
    pub(super) fn title(&self) -> String {
        match (&self.entry.id, self.model) {
            (Some((id, _)), _) => format!("`{id}`"),
            (None, Some(model)) => articled(model.title),
            (None, None) => "an entry".to_owned(),
        }
    }
}

fn fields<'a>(evaluator: &mut Evaluator<'a, '_>, pairs: &'a Pairs<'a>) -> Vec<Field<'a>> {
    pairs.iter().map(|(name, key, node)| (name.clone(), *key, evaluator.eval(node))).collect()
}

/// Values as the peer's serialisers would take them; references stay as they are.
fn coerce<'a>(model: Option<&'static Model>, fields: &mut [Field<'a>]) {
    let Some(model) = model else { return };
    for (name, _, value) in fields {
        if model.field(name).is_none_or(|field| field.reference.is_some()) {
            continue;
        }
        let Some(before) = value.json() else { continue };
        let after = model.coerce(name, before.clone());
        if after != before {
            let node = value.node;
            *value = Val { node, ..Val::from_json(&after, value.span) };
        }
    }
}
