//! The port's traits, each method handed to a connection.

use std::sync::Arc;
use std::sync::atomic::Ordering;

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
    PostgresStore, audit, confirmations, conversations, history, money, operations, portfolio,
    reconciliation, sql,
};
use crate::demo;

#[async_trait]
impl Bank for PostgresStore {
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move { portfolio::read(&client, &customer).await })
            .await
    }

    async fn open_demo_customer(
        &self,
        customer: &CustomerId,
    ) -> Result<CustomerOpened, StoreError> {
        let asked = customer.clone();
        let known = self
            .connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::CUSTOMER_EXISTS).await?;
                let row = client.query_one(&statement, &[&asked.as_str()]).await?;
                Ok(row.try_get::<_, bool>(0)?)
            })
            .await?;
        if known {
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
        self.connections
            .run(move |client| async move { history::page(&client, &customer, &query).await })
            .await
    }

    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, StoreError> {
        let (customer, query) = (customer.clone(), query.clone());
        let currency = self.config.currency();
        self.connections
            .run(move |client| async move {
                history::spending(&client, &customer, &query, currency).await
            })
            .await
    }

    async fn propose(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        let (proposal, context) = (proposal.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                money::propose(&client, &config, &proposal, &context).await
            })
            .await
    }

    async fn open_proposal(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move {
                confirmations::open_proposal(&client, &customer, &id).await
            })
            .await
    }

    async fn confirm_and_post(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                money::confirm(&client, &config, &confirmed, None, &context).await
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
        self.connections
            .run(move |client| async move {
                money::cancel(&client, &config, &customer, &id, &context).await
            })
            .await
    }

    async fn receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Receipt>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move { confirmations::receipt(&client, &customer, &id).await })
            .await
    }
}

#[async_trait]
impl Conversations for PostgresStore {
    async fn opening(
        &self,
        customer: &CustomerId,
        session: Option<&SessionId>,
    ) -> Result<Opening, StoreError> {
        let (customer, session) = (customer.clone(), session.cloned());
        self.connections
            .run(move |client| async move {
                // Both are sent before either is answered.
                let portfolio = portfolio::read(&client, &customer);
                let session = async {
                    match &session {
                        Some(id) => conversations::session(&client, &customer, id).await,
                        None => Ok(SessionFound::Absent),
                    }
                };
                let (portfolio, session) = tokio::try_join!(portfolio, session)?;
                Ok(Opening {
                    portfolio: portfolio.map(Arc::new),
                    session,
                })
            })
            .await
    }

    async fn session(
        &self,
        customer: &CustomerId,
        id: &SessionId,
    ) -> Result<SessionFound, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move { conversations::session(&client, &customer, &id).await })
            .await
    }

    async fn commit_turn(&self, commit: TurnCommit) -> Result<TurnCommitted, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                conversations::commit_turn(&client, &config, &commit).await
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
        self.connections
            .run(move |client| async move {
                conversations::turn_events(&client, &customer, &turn, after).await
            })
            .await
    }
}

#[async_trait]
impl Operations for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.connections
            .run(|client| async move { operations::ping(&client).await })
            .await
    }

    async fn expire_proposals(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut ended = 0;
        loop {
            let config = Arc::clone(&self.config);
            let count = self
                .connections
                .run(
                    move |client| async move { confirmations::expire(&client, &config, now).await },
                )
                .await?;
            ended += count;
            // What another command holds at this moment is passed over, so a short batch may not be the last.
            if count == 0 {
                return Ok(ended);
            }
        }
    }

    async fn audit_trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        let settled = Arc::clone(&self.settled);
        self.connections
            .run(move |client| async move {
                let known = settled.load(Ordering::Relaxed);
                let page = audit::trail(&client, after, limit, known).await?;
                if page.len() >= limit as usize {
                    return Ok(page);
                }
                let now = operations::settled(&client).await?.audit;
                settled.fetch_max(now, Ordering::Relaxed);
                audit::trail(&client, after, limit, now).await
            })
            .await
    }

    async fn erase_audit_detail(&self, customer: &CustomerId) -> Result<u64, StoreError> {
        let (customer, now) = (customer.clone(), self.config.now());
        self.connections
            .run(move |client| async move { audit::erase(&client, &customer, now).await })
            .await
    }

    async fn trial_balance(&self) -> Result<Vec<String>, StoreError> {
        let now = self.config.now();
        self.connections
            .run_long(move |client| async move {
                Ok(reconciliation::deviations(&client, now).await?.concat())
            })
            .await
    }

    async fn roll_up(&self) -> Result<u64, StoreError> {
        self.connections
            .run_long(|client| async move { operations::roll_up(&client).await })
            .await
    }

    async fn close(&self) {
        self.connections.close();
    }
}
