//! One text for both databases: a statement with its parameters, run on whichever connection it is given.
//!
//! Both know `$1`, `ON CONFLICT`, `RETURNING`, `IS NOT DISTINCT FROM`, `->>` and `NULLS FIRST`, and `TRUE` for a column
//! that is a boolean in one and an integer in the other. What cannot be said to both in the same words is a method of
//! [`Connection`], and stands in `sqlite` and `postgres`. A text is made of literals only, so it never holds a value.
//!
//! Whole numbers are `i64` in every column (PostgreSQL does not read a narrower one as it), so `SELECT 1` is no row to
//! fetch: ask [`Query::exists`].

use std::borrow::Cow;

use serde_json::{Map, Value as Json};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, types::Oid};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteRow, SqliteTypeInfo};
use sqlx::{Arguments, AssertSqlSafe, Database, Encode, FromRow, IntoArguments, Postgres, Sqlite, Type};
use sqlx::{query_as_with, query_with};
use uuid::Uuid;

use super::crash;
use super::pools::Connection;

/// A value for one `$n`. `None` is a NULL that knows what it would have been, as PostgreSQL asks.
#[derive(Clone, Debug)]
pub(crate) enum Param {
    Int(Option<i64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    Json(Option<Document>),
}

/// JSON as it is written: `json` in PostgreSQL, as `jsonb` would forget the order of keys.
#[derive(Clone, Debug)]
pub(crate) struct Document(String);

/// A row that both databases give: a tuple, or a struct that derives `FromRow`.
pub(crate) trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

impl<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>> Row for T {}

/// A statement.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    sql: Cow<'static, str>,
    params: Vec<Param>,
}

/// A statement whose text is known; its parameters follow with [`Query::bind`].
pub(crate) fn query(sql: &'static str) -> Query {
    Query { sql: Cow::Borrowed(sql), params: Vec::new() }
}

impl From<&'static str> for Query {
    fn from(sql: &'static str) -> Self {
        query(sql)
    }
}

impl Query {
    /// The value of the next `$n` in the text.
    pub(crate) fn bind(mut self, value: impl Into<Param>) -> Self {
        self.params.push(value.into());
        self
    }

    /// More text.
    pub(crate) fn push(mut self, sql: &'static str) -> Self {
        self.sql.to_mut().push_str(sql);
        self
    }

    /// A value in the text, here.
    pub(crate) fn push_bind(mut self, value: impl Into<Param>) -> Self {
        self.params.push(value.into());
        let placeholder = format!("${}", self.params.len());
        self.sql.to_mut().push_str(&placeholder);
        self
    }

    /// Values in parentheses, as `IN` wants them.
    pub(crate) fn push_list<P: Into<Param>>(mut self, values: impl IntoIterator<Item = P>) -> Self {
        self = self.push("(");
        for (at, value) in values.into_iter().enumerate() {
            self = self.push(if at == 0 { "" } else { ", " }).push_bind(value);
        }
        self.push(")")
    }

    /// Several rows for an `INSERT`: `VALUES ($1, $2), ($3, $4)`.
    pub(crate) fn push_values<T, const N: usize>(mut self, rows: &[T], cells: impl Fn(&T) -> [Param; N]) -> Self {
        for (at, row) in rows.iter().enumerate() {
            self = self.push(if at == 0 { "VALUES " } else { ", " }).push_list(cells(row));
        }
        self
    }

    /// Runs it; how many rows it changed.
    pub(crate) async fn execute(self, connection: &mut Connection) -> Result<u64, sqlx::Error> {
        crash::point();
        match connection {
            Connection::Sqlite(it) => {
                let (sql, arguments, keep) = self.parts::<Sqlite>()?;
                Ok(query_with(sql, arguments).persistent(keep).execute(it.get()).await?.rows_affected())
            }
            Connection::Postgres(it) => {
                let (sql, arguments, keep) = self.parts::<Postgres>()?;
                Ok(query_with(sql, arguments).persistent(keep).execute(it.get()).await?.rows_affected())
            }
        }
    }

    /// Every row.
    pub(crate) async fn fetch_all<T: Row>(self, connection: &mut Connection) -> Result<Vec<T>, sqlx::Error> {
        crash::point();
        match connection {
            Connection::Sqlite(it) => {
                let (sql, arguments, keep) = self.parts::<Sqlite>()?;
                query_as_with(sql, arguments).persistent(keep).fetch_all(it.get()).await
            }
            Connection::Postgres(it) => {
                let (sql, arguments, keep) = self.parts::<Postgres>()?;
                query_as_with(sql, arguments).persistent(keep).fetch_all(it.get()).await
            }
        }
    }

    /// The first row, where there is one.
    pub(crate) async fn fetch_optional<T: Row>(self, connection: &mut Connection) -> Result<Option<T>, sqlx::Error> {
        crash::point();
        match connection {
            Connection::Sqlite(it) => {
                let (sql, arguments, keep) = self.parts::<Sqlite>()?;
                query_as_with(sql, arguments).persistent(keep).fetch_optional(it.get()).await
            }
            Connection::Postgres(it) => {
                let (sql, arguments, keep) = self.parts::<Postgres>()?;
                query_as_with(sql, arguments).persistent(keep).fetch_optional(it.get()).await
            }
        }
    }

