//! What holds for every text as an identity provider's answer, as its key and as a sealed secret. Used by the fuzz
//! target and by the replay of its corpus.

use jiff::Timestamp;
use vostro_step_up::{Answer, FactorKey, ProviderKey};
use vostro_types::{ChallengeId, CustomerId};

const KEY: &str = "8f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Nothing made up is ever verified or opened, and nothing panics.
pub(crate) fn keep(data: &[u8]) {
    let _ = ProviderKey::read(data);
    let _ = FactorKey::read(data);
    let key = FactorKey::read(KEY.as_bytes()).ok();
    let customer = CustomerId::new("ada").ok();
    if let Some((key, customer)) = key.zip(customer) {
        assert!(key.open(&customer, data).is_none());
    }
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(4, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (challenge, approved, at, signature) = (next(), next(), next(), next());
    let (Ok(challenge), Ok(at)) = (ChallengeId::new(challenge), at.parse()) else {
        return;
    };
    let answer = Answer {
        challenge,
        approved: approved == "1",
        at,
    };
    // What is signed has five lines, whatever an id holds.
    assert_eq!(answer.signed(&[7; 32]).lines().count(), 5);
    if let Ok(provider) = ProviderKey::read(KEY.as_bytes()) {
        let now = Timestamp::from_second(1_800_000_000).unwrap_or_default();
        assert!(!provider.verifies(&answer, &[7; 32], signature, now));
    }
}
