//! The client goes away: a command's future is dropped after its n-th poll, for every n up to completion.
//! What was taken on is done whole, and connections and readers are free afterwards.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use vostro_bank::{CancelOutcome, HistoryQuery, Portfolio, PostOutcome, ProposeOutcome, Store};
use vostro_faults::{
    Bank, Kind, cents_out, checking, context, portfolio, proposal, propose, report, yes,
};
use vostro_ledger::Proposal;

use crate::{on_both_stores, opened};

on_both_stores! { a_client_that_goes_away_leaves_whole_commands_and_free_connections }

/// The longest that a pool may take to be free again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Polls a future so many times and then drops it; gives its output if it was done by then.
async fn polled_at_most<F: Future>(times: u32, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = times;
    std::future::poll_fn(move |cx| {
        left -= 1;
        match Pin::new(&mut future).poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// What a client asks for before it goes away.
#[derive(Debug, Clone, Copy)]
enum Command {
    Propose,
    Confirm,
    Cancel,
    Expire,
    Portfolio,
    History,
    Trail,
    Ping,
    Balance,
}

impl Command {
    const ALL: [Self; 9] = [
        Self::Propose,
        Self::Confirm,
        Self::Cancel,
        Self::Expire,
        Self::Portfolio,
        Self::History,
        Self::Trail,
        Self::Ping,
        Self::Balance,
    ];

    async fn run(self, store: &dyn Store, proposal: &Proposal) {
        let ada = &proposal.intent.customer;
        let context = context(ada);
        match self {
            Self::Propose => drop(store.propose(proposal, &context).await.unwrap()),
            Self::Confirm => {
                let posted = store.confirm_and_post(yes(proposal), &context).await;
                assert!(matches!(posted.unwrap(), PostOutcome::Posted(_)));
            }
            Self::Cancel => drop(store.cancel(ada, &proposal.id, &context).await.unwrap()),
            Self::Expire => {
                store.expire_proposals(proposal.expires_at).await.unwrap();
            }
            Self::Portfolio => drop(store.portfolio(ada).await.unwrap()),
            Self::History => {
                drop(store.history(ada, &HistoryQuery::default()).await.unwrap());
            }
            Self::Trail => drop(store.audit_trail(0, 10).await.unwrap()),
            Self::Ping => store.ping().await.unwrap(),
            Self::Balance => drop(store.trial_balance().await.unwrap()),
        }
    }

    /// Whatever became of the command, asking again finds it done or not done, never half; gives the cents
    /// that have left the account since.
    async fn again(self, store: &dyn Store, proposal: &Proposal) -> i64 {
        let ada = &proposal.intent.customer;
        let context = context(ada);
        match self {
            Self::Propose => {
                let again = store.propose(proposal, &context).await.unwrap();
                assert_eq!(again, ProposeOutcome::Proposed);
                0
            }
            Self::Confirm => match store
                .confirm_and_post(yes(proposal), &context)
                .await
                .unwrap()
            {
                PostOutcome::Posted(_) | PostOutcome::Replayed(_) => proposal.intent.amount.minor,
                other => panic!("{other:?}"),
            },
            Self::Cancel => {
                let again = store.cancel(ada, &proposal.id, &context).await.unwrap();
                let is_over = [CancelOutcome::Cancelled, CancelOutcome::NotOpen].contains(&again);
                assert!(is_over, "{again:?}");
                0
            }
            _ => 0,
        }
    }
}

/// Every connection and reader is free: nothing is busy, and as many reads at once as there could be are answered.
async fn assert_free(bank: &Bank, ada: &Portfolio) {
    let waiting = async {
        while bank.busy_connections() > 0 {
            tokio::task::yield_now().await;
        }
        let reads: Vec<_> = (0..64)
            .map(|number| {
                let (store, ada) = (bank.replica(number), ada.customer.id.clone());
                tokio::spawn(async move { store.portfolio(&ada).await.unwrap() })
            })
            .collect();
        for read in reads {
            read.await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    let Some(database) = bank.database() else {
        return;
    };
    let statement = "SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'vostro' AND datname = current_database() AND state <> 'idle'";
    let open: i64 = { database.client().await }
        .query_one(statement, &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(open, 0, "no transaction is left open");
}

async fn a_client_that_goes_away_leaves_whole_commands_and_free_connections(kind: Kind) {
    let Some(bank) = opened("client-gone", kind, i64::MAX, i64::MAX).await else {
        return;
    };
    let (store, clock) = (bank.store(), Arc::clone(&bank.clock));
    let before = portfolio(store.as_ref(), "ada").await;
    let (mut moved, mut dropped, mut most) = (0, 0, 0);
    for command in Command::ALL {
        for polls in 1.. {
            let intent = cents_out(&before, 100);
            let proposal = match command {
                Command::Propose => proposal(clock.as_ref(), intent),
                _ => propose(store.as_ref(), clock.as_ref(), intent).await,
            };
            let asked = command.run(store.as_ref(), &proposal);
            let done = polled_at_most(polls, asked).await.is_some();
            moved += command.again(store.as_ref(), &proposal).await;
            let after = portfolio(store.as_ref(), "ada").await;
            assert_eq!(
                checking(&before).balance.minor - checking(&after).balance.minor,
                moved,
                "{command:?} after {polls} polls"
            );
            if done {
                most = most.max(polls);
                break;
            }
            dropped += 1;
        }
        assert_free(&bank, &before).await;
    }
    bank.assert_balanced().await;
    report(
        &format!("client-gone-{}", kind.name()),
        &[
            ("commands", &Command::ALL.len()),
            ("dropped", &dropped),
            ("most_polls", &most),
            ("half", &0),
        ],
    );
}
