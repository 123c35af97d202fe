//! History in pages and sums over it, held against the whole history filtered here.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use vostro_bank::{Category, Direction, HistoryOrder, HistoryPage, HistoryQuery, TransactionView};
use vostro_types::{CustomerId, Money, TransferId};

use super::Backend;
use super::bench::{Bench, account, checking, customer, usd};
use vostro_ledger::AccountKind;

/// Every page, in one.
async fn walk<B: Backend>(
    bench: &Bench<B>,
    customer: &CustomerId,
    query: &HistoryQuery,
) -> Vec<TransactionView> {
    let mut query = query.clone();
    let mut all = Vec::new();
    loop {
        let page = bench.store().history(customer, &query).await.unwrap();
        all.extend(page.items);
        match page.next {
            Some(next) => query.before = Some(next),
            None => return all,
        }
    }
}

async fn whole<B: Backend>(bench: &Bench<B>, customer: &CustomerId) -> Vec<TransactionView> {
    let query = HistoryQuery {
        limit: 200,
        ..HistoryQuery::default()
    };
    walk(bench, customer, &query).await
}

/// Pages of any size hold each transaction once, newest first, and balances add up between them.
pub async fn pages_hold_every_transaction_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    bench.opened("bob").await;
    let id = customer("ada");
    let all = whole(&bench, &id).await;
    assert!(all.len() > 100);
    assert!(
        all.windows(2)
            .all(|pair| pair[0].sequence > pair[1].sequence)
    );
    for limit in [1, 7, 200, u32::MAX] {
        let query = HistoryQuery {
            limit,
            ..HistoryQuery::default()
        };
        let first = bench.store().history(&id, &query).await.unwrap();
        assert_eq!(first.items.len(), all.len().min(limit.min(200) as usize));
        assert_eq!(walk(&bench, &id, &query).await, all, "pages of {limit}");
    }
    let usual = bench
        .store()
        .history(&id, &HistoryQuery::default())
        .await
        .unwrap();
    assert_eq!(usual.items, all[..10]);
    for own in &ada.accounts {
        let query = HistoryQuery {
            account: Some(own.id.clone()),
            limit: 7,
            ..HistoryQuery::default()
        };
        let of_account = walk(&bench, &id, &query).await;
        let expected: Vec<_> = all
            .iter()
            .filter(|it| it.account == own.id)
            .cloned()
            .collect();
        assert_eq!(of_account, expected);
        assert_eq!(of_account.first().unwrap().balance_after, own.balance);
        for pair in of_account.windows(2) {
            let before = pair[0].balance_after.checked_sub(pair[0].amount);
            assert_eq!(before, Ok(pair[1].balance_after));
        }
    }
}

fn matches(query: &HistoryQuery, it: &TransactionView) -> bool {
    let contains = |text: &str| {
        let text = text.to_lowercase();
        let merchant = it.merchant.as_deref().unwrap_or_default().to_lowercase();
        it.description.to_lowercase().contains(&text) || merchant.contains(&text)
    };
    let size = it.amount.minor.abs();
    query
        .account
        .as_ref()
        .is_none_or(|account| it.account == *account)
        && query.from.is_none_or(|from| it.posted_at >= from)
        && query.until.is_none_or(|until| it.posted_at < until)
        && query.text.as_deref().is_none_or(contains)
        && query
            .category
            .is_none_or(|category| it.category == category)
        && query
            .direction
            .is_none_or(|it_goes| (it_goes == Direction::In) == it.amount.is_positive())
        && query.min_minor.is_none_or(|min| size >= min)
        && query.max_minor.is_none_or(|max| size <= max)
}

fn queries(all: &[TransactionView], now: Timestamp) -> Vec<HistoryQuery> {
    let base = HistoryQuery {
        limit: 9,
        ..HistoryQuery::default()
    };
    let back = |days: i64| Some(now - SignedDuration::from_hours(24 * days));
    let text = |text: &str| HistoryQuery {
        text: Some(text.to_owned()),
        ..base.clone()
    };
    let middle = &all[all.len() / 2];
    let mut queries = vec![
        HistoryQuery {
            from: back(30),
            ..base.clone()
        },
        HistoryQuery {
            until: back(30),
            ..base.clone()
        },
        HistoryQuery {
            from: back(60),
            until: back(30),
            ..base.clone()
        },
        HistoryQuery {
            from: Some(middle.posted_at),
            ..base.clone()
        },
        HistoryQuery {
            until: Some(middle.posted_at),
            ..base.clone()
        },
        HistoryQuery {
            direction: Some(Direction::In),
            ..base.clone()
        },
        HistoryQuery {
            direction: Some(Direction::Out),
            ..base.clone()
        },
        HistoryQuery {
            min_minor: Some(5_000),
            max_minor: Some(20_000),
            ..base.clone()
        },
        HistoryQuery {
            min_minor: Some(middle.amount.minor.abs()),
            ..base.clone()
        },
        HistoryQuery {
            max_minor: Some(middle.amount.minor.abs()),
            ..base.clone()
        },
        text("demo mart"),
        text("COFFEE"),
        text("(demo)"),
        text("Power & Light"),
        text("no such merchant"),
        HistoryQuery {
            account: Some(middle.account.clone()),
            from: back(45),
            category: Some(Category::Dining),
            direction: Some(Direction::Out),
            min_minor: Some(600),
            ..text("demo")
        },
    ];
    queries.extend(Category::ALL.map(|category| HistoryQuery {
        category: Some(category),
        ..base.clone()
    }));
    queries
}

