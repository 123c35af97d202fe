//! The outbox: events for the outside, committed with what they tell of and delivered at least once.
//!
//! A message is published by the command that it tells of. Handing it over gives each endpoint that asked
//! for its topic a delivery of its own; deliveries are claimed for a time, attempted, and settled. A claim
//! that is neither settled nor given back lapses, and the delivery is claimed again: nothing is lost with
//! a process, and an endpoint may get a message twice. What an attempt is, and when the next one is due,
//! is the dispatcher's (`vostro-webhooks`).

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::AuditKind;
use crate::store::StoreError;

/// What a message can be about: its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Money moved.
    TransferPosted,
    /// A customer asked for, or was given, a person.
    ConversationHandedOff,
    /// A colleague took a conversation over.
    ConversationClaimed,
    /// A colleague ended a hand-off.
    ConversationClosed,
    /// A customer's record was changed by their yes.
    ServiceChanged,
    /// A case was opened for a transaction.
    CaseOpened,
    /// A balance fell below an alert's amount.
    AlertFired,
    /// An occurrence of a standing order was given up.
    ScheduleOccurrenceFailed,
    /// A confirmed transfer waits, its funds held.
    TransferPending,
    /// A pending transfer was given up.
    TransferVoided,
    /// A pending transfer was not posted in time.
    TransferExpired,
    /// A posted transfer was taken back by another.
    TransferReversed,
    /// Held funds were paid out.
    HoldCaptured,
    /// All money commands were stopped.
    MoneyStopped,
    /// Money commands go on.
    MoneyResumed,
    /// A second factor is needed: for a code from the customer, or an approval at the identity provider.
    FactorAsked,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 16] = [
        Self::TransferPosted,
        Self::ConversationHandedOff,
        Self::ConversationClaimed,
        Self::ConversationClosed,
        Self::ServiceChanged,
        Self::CaseOpened,
        Self::AlertFired,
        Self::ScheduleOccurrenceFailed,
        Self::TransferPending,
        Self::TransferVoided,
        Self::TransferExpired,
        Self::TransferReversed,
        Self::HoldCaptured,
        Self::MoneyStopped,
        Self::MoneyResumed,
        Self::FactorAsked,
    ];

    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransferPosted => "transfer.posted",
            Self::ConversationHandedOff => "conversation.handed_off",
            Self::ConversationClaimed => "conversation.claimed",
            Self::ConversationClosed => "conversation.closed",
            Self::ServiceChanged => "service.changed",
            Self::CaseOpened => "case.opened",
            Self::AlertFired => "alert.fired",
            Self::ScheduleOccurrenceFailed => "schedule.occurrence_failed",
            Self::TransferPending => "transfer.pending",
            Self::TransferVoided => "transfer.voided",
            Self::TransferExpired => "transfer.expired",
            Self::TransferReversed => "transfer.reversed",
            Self::HoldCaptured => "hold.captured",
            Self::MoneyStopped => "money.stopped",
            Self::MoneyResumed => "money.resumed",
            Self::FactorAsked => "factor.asked",
        }
    }

    /// What a decision is called outside; `None` for those that the outside is not told.
    pub const fn of(kind: AuditKind) -> Option<Self> {
        match kind {
            AuditKind::Posted => Some(Self::TransferPosted),
            AuditKind::HandedOff => Some(Self::ConversationHandedOff),
            AuditKind::HandOffClaimed => Some(Self::ConversationClaimed),
            AuditKind::HandOffClosed => Some(Self::ConversationClosed),
            AuditKind::ServiceChanged => Some(Self::ServiceChanged),
            AuditKind::CaseOpened => Some(Self::CaseOpened),
            AuditKind::AlertFired => Some(Self::AlertFired),
            AuditKind::OccurrenceFailed => Some(Self::ScheduleOccurrenceFailed),
            AuditKind::Placed => Some(Self::TransferPending),
            AuditKind::Voided => Some(Self::TransferVoided),
            AuditKind::Lapsed => Some(Self::TransferExpired),
            AuditKind::Reversed => Some(Self::TransferReversed),
            AuditKind::HoldCaptured => Some(Self::HoldCaptured),
            AuditKind::MoneyStopped => Some(Self::MoneyStopped),
            AuditKind::MoneyResumed => Some(Self::MoneyResumed),
            AuditKind::FactorAsked => Some(Self::FactorAsked),
            _ => None,
        }
    }
}

/// Whether a pattern takes a topic in: its name, `*`, or a family such as `transfer.*`.
///
/// ```
/// use vostro_bank::topic_matches;
/// assert!(topic_matches("transfer.*", "transfer.posted"));
/// assert!(!topic_matches("transfer.*", "transfers.posted"));
/// ```
pub fn topic_matches(pattern: &str, topic: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(family) if family.ends_with('.') => topic.starts_with(family),
        _ => pattern == topic,
    }
}

/// What an endpoint wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The endpoint's name in the configuration.
    pub endpoint: String,
    /// Patterns as [`topic_matches`] takes them; one that fits is enough.
    pub topics: Vec<String>,
}

