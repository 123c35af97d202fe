//! Verification: the trail and its chain are walked together, a page at a time, and everything that is not
//! as it was sealed is named.
//!
//! A row is compared with its leaf, a leaf with the seal's hash, the hash with the seal before and with the
//! signature, the signature with the key that the chain names, the keys and the end with what the caller
//! kept outside. The memory it takes does not grow with the trail.

mod finding;
mod keys;
mod rows;

pub use finding::Finding;

use serde::Serialize;
use vostro_bank::{AuditSeals, StoreError};

use crate::checkpoint::Checkpoint;
use crate::key::KeyId;
use crate::link::{Link, NOTHING};
use keys::KeyRing;
use rows::Rows;

/// How many seals are read at once; each holds the leaves of its stretch.
const SEALS_AT_ONCE: u32 = 8;
/// So many findings are kept; the rest is counted.
const MOST_FINDINGS: usize = 1_000;

/// What the caller knows from outside the database.
#[derive(Debug, Clone, Default)]
pub struct Pins {
    /// Keys that must be links of the chain. Whoever owns the database but none of the private keys
    /// cannot make a chain that has them.
    pub keys: Vec<KeyId>,
    /// A seal that must still be there.
    pub checkpoint: Option<Checkpoint>,
}

/// What a verification found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that are as they were sealed.
    pub sealed: u64,
    /// Rows that no seal covers yet; nothing can be said of them.
    pub unsealed: u64,
    /// Rows whose detail was erased; that is no damage.
    pub erased: u64,
    /// Seals that were read.
    pub seals: u64,
    /// The chain's keys, in order.
    pub keys: Vec<KeyId>,
    /// The last seal's number.
    pub last_seal: Option<i64>,
    /// How many findings there are.
    pub found: u64,
    /// The first 1,000 of them, in the order of the trail.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }

    fn add(&mut self, finding: Finding) {
        self.found = self.found.saturating_add(1);
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Verifies the whole trail. An error means that the store cannot be read, not that it was changed.
pub async fn verify(store: &dyn AuditSeals, pins: &Pins) -> Result<Report, StoreError> {
    let mut walk = Walk {
        rows: Rows::new(store),
        report: Report::default(),
        ring: KeyRing::default(),
        end: End {
            number: 0,
            hash: NOTHING.to_vec(),
            last_sequence: i64::MIN,
        },
        checkpoint: pins.checkpoint.clone(),
        broken: false,
    };
    let mut after = i64::MIN;
    loop {
        let page = store.seals(after, SEALS_AT_ONCE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.number;
        for record in page {
            walk.seal(record).await?;
        }
    }
    walk.finish(pins).await
}

/// The chain's end so far, as the next seal must have it.
struct End {
    number: i64,
    hash: Vec<u8>,
    last_sequence: i64,
}

struct Walk<'a> {
    rows: Rows<'a>,
    report: Report,
    ring: KeyRing,
    end: End,
    checkpoint: Option<Checkpoint>,
    /// A seal is missing or cannot be read, and no stretch has come since: what lies before the next one has
    /// nothing to be compared with.
    broken: bool,
}

impl Walk<'_> {
    async fn seal(&mut self, record: vostro_bank::SealRecord) -> Result<(), StoreError> {
        let number = record.number;
        self.report.seals = self.report.seals.saturating_add(1);
        self.report.last_seal = Some(number);
        let follows = number == self.end.number.saturating_add(1);
        if !follows {
            self.broken = true;
            let (first, last) = (self.end.number.saturating_add(1), number.saturating_sub(1));
            self.report.add(Finding::SealMissing { first, last });
        } else if record.previous_hash != self.end.hash {
            self.broken = true;
            self.report.add(Finding::SealMisplaced { seal: number });
        }
        self.check_checkpoint(&record);
        let (hash, last_sequence) = (record.hash.clone(), record.last_sequence);
        match Link::read(record) {
            Ok(link) => {
                if !link.has_its_hash() {
                    self.report.add(Finding::SealChanged { seal: number });
                }
                if let Some(finding) = self.ring.check(&link) {
                    self.report.add(finding);
                }
                if let (true, Some(leaf)) = (self.broken, link.leaves().first()) {
                    self.broken = false;
                    self.rows
                        .skip_before(leaf.sequence, &mut self.report)
                        .await?;
                }
                for leaf in link.leaves() {
                    self.rows.compare(leaf, number, &mut self.report).await?;
                }
            }
            Err(why) => {
                let why = why.0.to_owned();
                self.report
                    .add(Finding::SealUnreadable { seal: number, why });
                self.broken = true;
            }
        }
        self.end = End {
            number,
            hash,
            last_sequence: self.end.last_sequence.max(last_sequence),
        };
        Ok(())
    }

    fn check_checkpoint(&mut self, record: &vostro_bank::SealRecord) {
        if let Some(checkpoint) = self.checkpoint.take_if(|kept| kept.seal == record.number)
            && checkpoint.hash != hex::encode(&record.hash)
        {
            let seal = checkpoint.seal;
            self.report.add(Finding::CheckpointDiffers { seal });
        }
    }

    async fn finish(mut self, pins: &Pins) -> Result<Report, StoreError> {
        if let Some(checkpoint) = self.checkpoint.take() {
            self.report.add(Finding::Truncated {
                seal: checkpoint.seal,
                last_sequence: checkpoint.last_sequence,
                ends_with: self.end.number,
            });
        }
        if self.broken {
            self.rows
                .skip_before(self.end.last_sequence.saturating_add(1), &mut self.report)
                .await?;
        }
        self.rows
            .rest(self.end.last_sequence, &mut self.report)
            .await?;
        for key in &pins.keys {
            if !self.ring.ids().contains(key) {
                let key = key.clone();
                self.report.add(Finding::TrustedKeyAbsent { key });
            }
        }
        self.report.keys = self.ring.ids().to_vec();
        self.rows.name_moves(&mut self.report);
        Ok(self.report)
    }
}
