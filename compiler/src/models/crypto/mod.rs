//! Certificates and keys.

mod certificatekeypair;

pub use certificatekeypair::CertificateKeyPair;
