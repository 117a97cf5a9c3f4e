//! Users by look-ups of expressions: `username`, `email__iexact`, `attributes__team__in`.
//!
//! SQL narrows down where an index or an exact value allows it; [`Operator::matches`] decides, so that a look-up
//! means the same here and in a plan.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::error::StoreError;
use super::query::{Query, query};
use super::rows::User;
use super::users::UserRow;
use super::{Operator, Store};
use gatewright_compiler::lookup::fold;

/// One condition on a user.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// `username`, `attributes.a.b`; the parts of attributes may also be joined by `__`.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Json,
}

/// A field that users can be looked up by.
#[derive(Clone, Copy)]
enum Field {
    Username,
    Name,
    Email,
    Pk,
    Uuid,
    Active,
    Type,
    Path,
    Attributes,
}

impl Lookup {
    fn parse(&self) -> Result<(Field, Vec<&str>), StoreError> {
        let unknown = || StoreError::UnknownField(self.field.clone());
        let (name, rest) = match self.field.find(['.', '_']) {
            Some(at) if self.field.starts_with("attributes") && at == "attributes".len() => self.field.split_at(at),
            _ => (self.field.as_str(), ""),
        };
        let field = match name {
            "username" => Field::Username,
            "name" => Field::Name,
            "email" => Field::Email,
            "pk" | "id" => Field::Pk,
            "uuid" => Field::Uuid,
            "is_active" => Field::Active,
            "type" => Field::Type,
            "path" => Field::Path,
            "attributes" => Field::Attributes,
            _ => return Err(unknown()),
        };
        Ok((field, attribute_keys(rest).ok_or_else(unknown)?))
    }
}

/// `.a.b` or `__a__b` as keys.
fn attribute_keys(rest: &str) -> Option<Vec<&str>> {
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let keys: Vec<&str> = match rest.strip_prefix('.') {
        Some(rest) => rest.split('.').collect(),
        None => rest.strip_prefix("__")?.split("__").collect(),
    };
    keys.iter().all(|key| !key.is_empty()).then_some(keys)
}

impl Store {
    /// The first user, by integer key, whom all look-ups match. No look-up matches nobody.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`], or the database cannot be read.
    pub async fn user_find(&self, lookups: &[Lookup]) -> Result<Option<User>, StoreError> {
        let mut parsed = Vec::with_capacity(lookups.len());
        for lookup in lookups {
            let (field, keys) = lookup.parse()?;
            parsed.push((lookup, field, keys));
        }
        if parsed.is_empty() {
            return Ok(None);
        }
        let mut connection = self.read().await?;
        let mut after = i64::MIN;
        loop {
            let mut statement = query("SELECT * FROM user_account WHERE pk > ").push_bind(after);
            for (lookup, field, keys) in &parsed {
                statement = narrow(statement, lookup, *field, keys);
            }
            let rows: Vec<UserRow> = statement.push(" ORDER BY pk LIMIT 500").fetch_all(&mut connection).await?;
            if rows.is_empty() {
                return Ok(None);
            }
            for row in rows {
                let user = User::try_from(row)?;
                if parsed.iter().all(|(lookup, field, keys)| matches(&user, lookup, *field, keys)) {
                    return Ok(Some(user));
                }
                after = user.pk;
            }
        }
    }
}

fn narrow(query: Query, lookup: &Lookup, field: Field, keys: &[&str]) -> Query {
    match (field, lookup.operator, &lookup.value) {
        // PostgreSQL does not look for it.
        (_, _, Json::String(text)) if text.contains('\0') => query,
        (Field::Username, Operator::Exact, Json::String(text)) => {
            query.push(" AND username = ").push_bind(text.as_str())
        }
        (Field::Username, Operator::IExact, Json::String(text)) => {
            query.push(" AND username_folded = ").push_bind(fold(text))
        }
        (Field::Email, Operator::Exact | Operator::IExact, Json::String(text)) => {
            query.push(" AND email_folded = ").push_bind(fold(text))
        }
        (Field::Name, Operator::Exact, Json::String(text)) => query.push(" AND name = ").push_bind(text.as_str()),
        (Field::Pk, Operator::Exact, value) => query.push(" AND pk = ").push_bind(number(value)),
        (Field::Uuid, Operator::Exact, value) => {
            query.push(" AND id = ").push_bind(value.as_str().and_then(|text| Uuid::parse_str(text).ok()))
        }
        (Field::Attributes, Operator::Exact, Json::String(text)) => match keys.split_last() {
            Some((last, parents)) if keys.iter().all(|key| is_plain(key)) => {
                let at =
                    parents.iter().fold(query.push(" AND attributes"), |query, key| query.push(" -> ").push_bind(*key));
                at.push(" ->> ").push_bind(*last).push(" = ").push_bind(text.as_str())
            }
            _ => query,
        },
        _ => query,
    }
}

/// Whether both databases take this text for a key of a map: SQLite reads more into `$x` and `[0]`.
fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn number(value: &Json) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

fn matches(user: &User, lookup: &Lookup, field: Field, keys: &[&str]) -> bool {
    let actual = match field {
        Field::Username => json!(user.username),
        Field::Name => json!(user.name),
        Field::Email => json!(user.email),
        Field::Pk => json!(user.pk),
        Field::Uuid => json!(user.id),
        Field::Active => json!(user.is_active),
        Field::Type => json!(user.user_type),
        Field::Path => json!(user.path),
        Field::Attributes => attribute(user, keys),
    };
    match (field, lookup.operator) {
        (Field::Pk, Operator::Exact) => number(&lookup.value) == Some(user.pk),
        (Field::Uuid, Operator::Exact) => {
            lookup.value.as_str().and_then(|text| Uuid::parse_str(text).ok()) == Some(user.id)
        }
        _ => lookup.operator.matches(&actual, &lookup.value),
    }
}

fn attribute(user: &User, keys: &[&str]) -> Json {
    let Some((first, rest)) = keys.split_first() else {
        return Json::Object(user.attributes.clone());
    };
    let mut value = user.attributes.get(*first);
    for key in rest {
        value = value.and_then(|value| value.get(*key));
    }
    value.cloned().unwrap_or(Json::Null)
}
