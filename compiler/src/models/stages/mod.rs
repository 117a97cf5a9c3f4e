//! Stages: the steps of a flow, one file each, named like the peer's app.

mod identification;
pub mod prompt;

pub use identification::{IdentificationStage, UserField};
pub use prompt::PromptStage;

crate::models::model::variants! {
    /// Any stage.
    pub enum Stage {
        /// Asks who somebody is.
        Identification(IdentificationStage),
        /// Asks for values.
        Prompt(PromptStage),
    }
}
