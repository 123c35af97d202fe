//! A hundred thousand rows: sealed in stretches, verified a page at a time, one change found.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use vostro_audit::{Pins, Sealed, seal_next, verify};
use vostro_bank::{AuditRow, AuditSeals, SealAppended, SealRecord, SealingLag, Store, StoreError};

use crate::bench::{Place, key, now, server_or_skip};

const ROWS: i64 = 100_000;

/// Passes everything on and remembers how much it gave at once.
struct Metered<'a> {
    store: &'a dyn Store,
    most: AtomicUsize,
}

impl Metered<'_> {
    fn noted<T>(&self, page: Vec<T>) -> Vec<T> {
        self.most.fetch_max(page.len(), Ordering::Relaxed);
        page
    }
}

#[async_trait]
impl AuditSeals for Metered<'_> {
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        Ok(self.noted(self.store.audit_rows(after, limit).await?))
    }
    async fn seals(&self, after: i64, limit: u32) -> Result<Vec<SealRecord>, StoreError> {
        Ok(self.noted(self.store.seals(after, limit).await?))
    }
    async fn key_seals(&self) -> Result<Vec<SealRecord>, StoreError> {
        Ok(self.noted(self.store.key_seals().await?))
    }
    async fn last_seal(&self) -> Result<Option<SealRecord>, StoreError> {
        self.store.last_seal().await
    }
    async fn append_seal(&self, seal: &SealRecord) -> Result<SealAppended, StoreError> {
        self.store.append_seal(seal).await
    }
    async fn sealing_lag(&self) -> Result<SealingLag, StoreError> {
        self.store.sealing_lag().await
    }
}

async fn a_hundred_thousand_rows(place: Place, fill: &str) {
    place.open().await.close().await;
    place.edit(fill).await;
    let store = place.open().await;
    let lag = store.sealing_lag().await.unwrap();
    assert_eq!(lag.rows, 100_000);
    let mut stretches = 0;
    while let Sealed::Rows(rows) = seal_next(&*store, &key(1), now(), 1_000).await.unwrap() {
        assert_eq!(rows, 1_000);
        stretches += 1;
    }
    assert_eq!(stretches, 100);
    assert_eq!(store.sealing_lag().await.unwrap(), SealingLag::default());
    store.close().await;
    place
        .edit("UPDATE audit_events SET at = 0 WHERE sequence = 77777")
        .await;
    let store = place.open().await;
    let metered = Metered {
        store: &*store,
        most: AtomicUsize::new(0),
    };
    let report = verify(&metered, &Pins::default()).await.unwrap();
    let found: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["row 77777: changed since seal 79"]);
    assert_eq!(
        (report.rows, report.sealed, report.erased),
        (100_000, 99_999, 100_000)
    );
    assert_eq!(metered.most.into_inner(), 1_000, "a page at a time");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_rows_on_sqlite() {
    let fill = format!(
        "INSERT INTO audit_events (kind, at, session_id, commitment)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
         SELECT 'posted', i, 'ses_' || i, randomblob(32) FROM n"
    );
    a_hundred_thousand_rows(Place::file(), &fill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_rows_on_postgres() {
    let fill = format!(
        "INSERT INTO audit_events (kind, at, session_id, commitment)
         SELECT 'posted', i, 'ses_' || i, sha256(i::text::bytea) FROM generate_series(1, {ROWS}) i"
    );
    a_hundred_thousand_rows(server_or_skip!(), &fill).await;
}
