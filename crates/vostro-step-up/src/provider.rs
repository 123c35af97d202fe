//! Answers of the bank's own identity provider: signed with its ed25519 key (RFC 8032), or with a shared secret
//! (HMAC-SHA256, RFC 2104).
//!
//! What is signed is text, one item a line: `vostro.factor-answer.v1`, the challenge's id, its hash in
//! hexadecimal, `approved` or `denied`, and when, in Unix seconds. The hash covers customer, amount, payee,
//! currency and expiry (`vostro_bank::Challenge`), so an answer to one challenge is none to any other.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use vostro_types::ChallengeId;
use zeroize::Zeroizing;

use crate::key::{KeyError, secret};

/// The first line of what is signed.
pub const SIGNED_FOR: &str = "vostro.factor-answer.v1";
/// How far the provider's clock may be off.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);
/// The fewest bytes of a shared secret.
const SHORTEST: usize = 32;

/// What the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// To which challenge.
    pub challenge: ChallengeId,
    /// Whether the customer approved.
    pub approved: bool,
    /// When, in Unix seconds.
    pub at: i64,
}

impl Answer {
    /// What is signed, for a challenge of this hash.
    pub fn signed(&self, hash: &[u8; 32]) -> String {
        let word = if self.approved { "approved" } else { "denied" };
        let (challenge, hash, at) = (&self.challenge, hex::encode(hash), self.at);
        format!("{SIGNED_FOR}\n{challenge}\n{hash}\n{word}\n{at}")
    }
}

/// The key that answers are verified with. Never shown.
#[derive(Clone)]
pub enum ProviderKey {
    /// The provider's public key.
    Ed25519(Box<VerifyingKey>),
    /// A secret that both have.
    Shared(Zeroizing<Vec<u8>>),
}

impl fmt::Debug for ProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519(_) => "Ed25519",
            Self::Shared(_) => "[redacted]",
        })
    }
}

impl ProviderKey {
    /// Reads a public key in PEM, or a shared secret of at least 64 hexadecimal digits.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        let pem = std::str::from_utf8(text).map_err(|_| KeyError::Provider)?;
        if pem.trim_start().starts_with("-----BEGIN") {
            let key = VerifyingKey::from_public_key_pem(pem.trim());
            return Ok(Self::Ed25519(Box::new(
                key.map_err(|_| KeyError::Provider)?,
            )));
        }
        let bytes = secret(text, KeyError::Provider)?;
        if bytes.len() < SHORTEST {
            return Err(KeyError::Provider);
        }
        Ok(Self::Shared(bytes))
    }

    /// Whether an answer to a challenge of this hash is the provider's, and of about now. The signature is
    /// base64.
    pub fn verifies(
        &self,
        answer: &Answer,
        hash: &[u8; 32],
        signature: &str,
        now: Timestamp,
    ) -> bool {
        let Ok(at) = Timestamp::from_second(answer.at) else {
            return false;
        };
        let fresh = now.duration_since(at).abs() <= CLOCKS_DIFFER;
        let Ok(signature) = STANDARD.decode(signature) else {
            return false;
        };
        let message = answer.signed(hash);
        fresh
            && match self {
                Self::Ed25519(key) => Signature::from_slice(&signature)
                    .is_ok_and(|it| key.verify_strict(message.as_bytes(), &it).is_ok()),
                Self::Shared(secret) => {
                    Hmac::<Sha256>::new_from_slice(secret).is_ok_and(|mut mac| {
                        mac.update(message.as_bytes());
                        mac.verify_slice(&signature).is_ok()
                    })
                }
            }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::pkcs8::EncodePublicKey as _;
    use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn answer() -> Answer {
        Answer {
            challenge: ChallengeId::new("chl_1").unwrap(),
            approved: true,
            at: NOW,
        }
    }

    fn verified(key: &ProviderKey, signature: &str) -> Vec<&'static str> {
        let at = |second| Timestamp::from_second(second).unwrap();
        let now = at(NOW);
        assert!(key.verifies(&answer(), &[1; 32], signature, now));
        let denied = Answer {
            approved: false,
            ..answer()
        };
        let other = Answer {
            challenge: ChallengeId::new("chl_2").unwrap(),
            ..answer()
        };
        let later = Answer {
            at: NOW + 1,
            ..answer()
        };
        let mut taken = Vec::new();
        for (what, holds) in [
            ("denied", key.verifies(&denied, &[1; 32], signature, now)),
            (
                "another challenge",
                key.verifies(&other, &[1; 32], signature, now),
            ),
            (
                "another time",
                key.verifies(&later, &[1; 32], signature, now),
            ),
            (
                "another content",
                key.verifies(&answer(), &[2; 32], signature, now),
            ),
            (
                "old",
                key.verifies(&answer(), &[1; 32], signature, at(NOW + 121)),
            ),
            (
                "too early",
                key.verifies(&answer(), &[1; 32], signature, at(NOW - 121)),
            ),
            ("no signature", key.verifies(&answer(), &[1; 32], "", now)),
            ("no base64", key.verifies(&answer(), &[1; 32], "%%%", now)),
            (
                "another's",
                key.verifies(&answer(), &[1; 32], &STANDARD.encode([7; 64]), now),
            ),
        ] {
            if holds {
                taken.push(what);
            }
        }
        taken
    }

    #[test]
    fn only_the_providers_own_answer_to_this_very_question_holds() {
        let signing = SigningKey::from_bytes(&[9; 32]);
        let pem = signing.verifying_key().to_public_key_pem(LineEnding::LF);
        let key = ProviderKey::read(pem.unwrap().as_bytes()).unwrap();
        let message = answer().signed(&[1; 32]);
        let signature = STANDARD.encode(signing.sign(message.as_bytes()).to_bytes());
        assert_eq!(verified(&key, &signature), Vec::<&str>::new());

        let shared = "8f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
        let key = ProviderKey::read(shared.as_bytes()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&hex::decode(shared).unwrap()).unwrap();
        mac.update(message.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(verified(&key, &signature), Vec::<&str>::new());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n",
            "8f1d2c3b4a596877",
            "secret",
        ] {
            assert!(ProviderKey::read(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(
            ProviderKey::read(&b"ab".repeat(32)).err(),
            Some(KeyError::Weak)
        );
    }
}
