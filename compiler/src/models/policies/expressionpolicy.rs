//! `authentik_policies_expression.expressionpolicy`: a few lines of Python syntax decide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// An expression decides: it passes when it returns something true. An expression that fails denies.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExpressionPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// The expression. It sees `request`, `context` and the `ak_…` functions, and ends with `return`.
    #[schemars(extend("x-expression" = "policy"))]
    pub expression: String,
}

impl Declared for ExpressionPolicy {
    const NAME: &'static str = "authentik_policies_expression.expressionpolicy";
    const TITLE: &'static str = "expression policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "expressionpolicy"];
}
