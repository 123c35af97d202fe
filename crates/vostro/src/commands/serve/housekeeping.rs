//! What a running store needs from time to time.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{MissedTickBehavior, interval};
use vostro_bank::{Forgotten, Store};
use vostro_ledger::RunRules;
use vostro_telemetry::Metrics;
use vostro_types::{Clock, SystemClock};

/// How often. A proposal that nobody looks at expires at most so much later than it says; one that is
/// confirmed is checked against the clock then and there.
const PERIOD: Duration = Duration::from_mins(1);

/// How long a request with an `Idempotency-Key` is known by it.
const REQUESTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The most occurrences of standing orders that one beat carries out; the rest is the next one's.
const MOST_STEPS: u32 = 5_000;

/// The most turns whose texts one beat forgets; the rest is the next one's.
const MOST_FORGOTTEN: u32 = 5_000;

/// Ends overdue proposals, posts pending transfers whose hour has come, carries out what standing orders are
/// due, watches the money switch and brings the bank's own balances up to date, until it is aborted.
pub(super) async fn keep(
    store: Arc<dyn Store>,
    rules: RunRules,
    retention: Option<SignedDuration>,
    metrics: Arc<Metrics>,
) {
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopped = false;
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
        pending(&*store).await;
        switch(&*store, &metrics, &mut stopped).await;
        // What falls due meanwhile is not declined for it: it waits until money moves again.
        if !stopped {
            schedules(&*store, rules).await;
        }
        alerts(&*store).await;
        let forget_before = now.saturating_sub(REQUESTS_KEPT).unwrap_or(now);
        if let Err(error) = store.purge_requests(forget_before).await {
            tracing::warn!(target: "vostro", %error, "old requests stay on record");
        }
        if let Some(retention) = retention {
            forget(&*store, now.saturating_sub(retention).unwrap_or(now)).await;
        }
        if let Err(error) = store.roll_up().await {
            tracing::warn!(target: "vostro", %error, "the bank's own balances were not rolled up");
        }
    }
}

/// Texts of conversations whose time is over.
async fn forget(store: &dyn Store, before: Timestamp) {
    match store.forget_texts(before, MOST_FORGOTTEN).await {
        Ok(done) if done == Forgotten::default() => {}
        Ok(done) => tracing::info!(
            target: "vostro",
            turns = done.turns,
            hand_offs = done.hand_offs,
            sessions = done.sessions,
            "old texts were forgotten"
        ),
        Err(error) => tracing::warn!(target: "vostro", %error, "old texts stay"),
    }
}

/// Balances that fell below what their customers wanted to be told of.
async fn alerts(store: &dyn Store) {
    match store.run_alerts(MOST_STEPS).await {
        Ok(0) => {}
        Ok(fired) => tracing::info!(target: "vostro", fired, "alerts were told of"),
        Err(error) => tracing::warn!(target: "vostro", %error, "alerts wait"),
    }
}

/// Standing orders that are due.
async fn schedules(store: &dyn Store, rules: RunRules) {
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
}

/// Pending transfers and holds whose time has come.
async fn pending(store: &dyn Store) {
    let now = SystemClock.now();
    match store.settle_due(now).await {
        Ok(settled) if settled.posted + settled.voided > 0 => {
            let (posted, voided) = (settled.posted, settled.voided);
            tracing::info!(target: "vostro", posted, voided, "pending transfers were settled");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(target: "vostro", %error, "pending transfers wait on"),
    }
    for ended in [
        store.expire_pending(now).await,
        store.expire_holds(now).await,
    ] {
        match ended {
            Ok(0) => {}
            Ok(ended) => tracing::info!(target: "vostro", ended, "overdue holds were ended"),
            Err(error) => tracing::warn!(target: "vostro", %error, "overdue holds stay"),
        }
    }
}

/// Tells operators when money is stopped and when it goes on, whoever ordered it and wherever.
async fn switch(store: &dyn Store, metrics: &Metrics, before: &mut bool) {
    match store.money_switch().await {
        Ok(switch) => {
            metrics.money_stopped(switch.stopped);
            if switch.stopped != *before {
                let (by, reason) = (switch.by.as_deref(), switch.reason.as_deref());
                let configured = switch.by_configuration;
                if switch.stopped {
                    tracing::warn!(target: "vostro", by, reason, configured, "money is stopped");
                } else {
                    tracing::warn!(target: "vostro", by, reason, "money moves again");
                }
                *before = switch.stopped;
            }
        }
        Err(error) => tracing::warn!(target: "vostro", %error, "the money switch cannot be read"),
    }
}
