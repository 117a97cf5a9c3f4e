//! A plan for people: what is created, changed and deleted, grouped by model, every change with its origin.
//!
//! Secrets are only ever said to have changed.

use std::io::{self, Write};

use anstyle::Style;
use gatewright_reconciler::plan::{Action, Change, FieldChange, Plan};
use serde_json::Value as Json;

use super::{BOLD, DIM, GREEN, RED, YELLOW, count, printable};

/// Longer values are cut.
const MAX_VALUE: usize = 100;
/// So many orphans are named.
const MAX_ORPHANS: usize = 20;

/// Draws a plan and its summary line.
pub(super) fn draw(out: &mut dyn Write, plan: &Plan, details: bool) -> io::Result<()> {
    draw_changes(out, plan, details)?;
    draw_orphans(out, plan)?;
    for note in &plan.notes {
        writeln!(out, "{YELLOW}note{YELLOW:#}: {}", printable(note))?;
    }
    writeln!(out, "{}", summary(plan))
}

/// The changes of a plan, and an empty line where there are any.
pub(super) fn draw_changes(out: &mut dyn Write, plan: &Plan, details: bool) -> io::Result<()> {
    let mut model = None;
    for change in grouped(plan) {
        if model != Some(change.model.as_str()) {
            let gap = if model.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{BOLD}{}{BOLD:#}", change.model)?;
            model = Some(change.model.as_str());
        }
        draw_change(out, change, details)?;
    }
    if model.is_some() {
        writeln!(out)?;
    }
    Ok(())
}

/// What no blueprint declares any more.
fn draw_orphans(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    if plan.orphans.is_empty() {
        return Ok(());
    }
    let number = count(plan.orphans.len(), "object", "objects");
    writeln!(out, "{YELLOW}orphaned{YELLOW:#}: {number} that no blueprint declares any more")?;
    for orphan in plan.orphans.iter().take(MAX_ORPHANS) {
        let (model, key) = (printable(&orphan.model), printable(&orphan.key));
        write!(out, "  {YELLOW}?{YELLOW:#} {model} {key}  {DIM}was in {}{DIM:#}", printable(&orphan.file))?;
        if !orphan.kept_by.is_empty() {
            write!(out, "  {DIM}used by {}{DIM:#}", printable(&orphan.kept_by.join(", ")))?;
        }
        writeln!(out)?;
    }
    if plan.orphans.len() > MAX_ORPHANS {
        writeln!(out, "  {DIM}and {} more{DIM:#}", plan.orphans.len() - MAX_ORPHANS)?;
    }
    if plan.orphans.iter().any(|orphan| orphan.kept_by.is_empty()) {
        writeln!(out, "  {DIM}--prune deletes those that nothing else uses{DIM:#}")?;
    }
    writeln!(out)
}

/// Changes of one model stand together, in the order of the plan.
fn grouped(plan: &Plan) -> Vec<&Change> {
    let mut changes: Vec<&Change> = plan.changes.iter().collect();
    changes.sort_by(|a, b| a.model.cmp(&b.model));
    changes
}

fn draw_change(out: &mut dyn Write, change: &Change, details: bool) -> io::Result<()> {
    let (sign, style) = sign(&change.action);
    write!(out, "  {style}{sign} {}{style:#}", printable(&change.key))?;
    if let Some(origin) = &change.origin {
        write!(out, "  {DIM}{}:{}{DIM:#}", printable(&origin.file), origin.line)?;
    }
    writeln!(out)?;
    let over = |name: &str| change.overrides.iter().find(|(field, _)| field == name).map(|(_, origin)| origin);
    // Of a new object only what won over another file is worth a line.
    let all = details || change.action == Action::Update;
    let shown = || change.fields.iter().filter(|(name, _)| all || over(name).is_some());
    let width = shown().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, field) in shown() {
        write!(out, "      {name:width$}  ")?;
        draw_field(out, field)?;
        if let Some(origin) = over(name) {
            write!(out, "  {DIM}over {}:{}{DIM:#}", printable(&origin.file), origin.line)?;
        }
        writeln!(out)?;
    }
    for (grants, style, word) in [(&change.grants, GREEN, "grants"), (&change.revokes, RED, "revokes")] {
        for grant in grants {
            let (permission, to) = (printable(&grant.permission), printable(&grant.to));
            writeln!(out, "      {style}{word}{style:#} `{permission}` to {} `{to}`", printable(&grant.model))?;
        }
    }
    if !change.takes_over.is_empty() {
        let fields = change.takes_over.join("`, `");
        writeln!(out, "      {YELLOW}takes over{YELLOW:#} `{fields}`, which no blueprint declared")?;
    }
    Ok(())
}

