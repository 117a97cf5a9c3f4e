//! Builders and a database that can be dumped.

use std::collections::BTreeMap;
use std::sync::Arc;

use gatewright_compiler::desired::{DesiredField, DesiredObject, DesiredState, ObjectIndex, Origin, Presence, Value};
use gatewright_compiler::models;
use gatewright_compiler::source::{FileId, Span};
use gatewright_testing::postgres;
use jiff::Timestamp;
use serde_json::Value as Json;
use sqlx::{Column as _, ColumnIndex, Decode, FromRow, Row, TypeInfo as _, ValueRef as _};
use tempfile::TempDir;

use crate::apply::apply;
use crate::plan::{Options, Planned, plan};
use crate::store::pools::Among;
use crate::store::query::query;
use crate::store::{InstallationKey, Store};

pub(in crate::tests) const KEY: [u8; 32] = *b"a key of tests, long enough: 32.";

pub(in crate::tests) fn key() -> InstallationKey {
    InstallationKey::from_bytes(&KEY).unwrap()
}

pub(in crate::tests) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(in crate::tests) fn noon() -> Timestamp {
    at("2026-01-01T12:00:00Z")
}

/// A store of its own, which goes with this.
pub(in crate::tests) struct Database {
    place: Place,
    pub(in crate::tests) store: Store,
}

enum Place {
    Folder(TempDir),
    Server(postgres::Database),
}

impl Place {
    /// Of the database that this file was compiled for. Without a PostgreSQL, which is said then, the tests for it are
    /// those of SQLite once more.
    fn new() -> Self {
        let server = if is_postgres() { postgres::Database::new() } else { None };
        server.map_or_else(|| Self::Folder(tempfile::tempdir().unwrap()), Self::Server)
    }

    fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}/test.db", folder.path().display()),
            Self::Server(database) => database.url(),
        }
    }
}

/// Whether this is the suite of PostgreSQL.
fn is_postgres() -> bool {
    module_path!().contains("::postgres::")
}

/// A database that nobody has opened yet.
pub(in crate::tests) struct Empty(Place);

impl Empty {
    pub(in crate::tests) fn new() -> Self {
        Self(Place::new())
    }

    pub(in crate::tests) fn url(&self) -> String {
        self.0.url()
    }
}

impl Database {
    pub(in crate::tests) async fn new() -> Self {
        let place = Place::new();
        let store = Store::open(&place.url(), key()).await.unwrap();
        Self { place, store }
    }

    pub(in crate::tests) fn url(&self) -> String {
        self.place.url()
    }

    pub(in crate::tests) async fn plan(&self, desired: &DesiredState) -> Planned {
        plan(desired, &self.store.observe().await.unwrap(), &Options::default())
    }

    /// Plans, asserts that nothing is wrong, applies.
    pub(in crate::tests) async fn apply(&self, desired: &DesiredState) -> u64 {
        let planned = self.plan(desired).await;
        assert_eq!(planned.diagnostics, []);
        apply(&self.store, &planned.plan, "test", noon()).await.unwrap()
    }

    /// The second apply of the same files: nothing planned, nothing written.
    pub(in crate::tests) async fn assert_settled(&self, desired: &DesiredState) {
        let before = self.dump().await;
        let planned = self.plan(desired).await;
        assert_eq!(planned.diagnostics, []);
        assert!(planned.plan.is_empty(), "{:#?}", planned.plan);
        let revision = self.store.revision().await.unwrap();
        assert_eq!(apply(&self.store, &planned.plan, "test", noon()).await.unwrap(), revision);
        assert_eq!(self.dump().await, before);
    }

    /// Every row of every table, as text.
    pub(in crate::tests) async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let mut connection = self.store.read().await.unwrap();
        let mut dump = BTreeMap::new();
        for table in connection.tables().await.unwrap() {
            let sql: &'static str = format!("SELECT * FROM {table} ORDER BY 1, 2").leak();
            let rows: Vec<Cells> = query(sql).fetch_all(&mut connection).await.unwrap();
            dump.insert(table, rows.into_iter().map(|row| row.0).collect());
        }
        dump
    }

    /// A change behind everybody's back.
    pub(in crate::tests) async fn execute(&self, sql: &'static str) {
        let mut tx = self.store.begin(Among::Others).await.unwrap();
        query(sql).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Every object with its attributes, without revisions.
    pub(in crate::tests) async fn attrs(&self) -> Vec<String> {
        let observed = self.store.observe().await.unwrap();
        let mut shown: Vec<String> = observed
            .objects()
            .iter()
            .map(|it| format!("{} {:?} {} {}", it.id, it.num, it.model, Json::Object(it.attrs.clone())))
            .collect();
        shown.sort_unstable();
        shown
    }

    pub(in crate::tests) async fn count(&self, sql: &'static str) -> i64 {
        query(sql).fetch_value(&mut self.store.read().await.unwrap()).await.unwrap()
    }
}

