//! The prompt stage and its fields.

#[expect(clippy::module_inception, reason = "the peer calls the field of a prompt stage a prompt, too")]
mod prompt;
mod promptstage;

pub use prompt::{FieldType, Prompt};
pub use promptstage::PromptStage;
