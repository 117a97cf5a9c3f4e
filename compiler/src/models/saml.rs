//! Words of SAML that its provider and its source share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How what is signed is digested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DigestAlgorithm {
    /// SHA-1, which is broken: only for what knows nothing else.
    #[serde(rename = "http://www.w3.org/2000/09/xmldsig#sha1")]
    Sha1,
    /// SHA-256.
    #[default]
    #[serde(rename = "http://www.w3.org/2001/04/xmlenc#sha256")]
    Sha256,
    /// SHA-384.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#sha384")]
    Sha384,
    /// SHA-512.
    #[serde(rename = "http://www.w3.org/2001/04/xmlenc#sha512")]
    Sha512,
}

/// How something is signed. The key must be of the kind that the algorithm names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SignatureAlgorithm {
    /// RSA over SHA-1, which is broken: only for what knows nothing else.
    #[serde(rename = "http://www.w3.org/2000/09/xmldsig#rsa-sha1")]
    RsaSha1,
    /// RSA over SHA-256.
    #[default]
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    RsaSha256,
    /// RSA over SHA-384.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384")]
    RsaSha384,
    /// RSA over SHA-512.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")]
    RsaSha512,
    /// An elliptic curve over SHA-1, which is broken: only for what knows nothing else.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1")]
    EcdsaSha1,
    /// An elliptic curve over SHA-256.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")]
    EcdsaSha256,
    /// An elliptic curve over SHA-384.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384")]
    EcdsaSha384,
    /// An elliptic curve over SHA-512.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512")]
    EcdsaSha512,
    /// DSA over SHA-1, which is broken: only for what knows nothing else.
    #[serde(rename = "http://www.w3.org/2000/09/xmldsig#dsa-sha1")]
    DsaSha1,
}

/// The format of the name that SAML knows a user by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum NameIdPolicy {
    /// The e-mail address.
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")]
    EmailAddress,
    /// A name that stays the same and tells nothing.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")]
    Persistent,
    /// The subject of an X.509 certificate.
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName")]
    X509SubjectName,
    /// A Windows name with its domain.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:WindowsDomainQualifiedName")]
    WindowsDomainQualifiedName,
    /// A name that is another one at every login.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")]
    Transient,
    /// Whatever the identity provider likes.
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified")]
    Unspecified,
}
