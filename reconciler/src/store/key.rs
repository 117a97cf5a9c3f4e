//! The installation key: everything sealed, signed or fingerprinted derives from it, one label per use.
//!
//! A sealed value is `key id (8) ‖ nonce (24) ‖ ciphertext and tag`. The key itself is never shown.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const MINIMUM: usize = 32;
const ID: usize = 8;
const NONCE: usize = 24;

/// What can be wrong with a key, or with using it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// Too short to be unguessable.
    #[error("the secret key is too short: it needs at least {MINIMUM} bytes")]
    TooShort,
    /// The system has no random numbers.
    #[error("the system gave no random bytes")]
    Random,
    /// The cipher refused, which it does for absurdly long input only.
    #[error("the value cannot be sealed")]
    Seal,
}

/// The one key of an installation.
#[derive(Clone)]
pub struct InstallationKey {
    root: Zeroizing<[u8; 32]>,
    id: [u8; ID],
}

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstallationKey").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl InstallationKey {
    /// From the content of a key file or variable; white space around it does not count.
    ///
    /// # Errors
    /// [`KeyError::TooShort`] below 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.trim_ascii();
        if bytes.len() < MINIMUM {
            return Err(KeyError::TooShort);
        }
        let (prk, _) = Hkdf::<Sha256>::extract(Some(b"gatewright installation key"), bytes);
        let root = Zeroizing::new(<[u8; 32]>::from(prk));
        let mut id = [0; ID];
        let derived = expand(&root, "key-id");
        id.copy_from_slice(derived.first_chunk::<ID>().unwrap_or(&[0; ID]));
        Ok(Self { root, id })
    }

    /// A new one, with the text for its key file.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<(Self, String), KeyError> {
        let bytes = Zeroizing::new(random::<48>()?);
        let text = URL_SAFE_NO_PAD.encode(bytes.as_slice());
        Ok((Self::from_bytes(text.as_bytes())?, text))
    }

    /// A name for the key that gives nothing away: a database made with another one is refused by it.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A keyed hash.
    #[must_use]
    pub fn mac(&self, label: &str, data: &[u8]) -> [u8; 32] {
        let key = expand(&self.root, &format!("mac:{label}"));
        match <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()) {
            Ok(mut mac) => {
                mac.update(data);
                mac.finalize().into_bytes().into()
            }
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }

    /// Encrypts and authenticates, together with `aad`, which must be given again to open it.
    ///
    /// # Errors
    /// [`KeyError::Random`], [`KeyError::Seal`].
    pub fn seal(&self, label: &str, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>, KeyError> {
        let nonce = random::<NONCE>()?;
        let sealed = self
            .cipher(label)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad })
            .map_err(|_| KeyError::Seal)?;
        let mut out = Vec::with_capacity(ID + NONCE + sealed.len());
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// What was sealed under the same label with the same `aad`; `None` when anything differs.
    #[must_use]
    pub fn open(&self, label: &str, sealed: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        let (id, rest) = sealed.split_first_chunk::<ID>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>()?;
        if *id != self.id {
            return None;
        }
        self.cipher(label).decrypt(&XNonce::from(*nonce), Payload { msg: text, aad }).ok()
    }

    fn cipher(&self, label: &str) -> XChaCha20Poly1305 {
        let key = expand(&self.root, &format!("seal:{label}"));
        XChaCha20Poly1305::new(&Key::from(*key))
    }
}

fn expand(root: &[u8; 32], label: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let done = Hkdf::<Sha256>::from_prk(root).map(|hkdf| hkdf.expand(label.as_bytes(), out.as_mut_slice()));
    debug_assert!(matches!(done, Ok(Ok(()))), "32 bytes are always within the bounds of HKDF-SHA256");
    out
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn key(byte: u8) -> InstallationKey {
        InstallationKey::from_bytes(&[byte; 40]).unwrap()
    }

    #[test]
    fn seals_and_opens_only_with_the_same_key_label_and_aad() {
        let sealed = key(b'a').seal("x", b"text", b"slug").unwrap();
        assert_eq!(key(b'a').open("x", &sealed, b"slug").unwrap(), b"text");
        assert_eq!(key(b'a').open("y", &sealed, b"slug"), None);
        assert_eq!(key(b'a').open("x", &sealed, b"other"), None);
        assert_eq!(key(b'b').open("x", &sealed, b"slug"), None);
        assert_eq!(key(b'a').open("x", sealed.get(..20).unwrap(), b"slug"), None);
        let mut broken = sealed.clone();
        *broken.last_mut().unwrap() ^= 1;
        assert_eq!(key(b'a').open("x", &broken, b"slug"), None);
        assert_ne!(key(b'a').seal("x", b"text", b"slug").unwrap(), sealed, "the nonce is random");
    }

    #[test]
    fn macs_differ_by_key_and_label() {
        assert_eq!(key(b'a').mac("x", b"d"), key(b'a').mac("x", b"d"));
        assert_ne!(key(b'a').mac("x", b"d"), key(b'a').mac("y", b"d"));
        assert_ne!(key(b'a').mac("x", b"d"), key(b'b').mac("x", b"d"));
    }

    #[test]
    fn a_generated_key_is_read_back_from_its_text() {
        let (made, text) = InstallationKey::generate().unwrap();
        assert_eq!(InstallationKey::from_bytes(format!("{text}\n").as_bytes()).unwrap().id(), made.id());
    }

    #[test]
    fn short_keys_are_refused_and_debug_shows_no_key() {
        assert_eq!(InstallationKey::from_bytes(&[b'a'; 31]).unwrap_err(), KeyError::TooShort);
        assert_eq!(
            InstallationKey::from_bytes(b"  short                            \n").unwrap_err(),
            KeyError::TooShort
        );
        let shown = format!("{:?}", key(b'a'));
        assert!(shown.contains(&key(b'a').id()) && !shown.contains("root"), "{shown}");
    }
}
