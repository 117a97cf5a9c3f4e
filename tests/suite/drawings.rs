//! Drawings are read by the programs that they are written for, which see in them what the JSON says.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use serde_json::Value as Json;

use crate::support::browser::Browser;
use crate::support::drawing::{Drawing, Edge, graphviz, mermaid, mermaid_page};
use crate::support::sandbox::Sandbox;
use crate::support::{root, shared};

/// A drawing in the formats that others read.
struct Formats {
    of: String,
    mermaid: String,
    dot: String,
    json: Json,
}

fn draw(args: &[&str]) -> Formats {
    let sandbox = Sandbox::new();
    let write = |format: &str| {
        let run = sandbox.run(&[&["graph", "--format", format], args].concat());
        // What has mistakes is drawn too.
        assert!(run.code == 0 || run.code == 1 && run.stderr.contains("error"), "{args:?}: {}", run.stderr);
        run.stdout
    };
    let json = serde_json::from_str(&write("json")).unwrap();
    Formats { of: args.join(" "), mermaid: write("mermaid"), dot: write("dot"), json }
}

/// All objects, then every flow that is not there for others alone.
fn draw_with_flows(args: &[&str]) -> Vec<Formats> {
    let all = draw(args);
    let is_flow = |node: &&Json| node["model"] == "authentik_flows.flow" && node["mark"] != "absent";
    let mut slugs: Vec<String> = all.json["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(is_flow)
        .map(|flow| flow["name"].as_str().unwrap().to_owned())
        .filter(|slug| !slug.is_empty())
        .collect();
    slugs.dedup();
    let flows = slugs.iter().map(|slug| draw(&[&["--flow", slug], args].concat())).collect::<Vec<_>>();
    std::iter::once(all).chain(flows).collect()
}

fn awkward() -> String {
    root().join("tests/cases/graph-awkward/awkward.yaml").display().to_string()
}

/// White space may be lost where a text is wrapped, and what keeps two signs apart is not seen.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
}

/// The texts of a box, as far as every format shows them.
fn words(json: &Json) -> impl Iterator<Item = String> {
    let facts = json["facts"].as_array().unwrap().iter();
    let texts = [&json["heading"], &json["name"]].into_iter().chain(facts);
    texts.map(|text| dense(text.as_str().unwrap()).chars().take(300).collect())
}

/// The lines of the JSON, with the names that boxes have in the other formats.
fn edges(json: &Json) -> Vec<Edge> {
    let edges = json["edges"].as_array().unwrap().iter();
    let mut edges: Vec<Edge> = edges
        .map(|edge| Edge {
            from: format!("n{}", edge["from"]),
            to: format!("n{}", edge["to"]),
            label: edge["label"].as_str().unwrap().to_owned(),
            dashed: edge["dashed"] == true,
        })
        .collect();
    edges.sort();
    edges
}

#[track_caller]
fn assert_boxes(of: &str, json: &Json, texts: &HashMap<String, String>) {
    let nodes = json["nodes"].as_array().unwrap();
    assert_eq!(texts.len(), nodes.len(), "{of}");
    for node in nodes {
        let text = &texts[&format!("n{}", node["id"])];
        for words in words(node) {
            assert!(text.contains(&words), "{of}: no {words} in {text}");
        }
    }
}

fn assert_read_by_mermaid(test: &str, drawings: &[Formats]) {
    let texts: Vec<String> = drawings.iter().map(|drawing| drawing.mermaid.clone()).collect();
    let Some(read) = mermaid(test, &texts) else { return };
    for (drawing, mut read) in drawings.iter().zip(read) {
        assert_eq!(read.error, None, "{}:\n{}", drawing.of, drawing.mermaid);
        read.edges.sort();
        assert_eq!(read.edges, edges(&drawing.json), "{}", drawing.of);
        let tags = ["<i>", "</i>", "<b>", "</b>", "<br/>"];
        let plain = |text: &str| tags.iter().fold(dense(text), |text, tag| text.replace(tag, ""));
        let texts = read.nodes.iter().map(|node| (node.id.clone(), plain(&node.text))).collect();
        let mut json = drawing.json.clone();
        // Where an awkward name holds a tag, it was taken out as well.
        for node in json["nodes"].as_array_mut().unwrap() {
            let name = tags.iter().fold(node["name"].as_str().unwrap().to_owned(), |name, tag| name.replace(tag, ""));
            node["name"] = name.into();
        }
        assert_boxes(&drawing.of, &json, &texts);
    }
}

