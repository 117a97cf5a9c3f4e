//! Random documents: trees that are written as untidily as YAML allows, and soups of fragments.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::formatted;

#[derive(Clone, Debug)]
enum Tree {
    Nothing,
    Plain(String),
    Quoted(String),
    Block { header: &'static str, lines: Vec<String> },
    Seq(Vec<Tree>),
    Map(Vec<(String, Tree)>),
    Flow(Vec<Tree>),
    Tagged(&'static str, Box<Tree>),
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b1", "yes", "null", "~", "0o7", "1.5", "größe", "x#y", "a:b", "-1", "%s", "it's"])
        .prop_map(str::to_owned)
}

fn tree() -> impl Strategy<Value = Tree> {
    let line = prop::sample::select(vec!["", "x", "  deeper", "# no comment", "- no item", "a: b", "x  ", "\ttab"]);
    let header = prop::sample::select(vec!["|", "|-", "|+", ">", ">-", ">+"]);
    let leaf = prop_oneof![
        Just(Tree::Nothing),
        word().prop_map(Tree::Plain),
        prop::collection::vec(word(), 1..4).prop_map(|words| Tree::Plain(words.join(" "))),
        "[ -~]{0,12}".prop_map(Tree::Quoted),
        (header, prop::collection::vec(line.prop_map(str::to_owned), 0..5))
            .prop_map(|(header, lines)| Tree::Block { header, lines }),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let tags = prop::sample::select(vec!["!T", "&a", "!T &a", "&a !!map", "!<tag:x>"]);
        let key = prop_oneof![word(), "'[a-z ]{0,4}'", "k[0-9]"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Tree::Seq),
            prop::collection::vec((key, inner.clone()), 1..5).prop_map(Tree::Map),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Flow),
            (tags, inner).prop_map(|(tag, tree)| Tree::Tagged(tag, Box::new(tree))),
        ]
    })
}

/// Writes a tree, and at every turn chooses one of the ways in which YAML lets it be written.
struct Writer {
    out: String,
    choices: Vec<u8>,
    at: usize,
}

impl Writer {
    fn choose(&mut self, from: u8) -> u8 {
        self.at += 1;
        self.choices.get(self.at % self.choices.len()).map_or(0, |choice| choice % from)
    }

    fn spaces(&mut self) {
        let count = 1 + usize::from(self.choose(3));
        self.out.push_str(&" ".repeat(count));
    }

    fn end_line(&mut self, indent: usize) {
        match self.choose(8) {
            0 => self.out.push_str("  "),
            1 => self.out.push_str("   # right"),
            _ => {}
        }
        self.out.push('\n');
        for _ in 0..self.choose(6).saturating_sub(3) {
            match self.choose(4) {
                0 => self.out.push_str("\n\n\n"),
                1 => self.out.push_str("   \n"),
                2 => self.out.push_str("# in the first column\n"),
                _ => {
                    let column = indent + usize::from(self.choose(3));
                    let _ = writeln!(self.out, "{}# indented", " ".repeat(column));
                }
            }
        }
    }

    /// What stands behind a dash or a colon, with the line end. `indent` is the column of the collection around it.
    fn behind(&mut self, tree: &Tree, indent: usize, in_seq: bool) {
        let tree = self.properties(tree);
        let deeper = indent + 1 + usize::from(self.choose(4));
        match tree {
            Tree::Nothing | Tree::Tagged(..) => self.end_line(indent),
            Tree::Block { header, lines } => {
                self.spaces();
                self.block(header, lines, indent);
            }
            Tree::Seq(_) | Tree::Map(_) => {
                self.end_line(deeper);
                let loose = matches!(tree, Tree::Seq(_)) && !in_seq && self.choose(3) == 0;
                self.collection(tree, if loose { indent } else { deeper });
            }
            Tree::Plain(_) | Tree::Quoted(_) | Tree::Flow(_) => {
                if self.choose(5) == 0 {
                    self.end_line(deeper);
                    self.out.push_str(&" ".repeat(deeper));
                } else {
                    self.spaces();
                }
                self.inline(tree, deeper, false);
                self.end_line(indent);
            }
        }
    }

