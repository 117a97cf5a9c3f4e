//! What OAuth and OpenID Connect need (`providers_oauth2`).

mod scopemapping;

pub use scopemapping::ScopeMapping;
