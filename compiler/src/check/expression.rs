//! Expressions inside attributes: parsed here, so that their mistakes are shown at their own line of the YAML.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use gatewright_expression::{Kind, Problem, ProblemKind};

use super::{Checker, Subject};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::ExpressionUse;
use crate::resolve::{Val, What};
use crate::source::Span;
use crate::yaml;

/// What is known of expressions: a text is compiled once, however often it stands in the files.
#[derive(Default)]
pub(crate) struct Expressions {
    known: HashMap<(Kind, String), Rc<Findings>>,
}

#[derive(Default)]
struct Findings {
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Expressions {
    fn findings(&mut self, kind: Kind, text: &str) -> Rc<Findings> {
        if let Some(known) = self.known.get(&(kind, text.to_owned())) {
            return Rc::clone(known);
        }
        let findings = Rc::new(match gatewright_expression::compile(text, kind) {
            Ok(compiled) => Findings { errors: Vec::new(), warnings: compiled.warnings().to_vec() },
            Err(errors) => Findings { errors, warnings: Vec::new() },
        });
        self.known.insert((kind, text.to_owned()), Rc::clone(&findings));
        findings
    }
}

impl<'a> Checker<'a, '_> {
    pub(super) fn expressions(&mut self, subject: &Subject<'a, '_>) {
        for (name, _, value) in subject.identifiers.iter().chain(subject.attrs.iter()) {
            let Some(usage) = subject.model.field(name).and_then(|field| field.expression) else {
                continue;
            };
            let kind = match usage {
                ExpressionUse::Policy => Kind::Policy,
                ExpressionUse::Mapping => Kind::Mapping,
                ExpressionUse::PromptWhen(switch) if switched_on(subject, switch) => Kind::Prompt,
                ExpressionUse::PromptWhen(_) => continue,
            };
            let What::Text(text) = &value.what else {
                continue;
            };
            let findings = self.expressions.findings(kind, text);
            for problem in &findings.errors {
                self.problem(value, problem, None);
            }
            for problem in &findings.warnings {
                self.problem(value, problem, Some(Severity::Warning));
            }
        }
    }

    fn problem(&mut self, value: &Val<'a>, problem: &Problem, severity: Option<Severity>) {
        let code = match problem.kind {
            ProblemKind::Syntax => Code::ExpressionSyntax,
            ProblemKind::Name => Code::ExpressionName,
            ProblemKind::Import => Code::ExpressionImport,
            ProblemKind::Unsupported => Code::ExpressionUnsupported,
            ProblemKind::Regex => Code::ExpressionRegex,
        };
        let span = self.inside(value, problem.range.clone());
        let diagnostic = Diagnostic::at(code, span, problem.message.clone());
        let mut diagnostic = value.shown(diagnostic).maybe_help(problem.help.clone());
        if let What::Text(text) = &value.what
            && let Some(before) = problem.line_before(text)
        {
            diagnostic = diagnostic.related(self.inside(value, before), "the line before");
        }
        self.diagnostics.push(match severity {
            Some(severity) => diagnostic.severity(severity),
            None => diagnostic,
        });
    }

    fn inside(&self, value: &Val<'a>, range: Range<usize>) -> Span {
        match (value.node, self.sources.get(value.span.file)) {
            (Some(node), Some(file)) => yaml::place(&file.text, node, range),
            _ => value.span,
        }
    }
}

fn switched_on(subject: &Subject<'_, '_>, switch: &str) -> bool {
    let mut fields = subject.identifiers.iter().chain(subject.attrs.iter());
    fields.any(|(name, _, value)| name == switch && matches!(value.what, What::Bool(true)))
}
