//! What people see in an editor: the real yaml-language-server on our schema.
//!
//! It runs as `docs/editor.md` says, whose settings are held against the tags of the language here.

use std::fs;
use std::path::{Path, PathBuf};

use gatewright_compiler::models::models;
use gatewright_compiler::schema::custom_tags;

use crate::support::editor::{Editor, Finding};
use crate::support::sandbox::Sandbox;
use crate::support::{root, shared};

const HEAD: &str = "version: 1\nentries:\n";

fn labels(offered: &[(String, String)]) -> Vec<&str> {
    offered.iter().map(|(label, _)| label.as_str()).filter(|label| !label.starts_with('!')).collect()
}

fn blueprints(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    walk.filter(|path| path.extension().is_some_and(|it| it == "yaml" || it == "yml")).collect()
}

/// The same text without the address of another schema.
fn without_schema(text: &str) -> String {
    text.replace("yaml-language-server:", "of another schema:")
}

#[test]
fn names_and_values_are_completed() {
    let Some(mut editor) = Editor::start("names_and_values_are_completed") else { return };
    let models_offered = editor.complete("models.yaml", &format!("{HEAD}  - model: ¦\n"));
    for model in models() {
        let offered = models_offered.iter().any(|(_, inserted)| inserted == model.name);
        assert!(offered, "{} is not offered: {models_offered:?}", model.name);
    }

    let flow = format!("{HEAD}  - model: authentik_flows.flow\n    identifiers:\n      slug: a\n    attrs:\n      ");
    let attributes = editor.complete("attributes.yaml", &format!("{flow}¦\n"));
    for name in ["name", "title", "designation", "authentication", "denied_action"] {
        assert!(labels(&attributes).contains(&name), "`{name}` is not offered: {attributes:?}");
    }
    for name in ["stage", "target", "order", "user_fields", "model", "incomplete", "null"] {
        assert!(!labels(&attributes).contains(&name), "`{name}` is of another model: {attributes:?}");
    }
    let begun = editor.complete("begun.yaml", &format!("{flow}name: A\n      tit¦\n"));
    assert!(labels(&begun).contains(&"title") && !labels(&begun).contains(&"name"), "{begun:?}");
    let inserted = |name: &str| attributes.iter().find(|(label, _)| label == name).unwrap().1.clone();
    assert_eq!(inserted("layout"), "layout: ${1:stacked}", "the default is offered");
    assert!(inserted("what a new flow needs").contains("title: $2"), "{attributes:?}");

    let designations = editor.complete("values.yaml", &format!("{flow}designation: ¦\n"));
    let wanted = [
        "authentication",
        "authorization",
        "invalidation",
        "enrollment",
        "unenrollment",
        "recovery",
        "stage_configuration",
    ];
    assert_eq!(labels(&designations), wanted);
    let states = editor.complete("state.yaml", &format!("{HEAD}  - model: authentik_flows.flow\n    state: ¦\n"));
    assert_eq!(labels(&states), ["present", "created", "must_created", "absent"]);
    let fields = editor.complete(
        "items.yaml",
        &format!("{HEAD}  - model: authentik_stages_identification.identificationstage\n    identifiers: {{name: a}}\n    attrs:\n      user_fields:\n        - ¦\n"),
    );
    assert_eq!(labels(&fields), ["email", "username", "upn"]);
    let switch = editor.complete("switch.yaml", &format!("{flow}compatibility_mode: ¦\n"));
    assert_eq!(labels(&switch), ["false", "true"]);
    let keys = editor.complete("keys.yaml", &format!("{HEAD}  - model: authentik_flows.flow\n    ¦\n"));
    for key in ["identifiers", "attrs", "state", "id", "conditions", "permissions"] {
        assert!(labels(&keys).contains(&key), "`{key}` is not offered: {keys:?}");
    }
    let tags: Vec<&str> = switch.iter().map(|(label, _)| label.as_str()).filter(|it| it.starts_with('!')).collect();
    assert!(tags.contains(&"!KeyOf") && tags.contains(&"!Env"), "tags are offered: {tags:?}");
    assert_eq!(editor.complaints(), "");
}

