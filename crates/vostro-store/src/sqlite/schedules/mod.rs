//! Standing orders: the port's methods, and reading a schedule's row. Orders are made and ended in
//! `orders`, carried out in `runs`.

mod orders;
mod runs;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row};
use vostro_bank::{
    AuditEvent, ProposeOutcome, ScheduleChange, ScheduleOutcome, ScheduleRuns, ScheduleView,
    Schedules, StoreError,
};
use vostro_ledger::{Confirmed, IntentHash, Proposal, RunRules, StandingOrder};
use vostro_types::{ConfirmationId, CustomerId};

pub(super) use self::orders::{end_in_force, leave_out};
use self::runs::Step;
use super::rows::{self, instant};
use super::{SqliteStore, sql};
use crate::error::DbError;

#[async_trait]
impl Schedules for SqliteStore {
    async fn propose_schedule(
        &self,
        proposal: &Proposal<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        let (proposal, context) = (proposal.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| orders::propose(connection, &config, &proposal, &context))
            .await
    }

    async fn open_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal<StandingOrder>>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read(move |connection| {
            let kept = find(connection, &customer, &id)?;
            let open = kept.filter(|kept| kept.status == "proposed");
            Ok(open.map(|kept| Proposal {
                id,
                intent: kept.order,
                hash: kept.hash,
                expires_at: kept.expires_at,
            }))
        })
        .await
    }

    async fn confirm_schedule(
        &self,
        confirmed: Confirmed<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ScheduleOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| orders::confirm(connection, &config, &confirmed, &context))
            .await
    }

    async fn cancel_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<ScheduleChange, StoreError> {
        let (customer, id, context) = (customer.clone(), id.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| orders::cancel(connection, &config, &customer, &id, &context))
            .await
    }

    async fn schedules(&self, customer: &CustomerId) -> Result<Vec<ScheduleView>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            let Some(customer_pk) = rows::customer_pk(connection, &customer)? else {
                return Ok(Vec::new());
            };
            let mut statement = connection.prepare_cached(sql::SCHEDULES_OF_CUSTOMER)?;
            let found = statement.query_map((customer_pk,), columns)?;
            found.map(|row| Ok(Kept::read(row?)?.view())).collect()
        })
        .await
    }

    /// Each step is a command of its own, so that a customer's transfer never waits for all of them.
    async fn run_schedules(&self, rules: RunRules, most: u32) -> Result<ScheduleRuns, StoreError> {
        let mut runs = ScheduleRuns::default();
        while runs.steps() < u64::from(most) {
            let config = Arc::clone(&self.config);
            let step = self
                .write(move |connection| runs::step(connection, &config, rules))
                .await?;
            match step {
                Step::NothingDue => break,
                Step::Posted => runs.posted += 1,
                Step::Failed => runs.failed += 1,
                Step::Waiting => runs.waiting += 1,
                Step::Expired => runs.expired += 1,
            }
        }
        Ok(runs)
    }
}

/// A schedule's row.
struct Kept {
    pk: i64,
    id: ConfirmationId,
    customer: CustomerId,
    order: StandingOrder,
    hash: IntentHash,
    status: String,
    expires_at: Timestamp,
    next_number: u32,
    next_due: Option<Date>,
}

/// The columns of `schedule*.sql`, as they come.
type Columns = (
    (i64, String, String, String, [u8; 32]),
    (String, i64, u32, Option<String>),
);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((
        (
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
        ),
        (row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?),
    ))
}

impl Kept {
    fn read(columns: Columns) -> Result<Self, DbError> {
        let ((pk, id, customer, terms, hash), (status, expires_at, next_number, next_due)) =
            columns;
        Ok(Self {
            pk,
            id: ConfirmationId::new(id).map_err(|_| DbError::Corrupt("schedule id"))?,
            customer: CustomerId::new(customer).map_err(|_| DbError::Corrupt("customer id"))?,
            order: rows::json(&terms, "schedule")?,
            hash: IntentHash(hash),
            status,
            expires_at: instant(expires_at)?,
            next_number,
            next_due: next_due
                .map(|text| text.parse())
                .transpose()
                .map_err(|_| DbError::Corrupt("due day"))?,
        })
    }

    fn view(self) -> ScheduleView {
        ScheduleView {
            id: self.id,
            order: self.order,
            next_due: self.next_due,
        }
    }
}

/// The customer's schedule of this id, in whatever state.
fn find(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Kept>, DbError> {
    one(connection, sql::SCHEDULE, (id.as_str(), customer.as_str()))
}

fn one(
    connection: &Connection,
    statement: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<Kept>, DbError> {
    let found = connection
        .prepare_cached(statement)?
        .query_row(parameters, columns)
        .optional()?;
    found.map(Kept::read).transpose()
}
