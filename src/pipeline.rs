//! The straight line of a run: program -> compilation -> plan -> database.
//!
//! Shared by `plan`, `apply` and `serve`; prints nothing.

use gatewright_compiler::diagnostic::{Diagnostic, Severity};
use gatewright_compiler::picture::Picture;
use gatewright_compiler::{Compilation, Options, Purpose, Summary};
use gatewright_reconciler::apply::ApplyError;
use gatewright_reconciler::observed::ObservedState;
use gatewright_reconciler::plan::{self, Plan};
use gatewright_reconciler::store::Store;
use jiff::Timestamp;

use crate::error::{CliError, Context as _};
use crate::levels::Levels;
use crate::program::Program;
use crate::world::RealWorld;

/// How often a plan that was overtaken is made again.
const ATTEMPTS: usize = 5;

/// What a compilation found, with the texts that it is about.
#[derive(Default)]
pub(crate) struct Report {
    /// The texts, and what could not be read of them.
    pub(crate) program: Program,
    /// What the compiler and the planner found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Counts over everything.
    pub(crate) summary: Summary,
}

impl Report {
    fn new(mut program: Program, mut diagnostics: Vec<Diagnostic>, summary: Summary, levels: &Levels) -> Self {
        levels.apply(&mut diagnostics);
        program.findings.retain_mut(|finding| levels.weigh(&mut finding.diagnostic));
        let mut report = Self { program, diagnostics, summary };
        report.count();
        report
    }

    /// What was found where no file was read.
    pub(crate) fn of(diagnostics: Vec<Diagnostic>, levels: &Levels) -> Self {
        Self::new(Program::default(), diagnostics, Summary::default(), levels)
    }

    /// Counts what was found.
    pub(crate) fn count(&mut self) {
        let of = |wanted: Severity| self.all().filter(|(found, _)| found.severity == wanted).count();
        (self.summary.errors, self.summary.warnings) = (of(Severity::Error), of(Severity::Warning));
    }

    /// Everything that was found, what could not be read first; that comes with a path where it is about one.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Diagnostic, Option<&str>)> {
        let read = self.program.findings.iter().map(|finding| (&finding.diagnostic, finding.path.as_deref()));
        read.chain(self.diagnostics.iter().map(|diagnostic| (diagnostic, None)))
    }

    /// Whether nothing may be planned.
    pub(crate) fn has_errors(&self) -> bool {
        self.summary.errors > 0
    }
}

/// Compiles without a database.
pub(crate) fn check(program: Program, levels: &Levels) -> Report {
    let world = RealWorld { roots: &program.roots, allowed: &program.allowed, observed: None };
    let Compilation { diagnostics, summary, .. } =
        gatewright_compiler::compile(&program.sources, &world, &Options { strict: false, purpose: Purpose::Check });
    Report::new(program, diagnostics, summary, levels)
}

/// The same, with a picture of what is declared.
pub(crate) fn draw(program: Program, levels: &Levels) -> (Report, Picture) {
    let world = RealWorld { roots: &program.roots, allowed: &program.allowed, observed: None };
    let (Compilation { diagnostics, summary, .. }, picture) =
        gatewright_compiler::draw(&program.sources, &world, &Options { strict: false, purpose: Purpose::Check });
    (Report::new(program, diagnostics, summary, levels), picture)
}

/// Compiles and plans against what was observed; no plan where there are mistakes.
pub(crate) fn plan(program: Program, observed: &ObservedState, levels: &Levels, prune: bool) -> (Report, Option<Plan>) {
    let inputs = plan::digest(program.sources.iter().map(|(_, file)| (&*file.path, &*file.text)));
    let world = RealWorld { roots: &program.roots, allowed: &program.allowed, observed: Some(observed) };
    let Compilation { desired, diagnostics, summary } =
        gatewright_compiler::compile(&program.sources, &world, &Options { strict: false, purpose: Purpose::Plan });
    let mut report = Report::new(program, diagnostics, summary, levels);
    if report.has_errors() {
        return (report, None);
    }
    let planned = plan::plan(&desired, observed, &plan::Options { prune, inputs });
    let mut found = planned.diagnostics;
    levels.apply(&mut found);
    report.diagnostics.append(&mut found);
    report.count();
    let plan = (!report.has_errors()).then_some(planned.plan);
    (report, plan)
}

/// What somebody agreed to beforehand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Consent {
    /// Whatever a plan needs consent for.
    pub(crate) given: bool,
    /// That what no blueprint declares any more is deleted.
    pub(crate) prune: bool,
}

/// How [`settle`] ended.
pub(crate) enum Settled {
    /// There are mistakes; nothing was written.
    Mistakes(Report),
    /// Everything is as declared; nothing was written.
    Nothing(Report, Plan),
    /// Somebody has to agree first, to these; nothing was written.
    Refused(Report, Vec<String>),
    /// Written.
    Applied(Report, Plan, u64),
}

impl Settled {
    /// What was found on the way.
    pub(crate) fn report(&self) -> &Report {
        match self {
            Self::Mistakes(report)
            | Self::Nothing(report, _)
            | Self::Refused(report, _)
            | Self::Applied(report, ..) => report,
        }
    }
}

/// Plans and applies, again where another process was faster.
pub(crate) async fn settle(
    store: &Store,
    mut program: Program,
    levels: &Levels,
    consent: Consent,
    author: &str,
) -> Result<Settled, CliError> {
    for _ in 0..ATTEMPTS {
        let observed = store.observe().await.context("the database cannot be read")?;
        // Compiling takes its time; the server goes on answering.
        let levels = levels.clone();
        let work = move || plan(program, &observed, &levels, consent.prune);
        let (report, plan) = tokio::task::spawn_blocking(work).await.context("the compiler stopped")?;
        let Some(plan) = plan else { return Ok(Settled::Mistakes(report)) };
        if plan.is_empty() {
            return Ok(Settled::Nothing(report, plan));
        }
        let reasons = plan.needs_consent();
        if !consent.given && !reasons.is_empty() {
            return Ok(Settled::Refused(report, reasons));
        }
        match gatewright_reconciler::apply::apply(store, &plan, author, Timestamp::now()).await {
            Ok(revision) => return Ok(Settled::Applied(report, plan, revision)),
            Err(ApplyError::Stale) => program = report.program,
            Err(error) => return Err(error).context("the plan cannot be applied"),
        }
    }
    Err(CliError::world("other processes keep changing the database").hint("try again in a moment"))
}
