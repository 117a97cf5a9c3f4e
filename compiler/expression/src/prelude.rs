//! The Python around an expression: classes, functions, and what takes values in and out.
//!
//! `prelude/*.py` in parts; [`text`] puts together those that an expression needs, in the order of the files. A function
//! that this version has no body for becomes a call of the host.

use std::collections::BTreeSet;
use std::sync::LazyLock;

const CORE: &str = include_str!("prelude/core.py");
const FUNCTIONS: &str = include_str!("prelude/functions.py");
const MODULES: &str = include_str!("prelude/modules.py");

struct Part {
    name: &'static str,
    needs: Vec<&'static str>,
    text: &'static str,
}

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| [CORE, FUNCTIONS, MODULES].into_iter().flat_map(parts).collect());

fn parts(file: &'static str) -> impl Iterator<Item = Part> {
    // What comes before the first mark is about the file.
    file.split("\n#: ").skip(1).filter_map(|part| {
        let (head, text) = part.split_once('\n')?;
        let mut words = head.split_whitespace();
        let name = words.next()?;
        Some(Part { name, needs: words.skip(1).collect(), text })
    })
}

/// What an expression takes from the prelude.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Parts by name.
    pub(crate) parts: BTreeSet<String>,
    /// Those that an import stands for.
    pub(crate) imported: BTreeSet<&'static str>,
    /// Functions that go to the host.
    pub(crate) host: BTreeSet<String>,
    /// Variables of the evaluation that it reads.
    pub(crate) variables: BTreeSet<String>,
    /// Attributes that it assigns.
    pub(crate) stored: BTreeSet<String>,
}

/// The text before the function around the expression.
pub(crate) fn text(wanted: &Wanted) -> String {
    let mut names: BTreeSet<&str> = wanted.parts.iter().map(String::as_str).collect();
    names.insert("core");
    names.extend(&wanted.imported);
    // What a part needs comes before it, so one pass from the end finds everything.
    for part in PARTS.iter().rev() {
        if names.contains(part.name) {
            names.extend(&part.needs);
        }
    }
    let stored: Vec<String> = wanted.stored.iter().map(|name| format!("'{name}'")).collect();
    let mut made = format!("_gw_stored = [{}]\n", stored.join(", "));
    for part in PARTS.iter().filter(|part| names.contains(part.name)) {
        made.push_str(part.text);
    }
    for name in &wanted.host {
        made.push_str(&format!("\ndef {name}(*args, **kwargs):\n    return _gw_call('{name}', args, kwargs)\n"));
    }
    // The expression may bind the name itself, so imports reach these by another.
    for name in wanted.imported.iter().filter(|name| !name.starts_with("_gw_")) {
        made.push_str(&format!("_gw_import_{name} = {name}\n"));
    }
    for name in &wanted.variables {
        made.push_str(&binding(name));
    }
    made
}

/// Binds a variable where it has a value; without one it stays unknown, and reading it is a NameError.
pub(crate) fn binding(name: &str) -> String {
    format!("if '{name}' in _gw_env: {name} = _gw_env['{name}']\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_is_a_part_that_comes_before() {
        for (index, part) in PARTS.iter().enumerate() {
            for need in &part.needs {
                let found = PARTS.iter().position(|other| other.name == *need);
                assert!(found.is_some_and(|found| found < index), "{} needs {need}", part.name);
            }
        }
    }
}
