//! Objects that get in each other's way although no key says so: two default brands, users `Ada` and `ada`, two
//! applications with one provider.

use std::collections::HashMap;

use super::Linker;
use super::layers::Stack;
use crate::desired::Presence;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::{ObjectId, What};
use crate::source::Span;

impl<'a> Linker<'a> {
    /// Warns of them.
    pub(super) fn alike(&mut self, stacks: &[(ObjectId, Stack<'a>)]) {
        let mut default: Option<Span> = None;
        let mut users: HashMap<String, Span> = HashMap::new();
        let mut served: HashMap<String, Span> = HashMap::new();
        let there = |stack: &&Stack<'a>| stack.presence != Presence::Absent;
        for stack in stacks.iter().map(|(_, stack)| stack).filter(there) {
            let field = |name: &str| stack.fields.get(name).map(|field| &field.value);
            match stack.model.name {
                "authentik_brands.brand" => {
                    let Some(value) = field("default").filter(|value| matches!(value.what, What::Bool(true))) else {
                        continue;
                    };
                    match default {
                        Some(first) => self.diagnostics.push(
                            Diagnostic::at(Code::Conflict, value.span, "another brand is the default already")
                                .severity(Severity::Warning)
                                .help(
                                    "only one brand can be used where no domain fits: give the other `default: false`",
                                )
                                .related(first, "the other one"),
                        ),
                        None => default = Some(value.span),
                    }
                }
                "authentik_core.user" => {
                    let Some((What::Text(name), span)) = field("username").map(|value| (&value.what, value.span))
                    else {
                        continue;
                    };
                    if let Some(first) = users.insert(name.to_lowercase(), span) {
                        let message = format!("another user is called `{name}` too, but for the case of letters");
                        self.diagnostics.push(
                            Diagnostic::at(Code::Conflict, span, message)
                                .severity(Severity::Warning)
                                .help("people take them for the same user: rename one")
                                .related(first, "the other one"),
                        );
                    }
                }
                "authentik_core.application" => {
                    let provider = field("provider").filter(|value| !matches!(value.what, What::Null | What::Nothing));
                    let Some((value, key)) = provider.and_then(|value| Some((value, self.objects.canonical(value)?)))
                    else {
                        continue;
                    };
                    if let Some(first) = served.insert(key, value.span) {
                        let message = "another application has this provider already";
                        self.diagnostics.push(
                            value
                                .finding(Code::Conflict, message)
                                .help("a provider serves one application: declare a second provider for this one")
                                .related(first, "the other one"),
                        );
                    }
                }
                _ => {}
            }
        }
    }
}
