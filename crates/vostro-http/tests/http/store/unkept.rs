//! What no test of the edge needs of a store.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use vostro_bank::{
    Alert, AuditEvent, AuditRow, AuditSeals, Case, ChangeOutcome, ChangeReceipt, Contacts,
    CoreTransfer, CoreTransferStep, CoreTransfers, FactorDemand, FactorOutcome, FactorRules,
    FactorState, LedgerCheck, OpenChallenge, Reconciliation, SealAppended, SealRecord, SealingLag,
    SecondFactors, ServiceOrder, Services, StoreError, TravelNotice,
};
use vostro_ledger::{Confirmed, Proposal};
use vostro_types::{ChallengeId, ConfirmationId, CustomerId, Money};

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

#[async_trait]
impl CoreTransfers for MemoryStore {
    async fn propose_core_transfer(&self, _: &Proposal, _: &AuditEvent) -> Result<(), StoreError> {
        not_kept()
    }

    async fn core_transfer(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<CoreTransfer>, StoreError> {
        not_kept()
    }

    async fn step_core_transfer(
        &self,
        _: &CoreTransfer,
        _: &CoreTransferStep,
        _: &AuditEvent,
    ) -> Result<bool, StoreError> {
        not_kept()
    }

    async fn sent_core_transfers(
        &self,
        _: Timestamp,
        _: u32,
    ) -> Result<Vec<CoreTransfer>, StoreError> {
        not_kept()
    }
}

#[async_trait]
impl SecondFactors for MemoryStore {
    async fn enrol_factor(
        &self,
        _: &CustomerId,
        _: &[u8],
        _: &AuditEvent,
    ) -> Result<bool, StoreError> {
        not_kept()
    }

    async fn remove_factor(&self, _: &CustomerId, _: &AuditEvent) -> Result<bool, StoreError> {
        not_kept()
    }

    async fn factor_secret(&self, _: &CustomerId) -> Result<Option<Vec<u8>>, StoreError> {
        not_kept()
    }

    async fn demand_factor(&self, _: &FactorDemand, _: &AuditEvent) -> Result<bool, StoreError> {
        not_kept()
    }

    async fn factor_state(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<FactorState>, StoreError> {
        not_kept()
    }

    async fn try_factor(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
        _: Option<i64>,
        _: FactorRules,
        _: &AuditEvent,
    ) -> Result<FactorOutcome, StoreError> {
        not_kept()
    }

    /// One waits, for `tests/http/factor_answers.rs`.
    async fn open_challenge(&self, id: &ChallengeId) -> Result<Option<OpenChallenge>, StoreError> {
        let open = OpenChallenge {
            customer: CustomerId::new("ada").unwrap(),
            hash: [1; 32],
        };
        self.answer((id.as_str() == "chl_open").then_some(open))
    }

    async fn answer_challenge(
        &self,
        _: &ChallengeId,
        approved: bool,
        _: FactorRules,
    ) -> Result<Option<FactorOutcome>, StoreError> {
        self.answer(Some(if approved {
            FactorOutcome::Passed
        } else {
            FactorOutcome::Failed
        }))
    }

    async fn sent_today(&self, _: &CustomerId) -> Result<Money, StoreError> {
        not_kept()
    }
}