fn assert_read_by_graphviz(test: &str, drawings: &[Formats]) {
    let texts: Vec<String> = drawings.iter().map(|drawing| drawing.dot.clone()).collect();
    let Some(read) = graphviz(test, &texts) else { return };
    for (drawing, svg) in drawings.iter().zip(read) {
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let svg = roxmltree::Document::parse_with_options(&svg, options).unwrap();
        // A group for each box and line, with its name and then its texts.
        let groups = |class: &str| {
            let all = svg.descendants().filter(move |group| group.attribute("class") == Some(class));
            all.map(|group| {
                let title = group.children().find(|it| it.has_tag_name("title")).unwrap().text().unwrap();
                let texts = group.descendants().filter(|it| it.has_tag_name("text")).filter_map(|it| it.text());
                let dashed = group.descendants().any(|it| it.attribute("stroke-dasharray").is_some());
                (title.to_owned(), texts.collect::<Vec<_>>().concat(), dashed)
            })
            .collect::<Vec<_>>()
        };
        let texts = groups("node").into_iter().map(|(name, text, _)| (name, dense(&text))).collect();
        assert_boxes(&drawing.of, &drawing.json, &texts);
        let lines = groups("edge").into_iter().map(|(name, label, dashed)| {
            let (from, to) = name.split_once("->").unwrap();
            Edge { from: from.to_owned(), to: to.to_owned(), label, dashed }
        });
        let mut lines: Vec<Edge> = lines.collect();
        lines.sort();
        assert_eq!(lines, edges(&drawing.json), "{}", drawing.of);
    }
}

fn assert_read(test: &str, drawings: &[Formats]) {
    assert_read_by_mermaid(test, drawings);
    assert_read_by_graphviz(test, drawings);
}

#[test]
fn the_shipped_set_is_read_by_others() {
    let drawings = draw_with_flows(&[]);
    assert!(drawings.len() > 10);
    assert_read("the_shipped_set_is_read_by_others", &drawings);
}

#[test]
fn awkward_names_are_read_by_others() {
    let drawings = draw_with_flows(&["--no-shipped", &awkward()]);
    assert_eq!(drawings.len(), 2);
    assert_read("awkward_names_are_read_by_others", &drawings);
}

#[test]
fn drawings_of_other_peoples_files_are_read_by_others() {
    let test = "drawings_of_other_peoples_files_are_read_by_others";
    let Some(shared) = shared(test) else { return };
    let corpus = shared.join("corpus");
    let mut drawings = draw_with_flows(&["--no-shipped", corpus.join("peer/default").to_str().unwrap()]);
    let files = ["peer/example", "public"].into_iter().flat_map(|folder| walkdir::WalkDir::new(corpus.join(folder)));
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().into_path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    assert!(files.len() > 60);
    for file in files {
        drawings.extend(draw_with_flows(&["--no-shipped", file.to_str().unwrap()]));
    }
    assert_read(test, &drawings);
}

/// The parser keeps texts as they are written; only the drawing turns them back.
#[tokio::test]
async fn awkward_names_are_drawn_as_they_are() {
    let test = "awkward_names_are_drawn_as_they_are";
    let drawing = draw(&["--no-shipped", "--flow", "awkward", &awkward()]);
    let Some(page) = mermaid_page(test, &drawing.mermaid) else { return };
    let Some(browser) = Browser::start(test).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    fs::write(&path, page).unwrap();
    browser.open(&format!("file://{}", path.display())).await;
    browser.find("svg .node").await;
    let drawn = dense(&browser.text().await);
    for node in drawing.json["nodes"].as_array().unwrap() {
        for words in words(node) {
            assert!(drawn.contains(&words), "no {words} in {drawn}");
        }
    }
    browser.close().await;
}

