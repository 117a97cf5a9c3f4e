//! What was applied, and what is no longer as it was: for people.

use std::io::{self, Write};

use gatewright_reconciler::drift::Drift;
use gatewright_reconciler::plan::FieldChange;
use gatewright_reconciler::store::history::Revision;

use super::plan::{draw_changes, draw_field};
use super::{BOLD, DIM, GREEN, RED, YELLOW, count, printable};

/// A line a revision, the latest first.
pub(super) fn list(out: &mut dyn Write, revisions: &[Revision]) -> io::Result<()> {
    if revisions.is_empty() {
        return writeln!(out, "nothing was applied yet");
    }
    let width = revisions.iter().map(|revision| revision.id.to_string().len()).max().unwrap_or(0);
    for revision in revisions {
        writeln!(out, "{BOLD}{:>width$}{BOLD:#}  {}", revision.id, said(revision))?;
    }
    Ok(())
}

/// A revision with its changes.
pub(super) fn one(out: &mut dyn Write, revision: &Revision, details: bool) -> io::Result<()> {
    writeln!(out, "{BOLD}revision {}{BOLD:#}  {}\n", revision.id, said(revision))?;
    draw_changes(out, &revision.plan, details)?;
    for note in &revision.plan.notes {
        writeln!(out, "{YELLOW}note{YELLOW:#}: {}", printable(note))?;
    }
    if !revision.reversible {
        writeln!(out, "{DIM}it was made by a version that could not take it back{DIM:#}")?;
    }
    Ok(())
}

fn said(revision: &Revision) -> String {
    let summary = revision.plan.summary();
    let counts = format!(
        "{GREEN}{} created{GREEN:#}, {YELLOW}{} changed{YELLOW:#}, {RED}{} deleted{RED:#}",
        summary.create, summary.update, summary.delete
    );
    let at = revision.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    // Of what it was made from: a digest is long, what it goes back to is not.
    let inputs = revision.plan.inputs.get(..12).unwrap_or(&revision.plan.inputs);
    format!("{at}  {}  {counts}  {DIM}{}{DIM:#}", printable(&revision.author), printable(inputs))
}

/// What is no longer as it was applied, by object.
pub(super) fn drift(out: &mut dyn Write, drifted: &[Drift]) -> io::Result<()> {
    if drifted.is_empty() {
        return writeln!(out, "{GREEN}no drift{GREEN:#}: everything is as it was applied");
    }
    let mut object = None;
    for one in drifted {
        if object != Some((&one.model, &one.key)) {
            let gap = if object.is_some() { "\n" } else { "" };
            let (model, key) = (printable(&one.model), printable(&one.key));
            writeln!(out, "{gap}{BOLD}{model}{BOLD:#} {key}  {DIM}{}{DIM:#}", printable(&one.file))?;
            object = Some((&one.model, &one.key));
        }
        write!(out, "  {YELLOW}~{YELLOW:#} {}  ", printable(&one.field))?;
        draw_field(out, &FieldChange { before: one.applied.clone(), after: one.actual.clone(), secret: one.secret })?;
        if let Some(author) = &one.author {
            write!(out, "  {DIM}by {}", printable(author))?;
            if let Some(at) = one.at {
                write!(out, " on {}", at.strftime("%Y-%m-%d %H:%M:%S UTC"))?;
            }
            write!(out, "{DIM:#}")?;
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "\n{YELLOW}{} drifted{YELLOW:#}: applying the blueprints again puts this right",
        count(drifted.len(), "field", "fields")
    )
}
