//! What a verification may find, in words that name the row or the seal.

use std::fmt;

use serde::Serialize;

use crate::key::KeyId;

/// One thing that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// A row's fields are not the ones that were sealed.
    RowChanged {
        /// The row.
        row: i64,
        /// The seal over it.
        seal: i64,
    },
    /// A row stands where another was sealed: rows were exchanged or moved.
    RowMoved {
        /// Where it is now.
        row: i64,
        /// Where it was sealed.
        sealed_at: i64,
        /// The seal over its new place.
        seal: i64,
    },
    /// A sealed row is not there.
    RowMissing {
        /// The row.
        row: i64,
        /// The seal over it.
        seal: i64,
    },
    /// A row is there that was not when its place was sealed.
    RowInserted {
        /// The row.
        row: i64,
    },
    /// Customer, salt or detail are not what the row committed to.
    DetailChanged {
        /// The row.
        row: i64,
    },
    /// A seal's hash is not the one of its fields and rows.
    SealChanged {
        /// The seal.
        seal: i64,
    },
    /// A seal's fields make no sense.
    SealUnreadable {
        /// The seal.
        seal: i64,
        /// Which.
        why: String,
    },
    /// A seal does not follow the one before it.
    SealMisplaced {
        /// The seal.
        seal: i64,
    },
    /// Seals are not there.
    SealMissing {
        /// The first of them.
        first: i64,
        /// The last of them.
        last: i64,
    },
    /// A seal's signature is not its key's.
    SignatureInvalid {
        /// The seal.
        seal: i64,
    },
    /// A seal was signed with a key that the chain does not name at this place.
    KeyNotCurrent {
        /// The seal.
        seal: i64,
        /// The key that it names.
        key: String,
    },
    /// A key was brought in by somebody who did not show that they have it.
    KeyWithoutProof {
        /// The seal.
        seal: i64,
    },
    /// A key that was pinned is not in the chain: it was made anew with other keys.
    TrustedKeyAbsent {
        /// The key.
        key: KeyId,
    },
    /// The seal of the checkpoint is another one.
    CheckpointDiffers {
        /// The seal.
        seal: i64,
    },
    /// The chain ends before the checkpoint.
    Truncated {
        /// The checkpoint's seal.
        seal: i64,
        /// The last row that was sealed by then.
        last_sequence: i64,
        /// The seal that is the last now; 0 for none.
        ends_with: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowChanged { row, seal } => write!(f, "row {row}: changed since seal {seal}"),
            Self::RowMoved {
                row,
                sealed_at,
                seal,
            } => {
                write!(
                    f,
                    "row {row}: holds what was row {sealed_at} at seal {seal}"
                )
            }
            Self::RowMissing { row, seal } => {
                write!(f, "row {row}: missing, it was there at seal {seal}")
            }
            Self::RowInserted { row } => {
                write!(f, "row {row}: inserted after its place was sealed")
            }
            Self::DetailChanged { row } => {
                write!(
                    f,
                    "row {row}: customer or detail changed, they do not fit the commitment"
                )
            }
            Self::SealChanged { seal } => {
                write!(
                    f,
                    "seal {seal}: changed, its hash is not the one of its content"
                )
            }
            Self::SealUnreadable { seal, why } => {
                write!(f, "seal {seal}: changed, its {why} cannot be read")
            }
            Self::SealMisplaced { seal } => {
                write!(
                    f,
                    "seal {seal}: does not follow seal {}",
                    seal.saturating_sub(1)
                )
            }
            Self::SealMissing { first, last } if first == last => {
                write!(f, "seal {first}: missing")
            }
            Self::SealMissing { first, last } => write!(f, "seals {first} to {last}: missing"),
            Self::SignatureInvalid { seal } => {
                write!(f, "seal {seal}: the signature is not its key's")
            }
            Self::KeyNotCurrent { seal, key } => {
                write!(
                    f,
                    "seal {seal}: signed with key {key}, which is not the chain's here"
                )
            }
            Self::KeyWithoutProof { seal } => {
                write!(f, "seal {seal}: brings in a key without its own signature")
            }
            Self::TrustedKeyAbsent { key } => {
                write!(
                    f,
                    "key {key}: trusted, but not in the chain; the chain was made anew"
                )
            }
            Self::CheckpointDiffers { seal } => {
                write!(f, "seal {seal}: not the one of the checkpoint")
            }
            Self::Truncated {
                seal,
                last_sequence,
                ends_with,
            } => write!(
                f,
                "the trail was cut off: the checkpoint has seal {seal} up to row {last_sequence}, \
                 the chain ends with seal {ends_with}"
            ),
        }
    }
}
