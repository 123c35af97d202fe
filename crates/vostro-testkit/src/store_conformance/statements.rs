//! Statements: what stands between two balances is what happened between them.

use jiff::{SignedDuration, Timestamp};
use vostro_bank::{StatementPage, StatementQuery};
use vostro_types::AccountId;

use super::Backend;
use super::bench::{Bench, asks, checking, customer, outside, own, own_id, savings};

impl<B: Backend> Bench<B> {
    /// A whole statement, put together from pages of this size.
    async fn statement(
        &self,
        account: &AccountId,
        (from, until): (Timestamp, Timestamp),
        limit: u32,
    ) -> StatementPage {
        let mut query = StatementQuery {
            account: account.clone(),
            from,
            until,
            limit,
            after: None,
        };
        let mut whole: Option<StatementPage> = None;
        loop {
            let page = self
                .store()
                .statement(&customer("ada"), &query)
                .await
                .unwrap()
                .unwrap();
            assert!(page.entries.len() <= limit as usize);
            query.after = page.next;
            let so_far = whole.get_or_insert_with(|| StatementPage {
                entries: Vec::new(),
                ..page.clone()
            });
            assert_eq!(
                (so_far.opening, so_far.closing),
                (page.opening, page.closing)
            );
            so_far.entries.extend(page.entries);
            if page.next.is_none() {
                return StatementPage {
                    next: None,
                    ..whole.unwrap()
                };
            }
        }
    }
}

/// Opening, entries and closing fit for every account and every cut of the time, also where the clock went
/// back; each statement begins where the one before ended; another customer's account has none.
pub async fn statements_add_up<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let (from, to) = (checking(&ada).clone(), savings(&ada).clone());
    let began = bench.now() - SignedDuration::from_hours(24 * 100);
    // Mostly forwards, twice back, by amounts that differ.
    for (number, hours) in (0_i64..).zip([30, 5, -9, 200, 0, 0, 31, -20, 90, 400]) {
        bench.clock.advance(SignedDuration::from_hours(hours));
        let (source, target) = match number % 3 {
            0 => (&from, own(&to)),
            1 => (&from, outside()),
            _ => (&to, own_id(&from.id)),
        };
        bench
            .transfer(asks(source, "ada", target, 1_000 + number))
            .await
            .unwrap();
    }
    let ends = bench.now() + SignedDuration::from_hours(1);
    let now = bench.portfolio("ada").await;
    for account in &now.accounts {
        for days in [7, 31, 400] {
            let (mut at, mut balance, mut count) = (began, 0, 0);
            while at < ends {
                let until = at + SignedDuration::from_hours(24 * days);
                let page = bench.statement(&account.id, (at, until), 3).await;
                let large = bench.statement(&account.id, (at, until), 1_000).await;
                assert_eq!(page, large, "in pages or at once");
                let sum: i64 = page.entries.iter().map(|entry| entry.amount.minor).sum();
                assert_eq!(page.opening.minor + sum, page.closing.minor);
                assert_eq!(page.received.minor - page.spent.minor, sum);
                assert_eq!(page.count, page.entries.len() as u64);
                assert!(page.entries.is_sorted_by(|a, b| a.sequence < b.sequence));
                let last = page
                    .entries
                    .last()
                    .map_or(page.closing, |entry| entry.balance_after);
                assert_eq!(last, page.closing);
                if days == 400 {
                    assert_eq!(page.opening.minor, balance);
                }
                (balance, count) = (page.closing.minor, count + page.count);
                at = until;
            }
            assert_eq!(balance, account.balance.minor, "{days}");
            assert!(count > 0);
        }
        let empty = bench
            .statement(&account.id, (ends, ends + SignedDuration::from_hours(9)), 5)
            .await;
        assert_eq!(
            (empty.opening, empty.closing),
            (account.balance, account.balance)
        );
        assert_eq!(
            (empty.count, empty.spent.minor, empty.received.minor),
            (0, 0, 0)
        );
        let none = bench.statement(&account.id, (ends, began), 5).await;
        assert_eq!((none.count, none.entries.len()), (0, 0));
        assert_eq!(none.opening, none.closing);
    }
    let query = StatementQuery {
        account: from.id.clone(),
        from: began,
        until: ends,
        limit: 0,
        after: None,
    };
    bench.opened("bob").await;
    for other in ["bob", "nobody"] {
        let page = bench
            .store()
            .statement(&customer(other), &query)
            .await
            .unwrap();
        assert_eq!(page, None, "{other}");
    }
    for after in [i64::MIN, i64::MAX] {
        let page = StatementQuery {
            after: Some(after),
            ..query.clone()
        };
        let page = bench
            .store()
            .statement(&customer("ada"), &page)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(page.entries.is_empty(), after == i64::MAX);
    }
}
