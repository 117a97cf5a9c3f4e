//! Whole folders of blueprints: applied, then planned again, nothing is left to do.

use std::path::{Path, PathBuf};

use gatewright_compiler::desired::{DesiredObject, DesiredState, Presence, Value};
use gatewright_compiler::diagnostic::{Code, Severity};
use gatewright_compiler::models::{Storage, models};
use gatewright_compiler::source::{SourceFile, Sources};
use gatewright_compiler::world::{Answer, ExistingKey, FileAnswer, World};
use gatewright_compiler::{Options, Purpose, compile};
use serde_json::{Map, Value as Json};

use super::support::{Database, noon};
use crate::apply::apply;
use crate::observed::ObservedState;
use crate::plan::plan;

/// A file that takes part whatever its labels say.
const INCLUDED: &str = "included.yaml";

/// A world with a database and nothing else.
struct Known<'a>(&'a ObservedState);

impl World for Known<'_> {
    fn env(&self, _: &str) -> Answer<String> {
        Answer::Missing
    }

    fn file(&self, _: &SourceFile, _: &str) -> FileAnswer {
        FileAnswer::Missing("there is none".to_owned())
    }

    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey> {
        self.0.find(model, conditions).map_or(Answer::Missing, Answer::Found)
    }

    fn find_all(&self, model: &str, conditions: &[(String, Json)]) -> Option<Vec<ExistingKey>> {
        Some(self.0.find_many(model, conditions))
    }

    fn object(&self, key: &ExistingKey) -> Option<Map<String, Json>> {
        self.0.held(key.id)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn sources(folders: &[PathBuf]) -> Sources {
    let mut sources = Sources::default();
    for (layer, folder) in (0..).zip(folders) {
        for path in files(folder) {
            sources.add(SourceFile {
                path: path.display().to_string(),
                relative: path.strip_prefix(folder).unwrap().display().to_string(),
                layer,
                named: false,
                included: path.ends_with(INCLUDED),
                text: std::fs::read_to_string(&path).unwrap().into(),
            });
        }
    }
    sources
}

fn desired(sources: &Sources, observed: &ObservedState) -> DesiredState {
    let options = Options { strict: false, purpose: Purpose::Plan };
    let compilation = compile(sources, &Known(observed), &options);
    let errors = compilation.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let errors: Vec<String> = errors.map(|it| show(sources, it)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    compilation.desired
}

fn show(sources: &Sources, diagnostic: &gatewright_compiler::diagnostic::Diagnostic) -> String {
    let file = diagnostic.file.and_then(|id| sources.get(id)).map_or("", |file| file.path.as_str());
    let line = diagnostic.span.map(|span| sources.position(span.file, span.start).line);
    format!("{file}:{line:?} {}", diagnostic.message)
}

/// Applies folders on top of each other to an empty database, twice.
async fn assert_converges(folders: &[PathBuf]) -> Database {
    let database = Database::new().await;
    apply_all(&database, folders).await;
    database
}

async fn apply_all(database: &Database, folders: &[PathBuf]) {
    let sources = sources(folders);
    let observed = database.store.observe().await.unwrap();
    let planned = plan(&desired(&sources, &observed), &observed, &crate::plan::Options::default());
    let wrong: Vec<String> = planned.diagnostics.iter().map(|it| show(&sources, it)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!planned.plan.is_empty());
    apply(&database.store, &planned.plan, "test", noon()).await.unwrap();
    let observed = database.store.observe().await.unwrap();
    let again = plan(&desired(&sources, &observed), &observed, &crate::plan::Options::default());
    assert!(again.plan.is_empty(), "{:#?}", again.plan.changes);
    database.assert_settled(&desired(&sources, &observed)).await;
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints")
}

fn shared(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("GATEWRIGHT_SHARED")?).join(path))
}

#[tokio::test]
async fn the_shipped_set_converges() {
    assert_converges(&[shipped()]).await;
}

#[tokio::test]
async fn an_object_of_every_model_converges() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/blueprints");
    let database = assert_converges(std::slice::from_ref(&folder)).await;
    let observed = database.store.observe().await.unwrap();
    for model in models().iter().filter(|model| model.storage != Storage::Meta) {
        let found = observed.objects().iter().find(|object| object.model == model.name);
        let found = found.expect(model.name);
        for field in model.fields.iter().filter(|field| field.secret.is_some()) {
            assert!(!found.attrs.contains_key(&field.name), "`{}` of {} lies open", field.name, model.name);
        }
        for field in model.fields.iter().filter(|field| field.generated) {
            let kept = match field.secret {
                Some(_) => observed.has_secret(found.id, &field.name),
                None => found.attrs.contains_key(&field.name),
            };
            assert!(kept, "`{}` of {} was not made", field.name, model.name);
        }
    }
    // What refers holds what it refers to, by whichever kind of key.
    let sources = sources(&[folder]);
    let wanted = desired(&sources, &observed);
    for (at, object) in wanted.objects.iter().enumerate() {
        let needed = wanted.objects.iter().any(|other| refers(other, at));
        let mut without = wanted.objects.clone();
        without[at].presence = Presence::Absent;
        let planned =
            plan(&DesiredState { objects: without, dormant: Vec::new() }, &observed, &crate::plan::Options::default());
        let refused = planned.diagnostics.iter().any(|found| found.code == Code::StillReferenced);
        assert_eq!(refused, needed, "deleting {} {:?}", object.model, object.identifiers);
    }
}

/// Whether an object holds the key of another one. Memberships go with either end.
fn refers(object: &DesiredObject, to: usize) -> bool {
    let membership = |name: &str| matches!((object.model, name), ("authentik_core.user", "groups"));
    object.fields.iter().any(|(name, field)| !membership(name) && holds(&field.value, to))
}

fn holds(value: &Value, to: usize) -> bool {
    match value {
        Value::Declared(index) => index.0 == to,
        Value::List(items) => items.iter().any(|item| holds(item, to)),
        Value::Map(pairs) => pairs.iter().any(|(_, item)| holds(item, to)),
        _ => false,
    }
}

#[tokio::test]
async fn the_set_of_the_peer_converges_alone_and_on_top() {
    let Some(peer) = shared("corpus/peer/default") else { return };
    assert_converges(std::slice::from_ref(&peer)).await;
    let database = assert_converges(&[shipped()]).await;
    apply_all(&database, &[shipped(), peer]).await;
}

#[tokio::test]
async fn each_example_of_the_peer_converges_on_top() {
    let Some(examples) = shared("corpus/peer/example") else { return };
    for example in files(&examples) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&example, folder.path().join(INCLUDED)).unwrap();
        assert_converges(&[shipped(), folder.path().to_owned()]).await;
    }
}
