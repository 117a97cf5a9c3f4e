//! Invitations, and the stage that takes them.

#[expect(clippy::module_inception, reason = "the invitation is a model of its own, beside its stage")]
mod invitation;
mod invitationstage;

pub use invitation::Invitation;
pub use invitationstage::InvitationStage;
