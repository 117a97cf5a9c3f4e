//! What is said at length about every code: its examples do what they say.

use std::collections::BTreeSet;

use super::*;
use crate::diagnostic::Code;

/// Codes whose explanation shows no blueprint, with the reason.
const WITHOUT: &[(Code, &str)] = &[
    (Code::Unreadable, "the command finds it while it reads files"),
    (Code::FileTooLarge, "the command finds it while it reads files"),
    (Code::NotUtf8, "the command finds it while it reads files"),
    (Code::UnsupportedModel, "its model would be supported one day, and the example wrong"),
    (Code::NotKnown, "it hangs on what the database tells"),
    (Code::MustCreated, "the planner finds it in the database"),
    (Code::StillReferenced, "the planner finds it in the database"),
];

/// Codes that only a plan can find, as `check` does not ask the world.
const PLANNED: &[Code] = &[Code::FindNothing, Code::UnreadableFile];

/// Codes about files that the command line names.
const NAMED: &[Code] = &[Code::NoBehaviour, Code::OverridesSibling];

/// The blueprints of one half of an explanation.
fn blueprints(part: &str) -> Vec<&str> {
    part.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(text, _)| text).collect()
}

/// What compiling some files finds.
fn found(code: Code, texts: &[&str]) -> (BTreeSet<&'static str>, String) {
    let named = NAMED.contains(&code);
    let files = texts.iter().zip(1..).map(|(text, number)| {
        let path = format!("{number}.yaml");
        SourceFile { layer: if named { number } else { 0 }, named, ..file(&path, text) }
    });
    let sources = sources(files.collect());
    let compilation = if PLANNED.contains(&code) {
        compile(&sources, &TestWorld::default(), &PLAN)
    } else {
        compile(&sources, &UnknownWorld, &CHECK)
    };
    let found = || compilation.diagnostics.iter().filter(|found| !found.code.quiet() || found.code == code);
    (found().map(|found| found.code.name()).collect(), show_findings(&sources, found()))
}

#[test]
fn examples_do_what_they_say() {
    let mut wrong = String::new();
    for code in Code::ALL.iter().copied() {
        let (name, text) = (code.name(), code.explanation());
        let halves = text.split_once("\nWrong:\n").and_then(|(_, rest)| rest.split_once("\nRight:\n"));
        let excused = WITHOUT.iter().any(|(known, _)| *known == code);
        let Some((bad, good)) = halves else {
            if !excused {
                let _ = writeln!(wrong, "{name}: no `Wrong:` with a `Right:` behind it");
            }
            continue;
        };
        assert!(!excused, "{name} has an example now: take it out of the list");
        let (bad, good) = (blueprints(bad), blueprints(good));
        assert!(!bad.is_empty() && !good.is_empty(), "{name}: an example begins with ```yaml");
        let (codes, said) = found(code, &bad);
        if codes != BTreeSet::from([name]) {
            let _ = writeln!(wrong, "{name}: the wrong example gives\n{said}");
        }
        let (codes, said) = found(code, &good);
        if !codes.is_empty() {
            let _ = writeln!(wrong, "{name}: the right example gives\n{said}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn explanations_read_well() {
    for code in Code::ALL {
        let text = code.explanation();
        let begin = text.split("\n\n").next().unwrap().trim_end();
        assert!(begin.len() > 80 && begin.ends_with('.'), "{}: say what the rule is for", code.name());
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{}: no blank lines too many", code.name());
        assert!(text.lines().all(|line| line.chars().count() <= 100 && line.trim_end() == line), "{}", code.name());
    }
}

#[test]
fn codes_are_found_by_name() {
    assert!(Code::ALL.iter().all(|code| Code::named(code.name()) == Some(*code)));
    assert_eq!(Code::named("no-such-code"), None);
    assert_eq!(Code::suggest("unknwon-model"), Some(Code::UnknownModel));
    assert_eq!(Code::suggest("harbour"), None);
}
