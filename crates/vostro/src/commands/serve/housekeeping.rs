//! What a running store needs from time to time.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use vostro_bank::Store;
use vostro_types::{Clock, SystemClock};

/// How often. A proposal that nobody looks at expires at most so much later than it says; one that is
/// confirmed is checked against the clock then and there.
const PERIOD: Duration = Duration::from_mins(1);

/// Ends overdue proposals and brings the bank's own balances up to date, until it is aborted.
pub(super) async fn keep(store: Arc<dyn Store>) {
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        match store.expire_proposals(SystemClock.now()).await {
            Ok(0) => {}
            Ok(expired) => {
                tracing::info!(target: "vostro", expired, "overdue proposals were ended");
            }
            Err(error) => tracing::warn!(target: "vostro", %error, "overdue proposals stay"),
        }
        if let Err(error) = store.roll_up().await {
            tracing::warn!(target: "vostro", %error, "the bank's own balances were not rolled up");
        }
    }
}
