//! The key that seals customers' secrets: AES-256-GCM (NIST SP 800-38D), each sealed for its customer.
//!
//! What is kept is a version, a random nonce, the ciphertext and its tag. The customer's id is authenticated
//! beside it, so that a secret moved to another customer's row opens nothing.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use vostro_types::{CustomerId, Entropy};
use zeroize::Zeroizing;

/// The first byte of what is sealed: the way in which it is.
const VERSION: u8 = 1;

/// Why bytes are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A sealing key is something else.
    #[error("a key is 64 hexadecimal digits: `openssl rand -hex 32` makes one")]
    Sealing,
    /// Every digit is the same, or it is the example's.
    #[error("this key is not a secret: `openssl rand -hex 32` makes one")]
    Weak,
    /// A provider's key is something else.
    #[error(
        "an ed25519 public key in PEM, or a shared secret of at least 64 hexadecimal digits, is needed"
    )]
    Provider,
}

/// The key. Never shown.
pub struct FactorKey(LessSafeKey);

impl fmt::Debug for FactorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Hexadecimal digits as bytes, if they are not obviously no secret.
pub(crate) fn secret(text: &[u8], refused: KeyError) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let digits = text.trim_ascii();
    let bytes = Zeroizing::new(hex::decode(digits).map_err(|_| refused)?);
    let distinct: std::collections::BTreeSet<u8> = bytes.iter().copied().collect();
    if distinct.len() < 8 && bytes.len() >= 32 {
        return Err(KeyError::Weak);
    }
    Ok(bytes)
}

impl FactorKey {
    /// Reads 64 hexadecimal digits.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        let bytes = secret(text, KeyError::Sealing)?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| KeyError::Sealing)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a customer's secret.
    pub fn seal(&self, customer: &CustomerId, secret: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        let aad = Aad::from(customer.as_str().as_bytes());
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        let done = self
            .0
            .seal_in_place_append_tag(nonce_used, aad, &mut sealed);
        // Only texts of 64 GiB and more cannot be sealed; nothing is kept of one.
        if done.is_err() {
            sealed.clear();
        }
        let mut kept = vec![VERSION];
        kept.extend(nonce);
        kept.extend(sealed);
        kept
    }

    /// Opens what was sealed for this customer; `None` when it was not, or not with this key.
    pub fn open(&self, customer: &CustomerId, kept: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&VERSION, rest) = kept.split_first()? else {
            return None;
        };
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut secret = Zeroizing::new(sealed.to_vec());
        let aad = Aad::from(customer.as_str().as_bytes());
        let length = self.0.open_in_place(nonce, aad, &mut secret).ok()?.len();
        secret.truncate(length);
        Some(secret)
    }
}

#[cfg(test)]
mod tests {
    use vostro_testkit::SeededEntropy;

    use super::*;

    const KEY: &str = "8f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    fn customer(id: &str) -> CustomerId {
        CustomerId::new(id).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_customer_and_key_alone() {
        let key = FactorKey::read(KEY.as_bytes()).unwrap();
        let entropy = SeededEntropy::new(1);
        let sealed = key.seal(&customer("ada"), b"secret", &entropy);
        assert_eq!(
            key.open(&customer("ada"), &sealed).unwrap().as_slice(),
            b"secret"
        );
        assert_ne!(sealed, key.seal(&customer("ada"), b"secret", &entropy));
        assert!(key.open(&customer("eve"), &sealed).is_none());
        let other = FactorKey::read(KEY.replace("8f", "90").as_bytes()).unwrap();
        assert!(other.open(&customer("ada"), &sealed).is_none());
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(key.open(&customer("ada"), &altered).is_none(), "{place}");
            assert!(key.open(&customer("ada"), &sealed[..place]).is_none());
        }
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn keys_are_64_digits_and_no_pattern() {
        let cases = [
            (format!("{KEY}\n"), None),
            (KEY[1..].to_owned(), Some(KeyError::Sealing)),
            (format!("{KEY}00"), Some(KeyError::Sealing)),
            ("0".repeat(64), Some(KeyError::Weak)),
            ("0123".repeat(16), Some(KeyError::Weak)),
            ("not a key".to_owned(), Some(KeyError::Sealing)),
            (String::new(), Some(KeyError::Sealing)),
        ];
        for (text, expected) in cases {
            let found = FactorKey::read(text.as_bytes()).err();
            assert_eq!(found, expected, "{text}");
        }
        let shown = format!("{:?}", FactorKey::read(KEY.as_bytes()).unwrap());
        assert_eq!(shown, "[redacted]");
    }
}
