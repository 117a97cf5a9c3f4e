//! The tags that ask somebody: `!KeyOf` the file, `!Env` and `!File` the world.

use super::around::Named;
use super::flow::gather;
use super::{Evaluator, Source, Val, What};
use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::world::{Answer, FileAnswer};
use crate::yaml::{Kind, Node};

const KEY_OF: &str = "`!KeyOf id` or `!KeyOf [!Format [\"id-%s\", value]]`";
const ENV: &str = "`!Env NAME` or `!Env [NAME, default]`";
const FILE: &str = "`!File path` or `!File [path, default]`";

impl<'a> Evaluator<'a, '_> {
    pub(super) fn key_of(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let id = match &node.kind {
            Kind::Scalar(scalar) => Some(scalar.text.to_string()),
            _ => {
                let Some([id]) = self.args(node, 1..=1, KEY_OF) else {
                    return Val::unknown(node.whole());
                };
                let id = self.eval(id);
                self.label(&id, KEY_OF)
            }
        };
        let Some(id) = id else {
            return Val::unknown(node.whole());
        };
        if id.is_empty() {
            return self.misused(node.whole(), "`!KeyOf` needs the `id` of an entry", format!("write {KEY_OF}"));
        }
        let ids = &self.scope.ids;
        let diagnostic = match ids.get(&id, &self.around.turns) {
            Named::Entry(entry) => {
                self.named.push(entry);
                return Val::new(What::Entry(entry), node.whole());
            }
            Named::Nothing if ids.open => return Val::unknown(node.whole()),
            Named::Nothing => {
                let message = format!("no entry of this file has the id `{id}`");
                let found = Diagnostic::at(Code::UnknownId, node.span, message);
                // An id that nearly fits was meant more often than one of another file, which has a name of its own there.
                match (ids.closest(&id), self.sibling(&id)) {
                    (Some((near, span)), sibling) => {
                        let other = sibling.map(|(help, _)| format!("; if not: {help}")).unwrap_or_default();
                        found.help(format!("did you mean `{near}`?{other}")).related(span, "the id that comes closest")
                    }
                    (None, Some((help, at))) => found.help(help).related(at, "the entry with this id"),
                    (None, None) => found
                        .help("give the entry that is meant this `id`; for objects of other files there is `!Find`"),
                }
            }
            Named::Several(count) => {
                let message =
                    format!("{count} turns of a loop have an entry with the id `{id}`: it is not clear which is meant");
                let help = "give each turn an id of its own: `id: !Format [\"id-%s\", !Value 0]`";
                Diagnostic::at(Code::DuplicateId, node.span, message).severity(Severity::Error).help(help)
            }
        };
        self.report(diagnostic);
        Val::unknown(node.whole())
    }

    pub(super) fn env(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some((name, default)) = self.named(node, ENV) else {
            return Val::unknown(node.whole());
        };
        let value = self.variable(node, &name, default);
        value.instead_of(Source::Env(name), node.whole())
    }

    fn variable(&mut self, node: &'a Node<'a>, name: &str, default: Option<&'a Node<'a>>) -> Val<'a> {
        let unknown = match self.scope.world.env(name) {
            Answer::Found(value) if !value.is_empty() => return Val::text(value, node.whole()),
            // What is not set while checking may be set where it is planned.
            Answer::Unknown => true,
            Answer::Found(_) | Answer::Missing => self.scope.purpose == Purpose::Check,
        };
        if let Some(default) = default {
            let value = self.eval(default);
            return if unknown { Val::unknown(node.whole()).of(&gather([&value], false)) } else { value };
        }
        let (severity, message) = match &self.why_wanted() {
            _ if unknown => (Severity::Info, format!("the environment variable `{name}` is not known here")),
            Some(why) => (Severity::Error, format!("the environment variable `{name}` is not set, and {why}")),
            None => (Severity::Warning, format!("the environment variable `{name}` is not set: this is null")),
        };
        self.report(
            Diagnostic::at(Code::UnsetEnv, node.whole(), message)
                .severity(severity)
                .help(format!("set it for plan, apply and serve, or give a default: `!Env [{name}, default]`")),
        );
        // Where it was said that there must be a value, null is not blamed again.
        if severity == Severity::Warning { Val::null(node.whole()) } else { Val::unknown(node.whole()) }
    }

    pub(super) fn file(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some((path, default)) = self.named(node, FILE) else {
            return Val::unknown(node.whole());
        };
        let value = self.text_of(node, &path, default);
        value.instead_of(Source::File(path), node.whole())
    }

    fn text_of(&mut self, node: &'a Node<'a>, path: &str, default: Option<&'a Node<'a>>) -> Val<'a> {
        let (severity, message, help) = match self.scope.world.file(self.scope.file, path) {
            FileAnswer::Text(text) => return Val::text(text.trim().to_owned(), node.whole()),
            FileAnswer::Unknown => return Val::unknown(node.whole()),
            FileAnswer::Missing(why) => {
                let severity = match (&self.why_wanted(), default) {
                    (_, Some(_)) => Severity::Info,
                    (Some(_), None) if self.scope.purpose == Purpose::Plan => Severity::Error,
                    _ => Severity::Warning,
                };
                let help = "a path counts from the folder of the blueprints; if the file may be missing, give a default: `!File [path, default]`";
                (severity, format!("the file `{path}` cannot be read: {why}"), help)
            }
            FileAnswer::Broken(why) => (
                Severity::Error,
                format!("the file `{path}` cannot be read: {why}"),
                "it must be a text of at most 1 MiB, in UTF-8",
            ),
            FileAnswer::Outside => {
                let help = "move the file below that folder, or allow its own with `--allow-files DIR`";
                (Severity::Error, format!("the file `{path}` lies outside of the folder of the blueprints"), help)
            }
        };
        let message = match &self.why_wanted() {
            Some(why) if default.is_none() => format!("{message}, and {why}"),
            _ => message,
        };
        self.report(Diagnostic::at(Code::UnreadableFile, node.whole(), message).severity(severity).help(help));
        if severity == Severity::Error {
            return Val::unknown(node.whole());
        }
        let value = default.map_or_else(|| Val::null(node.whole()), |default| self.eval(default));
        // What is not there while checking may be there where it is planned.
        if self.scope.purpose == Purpose::Check {
            Val::unknown(node.whole()).of(&gather([&value], false))
        } else {
            value
        }
    }
}
