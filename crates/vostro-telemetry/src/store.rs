//! How busy the store is.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_store_connections` | state | connections of this process: `busy` or `free` |
//! | `vostro_store_waiting` | | who waits for a connection; with `SQLite`, commands for the writer |

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

/// The store's metrics.
#[derive(Debug, Default)]
pub struct StoreMetrics {
    connections: Family<StateLabels, Gauge>,
    waiting: Gauge,
}

impl StoreMetrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "vostro_store_connections",
            "Connections of this process to its store",
            self.connections.clone(),
        );
        registry.register(
            "vostro_store_waiting",
            "Who waits for a connection or for the writer",
            self.waiting.clone(),
        );
        self.load(0, 0, 0);
    }

    /// How busy the store is now.
    pub fn load(&self, busy: usize, free: usize, waiting: usize) {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        for (state, number) in [("busy", busy), ("free", free)] {
            self.connections
                .get_or_create(&StateLabels { state })
                .set(count(number));
        }
        self.waiting.set(count(waiting));
    }
}
