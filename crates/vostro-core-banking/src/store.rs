//! A store whose money is at a core banking system: accounts, history and movements are the core's, and
//! everything else (conversations, the audit trail, the outbox, hand-offs) the local store's.
//!
//! ```text
//! propose ─► on record here          yes ─► `sent` on record here ─► core: place, post ─► ended on record here
//! ```
//!
//! What is `sent` has left: whatever happens to this process or the line then, it is carried out again under the
//! same key by the next yes or by housekeeping, and ends once. The bank's limits are the core's to hold, since
//! only it sees what other channels move. Not offered over a core yet, and refused as not there: standing orders,
//! recalls, cards and other services, statements; the assistant says so (`with_books_elsewhere` of its `Concierge`).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, Bank, CancelOutcome, CoreTransfer, CoreTransferStatus, CoreTransferStep,
    CustomerOpened, HistoryPage, HistoryQuery, Order, PendingTransfer, PendingTransfers, Portfolio,
    PostOutcome, ProposeOutcome, Receipt, SettleOutcome, Settled, SpendingSummary, Store,
    StoreError, VoidOutcome,
};
use vostro_ledger::{Confirmed, Decline, MoneyIntent, Proposal, Settlement};
use vostro_types::{Clock, ConfirmationId, CustomerId, Money, TransferId};

use crate::carry_out::{Ended, Patience, carry_out};
use crate::contract::{TransferKey, TransferOrder};
use crate::foreseen::refused_by;
use crate::port::{CoreBanking, CoreError};

/// How long after it was sent housekeeping takes a movement up: longer than a turn works on it.
const TAKEN_UP_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How long after it was sent a movement of which the core knows nothing is given up: the core declined it or never
/// heard of it, and the customer has long been told that it is not done. Nothing can move then: only posting moves
/// money, and what was given up is never posted.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How many movements one beat takes up at most.
const TAKEN_UP: u32 = 100;

/// A store over a core banking system.
pub struct CoreBankedStore {
    pub(crate) local: Arc<dyn Store>,
    pub(crate) core: Arc<dyn CoreBanking>,
    clock: Arc<dyn Clock>,
    patience: Patience,
}

impl CoreBankedStore {
    /// The core's money beside the local store's everything else.
    pub fn new(
        local: Arc<dyn Store>,
        core: Arc<dyn CoreBanking>,
        clock: Arc<dyn Clock>,
        patience: Patience,
    ) -> Self {
        Self {
            local,
            core,
            clock,
            patience,
        }
    }

    /// What the core would refuse anyway, told before the customer is asked. The core decides when it counts.
    async fn foreseen(&self, intent: &MoneyIntent) -> Result<Option<Decline>, StoreError> {
        if self.local.money_switch().await?.stopped {
            return Ok(Some(Decline::MoneyStopped));
        }
        if !intent.amount.is_positive() {
            return Ok(Some(Decline::AmountNotPositive));
        }
        let portfolio = self.portfolio(&intent.customer).await?;
        Ok(portfolio.map_or(Some(Decline::SourceUnknown), |it| refused_by(&it, intent)))
    }

    /// Gives up what was sent long ago and the core, asked by the key, knows nothing of; gives how many.
    async fn give_up_unknown(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now.saturating_sub(GIVEN_UP_AFTER).unwrap_or(now);
        let mut given_up = 0;
        for sent in self.local.sent_core_transfers(before, TAKEN_UP).await? {
            let customer = &sent.proposal.intent.customer;
            let Some(key) = key_of(&sent) else { continue };
            if let Ok(None) = self.core.transfer(customer, &key).await {
                let (step, context) = (CoreTransferStep::GiveUp, housekeeping(customer));
                let stepped = self.local.step_core_transfer(&sent, &step, &context);
                given_up += u64::from(stepped.await?);
            }
        }
        Ok(given_up)
    }

