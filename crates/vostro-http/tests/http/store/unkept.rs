//! What no test of the edge needs of a store.

use async_trait::async_trait;
use jiff::civil::Date;
use vostro_bank::{
    Alert, AuditEvent, AuditRow, AuditSeals, Case, ChangeOutcome, ChangeReceipt, Contacts,
    LedgerCheck, Reconciliation, RecordedTurn, SealAppended, SealRecord, SealingLag, ServiceOrder,
    Services, StoreError, TravelNotice, TurnLog,
};
use vostro_ledger::Confirmed;
use vostro_types::{ConfirmationId, CustomerId, SessionId};

use super::{MemoryStore, not_kept};

#[async_trait]
impl AuditSeals for MemoryStore {
    async fn audit_rows(&self, _: i64, _: u32) -> Result<Vec<AuditRow>, StoreError> {
        not_kept()
    }

    async fn seals(&self, _: i64, _: u32) -> Result<Vec<SealRecord>, StoreError> {
        not_kept()
    }

    async fn key_seals(&self) -> Result<Vec<SealRecord>, StoreError> {
        not_kept()
    }

    async fn last_seal(&self) -> Result<Option<SealRecord>, StoreError> {
        not_kept()
    }

    async fn append_seal(&self, _: &SealRecord) -> Result<SealAppended, StoreError> {
        not_kept()
    }

    async fn sealing_lag(&self) -> Result<SealingLag, StoreError> {
        not_kept()
    }
}

#[async_trait]
impl TurnLog for MemoryStore {
    async fn recorded_turns(
        &self,
        _: &SessionId,
        _: u64,
        _: u32,
    ) -> Result<Vec<RecordedTurn>, StoreError> {
        not_kept()
    }
}

#[async_trait]
impl Reconciliation for MemoryStore {
    async fn reconcile(&self) -> Result<Vec<LedgerCheck>, StoreError> {
        not_kept()
    }
}

#[async_trait]
impl Services for MemoryStore {
    async fn carry_out(
        &self,
        _: Confirmed<ServiceOrder>,
        _: &AuditEvent,
    ) -> Result<ChangeOutcome, StoreError> {
        not_kept()
    }

    async fn change_receipt(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<ChangeReceipt>, StoreError> {
        self.answer(None)
    }

    async fn contacts(&self, _: &CustomerId) -> Result<Contacts, StoreError> {
        not_kept()
    }

    async fn alerts(&self, _: &CustomerId) -> Result<Vec<Alert>, StoreError> {
        not_kept()
    }

    async fn travel_notices(
        &self,
        _: &CustomerId,
        _: Date,
    ) -> Result<Vec<TravelNotice>, StoreError> {
        not_kept()
    }

    async fn cases(&self, _: &CustomerId) -> Result<Vec<Case>, StoreError> {
        not_kept()
    }

    async fn run_alerts(&self, _: u32) -> Result<u64, StoreError> {
        self.answer(0)
    }
}
