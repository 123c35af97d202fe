//! API keys: how a bank's back end and its administrators show who they are.
//!
//! A key is 256 random bits, shown once when it is made; the configuration holds its SHA-256, its name, its scopes
//! and its end. A slow hash would protect a guessable secret, and this is none. Several keys may have one name, so
//! that a new one is there before the old one goes.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use vostro_dialogue::principal::Scope;
use vostro_types::{Entropy, Redacted};

/// What keys begin with, so that scanners for secrets know them.
const PREFIX: &str = "vk_";
/// What hashes begin with.
const HASH_PREFIX: &str = "sha256:";

/// A key, as far as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Who has it: a system, or an administrator. It stands on the audit trail.
    pub name: String,
    /// The key's SHA-256.
    pub hash: KeyHash,
    /// What it allows. With `chat` its holder acts for any customer.
    pub scopes: BTreeSet<Scope>,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// The SHA-256 of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash of a key.
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Reads `sha256:` and 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix(HASH_PREFIX)?;
        let hash = hex::decode(digits).ok()?;
        hash.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for KeyHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{HASH_PREFIX}{}", hex::encode(self.0))
    }
}

/// A new key: to be shown once and kept nowhere.
pub fn new_api_key(entropy: &dyn Entropy) -> Redacted<String> {
    let mut secret = [0; 32];
    entropy.fill(&mut secret);
    Redacted::new(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(secret)))
}

/// The key that was shown, if it is one of these and its time is not over. Every key is compared, each in constant
/// time, so that the time taken tells neither which nor how nearly.
pub(super) fn find<'a>(keys: &'a [ApiKey], shown: &str, now: Timestamp) -> Option<&'a ApiKey> {
    let shown = KeyHash::of(shown);
    let mut found = None;
    for key in keys {
        let is_it: Choice = key.hash.0.ct_eq(&shown.0);
        let is_over = key.expires_at.is_some_and(|end| end <= now);
        if bool::from(is_it) && !is_over {
            found = Some(key);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Entropy for Sevens {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    fn key(name: &str, secret: &str, expires_at: Option<Timestamp>) -> ApiKey {
        ApiKey {
            name: name.to_owned(),
            hash: KeyHash::of(secret),
            scopes: BTreeSet::from([Scope::Chat]),
            expires_at,
        }
    }

    #[test]
    fn a_key_is_known_by_its_hash_until_it_ends() {
        let now = Timestamp::from_second(1_000).unwrap();
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let keys = [
            key("core", "old", at(1_001)),
            key("core", "new", None),
            key("gone", "over", at(1_000)),
        ];
        let cases = [
            ("old", Some("core")),
            ("new", Some("core")),
            ("over", None),
            ("", None),
            ("ol", None),
            ("old ", None),
        ];
        for (shown, expected) in cases {
            let found = find(&keys, shown, now).map(|key| key.name.as_str());
            assert_eq!(found, expected, "{shown:?}");
        }
        assert!(find(&[], "old", now).is_none());
    }

    #[test]
    fn hashes_are_written_and_read_alike() {
        let hash = KeyHash::of("a key");
        assert_eq!(KeyHash::parse(&hash.to_string()), Some(hash));
        for text in [
            "",
            "sha256:",
            "sha256:00",
            &"0".repeat(64),
            &format!("sha256:{}", "é".repeat(32)),
            &format!("sha256:{}", "g".repeat(64)),
        ] {
            assert_eq!(KeyHash::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_new_key_is_long_and_has_the_prefix() {
        let key = new_api_key(&Sevens);
        assert!(
            key.expose().starts_with("vk_") && key.expose().len() == 46,
            "{}",
            key.expose()
        );
        assert!(!format!("{key:?}").contains("vk_"));
    }
}