    /// Carries a movement that was sent to its end.
    async fn finish(
        &self,
        sent: &CoreTransfer,
        key: &TransferKey,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let Proposal { id, intent, .. } = &sent.proposal;
        let order = TransferOrder {
            intent: intent.clone(),
        };
        let ended = carry_out(&*self.core, key, &order, self.patience).await;
        let ended = ended.map_err(|error| {
            tracing::error!(
                confirmation = id.as_str(),
                error = &error as &dyn std::error::Error,
                "a movement has not ended at the core; it is taken up again"
            );
            unavailable(error)
        })?;
        let (step, outcome) = match ended {
            Ended::Posted(transfer, posted) => {
                let receipt = Box::new(Receipt {
                    transfer,
                    confirmation: id.clone(),
                    intent: intent.clone(),
                    posted_at: posted.at,
                    source_balance: posted.source_balance,
                    source_available: posted.source_available,
                    // The core books by its own calendar and does not say by which.
                    value_date: None,
                });
                let outcome = PostOutcome::Posted(receipt.clone());
                (CoreTransferStep::Post(receipt), outcome)
            }
            Ended::Declined(decline) => (
                CoreTransferStep::Decline(decline),
                PostOutcome::Declined(decline),
            ),
            Ended::GivenUp => (CoreTransferStep::GiveUp, PostOutcome::NotOpen),
        };
        if self.local.step_core_transfer(sent, &step, context).await? {
            return Ok(outcome);
        }
        // Another of us was faster with the same end: its record counts.
        let kept = self.local.core_transfer(&intent.customer, id).await?;
        Ok(kept.map_or(PostOutcome::NotOpen, |kept| replayed(&kept)))
    }
}

/// What a movement that has ended says to another yes.
fn replayed(kept: &CoreTransfer) -> PostOutcome {
    match (kept.status, &kept.receipt) {
        (CoreTransferStatus::Posted, Some(receipt)) => {
            PostOutcome::Replayed(Box::new(receipt.clone()))
        }
        (CoreTransferStatus::Expired, _) => PostOutcome::Expired,
        _ => PostOutcome::NotOpen,
    }
}

fn unavailable(error: CoreError) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

#[async_trait]
impl Bank for CoreBankedStore {
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, StoreError> {
        self.core.portfolio(customer).await.map_err(unavailable)
    }

    /// The core's customers are the core's to open.
    async fn open_demo_customer(&self, _: &CustomerId) -> Result<CustomerOpened, StoreError> {
        Ok(CustomerOpened::Refused)
    }

