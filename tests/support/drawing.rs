//! The programs that drawings are written for: Mermaid's own parser, Graphviz, and Mermaid in a browser.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::{missing, root};

const PACKAGES: &str = "mermaid (npm ci of tests/mermaid in target/mermaid, as .ci/run does)";

/// What another program makes of a drawing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Drawing {
    pub(crate) title: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    /// Why it makes nothing of it.
    pub(crate) error: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) text: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) dashed: bool,
}

/// Where Mermaid was installed; `None`, said aloud, where it was not.
fn mermaid_folder(test: &str) -> Option<PathBuf> {
    let folder = root().join("target/mermaid");
    if folder.join("node_modules/mermaid").is_dir() {
        return Some(folder);
    }
    missing(test, PACKAGES);
    None
}

/// Mermaid texts as Mermaid's parser reads them.
pub(crate) fn mermaid(test: &str, texts: &[String]) -> Option<Vec<Drawing>> {
    let folder = mermaid_folder(test)?;
    let script = fs::read_to_string(root().join("tests/mermaid/read.mjs")).unwrap();
    let reader = Command::new("node")
        .args(["--input-type=module", "--eval", &script])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut reader) = reader else {
        missing(test, "node");
        return None;
    };
    // It reads everything before it writes.
    let input = serde_json::to_vec(texts).unwrap();
    reader.stdin.take().unwrap().write_all(&input).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    let drawings: Vec<Drawing> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(drawings.len(), texts.len());
    Some(drawings)
}

/// A page on which Mermaid draws a text.
pub(crate) fn mermaid_page(test: &str, text: &str) -> Option<String> {
    let script = mermaid_folder(test)?.join("node_modules/mermaid/dist/mermaid.min.js");
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    Some(format!(
        "<!doctype html><meta charset=\"utf-8\"><pre class=\"mermaid\">{text}</pre><script src=\"file://{}\"></script>\
         <script>mermaid.initialize({{ startOnLoad: true }})</script>",
        script.display()
    ))
}

/// Graphviz texts as the SVG that Graphviz makes of each, without a warning.
pub(crate) fn graphviz(test: &str, texts: &[String]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("{at}.dot")).collect();
    for (name, text) in names.iter().zip(texts) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let run = Command::new("dot").args(["-Tsvg", "-O"]).args(&names).current_dir(folder.path()).output();
    let Ok(run) = run else {
        missing(test, "dot (Debian package graphviz)");
        return None;
    };
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.is_empty(), "{said}");
    Some(names.iter().map(|name| fs::read_to_string(folder.path().join(format!("{name}.svg"))).unwrap()).collect())
}
