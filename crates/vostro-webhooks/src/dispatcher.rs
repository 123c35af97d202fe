//! The tasks that deliver: one hands messages over, one looks after the outbox, and each endpoint has its
//! own, so that a slow one holds up nobody else.
//!
//! Several processes may run dispatchers over one store; claims keep them apart. A process that ends in the
//! middle loses nothing: its claims lapse, and what it had sent is sent again under the same id.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinSet;
use vostro_bank::{Delivery, Outbox, StoreError, Subscription, Verdict};
use vostro_telemetry::Metrics;
use vostro_types::{Clock, Entropy};

use crate::attempt::{Outcome, RetryPolicy, next_attempt};
use crate::endpoint::Endpoint;
use crate::message::Message;
use crate::rest::Rest;
use crate::sender::{Attempt, Sender};
use crate::upkeep::{Keep, Upkeep};

/// How many messages are handed over at once.
const HANDED_AT_ONCE: u32 = 500;
/// How much longer than an attempt a claim lasts: for the store's answers before and after it.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// How often recording an outcome is tried.
const SETTLE_TRIES: u32 = 3;

/// How deliveries are made.
#[derive(Debug, Clone, Copy)]
pub struct DispatcherSettings {
    /// How many attempts one endpoint gets at once from this process.
    pub at_once: u32,
    /// How often an idle dispatcher looks for work.
    pub poll: Duration,
    /// When a delivery is tried again, and how often.
    pub retry: RetryPolicy,
    /// How long what is settled is kept.
    pub keep: Keep,
}

impl Default for DispatcherSettings {
    fn default() -> Self {
        Self {
            at_once: 8,
            poll: Duration::from_secs(1),
            retry: RetryPolicy::default(),
            keep: Keep::default(),
        }
    }
}

/// Delivers the outbox.
#[allow(
    missing_debug_implementations,
    reason = "a store, a clock and randomness behind traits"
)]
pub struct Dispatcher {
    /// Where messages and deliveries are.
    pub outbox: Arc<dyn Outbox>,
    /// Who is told. With none, messages are still handed over, to nobody, and go after their time.
    pub endpoints: Vec<Endpoint>,
    /// Makes the attempts.
    pub sender: Sender,
    /// The time of signatures and of next attempts; the store's own should be the same.
    pub clock: Arc<dyn Clock>,
    /// For the jitter of next attempts.
    pub entropy: Arc<dyn Entropy>,
    /// Where it is counted.
    pub metrics: Arc<Metrics>,
    /// How deliveries are made.
    pub settings: DispatcherSettings,
}

/// Told once it is time to stop.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    fn is_told(&self) -> bool {
        // A sender that is gone can tell nobody any more.
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits so long, or until it is time to stop; gives whether it is.
    pub(crate) async fn or_after(&mut self, wait: Duration) -> bool {
        // An error means that nobody can tell any more; then it is time too.
        let told = async { drop(self.0.wait_for(|stop| *stop).await) };
        tokio::time::timeout(wait, told).await.is_ok()
    }
}

