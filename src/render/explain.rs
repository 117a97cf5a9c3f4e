//! Codes and their explanations: Markdown as a terminal shows it, and as JSON.

use std::io::{self, Write};

use gatewright_compiler::diagnostic::{Code, Severity};
use serde_json::{Value as Json, json};

use super::{BOLD, DIM, RED, YELLOW};

/// All codes, one line each.
pub(super) fn list(out: &mut dyn Write, codes: &[Code]) -> io::Result<()> {
    let width = codes.iter().map(|code| code.name().len()).max().unwrap_or(0);
    for code in codes {
        writeln!(out, "{BOLD}{:width$}{BOLD:#}  {}  {}", code.name(), word(code.severity()), code.summary())?;
    }
    writeln!(out, "\n`gatewright explain CODE` says more about one of them.")?;
    out.flush()
}

/// One code at length.
pub(super) fn one(out: &mut dyn Write, code: Code) -> io::Result<()> {
    let mark = match (code.strict(), code.quiet()) {
        (true, _) => ", an error under `--strict`",
        (_, true) => ", only when asked for",
        _ => "",
    };
    let severity = word(code.severity());
    writeln!(out, "{}[{BOLD}{}{BOLD:#}]: {}{mark}\n", severity.trim_end(), code.name(), code.summary())?;
    let mut in_example = false;
    for line in code.explanation().lines() {
        match (line.starts_with("```"), in_example) {
            (true, _) => in_example = !in_example,
            (false, true) if line.is_empty() => writeln!(out)?,
            (false, true) => writeln!(out, "    {line}")?,
            (false, false) if matches!(line, "Wrong:" | "Right:") => writeln!(out, "{BOLD}{line}{BOLD:#}")?,
            (false, false) => writeln!(out, "{line}")?,
        }
    }
    out.flush()
}

/// The same for programs.
pub(super) fn json(codes: &[Code]) -> Json {
    let code = |code: &Code| {
        json!({
            "code": code.name(),
            "severity": code.severity(),
            "strict": code.strict(),
            "summary": code.summary(),
            "explanation": code.explanation(),
        })
    };
    json!({ "version": 1, "codes": codes.iter().map(code).collect::<Vec<_>>() })
}

/// The severity, coloured and as wide as the widest.
fn word(severity: Severity) -> String {
    match severity {
        Severity::Error => format!("{RED}error{RED:#}  "),
        Severity::Warning => format!("{YELLOW}warning{YELLOW:#}"),
        Severity::Info => format!("{DIM}info{DIM:#}   "),
    }
}
