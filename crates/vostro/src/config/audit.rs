//! `[audit]`: how the audit trail is sealed.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// How the audit trail is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Audit {
    /// The file with the ed25519 key that signs seals: PKCS#8 in PEM, or a seed. Without it: with
    /// `SQLite`, `audit-key.pem` beside the database, made at the first start; with `PostgreSQL`,
    /// nothing is sealed.
    pub key_file: Option<PathBuf>,
    /// How many seconds lie between two attempts to seal what is not sealed yet.
    #[schemars(range(min = 1, max = 86_400))]
    pub seal_seconds: u32,
    /// The most rows that one seal covers.
    #[schemars(range(min = 1, max = 10_000))]
    pub rows_per_seal: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            key_file: None,
            seal_seconds: 5,
            rows_per_seal: 1_000,
        }
    }
}

impl Audit {
    /// Nothing beyond the ranges; the key is read when it is needed.
    #[allow(clippy::unused_self, reason = "every section has the same shape")]
    pub(super) fn validate(&self, _problems: &mut Vec<Problem>) {}
}
