//! How much each finding matters in this run: `--strict`, `--deny`, `--warn` and `--allow`.
//!
//! An error stays an error. What a comment in a file allows never comes this far.

use std::str::FromStr;

use clap::Args;
use gatewright_compiler::diagnostic::{Code, Diagnostic, Severity};

use crate::error::CliError;

/// The switches.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Levels {
    /// Make errors of the warnings about unknown names and duplicate keys
    #[arg(long)]
    strict: bool,

    /// Make errors of the findings with this code; `warnings` means all warnings (may be repeated)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<Denied>,

    /// Make warnings of the findings with this code (may be repeated)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    warn: Vec<Named>,

    /// Do not report findings with this code, unless they are errors (may be repeated)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<Named>,
}

/// A code by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named(Code);

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    One(Code),
    Warnings,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Code::named(name).map(Self).ok_or_else(|| match Code::suggest(name) {
            Some(code) => format!("there is no such code; did you mean `{}`?", code.name()),
            None => "there is no such code; `gatewright explain` lists them".to_owned(),
        })
    }
}

impl FromStr for Denied {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "warnings" { Ok(Self::Warnings) } else { name.parse().map(|Named(code)| Self::One(code)) }
    }
}

impl Levels {
    /// Refuses switches that contradict each other or would have no effect.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        for (switch, codes) in [("--warn", &self.warn), ("--allow", &self.allow)] {
            for Named(code) in codes {
                let name = code.name();
                if code.severity() == Severity::Error {
                    return Err(CliError::usage(format!("{switch} {name}: `{name}` is always an error")));
                }
                if self.deny.contains(&Denied::One(*code)) {
                    return Err(CliError::usage(format!("`{name}` stands in --deny and in {switch}")));
                }
            }
        }
        match self.warn.iter().find(|code| self.allow.contains(code)) {
            Some(Named(code)) => Err(CliError::usage(format!("`{}` stands in --warn and in --allow", code.name()))),
            None => Ok(()),
        }
    }

    /// Raises, lowers and silences.
    pub(crate) fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|found| self.weigh(found));
    }

    /// The same for one finding: whether it is reported.
    pub(crate) fn weigh(&self, found: &mut Diagnostic) -> bool {
        let severity = self.of(found);
        found.severity = severity.unwrap_or(found.severity);
        severity.is_some()
    }

    /// How much a finding matters; none when it is not reported.
    fn of(&self, found: &Diagnostic) -> Option<Severity> {
        let (code, severity) = (Named(found.code), found.severity);
        if severity == Severity::Error || self.deny.contains(&Denied::One(found.code)) {
            return Some(Severity::Error);
        }
        let asked = self.warn.contains(&code);
        if self.allow.contains(&code) || (found.code.quiet() && !asked) {
            return None;
        }
        let strict = self.strict && severity == Severity::Warning && found.code.strict();
        let severity = if asked { Severity::Warning } else { severity };
        if strict || (severity == Severity::Warning && self.deny.contains(&Denied::Warnings)) {
            return Some(Severity::Error);
        }
        Some(severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(deny: &[&str], warn: &[&str], allow: &[&str]) -> Levels {
        let named = |names: &[&str]| names.iter().filter_map(|name| name.parse().ok()).collect();
        let deny = deny.iter().filter_map(|name| name.parse().ok()).collect();
        Levels { strict: false, deny, warn: named(warn), allow: named(allow) }
    }

    fn of(levels: &Levels, code: Code) -> Option<Severity> {
        levels.of(&Diagnostic::plain(code, ""))
    }

    #[test]
    fn switches_raise_and_silence() {
        let some = levels(&["unknown-context"], &["unset-env"], &["find-nothing"]);
        assert_eq!(of(&some, Code::UnknownContext), Some(Severity::Error));
        assert_eq!(of(&some, Code::UnsetEnv), Some(Severity::Warning));
        assert_eq!(of(&some, Code::FindNothing), None);
        assert_eq!(of(&some, Code::IdentifierWins), Some(Severity::Warning));
        assert!(some.check().is_ok());
        let all = levels(&["warnings"], &[], &["find-nothing"]);
        assert_eq!(of(&all, Code::IdentifierWins), Some(Severity::Error));
        assert_eq!(of(&all, Code::FindNothing), None);
        assert_eq!(of(&all, Code::UnsetEnv), Some(Severity::Info));
    }

    #[test]
    fn what_is_quiet_is_asked_for_by_name() {
        assert_eq!(of(&levels(&["warnings"], &[], &[]), Code::UnusedId), None);
        assert_eq!(of(&levels(&["unused-id"], &[], &[]), Code::UnusedId), Some(Severity::Error));
        assert_eq!(of(&levels(&[], &["unused-id"], &[]), Code::UnusedId), Some(Severity::Warning));
        assert_eq!(of(&levels(&["warnings"], &["unused-id"], &[]), Code::UnusedId), Some(Severity::Error));
    }

    #[test]
    fn errors_stay_errors() {
        let found = Diagnostic::plain(Code::FindNothing, "").severity(Severity::Error);
        assert_eq!(levels(&[], &[], &["find-nothing"]).of(&found), Some(Severity::Error));
        assert!(levels(&[], &[], &["syntax"]).check().is_err());
        assert!(levels(&["find-nothing"], &["find-nothing"], &[]).check().is_err());
        assert!(levels(&[], &["find-nothing"], &["find-nothing"]).check().is_err());
    }

    #[test]
    fn names_are_looked_up() {
        assert_eq!("syntax".parse(), Ok(Named(Code::Syntax)));
        assert!("syntaks".parse::<Named>().is_err_and(|said| said.contains("`syntax`")));
        assert_eq!("warnings".parse(), Ok(Denied::Warnings));
    }
}
