//! Outposts.

mod outpost;

pub use outpost::{Outpost, OutpostType};
