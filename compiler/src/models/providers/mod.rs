//! Providers: what applications log in through, and the mappings that shape what they learn.

mod scopemapping;

pub use scopemapping::ScopeMapping;

super::model::list! {
    ScopeMapping,
}
