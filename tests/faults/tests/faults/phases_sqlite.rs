//! The process ends at every step of a confirmed transfer and of a bill's payment: before and after each
//! statement, `BEGIN` and `COMMIT` included, and between the commit and the answer. Until the commit nothing
//! of it is there, from the commit on all of it; the same yes given again pays once.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use vostro_bank::{Bank as _, Operations, PostOutcome, Store};
use vostro_faults::{Victim, checking, context, portfolio, report, yes};
use vostro_ledger::Proposal;

use crate::VICTIM;
use crate::kill_sqlite::open;

/// Runs a victim up to a step; its proposal, and where it ended (`None`: it was answered first).
fn ended_at(path: &Path, kind: &str, step: u32) -> (Proposal, Option<String>) {
    let mut command = Command::new(VICTIM);
    command.arg("one").arg(path).args(["ada", kind]);
    let mut victim = Victim::start(command.arg(step.to_string()));
    let proposal = victim.proposed();
    victim.go_on();
    let lines = victim.rest();
    let place = lines
        .iter()
        .find_map(|line| line.strip_prefix("FAILPOINT "));
    let answered = lines.iter().any(|line| line.starts_with("ACK "));
    assert_ne!(place.is_some(), answered, "{lines:?}");
    (proposal, place.map(str::to_owned))
}

/// What is on record of a proposal: rows of these kinds in the trail, and messages to the outside.
async fn on_record(path: &Path, store: &dyn Store, proposal: &Proposal) -> (usize, i64) {
    let trail = store.audit_trail(0, u32::MAX).await.unwrap();
    let decided = trail.iter().filter(|row| {
        let detail = row.detail.as_ref().unwrap();
        ["confirmed", "posted"].contains(&row.kind.as_str())
            && detail["confirmation"] == proposal.id.as_str()
    });
    let published = "SELECT count(*) FROM outbox WHERE payload ->> 'confirmation' = ?1";
    let published =
        Connection::open(path)
            .unwrap()
            .query_row(published, [proposal.id.as_str()], |row| row.get(0));
    (decided.count(), published.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_between_any_two_steps_it_is_whole_or_not_there() {
    for kind in ["transfer", "bill"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.db");
        let store = open(&path);
        portfolio(&store, "ada").await;
        store.close().await;
        let (mut committed, mut places) = (false, Vec::new());
        for step in 1.. {
            let (proposal, place) = ended_at(&path, kind, step);
            let Some(place) = place else { break };
            committed |= place == "after COMMIT";
            let store = open(&path);
            let before = portfolio(&store, "ada").await;
            let ada = &before.customer.id;
            let receipt = store.receipt(ada, &proposal.id).await.unwrap();
            assert_eq!(receipt.is_some(), committed, "{kind}, step {step}: {place}");
            let there = on_record(&path, &store, &proposal).await;
            let whole = if committed { (2, 1) } else { (0, 0) };
            assert_eq!(there, whole, "{kind}, step {step}: {place}");
            assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
            let again = store.confirm_and_post(yes(&proposal), &context(ada)).await;
            match (again.unwrap(), receipt) {
                (PostOutcome::Posted(_), None) => {}
                (PostOutcome::Replayed(now), Some(then)) => assert_eq!(*now, then),
                other => panic!("{kind}, step {step}, {place}: {other:?}"),
            }
            let after = portfolio(&store, "ada").await;
            let moved = checking(&before).balance.minor - checking(&after).balance.minor;
            assert_eq!(moved, if committed { 0 } else { 100 }, "{place}");
            store.close().await;
            places.push(place);
        }
        for wanted in [
            "before BEGIN IMMEDIATE",
            "before COMMIT",
            "after COMMIT",
            "the answers",
        ] {
            assert!(places.iter().any(|it| it == wanted), "{wanted}: {places:?}");
        }
        let tables = [
            "transfers",
            "entries",
            "accounts",
            "confirmations",
            "audit_events",
            "outbox",
        ];
        for table in tables {
            let written = places.iter().any(|it| it.contains(table));
            assert!(written, "{table}: {places:?}");
        }
        report(
            &format!("phases-sqlite-{kind}"),
            &[("phases", &places.len()), ("half", &0), ("doubled", &0)],
        );
    }
}
