//! Which files are one program: all of them, except those that are only instantiated on demand.
//!
//! A file labelled `instantiate: "false"` is checked as a program of its own on top of the others, and takes no part in
//! a plan unless it was asked for.

use std::collections::HashSet;

use crate::blueprint::{self, Blueprint};
use crate::check::Expressions;
use crate::desired::DesiredState;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::link::{self, Part, Surroundings};
use crate::picture::Picture;
use crate::reading::Reading;
use crate::source::{FileId, Sources};
use crate::world::World;
use crate::{Compilation, Options, Purpose, Summary, foreign, lint, resolve, yaml};

/// Reads every file as far as that goes without the others.
pub(crate) fn read<'t>(sources: &'t Sources, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Blueprint<'t>>, Reading) {
    let mut blueprints = Vec::new();
    let mut reading = Reading::default();
    for (file, source) in sources.iter() {
        let before = diagnostics.len();
        let document = yaml::parse(file, &source.text, diagnostics);
        if let Some(found) = foreign::finding(file, source, &document, diagnostics.get(before..).unwrap_or_default()) {
            diagnostics.truncate(before);
            diagnostics.push(found);
            reading.foreign += 1;
            continue;
        }
        reading.add(&document);
        if let Some(root) = document.root {
            blueprints.push(blueprint::shape(file, root, !document.gaps.is_empty(), diagnostics));
        }
    }
    (blueprints, reading)
}

/// The files by their part in it.
pub(crate) struct Program<'a> {
    base: Vec<Part<'a>>,
    /// Each a program of its own on top of `base`.
    on_demand: Vec<Part<'a>>,
    /// Files of which nothing is reported.
    silent: Vec<FileId>,
    reading: &'a Reading,
}

impl<'a> Program<'a> {
    /// Sorts the files.
    pub(crate) fn new(
        sources: &Sources,
        blueprints: &'a [Blueprint<'a>],
        reading: &'a Reading,
        options: &Options,
    ) -> Self {
        let mut program = Self { base: Vec::new(), on_demand: Vec::new(), silent: Vec::new(), reading };
        for blueprint in blueprints {
            let Some(source) = sources.get(blueprint.file) else {
                continue;
            };
            if source.included || !blueprint.on_demand() {
                program.base.push(Part { blueprint, layer: source.layer });
            } else if options.purpose == Purpose::Check {
                program.on_demand.push(Part { blueprint, layer: u32::MAX });
            } else {
                program.silent.push(blueprint.file);
            }
        }
        program.base.sort_by_key(|part| (part.layer, part.blueprint.file));
        program
    }

    /// Links the program, then each file on demand on top of it; of the latter only its own findings are kept.
    pub(crate) fn link(
        &self,
        sources: &Sources,
        world: &dyn World,
        options: &Options,
        draw: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (DesiredState, Picture) {
        let defaults = resolve::defaults();
        let around = Surroundings { sources, world, options, defaults: &defaults, draw };
        let mut expressions = Expressions::default();
        let mut linked = link::link(&around, &self.base, &mut expressions);
        diagnostics.append(&mut linked.diagnostics);
        let around = Surroundings { draw: false, ..around };
        for part in &self.on_demand {
            let mut parts = self.base.clone();
            parts.push(*part);
            let found = link::link(&around, &parts, &mut expressions).diagnostics;
            diagnostics.extend(found.into_iter().filter(|found| found.file == Some(part.blueprint.file)));
        }
        (linked.desired, linked.picture)
    }

    /// Sorts and counts the findings.
    pub(crate) fn finish(
        &self,
        sources: &Sources,
        options: &Options,
        desired: DesiredState,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Compilation {
        lint::allow(sources, options.purpose, &mut diagnostics);
        diagnostics.retain(|found| found.file.is_none_or(|file| !self.silent.contains(&file)));
        self.reading.refine(sources, &mut diagnostics);
        for found in &mut diagnostics {
            if options.strict && found.severity == Severity::Warning && found.code.strict() {
                found.severity = Severity::Error;
            }
        }
        // A context value is found wrong wherever it is used.
        let mut said = HashSet::new();
        diagnostics
            .retain(|found| found.span.is_none() || said.insert((found.code, found.span, found.message.clone())));
        diagnostics.sort_by_key(|found| {
            let layer = found.file.and_then(|file| sources.get(file)).map(|source| source.layer);
            (layer, found.file, found.span.map(|span| (span.start, span.end)), found.code.name())
        });
        quoted(&mut diagnostics);
        let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
        let parts = || self.base.iter().chain(&self.on_demand);
        let summary = Summary {
            files: sources.len() - self.silent.len() - self.reading.foreign,
            entries: parts().map(|part| part.blueprint.written).sum(),
            look_ups: diagnostics.iter().filter(|found| found.code == Code::FindInDatabase).count(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        };
        Compilation { desired, diagnostics, summary }
    }
}

/// A text between quotes that are none is no model and no choice either: that is one mistake, the quotes.
fn quoted(diagnostics: &mut Vec<Diagnostic>) {
    let quotes: HashSet<_> =
        diagnostics.iter().filter(|found| found.code == Code::StrayQuote).filter_map(|found| found.span).collect();
    let mut worse = HashSet::new();
    diagnostics.retain(|found| {
        let same = found.span.filter(|span| found.code != Code::StrayQuote && quotes.contains(span));
        worse.extend(same.filter(|_| found.severity == Severity::Error));
        same.is_none()
    });
    let errors = diagnostics.iter_mut().filter(|found| found.code == Code::StrayQuote);
    errors.filter(|found| found.span.is_some_and(|span| worse.contains(&span))).for_each(|found| {
        found.severity = Severity::Error;
    });
}