/// Each filter gives exactly the transactions that the whole history has of that kind.
pub async fn every_filter_gives_what_it_says<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    bench.opened("bob").await;
    let id = customer("ada");
    let all = whole(&bench, &id).await;
    let mut some = 0;
    for query in queries(&all, bench.now()) {
        let expected: Vec<_> = all
            .iter()
            .filter(|it| matches(&query, it))
            .cloned()
            .collect();
        some += usize::from(!expected.is_empty() && expected.len() < all.len());
        assert_eq!(walk(&bench, &id, &query).await, expected, "{query:?}");
    }
    assert!(some >= 20, "the filters told something apart {some} times");
}

/// Which of the whole history have the largest amounts, as [`HistoryOrder::Largest`] says it.
fn largest(all: &[TransactionView], query: &HistoryQuery) -> Vec<TransactionView> {
    let sides = |it: &TransactionView| all.iter().filter(|e| e.transfer == it.transfer).count();
    let is_own = |it: &TransactionView| sides(it) == 2;
    let mut kept: Vec<_> = all
        .iter()
        .filter(|it| matches(query, it) && it.description != "Opening balance")
        .filter(|it| query.category == Some(Category::Transfers) || !is_own(it))
        .cloned()
        .collect();
    kept.sort_by_key(|it| Reverse((it.amount.minor.abs(), it.sequence)));
    kept.truncate(query.limit as usize);
    kept
}

/// Each filter with the largest amounts first, in one page.
pub async fn the_largest_amounts_come_first<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let id = customer("ada");
    let all = whole(&bench, &id).await;
    let mut some = 0;
    for query in queries(&all, bench.now()) {
        let query = HistoryQuery {
            order: HistoryOrder::Largest,
            ..query
        };
        let page = bench.store().history(&id, &query).await.unwrap();
        assert_eq!(page.items, largest(&all, &query), "{query:?}");
        assert_eq!(page.next, None);
        some += usize::from(page.items.len() > 2);
    }
    assert!(some >= 12, "there was something to order {some} times");
}

/// Wildcards, U+0000, quotes, another's account, impossible ranges: an empty page, not everything.
pub async fn hostile_filters_give_nothing<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let bob = bench.opened("bob").await;
    let id = customer("ada");
    let text = |text: &str| HistoryQuery {
        text: Some(text.to_owned()),
        ..HistoryQuery::default()
    };
    let hostile = [
        text("%"),
        text("_emo"),
        text("\\"),
        text("\u{0}"),
        text("demo\u{0}"),
        text("' OR '1'='1"),
        text("😀"),
        text(&"x".repeat(100_000)),
        text(&"%".repeat(100_000)),
        HistoryQuery {
            account: Some(checking(&bob).id.clone()),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            min_minor: Some(i64::MAX),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            max_minor: Some(i64::MIN),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            from: Some(Timestamp::MAX),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            until: Some(Timestamp::MIN),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            before: Some(i64::MIN),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            before: Some(0),
            ..HistoryQuery::default()
        },
    ];
    for query in hostile {
        let page = bench.store().history(&id, &query).await.unwrap();
        let short: String = format!("{query:?}").chars().take(200).collect();
        assert_eq!(page, HistoryPage::default(), "{short}");
    }
    for query in [text("%"), text("\u{0}"), text("' OR '1'='1")] {
        let sum = bench.store().spending(&id, &query).await.unwrap();
        assert_eq!((sum.count, sum.spent), (0, usd(0)));
    }
    let nobody = bench
        .store()
        .history(&customer("nobody"), &HistoryQuery::default())
        .await;
    assert_eq!(nobody.unwrap(), HistoryPage::default());
    let nobody = bench
        .store()
        .spending(&customer("nobody"), &HistoryQuery::default())
        .await;
    assert_eq!(nobody.unwrap().count, 0);
}

/// The sums are those of the filtered history without opening balances and own transfers.
pub async fn spending_is_the_sum_of_its_transactions<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let id = customer("ada");
    let all = whole(&bench, &id).await;
    let mut sides: BTreeMap<&TransferId, usize> = BTreeMap::new();
    for it in &all {
        *sides.entry(&it.transfer).or_default() += 1;
    }
    let mut queries = queries(&all, bench.now());
    queries.push(HistoryQuery::default());
    queries.push(HistoryQuery {
        account: Some(account(&ada, AccountKind::CreditCard).id.clone()),
        ..HistoryQuery::default()
    });
    for query in queries {
        let own_count = query.category == Some(Category::Transfers);
        let counted: Vec<_> = all
            .iter()
            .filter(|it| matches(&query, it) && it.description != "Opening balance")
            .filter(|it| own_count || sides[&it.transfer] == 1)
            .collect();
        let mut spent: BTreeMap<Category, i64> = BTreeMap::new();
        let mut received = 0;
        for it in &counted {
            if it.amount.is_positive() {
                received += it.amount.minor;
            } else {
                *spent.entry(it.category).or_default() -= it.amount.minor;
            }
        }
        let sum = bench.store().spending(&id, &query).await.unwrap();
        assert_eq!(sum.spent, usd(spent.values().sum()), "{query:?}");
        assert_eq!(sum.received, usd(received), "{query:?}");
        assert_eq!(sum.count, counted.len() as u64, "{query:?}");
        let amounts: Vec<Money> = sum.by_category.iter().map(|(_, money)| *money).collect();
        assert!(
            amounts
                .windows(2)
                .all(|pair| pair[0].minor >= pair[1].minor)
        );
        let told: BTreeMap<_, _> = sum
            .by_category
            .into_iter()
            .map(|(it, money)| (it, money.minor))
            .collect();
        assert_eq!(told, spent, "{query:?}");
    }
}
