//! The one way to the database.

mod rows;

pub use rows::{
    Commit, Effect, ExecutionChange, ExecutionRow, Group, NewUser, Session, SessionChange, TokenHash, User, UserPatch,
};
