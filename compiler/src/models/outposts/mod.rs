//! Outposts.

mod outpost;

pub use outpost::{Outpost, OutpostType};

super::model::list! {
    Outpost,
}
