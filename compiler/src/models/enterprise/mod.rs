//! What the peer sells besides.

mod license;

pub use license::License;

super::model::list! {
    License,
}
