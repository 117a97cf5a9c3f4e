//! Files as people write them, in `wild/`: a comment `#~ code` at the end of a line is what is found there, on top of
//! the shipped set. What a line does not say must not be found.

use std::fmt::Write as _;
use std::path::Path;

use super::corpus::{layer, yaml_files};
use super::*;
use crate::diagnostic::Code;

#[test]
fn every_file_says_what_is_found_in_it() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = here.join("../blueprints");
    if !shipped.is_dir() {
        return;
    }
    let mut wrong = String::new();
    for path in yaml_files(&here.join("src/tests/wild")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut files = layer(&shipped, 0);
        files.push(SourceFile { layer: 1, included: true, ..file(path.file_name().unwrap().to_str().unwrap(), &text) });
        let sources = sources(files);
        let compilation = compile(&sources, &UnknownWorld, &CHECK);
        let (said, found) = (said(&text), found(&sources, &compilation));
        if said != found {
            let name = path.file_name().unwrap().display();
            writeln!(wrong, "{name}: said {said:?}\n  found {found:?}\n{}", findings(&sources, &compilation)).unwrap();
        }
    }
    assert_eq!(wrong, "");
}

/// The lines of a file that say what is found on them.
fn said(text: &str) -> Vec<(usize, String)> {
    let mut said = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let codes = line.split_once("#~ ").map_or("", |(_, codes)| codes);
        said.extend(codes.split_whitespace().map(|code| (at + 1, code.to_owned())));
    }
    said
}

/// Codes that hang on more than the file: a variable that is not set here, what this version does not have or do yet.
const ELSEWHERE: &[Code] = &[Code::UnsetEnv, Code::UnsupportedModel, Code::NoBehaviour];

/// What is found, by line.
fn found(sources: &Sources, compilation: &Compilation) -> Vec<(usize, String)> {
    let telling =
        compilation.diagnostics.iter().filter(|found| !ELSEWHERE.contains(&found.code) && !found.code.quiet());
    telling
        .map(|found| {
            let line = found.span.map_or(0, |span| sources.position(span.file, span.start).line);
            (line, found.code.name().to_owned())
        })
        .collect()
}
