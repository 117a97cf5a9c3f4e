//! Comparisons of look-ups: `name__iexact`, `attributes__a__b__in`. Pure; one meaning for declared objects, for the
//! database and for plans.

use serde_json::Value as Json;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Exact,
    /// Equal, upper and lower case alike.
    IExact,
    /// Text or list that holds the value; a map that holds all of its pairs.
    Contains,
    /// Text that holds the value, upper and lower case alike.
    IContains,
    /// Text that begins so.
    StartsWith,
    /// Text that begins so, upper and lower case alike.
    IStartsWith,
    /// Text that ends so.
    EndsWith,
    /// Text that ends so, upper and lower case alike.
    IEndsWith,
    /// One of a list.
    In,
    /// Missing (`true`) or there (`false`).
    IsNull,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
}

impl Operator {
    /// Every suffix.
    pub(crate) const NAMES: &[&str] = &[
        "exact",
        "iexact",
        "contains",
        "icontains",
        "startswith",
        "istartswith",
        "endswith",
        "iendswith",
        "in",
        "gt",
        "gte",
        "lt",
        "lte",
        "isnull",
    ];

    /// The operator of a suffix.
    #[must_use]
    pub fn parse(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "exact" => Self::Exact,
            "iexact" => Self::IExact,
            "contains" => Self::Contains,
            "icontains" => Self::IContains,
            "startswith" => Self::StartsWith,
            "istartswith" => Self::IStartsWith,
            "endswith" => Self::EndsWith,
            "iendswith" => Self::IEndsWith,
            "in" => Self::In,
            "isnull" => Self::IsNull,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            _ => return None,
        })
    }

    /// Whether `actual` compares so with `expected`.
    #[must_use]
    pub fn matches(self, actual: &Json, expected: &Json) -> bool {
        match self {
            Self::Exact => same(actual, expected),
            Self::IExact => match (actual, expected) {
                (Json::String(a), Json::String(b)) => fold(a) == fold(b),
                _ => same(actual, expected),
            },
            Self::Contains => contains(actual, expected),
            Self::IContains => texts(actual, expected, |a, b| fold(a).contains(&fold(b))),
            Self::StartsWith => texts(actual, expected, |a, b| a.starts_with(b)),
            Self::IStartsWith => texts(actual, expected, |a, b| fold(a).starts_with(&fold(b))),
            Self::EndsWith => texts(actual, expected, |a, b| a.ends_with(b)),
            Self::IEndsWith => texts(actual, expected, |a, b| fold(a).ends_with(&fold(b))),
            Self::In => expected.as_array().is_some_and(|list| list.iter().any(|one| same(actual, one))),
            Self::IsNull => actual.is_null() == truthy(expected),
            Self::Gt => ordered(actual, expected, std::cmp::Ordering::is_gt),
            Self::Gte => ordered(actual, expected, std::cmp::Ordering::is_ge),
            Self::Lt => ordered(actual, expected, std::cmp::Ordering::is_lt),
            Self::Lte => ordered(actual, expected, std::cmp::Ordering::is_le),
        }
    }
}

/// Upper and lower case alike.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Equality of JSON where `1` and `1.0` are the same number and maps have no order.
#[must_use]
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64())),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// JSON containment: every pair of a map, every element of a list, a part of a text.
#[must_use]
pub fn contains(actual: &Json, expected: &Json) -> bool {
    match (actual, expected) {
        (Json::Object(actual), Json::Object(expected)) => {
            expected.iter().all(|(key, value)| actual.get(key).is_some_and(|actual| holds(actual, value)))
        }
        (Json::Array(actual), Json::Array(expected)) => {
            expected.iter().all(|value| actual.iter().any(|actual| holds(actual, value)))
        }
        (Json::Array(actual), one) => actual.iter().any(|actual| same(actual, one)),
        (Json::String(actual), Json::String(part)) => actual.contains(part.as_str()),
        _ => same(actual, expected),
    }
}

/// Containment below the top: text must be equal there.
fn holds(actual: &Json, expected: &Json) -> bool {
    match (actual, expected) {
        (Json::Object(_), Json::Object(_)) | (Json::Array(_), Json::Array(_)) => contains(actual, expected),
        _ => same(actual, expected),
    }
}

fn texts(actual: &Json, expected: &Json, test: impl Fn(&str, &str) -> bool) -> bool {
    matches!((actual, expected), (Json::String(a), Json::String(b)) if test(a, b))
}

fn ordered(actual: &Json, expected: &Json, test: impl Fn(std::cmp::Ordering) -> bool) -> bool {
    let ordering = match (actual, expected) {
        (Json::Number(a), Json::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Json::String(a), Json::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    ordering.is_some_and(test)
}

fn truthy(value: &Json) -> bool {
    !matches!(value, Json::Null | Json::Bool(false)) && value != &Json::from(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equality_knows_numbers_and_maps() {
        assert!(same(&json!(1), &json!(1.0)));
        assert!(same(&json!({"a": 1, "b": [2]}), &json!({"b": [2.0], "a": 1})));
        assert!(!same(&json!(1), &json!("1")));
        assert!(!same(&json!(true), &json!(1)));
    }

    #[test]
    fn containment_is_that_of_json() {
        assert!(contains(&json!({"a": {"b": 1, "c": 2}, "d": 3}), &json!({"a": {"b": 1}})));
        assert!(!contains(&json!({"a": "text"}), &json!({"a": "te"})));
        assert!(contains(&json!({"a": [1, 2, 3]}), &json!({"a": [3]})));
        assert!(contains(&json!("text"), &json!("ex")));
        assert!(!contains(&json!(null), &json!({"a": 1})));
    }

    #[test]
    fn operators() {
        let check =
            |name: &str, a: Json, b: Json| Operator::parse(name).is_some_and(|operator| operator.matches(&a, &b));
        assert!(check("iexact", json!("ADMIN"), json!("admin")));
        assert!(check("in", json!("a"), json!(["b", "a"])));
        assert!(check("isnull", json!(null), json!(true)));
        assert!(check("isnull", json!(""), json!(false)));
        assert!(check("gte", json!(3), json!(3)));
        assert!(check("startswith", json!("abc"), json!("ab")));
        assert!(check("iendswith", json!("aBC"), json!("bc")));
        assert!(!check("gt", json!("a"), json!(1)));
        assert!(!check("nonsense", json!("a"), json!("a")));
        assert!(Operator::NAMES.iter().all(|name| Operator::parse(name).is_some()));
    }
}
