//! The audit trail's seal: a hash chain over its rows with signed checkpoints, and the verification that
//! says which row or seal is not what it was.
//!
//! ```text
//! rows ─► leaves (sequence, digest) ─┐
//!         hash of the seal before ───┴─► hash ─► ed25519 signature = a seal, which is a checkpoint
//! ```
//!
//! A seal keeps its leaves, so a row that was changed, taken out, put in or moved is named, not only its
//! stretch. Keys are links of the same chain: each new one is endorsed by the one before. Pure over the
//! port [`vostro_bank::AuditSeals`]: time and randomness are passed in, and no row waits for a seal.
//! Left to others: when to seal (the binary), where keys are kept (the binary), and keeping checkpoints
//! outside the database, without which a truncated end cannot be seen.

mod checkpoint;
mod hashing;
mod key;
mod link;
mod sealer;
mod verify;

pub use checkpoint::Checkpoint;
pub use key::{KeyError, KeyId, PublicKey, SealingKey};
pub use link::{Leaf, Link, LinkBody, MalformedSeal};
pub use sealer::{SealError, Sealed, begin, current_key, rotate, seal_next};
pub use verify::{Finding, Pins, Report, verify};
