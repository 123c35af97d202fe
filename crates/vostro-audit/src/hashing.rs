//! What is hashed, byte by byte.
//!
//! Every hash is SHA-256 over fields: first a tag that says what is hashed, then each field behind its
//! length in eight bytes, so that no two different lists of fields have the same bytes. Numbers are
//! eight bytes, big end first, in two's complement. An absent field is told from an empty one.

use sha2::{Digest as _, Sha256};
use vostro_bank::AuditRow;

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

/// Fields on their way into a hash.
pub(crate) struct Fields(Sha256);

impl Fields {
    pub(crate) fn new(tag: &str) -> Self {
        Self(Sha256::new()).bytes(tag.as_bytes())
    }

    pub(crate) fn bytes(mut self, field: &[u8]) -> Self {
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field);
        self
    }

    pub(crate) fn number(self, field: i64) -> Self {
        self.bytes(&field.to_be_bytes())
    }

    pub(crate) fn text(self, field: &str) -> Self {
        self.bytes(field.as_bytes())
    }

    pub(crate) fn optional(self, field: Option<&[u8]>) -> Self {
        match field {
            Some(field) => self.bytes(&[1]).bytes(field),
            None => self.bytes(&[0]),
        }
    }

    pub(crate) fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// The digest of a row's content: everything but its place, which stands beside the digest in the leaf,
/// and but the detail, which the commitment stands for.
pub(crate) fn row_digest(row: &AuditRow) -> Hash {
    Fields::new("vostro.audit.row.v1")
        .text(&row.kind)
        .number(row.at_micros)
        .optional(row.session.as_deref().map(str::as_bytes))
        .optional(row.turn.as_deref().map(str::as_bytes))
        .bytes(&row.commitment)
        .finish()
}

/// One step of the chain.
pub(crate) fn chained(before: &Hash, sequence: i64, digest: &Hash) -> Hash {
    Fields::new("vostro.audit.chain.v1")
        .bytes(before)
        .number(sequence)
        .bytes(digest)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut AuditRow);

    fn row() -> AuditRow {
        AuditRow {
            sequence: 7,
            kind: "posted".to_owned(),
            at_micros: 1_700_000_000_000_000,
            session: Some("ses".to_owned()),
            turn: None,
            commitment: vec![9; 32],
            detail: None,
        }
    }

    /// Any change that is not looked for here would break every chain in the field.
    #[test]
    fn the_digest_is_the_documented_bytes() {
        let mut bytes = Vec::new();
        let mut field = |content: &[u8]| {
            bytes.extend((content.len() as u64).to_be_bytes());
            bytes.extend(content);
        };
        field(b"vostro.audit.row.v1");
        field(b"posted");
        field(&1_700_000_000_000_000_i64.to_be_bytes());
        field(&[1]);
        field(b"ses");
        field(&[0]);
        field(&[9; 32]);
        let expected: Hash = Sha256::digest(bytes).into();
        assert_eq!(row_digest(&row()), expected);
    }

    #[test]
    fn every_field_counts_and_none_runs_into_the_next() {
        let original = row_digest(&row());
        let changes: [(&str, Change, bool); 8] = [
            ("kind", |r| r.kind.push('x'), true),
            ("at", |r| r.at_micros += 1, true),
            ("session gone", |r| r.session = None, true),
            ("session empty", |r| r.session = Some(String::new()), true),
            ("turn", |r| r.turn = Some(String::new()), true),
            (
                "session moved to turn",
                |r| std::mem::swap(&mut r.session, &mut r.turn),
                true,
            ),
            ("commitment", |r| r.commitment.push(0), true),
            ("place", |r| r.sequence = 8, false),
        ];
        for (what, change, counts) in changes {
            let mut other = row();
            change(&mut other);
            assert_eq!(row_digest(&other) != original, counts, "{what}");
        }
        let at = |sequence| chained(&[0; 32], sequence, &original);
        assert_ne!(at(7), at(8));
    }
}
