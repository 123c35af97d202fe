//! Transaction history in pages, and sums over it. Every condition is part of the statement.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use vostro_bank::{
    Category, Direction, HistoryOrder, HistoryPage, HistoryQuery, SpendingSummary, TransactionView,
};
use vostro_types::{AccountId, Currency, CustomerId, Money, TransferId};

use super::rows::{self, instant, micros};
use super::sql;
use crate::error::DbError;

pub(crate) const DEFAULT_LIMIT: u32 = 10;
pub(crate) const MOST: u32 = 200;
/// A text longer than any merchant or description can be in none of them.
const LONGEST_TEXT: usize = 500;

/// A query's conditions as the statements take them.
pub(crate) struct Conditions {
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) pattern: Option<String>,
    pub(crate) category: Option<&'static str>,
    pub(crate) direction: Option<i64>,
    pub(crate) min_minor: i64,
    pub(crate) max_minor: i64,
}

impl Conditions {
    /// `None` when no transaction can meet them.
    pub(crate) fn new(query: &HistoryQuery) -> Option<Self> {
        let text = query.text.as_deref().map(str::trim).unwrap_or_default();
        if text.contains('\0') || text.len() > LONGEST_TEXT {
            return None;
        }
        let bound = |at: Option<Timestamp>, open| at.map_or(open, micros_up);
        Some(Self {
            from: bound(query.from, i64::MIN),
            until: bound(query.until, i64::MAX),
            pattern: (!text.is_empty()).then(|| like_pattern(text)),
            category: query.category.map(Category::as_str),
            direction: query.direction.map(|direction| match direction {
                Direction::In => 1,
                Direction::Out => -1,
            }),
            min_minor: query.min_minor.unwrap_or(0),
            max_minor: query.max_minor.unwrap_or(i64::MAX),
        })
    }
}

/// Rounded up, so that what is kept in whole microseconds compares as it would have in nanoseconds.
pub(crate) fn micros_up(at: Timestamp) -> i64 {
    let floored = micros(at);
    let is_whole = rows::whole_microseconds(at) == at;
    if is_whole {
        floored
    } else {
        floored.saturating_add(1)
    }
}

