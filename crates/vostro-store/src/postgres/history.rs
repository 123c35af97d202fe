//! Transaction history in pages, and sums over it. Every condition is part of the statement.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    Category, HistoryOrder, HistoryPage, HistoryQuery, SpendingSummary, TransactionView,
};
use vostro_types::{AccountId, Currency, CustomerId, Money};

use super::error::PgError;
use super::rows::{currency_of, id, instant, unsigned};
use super::{Client, sql};
use crate::sqlite::{Conditions, DEFAULT_LIMIT, MOST};

/// A page of the customer's transactions, newest first or the largest.
pub(super) async fn page(
    client: &Client,
    customer: &CustomerId,
    query: &HistoryQuery,
) -> Result<HistoryPage, PgError> {
    let limit = match query.limit {
        0 => DEFAULT_LIMIT,
        limit => limit.min(MOST),
    };
    let Some(conditions) = Conditions::new(query) else {
        return Ok(HistoryPage::default());
    };
    if query.order == HistoryOrder::Largest {
        return largest(client, customer, query, &conditions, limit).await;
    }
    let Some((customer_pk, first, last)) = bounds(client, customer, query, &conditions).await?
    else {
        return Ok(HistoryPage::default());
    };
    let one_more = i64::from(limit) + 1;
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![
        &customer_pk,
        &first,
        &last,
        &conditions.from,
        &conditions.until,
        &conditions.pattern,
        &conditions.category,
        &conditions.direction,
        &conditions.min_minor,
        &conditions.max_minor,
        &one_more,
    ];
    let account = query.account.as_ref().map(AccountId::as_str);
    let statement = if account.is_some() {
        parameters.push(&account);
        sql::HISTORY_OF_ACCOUNT
    } else {
        sql::HISTORY_OF_CUSTOMER
    };
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &parameters).await?;
    let mut items = rows
        .iter()
        .map(transaction)
        .collect::<Result<Vec<_>, _>>()?;
    let limit = limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| more)
        .map(|transaction| transaction.sequence);
    Ok(HistoryPage { items, next })
}

/// What the statements over all of a stretch take: whose entries of which account, under which conditions, and the
/// last of their own.
fn over<'a>(
    (customer, account): &'a (&'a str, Option<&'a str>),
    conditions: &'a Conditions,
    last: &'a (dyn ToSql + Sync),
) -> [&'a (dyn ToSql + Sync); 10] {
    [
        customer,
        &conditions.from,
        &conditions.until,
        &conditions.pattern,
        &conditions.category,
        &conditions.direction,
        &conditions.min_minor,
        &conditions.max_minor,
        account,
        last,
    ]
}

/// The largest amounts that meet the conditions.
async fn largest(
    client: &Client,
    customer: &CustomerId,
    query: &HistoryQuery,
    conditions: &Conditions,
    limit: u32,
) -> Result<HistoryPage, PgError> {
    let statement = client.prepare_cached(sql::HISTORY_LARGEST).await?;
    let account = query.account.as_ref().map(AccountId::as_str);
    let (whose, limit) = ((customer.as_str(), account), i64::from(limit));
    let parameters = over(&whose, conditions, &limit);
    let rows = client.query(&statement, &parameters).await?;
    let items = rows.iter().map(transaction).collect::<Result<_, _>>()?;
    Ok(HistoryPage { items, next: None })
}

/// The customer, and the stretch of the books that can hold the answer. A period is turned into places by
/// an index, so that a page from years ago does not walk over all that came since.
async fn bounds(
    client: &Client,
    customer: &CustomerId,
    query: &HistoryQuery,
    conditions: &Conditions,
) -> Result<Option<(i64, i64, i64)>, PgError> {
    let before = query
        .before
        .map_or(i64::MAX, |before| before.saturating_sub(1).max(0));
    let is_bounded = query.from.is_some() || query.until.is_some();
    let statement = client.prepare_cached(sql::HISTORY_BOUNDS).await?;
    let found = client
        .query_opt(
            &statement,
            &[
                &customer.as_str(),
                &is_bounded,
                &conditions.from,
                &conditions.until,
            ],
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    if !is_bounded {
        return Ok(Some((row.try_get(0)?, 0, before)));
    }
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get(1)?, row.try_get(2)?);
    let pk = row.try_get(0)?;
    Ok(first
        .zip(last)
        .map(|(first, last)| (pk, first, last.min(before))))
}

pub(super) fn transaction(row: &Row) -> Result<TransactionView, PgError> {
    let currency = currency_of(row.try_get("currency")?)?;
    let money = |minor| Money::new(minor, currency);
    Ok(TransactionView {
        sequence: row.try_get("sequence")?,
        transfer: id(row.try_get("transfer_id")?, "transfer id")?,
        account: id(row.try_get("account_id")?, "account id")?,
        posted_at: instant(row.try_get("posted_at")?)?,
        amount: money(row.try_get("amount_minor")?),
        description: row.try_get("description")?,
        merchant: row.try_get("merchant")?,
        category: category(row.try_get("category")?)?,
        balance_after: money(row.try_get("balance_after_minor")?),
    })
}

fn category(text: &str) -> Result<Category, PgError> {
    Category::parse(text).ok_or(PgError::Corrupt("category"))
}

/// The sums over the customer's transactions.
pub(super) async fn spending(
    client: &Client,
    customer: &CustomerId,
    query: &HistoryQuery,
    bank: Currency,
) -> Result<SpendingSummary, PgError> {
    let currency = match &query.account {
        Some(account) => account_currency(client, account, customer)
            .await?
            .unwrap_or(bank),
        None => bank,
    };
    let mut summary = SpendingSummary {
        spent: Money::zero(currency),
        received: Money::zero(currency),
        count: 0,
        by_category: Vec::new(),
    };
    let Some(conditions) = Conditions::new(query) else {
        return Ok(summary);
    };
    let statement = client.prepare_cached(sql::SPENDING).await?;
    let account = query.account.as_ref().map(AccountId::as_str);
    let (whose, code) = ((customer.as_str(), account), currency.code());
    let parameters = over(&whose, &conditions, &code);
    for row in client.query(&statement, &parameters).await? {
        let spent = Money::new(row.try_get("spent")?, currency);
        summary.spent = summary.spent.checked_add(spent)?;
        let received = Money::new(row.try_get("received")?, currency);
        summary.received = summary.received.checked_add(received)?;
        let count = unsigned(row.try_get("count")?, "count")?;
        summary.count = summary.count.saturating_add(count);
        if spent.is_positive() {
            let category = category(row.try_get("category")?)?;
            summary.by_category.push((category, spent));
        }
    }
    Ok(summary)
}

async fn account_currency(
    client: &Client,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<Option<Currency>, PgError> {
    let statement = client.prepare_cached(sql::ACCOUNT_CURRENCY).await?;
    let found = client
        .query_opt(&statement, &[&account.as_str(), &customer.as_str()])
        .await?;
    found.map(|row| currency_of(row.try_get(0)?)).transpose()
}
