//! Statements: the entries of a period between two balances, read by one statement.
//!
//! A period is a stretch of the sequence, which is the order of the books, so that the running balances at
//! its ends are the opening and the closing one whatever the clock did meanwhile.

use async_trait::async_trait;
use vostro_bank::{StatementPage, StatementQuery, Statements, StoreError};
use vostro_types::{AccountId, CustomerId, Money};

use super::error::PgError;
use super::history::transaction;
use super::rows::{currency_of, unsigned};
use super::{Client, PostgresStore, sql};
use crate::sqlite::{cut, micros_up, page_size};

#[async_trait]
impl Statements for PostgresStore {
    async fn statement(
        &self,
        customer: &CustomerId,
        query: &StatementQuery,
    ) -> Result<Option<StatementPage>, StoreError> {
        let (customer, query) = (customer.clone(), query.clone());
        self.connections
            .run(move |client| async move { page(&client, &customer, &query).await })
            .await
    }
}

/// A page of a statement; `None` when the customer has no such account.
async fn page(
    client: &Client,
    customer: &CustomerId,
    query: &StatementQuery,
) -> Result<Option<StatementPage>, PgError> {
    let limit = page_size(query);
    let account = AccountId::as_str(&query.account);
    // The least sequence is 1, and the least 64-bit number has no counterpart.
    let after = query
        .after
        .map_or(0, |after| after.max(0).saturating_add(1));
    let statement = client.prepare_cached(sql::STATEMENT).await?;
    let rows = client
        .query(
            &statement,
            &[
                &account,
                &customer.as_str(),
                &micros_up(query.from),
                &micros_up(query.until),
                &after,
                &(i64::from(limit) + 1),
            ],
        )
        .await?;
    let Some(head) = rows.first() else {
        return Ok(None);
    };
    let currency = currency_of(head.try_get("currency")?)?;
    let money =
        |column| -> Result<Money, PgError> { Ok(Money::new(head.try_get(column)?, currency)) };
    let (opening, received) = (money("opening_minor")?, money("received_minor")?);
    let outflow = money("spent_minor")?;
    let mut page = StatementPage {
        opening,
        closing: opening.checked_add(received)?.checked_add(outflow)?,
        received,
        spent: outflow.checked_neg()?,
        count: unsigned(head.try_get("count")?, "count")?,
        entries: Vec::new(),
        next: None,
    };
    for row in &rows {
        if row.try_get::<_, Option<i64>>("sequence")?.is_some() {
            page.entries.push(transaction(row)?);
        }
    }
    cut(&mut page, limit);
    Ok(Some(page))
}
