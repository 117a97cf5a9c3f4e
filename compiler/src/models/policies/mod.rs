//! Policies, and what binds them, groups and users to things.

mod countries;
mod dummypolicy;
mod eventmatcherpolicy;
mod expressionpolicy;
mod geoippolicy;
mod passwordexpirypolicy;
mod passwordpolicy;
mod policybinding;
mod reputationpolicy;
mod uniquepasswordpolicy;

pub use dummypolicy::DummyPolicy;
pub use eventmatcherpolicy::{EventAction, EventMatcherPolicy};
pub use expressionpolicy::ExpressionPolicy;
pub use geoippolicy::{Country, GeoIpPolicy};
pub use passwordexpirypolicy::PasswordExpiryPolicy;
pub use passwordpolicy::PasswordPolicy;
pub use policybinding::{PolicyBinding, PolicyEngineMode};
pub use reputationpolicy::ReputationPolicy;
pub use uniquepasswordpolicy::UniquePasswordPolicy;

super::model::list! {
    DummyPolicy,
    EventMatcherPolicy,
    ExpressionPolicy,
    GeoIpPolicy,
    PasswordExpiryPolicy,
    PasswordPolicy,
    PolicyBinding,
    ReputationPolicy,
    UniquePasswordPolicy,
}

super::model::variants! {
    /// Any policy.
    pub enum Policy {
        /// Always the same answer.
        Dummy(DummyPolicy),
        /// Passes for certain events.
        EventMatcher(EventMatcherPolicy),
        /// An expression decides.
        Expression(ExpressionPolicy),
        /// Passes for certain places.
        GeoIp(GeoIpPolicy),
        /// Fails for passwords that are too old.
        PasswordExpiry(PasswordExpiryPolicy),
        /// Passes for passwords that are good enough.
        Password(PasswordPolicy),
        /// Passes for a bad reputation.
        Reputation(ReputationPolicy),
        /// Fails for passwords that were used before.
        UniquePassword(UniquePasswordPolicy),
    }
}
