//! Keys: made, read from files, told apart by fingerprint. ed25519 (RFC 8032) throughout.
//!
//! A private key file is PKCS#8 in PEM (RFC 8410), or the bare seed: 32 bytes, or 64 hexadecimal digits.
//! A public key file is the PEM that [`PublicKey::to_pem`] writes, or 64 hexadecimal digits.

use std::fmt;

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use vostro_types::Entropy;
use zeroize::Zeroizing;

use crate::hashing::{Fields, Hash};

/// What stands before a hash when it is signed as a seal.
const SEALING: &[u8] = b"vostro.audit.signature.v1\0";
/// What stands before a hash when a new key shows that it is had.
const POSSESSION: &[u8] = b"vostro.audit.possession.v1\0";

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither PKCS#8 in PEM nor a seed.
    #[error("not an ed25519 private key: PKCS#8 in PEM, 32 bytes, or 64 hexadecimal digits")]
    NotPrivate,
    /// Neither a public key in PEM nor its bytes.
    #[error("not an ed25519 public key: PEM, or 64 hexadecimal digits")]
    NotPublic,
    /// The key cannot be written as PEM.
    #[error("the key cannot be written as PEM")]
    NotWritten,
}

/// A public key's fingerprint: the first 16 bytes of SHA-256 over a tag and its 32 bytes, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Takes a text that has the form of an id.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key that signs seals. Its bytes are wiped from memory when it is dropped and never shown.
pub struct SealingKey(SigningKey);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.public().id())
    }
}

impl SealingKey {
    /// Makes a new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut seed = Zeroizing::new([0_u8; 32]);
        entropy.fill(&mut *seed);
        Self(SigningKey::from_bytes(&seed))
    }

    /// Reads a key file.
    pub fn read(file: &[u8]) -> Result<Self, KeyError> {
        if let Ok(seed) = <[u8; 32]>::try_from(file) {
            let seed = Zeroizing::new(seed);
            return Ok(Self(SigningKey::from_bytes(&seed)));
        }
        let text = std::str::from_utf8(file)
            .map_err(|_| KeyError::NotPrivate)?
            .trim();
        let mut seed = Zeroizing::new([0_u8; 32]);
        if hex::decode_to_slice(text, &mut *seed).is_ok() {
            return Ok(Self(SigningKey::from_bytes(&seed)));
        }
        SigningKey::from_pkcs8_pem(text)
            .map(Self)
            .map_err(|_| KeyError::NotPrivate)
    }

    /// The key as PKCS#8 in PEM, for its file.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.0
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::NotWritten)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, hash: &Hash) -> Vec<u8> {
        self.signed(SEALING, hash)
    }

    pub(crate) fn prove(&self, hash: &Hash) -> Vec<u8> {
        self.signed(POSSESSION, hash)
    }

    fn signed(&self, purpose: &[u8], hash: &Hash) -> Vec<u8> {
        self.0.sign(&[purpose, hash].concat()).to_bytes().to_vec()
    }
}

/// The key that seals are verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Takes 32 bytes. Keys of small order, with which a signature says nothing, are refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| KeyError::NotPublic)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::NotPublic)?;
        if key.is_weak() {
            return Err(KeyError::NotPublic);
        }
        Ok(Self(key))
    }

    /// Reads a public key file.
    pub fn read(file: &str) -> Result<Self, KeyError> {
        let text = file.trim();
        if let Ok(bytes) = hex::decode(text) {
            return Self::from_bytes(&bytes);
        }
        let key = VerifyingKey::from_public_key_pem(text).map_err(|_| KeyError::NotPublic)?;
        Self::from_bytes(key.as_bytes())
    }

    /// The key as PEM.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| KeyError::NotWritten)
    }

    /// The key's 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key's fingerprint.
    pub fn id(&self) -> KeyId {
        let hash = Fields::new("vostro.audit.key.v1")
            .bytes(self.as_bytes())
            .finish();
        let mut id = hex::encode(hash);
        id.truncate(32);
        KeyId(id)
    }

    pub(crate) fn has_signed(&self, hash: &[u8], signature: &[u8]) -> bool {
        self.verifies(SEALING, hash, signature)
    }

    pub(crate) fn has_proved(&self, hash: &[u8], signature: &[u8]) -> bool {
        self.verifies(POSSESSION, hash, signature)
    }

    fn verifies(&self, purpose: &[u8], hash: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| {
            self.0
                .verify_strict(&[purpose, hash].concat(), &signature)
                .is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, test 1.
    const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn a_key_is_read_in_every_form_it_may_have() {
        let key = SealingKey::read(SEED.as_bytes()).unwrap();
        assert_eq!(hex::encode(key.public().as_bytes()), PUBLIC);
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let raw = hex::decode(SEED).unwrap();
        let padded = format!("\n{SEED}\n");
        for form in [raw.as_slice(), pem.as_bytes(), padded.as_bytes()] {
            assert_eq!(SealingKey::read(form).unwrap().public(), key.public());
        }
        let public = key.public().to_pem().unwrap();
        for form in [public.as_str(), PUBLIC] {
            assert_eq!(PublicKey::read(form).unwrap(), key.public());
        }
        assert_eq!(
            KeyId::parse(key.public().id().as_str()),
            Some(key.public().id())
        );
        assert!(!format!("{key:?}").contains(&SEED[..8]));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let other =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIA==\n-----END PRIVATE KEY-----\n";
        for file in [
            &b""[..],
            &[0; 31],
            &[0xff; 33],
            &SEED.as_bytes()[1..],
            other.as_bytes(),
        ] {
            assert_eq!(SealingKey::read(file).unwrap_err(), KeyError::NotPrivate);
        }
        for file in ["", "00", &"00".repeat(32), &"f".repeat(63), other, "\u{0}"] {
            assert_eq!(
                PublicKey::read(file).unwrap_err(),
                KeyError::NotPublic,
                "{file}"
            );
        }
        for text in ["", "xyz", &"g".repeat(32), &"a".repeat(33)] {
            assert_eq!(KeyId::parse(text), None);
        }
    }

    #[test]
    fn a_signature_holds_for_its_hash_key_and_purpose_alone() {
        let key = SealingKey::read(SEED.as_bytes()).unwrap();
        let other = SealingKey::read(&[3; 32]).unwrap();
        let (hash, signature) = ([5; 32], key.sign(&[5; 32]));
        assert!(key.public().has_signed(&hash, &signature));
        assert!(!key.public().has_signed(&[6; 32], &signature));
        assert!(!other.public().has_signed(&hash, &signature));
        assert!(!key.public().has_proved(&hash, &signature));
        assert!(key.public().has_proved(&hash, &key.prove(&hash)));
        for broken in [&signature[1..], &[0; 64], &[0xff; 64], &[]] {
            assert!(!key.public().has_signed(&hash, broken));
        }
    }
}
