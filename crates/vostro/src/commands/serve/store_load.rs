//! How busy the store is, for the metrics: looked at each second, without asking the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use vostro_store::UnderLoad;
use vostro_telemetry::Metrics;

const PERIOD: Duration = Duration::from_secs(1);

/// Looks until it is aborted.
pub(super) async fn watch(store: Arc<dyn UnderLoad>, metrics: Arc<Metrics>) {
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let load = store.load();
        metrics.store().load(load.busy, load.free, load.waiting);
    }
}
