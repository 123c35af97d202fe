//! The store in memory once more: money's controls, of which the edge only needs the switch.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    AccountControls, AuditEvent, CaptureOutcome, Hold, HoldOutcome, MoneyControl, MoneySwitch,
    Order, PendingTransfer, PendingTransfers, PostOutcome, Reversals, ReverseOutcome,
    SettleOutcome, Settled, StoreError, TransferView, VoidOutcome,
};
use vostro_ledger::{AccountStatus, Confirmed, Decline, MoneyIntent, ReversalRefusal, Settlement};
use vostro_types::{AccountId, ConfirmationId, CustomerId, HoldId, Money, TransferId};

use crate::store::MemoryStore;

#[async_trait]
impl PendingTransfers for MemoryStore {
    async fn place_pending(
        &self,
        _: Confirmed<MoneyIntent>,
        _: Settlement,
        _: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        self.answer(PostOutcome::NotOpen)
    }
    async fn post_pending(
        &self,
        _: &TransferId,
        _: Option<Money>,
        _: &Order,
    ) -> Result<SettleOutcome, StoreError> {
        self.answer(SettleOutcome::NotPending(None))
    }
    async fn void_pending(&self, _: &TransferId, _: &Order) -> Result<VoidOutcome, StoreError> {
        self.answer(VoidOutcome::NotPending(None))
    }
    async fn settle_due(&self, _: Timestamp) -> Result<Settled, StoreError> {
        self.answer(Settled::default())
    }
    async fn expire_pending(&self, _: Timestamp) -> Result<u64, StoreError> {
        self.answer(0)
    }
    async fn pending_transfers(
        &self,
        _: Option<&CustomerId>,
    ) -> Result<Vec<PendingTransfer>, StoreError> {
        self.answer(Vec::new())
    }
    async fn placed(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<PendingTransfer>, StoreError> {
        self.answer(None)
    }
}

#[async_trait]
impl AccountControls for MemoryStore {
    async fn place_hold(
        &self,
        _: &AccountId,
        _: Money,
        _: Option<Timestamp>,
        _: &Order,
    ) -> Result<HoldOutcome, StoreError> {
        self.answer(HoldOutcome::Declined(Decline::SourceUnknown))
    }
    async fn release_hold(&self, _: &HoldId, _: &Order) -> Result<bool, StoreError> {
        self.answer(false)
    }
    async fn capture_hold(
        &self,
        _: &HoldId,
        _: Option<Money>,
        _: &Order,
    ) -> Result<CaptureOutcome, StoreError> {
        self.answer(CaptureOutcome::NotHeld)
    }
    async fn expire_holds(&self, _: Timestamp) -> Result<u64, StoreError> {
        self.answer(0)
    }
    async fn holds(&self, _: &AccountId) -> Result<Vec<Hold>, StoreError> {
        self.answer(Vec::new())
    }
    async fn set_account_status(
        &self,
        _: &AccountId,
        _: AccountStatus,
        _: &Order,
    ) -> Result<bool, StoreError> {
        self.answer(false)
    }
}

#[async_trait]
impl Reversals for MemoryStore {
    async fn reverse(&self, _: &TransferId, _: &Order) -> Result<ReverseOutcome, StoreError> {
        self.answer(ReverseOutcome::Refused(ReversalRefusal::NotFound))
    }
    async fn transfer(&self, _: &TransferId) -> Result<Option<TransferView>, StoreError> {
        self.answer(None)
    }
}

#[async_trait]
impl MoneyControl for MemoryStore {
    async fn switch_money(&self, stopped: bool, order: &Order) -> Result<MoneySwitch, StoreError> {
        self.answer(())?;
        let switch = MoneySwitch {
            stopped,
            by_configuration: false,
            by: Some(order.by().to_owned()),
            reason: Some(order.reason().to_owned()),
            at: Some(Timestamp::UNIX_EPOCH),
        };
        *self.switch.lock().unwrap() = Some(switch.clone());
        Ok(switch)
    }
    async fn money_switch(&self) -> Result<MoneySwitch, StoreError> {
        let never = MoneySwitch {
            stopped: false,
            by_configuration: false,
            by: None,
            reason: None,
            at: None,
        };
        let switch = self.switch.lock().unwrap().clone();
        self.answer(switch.unwrap_or(never))
    }
}