impl Dispatcher {
    /// Delivers until `stop` becomes true or its sender goes. Then attempts under way are finished and
    /// recorded, claims that were not attempted are given back, and this returns.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let stop = Stop(stop);
        let dispatcher = Arc::new(self);
        let mut tasks = JoinSet::new();
        for (index, endpoint) in dispatcher.endpoints.iter().enumerate() {
            dispatcher.metrics.webhooks().enabled(endpoint.name(), true);
            let (dispatcher, stop) = (Arc::clone(&dispatcher), stop.clone());
            tasks.spawn(async move {
                if let Some(endpoint) = dispatcher.endpoints.get(index) {
                    dispatcher.serve(endpoint, stop).await;
                }
            });
        }
        let upkeep = Upkeep {
            outbox: Arc::clone(&dispatcher.outbox),
            clock: Arc::clone(&dispatcher.clock),
            metrics: Arc::clone(&dispatcher.metrics),
            endpoints: dispatcher
                .endpoints
                .iter()
                .map(|it| it.name().to_owned())
                .collect(),
            keep: dispatcher.settings.keep,
        };
        tasks.spawn(upkeep.run(stop.clone()));
        tasks.spawn(async move { dispatcher.hand_over(stop).await });
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(target: "vostro", %error, "a task of the webhooks ended");
            }
        }
    }

    /// Makes deliveries of messages as they are published.
    async fn hand_over(&self, mut stop: Stop) {
        let subscriptions: Vec<Subscription> =
            self.endpoints.iter().map(Endpoint::subscription).collect();
        let mut store = Answering::default();
        while !stop.is_told() {
            let handed = self.outbox.hand_over(&subscriptions, HANDED_AT_ONCE).await;
            let is_more = store
                .take(handed)
                .is_some_and(|it| it >= u64::from(HANDED_AT_ONCE));
            if !is_more && stop.or_after(self.settings.poll).await {
                return;
            }
        }
    }

    /// Delivers to one endpoint.
    async fn serve(&self, endpoint: &Endpoint, mut stop: Stop) {
        let timeout = SignedDuration::try_from(endpoint.timeout()).unwrap_or(SignedDuration::MAX);
        let lease = timeout.saturating_add(LEASE_MARGIN);
        let (mut rest, mut store) = (Rest::default(), Answering::default());
        while !stop.is_told() {
            let mut claimed = Vec::new();
            let at_once = rest.at_once(self.settings.at_once);
            if !rest.is_on(self.clock.now()) {
                let claims = self
                    .outbox
                    .claim_deliveries(endpoint.name(), lease, at_once);
                claimed = store.take(claims.await).unwrap_or_default();
            }
            if stop.is_told() {
                return self.give_back(&claimed).await;
            }
            let round = claimed
                .iter()
                .map(|delivery| self.attempt(endpoint, delivery));
            let made = join_all(round).await;
            let could_not_read = made.contains(&None);
            let (outcomes, ended): (Vec<_>, Vec<_>) = made.into_iter().flatten().unzip();
            if let Some(last) = ended.into_iter().max() {
                rest.note(&outcomes, last);
            }
            if outcomes.contains(&Outcome::Gone) {
                self.metrics.webhooks().enabled(endpoint.name(), false);
                tracing::warn!(
                    target: "vostro",
                    endpoint = endpoint.name(),
                    "the webhook's endpoint answered 410 and gets nothing more until the next start"
                );
                return;
            }
            let is_idle = claimed.len() < usize::try_from(at_once).unwrap_or(usize::MAX);
            let is_to_wait = is_idle || could_not_read || rest.is_on(self.clock.now());
            if is_to_wait && stop.or_after(self.settings.poll).await {
                return;
            }
        }
    }

    /// Makes one attempt and records how it ended; gives that, and when. `None`: what is to be said cannot be read
    /// now, and nothing was tried.
    async fn attempt(
        &self,
        endpoint: &Endpoint,
        delivery: &Delivery,
    ) -> Option<(Outcome, Timestamp)> {
        let message = match endpoint.writer() {
            None => Some(Message::of(delivery)),
            Some(writer) => match writer.write(delivery).await {
                Ok(message) => message,
                Err(error) => {
                    tracing::warn!(
                        target: "vostro", endpoint = endpoint.name(), %error,
                        "what a webhook says cannot be read; it is tried again"
                    );
                    self.give_back(std::slice::from_ref(delivery)).await;
                    return None;
                }
            },
        };
        let attempt = match &message {
            Some(message) => self.sender.send(endpoint, message, self.clock.now()).await,
            None => Attempt {
                outcome: Outcome::Withdrawn,
                took: Duration::ZERO,
            },
        };
        let outcome = attempt.outcome;
        let metrics = self.metrics.webhooks();
        metrics.attempt(endpoint.name(), outcome.label(), attempt.took);
        let mut draw = [0; 4];
        self.entropy.fill(&mut draw);
        let jitter = u32::from_be_bytes(draw);
        let (policy, now) = (&self.settings.retry, self.clock.now());
        let verdict = next_attempt(policy, delivery.attempt, outcome, now, jitter);
        tracing::debug!(
            target: "vostro",
            endpoint = endpoint.name(),
            sequence = delivery.key.sequence,
            attempt = delivery.attempt,
            outcome = outcome.label(),
            "a webhook was tried"
        );
        if verdict == Verdict::Dead {
            metrics.died(endpoint.name());
            tracing::warn!(
                target: "vostro",
                endpoint = endpoint.name(),
                sequence = delivery.key.sequence,
                attempts = delivery.attempt,
                outcome = outcome.label(),
                "a webhook was given up; `vostro webhooks list-dead` shows it"
            );
        }
        self.record(delivery, verdict, outcome).await;
        Some((outcome, now))
    }

    /// Records how an attempt ended. If the store does not take it, the claim lapses, and the endpoint
    /// gets the message again.
    async fn record(&self, delivery: &Delivery, verdict: Verdict, outcome: Outcome) {
        let (key, attempt, record) = (&delivery.key, delivery.attempt, outcome.record());
        for _ in 0..SETTLE_TRIES {
            match self.outbox.settle(key, attempt, verdict, &record).await {
                Ok(_) => return,
                Err(error) => tracing::warn!(
                    target: "vostro",
                    endpoint = key.endpoint,
                    %error,
                    "the outcome of a webhook was not recorded"
                ),
            }
            tokio::time::sleep(self.settings.poll).await;
        }
    }

    async fn give_back(&self, claimed: &[Delivery]) {
        for delivery in claimed {
            let given = self.outbox.give_back(&delivery.key, delivery.attempt).await;
            if let Err(error) = given {
                tracing::warn!(target: "vostro", %error, "a webhook's claim lapses by itself");
            }
        }
    }
}

/// Says once when the store stops answering, and once when it answers again.
#[derive(Debug, Default)]
pub(crate) struct Answering {
    is_silent: bool,
}

impl Answering {
    pub(crate) fn take<T>(&mut self, answer: Result<T, StoreError>) -> Option<T> {
        let was_silent = std::mem::replace(&mut self.is_silent, answer.is_err());
        match answer {
            Ok(value) => {
                if was_silent {
                    tracing::info!(target: "vostro", "webhooks: the store answers again");
                }
                Some(value)
            }
            Err(error) => {
                if !was_silent {
                    tracing::warn!(target: "vostro", %error, "webhooks wait for the store");
                }
                None
            }
        }
    }
}
