//! What a running store needs from time to time.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{MissedTickBehavior, interval};
use vostro_bank::Store;
use vostro_ledger::RunRules;
use vostro_types::{Clock, SystemClock};

/// How often. A proposal that nobody looks at expires at most so much later than it says; one that is
/// confirmed is checked against the clock then and there.
const PERIOD: Duration = Duration::from_mins(1);

/// How long a request with an `Idempotency-Key` is known by it.
const REQUESTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The most occurrences of standing orders that one beat carries out; the rest is the next one's.
const MOST_STEPS: u32 = 5_000;

/// Ends overdue proposals, carries out what standing orders are due and brings the bank's own balances
/// up to date, until it is aborted.
pub(super) async fn keep(store: Arc<dyn Store>, rules: RunRules) {
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let now = SystemClock.now();
        match store.expire_proposals(now).await {
            Ok(0) => {}
            Ok(expired) => {
                tracing::info!(target: "vostro", expired, "overdue proposals were ended");
            }
            Err(error) => tracing::warn!(target: "vostro", %error, "overdue proposals stay"),
        }
        match store.run_schedules(rules, MOST_STEPS).await {
            Ok(runs) if runs.steps() == 0 => {}
            Ok(runs) => tracing::info!(
                target: "vostro",
                posted = runs.posted,
                failed = runs.failed,
                waiting = runs.waiting,
                expired = runs.expired,
                "standing orders were carried out"
            ),
            Err(error) => tracing::warn!(target: "vostro", %error, "standing orders wait"),
        }
        let forget_before = now.saturating_sub(REQUESTS_KEPT).unwrap_or(now);
        if let Err(error) = store.purge_requests(forget_before).await {
            tracing::warn!(target: "vostro", %error, "old requests stay on record");
        }
        if let Err(error) = store.roll_up().await {
            tracing::warn!(target: "vostro", %error, "the bank's own balances were not rolled up");
        }
    }
}
