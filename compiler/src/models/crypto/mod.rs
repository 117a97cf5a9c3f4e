//! Certificates and keys.

mod certificatekeypair;

pub use certificatekeypair::CertificateKeyPair;

super::model::list! {
    CertificateKeyPair,
}
