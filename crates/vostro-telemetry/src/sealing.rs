//! How the sealing of the audit trail goes.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// How an attempt to seal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealingOutcome {
    /// What could be sealed is sealed.
    Sealed,
    /// It could not be sealed; the log says why.
    Failed,
}

impl SealingOutcome {
    const fn label(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    outcome: &'static str,
}

/// The sealing's metrics.
#[derive(Debug, Default)]
pub struct SealingMetrics {
    rows: Gauge,
    age: Gauge<f64, AtomicU64>,
    attempts: Family<Labels, Counter>,
}

impl SealingMetrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "vostro_audit_unsealed_rows",
            "Audit rows that no seal covers yet",
            self.rows.clone(),
        );
        registry.register_with_unit(
            "vostro_audit_unsealed_age",
            "Age of the oldest audit row without a seal",
            Unit::Seconds,
            self.age.clone(),
        );
        registry.register(
            "vostro_audit_sealing_attempts",
            "Attempts of this process to seal the audit trail",
            self.attempts.clone(),
        );
    }

    pub(crate) fn begin_at_zero(&self) {
        for outcome in [SealingOutcome::Sealed, SealingOutcome::Failed].map(SealingOutcome::label) {
            drop(self.attempts.get_or_create(&Labels { outcome }));
        }
    }

    /// An attempt ended.
    pub fn attempted(&self, outcome: SealingOutcome) {
        let outcome = outcome.label();
        self.attempts.get_or_create(&Labels { outcome }).inc();
    }

    /// So many rows have no seal, the oldest for so long.
    pub fn lag(&self, rows: u64, behind: Duration) {
        self.rows.set(i64::try_from(rows).unwrap_or(i64::MAX));
        self.age.set(behind.as_secs_f64());
    }
}