#[test]
fn attributes_are_explained() {
    let Some(mut editor) = Editor::start("attributes_are_explained") else { return };
    let head = format!("{HEAD}  - model: authentik_flows.flow\n    identifiers: {{slug: a}}\n    attrs:\n      ");
    let shown = editor.hover("hover.yaml", &format!("{head}desig¦nation: recovery\n"));
    assert!(shown.contains("What it is for.") && shown.contains("Needed for a new flow."), "{shown}");
    assert!(shown.contains("Logging out."), "the choices have texts: {shown}");
    let binding =
        format!("{HEAD}  - model: authentik_flows.flowstagebinding\n    identifiers:\n      sta¦ge: !KeyOf a\n");
    let shown = editor.hover("reference.yaml", &binding);
    assert!(shown.contains("Refers to a stage"), "{shown}");
}

#[test]
fn slips_are_reported() {
    let Some(mut editor) = Editor::start("slips_are_reported") else { return };
    let mut says = |attrs: &str| -> Vec<Finding> {
        let name = format!("slip-{}.yaml", attrs.trim().split(':').next().unwrap());
        let text =
            format!("{HEAD}  - model: authentik_flows.flow\n    identifiers:\n      slug: a\n    attrs:\n{attrs}");
        editor.check(&name, &text)
    };
    let one = |found: Vec<Finding>, line: u64, text: &str| {
        assert!(found.len() == 1 && found[0].0 == line && found[0].1.contains(text), "{found:?}");
    };
    one(says("      titel: Hello\n"), 7, "titel is not allowed");
    one(says("      designation: recover\n"), 7, "Value is not accepted");
    one(says("      compatibility_mode: maybe\n"), 7, "true or false");
    one(says("      name: A\n      title: A\n"), 6, "What is new needs `designation`.");
    assert_eq!(says("      layout: content_left\n"), [], "a flow of another file may be changed");
    let binding =
        "  - model: authentik_flows.flowstagebinding\n    identifiers: {target: my-flow, stage: !KeyOf a, order: 1}\n";
    one(editor.check("key.yaml", &format!("{HEAD}{binding}")), 4, "`!KeyOf` or `!Find`");
    one(
        editor.check("model.yaml", &format!("{HEAD}  - model: authentik_flows.flo\n    identifiers: {{slug: a}}\n")),
        3,
        "Value is not accepted",
    );
    one(
        editor.check(
            "tag.yaml",
            &format!("{HEAD}  - model: authentik_flows.flow\n    identifiers: {{slug: !Contxt a}}\n"),
        ),
        4,
        "Unresolved tag",
    );
}

/// Every tag of the language in every form, at places that take texts, choices, numbers, switches, lists, maps and keys.
#[test]
fn tags_are_fine_everywhere() {
    let Some(mut editor) = Editor::start("tags_are_fine_everywhere") else { return };
    let places = [
        ("authentik_flows.flow", "title"),
        ("authentik_flows.flow", "slug"),
        ("authentik_flows.flow", "designation"),
        ("authentik_flows.flow", "compatibility_mode"),
        ("authentik_flows.flowstagebinding", "order"),
        ("authentik_flows.flowstagebinding", "target"),
        ("authentik_core.user", "email"),
        ("authentik_core.group", "users"),
        ("authentik_core.group", "attributes"),
        ("authentik_rbac.role", "permissions"),
        ("authentik_stages_identification.identificationstage", "user_fields"),
        ("authentik_stages_password.passwordstage", "backends"),
        ("authentik_stages_user_login.userloginstage", "session_duration"),
    ];
    for (at, tag) in custom_tags().iter().enumerate() {
        let (name, form) = tag.trim_end_matches(":null").split_once(' ').unwrap();
        let value =
            if form == "scalar" { format!("{name} some-word") } else { format!("{name} [one, 2, {{three: [four]}}]") };
        let mut text = HEAD.to_owned();
        for (model, attribute) in places {
            text += &format!(
                "  - model: {model}\n    state: {value}\n    identifiers: {{pk: 1}}\n    attrs: {{{attribute}: {value}}}\n    conditions: [{value}]\n"
            );
        }
        text += &format!("  - {{model: {value}, identifiers: {{a: {value}}}}}\n  - {value}\n");
        assert_eq!(editor.check(&format!("tag-{at}.yaml"), &text), [], "{value}");
    }
}

