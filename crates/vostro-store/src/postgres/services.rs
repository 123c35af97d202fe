//! Customers' records beside the books: each change one call of one function.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    Alert, AuditEvent, Case, ChangeOutcome, ChangeReceipt, ChangeRefusal, Contacts, DisputeReason,
    ServiceOrder, Services, StoreError, TravelNotice,
};
use vostro_ledger::Confirmed;
use vostro_types::{ConfirmationId, CustomerId, Money};

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{currency_of, id, instant, json, micros, storable};
use super::schedules::after_skipped;
use super::{Client, PostgresStore, sql};
use crate::config::StoreConfig;
use crate::services::{self as told, Supplies};

#[async_trait]
impl Services for PostgresStore {
    async fn carry_out(
        &self,
        confirmed: Confirmed<ServiceOrder>,
        context: &AuditEvent,
    ) -> Result<ChangeOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                carry_out(&client, &config, &confirmed, &context).await
            })
            .await
    }

    async fn change_receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<ChangeReceipt>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SERVICE_CHANGE).await?;
                let found = client
                    .query_opt(&statement, &[&id.as_str(), &customer.as_str()])
                    .await?;
                found.map(|row| receipt(&id, &row)).transpose()
            })
            .await
    }

    async fn contacts(&self, customer: &CustomerId) -> Result<Contacts, StoreError> {
        let rows = self.rows(sql::CONTACTS, customer).await?;
        let mut contacts = Contacts::default();
        for row in rows {
            let read = || -> Result<(String, String), PgError> {
                Ok((row.try_get("contact")?, row.try_get("value")?))
            };
            let (contact, value) = read()?;
            match contact.as_str() {
                "email" => contacts.email = Some(value),
                "phone" => contacts.phone = Some(value),
                _ => contacts.address = Some(value),
            }
        }
        Ok(contacts)
    }

    async fn alerts(&self, customer: &CustomerId) -> Result<Vec<Alert>, StoreError> {
        let rows = self.rows(sql::ALERTS_OF_CUSTOMER, customer).await?;
        Ok(rows.iter().map(alert).collect::<Result<_, _>>()?)
    }

    async fn travel_notices(
        &self,
        customer: &CustomerId,
        today: Date,
    ) -> Result<Vec<TravelNotice>, StoreError> {
        let (customer, today) = (customer.clone(), today.to_string());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::TRAVEL_NOTICES).await?;
                let rows = client
                    .query(&statement, &[&customer.as_str(), &today])
                    .await?;
                rows.iter().map(travel).collect()
            })
            .await
    }

    async fn cases(&self, customer: &CustomerId) -> Result<Vec<Case>, StoreError> {
        let rows = self.rows(sql::CASES_OF_CUSTOMER, customer).await?;
        Ok(rows.iter().map(case).collect::<Result<_, _>>()?)
    }

    async fn run_alerts(&self, most: u32) -> Result<u64, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move { run_alerts(&client, &config, most).await })
            .await
    }
}

impl PostgresStore {
    /// The rows of a statement whose only parameter is the customer.
    async fn rows(
        &self,
        statement: &'static str,
        customer: &CustomerId,
    ) -> Result<Vec<Row>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(statement).await?;
                Ok(client.query(&statement, &[&customer.as_str()]).await?)
            })
            .await
    }
}

async fn carry_out(
    client: &Client,
    config: &StoreConfig,
    confirmed: &Confirmed<ServiceOrder>,
    context: &AuditEvent,
) -> Result<ChangeOutcome, PgError> {
    let order = confirmed.get();
    let supplies = Supplies::of(config, &order.change);
    let decisions = Decisions::new(config, &[told::made(confirmed, context, &supplies)]);
    let (customer, name) = (order.customer.as_str(), confirmed.confirmation().as_str());
    let (hash, arrival) = (confirmed.hash().0.to_vec(), supplies.arrival.to_string());
    let (change, now) = (serde_json::to_string(&order.change)?, micros(config.now()));
    let change = storable(&change);
    let change = change.as_ref();
    let (next, next_at) = after_skipped(client, config, order).await?;
    let own: [&(dyn ToSql + Sync); 10] = [
        &customer,
        &name,
        &hash,
        &change,
        &supplies.ids,
        &supplies.ends,
        &arrival,
        &now,
        &next,
        &next_at,
    ];
    let row = decisions.call(client, sql::CARRY_OUT_CHANGE, &own).await?;
    let receipt = || receipt(confirmed.confirmation(), &row).map(Box::new);
    let outcome: &str = row.try_get("outcome")?;
    Ok(match outcome {
        "done" => ChangeOutcome::Done(receipt()?),
        "replayed" => ChangeOutcome::Replayed(receipt()?),
        "unknown" => ChangeOutcome::Refused(ChangeRefusal::Unknown),
        "state" => ChangeOutcome::Refused(ChangeRefusal::State),
        _ => return Err(PgError::Corrupt("outcome of a change")),
    })
}

fn receipt(id: &ConfirmationId, row: &Row) -> Result<ChangeReceipt, PgError> {
    Ok(ChangeReceipt {
        confirmation: id.clone(),
        change: json(row.try_get("change")?, "change")?,
        reference: row.try_get("reference")?,
        at: instant(row.try_get("at")?)?,
    })
}

fn alert(row: &Row) -> Result<Alert, PgError> {
    let currency = currency_of(row.try_get("currency")?)?;
    Ok(Alert {
        id: id(row.try_get("id")?, "alert id")?,
        account: id(row.try_get("account")?, "account id")?,
        below: Money::new(row.try_get("below_minor")?, currency),
    })
}

fn day(text: &str) -> Result<Date, PgError> {
    text.parse().map_err(|_| PgError::Corrupt("day"))
}

fn travel(row: &Row) -> Result<TravelNotice, PgError> {
    Ok(TravelNotice {
        place: row.try_get("place")?,
        from: day(row.try_get("from_on")?)?,
        until: day(row.try_get("until_on")?)?,
    })
}

fn case(row: &Row) -> Result<Case, PgError> {
    let currency = currency_of(row.try_get("currency")?)?;
    Ok(Case {
        id: id(row.try_get("id")?, "case id")?,
        transfer: id(row.try_get("transfer")?, "transfer id")?,
        description: row.try_get("description")?,
        amount: Money::new(row.try_get("amount_minor")?, currency),
        reason: DisputeReason::parse(row.try_get("reason")?)
            .ok_or(PgError::Corrupt("case reason"))?,
        status: row.try_get("status")?,
        opened_at: instant(row.try_get("opened_at")?)?,
    })
}

/// Each alert is told of in a call of its own; of replicas at once one tells.
async fn run_alerts(client: &Client, config: &StoreConfig, most: u32) -> Result<u64, PgError> {
    let arm = client.prepare_cached(sql::ALERTS_ARM).await?;
    client.execute(&arm, &[]).await?;
    let statement = client.prepare_cached(sql::ALERTS_DUE).await?;
    let due = client.query(&statement, &[&i64::from(most)]).await?;
    let mut told_of = 0;
    for row in due {
        let alert = alert(&row)?;
        let customer = id(row.try_get("customer")?, "customer id")?;
        let decisions = Decisions::new(config, &[told::fired(customer, &alert)]);
        let (name, now) = (alert.id.as_str(), micros(config.now()));
        let own: [&(dyn ToSql + Sync); 2] = [&name, &now];
        let row = decisions.call(client, sql::FIRE_ALERT, &own).await?;
        let fired: bool = row.try_get(0)?;
        told_of += u64::from(fired);
    }
    Ok(told_of)
}
