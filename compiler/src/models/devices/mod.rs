//! Devices: what users prove themselves with besides their password.

mod duodevice;
mod emaildevice;
mod smsdevice;
mod staticdevice;
mod totpdevice;
mod webauthndevice;

pub use duodevice::DuoDevice;
pub use emaildevice::EmailDevice;
pub use smsdevice::SmsDevice;
pub use staticdevice::StaticDevice;
pub use totpdevice::TotpDevice;
pub use webauthndevice::WebAuthnDevice;

super::model::list! {
    DuoDevice,
    EmailDevice,
    SmsDevice,
    StaticDevice,
    TotpDevice,
    WebAuthnDevice,
}
