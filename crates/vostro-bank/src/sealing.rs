//! The audit trail as it is sealed and verified: rows and seals exactly as the database has them.
//!
//! Nothing is interpreted here: a row that somebody changed into nonsense must still be read, so that the
//! verification can name it. Chaining, signing and verifying are `vostro-audit`'s.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::store::StoreError;

/// An audit row as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the trail.
    pub sequence: i64,
    /// What was decided.
    pub kind: String,
    /// When, in microseconds since 1970-01-01 UTC.
    pub at_micros: i64,
    /// The conversation, if it came from one.
    pub session: Option<String>,
    /// The turn, if it came from one.
    pub turn: Option<String>,
    /// The commitment to customer and detail.
    pub commitment: Vec<u8>,
    /// What the commitment is over; `None` once erased.
    pub detail: Option<AuditRowDetail>,
}

/// What an audit row's commitment is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRowDetail {
    /// Whom the row concerns.
    pub customer: String,
    /// The salt.
    pub salt: Vec<u8>,
    /// The particulars, as the JSON text that was written.
    pub detail: String,
}

/// A seal as the database has it: one link of the chain. What its fields mean, and how `hash` comes from
/// the others, is said in `vostro-audit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealRecord {
    /// Its place in the chain, from 1 without gaps.
    pub number: i64,
    /// `rows` for a stretch of the trail, `key` for the key that signs from here on.
    pub kind: String,
    /// The first row of the stretch; `None` for a key.
    pub first_sequence: Option<i64>,
    /// The last row sealed by this seal or one before it; 0 for none.
    pub last_sequence: i64,
    /// The rows' sequences and digests, or the public key.
    pub content: Vec<u8>,
    /// The hash of the seal before it.
    pub previous_hash: Vec<u8>,
    /// The hash over all of the above, the key's id and the time.
    pub hash: Vec<u8>,
    /// The id of the key that signed.
    pub key_id: String,
    /// The signature of the hash.
    pub signature: Vec<u8>,
    /// Of a key: its own signature of the hash, which shows that whoever brought it in has it.
    pub proof: Option<Vec<u8>>,
    /// When, in microseconds since 1970-01-01 UTC.
    pub sealed_at_micros: i64,
}

/// What became of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealAppended {
    /// It is the chain's last.
    Appended,
    /// Another seal came in between; nothing was written.
    NotNext,
}

/// How far the sealing is behind the trail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SealingLag {
    /// Rows that no seal covers yet; counted no further than 100,000.
    pub rows: u64,
    /// When the first of them was written.
    pub oldest: Option<Timestamp>,
}

/// The audit trail's rows and the chain of seals over them.
#[async_trait]
pub trait AuditSeals: Send + Sync {
    /// Audit rows after a place in the trail, in order, up to a place before which nothing can still
    /// appear: a row whose transaction is under way ends the page before it. Never holds up who writes.
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;

    /// Seals after a number, in order.
    async fn seals(&self, after: i64, limit: u32) -> Result<Vec<SealRecord>, StoreError>;

    /// The seals that brought in keys, in order: few.
    async fn key_seals(&self) -> Result<Vec<SealRecord>, StoreError>;

    /// The last seal.
    async fn last_seal(&self) -> Result<Option<SealRecord>, StoreError>;

    /// Appends a seal if it follows the last one by number and hash. Replicas may try at once: one wins.
    async fn append_seal(&self, seal: &SealRecord) -> Result<SealAppended, StoreError>;

    /// How far the sealing is behind.
    async fn sealing_lag(&self) -> Result<SealingLag, StoreError>;
}
