//! `metaapplyblueprint`: all files are one program, so it only asks that the other file is part of it.

use std::collections::HashSet;

use super::Linker;
use super::entry::{Status, Work};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::What;
use crate::suggest::did_you_mean;

impl<'a> Linker<'a> {
    /// Reports required blueprints that are not in the program.
    pub(super) fn metas(&mut self) {
        let mut names: HashSet<&str> = HashSet::new();
        let mut paths: HashSet<&str> = HashSet::new();
        for blueprint in &self.blueprints {
            let path = self.sources.get(blueprint.file).map_or("", |file| file.relative.as_str());
            names.insert(blueprint.name.as_deref().unwrap_or(path));
            paths.insert(path);
        }
        let mut missing = Vec::new();
        for work in self.works.iter().filter(|work| work.status == Status::Meta) {
            missing.extend(self.meta(work, &names, &paths));
        }
        self.diagnostics.extend(missing);
    }

    fn meta(&self, work: &Work<'a>, names: &HashSet<&str>, paths: &HashSet<&str>) -> Option<Diagnostic> {
        let attr = |name: &str| work.attrs.iter().find(|(known, ..)| known == name).map(|(_, _, value)| value);
        if attr("required").is_some_and(|value| value.truth() == Some(false)) {
            return None;
        }
        let identifiers = attr("identifiers")?;
        let What::Map(pairs) = &identifiers.what else {
            return None;
        };
        for (name, _, value) in pairs {
            let What::Text(wanted) = &value.what else {
                continue;
            };
            let there = match &**name {
                "name" => names.contains(&**wanted),
                "path" => paths.iter().any(|path| same_path(path, wanted)),
                _ => true,
            };
            if !there {
                let known = if name == "path" { paths } else { names };
                let mut known: Vec<&str> = known.iter().copied().collect();
                known.sort_unstable();
                let message = format!("the blueprint `{wanted}` is required and not there");
                let help = did_you_mean(wanted, known)
                    .unwrap_or_else(|| "add its file to the command line, or write `required: false`".to_owned());
                return Some(Diagnostic::at(Code::MissingBlueprint, value.span, message).help(help));
            }
        }
        None
    }
}

/// Paths count from the folder that was given, which may be any part of the peer's folder.
fn same_path(path: &str, wanted: &str) -> bool {
    let ends =
        |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    ends(path, wanted) || ends(wanted, path)
}
