//! What came out, as a table and as a list to look into.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use crate::mutate::{Kind, Mutation};

/// What is promised of mistakes, and of names that were misspelt, in percent. Never lowered.
const LABELLED: f64 = 99.0;
const NAMED: f64 = 95.0;

/// What became of a mutation.
pub(crate) enum Outcome {
    /// The same document, only laid out differently: not counted.
    Same,
    /// A valid blueprint that says something else.
    Different,
    Mistake {
        /// A finding points at the place.
        labelled: bool,
        /// The name that stood there is offered first; none where no name was misspelt.
        named: Option<bool>,
        /// Findings that the mutation brought and that point elsewhere.
        elsewhere: usize,
        said: Vec<String>,
    },
    Panic,
}

#[derive(Default)]
struct Row {
    count: usize,
    same: usize,
    different: usize,
    panics: usize,
    mistakes: usize,
    labelled: usize,
    to_name: usize,
    named: usize,
    elsewhere: usize,
}

#[derive(Default)]
pub(crate) struct Report {
    rows: BTreeMap<Kind, Row>,
    different: String,
    unlabelled: String,
    unnamed: String,
    noisy: String,
}

impl Report {
    pub(crate) fn add(&mut self, name: &str, mutation: &Mutation, outcome: Outcome) {
        let row = self.rows.entry(mutation.kind).or_default();
        let mut line = format!(
            "{}  {name}:{}\n    - {}\n    + {}\n",
            mutation.kind.name(),
            mutation.line,
            mutation.before,
            mutation.after
        );
        row.count += 1;
        match outcome {
            Outcome::Same => row.same += 1,
            Outcome::Different => {
                row.different += 1;
                self.different.push_str(&line);
            }
            Outcome::Panic => {
                row.panics += 1;
                self.unlabelled.push_str(&line);
                self.unlabelled.push_str("    panic\n");
            }
            Outcome::Mistake { labelled, named, elsewhere, said } => {
                row.mistakes += 1;
                row.labelled += usize::from(labelled);
                row.to_name += usize::from(named.is_some());
                row.named += usize::from(named == Some(true));
                row.elsewhere += usize::from(elsewhere > 0);
                for said in said {
                    writeln!(line, "    {said}").unwrap();
                }
                if !labelled {
                    self.unlabelled.push_str(&line);
                }
                if named == Some(false) {
                    self.unnamed.push_str(&line);
                }
                if elsewhere > 0 {
                    self.noisy.push_str(&line);
                }
            }
        }
    }

    /// Prints the table, and writes the list beside the build.
    pub(crate) fn print(&self, documents: usize, full: bool) {
        let mut table = format!("mutations of {documents} blueprints\n");
        writeln!(
            table,
            "{:<18} {:>6} {:>6} {:>6} {:>8} {:>18} {:>18} {:>10} {:>7}",
            "kind", "count", "same", "valid", "mistakes", "labelled on line", "original named", "elsewhere", "panics"
        )
        .unwrap();
        for kind in Kind::ALL {
            if let Some(row) = self.rows.get(kind) {
                row.show(&mut table, kind.name());
            }
        }
        self.sum(|_| true).show(&mut table, "all");
        let list = format!(
            "{table}\n== valid, but different\n{}\n== not labelled\n{}\n== not named\n{}\n== labels elsewhere too\n{}",
            self.different, self.unlabelled, self.unnamed, self.noisy
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations.txt");
        std::fs::write(&path, list).unwrap();
        if full {
            write!(table, "\nvalid, but different:\n{}", self.different).unwrap();
        }
        writeln!(table, "\nall of them: {}", path.display()).unwrap();
        std::io::stderr().write_all(table.as_bytes()).unwrap();
    }

    fn sum(&self, wanted: impl Fn(Kind) -> bool) -> Row {
        let mut sum = Row::default();
        for (_, row) in self.rows.iter().filter(|(kind, _)| wanted(**kind)) {
            sum.count += row.count;
            sum.same += row.same;
            sum.different += row.different;
            sum.panics += row.panics;
            sum.mistakes += row.mistakes;
            sum.labelled += row.labelled;
            sum.to_name += row.to_name;
            sum.named += row.named;
            sum.elsewhere += row.elsewhere;
        }
        sum
    }

    /// What is promised.
    pub(crate) fn demand(&self) {
        let all = self.sum(|_| true);
        assert_eq!(all.panics, 0, "the compiler panics");
        let labelled = percent(all.labelled, all.mistakes);
        assert!(labelled >= LABELLED, "only {labelled:.2} % of the mistakes are labelled where they are");
        let named = percent(all.named, all.to_name);
        assert!(named >= NAMED, "only {named:.2} % of the misspelt names are offered first");
    }
}

impl Row {
    fn show(&self, table: &mut String, name: &str) {
        let part = |part: usize, of: usize| {
            if of == 0 { String::from("-") } else { format!("{part} ({:.2} %)", percent(part, of)) }
        };
        writeln!(
            table,
            "{name:<18} {:>6} {:>6} {:>6} {:>8} {:>18} {:>18} {:>10} {:>7}",
            self.count,
            self.same,
            self.different,
            self.mistakes,
            part(self.labelled, self.mistakes),
            part(self.named, self.to_name),
            self.elsewhere,
            self.panics
        )
        .unwrap();
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
fn percent(part: usize, of: usize) -> f64 {
    if of == 0 { 100.0 } else { part as f64 * 100.0 / of as f64 }
}
