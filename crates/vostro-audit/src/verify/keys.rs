//! The keys that the chain has named so far, and whether a seal was signed with the right one.

use super::finding::Finding;
use crate::key::{KeyId, PublicKey};
use crate::link::{Link, LinkBody};

/// The chain's keys, in order.
#[derive(Default)]
pub(super) struct KeyRing {
    ids: Vec<KeyId>,
    current: Option<PublicKey>,
}

impl KeyRing {
    /// The keys that were brought in, in order.
    pub(super) fn ids(&self) -> &[KeyId] {
        &self.ids
    }

    /// Checks a seal's signature and takes in the key that it may bring. The chain's first key signs its
    /// own seal; any other is signed for by the one before it.
    pub(super) fn check(&mut self, link: &Link) -> Option<Finding> {
        let record = &link.record;
        let seal = record.number;
        let brought = match &link.body {
            LinkBody::Key(key) => Some(key),
            LinkBody::Rows(_) => None,
        };
        let Some(signer) = self.current.clone().or_else(|| brought.cloned()) else {
            let key = record.key_id.clone();
            return Some(Finding::KeyNotCurrent { seal, key });
        };
        if record.key_id != signer.id().as_str() {
            let key = record.key_id.clone();
            return Some(Finding::KeyNotCurrent { seal, key });
        }
        if !signer.has_signed(&record.hash, &record.signature) {
            return Some(Finding::SignatureInvalid { seal });
        }
        let key = brought?;
        let proof = record.proof.as_deref().unwrap_or_default();
        if !key.has_proved(&record.hash, proof) || !link.has_its_hash() {
            return Some(Finding::KeyWithoutProof { seal });
        }
        self.ids.push(key.id());
        self.current = Some(key.clone());
        None
    }
}
