//! Python-syntax expressions in a sandbox: policies, prompt defaults, property mappings.
//!
//! The only crate that knows the engine (Monty). It knows nothing else of ours: no model, no database, no flow.
//! [`compile`] finds every mistake that can be found without running; [`Compiled::evaluate`] runs against a [`Host`].

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

mod bounds;
mod brackets;
mod compile;
mod convert;
mod engine;
mod evaluate;
mod functions;
mod imports;
mod layout;
mod lint;
mod names;
mod pattern;
mod prelude;
mod quote;
mod rewrite;
mod scope;
mod slots;
mod value;

pub use compile::compile;
pub use value::{Class, Value};

/// What an expression is for; decides which names it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An expression policy: `request`, `context`, `ak_message`, `ak_is_sso_flow`, `ak_client_ip`, …
    Policy,
    /// A prompt's placeholder or initial value: all names of policies plus `user`, `prompt_context`, `SkipObject`.
    Prompt,
    /// A property mapping: `request`, `user`, `provider`, `token`, `ldap`, `dn`, `source`, … and `SkipObject`.
    Mapping,
}

/// An expression that is ready to run. Cheap to clone; clones share the compiled program.
#[derive(Clone)]
pub struct Compiled(Arc<evaluate::Inner>);

impl std::fmt::Debug for Compiled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Compiled").finish_non_exhaustive()
    }
}

/// Which rule a [`Problem`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It does not parse.
    Syntax,
    /// A name that this kind of expression does not have.
    Name,
    /// An import of what is not there.
    Import,
    /// A construct that is not supported.
    Unsupported,
    /// A constant regular expression that does not compile.
    Regex,
}

/// One mistake in an expression's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which rule.
    pub kind: ProblemKind,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Byte range in the text that was given to [`compile`].
    pub range: Range<usize>,
}

impl Problem {
    /// The line before, where the indentation of a line is at fault: either of them may be the wrong one.
    #[must_use]
    pub fn line_before(&self, text: &str) -> Option<Range<usize>> {
        if self.kind != ProblemKind::Syntax || !self.message.contains("indent") {
            return None;
        }
        let line = text.get(..self.range.start)?.rfind('\n')?;
        let before = text.get(..line)?.trim_end();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let content = before.get(start..)?.trim_start();
        (!content.is_empty()).then(|| before.len() - content.len()..before.len())
    }
}

/// What an evaluation starts from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// `request.user`, and `user` where the kind has it: a [`Class::User`] object.
    pub user: Value,
    /// `request.http_request` and `http_request`: a [`Class::HttpRequest`] object, or null where there is none.
    pub http_request: Value,
    /// `request.obj`.
    pub obj: Value,
    /// `context` = `request.context`: a map. In flows it holds `flow_plan`, a [`Class::FlowPlan`] object whose
    /// `context` field is the plan context.
    pub context: Value,
    /// `prompt_context` and, for mappings, the extra variables by name.
    pub extra: Vec<(String, Value)>,
    /// `ak_client_ip`; `None` shows as 255.255.255.255.
    pub client_ip: Option<IpAddr>,
    /// `ak_is_sso_flow`.
    pub is_sso_flow: bool,
}

/// What an evaluation ended with.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The value that it returned; null when it returned nothing.
    pub value: Value,
    /// Whether the value counts as true (an empty queryset does not).
    pub passing: bool,
    /// What `ak_message` was called with, in order.
    pub messages: Vec<String>,
    /// `context` as the expression left it, `flow_plan` and its changes included.
    pub context: Value,
}

/// A function of the host that an expression called.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name, for instance `ak_user_by`, `ak_is_group_member`, `flow_update`.
    pub function: String,
    /// Positional arguments.
    pub args: Vec<Value>,
    /// Keyword arguments.
    pub kwargs: Vec<(String, Value)>,
}

/// What the host answers when a call goes wrong; the expression may catch it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Raised as ValueError.
    #[error("{0}")]
    Value(String),
    /// Raised as TypeError.
    #[error("{0}")]
    Type(String),
    /// Raised as PermissionError.
    #[error("{0}")]
    Permission(String),
    /// Not the expression's fault (database down): ends the evaluation, cannot be caught.
    #[error("{0}")]
    Internal(String),
}

/// The world of an evaluation. Everything that is not pure goes through here.
#[async_trait::async_trait]
pub trait Host: Send + Sync {
    /// Answers a call of an expression.
    async fn call(&self, call: Call) -> Result<Value, HostError>;
}

/// Bounds of one evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time of execution, waiting for the host not counted.
    pub execution: Duration,
    /// Time altogether; waiting until other expressions leave room is not counted.
    pub total: Duration,
    /// Calls of the host.
    pub host_calls: usize,
    /// Bytes by which the process may grow during the evaluation, beside what comes in and what others use meanwhile.
    pub memory: usize,
    /// Frames.
    pub recursion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            execution: Duration::from_secs(2),
            total: Duration::from_secs(30),
            host_calls: 200,
            memory: 32 << 20,
            recursion: 200,
        }
    }
}

/// Why an evaluation has no outcome. All of them deny.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The expression raised.
    #[error("{exception}: {message}")]
    Raised {
        /// `ValueError`, `SkipObject`, …
        exception: String,
        /// The exception's text.
        message: String,
        /// Byte offset in the text that was compiled, where it is known.
        offset: Option<usize>,
    },
    /// A bound was reached.
    #[error("the expression reached its limit of {0}")]
    Limit(&'static str),
    /// The host could not answer.
    #[error("{0}")]
    Host(String),
    /// The engine failed.
    #[error("the expression engine failed: {0}")]
    Engine(String),
}
