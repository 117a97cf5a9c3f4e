//! Policies, and what binds them, groups and users to things.

mod eventmatcherpolicy;
mod expressionpolicy;
mod passwordpolicy;
mod policybinding;

pub use eventmatcherpolicy::{EventAction, EventMatcherPolicy};
pub use expressionpolicy::ExpressionPolicy;
pub use passwordpolicy::PasswordPolicy;
pub use policybinding::{PolicyBinding, PolicyEngineMode};

super::model::list! {
    EventMatcherPolicy,
    ExpressionPolicy,
    PasswordPolicy,
    PolicyBinding,
}

super::model::variants! {
    /// Any policy.
    pub enum Policy {
        /// Passes for certain events.
        EventMatcher(EventMatcherPolicy),
        /// An expression decides.
        Expression(ExpressionPolicy),
        /// Passes for passwords that are good enough.
        Password(PasswordPolicy),
    }
}
