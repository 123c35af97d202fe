//! Statements: the entries of a period between two balances, all read in one transaction.
//!
//! A period is a stretch of the sequence, which is the order of the books, so that the running balances at
//! its ends are the opening and the closing one whatever the clock did meanwhile.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};
use vostro_bank::{StatementPage, StatementQuery, Statements, StoreError};
use vostro_types::{CustomerId, Money};

use super::history::{micros_up, transaction};
use super::{SqliteStore, rows, sql};
use crate::error::DbError;

pub(crate) const DEFAULT_LIMIT: u32 = 200;
pub(crate) const MOST: u32 = 1_000;

/// How many entries a page has.
pub(crate) fn page_size(query: &StatementQuery) -> u32 {
    match query.limit {
        0 => DEFAULT_LIMIT,
        limit => limit.min(MOST),
    }
}

#[async_trait]
impl Statements for SqliteStore {
    async fn statement(
        &self,
        customer: &CustomerId,
        query: &StatementQuery,
    ) -> Result<Option<StatementPage>, StoreError> {
        let (customer, query) = (customer.clone(), query.clone());
        self.read(move |connection| page(connection, &customer, &query))
            .await
    }
}

/// A page of a statement; `None` when the customer has no such account.
fn page(
    connection: &Connection,
    customer: &CustomerId,
    query: &StatementQuery,
) -> Result<Option<StatementPage>, DbError> {
    let found: Option<(i64, String)> = connection
        .prepare_cached(sql::ACCOUNT_OF_CUSTOMER)?
        .query_row((query.account.as_str(), customer.as_str()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (Some((account_pk, code)), Some(customer_pk)) =
        (found, rows::customer_pk(connection, customer)?)
    else {
        return Ok(None);
    };
    let currency = rows::currency_of(&code)?;
    let money = |minor| Money::new(minor, currency);
    let bounds = (
        account_pk,
        customer_pk,
        micros_up(query.from),
        micros_up(query.until),
    );
    let (first, last, mut page) = connection
        .prepare_cached(sql::STATEMENT_TOTALS)?
        .query_row(bounds, |row| {
            let page = StatementPage {
                opening: money(row.get(2)?),
                closing: money(row.get(3)?),
                received: money(row.get(5)?),
                spent: money(row.get(6)?),
                count: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                entries: Vec::new(),
                next: None,
            };
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, page))
        })?;
    page.spent = page.spent.checked_neg()?;
    let after = query.after.map_or(first, |after| after.saturating_add(1));
    let limit = page_size(query);
    let mut statement = connection.prepare_cached(sql::STATEMENT_ENTRIES)?;
    let mut found = statement.query((account_pk, after.max(first), last, i64::from(limit) + 1))?;
    while let Some(row) = found.next()? {
        page.entries.push(transaction(row)?);
    }
    cut(&mut page, limit);
    Ok(Some(page))
}

/// Takes the one entry more that was read off again, and says that there is one.
pub(crate) fn cut(page: &mut StatementPage, limit: u32) {
    let limit = limit as usize;
    let more = page.entries.len() > limit;
    page.entries.truncate(limit);
    page.next = page
        .entries
        .last()
        .filter(|_| more)
        .map(|entry| entry.sequence);
}