pub(super) fn draw_field(out: &mut dyn Write, field: &FieldChange) -> io::Result<()> {
    match (&field.before, &field.after) {
        _ if field.secret => write!(out, "{YELLOW}changed{YELLOW:#} {DIM}(secret){DIM:#}"),
        (Some(Json::String(before)), Some(Json::String(after))) if before.contains('\n') || after.contains('\n') => {
            draw_lines(out, before, after)
        }
        (Some(before), Some(after)) => {
            write!(out, "{RED}{}{RED:#} → {GREEN}{}{GREEN:#}", one_line(before), one_line(after))
        }
        (None, Some(after)) => write!(out, "{GREEN}{}{GREEN:#}", one_line(after)),
        (Some(before), None) => write!(out, "{RED}{}{RED:#} → unset", one_line(before)),
        (None, None) => write!(out, "unset"),
    }
}

/// The lines that differ between two texts.
fn draw_lines(out: &mut dyn Write, before: &str, after: &str) -> io::Result<()> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    write!(out, "{DIM}from line {}{DIM:#}", head + 1)?;
    for (lines, sign, style) in [(&old, '-', RED), (&new, '+', GREEN)] {
        for line in lines.iter().take(lines.len() - tail).skip(head) {
            write!(out, "\n        {style}{sign} {}{style:#}", printable(line))?;
        }
    }
    Ok(())
}

/// A value on one line, cut where it is long.
fn one_line(value: &Json) -> String {
    // JSON writes out the control characters below a blank only.
    let text = printable(&value.to_string());
    if text.chars().count() <= MAX_VALUE {
        return text;
    }
    let cut: String = text.chars().take(MAX_VALUE).collect();
    format!("{cut}…")
}

const fn sign(action: &Action) -> (char, Style) {
    match action {
        Action::Create => ('+', GREEN),
        Action::Update => ('~', YELLOW),
        Action::Delete => ('-', RED),
    }
}

/// The word that JSON has for an action.
pub(super) const fn action_name(action: &Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
    }
}

fn summary(plan: &Plan) -> String {
    let summary = plan.summary();
    if plan.is_empty() {
        return format!("{GREEN}nothing to do{GREEN:#}: {} as declared", summary.keep);
    }
    let adopted = match plan.adopt {
        0 => String::new(),
        adopt => format!(", {adopt} to adopt unchanged"),
    };
    format!(
        "plan: {GREEN}{} to create{GREEN:#}, {YELLOW}{} to change{YELLOW:#}, {RED}{} to delete{RED:#}, {} as declared{adopted}",
        summary.create, summary.update, summary.delete, summary.keep
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use gatewright_compiler::source::{SourceFile, Sources};
    use gatewright_compiler::world::UnknownWorld;
    use gatewright_compiler::{Options, Purpose};
    use gatewright_reconciler::observed::ObservedState;

    use super::*;

    fn planned(text: &str) -> String {
        let mut sources = Sources::default();
        sources.add(SourceFile {
            path: "a.yaml".to_owned(),
            relative: "a.yaml".to_owned(),
            layer: 1,
            named: false,
            included: false,
            text: text.into(),
        });
        let options = Options { strict: false, purpose: Purpose::Plan };
        let desired = gatewright_compiler::compile(&sources, &UnknownWorld, &options).desired;
        let plan = gatewright_reconciler::plan::plan(&desired, &ObservedState::empty(), &Default::default()).plan;
        let mut out = Vec::new();
        draw(&mut out, &plan, true).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let shown = planned(
            "version: 1\nentries:\n  - model: authentik_core.group\n    identifiers: {name: \"a\\e[31m\\nb\"}\n    \
             attrs: {attributes: {note: \"x\\u009by\"}}\n",
        );
        assert!(shown.contains("a\\u{1b}[31m\\nb") && shown.contains("x\\u{9b}y"), "{shown}");
    }
}
