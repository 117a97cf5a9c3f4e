//! Blueprints of other people: checked and applied as they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;
use crate::support::{root, shared};

fn peer(test: &str) -> Option<PathBuf> {
    shared(test).map(|shared| shared.join("corpus/peer"))
}

#[test]
fn the_peers_default_set_has_no_mistakes() {
    let Some(peer) = peer("the_peers_default_set_has_no_mistakes") else { return };
    let sandbox = Sandbox::new();
    sandbox.run(&["check", peer.join("default").to_str().unwrap()]).expect(0);
    sandbox.run(&["check", "--no-shipped", peer.join("default").to_str().unwrap()]).expect(0);
}

#[test]
fn the_peers_examples_have_no_mistakes() {
    let Some(peer) = peer("the_peers_examples_have_no_mistakes") else { return };
    let sandbox = Sandbox::new();
    for example in std::fs::read_dir(peer.join("example")).unwrap() {
        let example = example.unwrap().path();
        sandbox.run(&["check", peer.join("default").to_str().unwrap(), example.to_str().unwrap()]).expect(0);
    }
}

#[tokio::test]
async fn the_peers_default_set_applies_on_top_and_logs_in() {
    let Some(peer) = peer("the_peers_default_set_applies_on_top_and_logs_in") else { return };
    let default = peer.join("default");
    let default = default.to_str().unwrap();
    let sandbox = Sandbox::new();
    sandbox.run(&["apply"]).expect(0);
    sandbox.run(&["apply", "--yes", default]).expect(0);
    sandbox.run(&["plan", "--detailed-exitcode", default]).expect(0);
    let server = Server::start(
        &sandbox,
        &["--blueprints", default],
        &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", "Orchid-Lantern-41"), ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com")],
    );
    let client = Client::new(&server.url);
    assert_eq!(
        client.log_in("akadmin", "Orchid-Lantern-41").await,
        json!({ "component": "xak-flow-redirect", "to": "/" })
    );
    assert!(client.is_logged_in().await);
    let other = Client::new(&server.url);
    let refused = other.log_in("root@example.com", "wrong").await;
    assert_eq!(refused["component"], "ak-stage-password", "{refused}");
}

/// What is found in a file, and why that is right.
struct Line {
    codes: String,
    why: String,
}

/// `tests/corpus.tsv` says of every file what is found in it on top of the shipped set: each file of the peer by itself,
/// the files of everybody else with those of the same folder.
#[test]
fn every_file_is_found_as_the_table_says() {
    let Some(shared) = shared("every_file_is_found_as_the_table_says") else { return };
    let corpus = shared.join("corpus");
    let mut found = BTreeMap::new();
    for file in blueprints(&corpus.join("peer")) {
        measure(&corpus, &file, &mut found);
    }
    for folder in std::fs::read_dir(corpus.join("public")).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() {
            measure(&corpus, &folder, &mut found);
        }
    }
    let table = root().join("tests/corpus.tsv");
    let known = read(&std::fs::read_to_string(&table).unwrap_or_default());
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        std::fs::write(&table, write(&found, &known)).unwrap();
    }
    let known = read(&std::fs::read_to_string(&table).unwrap());
    let mut wrong = String::new();
    for (file, codes) in &found {
        match known.get(file) {
            Some(line) if line.codes != *codes => {
                writeln!(wrong, "{file}: {codes}, in the table {}", line.codes).unwrap()
            }
            Some(line) if codes != "ok" && line.why.is_empty() => writeln!(wrong, "{file}: {codes}, but why?").unwrap(),
            Some(_) => {}
            None => writeln!(wrong, "{file}: {codes}, and not in the table").unwrap(),
        }
    }
    known.keys().filter(|file| !found.contains_key(*file)).for_each(|file| writeln!(wrong, "{file} is gone").unwrap());
    assert!(wrong.is_empty(), "UPDATE_CORPUS=1 writes what is found into tests/corpus.tsv:\n{wrong}");
}

fn blueprints(folder: &Path) -> Vec<PathBuf> {
    let is_yaml = |path: &Path| path.extension().is_some_and(|extension| extension == "yaml");
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| is_yaml(path))
        .collect()
}

/// Checks a file or a folder.
fn measure(corpus: &Path, path: &Path, found: &mut BTreeMap<String, String>) {
    let name = |path: &Path| path.strip_prefix(corpus).map(|path| path.display().to_string()).unwrap_or_default();
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> =
        blueprints(path).iter().map(|path| (name(path), BTreeMap::new())).collect();
    let answer = Sandbox::new().run(&["check", "--format", "json", path.to_str().unwrap()]).json();
    for one in answer["diagnostics"].as_array().unwrap().iter().filter(|one| telling(one)) {
        let code = format!("{} {}", one["severity"].as_str().unwrap(), one["code"].as_str().unwrap());
        // What is found in the shipped set counts under a name of its own: nothing should be.
        let file = name(Path::new(one["file"].as_str().unwrap_or_default()));
        *counts.entry(file).or_default().entry(code).or_default() += 1;
    }
    for (file, counts) in counts {
        let codes: Vec<String> = counts.into_iter().map(|(code, count)| format!("{count} {code}")).collect();
        found.insert(file, if codes.is_empty() { "ok".to_owned() } else { codes.join(", ") });
    }
}

/// What is said of every file alike does not count: no variable is set here, and some models wait for a later version.
fn telling(one: &serde_json::Value) -> bool {
    one["severity"] != "info" && one["code"] != "no-behaviour"
}

fn read(table: &str) -> BTreeMap<String, Line> {
    let columns = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        let file = columns.next()?;
        Some((file, Line { codes: columns.next()?, why: columns.next().unwrap_or_default() }))
    };
    table.lines().skip(1).filter_map(columns).collect()
}

fn write(found: &BTreeMap<String, String>, known: &BTreeMap<String, Line>) -> String {
    let mut table = "file\tfound\twhy that is right\n".to_owned();
    for (file, codes) in found {
        let why = known.get(file).filter(|_| codes != "ok").map_or("", |line| line.why.as_str());
        writeln!(table, "{file}\t{codes}\t{why}").unwrap();
    }
    table
}