/// A row as text, whatever is in it.
struct Cells(String);

impl<'r, R: Row> FromRow<'r, R> for Cells
where
    usize: ColumnIndex<R>,
    Option<String>: Decode<'r, R::Database>,
    Option<i64>: Decode<'r, R::Database>,
    Option<Vec<u8>>: Decode<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let cell = |at: usize| {
            let text = |kind: &str| match kind {
                "TEXT" | "JSON" | "VARCHAR" => row.try_get_unchecked::<Option<String>, _>(at),
                "INTEGER" | "INT8" => Ok(row.try_get_unchecked::<Option<i64>, _>(at)?.map(|it| it.to_string())),
                _ => Ok(row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?.map(|it| format!("{it:02x?}"))),
            };
            // SQLite: of the value. PostgreSQL: of the column.
            let kind = row.try_get_raw(at).unwrap().type_info().name().to_owned();
            text(&kind).unwrap().unwrap_or_else(|| "null".to_owned())
        };
        let cells = row.columns().iter().map(|column| format!("{}={}", column.name(), cell(column.ordinal())));
        Ok(Self(cells.collect::<Vec<_>>().join(" ")))
    }
}

/// Builds a desired state as the compiler would.
#[derive(Default)]
pub(in crate::tests) struct Files {
    state: DesiredState,
    file: &'static str,
    layer: u32,
}

impl Files {
    pub(in crate::tests) fn new() -> Self {
        Self { file: "a.yaml", ..Self::default() }
    }

    pub(in crate::tests) fn file(mut self, file: &'static str, layer: u32) -> Self {
        (self.file, self.layer) = (file, layer);
        self
    }

    pub(in crate::tests) fn present(
        self,
        model: &str,
        identifiers: &[(&'static str, Value)],
        attrs: &[(&'static str, Value)],
    ) -> Self {
        self.entry(Presence::Present, model, identifiers, attrs)
    }

    pub(in crate::tests) fn entry(
        mut self,
        presence: Presence,
        model: &str,
        identifiers: &[(&'static str, Value)],
        attrs: &[(&'static str, Value)],
    ) -> Self {
        let line = self.state.objects.len() + 1;
        let origin = Arc::new(Origin { file: self.file.to_owned(), line, column: 1, layer: self.layer });
        let span = Span::new(FileId(0), line..line + 1);
        let field = |(name, value): &(&'static str, Value)| {
            let field = DesiredField {
                value: value.clone(),
                origin: origin.clone(),
                span,
                enforced: presence == Presence::Present,
                overrides: None,
            };
            (*name, field)
        };
        self.state.objects.push(DesiredObject {
            model: models::model(model).expect("a model").name,
            identifiers: vec![identifiers.iter().map(|(name, value)| (*name, value.clone())).collect()],
            fields: attrs.iter().chain(identifiers).map(field).collect(),
            presence,
            origins: vec![origin],
            span,
            permissions: Vec::new(),
        });
        self
    }

    pub(in crate::tests) fn done(self) -> DesiredState {
        self.state
    }
}

pub(in crate::tests) fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

pub(in crate::tests) fn declared(index: usize) -> Value {
    Value::Declared(ObjectIndex(index))
}

/// JSON as a value.
pub(in crate::tests) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(it) => Value::Bool(*it),
        Json::Number(it) => it.as_i64().map_or_else(|| Value::Float(it.as_f64().unwrap()), Value::Int),
        Json::String(it) => text(it),
        Json::Array(list) => Value::List(list.iter().map(value).collect()),
        Json::Object(map) => Value::Map(map.iter().map(|(key, it)| (key.clone(), value(it))).collect()),
    }
}

pub(in crate::tests) const FLOW: &str = "authentik_flows.flow";
pub(in crate::tests) const DENY: &str = "authentik_stages_deny.denystage";
pub(in crate::tests) const BINDING: &str = "authentik_flows.flowstagebinding";
pub(in crate::tests) const USER: &str = "authentik_core.user";
pub(in crate::tests) const GROUP: &str = "authentik_core.group";
pub(in crate::tests) const TOKEN: &str = "authentik_core.token";
pub(in crate::tests) const CERTIFICATE: &str = "authentik_crypto.certificatekeypair";

/// The required attributes of a flow.
pub(in crate::tests) fn flow_attrs(title: &str) -> Vec<(&'static str, Value)> {
    vec![("name", text("Flow")), ("title", text(title)), ("designation", text("authentication"))]
}

/// A flow with a stage in it.
pub(in crate::tests) fn small() -> Files {
    Files::new()
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome"))
        .present(DENY, &[("name", text("no"))], &[])
        .present(
            BINDING,
            &[("target", declared(0)), ("stage", declared(1)), ("order", Value::Int(10))],
            &[("evaluate_on_plan", Value::Bool(false))],
        )
}
