//! The blueprints that are mutated, each with the program around it.
//!
//! A shipped file is mutated in its place. With `GATEWRIGHT_SHARED`, so are the peer's own, and those of other people on
//! top of the shipped set, together with the files of their folder. Of the program only those files are compiled that
//! the mutated one can have to do with; `main.rs` checks that this changes nothing.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gatewright_compiler::source::{SourceFile, Sources};

use crate::tree::Tree;

/// A file that is mutated, with the program around it.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) tree: Tree,
    /// The other files, in the order of their layers, each with its tree.
    pub(crate) around: Vec<(SourceFile, Tree)>,
    /// Where among them it stands.
    pub(crate) place: usize,
    layer: u32,
}

impl Document {
    /// The program with another text in its place.
    pub(crate) fn sources(&self, text: &str) -> Sources {
        let mut sources = Sources::default();
        let own = source(&self.name, self.layer, text);
        let (before, after) = self.around.split_at(self.place);
        let files = before.iter().map(|(file, _)| file).chain([&own]).chain(after.iter().map(|(file, _)| file));
        for file in files {
            sources.add(file.clone());
        }
        sources
    }

    /// The trees of the program with another one in its place.
    pub(crate) fn program<'a>(&'a self, tree: &'a Tree) -> Vec<&'a Tree> {
        let mut trees: Vec<&Tree> = self.around.iter().map(|(_, tree)| tree).collect();
        trees.insert(self.place, tree);
        trees
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(text: &str, offset: usize) -> usize {
        text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// The same document with only what it can have to do with around it.
    pub(crate) fn reduced(&self) -> Self {
        let mut wanted: HashSet<String> = words(&self.tree);
        let mut kept = HashSet::from([usize::MAX]);
        loop {
            let before = kept.len();
            for (at, (_, tree)) in self.around.iter().enumerate() {
                if !kept.contains(&at) && declared(tree).iter().any(|name| wanted.contains(name)) {
                    kept.insert(at);
                    wanted.extend(words(tree));
                }
            }
            if kept.len() == before {
                break;
            }
        }
        let near = |at: &usize| kept.contains(at);
        let around = (0..self.around.len()).filter(near).map(|at| self.around[at].clone()).collect();
        let place = (0..self.place).filter(near).count();
        Self {
            name: self.name.clone(),
            text: self.text.clone(),
            tree: self.tree.clone(),
            around,
            place,
            layer: self.layer,
        }
    }
}

/// Every document, shipped ones first.
pub(crate) fn documents() -> Vec<Document> {
    let shipped = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints"), "blueprints", 0);
    let mut documents = each(&[], &shipped);
    let Some(shared) = std::env::var_os("GATEWRIGHT_SHARED").map(PathBuf::from) else {
        return documents;
    };
    let corpus = shared.join("corpus");
    let mut peer = Vec::new();
    for part in ["default", "migrations", "system"] {
        peer.extend(folder(&corpus.join("peer").join(part), &format!("peer/{part}"), 0));
    }
    documents.extend(each(&[], &peer));
    for example in folder(&corpus.join("peer/example"), "peer/example", 1) {
        documents.extend(each(&peer, &[example]));
    }
    let mut people: Vec<PathBuf> = entries(&corpus.join("public")).into_iter().filter(|path| path.is_dir()).collect();
    people.sort();
    for path in people {
        let name = format!("public/{}", path.file_name().unwrap().to_string_lossy());
        documents.extend(each(&shipped, &folder(&path, &name, 1)));
    }
    documents
}

/// Each of some files as the mutated one, with the others and what is below around it.
fn each(below: &[(SourceFile, Tree)], files: &[(SourceFile, Tree)]) -> Vec<Document> {
    let document = |at: usize| {
        let (file, tree) = &files[at];
        let mut around = below.to_vec();
        around.extend_from_slice(files);
        let place = below.len() + at;
        around.remove(place);
        Document {
            name: file.path.clone(),
            text: file.text.to_string(),
            tree: tree.clone(),
            around,
            place,
            layer: file.layer,
        }
    };
    (0..files.len()).map(document).collect()
}

fn folder(path: &Path, name: &str, layer: u32) -> Vec<(SourceFile, Tree)> {
    let mut found = Vec::new();
    let mut paths = entries(path);
    paths.sort();
    for path in paths {
        let name = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            found.extend(folder(&path, &name, layer));
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            let text = std::fs::read_to_string(&path).unwrap();
            // What is no YAML to begin with cannot be broken.
            if let Ok(tree) = Tree::read(&text) {
                found.push((source(&name, layer, &text), tree));
            }
        }
    }
    found
}

fn entries(path: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn source(name: &str, layer: u32, text: &str) -> SourceFile {
    SourceFile {
        path: name.to_owned(),
        relative: name.rsplit_once('/').map_or(name, |(_, file)| file).to_owned(),
        layer,
        named: false,
        included: true,
        text: text.into(),
    }
}

fn words(tree: &Tree) -> HashSet<String> {
    tree.all().into_iter().filter_map(Tree::text).map(str::to_owned).collect()
}

/// The texts by which a file can be found: of its identifiers, and its own name.
fn declared(tree: &Tree) -> HashSet<String> {
    let own = tree.get("metadata").and_then(|metadata| metadata.get("name"));
    let identifiers = entries_of(tree).into_iter().filter_map(|entry| entry.get("identifiers"));
    let values = identifiers.flat_map(Tree::pairs).filter_map(|(_, _, value)| value.text());
    let names = values.chain(own.and_then(Tree::text)).filter(|text| text.chars().any(char::is_alphabetic));
    names.map(str::to_owned).collect()
}

/// The entries of a document, sections opened.
pub(crate) fn entries_of(tree: &Tree) -> Vec<&Tree> {
    let Some(entries) = tree.get("entries") else { return Vec::new() };
    if entries.is_map() {
        return entries.pairs().into_iter().flat_map(|(_, _, section)| section.items()).collect();
    }
    entries.items().iter().collect()
}