/// From, to, and what has to be the case.
type Way = (String, String, &'static str);

fn outcome(label: &str) -> &'static str {
    match label {
        "Policy passed" | "Requirement fulfilled" | "pass" | "fulfilled" => "pass",
        "Policy denied" | "Requirement not fulfilled" | "fail" | "not fulfilled" => "fail",
        "" => "",
        _ => panic!("{label}"),
    }
}

/// A diagram of the peer. Kinds have other titles there, so that only names count.
fn ways_there(drawing: &Drawing) -> BTreeSet<Way> {
    let name = |id: &str| {
        let text = &drawing.nodes.iter().find(|node| node.id == id).unwrap().text;
        match id {
            "flow_start" => "the flow".to_owned(),
            "done" => "the end".to_owned(),
            _ => text.rsplit('\n').next().unwrap().to_owned(),
        }
    };
    let steps = drawing.edges.iter().filter(|edge| edge.from != "flow_pre");
    let ways = steps.map(|edge| {
        let entry = edge.from.starts_with("flow_policy") && edge.label.is_empty();
        (name(&edge.from), name(&edge.to), if entry { "pass" } else { outcome(&edge.label) })
    });
    ways.collect()
}

/// Our own, without what only we draw, and with what `docs/compatibility.md` lists taken back.
fn ways_here(drawing: &Json) -> BTreeSet<Way> {
    let nodes = drawing["nodes"].as_array().unwrap();
    let node = |id: &Json| &nodes[usize::try_from(id.as_u64().unwrap()).unwrap()];
    let name = |node: &Json| match (node["shape"].as_str().unwrap(), node["name"].as_str().unwrap()) {
        ("flow", _) => "the flow".to_owned(),
        ("end", _) => "the end".to_owned(),
        (_, name) => name.trim_start_matches("expression policy ").to_owned(),
    };
    let steps: Vec<_> = drawing["edges"].as_array().unwrap().iter().filter(|edge| edge["dashed"] == false).collect();
    let ways = steps.iter().filter_map(|edge| {
        let (from, mut to) = (node(&edge["from"]), node(&edge["to"]));
        let outcome = outcome(edge["label"].as_str().unwrap());
        // Who may enter is asked about no policy there, nor who is led past a stage.
        if to["shape"] == "conditions" && (outcome == "fail" || from["heading"] == "who may enter") {
            let guarded = steps.iter().find(|edge| edge["from"] == to["id"] && edge["label"] == "pass").unwrap();
            to = node(&guarded["to"]);
        }
        // And who is led past the last stage is led nowhere.
        let lost = outcome == "fail" && to["name"] == "end of the flow";
        (!lost).then(|| (name(from), name(to), outcome))
    });
    ways.collect()
}

/// The same stages and policies in the same order, with the same branches.
#[test]
fn flows_are_drawn_as_the_peer_draws_them() {
    let test = "flows_are_drawn_as_the_peer_draws_them";
    let Some(shared) = shared(test) else { return };
    let mut files: Vec<_> =
        fs::read_dir(shared.join("golden/diagram")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 14);
    let texts = files.iter().map(|file| {
        let answer: Json = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        answer["diagram"].as_str().unwrap().to_owned()
    });
    let Some(theirs) = mermaid(test, &texts.collect::<Vec<_>>()) else { return };
    let sandbox = Sandbox::new();
    let set = shared.join("corpus/peer/default");
    for (file, theirs) in files.iter().zip(theirs) {
        assert_eq!(theirs.error, None, "{}", file.display());
        let slug = file.file_stem().unwrap().to_str().unwrap();
        let args = ["graph", "--no-shipped", "--format", "json", "--flow", slug, set.to_str().unwrap()];
        let ours = serde_json::from_str(&sandbox.run(&args).stdout).unwrap();
        assert_eq!(ways_here(&ours), ways_there(&theirs), "{slug}");
    }
}
