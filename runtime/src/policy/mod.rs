//! Policies: what decides whether a flow applies, whether a stage runs, whether prompt answers are good.
//!
//! `engine` combines bindings into one ruling; `expression` and `password` decide alone; `context` is what
//! expressions see of a flow and may change of it; `host` answers their calls. Knows no axum, no SQL.

mod context;
mod engine;
mod expression;
mod host;
mod password;
mod values;

pub(crate) use context::{PendingChange, plan_change, policy_context};
pub(crate) use engine::{Question, decide, decide_all};
pub(crate) use expression::evaluate_prompt;
pub(crate) use values::{Subject, from_json, http_request_value, map_get, to_json, to_text, user_value};

/// What came out. The third outcome is not a no: it denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes.
    Pass,
    /// No.
    Fail,
    /// A policy could not tell.
    Error,
}

impl Verdict {
    /// Yes or no.
    pub(crate) fn of(passing: bool) -> Verdict {
        if passing { Verdict::Pass } else { Verdict::Fail }
    }

    /// The other way round; an error stays one.
    pub(crate) fn negated(self) -> Verdict {
        match self {
            Verdict::Pass => Verdict::Fail,
            Verdict::Fail => Verdict::Pass,
            Verdict::Error => Verdict::Error,
        }
    }
}

/// A verdict and what the policies said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// What came out.
    pub(crate) verdict: Verdict,
    /// For the person, in order.
    pub(crate) messages: Vec<String>,
}

impl Ruling {
    /// A ruling without words.
    pub(crate) fn of(verdict: Verdict) -> Ruling {
        Ruling { verdict, messages: Vec::new() }
    }
}
