//! A checkpoint outside the database: what a seal was, so that a shortened or exchanged chain shows.

use serde::{Deserialize, Serialize};
use vostro_bank::SealRecord;

use crate::key::{KeyId, PublicKey};

/// The form of the file, so that a later one can be told apart.
const FORMAT: &str = "vostro.audit.checkpoint.v1";

/// What a seal was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// [`Checkpoint::of`] writes `vostro.audit.checkpoint.v1`.
    format: String,
    /// The seal's number.
    pub seal: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// The last row that is sealed up to it.
    pub last_sequence: i64,
    /// When it was made.
    pub sealed_at: String,
    /// The key that signed.
    pub key_id: KeyId,
    /// That key, in hexadecimal.
    pub public_key: String,
    /// The signature of the hash, in hexadecimal.
    pub signature: String,
}

impl Checkpoint {
    /// The checkpoint that a seal is.
    pub fn of(seal: &SealRecord, signer: &PublicKey) -> Self {
        Self {
            format: FORMAT.to_owned(),
            seal: seal.number,
            hash: hex::encode(&seal.hash),
            last_sequence: seal.last_sequence,
            sealed_at: jiff::Timestamp::from_microsecond(seal.sealed_at_micros)
                .map_or_else(|_| seal.sealed_at_micros.to_string(), |at| at.to_string()),
            key_id: signer.id(),
            public_key: hex::encode(signer.as_bytes()),
            signature: hex::encode(&seal.signature),
        }
    }

    /// Reads a checkpoint and holds its signature against its own key; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        let key = PublicKey::read(&read.public_key).ok()?;
        let (hash, signature) = (hex::decode(&read.hash), hex::decode(&read.signature));
        let holds = read.format == FORMAT
            && key.id() == read.key_id
            && key.has_signed(&hash.ok()?, &signature.ok()?);
        holds.then_some(read)
    }
}
