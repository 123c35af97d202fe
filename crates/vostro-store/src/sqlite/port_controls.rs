//! The port's traits on money's controls, each method handed to the writer or to a reader.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    AccountControls, AuditEvent, CaptureOutcome, Hold, HoldOutcome, MoneyControl, MoneySwitch,
    Order, PendingTransfer, PendingTransfers, PostOutcome, Reversals, ReverseOutcome,
    SettleOutcome, Settled, StoreError, TransferView, VoidOutcome,
};
use vostro_ledger::{AccountStatus, Confirmed, MoneyIntent, Settlement};
use vostro_types::{AccountId, ConfirmationId, CustomerId, HoldId, Money, TransferId};

use super::{SqliteStore, holds, pending, placements, reversals, switch};
use crate::settle::settle;

#[async_trait]
impl PendingTransfers for SqliteStore {
    async fn place_pending(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        settlement: Settlement,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| {
            pending::place(connection, &config, &confirmed, settlement, &context)
        })
        .await
    }

    async fn post_pending(
        &self,
        transfer: &TransferId,
        amount: Option<Money>,
        order: &Order,
    ) -> Result<SettleOutcome, StoreError> {
        let (transfer, order) = (transfer.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| pending::post(connection, &config, &transfer, amount, &order))
            .await
    }

    async fn void_pending(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<VoidOutcome, StoreError> {
        let (transfer, order) = (transfer.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| pending::end(connection, &config, &transfer, false, &order))
            .await
    }

    async fn settle_due(&self, now: Timestamp) -> Result<Settled, StoreError> {
        let due = self
            .read(move |connection| placements::due(connection, now, false))
            .await?;
        settle(self, due).await
    }

    async fn expire_pending(&self, now: Timestamp) -> Result<u64, StoreError> {
        let overdue = self
            .read(move |connection| placements::due(connection, now, true))
            .await?;
        let mut ended = 0;
        for transfer in overdue {
            let config = Arc::clone(&self.config);
            let outcome = self
                .write(move |connection| {
                    let order = Order::housekeeping("it was not posted in time");
                    pending::end(connection, &config, &transfer, true, &order)
                })
                .await?;
            ended += u64::from(matches!(outcome, VoidOutcome::Voided(_)));
        }
        Ok(ended)
    }

    async fn pending_transfers(
        &self,
        customer: Option<&CustomerId>,
    ) -> Result<Vec<PendingTransfer>, StoreError> {
        let customer = customer.cloned();
        self.read(move |connection| placements::list(connection, customer.as_ref()))
            .await
    }

    async fn placed(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<PendingTransfer>, StoreError> {
        let (customer, confirmation) = (customer.clone(), confirmation.clone());
        self.read(move |connection| placements::placed(connection, &customer, &confirmation))
            .await
    }
}

#[async_trait]
impl AccountControls for SqliteStore {
    async fn place_hold(
        &self,
        account: &AccountId,
        amount: Money,
        expires_at: Option<Timestamp>,
        order: &Order,
    ) -> Result<HoldOutcome, StoreError> {
        let (account, order) = (account.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            holds::place(connection, &config, &account, amount, expires_at, &order)
        })
        .await
    }

    async fn release_hold(&self, hold: &HoldId, order: &Order) -> Result<bool, StoreError> {
        let (hold, order) = (hold.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| holds::release(connection, &config, &hold, &order))
            .await
    }

    async fn capture_hold(
        &self,
        hold: &HoldId,
        amount: Option<Money>,
        order: &Order,
    ) -> Result<CaptureOutcome, StoreError> {
        let (hold, order) = (hold.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| holds::capture(connection, &config, &hold, amount, &order))
            .await
    }

    async fn expire_holds(&self, now: Timestamp) -> Result<u64, StoreError> {
        let config = Arc::clone(&self.config);
        self.write(move |connection| holds::expire(connection, &config, now))
            .await
    }

    async fn holds(&self, account: &AccountId) -> Result<Vec<Hold>, StoreError> {
        let account = account.clone();
        self.read(move |connection| holds::list(connection, &account))
            .await
    }

    async fn set_account_status(
        &self,
        account: &AccountId,
        status: AccountStatus,
        order: &Order,
    ) -> Result<bool, StoreError> {
        let (account, order) = (account.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            holds::set_account_status(connection, &config, &account, status, &order)
        })
        .await
    }
}

#[async_trait]
impl Reversals for SqliteStore {
    async fn reverse(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<ReverseOutcome, StoreError> {
        let (transfer, order) = (transfer.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| reversals::reverse(connection, &config, &transfer, &order))
            .await
    }

    async fn transfer(&self, transfer: &TransferId) -> Result<Option<TransferView>, StoreError> {
        let transfer = transfer.clone();
        self.read(move |connection| reversals::transfer(connection, &transfer))
            .await
    }
}

#[async_trait]
impl MoneyControl for SqliteStore {
    async fn switch_money(&self, stopped: bool, order: &Order) -> Result<MoneySwitch, StoreError> {
        let (order, config) = (order.clone(), Arc::clone(&self.config));
        self.write(move |connection| switch::turn(connection, &config, stopped, &order))
            .await
    }

    async fn money_switch(&self) -> Result<MoneySwitch, StoreError> {
        let config = Arc::clone(&self.config);
        self.read(move |connection| switch::read(connection, &config))
            .await
    }
}
