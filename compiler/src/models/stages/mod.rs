//! Stages: the steps of a flow, one file each, named like the peer's app and like its behaviour in the runtime.

mod authenticator_static;
mod authenticator_totp;
mod authenticator_validate;
mod authenticator_webauthn;
mod consent;
mod deny;
mod dummy;
mod identification;
mod password;
pub mod prompt;
mod redirect;
mod user_login;
mod user_logout;
mod user_write;

pub use authenticator_static::AuthenticatorStaticStage;
pub use authenticator_totp::{AuthenticatorTotpStage, Digits};
pub use authenticator_validate::{AuthenticatorValidateStage, DeviceClass, NotConfiguredAction, UserVerification};
pub use authenticator_webauthn::{Attachment, AuthenticatorWebAuthnStage, ResidentKey};
pub use consent::{ConsentMode, ConsentStage};
pub use deny::DenyStage;
pub use dummy::DummyStage;
pub use identification::{IdentificationStage, UserField};
pub use password::{Backend, PasswordStage};
pub use prompt::PromptStage;
pub use redirect::{RedirectMode, RedirectStage};
pub use user_login::{GeoipBinding, NetworkBinding, UserLoginStage};
pub use user_logout::UserLogoutStage;
pub use user_write::{UserCreationMode, UserWriteStage};

super::model::list! {
    AuthenticatorStaticStage,
    AuthenticatorTotpStage,
    AuthenticatorValidateStage,
    AuthenticatorWebAuthnStage,
    ConsentStage,
    DenyStage,
    DummyStage,
    IdentificationStage,
    PasswordStage,
    RedirectStage,
    UserLoginStage,
    UserLogoutStage,
    UserWriteStage,
    prompt::Prompt,
    prompt::PromptStage,
}

super::model::variants! {
    /// Any stage.
    pub enum Stage {
        /// Gives out codes on paper.
        AuthenticatorStatic(AuthenticatorStaticStage),
        /// Sets up an app that shows codes.
        AuthenticatorTotp(AuthenticatorTotpStage),
        /// Asks for a second factor.
        AuthenticatorValidate(AuthenticatorValidateStage),
        /// Sets up a security key.
        AuthenticatorWebAuthn(AuthenticatorWebAuthnStage),
        /// Asks for consent.
        Consent(ConsentStage),
        /// Ends the flow.
        Deny(DenyStage),
        /// Shows a page with a button.
        Dummy(DummyStage),
        /// Asks who somebody is.
        Identification(IdentificationStage),
        /// Asks for the password.
        Password(PasswordStage),
        /// Asks for values.
        Prompt(PromptStage),
        /// Leads somewhere else.
        Redirect(RedirectStage),
        /// Logs in.
        UserLogin(UserLoginStage),
        /// Logs out.
        UserLogout(UserLogoutStage),
        /// Writes answers into a user.
        UserWrite(UserWriteStage),
    }
}
