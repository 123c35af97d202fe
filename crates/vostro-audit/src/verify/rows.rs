//! The rows' side of the walk: read in pages, compared with their leaves one by one.

use std::collections::{HashMap, VecDeque};

use vostro_bank::{AuditRow, AuditSeals, StoreError, audit_commitment_of_text};

use super::finding::Finding;
use super::{MOST_FINDINGS, Report};
use crate::hashing::{Hash, row_digest};
use crate::link::Leaf;

/// How many rows are read at once.
const ROWS_AT_ONCE: u32 = 1_000;

/// The rows that were not compared yet.
pub(super) struct Rows<'a> {
    store: &'a dyn AuditSeals,
    page: VecDeque<AuditRow>,
    after: i64,
    /// What was expected in changed or missing places: digest to place. Bounded as the findings are.
    expected: HashMap<Hash, i64>,
    /// What was found in changed or inserted places.
    found: HashMap<i64, Hash>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(store: &'a dyn AuditSeals) -> Self {
        Self {
            store,
            page: VecDeque::new(),
            after: i64::MIN,
            expected: HashMap::new(),
            found: HashMap::new(),
        }
    }

    /// The next row, if its place is before this one.
    async fn next_before(
        &mut self,
        place: i64,
        report: &mut Report,
    ) -> Result<Option<AuditRow>, StoreError> {
        if self.page.is_empty() {
            let page = self.store.audit_rows(self.after, ROWS_AT_ONCE).await?;
            if let Some(last) = page.last() {
                self.after = last.sequence;
            }
            self.page = page.into();
        }
        let is_next = self.page.front().is_some_and(|row| row.sequence < place);
        let row = if is_next { self.page.pop_front() } else { None };
        if let Some(row) = &row {
            report.rows = report.rows.saturating_add(1);
            check_detail(row, report);
        }
        Ok(row)
    }

    /// Passes over rows of which no seal can say anything.
    pub(super) async fn skip_before(
        &mut self,
        place: i64,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        while self.next_before(place, report).await?.is_some() {}
        Ok(())
    }

    /// Compares a leaf with the row in its place; rows before it are in no seal.
    pub(super) async fn compare(
        &mut self,
        leaf: &Leaf,
        seal: i64,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        self.inserted_before(leaf.sequence, report).await?;
        let row = leaf.sequence;
        match self.next_before(row.saturating_add(1), report).await? {
            Some(found) if row_digest(&found) == leaf.digest => {
                report.sealed = report.sealed.saturating_add(1);
                return Ok(());
            }
            Some(found) => {
                self.remember_found(row, row_digest(&found));
                report.add(Finding::RowChanged { row, seal });
            }
            None => report.add(Finding::RowMissing { row, seal }),
        }
        if self.expected.len() < MOST_FINDINGS {
            self.expected.insert(leaf.digest, row);
        }
        Ok(())
    }

    async fn inserted_before(&mut self, place: i64, report: &mut Report) -> Result<(), StoreError> {
        while let Some(found) = self.next_before(place, report).await? {
            let row = found.sequence;
            self.remember_found(row, row_digest(&found));
            report.add(Finding::RowInserted { row });
        }
        Ok(())
    }

    fn remember_found(&mut self, row: i64, digest: Hash) {
        if self.found.len() < MOST_FINDINGS {
            self.found.insert(row, digest);
        }
    }

    /// What comes after the last seal.
    pub(super) async fn rest(
        &mut self,
        sealed_up_to: i64,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        self.inserted_before(sealed_up_to, report).await?;
        while self.next_before(i64::MAX, report).await?.is_some() {
            report.unsealed = report.unsealed.saturating_add(1);
        }
        Ok(())
    }

    /// Says of changed rows that hold another place's content where that was.
    pub(super) fn name_moves(&self, report: &mut Report) {
        for finding in &mut report.findings {
            let Finding::RowChanged { row, seal } = *finding else {
                continue;
            };
            let sealed_at = self
                .found
                .get(&row)
                .and_then(|hash| self.expected.get(hash));
            if let Some(&sealed_at) = sealed_at {
                *finding = Finding::RowMoved {
                    row,
                    sealed_at,
                    seal,
                };
            }
        }
    }
}

/// Whether customer, salt and detail are the ones that were committed to.
fn check_detail(row: &AuditRow, report: &mut Report) {
    match &row.detail {
        None => report.erased = report.erased.saturating_add(1),
        Some(kept) => {
            let commitment = audit_commitment_of_text(&kept.salt, &kept.customer, &kept.detail);
            if commitment.as_slice() != row.commitment {
                report.add(Finding::DetailChanged { row: row.sequence });
            }
        }
    }
}
