//! The port's traits, each method handed to the writer or to a reader.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{
    AuditEvent, AuditRecord, Bank, CancelOutcome, Conversations, CustomerOpened, HistoryPage,
    HistoryQuery, Opening, Operations, Portfolio, PostOutcome, ProposeOutcome, Receipt, ReplyEvent,
    SessionFound, SpendingSummary, StoreError, TurnCommit, TurnCommitted,
};
use vostro_ledger::{Confirmed, MoneyIntent, Proposal};
use vostro_types::{ConfirmationId, CustomerId, SessionId, TurnId};

use super::{
    SqliteStore, audit, confirmations, conversations, history, money, operations, reconciliation,
    rows,
};
use crate::demo;

#[async_trait]
impl Bank for SqliteStore {
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, StoreError> {
        let portfolio = self.portfolio_now(customer).await?;
        Ok(portfolio.map(Arc::unwrap_or_clone))
    }

    async fn open_demo_customer(
        &self,
        customer: &CustomerId,
    ) -> Result<CustomerOpened, StoreError> {
        let asked = customer.clone();
        let known = self
            .read(move |connection| rows::customer_pk(connection, &asked))
            .await?;
        if known.is_some() {
            return Ok(CustomerOpened::AlreadyThere);
        }
        if !self.config.demo_customers {
            return Ok(CustomerOpened::Refused);
        }
        let plan = demo::plan(demo::DEFAULT_SEED, customer, &self.config);
        self.open_demo(customer, plan).await
    }

    async fn history(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, StoreError> {
        let (customer, query) = (customer.clone(), query.clone());
        self.read(move |connection| history::page(connection, &customer, &query))
            .await
    }

    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, StoreError> {
        let (customer, query) = (customer.clone(), query.clone());
        let currency = self.config.currency();
        self.read(move |connection| history::spending(connection, &customer, &query, currency))
            .await
    }

    async fn propose(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        let (proposal, context) = (proposal.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| money::propose(connection, &config, &proposal, &context))
            .await
    }

    async fn open_proposal(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read_at_once(move |connection| {
            confirmations::open_proposal(connection, &customer, &id)
        })
        .await
    }

    async fn confirm_and_post(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| {
            money::confirm_and_post(connection, &config, &confirmed, &context)
        })
        .await
    }

    async fn cancel(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<CancelOutcome, StoreError> {
        let (customer, id, context) = (customer.clone(), id.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| money::cancel(connection, &config, &customer, &id, &context))
            .await
    }

    async fn receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Receipt>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read_at_once(move |connection| confirmations::receipt(connection, &customer, &id))
            .await
    }
}

#[async_trait]
impl Conversations for SqliteStore {
    async fn opening(
        &self,
        customer: &CustomerId,
        session: Option<&SessionId>,
    ) -> Result<Opening, StoreError> {
        Ok(Opening {
            portfolio: self.portfolio_now(customer).await?,
            session: match session {
                Some(id) => self.session(customer, id).await?,
                None => SessionFound::Absent,
            },
        })
    }

    async fn session(
        &self,
        customer: &CustomerId,
        id: &SessionId,
    ) -> Result<SessionFound, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read_at_once(move |connection| conversations::session(connection, &customer, &id))
            .await
    }

    async fn commit_turn(&self, commit: TurnCommit) -> Result<TurnCommitted, StoreError> {
        let config = Arc::clone(&self.config);
        // What can be made ready here does not keep the writer from the others.
        let texts = conversations::TurnTexts::of(&commit).map_err(StoreError::from)?;
        self.write(move |connection| {
            conversations::commit_turn(connection, &config, &commit, &texts)
        })
        .await
    }

    async fn turn_events(
        &self,
        customer: &CustomerId,
        turn: &TurnId,
        after: u32,
    ) -> Result<Option<Vec<ReplyEvent>>, StoreError> {
        let (customer, turn) = (customer.clone(), turn.clone());
        self.read(move |connection| conversations::turn_events(connection, &customer, &turn, after))
            .await
    }
}

#[async_trait]
impl Operations for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.read(operations::ping).await
    }

    async fn expire_proposals(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut ended = 0;
        loop {
            let config = Arc::clone(&self.config);
            let count = self
                .write(move |connection| confirmations::expire(connection, &config, now))
                .await?;
            ended += count;
            if count < u64::from(confirmations::EXPIRED_AT_ONCE) {
                return Ok(ended);
            }
        }
    }

    async fn audit_trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.read(move |connection| audit::trail(connection, after, limit))
            .await
    }

    async fn erase_audit_detail(&self, customer: &CustomerId) -> Result<u64, StoreError> {
        let customer = customer.clone();
        let now = self.config.now();
        self.write(move |connection| audit::erase(connection, &customer, now))
            .await
    }

    async fn trial_balance(&self) -> Result<Vec<String>, StoreError> {
        let now = self.config.now();
        self.read(move |connection| Ok(reconciliation::deviations(connection, now)?.concat()))
            .await
    }

    async fn roll_up(&self) -> Result<u64, StoreError> {
        self.write(operations::roll_up).await
    }

    async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close();
        }
        // A read that had begun is not kept any more.
        if let Some(portfolios) = &self.portfolios {
            portfolios.close();
        }
        let Some(writer) = self.writer.clone() else {
            return;
        };
        if let Err(error) = tokio::task::spawn_blocking(move || writer.close()).await {
            tracing::error!(%error, "closing the store failed");
        }
    }
}
