//! Reading: customers, history, sums.

use std::collections::HashSet;

use vostro_bank::{Direction, HistoryOrder, HistoryQuery, TransactionView};
use vostro_types::{AccountId, CustomerId};

use super::{Bench, Verdict, expect, told};
use crate::port::CoreBanking as _;

/// Pages that are walked.
const PAGES: usize = 4;

pub(super) async fn it_is_ready(bench: &Bench) -> Verdict {
    expect(bench.core.is_ready().await, || {
        "`GET /v1/ready` is not 200".to_owned()
    })
}

pub(super) async fn a_customer_is_read(bench: &Bench) -> Verdict {
    let portfolio = bench.portfolio().await?;
    expect(!portfolio.accounts.is_empty(), || {
        "there is no account".to_owned()
    })?;
    let ids: HashSet<_> = portfolio.accounts.iter().map(|it| it.id.as_str()).collect();
    expect(ids.len() == portfolio.accounts.len(), || {
        "two accounts have the same id".to_owned()
    })?;
    for account in &portfolio.accounts {
        expect(
            account.balance.currency == account.available.currency,
            || {
                format!(
                    "{}: balance and available differ in currency",
                    account.id.as_str()
                )
            },
        )?;
    }
    bench.accounts().await.map(|_| ())
}

pub(super) async fn an_unknown_customer_is_absent(bench: &Bench) -> Verdict {
    for name in ["nobody_of_this_name", "a/b", "\u{1F600}"] {
        let nobody = CustomerId::new(name).map_err(|error| error.to_string())?;
        let found = bench.core.portfolio(&nobody).await;
        let found = found.map_err(|error| told(name, &error))?;
        expect(found.is_none(), || format!("{name} is a customer"))?;
    }
    Ok(())
}

async fn page(
    bench: &Bench,
    query: &HistoryQuery,
) -> Result<(Vec<TransactionView>, Option<i64>), String> {
    let page = bench.core.history(bench.customer(), query).await;
    let page = page.map_err(|error| told("history", &error))?;
    Ok((page.items, page.next))
}

pub(super) async fn history_is_paged_in_order(bench: &Bench) -> Verdict {
    let mut query = HistoryQuery {
        limit: 7,
        ..HistoryQuery::default()
    };
    let mut last = i64::MAX;
    for _ in 0..PAGES {
        let (items, next) = page(bench, &query).await?;
        expect(items.len() <= 7, || {
            format!("{} items where 7 were asked for", items.len())
        })?;
        for item in &items {
            expect(item.sequence < last, || {
                format!(
                    "sequence {} after {last}: later is greater, newest first",
                    item.sequence
                )
            })?;
            last = item.sequence;
        }
        let Some(next) = next else { return Ok(()) };
        query.before = Some(next);
    }
    Ok(())
}

pub(super) async fn the_largest_come_first(bench: &Bench) -> Verdict {
    let query = HistoryQuery {
        limit: 20,
        order: HistoryOrder::Largest,
        ..HistoryQuery::default()
    };
    // The adapter refuses another order as a breach.
    let (_, next) = page(bench, &query).await?;
    expect(next.is_none(), || {
        "the largest amounts have a further page".to_owned()
    })
}

pub(super) async fn filters_narrow(bench: &Bench) -> Verdict {
    let [account, _] = bench.accounts().await?;
    let query = HistoryQuery {
        account: Some(account.id.clone()),
        direction: Some(Direction::Out),
        min_minor: Some(1),
        limit: 50,
        ..HistoryQuery::default()
    };
    let (items, _) = page(bench, &query).await?;
    let fits = |item: &TransactionView| item.account == account.id && item.amount.minor < 0;
    expect(items.iter().all(fits), || {
        "an item is of another account or direction than asked for".to_owned()
    })?;
    let foreign = HistoryQuery {
        account: AccountId::new("acc_of_somebody_else").ok(),
        ..HistoryQuery::default()
    };
    let (items, _) = page(bench, &foreign).await?;
    expect(items.is_empty(), || {
        "an account that is not the customer's has items".to_owned()
    })?;
    let hostile = HistoryQuery {
        text: Some("' OR 1=1 --&limit=9%".to_owned()),
        ..HistoryQuery::default()
    };
    let (items, _) = page(bench, &hostile).await?;
    expect(items.is_empty(), || {
        "words that stand nowhere have items".to_owned()
    })
}

pub(super) async fn spending_counts_what_history_has(bench: &Bench) -> Verdict {
    let [account, _] = bench.accounts().await?;
    let query = HistoryQuery {
        account: Some(account.id),
        direction: Some(Direction::Out),
        min_minor: Some(1),
        limit: 200,
        ..HistoryQuery::default()
    };
    let sum = bench.core.spending(bench.customer(), &query).await;
    let sum = sum.map_err(|error| told("spending", &error))?;
    expect(sum.spent.minor >= 0 && sum.received.minor >= 0, || {
        "sums are positive amounts".to_owned()
    })?;
    let by_category: i64 = sum.by_category.iter().map(|(_, spent)| spent.minor).sum();
    expect(by_category == sum.spent.minor, || {
        format!(
            "the categories sum to {by_category}, spent is {}",
            sum.spent.minor
        )
    })
}