    /// The first column of the first row, where there is one.
    pub(crate) async fn fetch_scalar<T>(self, connection: &mut Connection) -> Result<Option<T>, sqlx::Error>
    where
        (T,): Row,
    {
        Ok(self.fetch_optional::<(T,)>(connection).await?.map(|(value,)| value))
    }

    /// The one value of a statement that always has one.
    pub(crate) async fn fetch_value<T>(self, connection: &mut Connection) -> Result<T, sqlx::Error>
    where
        (T,): Row,
    {
        self.fetch_scalar(connection).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The first column of every row.
    pub(crate) async fn fetch_scalars<T>(self, connection: &mut Connection) -> Result<Vec<T>, sqlx::Error>
    where
        (T,): Row,
    {
        Ok(self.fetch_all::<(T,)>(connection).await?.into_iter().map(|(value,)| value).collect())
    }

    /// Whether there is a row.
    pub(crate) async fn exists(self, connection: &mut Connection) -> Result<bool, sqlx::Error> {
        Ok(self.fetch_optional::<()>(connection).await?.is_some())
    }

    /// The text and the values for one database, and whether to keep the statement prepared: one that was put together
    /// hardly comes again.
    fn parts<D: Database>(self) -> Result<(AssertSqlSafe<String>, D::Arguments, bool), sqlx::Error>
    where
        D::Arguments: IntoArguments<D>,
        for<'q> Option<i64>: Encode<'q, D> + Type<D>,
        for<'q> Option<bool>: Encode<'q, D> + Type<D>,
        for<'q> Option<String>: Encode<'q, D> + Type<D>,
        for<'q> Option<Vec<u8>>: Encode<'q, D> + Type<D>,
        for<'q> Option<Uuid>: Encode<'q, D> + Type<D>,
        for<'q> Option<Document>: Encode<'q, D> + Type<D>,
    {
        let keep = matches!(self.sql, Cow::Borrowed(_));
        let mut arguments = D::Arguments::default();
        for param in self.params {
            let added = match param {
                Param::Int(it) => arguments.add(it),
                Param::Bool(it) => arguments.add(it),
                Param::Text(it) => arguments.add(it),
                Param::Bytes(it) => arguments.add(it),
                Param::Uuid(it) => arguments.add(it),
                Param::Json(it) => arguments.add(it),
            };
            added.map_err(sqlx::Error::Encode)?;
        }
        Ok((AssertSqlSafe(self.sql.into_owned()), arguments, keep))
    }
}

impl Param {
    /// A text that is JSON already.
    pub(crate) fn json(text: String) -> Self {
        Self::Json(Some(Document(text)))
    }
}

/// What a parameter can be made of, and the kind that it is.
macro_rules! params {
    ($($from:ty => $kind:ident($make:expr);)+) => {$(
        impl From<$from> for Param {
            fn from(value: $from) -> Self {
                Self::$kind(Some($make(value)))
            }
        }

        impl From<Option<$from>> for Param {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map($make))
            }
        }
    )+};
}

params! {
    i64 => Int(|it| it);
    bool => Bool(|it| it);
    String => Text(|it| it);
    &str => Text(str::to_owned);
    &[u8] => Bytes(<[u8]>::to_vec);
    Uuid => Uuid(|it| it);
    &Map<String, Json> => Json(|it: &Map<String, Json>| Document(Json::Object(it.clone()).to_string()));
}

impl Type<Sqlite> for Document {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Document {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<Sqlite>>::encode_by_ref(&self.0, buffer)
    }
}

/// The type `json` of PostgreSQL.
const JSON: Oid = Oid(114);

impl Type<Postgres> for Document {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON)
    }
}

impl Encode<'_, Postgres> for Document {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // It would take it and choke on it when it reads the value.
        if holds_nul(&self.0) {
            return Err("PostgreSQL cannot keep text with the character NUL".into());
        }
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

/// Whether a text of JSON has an escaped NUL in it, and not only a backslash before `u0000`.
fn holds_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes().get(..at).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_seen_behind_backslashes() {
        for (text, expected) in [("a\0b", true), ("\\u0000", false), ("\\\0", true), ("\\\\u0000", false), ("", false)]
        {
            assert_eq!(holds_nul(&Json::from(text).to_string()), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_are_put_together_with_their_values() {
        let made = query("INSERT INTO t (a, b) ").push_values(&[1_i64, 2], |n| [(*n).into(), "x".into()]);
        assert_eq!(made.sql, "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
        let made = query("SELECT $1").bind(true).push(" WHERE id IN ").push_list([1_i64, 2]);
        assert_eq!((made.sql.as_ref(), made.params.len()), ("SELECT $1 WHERE id IN ($2, $3)", 3));
    }
}
