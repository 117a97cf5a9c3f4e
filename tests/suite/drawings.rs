//! Drawings are read by the programs that they are written for, which see in them what the JSON says.

use std::collections::HashMap;
use std::fs;

use serde_json::Value as Json;

use crate::support::browser::Browser;
use crate::support::drawing::{Edge, graphviz, mermaid, mermaid_page};
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
