//! Looking after the outbox: its figures for the metrics, and what need not be kept any longer.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use vostro_bank::{Outbox, Retention};
use vostro_telemetry::{EndpointFigures, Metrics};
use vostro_types::Clock;

use crate::dispatcher::{Answering, Stop};

/// How often figures are read.
const PERIOD: Duration = Duration::from_secs(10);
/// In how many of those periods what is old is removed once.
const PERIODS_PER_PRUNING: u32 = 30;
/// How many rows go at once.
const PRUNED_AT_ONCE: u32 = 1_000;

/// How long what is settled is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// What was delivered.
    pub delivered: SignedDuration,
    /// What was given up, and what is owed to an endpoint that is no longer configured.
    pub dead: SignedDuration,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            delivered: SignedDuration::from_hours(3 * 24),
            dead: SignedDuration::from_hours(90 * 24),
        }
    }
}

pub(crate) struct Upkeep {
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) endpoints: Vec<String>,
    pub(crate) keep: Keep,
}

impl Upkeep {
    pub(crate) async fn run(self, mut stop: Stop) {
        let mut store = Answering::default();
        for period in (0..PERIODS_PER_PRUNING).cycle() {
            if let Some(status) = store.take(self.outbox.outbox_status().await) {
                self.show(&status);
            }
            if period == 0 {
                self.prune(&mut store).await;
            }
            if stop.or_after(PERIOD).await {
                return;
            }
        }
    }

    fn show(&self, status: &vostro_bank::OutboxStatus) {
        let now = self.clock.now();
        let lag = status
            .oldest()
            .map_or(SignedDuration::ZERO, |oldest| now.duration_since(oldest));
        let metrics = self.metrics.webhooks();
        metrics.outbox(lag.as_secs_f64().max(0.0), status.waiting);
        for name in &self.endpoints {
            let found = status.endpoints.iter().find(|it| it.endpoint == *name);
            let figures = found.map_or(EndpointFigures::default(), |it| EndpointFigures {
                pending: it.pending,
                dead: it.dead,
            });
            metrics.endpoint(name, figures);
        }
    }

    async fn prune(&self, store: &mut Answering) {
        let now = self.clock.now();
        let before = |kept| now.saturating_sub(kept).unwrap_or(jiff::Timestamp::MIN);
        let retention = Retention {
            delivered_before: before(self.keep.delivered),
            dead_before: before(self.keep.dead),
        };
        while let Some(gone) = store.take(self.outbox.prune_outbox(retention, PRUNED_AT_ONCE).await)
        {
            if gone == 0 {
                return;
            }
            tracing::debug!(target: "vostro", gone, "delivered webhooks were removed");
        }
    }
}
