//! Sealing the audit trail while serving: in the background, never inline with a turn.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval};
use vostro_audit::{KeyId, SealError, Sealed, SealingKey, current_key, seal_next};
use vostro_bank::{AuditSeals, Store};
use vostro_telemetry::{Metrics, SealingOutcome};
use vostro_types::{Clock, SystemClock, SystemEntropy};

use crate::audit_key;
use crate::config::{Config, Location};

/// So many stretches are sealed in one go before the lag is looked at again.
const STRETCHES: u32 = 64;

/// The sealer of a process.
pub(super) struct Sealer {
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    /// The key's file, made where there is none yet.
    file: Option<PathBuf>,
    /// The key as last read; of a store in memory this process's own.
    key: Option<SealingKey>,
    period: Duration,
    rows: u32,
}

impl Sealer {
    /// As configured. Without a place for the key it only measures how far the sealing is behind.
    pub(super) fn new(config: &Config, store: Arc<dyn Store>, metrics: Arc<Metrics>) -> Self {
        let file = audit_key::place(config);
        let passes = config.database.location() == Ok(Location::Memory);
        let key = (passes && file.is_none()).then(|| SealingKey::generate(&SystemEntropy));
        if file.is_none() && key.is_none() {
            tracing::warn!(
                target: "vostro",
                "audit.key_file is not set: the audit trail is not sealed; give every replica the same key"
            );
        }
        Self {
            store,
            metrics,
            file,
            key,
            period: Duration::from_secs(u64::from(config.audit.seal_seconds)),
            rows: config.audit.rows_per_seal,
        }
    }

    /// Seals until it is aborted.
    pub(super) async fn keep(mut self) {
        let mut beat = interval(self.period);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if self.file.is_some() || self.key.is_some() {
                let outcome = match self.beat().await {
                    Ok(()) => SealingOutcome::Sealed,
                    Err(error) => {
                        self.forget_key();
                        tracing::warn!(target: "vostro", error = %format!("{error:#}"), "the audit trail was not sealed");
                        SealingOutcome::Failed
                    }
                };
                self.metrics.sealing().attempted(outcome);
            }
            self.measure().await;
        }
    }

    async fn measure(&self) {
        match self.store.sealing_lag().await {
            Ok(lag) => {
                let behind = lag
                    .oldest
                    .map(|oldest| SystemClock.now().duration_since(oldest));
                let behind = behind.and_then(|behind| Duration::try_from(behind).ok());
                self.metrics
                    .sealing()
                    .lag(lag.rows, behind.unwrap_or_default());
            }
            Err(error) => {
                tracing::warn!(target: "vostro", %error, "the sealing's lag is not known");
            }
        }
    }

    /// Seals what there is, a bounded stretch at a time.
    async fn beat(&mut self) -> Result<()> {
        let (store, most) = (Arc::clone(&self.store), self.rows);
        for _ in 0..STRETCHES {
            let Some(key) = self.key(&*store).await? else {
                return Ok(());
            };
            match seal_next(&*store, key, SystemClock.now(), most).await {
                Ok(Sealed::Rows(_)) => {}
                Ok(Sealed::UpToDate | Sealed::Outrun) => return Ok(()),
                // The key was rotated: the next beat reads it anew.
                Err(SealError::OtherKey { .. }) if self.file.is_some() => {
                    self.forget_key();
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The next beat reads it anew.
    fn forget_key(&mut self) {
        if self.file.is_some() {
            self.key = None;
        }
    }

    async fn key(&mut self, store: &dyn Store) -> Result<Option<&SealingKey>> {
        if let (None, Some(path)) = (&self.key, &self.file) {
            let seals: &dyn AuditSeals = store;
            let key = match current_key(seals).await? {
                Some(named) => named_key(path, &named.id())?,
                None => first_key(path)?,
            };
            self.key = Some(key);
        }
        Ok(self.key.as_ref())
    }
}

/// The key that begins the chain.
fn first_key(path: &Path) -> Result<SealingKey> {
    if let Some(key) = audit_key::read(path)? {
        return Ok(key);
    }
    let key = audit_key::create(path)?;
    tracing::info!(
        target: "vostro",
        key = %key.public().id(),
        "a key for sealing the audit trail was made; keep a copy of it apart"
    );
    Ok(key)
}

fn named_key(path: &Path, named: &KeyId) -> Result<SealingKey> {
    audit_key::current(path, named)?.ok_or_else(|| {
        anyhow::anyhow!(
            "the audit trail is sealed with key {named}, and {} is not that key",
            path.display()
        )
    })
}
