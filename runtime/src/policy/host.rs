//! The world of an expression: users and groups, to read. Nothing here writes, so it is the same for GET and POST.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use gatewright_expression::{Call, Class, Host, HostError, Value};
use gatewright_reconciler::store::{Lookup, Operator};
use uuid::Uuid;

use super::values::{Subject, map_get, to_json, user_value};
use crate::directory::{Directory, DirectoryError};

/// Answers the calls of one evaluation.
pub(super) struct PolicyHost<'a> {
    directory: &'a dyn Directory,
    /// The users that were handed out: only these may become the pending user.
    seen: Mutex<BTreeSet<Uuid>>,
}

impl<'a> PolicyHost<'a> {
    pub(super) fn new(directory: &'a dyn Directory) -> PolicyHost<'a> {
        PolicyHost { directory, seen: Mutex::new(BTreeSet::new()) }
    }

    pub(super) fn into_seen(self) -> BTreeSet<Uuid> {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    async fn user_by(&self, filters: &[(String, Value)]) -> Result<Value, HostError> {
        if filters.is_empty() {
            return Err(HostError::Type("ak_user_by needs at least one filter".to_owned()));
        }
        let lookups: Vec<Lookup> = filters.iter().map(lookup).collect::<Result<_, _>>()?;
        let Some(user) = self.directory.user_find(&lookups).await.map_err(host_error)? else {
            return Ok(Value::Null);
        };
        let groups = self.directory.user_groups(user.id).await.map_err(host_error)?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(user.id);
        Ok(user_value(&Subject::User(Box::new(user)), &groups, None))
    }
}

#[async_trait]
impl Host for PolicyHost<'_> {
    async fn call(&self, call: Call) -> Result<Value, HostError> {
        match call.function.as_str() {
            "ak_user_by" => self.user_by(&call.kwargs).await,
            "ak_is_group_member" => group_member(&call),
            "flow_update" => flow_update(&call),
            other => Err(HostError::Permission(format!("{other} is not available in this version"))),
        }
    }
}

/// The peer's initial setup locks itself by rewriting its own flow's authentication requirement. Here the setup
/// latch does that, in the transaction that sets the password, so the call is accepted and changes nothing.
fn flow_update(call: &Call) -> Result<Value, HostError> {
    match call.args.first() {
        Some(Value::String(slug)) if slug == "initial-setup" => Ok(Value::Int(1)),
        _ => Err(HostError::Permission("an expression cannot change flows".to_owned())),
    }
}

/// Whether one of the groups that the user object carries, inherited ones included, passes all filters.
fn group_member(call: &Call) -> Result<Value, HostError> {
    let user = match call.args.first() {
        Some(user @ Value::Object(Class::User, _)) => user,
        _ => {
            return Err(HostError::Type("ak_is_group_member needs a user".to_owned()));
        }
    };
    let Some(Value::List(groups)) = map_get(user, "groups") else {
        return Ok(Value::Bool(false));
    };
    for group in groups {
        let mut all = true;
        for filter in &call.kwargs {
            all &= group_matches(group, filter)?;
        }
        if all {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn group_matches(group: &Value, (key, wanted): &(String, Value)) -> Result<bool, HostError> {
    let (path, operator) = split_filter(key);
    let mut fields = path.iter().copied();
    let first = match fields.next() {
        Some("group_uuid" | "uuid") => "pk",
        Some(name) => name,
        None => "",
    };
    let Some(mut value) = map_get(group, first) else {
        return Err(HostError::Value(format!("groups have no field {first}")));
    };
    for part in fields {
        value = map_get(value, part).unwrap_or(&Value::Null);
    }
    Ok(compare(value, operator, wanted))
}

fn compare(value: &Value, operator: Operator, wanted: &Value) -> bool {
    let lower = |value: &Value| match value {
        Value::String(text) => Some(text.to_lowercase()),
        _ => None,
    };
    match (operator, value, wanted) {
        (Operator::Exact, _, _) => value == wanted,
        (Operator::IExact, _, _) => lower(value).is_some() && lower(value) == lower(wanted),
        (Operator::Contains, Value::String(text), Value::String(part)) => text.contains(part),
        (Operator::Contains, Value::List(items), item) => items.contains(item),
        (Operator::IContains, Value::String(text), Value::String(part)) => {
            text.to_lowercase().contains(&part.to_lowercase())
        }
        (Operator::StartsWith, Value::String(text), Value::String(part)) => text.starts_with(part),
        (Operator::In, _, Value::List(items)) => items.contains(value),
        (Operator::IsNull, _, Value::Bool(wanted)) => (*value == Value::Null) == *wanted,
        _ => false,
    }
}

fn lookup((key, value): &(String, Value)) -> Result<Lookup, HostError> {
    let (path, operator) = split_filter(key);
    let value = match value {
        Value::Object(..) => return Err(HostError::Type(format!("{key} needs a plain value"))),
        plain => to_json(plain),
    };
    Ok(Lookup { field: path.join("."), operator, value })
}

/// `attributes__a__icontains` is the path `attributes`, `a` and an operator.
fn split_filter(key: &str) -> (Vec<&str>, Operator) {
    let mut path: Vec<&str> = key.split("__").collect();
    let operator = match path.last().copied().filter(|_| path.len() > 1) {
        Some("exact") => Some(Operator::Exact),
        Some("iexact") => Some(Operator::IExact),
        Some("contains") => Some(Operator::Contains),
        Some("icontains") => Some(Operator::IContains),
        Some("startswith") => Some(Operator::StartsWith),
        Some("in") => Some(Operator::In),
        Some("isnull") => Some(Operator::IsNull),
        _ => None,
    };
    if operator.is_some() {
        path.pop();
    }
    (path, operator.unwrap_or(Operator::Exact))
}

/// A field that users do not have is the expression's mistake; a database that fails is not.
fn host_error(error: DirectoryError) -> HostError {
    match error {
        DirectoryError::UnknownField(_) => HostError::Value(error.to_string()),
        DirectoryError::Failed(_) => HostError::Internal(error.to_string()),
    }
}
