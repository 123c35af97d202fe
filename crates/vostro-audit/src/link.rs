//! A link of the chain: a seal with its meaning, made from rows or a key and read back from its record.

use jiff::Timestamp;
use vostro_bank::{AuditRow, SealRecord};

use crate::hashing::{Fields, Hash, chained, row_digest};
use crate::key::{PublicKey, SealingKey};

/// The hash that stands before the first seal.
pub(crate) const NOTHING: Hash = [0; 32];
/// The bytes of a leaf: a sequence and a digest.
const LEAF_BYTES: usize = 40;
const KEY: &str = "key";
const ROWS: &str = "rows";

/// A sealed row: its place, and the digest of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the trail.
    pub sequence: i64,
    /// SHA-256 over its fields.
    pub digest: [u8; 32],
}

/// What a seal seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkBody {
    /// A stretch of the trail, by place.
    Rows(Vec<Leaf>),
    /// The key that signs from here on.
    Key(PublicKey),
}

/// A seal that can be read: its fields fit together. Whether its hash and signature hold is asked apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The seal as stored.
    pub record: SealRecord,
    /// What it seals.
    pub body: LinkBody,
}

/// Why a seal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its {0} cannot be read")]
pub struct MalformedSeal(pub &'static str);

/// What a new link follows.
pub(crate) struct Place {
    number: i64,
    hash: Hash,
    last_sequence: i64,
}

impl Place {
    /// Before the first link.
    pub(crate) const START: Self = Self {
        number: 0,
        hash: NOTHING,
        last_sequence: 0,
    };

    /// After this one.
    pub(crate) fn after(record: &SealRecord) -> Result<Self, MalformedSeal> {
        let hash = record.hash.as_slice();
        Ok(Self {
            number: record.number,
            hash: hash.try_into().map_err(|_| MalformedSeal("hash"))?,
            last_sequence: record.last_sequence,
        })
    }
}

impl Link {
    /// Seals a stretch of rows; `None` for no rows.
    pub(crate) fn of_rows(
        after: &Place,
        rows: &[AuditRow],
        key: &SealingKey,
        now: Timestamp,
    ) -> Option<SealRecord> {
        let (first, last) = (rows.first()?, rows.last()?);
        let mut content = Vec::with_capacity(rows.len().saturating_mul(LEAF_BYTES));
        for row in rows {
            content.extend(row.sequence.to_be_bytes());
            content.extend(row_digest(row));
        }
        let mut record = unsigned(after, ROWS, content, key, now);
        record.first_sequence = Some(first.sequence);
        record.last_sequence = last.sequence;
        let hash = hash_of(&record)?;
        record.signature = key.sign(&hash);
        record.hash = hash.to_vec();
        Some(record)
    }

    /// Brings in a key, endorsed by the one that signed until now.
    pub(crate) fn of_key(
        after: &Place,
        new: &SealingKey,
        endorsed_by: &SealingKey,
        now: Timestamp,
    ) -> Option<SealRecord> {
        let content = new.public().as_bytes().to_vec();
        let mut record = unsigned(after, KEY, content, endorsed_by, now);
        let hash = hash_of(&record)?;
        record.signature = endorsed_by.sign(&hash);
        record.proof = Some(new.prove(&hash));
        record.hash = hash.to_vec();
        Some(record)
    }

    /// Reads a stored seal.
    pub fn read(record: SealRecord) -> Result<Self, MalformedSeal> {
        let body = match (record.kind.as_str(), record.first_sequence) {
            (KEY, None) => LinkBody::Key(
                PublicKey::from_bytes(&record.content).map_err(|_| MalformedSeal("key"))?,
            ),
            (ROWS, Some(first)) => {
                let leaves = leaves(&record.content).ok_or(MalformedSeal("list of rows"))?;
                let ends = (leaves.first(), leaves.last());
                let fits = matches!(ends, (Some(a), Some(b))
                    if a.sequence == first && b.sequence == record.last_sequence);
                let ascends = leaves.is_sorted_by(|a, b| a.sequence < b.sequence);
                if !fits || !ascends {
                    return Err(MalformedSeal("list of rows"));
                }
                LinkBody::Rows(leaves)
            }
            _ => return Err(MalformedSeal("kind")),
        };
        Ok(Self { record, body })
    }

    /// The rows that it seals; none for a key.
    pub fn leaves(&self) -> &[Leaf] {
        match &self.body {
            LinkBody::Rows(leaves) => leaves,
            LinkBody::Key(_) => &[],
        }
    }

    /// Whether its hash is the one of its fields.
    pub fn has_its_hash(&self) -> bool {
        hash_of(&self.record).is_some_and(|hash| hash.as_slice() == self.record.hash)
    }
}

fn unsigned(
    after: &Place,
    kind: &str,
    content: Vec<u8>,
    key: &SealingKey,
    now: Timestamp,
) -> SealRecord {
    SealRecord {
        number: after.number.saturating_add(1),
        kind: kind.to_owned(),
        first_sequence: None,
        last_sequence: after.last_sequence,
        content,
        previous_hash: after.hash.to_vec(),
        hash: Vec::new(),
        key_id: key.public().id().as_str().to_owned(),
        signature: Vec::new(),
        proof: None,
        sealed_at_micros: now.as_microsecond(),
    }
}

/// The hash of a seal: the rows chained one by one from the hash before, and then everything else that
/// the seal says. `None` when its content is no list of rows.
fn hash_of(record: &SealRecord) -> Option<Hash> {
    let fields = Fields::new("vostro.audit.seal.v1")
        .number(record.number)
        .text(&record.kind)
        .bytes(&record.previous_hash)
        .optional(
            record
                .first_sequence
                .map(i64::to_be_bytes)
                .as_ref()
                .map(<[u8; 8]>::as_slice),
        )
        .number(record.last_sequence)
        .text(&record.key_id)
        .number(record.sealed_at_micros);
    let fields = if record.kind == KEY {
        fields.bytes(&record.content)
    } else {
        let before = Hash::try_from(record.previous_hash.as_slice()).ok()?;
        let end = leaves(&record.content)?
            .iter()
            .fold(before, |before, leaf| {
                chained(&before, leaf.sequence, &leaf.digest)
            });
        fields.bytes(&end)
    };
    Some(fields.finish())
}

fn leaves(content: &[u8]) -> Option<Vec<Leaf>> {
    let chunks = content.chunks_exact(LEAF_BYTES);
    if !chunks.remainder().is_empty() {
        return None;
    }
    chunks
        .map(|chunk| {
            let (sequence, digest) = chunk.split_at_checked(8)?;
            Some(Leaf {
                sequence: i64::from_be_bytes(sequence.try_into().ok()?),
                digest: digest.try_into().ok()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut SealRecord);

    fn row(sequence: i64) -> AuditRow {
        AuditRow {
            sequence,
            kind: "posted".to_owned(),
            at_micros: sequence,
            session: None,
            turn: None,
            commitment: vec![u8::try_from(sequence).unwrap(); 32],
            detail: None,
        }
    }

    fn sealed() -> SealRecord {
        let key = SealingKey::read(&[1; 32]).unwrap();
        let genesis = Link::of_key(&Place::START, &key, &key, Timestamp::UNIX_EPOCH).unwrap();
        let place = Place::after(&genesis).unwrap();
        let rows = [row(3), row(5), row(6)];
        Link::of_rows(&place, &rows, &key, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_seal_reads_back_with_its_hash() {
        let link = Link::read(sealed()).unwrap();
        assert!(link.has_its_hash());
        let places: Vec<_> = link.leaves().iter().map(|leaf| leaf.sequence).collect();
        assert_eq!(places, [3, 5, 6]);
    }

    #[test]
    fn every_field_of_a_seal_counts() {
        let changes: [(&str, Change); 9] = [
            ("number", |s| s.number += 1),
            ("kind", |s| s.kind = "key".to_owned()),
            ("first", |s| s.first_sequence = Some(2)),
            ("last", |s| s.last_sequence += 1),
            ("a row's place", |s| s.content[7] ^= 1),
            ("a row's digest", |s| s.content[50] ^= 1),
            ("a row less", |s| s.content.truncate(80)),
            ("half a row", |s| s.content.truncate(99)),
            ("key id", |s| s.key_id.push('0')),
        ];
        for (what, change) in changes {
            let mut record = sealed();
            change(&mut record);
            let holds = Link::read(record).is_ok_and(|link| link.has_its_hash());
            assert!(!holds, "{what}");
        }
        for what in ["previous_hash", "hash", "sealed_at"] {
            let mut record = sealed();
            match what {
                "previous_hash" => record.previous_hash[0] ^= 1,
                "hash" => record.hash[0] ^= 1,
                _ => record.sealed_at_micros += 1,
            }
            assert!(!Link::read(record).unwrap().has_its_hash(), "{what}");
        }
    }

    #[test]
    fn nonsense_is_malformed_and_never_a_panic() {
        let changes: [fn(&mut SealRecord); 5] = [
            |s| s.content.clear(),
            |s| s.content = vec![0xff; 4_000],
            |s| s.kind = "\u{0}".to_owned(),
            |s| s.first_sequence = None,
            |s| s.previous_hash.clear(),
        ];
        for change in changes {
            let mut record = sealed();
            change(&mut record);
            assert!(!Link::read(record).is_ok_and(|link| link.has_its_hash()));
        }
    }
}
