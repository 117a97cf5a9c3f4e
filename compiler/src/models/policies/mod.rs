//! Policies, and what binds them, groups and users to things.

mod expressionpolicy;
mod policybinding;

pub use expressionpolicy::ExpressionPolicy;
pub use policybinding::{PolicyBinding, PolicyEngineMode};

crate::models::model::variants! {
    /// Any policy.
    pub enum Policy {
        /// An expression decides.
        Expression(ExpressionPolicy),
    }
}
