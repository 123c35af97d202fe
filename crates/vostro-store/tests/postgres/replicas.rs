//! Two replicas over one database: one effect, exactly N, and callers who go away.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use jiff::SignedDuration;
use vostro_bank::{Bank, Operations, PostOutcome, Schedules, StoreError};
use vostro_ledger::{Decline, End, Frequency, Proposal, RunRules, Schedule, StandingOrder};
use vostro_store::PostgresStore;
use vostro_types::{ConfirmationId, SystemEntropy};

use crate::database::{
    Database, config, context, database_or_skip, outgoing, portfolio, propose, yes,
};

async fn replicas(database: &Database) -> [Arc<PostgresStore>; 2] {
    [
        Arc::new(database.store_with(config(), 16).await),
        Arc::new(database.store_with(config(), 16).await),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_identical_confirmations_have_one_effect() {
    let database = database_or_skip!();
    let replicas = replicas(&database).await;
    let ada = portfolio(&replicas[0], "ada").await;
    let proposal = propose(&replicas[0], outgoing(&ada, 5_000)).await;
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let store = Arc::clone(&replicas[number % 2]);
            let (confirmed, context) = (yes(&proposal), context(&ada.customer.id));
            tokio::spawn(async move { store.confirm_and_post(confirmed, &context).await })
        })
        .collect();
    let (mut posted, mut receipts) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap().unwrap() {
            PostOutcome::Posted(receipt) => {
                posted += 1;
                receipts.push(receipt);
            }
            PostOutcome::Replayed(receipt) => receipts.push(receipt),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(posted, 1);
    assert_eq!(receipts.len(), 64);
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]));
    let after = replicas[1]
        .portfolio(&ada.customer.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        after.accounts[0].balance.minor,
        ada.accounts[0].balance.minor - 5_000
    );
    assert_eq!(
        replicas[0].trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_with_funds_for_exactly_n_pays_exactly_n_over_replicas() {
    let database = database_or_skip!();
    let replicas = replicas(&database).await;
    let ada = portfolio(&replicas[0], "ada").await;
    let funds = ada.accounts[0].available.minor;
    let (amount, expected) = (funds / 40, 40);
    let mut proposals = Vec::new();
    for _ in 0..64 {
        proposals.push(propose(&replicas[0], outgoing(&ada, amount)).await);
    }
    let mut tasks = Vec::new();
    for (number, proposal) in proposals.iter().enumerate() {
        let store = Arc::clone(&replicas[number % 2]);
        let (confirmed, context) = (yes(proposal), context(&ada.customer.id));
        tasks.push(tokio::spawn(async move {
            store.confirm_and_post(confirmed, &context).await
        }));
    }
    let mut posted = 0;
    for task in tasks {
        match task.await.unwrap().unwrap() {
            PostOutcome::Posted(_) => posted += 1,
            PostOutcome::Declined(Decline::InsufficientFunds { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(posted, expected);
    assert_eq!(
        replicas[1].trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_executors_over_two_replicas_pay_each_occurrence_once() {
    let database = database_or_skip!();
    let replicas = replicas(&database).await;
    let ada = portfolio(&replicas[0], "ada").await;
    let context = context(&ada.customer.id);
    // Three days late: one occurrence of each is due.
    let first = "2026-03-06".parse().unwrap();
    let schedule = Schedule::new(first, Frequency::Once, End::Never).unwrap();
    let weekly = Schedule::new(first, Frequency::Weekly, End::After { count: 3 }).unwrap();
    for number in 0..24 {
        let order = StandingOrder {
            intent: outgoing(&ada, 100),
            schedule: if number % 2 == 0 { schedule } else { weekly },
        };
        let expires_at = replicas[0].config().clock.now() + SignedDuration::from_mins(10);
        let id = ConfirmationId::generate(&SystemEntropy);
        let proposal = Proposal::new(id, order, expires_at);
        let store = &replicas[number % 2];
        store.propose_schedule(&proposal, &context).await.unwrap();
        let now = store.config().clock.now();
        let confirmed = proposal.confirm(&ada.customer.id, now).unwrap();
        store.confirm_schedule(confirmed, &context).await.unwrap();
    }
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(&replicas[number % 2]);
            tokio::spawn(async move { store.run_schedules(RunRules::default(), 1_000).await })
        })
        .collect();
    let mut posted = 0;
    for task in tasks {
        posted += task.await.unwrap().unwrap().posted;
    }
    let rest = replicas[0].run_schedules(RunRules::default(), 1_000).await;
    assert_eq!(posted + rest.unwrap().posted, 24);
    let after = replicas[1]
        .portfolio(&ada.customer.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        after.accounts[0].balance.minor,
        ada.accounts[0].balance.minor - 2_400
    );
    assert_eq!(
        replicas[0].trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
}

/// Polls a future so many times and then drops it; gives its output if it was done by then.
async fn polled_at_most<F: Future>(times: u32, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = times;
    std::future::poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match pin!(&mut future).poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_goes_away_leaves_a_whole_posting_and_a_clean_pool() {
    let database = database_or_skip!();
    let store = database.store_with(config(), 2).await;
    let ada = portfolio(&store, "ada").await;
    let mut spent = 0;
    for polls in 0.. {
        let proposal = propose(&store, outgoing(&ada, 100)).await;
        let context = context(&ada.customer.id);
        let first = store.confirm_and_post(yes(&proposal), &context);
        let done = polled_at_most(polls, first).await;
        // Whatever became of the first: asked again, it is posted, once.
        match store
            .confirm_and_post(yes(&proposal), &context)
            .await
            .unwrap()
        {
            PostOutcome::Posted(_) | PostOutcome::Replayed(_) => spent += 100,
            other => panic!("{other:?}"),
        }
        let after = store.portfolio(&ada.customer.id).await.unwrap().unwrap();
        assert_eq!(
            after.accounts[0].balance.minor,
            ada.accounts[0].balance.minor - spent,
            "after {polls} polls"
        );
        if let Some(outcome) = done {
            let outcome: Result<PostOutcome, StoreError> = outcome;
            assert!(matches!(outcome, Ok(PostOutcome::Posted(_))), "{outcome:?}");
            break;
        }
    }
    let open: i64 = database
        .client()
        .await
        .query_one(
            "SELECT count(*) FROM pg_stat_activity
            WHERE application_name = 'vostro' AND datname = current_database() AND state <> 'idle'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(open, 0, "no transaction is left open");
    let (size, idle) = store.connection_counts();
    assert_eq!(size, idle);
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}
