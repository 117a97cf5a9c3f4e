//! Tasks that the server does by itself.

mod schedule;

pub use schedule::Schedule;

super::model::list! {
    Schedule,
}
