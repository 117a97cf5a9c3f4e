//! Planner and executor of flows. Knows no axum, no SQL.

pub mod challenge;