#[test]
fn nothing_is_said_about_shipped_blueprints() {
    let Some(mut editor) = Editor::start("nothing_is_said_about_shipped_blueprints") else { return };
    let folder = root().join("blueprints");
    let files = blueprints(&folder);
    assert!(!files.is_empty());
    for path in files {
        let name = format!("../{}", path.strip_prefix(&folder).unwrap().display());
        assert_eq!(editor.check(&name, &fs::read_to_string(&path).unwrap()), [], "{name}");
    }
    assert_eq!(editor.complaints(), "", "nothing was fetched");
}

/// Files of others: the editor may only be against what the compiler finds at the same line.
#[test]
fn errors_about_other_peoples_files_are_true() {
    let test = "errors_about_other_peoples_files_are_true";
    let Some(shared) = shared(test) else { return };
    let Some(mut editor) = Editor::start(test) else { return };
    let sandbox = Sandbox::new();
    let (mut files, mut wrong) = (0, Vec::new());
    for (at, path) in blueprints(&shared.join("corpus")).into_iter().enumerate() {
        if path.starts_with(shared.join("corpus/yaml-test-suite")) {
            continue;
        }
        files += 1;
        let text = fs::read_to_string(&path).unwrap();
        let said = editor.check(&format!("corpus-{at}.yaml"), &without_schema(&text));
        // An anchor that no alias names is a hint, no error.
        let said: Vec<Finding> = said.into_iter().filter(|(_, text)| !text.starts_with("Unused anchor")).collect();
        if said.is_empty() {
            continue;
        }
        let found = sandbox.run(&["check", "--format", "json", path.to_str().unwrap()]).json();
        let lines: Vec<u64> =
            found["diagnostics"].as_array().unwrap().iter().filter_map(|it| it["line"].as_u64()).collect();
        let untrue = said.into_iter().filter(|(line, _)| !lines.contains(line));
        wrong.extend(untrue.map(|(line, text)| format!("{}:{line}: {text}", path.display())));
    }
    assert!(files > 90, "there are files");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_settings_of_the_page_list_every_tag() {
    let page = fs::read_to_string(root().join("docs/editor.md")).unwrap();
    let lists: Vec<&str> = page.split("```").skip(1).step_by(2).filter(|block| block.contains("ustomTags")).collect();
    assert!(lists.len() >= 3, "VS Code, Neovim and Helix have their settings");
    let tag = regex::Regex::new(r#""(![A-Za-z]+ (?:scalar|sequence):null)""#).unwrap();
    let wanted = custom_tags();
    for block in lists {
        let listed: Vec<&str> = tag.captures_iter(block).map(|found| found.get(1).unwrap().as_str()).collect();
        assert_eq!(listed, wanted, "in\n{block}");
    }
    let lock = fs::read_to_string(root().join("tests/editor/package-lock.json")).unwrap();
    let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
    let version = lock["packages"]["node_modules/yaml-language-server"]["version"].as_str().unwrap();
    assert!(page.contains(version), "the page names the version that is tested, {version}");
}

#[test]
fn the_lock_files_name_no_registry() {
    for name in ["editor", "mermaid"] {
        let lock = fs::read_to_string(root().join("tests").join(name).join("package-lock.json")).unwrap();
        assert!(!lock.contains("\"resolved\"") && lock.contains("\"integrity\""));
    }
}
