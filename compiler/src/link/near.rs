//! Look-ups that no file answers, and the declared object that was probably meant.
//!
//! Such a look-up is left to the database, so it is no mistake by itself: only when a declared object comes close to what
//! is asked for is something said about it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::Linker;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models;
use crate::resolve::{Target, Val, What};
use crate::source::Span;
use crate::suggest::{Names, articled};

const CLOSEST: &str = "the one that comes closest";

/// A condition that no declared object meets.
pub(super) struct Miss {
    model: &'static str,
    field: String,
    value: String,
    span: Span,
}

/// The conditions of all look-ups that no file answers.
#[derive(Default)]
pub(super) struct Misses(RefCell<Vec<Miss>>);

impl Misses {
    /// Keeps what a look-up asks of one model by a text.
    pub(super) fn note(&self, target: &Target, conditions: &[(String, Val<'_>)]) {
        let Target::Model(model) = target else { return };
        for (field, value) in conditions {
            // Of a choice it was said that there is none such.
            let choice = models::model(model).and_then(|model| model.property(field)?.get("enum"));
            if let What::Text(text) = &value.what
                && !field.contains("__")
                && choice.is_none()
            {
                let miss = Miss { model, field: field.clone(), value: text.to_string(), span: value.span };
                self.0.borrow_mut().push(miss);
            }
        }
    }
}

/// What the declared objects of a model have for a field, each with its place.
type Values<'b> = HashMap<(&'static str, &'b str), HashMap<&'b str, Span>>;

impl<'a> Linker<'a> {
    /// Says of unanswered look-ups what was probably meant.
    pub(super) fn near_misses(&mut self) {
        let misses = self.objects.misses.0.take();
        if misses.is_empty() {
            return;
        }
        let asked: HashSet<(&str, &str)> = misses.iter().map(|miss| (miss.model, miss.field.as_str())).collect();
        let mut values = Values::new();
        for work in &self.works {
            let Some(model) = work.model else { continue };
            for (name, _, value) in work.identifiers.iter().chain(&work.attributes.attrs) {
                if let What::Text(text) = &value.what
                    && asked.contains(&(model.name, &**name))
                {
                    values.entry((model.name, name)).or_default().entry(text).or_insert(value.span);
                }
            }
        }
        let names: HashMap<_, Names<'_>> =
            values.iter().map(|(key, values)| (*key, Names::new(values.keys().copied()))).collect();
        let nothing: BTreeMap<_, usize> = (self.diagnostics.iter().enumerate())
            .filter(|(_, found)| found.code == Code::FindNothing)
            .filter_map(|(at, found)| found.span.map(|span| ((span.file, span.start), at)))
            .collect();
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for miss in misses.iter().filter(|miss| seen.insert(miss.span)) {
            let key = (miss.model, miss.field.as_str());
            let (Some(values), Some(names)) = (values.get(&key), names.get(&key)) else { continue };
            if values.contains_key(miss.value.as_str()) {
                continue;
            }
            let near = names.closest(&miss.value).filter(|near| !counted(near, &miss.value));
            let Some((near, place)) = near.and_then(|near| Some((near, values.get(near)?))) else { continue };
            // Where it is certain that there is nothing, that was said.
            if let Some(said) = nothing.range(..=(miss.span.file, miss.span.start)).next_back().map(|(_, at)| *at)
                && let Some(said) =
                    self.diagnostics.get_mut(said).filter(|said| said.span.is_some_and(|it| it.end >= miss.span.end))
            {
                said.help = Some(format!("did you mean `{near}`?"));
                said.related.push((*place, CLOSEST.to_owned()));
                continue;
            }
            let title = models::model(miss.model).map_or("object", |model| model.title);
            let message = format!("no file declares {} whose `{}` is `{}`", articled(title), miss.field, miss.value);
            found.push(
                Diagnostic::at(Code::FindNothing, miss.span, message)
                    .severity(Severity::Info)
                    .help(format!("did you mean `{near}`? Else it is looked for in the database"))
                    .related(*place, CLOSEST),
            );
        }
        self.diagnostics.append(&mut found);
    }
}

/// Whether two names only differ in their numbers: then both are probably meant.
fn counted(one: &str, other: &str) -> bool {
    let rest = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    rest(one) == rest(other)
}
