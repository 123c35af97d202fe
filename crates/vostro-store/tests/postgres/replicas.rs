//! Standing orders run by two replicas over one database. Races of the other money commands, and callers
//! who go away, are in `tests/faults/`.

use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{Bank, Operations, Schedules};
use vostro_ledger::{End, Frequency, Proposal, RunRules, Schedule, StandingOrder};
use vostro_store::PostgresStore;
use vostro_types::{ConfirmationId, SystemEntropy};

use crate::database::{Database, config, context, database_or_skip, outgoing, portfolio};

async fn replicas(database: &Database) -> [Arc<PostgresStore>; 2] {
    [
        Arc::new(database.store_with(config(), 16).await),
        Arc::new(database.store_with(config(), 16).await),
    ]
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
            replaces: None,
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
