//! The port's traits on money's controls, each method handed to a connection.

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

use super::{PostgresStore, controls, money, pending};
use crate::settle::settle;

#[async_trait]
impl PendingTransfers for PostgresStore {
    async fn place_pending(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        settlement: Settlement,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                money::confirm(&client, &config, &confirmed, Some(settlement), &context).await
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
        self.connections
            .run(move |client| async move {
                pending::post(&client, &config, &transfer, amount, &order).await
            })
            .await
    }

    async fn void_pending(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<VoidOutcome, StoreError> {
        let (transfer, order) = (transfer.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                pending::end(&client, &config, &transfer, false, &order).await
            })
            .await
    }

    async fn settle_due(&self, now: Timestamp) -> Result<Settled, StoreError> {
        let due = self
            .connections
            .run(move |client| async move { pending::due(&client, now, false).await })
            .await?;
        settle(self, due).await
    }

    async fn expire_pending(&self, now: Timestamp) -> Result<u64, StoreError> {
        let overdue = self
            .connections
            .run(move |client| async move { pending::due(&client, now, true).await })
            .await?;
        let mut ended = 0;
        for transfer in overdue {
            let config = Arc::clone(&self.config);
            let outcome = self
                .connections
                .run(move |client| async move {
                    let order = Order::housekeeping("it was not posted in time");
                    pending::end(&client, &config, &transfer, true, &order).await
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
        self.connections
            .run(move |client| async move { pending::list(&client, customer.as_ref()).await })
            .await
    }

    async fn placed(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<PendingTransfer>, StoreError> {
        let (customer, confirmation) = (customer.clone(), confirmation.clone());
        self.connections.run(move |client| async move { pending::placed(&client, &customer, &confirmation).await })
        .await
    }
}

#[async_trait]
impl AccountControls for PostgresStore {
    async fn place_hold(
        &self,
        account: &AccountId,
        amount: Money,
        expires_at: Option<Timestamp>,
        order: &Order,
    ) -> Result<HoldOutcome, StoreError> {
        let (account, order) = (account.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                controls::place_hold(&client, &config, &account, amount, expires_at, &order).await
            })
            .await
    }

    async fn release_hold(&self, hold: &HoldId, order: &Order) -> Result<bool, StoreError> {
        let (hold, order) = (hold.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                controls::release_hold(&client, &config, &hold, "released", &order).await
            })
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
        self.connections
            .run(move |client| async move {
                controls::capture_hold(&client, &config, &hold, amount, &order).await
            })
            .await
    }

    async fn expire_holds(&self, now: Timestamp) -> Result<u64, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move { controls::expire_holds(&client, &config, now).await })
            .await
    }

    async fn holds(&self, account: &AccountId) -> Result<Vec<Hold>, StoreError> {
        let account = account.clone();
        self.connections
            .run(move |client| async move { controls::holds(&client, &account).await })
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
        self.connections
            .run(move |client| async move {
                controls::set_account_status(&client, &config, &account, status, &order).await
            })
            .await
    }
}

#[async_trait]
impl Reversals for PostgresStore {
    async fn reverse(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<ReverseOutcome, StoreError> {
        let (transfer, order) = (transfer.clone(), order.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                controls::reverse(&client, &config, &transfer, &order).await
            })
            .await
    }

    async fn transfer(&self, transfer: &TransferId) -> Result<Option<TransferView>, StoreError> {
        let transfer = transfer.clone();
        self.connections
            .run(move |client| async move { controls::transfer(&client, &transfer).await })
            .await
    }
}

#[async_trait]
impl MoneyControl for PostgresStore {
    async fn switch_money(&self, stopped: bool, order: &Order) -> Result<MoneySwitch, StoreError> {
        let (order, config) = (order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                controls::switch_money(&client, &config, stopped, &order).await
            })
            .await
    }

    async fn money_switch(&self) -> Result<MoneySwitch, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move { controls::money_switch(&client, &config).await })
            .await
    }
}