    async fn history(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, StoreError> {
        self.core
            .history(customer, query)
            .await
            .map_err(unavailable)
    }

    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, StoreError> {
        self.core
            .spending(customer, query)
            .await
            .map_err(unavailable)
    }

    async fn propose(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        if let Some(decline) = self.foreseen(&proposal.intent).await? {
            return Ok(ProposeOutcome::Declined(decline));
        }
        self.local.propose_core_transfer(proposal, context).await?;
        Ok(ProposeOutcome::Proposed)
    }

    async fn open_proposal(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal>, StoreError> {
        let kept = self.local.core_transfer(customer, id).await?;
        // One that was sent and has not ended is open to another yes: that is how it is asked for again.
        let is_open = |kept: &CoreTransfer| {
            matches!(
                kept.status,
                CoreTransferStatus::Open | CoreTransferStatus::Sent
            )
        };
        Ok(kept.filter(is_open).map(|kept| kept.proposal))
    }

    async fn confirm_and_post(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let customer = &confirmed.get().customer;
        let kept = self
            .local
            .core_transfer(customer, confirmed.confirmation())
            .await?;
        let Some(mut kept) = kept.filter(|kept| kept.proposal.hash == confirmed.hash()) else {
            return Ok(PostOutcome::NotOpen);
        };
        if kept.status == CoreTransferStatus::Open {
            let is_over = kept.proposal.expires_at <= self.clock.now();
            let step = if is_over {
                CoreTransferStep::Expire
            } else if self.local.money_switch().await?.stopped {
                // Nothing was sent, so it stays open for a yes when money moves again.
                return Ok(PostOutcome::Declined(Decline::MoneyStopped));
            } else {
                CoreTransferStep::Send
            };
            if self.local.step_core_transfer(&kept, &step, context).await? {
                kept.status = step.to();
            } else {
                let now = self
                    .local
                    .core_transfer(customer, confirmed.confirmation())
                    .await?;
                let Some(now) = now else {
                    return Ok(PostOutcome::NotOpen);
                };
                kept = now;
            }
        }
        if kept.status != CoreTransferStatus::Sent {
            return Ok(replayed(&kept));
        }
        let key = TransferKey::of(&confirmed);
        self.finish(&kept, &key, context).await
    }

    async fn cancel(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<CancelOutcome, StoreError> {
        let Some(kept) = self.local.core_transfer(customer, id).await? else {
            return Ok(CancelOutcome::NotOpen);
        };
        let step = CoreTransferStep::Cancel;
        if kept.status == CoreTransferStatus::Open
            && self.local.step_core_transfer(&kept, &step, context).await?
        {
            return Ok(CancelOutcome::Cancelled);
        }
        Ok(match kept.receipt {
            Some(receipt) => CancelOutcome::AlreadyPosted(Box::new(receipt)),
            None => CancelOutcome::NotOpen,
        })
    }

    async fn receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Receipt>, StoreError> {
        let kept = self.local.core_transfer(customer, id).await?;
        Ok(kept.and_then(|kept| kept.receipt))
    }
}

#[async_trait]
impl PendingTransfers for CoreBankedStore {
    /// Over a core everything is posted at once: how long money waits there is the core's to say.
    async fn place_pending(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        _: Settlement,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        self.confirm_and_post(confirmed, context).await
    }

    async fn post_pending(
        &self,
        transfer: &TransferId,
        amount: Option<Money>,
        order: &Order,
    ) -> Result<SettleOutcome, StoreError> {
        self.local.post_pending(transfer, amount, order).await
    }

    async fn void_pending(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<VoidOutcome, StoreError> {
        self.local.void_pending(transfer, order).await
    }

    /// Takes up what was sent and has not ended.
    async fn settle_due(&self, now: Timestamp) -> Result<Settled, StoreError> {
        let mut settled = self.local.settle_due(now).await?;
        settled.voided += self.give_up_unknown(now).await?;
        let before = now.saturating_sub(TAKEN_UP_AFTER).unwrap_or(now);
        for sent in self.local.sent_core_transfers(before, TAKEN_UP).await? {
            let context = housekeeping(&sent.proposal.intent.customer);
            let Some(key) = key_of(&sent) else { continue };
            match self.finish(&sent, &key, &context).await {
                Ok(PostOutcome::Posted(_)) => settled.posted += 1,
                Ok(PostOutcome::Declined(_)) => settled.voided += 1,
                // It stays sent and is taken up again; the failure was logged where it happened.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(settled)
    }

    async fn expire_pending(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.local.expire_pending(now).await
    }

    async fn pending_transfers(
        &self,
        customer: Option<&CustomerId>,
    ) -> Result<Vec<PendingTransfer>, StoreError> {
        self.local.pending_transfers(customer).await
    }

    async fn placed(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<PendingTransfer>, StoreError> {
        self.local.placed(customer, confirmation).await
    }
}

/// The key of what was sent. The yes was taken then, so the key is the one of then.
fn key_of(sent: &CoreTransfer) -> Option<TransferKey> {
    let customer = &sent.proposal.intent.customer;
    let confirmed = sent.proposal.clone().confirm(customer, Timestamp::MIN);
    confirmed.ok().map(|confirmed| TransferKey::of(&confirmed))
}

fn housekeeping(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Posted,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: json!({}),
    }
}
