//! What other people wrote, applied to an empty database: the plan is empty then, and applying again writes nothing.

use std::path::{Path, PathBuf};

use crate::support::shared;
use crate::support::site::Site;

/// What the sources look up and do not bring.
const MISSING: &str = "\
version: 1
entries:
  - {model: authentik_core.user, identifiers: {username: mackleyder}, state: created, attrs: {name: M}}
  - {model: authentik_core.user, identifiers: {username: dinos}, state: created, attrs: {name: D}}
";

/// Sources that cannot be applied, and why.
const REFUSED: [(&str, &str); 2] = [
    ("jhart99__home-ops", "it requires a blueprint that it does not bring"),
    ("melotic__home-ops", "it looks up providers that it does not bring, and a certificate stands in a variable"),
];

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Every variable that the files of a folder read.
fn variables(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(file).unwrap();
        for rest in text.split("!Env").skip(1) {
            let name = rest.trim_start_matches([' ', '[', '"', '\'']);
            found.push(name.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

fn converges(site: &Site, paths: &[&str]) {
    let apply = [&["apply", "--yes"], paths].concat();
    site.run(&apply, &[]).expect(0);
    site.run(&[&["plan", "--detailed-exitcode"], paths].concat(), &[]).expect(0);
    let again = site.run(&apply, &[]).expect(0);
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
    let history = site.run(&["history", "--format", "json"], &[]).expect(0).json();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 1, "{history}");
    site.run(&["drift", "--detailed-exitcode"], &[]).expect(0);
}

fn sources(test: &str, site: impl Fn() -> Option<Site>) {
    let Some(shared) = shared(test) else { return };
    for folder in folders(&shared.join("corpus/public")) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        if REFUSED.iter().any(|(refused, _)| *refused == name) {
            continue;
        }
        let Some(mut site) = site() else { return };
        for variable in variables(&folder) {
            site.set(&variable, &format!("value-of-{variable}"));
        }
        site.sandbox.write("missing.yaml", MISSING);
        converges(&site, &["missing.yaml", folder.to_str().unwrap()]);
    }
    // The peer's own, as it applies them: all folders as one.
    let Some(site) = site() else { return };
    for folder in ["default", "system", "migrations"] {
        for file in std::fs::read_dir(shared.join("corpus/peer").join(folder)).unwrap().map(|entry| entry.unwrap()) {
            let text = std::fs::read_to_string(file.path()).unwrap();
            site.sandbox.write(&format!("peer/{}", file.file_name().to_str().unwrap()), &text);
        }
    }
    converges(&site, &["peer"]);
}

#[test]
fn blueprints_of_other_people_converge_in_sqlite() {
    sources("blueprints_of_other_people_converge_in_sqlite", || Some(Site::sqlite()));
}

#[test]
fn blueprints_of_other_people_converge_in_postgresql() {
    sources("blueprints_of_other_people_converge_in_postgresql", Site::postgres);
}
