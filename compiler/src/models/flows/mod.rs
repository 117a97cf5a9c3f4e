//! Flows and the stages bound to them.

mod flow;
mod flowstagebinding;

pub use flow::{Authentication, DeniedAction, Designation, Flow, Layout};
pub use flowstagebinding::{FlowStageBinding, InvalidResponseAction};

super::model::list! {
    Flow,
    FlowStageBinding,
}
