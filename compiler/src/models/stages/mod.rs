//! Stages: the steps of a flow, one file each, named like the peer's app and like its behaviour in the runtime.

mod authenticator_duo;
mod authenticator_email;
mod authenticator_endpoint_gdtc;
mod authenticator_sms;
mod authenticator_static;
mod authenticator_totp;
mod authenticator_validate;
mod authenticator_webauthn;
mod captcha;
mod consent;
mod deny;
mod dummy;
mod email;
mod identification;
pub mod invitation;
mod mtls;
mod password;
pub mod prompt;
mod redirect;
mod smtp;
mod source;
mod user_delete;
mod user_login;
mod user_logout;
mod user_write;

pub use authenticator_duo::AuthenticatorDuoStage;
pub use authenticator_email::AuthenticatorEmailStage;
pub use authenticator_endpoint_gdtc::AuthenticatorEndpointGdtcStage;
pub use authenticator_sms::{AuthenticatorSmsStage, SmsAuthType, SmsProvider};
pub use authenticator_static::AuthenticatorStaticStage;
pub use authenticator_totp::{AuthenticatorTotpStage, Digits};
pub use authenticator_validate::{AuthenticatorValidateStage, DeviceClass, NotConfiguredAction, UserVerification};
pub use authenticator_webauthn::{Attachment, AuthenticatorWebAuthnStage, ResidentKey};
pub use captcha::CaptchaStage;
pub use consent::{ConsentMode, ConsentStage};
pub use deny::DenyStage;
pub use dummy::DummyStage;
pub use email::EmailStage;
pub use identification::{IdentificationStage, UserField};
pub use invitation::InvitationStage;
pub use mtls::{CertAttribute, CertUserAttribute, MutualTlsMode, MutualTlsStage};
pub use password::{Backend, PasswordStage};
pub use prompt::PromptStage;
pub use redirect::{RedirectMode, RedirectStage};
pub use smtp::Smtp;
pub use source::SourceStage;
pub use user_delete::UserDeleteStage;
pub use user_login::{GeoipBinding, NetworkBinding, UserLoginStage};
pub use user_logout::UserLogoutStage;
pub use user_write::{UserCreationMode, UserWriteStage};

super::model::list! {
    AuthenticatorDuoStage,
    AuthenticatorEmailStage,
    AuthenticatorEndpointGdtcStage,
    AuthenticatorSmsStage,
    AuthenticatorStaticStage,
    AuthenticatorTotpStage,
    AuthenticatorValidateStage,
    AuthenticatorWebAuthnStage,
    CaptchaStage,
    ConsentStage,
    DenyStage,
    DummyStage,
    EmailStage,
    IdentificationStage,
    InvitationStage,
    MutualTlsStage,
    PasswordStage,
    RedirectStage,
    SourceStage,
    UserDeleteStage,
    UserLoginStage,
    UserLogoutStage,
    UserWriteStage,
    invitation::Invitation,
    prompt::Prompt,
    prompt::PromptStage,
}

super::model::variants! {
    /// Any stage.
    pub enum Stage {
        /// Sets up the Duo app.
        AuthenticatorDuo(AuthenticatorDuoStage),
        /// Sets up codes by e-mail.
        AuthenticatorEmail(AuthenticatorEmailStage),
        /// Takes a managed browser for a device.
        AuthenticatorEndpointGdtc(AuthenticatorEndpointGdtcStage),
        /// Sets up codes by text message.
        AuthenticatorSms(AuthenticatorSmsStage),
        /// Gives out codes on paper.
        AuthenticatorStatic(AuthenticatorStaticStage),
        /// Sets up an app that shows codes.
        AuthenticatorTotp(AuthenticatorTotpStage),
        /// Asks for a second factor.
        AuthenticatorValidate(AuthenticatorValidateStage),
        /// Sets up a security key.
        AuthenticatorWebAuthn(AuthenticatorWebAuthnStage),
        /// Keeps robots out.
        Captcha(CaptchaStage),
        /// Asks for consent.
        Consent(ConsentStage),
        /// Ends the flow.
        Deny(DenyStage),
        /// Shows a page with a button.
        Dummy(DummyStage),
        /// Sends a link by e-mail.
        Email(EmailStage),
        /// Asks who somebody is.
        Identification(IdentificationStage),
        /// Takes an invitation.
        Invitation(InvitationStage),
        /// Looks at a client certificate.
        MutualTls(MutualTlsStage),
        /// Asks for the password.
        Password(PasswordStage),
        /// Asks for values.
        Prompt(PromptStage),
        /// Leads somewhere else.
        Redirect(RedirectStage),
        /// Leads to a source and back.
        Source(SourceStage),
        /// Deletes the user.
        UserDelete(UserDeleteStage),
        /// Logs in.
        UserLogin(UserLoginStage),
        /// Logs out.
        UserLogout(UserLogoutStage),
        /// Writes answers into a user.
        UserWrite(UserWriteStage),
    }
}