/// One message for one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The endpoint's name.
    pub endpoint: String,
    /// The message's place in the outbox.
    pub sequence: i64,
}

/// A delivery that was claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Which one.
    pub key: DeliveryKey,
    /// The number of this attempt, from 1. A claim that lapsed counts: it may have been sent.
    pub attempt: u32,
    /// What happened ([`Topic::as_str`]).
    pub topic: String,
    /// The particulars: ids, amounts, masked numbers.
    pub payload: Value,
    /// When it happened.
    pub published_at: Timestamp,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The endpoint acknowledged it.
    Delivered,
    /// It is tried again, not before this instant.
    RetryAt(Timestamp),
    /// It is not tried again unless an operator says so.
    Dead,
}

/// How an attempt ended, as it is kept for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// A word from the dispatcher's closed set, such as `timed_out`.
    pub outcome: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
}

/// A delivery that was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeadDelivery {
    /// Which one.
    pub key: DeliveryKey,
    /// What it was about.
    pub topic: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it happened.
    pub published_at: Timestamp,
    /// When it was given up.
    pub died_at: Timestamp,
    /// How the last attempt ended.
    pub last: Option<AttemptRecord>,
}

/// What an endpoint is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// The endpoint's name; also one that is no longer configured.
    pub endpoint: String,
    /// Deliveries that are not settled, those under way among them.
    pub pending: u64,
    /// Of those, the ones that were tried and failed.
    pub retrying: u64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// Deliveries that were given up.
    pub dead: u64,
}

/// The state of the outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxStatus {
    /// Messages that were not handed over yet.
    pub waiting: u64,
    /// When the oldest of them happened.
    pub oldest_waiting: Option<Timestamp>,
    /// Per endpoint that is owed something or has dead deliveries, by name.
    pub endpoints: Vec<Backlog>,
}

impl OutboxStatus {
    /// When the oldest message happened that some endpoint has not got, dead ones aside.
    pub fn oldest(&self) -> Option<Timestamp> {
        let owed = self.endpoints.iter().filter_map(|it| it.oldest);
        owed.chain(self.oldest_waiting).min()
    }
}

/// How long what is settled is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// What was delivered before this instant goes.
    pub delivered_before: Timestamp,
    /// What died before this instant goes, and what is older and still owed to an endpoint that no
    /// longer takes anything.
    pub dead_before: Timestamp,
}

/// Delivering what was published.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes up to `limit` published messages, oldest first, and makes a delivery of each for every
    /// subscription with a fitting topic; gives how many messages were handed over. A message is handed
    /// over once: an endpoint that is named later does not get it.
    async fn hand_over(
        &self,
        subscriptions: &[Subscription],
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Takes up to `limit` deliveries of this endpoint that are due, those first that are due longest.
    /// Nobody else is given them until `lease` is over.
    async fn claim_deliveries(
        &self,
        endpoint: &str,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Records how an attempt ended. A claim that lapsed and was taken by another changes nothing any
    /// more, except that what was acknowledged is delivered. Gives whether anything changed.
    async fn settle(
        &self,
        key: &DeliveryKey,
        attempt: u32,
        verdict: Verdict,
        record: &AttemptRecord,
    ) -> Result<bool, StoreError>;

    /// Gives a claim back that was not attempted: the delivery is due at once and the attempt does not
    /// count. Gives whether the claim still stood.
    async fn give_back(&self, key: &DeliveryKey, attempt: u32) -> Result<bool, StoreError>;

    /// How far deliveries are behind.
    async fn outbox_status(&self) -> Result<OutboxStatus, StoreError>;

    /// Up to `limit` dead deliveries by key, those after `after`.
    async fn dead_deliveries(
        &self,
        after: Option<&DeliveryKey>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError>;

    /// Makes a dead delivery due again, with all its attempts before it, or all of them; gives how many.
    async fn redeliver(&self, which: Option<&DeliveryKey>) -> Result<u64, StoreError>;

    /// Removes up to `limit` deliveries and up to `limit` messages that need not be kept any longer;
    /// gives how many rows went.
    async fn prune_outbox(&self, retention: Retention, limit: u32) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_in_what_they_say() {
        let cases = [
            ("*", "transfer.posted", true),
            ("*", "", true),
            ("transfer.posted", "transfer.posted", true),
            ("transfer.posted", "transfer.posted.late", false),
            ("transfer.*", "transfer.posted", true),
            ("transfer.*", "transfer", false),
            ("transfer.*", "transferred.posted", false),
            ("transfer*", "transfer.posted", false),
            ("*.posted", "transfer.posted", false),
            ("", "transfer.posted", false),
        ];
        for (pattern, topic, expected) in cases {
            assert_eq!(topic_matches(pattern, topic), expected, "{pattern} {topic}");
        }
    }

    #[test]
    fn topics_are_named_once() {
        for (index, topic) in Topic::ALL.iter().enumerate() {
            let (family, what) = topic.as_str().split_once('.').unwrap();
            assert!(!family.is_empty() && !what.is_empty());
            assert!(!Topic::ALL[..index].contains(topic));
        }
    }
}
