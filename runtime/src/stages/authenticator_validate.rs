//! `authentik_stages_authenticator_validate.authenticatorvalidatestage`: asks for a second factor.
//!
//! Nobody can have a device in this version, so what is left is what to do about that.

use gatewright_compiler::models::stages::{AuthenticatorValidateStage, NotConfiguredAction};

use super::Reach;

pub(super) fn reach(stage: &AuthenticatorValidateStage) -> Reach {
    match stage.not_configured_action {
        NotConfiguredAction::Skip => Reach::Pass,
        NotConfiguredAction::Deny => denied(),
        NotConfiguredAction::Configure => {
            tracing::warn!(stage = stage.name, "devices cannot be set up in this version, denying");
            denied()
        }
    }
}

fn denied() -> Reach {
    Reach::Invalid(Some("No (allowed) MFA authenticator configured.".to_owned()))
}
