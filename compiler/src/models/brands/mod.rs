//! Brands: how Gatewright looks under a domain.

mod brand;

pub use brand::Brand;

super::model::list! {
    Brand,
}
