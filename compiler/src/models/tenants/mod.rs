//! Tenants of the peer.

mod domain;

pub use domain::Domain;

super::model::list! {
    Domain,
}