/// A LIKE pattern for "contains", with the wildcards of the text itself taken as they stand.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A page of the customer's transactions, newest first or the largest.
pub(super) fn page(
    connection: &Connection,
    customer: &CustomerId,
    query: &HistoryQuery,
) -> Result<HistoryPage, DbError> {
    let limit = match query.limit {
        0 => DEFAULT_LIMIT,
        limit => limit.min(MOST),
    };
    let (Some(conditions), Some(customer_pk)) = (
        Conditions::new(query),
        rows::customer_pk(connection, customer)?,
    ) else {
        return Ok(HistoryPage::default());
    };
    if query.order == HistoryOrder::Largest {
        return largest(connection, customer_pk, query, &conditions, limit);
    }
    let Some((first, last)) = bounds(connection, customer_pk, query, &conditions)? else {
        return Ok(HistoryPage::default());
    };
    let statement = match query.account {
        Some(_) => sql::HISTORY_OF_ACCOUNT,
        None => sql::HISTORY_OF_CUSTOMER,
    };
    let mut statement = connection.prepare_cached(statement)?;
    let mut found = match &query.account {
        Some(account) => statement.query(params![
            customer_pk,
            first,
            last,
            conditions.from,
            conditions.until,
            conditions.pattern,
            conditions.category,
            conditions.direction,
            conditions.min_minor,
            conditions.max_minor,
            i64::from(limit) + 1,
            account.as_str(),
        ])?,
        None => statement.query(params![
            customer_pk,
            first,
            last,
            conditions.from,
            conditions.until,
            conditions.pattern,
            conditions.category,
            conditions.direction,
            conditions.min_minor,
            conditions.max_minor,
            i64::from(limit) + 1,
        ])?,
    };
    let mut items = Vec::new();
    while let Some(row) = found.next()? {
        items.push(transaction(row)?);
    }
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
    (customer_pk, account): &'a (i64, Option<&'a str>),
    conditions: &'a Conditions,
    last: &'a dyn ToSql,
) -> [&'a dyn ToSql; 10] {
    [
        customer_pk,
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
fn largest(
    connection: &Connection,
    customer_pk: i64,
    query: &HistoryQuery,
    conditions: &Conditions,
    limit: u32,
) -> Result<HistoryPage, DbError> {
    let mut statement = connection.prepare_cached(sql::HISTORY_LARGEST)?;
    let account = query.account.as_ref().map(AccountId::as_str);
    let mut found =
        statement.query(over(&(customer_pk, account), conditions, &limit).as_slice())?;
    let mut page = HistoryPage::default();
    while let Some(row) = found.next()? {
        page.items.push(transaction(row)?);
    }
    Ok(page)
}

/// The stretch of the books that can hold the answer. A period is turned into places by an index, so
/// that a page from years ago does not walk over all that came since.
fn bounds(
    connection: &Connection,
    customer_pk: i64,
    query: &HistoryQuery,
    conditions: &Conditions,
) -> Result<Option<(i64, i64)>, DbError> {
    let before = query
        .before
        .map_or(i64::MAX, |before| before.saturating_sub(1));
    if query.from.is_none() && query.until.is_none() {
        return Ok(Some((i64::MIN, before)));
    }
    let (first, last): (Option<i64>, Option<i64>) = connection
        .prepare_cached(sql::HISTORY_BOUNDS)?
        .query_row((customer_pk, conditions.from, conditions.until), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(first
        .zip(last)
        .map(|(first, last)| (first, last.min(before))))
}

pub(super) fn transaction(row: &Row<'_>) -> Result<TransactionView, DbError> {
    let currency = rows::currency_of(&row.get::<_, String>(5)?)?;
    let money = |minor| Money::new(minor, currency);
    Ok(TransactionView {
        sequence: row.get(0)?,
        transfer: TransferId::new(row.get::<_, String>(1)?)
            .map_err(|_| DbError::Corrupt("transfer id"))?,
        account: AccountId::new(row.get::<_, String>(2)?)
            .map_err(|_| DbError::Corrupt("account id"))?,
        posted_at: instant(row.get(3)?)?,
        amount: money(row.get(4)?),
        description: row.get(6)?,
        merchant: row.get(7)?,
        category: category(&row.get::<_, String>(8)?)?,
        balance_after: money(row.get(9)?),
    })
}

fn category(text: &str) -> Result<Category, DbError> {
    Category::parse(text).ok_or(DbError::Corrupt("category"))
}

/// The sums over the customer's transactions.
pub(super) fn spending(
    connection: &Connection,
    customer: &CustomerId,
    query: &HistoryQuery,
    bank: Currency,
) -> Result<SpendingSummary, DbError> {
    let customer_pk = rows::customer_pk(connection, customer)?;
    let currency = match (&query.account, customer_pk) {
        (Some(account), Some(pk)) => account_currency(connection, account, pk)?.unwrap_or(bank),
        _ => bank,
    };
    let mut summary = SpendingSummary {
        spent: Money::zero(currency),
        received: Money::zero(currency),
        count: 0,
        by_category: Vec::new(),
    };
    let (Some(conditions), Some(customer_pk)) = (Conditions::new(query), customer_pk) else {
        return Ok(summary);
    };
    let mut statement = connection.prepare_cached(sql::SPENDING)?;
    let account = query.account.as_ref().map(AccountId::as_str);
    let (whose, code) = ((customer_pk, account), currency.code());
    let mut found = statement.query(over(&whose, &conditions, &code).as_slice())?;
    while let Some(row) = found.next()? {
        let spent = Money::new(row.get(1)?, currency);
        summary.spent = summary.spent.checked_add(spent)?;
        let received = Money::new(row.get(2)?, currency);
        summary.received = summary.received.checked_add(received)?;
        summary.count = summary
            .count
            .saturating_add(u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0));
        if spent.is_positive() {
            let category = category(&row.get::<_, String>(0)?)?;
            summary.by_category.push((category, spent));
        }
    }
    Ok(summary)
}

fn account_currency(
    connection: &Connection,
    account: &AccountId,
    customer_pk: i64,
) -> Result<Option<Currency>, DbError> {
    let code: Option<String> = connection
        .prepare_cached(sql::ACCOUNT_CURRENCY)?
        .query_row((account.as_str(), customer_pk), |row| row.get(0))
        .optional()?;
    code.map(|code| rows::currency_of(&code)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_the_text_stand_for_themselves() {
        let cases = [
            ("mart", "%mart%"),
            ("50%", r"%50\%%"),
            ("a_b", r"%a\_b%"),
            (r"\", r"%\\%"),
        ];
        for (text, pattern) in cases {
            assert_eq!(like_pattern(text), pattern);
        }
    }

    #[test]
    fn a_text_that_nothing_can_contain_gives_no_conditions() {
        let query = |text: &str| HistoryQuery {
            text: Some(text.to_owned()),
            ..HistoryQuery::default()
        };
        assert!(Conditions::new(&query("a\0b")).is_none());
        assert!(Conditions::new(&query(&"x".repeat(501))).is_none());
        assert!(Conditions::new(&query("  ")).is_some_and(|it| it.pattern.is_none()));
    }
}
