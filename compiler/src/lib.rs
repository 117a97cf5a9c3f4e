//! From blueprint text to a desired state, with diagnostics.
//!
//! text → `yaml` → document → `blueprint` → blueprint → `resolve` → entries → `link` (with `check` and `lint`) → [`DesiredState`].
//! No file system, no environment, no clock: `!File`, `!Env` and the database are a [`World`] that the caller passes
//! in. A mistake in a file is a [`Diagnostic`], never an `Err`.

pub mod desired;
pub mod diagnostic;
pub mod fmt;
pub mod foreign;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod lookup;
pub mod models;
pub mod picture;
pub mod schema;
pub mod source;
pub mod world;

mod blueprint;
mod check;
mod graph;
mod link;
mod lint;
mod misplaced;
mod program;
mod reading;
mod resolve;
mod suggest;
mod yaml;

use desired::DesiredState;
use diagnostic::{Diagnostic, Severity};
use picture::Picture;
use source::Sources;
use world::World;

/// How strict, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Warnings whose code says so become errors.
    pub strict: bool,
    /// What the result is for.
    pub purpose: Purpose,
}

/// What a compilation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Finding mistakes: values that only a plan can tell stay unknown.
    Check,
    /// Making a plan: everything has to be known.
    Plan,
}

/// The size of what was compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Entries in them.
    pub entries: usize,
    /// Look-ups that no file answers, while nothing was asked of the database.
    pub look_ups: usize,
    /// Findings that stop a plan.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
}

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct Compilation {
    /// What the files mean; of use only without errors.
    pub desired: DesiredState,
    /// Everything that was found, by layer, file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The size of it all.
    pub summary: Summary,
}

impl Compilation {
    /// Whether anything stops a plan.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}

/// Compiles all files as one program.
#[must_use]
pub fn compile(sources: &Sources, world: &dyn World, options: &Options) -> Compilation {
    run(sources, world, options, false).0
}

/// The same, with a picture of what is declared: of use with mistakes, too.
#[must_use]
pub fn draw(sources: &Sources, world: &dyn World, options: &Options) -> (Compilation, Picture) {
    run(sources, world, options, true)
}

fn run(sources: &Sources, world: &dyn World, options: &Options, draw: bool) -> (Compilation, Picture) {
    let mut diagnostics = Vec::new();
    let (blueprints, reading) = program::read(sources, &mut diagnostics);
    let program = program::Program::new(sources, &blueprints, &reading, options);
    let (desired, picture) = program.link(sources, world, options, draw, &mut diagnostics);
    (program.finish(sources, options, desired, diagnostics), picture)
}

#[cfg(test)]
mod tests;