    /// Writes tags and anchors, and leaves what they belong to.
    fn properties<'t>(&mut self, tree: &'t Tree) -> &'t Tree {
        let Tree::Tagged(tag, inner) = tree else {
            return tree;
        };
        self.spaces();
        self.out.push_str(tag);
        match &**inner {
            Tree::Tagged(_, inner) => inner,
            inner => inner,
        }
    }

    fn block(&mut self, header: &str, lines: &[String], indent: usize) {
        let column = 1 + usize::from(self.choose(4));
        let spaced = lines.iter().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with(' '));
        if spaced || self.choose(4) == 0 {
            let (style, chomping) = header.split_at(1);
            let _ = write!(self.out, "{style}{column}{chomping}");
        } else {
            self.out.push_str(header);
        }
        self.out.push('\n');
        for line in lines {
            if !line.is_empty() {
                self.out.push_str(&" ".repeat(indent + column));
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn collection(&mut self, tree: &Tree, indent: usize) {
        match tree {
            Tree::Seq(items) => {
                for item in items {
                    self.out.push_str(&" ".repeat(indent));
                    self.out.push('-');
                    self.behind(item, indent, true);
                }
            }
            Tree::Map(pairs) => {
                for (n, (key, value)) in pairs.iter().enumerate() {
                    self.out.push_str(&" ".repeat(indent));
                    let key = if key.starts_with('\'') { key.clone() } else { format!("{key}{n}") };
                    self.out.push_str(&key);
                    let colon = if self.choose(4) == 0 { "  :" } else { ":" };
                    self.out.push_str(colon);
                    self.behind(value, indent, false);
                }
            }
            _ => {}
        }
    }

    fn inline(&mut self, tree: &Tree, indent: usize, in_flow: bool) {
        match tree {
            Tree::Nothing => self.out.push('~'),
            Tree::Tagged(tag, inner) => {
                let _ = write!(self.out, "{} ", tag.replace("!!map", ""));
                match &**inner {
                    Tree::Tagged(..) => self.out.push('x'),
                    inner => self.inline(inner, indent, in_flow),
                }
            }
            Tree::Plain(text) => {
                let wrap = format!("\n{}", " ".repeat(indent));
                let wraps = self.choose(3) == 0;
                self.out.push_str(&if wraps { text.replace(' ', &wrap) } else { text.clone() });
            }
            Tree::Quoted(text) => {
                if self.choose(2) == 0 {
                    let _ = write!(self.out, "'{}'", text.replace('\'', "''"));
                } else {
                    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                    let wrap = if self.choose(3) == 0 { format!("\\\n{}\\ ", " ".repeat(indent)) } else { " ".into() };
                    let _ = write!(self.out, "\"{}\"", text.replace(' ', &wrap));
                }
            }
            Tree::Block { lines, .. } => {
                let _ = write!(self.out, "\"{}\"", lines.join("\\n").replace('\t', "\\t"));
            }
            Tree::Seq(items) | Tree::Flow(items) => self.bracketed('[', ']', items.len(), indent, |it, n| {
                it.inline(items.get(n).unwrap_or(&Tree::Nothing), indent, true);
            }),
            Tree::Map(pairs) => self.bracketed('{', '}', pairs.len(), indent, |it, n| {
                let (key, value) = pairs.get(n).map_or(("k", &Tree::Nothing), |(key, value)| (key.as_str(), value));
                let key = if key.starts_with('\'') { key.to_owned() } else { format!("{key}{n}") };
                let _ = write!(it.out, "{key}: ");
                it.inline(value, indent, true);
            }),
        }
    }

    fn bracketed(
        &mut self,
        open: char,
        close: char,
        count: usize,
        indent: usize,
        mut item: impl FnMut(&mut Self, usize),
    ) {
        self.out.push(open);
        for n in 0..count {
            self.flow_space(indent);
            item(self, n);
            if n + 1 < count || self.choose(5) == 0 {
                self.flow_space(indent);
                self.out.push_str(if n + 1 < count { ", " } else { "," });
            }
        }
        self.flow_space(indent);
        self.out.push(close);
    }

    fn flow_space(&mut self, indent: usize) {
        match self.choose(7) {
            0 => self.spaces(),
            1 => {
                let _ = write!(self.out, " # in brackets\n{}", " ".repeat(indent));
            }
            2 => {
                let _ = write!(self.out, "\n{}", " ".repeat(indent));
            }
            _ => {}
        }
    }
}

fn written(tree: &Tree, choices: Vec<u8>) -> String {
    let mut writer = Writer { out: String::new(), choices, at: 0 };
    let indent = usize::from(writer.choose(3));
    if writer.choose(3) == 0 {
        writer.out.push_str("--- # start\n");
    }
    match tree {
        Tree::Seq(_) | Tree::Map(_) => writer.collection(tree, indent),
        other => {
            writer.inline(other, 1, false);
            writer.out.push('\n');
        }
    }
    writer.out
}

const FRAGMENTS: &[&str] = &[
    "a",
    "b",
    ": ",
    ":",
    "- ",
    "-",
    "\n",
    "\n",
    "\n",
    " ",
    "  ",
    "    ",
    "# c",
    " #",
    "'x'",
    "\"y\"",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    "? ",
    "|",
    ">",
    "|+",
    "|2-",
    "|\n",
    "!t ",
    "!t",
    "&a ",
    "*a",
    "---",
    "...",
    "--- ",
    "\t",
    "\r\n",
    "\r",
    "\u{feff}",
    "é",
    "\\",
    "%",
    "!!str ",
    "k: ",
    "- - ",
    "a: |\n  x\n",
    "# d\n",
    "  # e\n",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn untidy_trees(tree in tree(), choices in prop::collection::vec(any::<u8>(), 1..200)) {
        let text = written(&tree, choices);
        // The writer is no parser: now and then it writes what is not YAML.
        if let Err(failure) = formatted(&text) {
            prop_assert!(matches!(failure, super::Failure::Mistakes(_)), "{failure:?} of\n{text}");
        }
    }

    #[test]
    fn soups(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..24)) {
        let text = parts.concat();
        if let Err(failure) = formatted(&text) {
            prop_assert!(matches!(failure, super::Failure::Mistakes(_)), "{failure:?} of\n{text}");
        }
    }
}

/// A property test that never gets as far as the layout would prove nothing.
#[test]
fn most_trees_are_yaml() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let strategy = (tree(), prop::collection::vec(any::<u8>(), 1..200));
    let fine = |runner: &mut TestRunner| {
        let (tree, choices) = strategy.new_tree(runner).unwrap().current();
        usize::from(formatted(&written(&tree, choices)).is_ok())
    };
    let count: usize = (0..200).map(|_| fine(&mut runner)).sum();
    assert!(count > 120, "only {count} of 200 trees are YAML");
}
