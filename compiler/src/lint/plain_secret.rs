//! Secrets that stand in a file for everybody to read.

use super::EntryView;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::What;

pub(super) fn lint(entry: &EntryView<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    for (name, _, value) in entry.fields() {
        if entry.model.field(name).is_none_or(|field| field.secret.is_none()) {
            continue;
        }
        value.any(&mut |part| {
            let written = part.node.is_some() && matches!(&part.what, What::Text(text) if !text.is_empty());
            if written {
                let message = format!("`{name}` is a secret, and stands here in plain text");
                diagnostics.push(
                    Diagnostic::at(Code::PlainSecret, part.span, message)
                        .help("take it from the environment or from a file: `!Env NAME`, `!File path`"),
                );
            }
            written
        });
    }
}
