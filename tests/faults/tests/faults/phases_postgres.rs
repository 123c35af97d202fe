//! On `PostgreSQL` a command is one statement, so its phases are seen from outside: the client's process is
//! killed before the statement reaches the server, before the answer reaches the client, and after it; and the
//! server's process ends at each row that the command writes, in turn.

use std::process::Command;
use std::time::Duration;

use vostro_bank::{PostOutcome, Store, StoreError};
use vostro_faults::{
    Bank, Fault, Kind, Proxy, Victim, bill, cents_out, checking, context, pay, portfolio, propose,
    report, skipped, yes,
};
use vostro_ledger::Proposal;

use crate::{VICTIM, opened};

const PATIENCE: Duration = Duration::from_secs(20);

async fn is_posted(store: &dyn Store, proposal: &Proposal) -> bool {
    let ada = &proposal.intent.customer;
    let receipt = store.receipt(ada, &proposal.id).await.unwrap();
    receipt.is_some()
}

/// The same yes once more: posted if it was not there, replayed if it was; gives whether it was.
async fn replayed(store: &dyn Store, proposal: &Proposal) -> bool {
    let context = context(&proposal.intent.customer);
    match store
        .confirm_and_post(yes(proposal), &context)
        .await
        .unwrap()
    {
        PostOutcome::Posted(_) => false,
        PostOutcome::Replayed(_) => true,
        other => panic!("{other:?}"),
    }
}

async fn waits_for(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_around_its_statement_leaves_all_or_nothing() {
    let Some(bank) = opened("phases-client", Kind::Postgres, i64::MAX, i64::MAX).await else {
        return;
    };
    let proxy = match Proxy::start().await {
        Ok(proxy) => proxy,
        Err(why) => return skipped("phases-client-postgres", why),
    };
    let url = bank.database().unwrap().url_by(proxy.port());
    let store = bank.store();
    let before = portfolio(store.as_ref(), "ada").await;
    // What is broken when the process is killed, and whether the transfer is there afterwards.
    let cases = [
        ("before it is sent", Fault::HalfOpenBeforeSending, false),
        ("sent, not answered", Fault::HalfOpenBeforeAnswer, true),
        ("answered", Fault::None, true),
    ];
    for (phase, fault, is_there) in cases {
        for kind in ["transfer", "bill"] {
            proxy.set(Fault::None);
            let mut command = Command::new(VICTIM);
            let mut victim = Victim::start(command.args(["one", &url, "ada", kind, "0"]));
            let proposal = victim.proposed();
            proxy.set(fault);
            let struck = proxy.struck();
            victim.go_on();
            match fault {
                Fault::None => {
                    let line = victim.line().unwrap();
                    assert!(line.starts_with("ACK "), "{line}");
                }
                _ => waits_for("the fault strikes", async || proxy.struck() > struck).await,
            }
            victim.kill();
            let said = victim.rest();
            assert!(said.is_empty(), "{phase}: {said:?}");
            let store = store.as_ref();
            assert_eq!(is_posted(store, &proposal).await, is_there, "{phase}");
            assert_eq!(replayed(store, &proposal).await, is_there, "{phase}");
        }
    }
    let after = portfolio(store.as_ref(), "ada").await;
    let moved = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!(moved, 6 * 100);
    bank.assert_balanced().await;
    report(
        "phases-client-postgres",
        &[("phases", &cases.len()), ("half", &0), ("doubled", &0)],
    );
}

/// Has the server's process end at the n-th row that is written anywhere, n being the next value of a sequence
/// that no rollback takes back. New tables are found by themselves.
const END_AT_A_ROW: &str = "
    CREATE SEQUENCE fault_rows;
    CREATE TABLE fault_at (place bigint NOT NULL);
    INSERT INTO fault_at VALUES (0);
    CREATE FUNCTION fault_point() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('fault_rows') = (SELECT place FROM fault_at) THEN
            RAISE LOG 'fault point: % %', TG_OP, TG_TABLE_NAME;
            PERFORM pg_terminate_backend(pg_backend_pid());
            PERFORM pg_sleep(10);
        END IF;
        RETURN NULL;
    END $$;
    DO $$
    DECLARE it record;
    BEGIN
        FOR it IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename NOT IN ('fault_at', 'refinery_schema_history')
        LOOP
            EXECUTE format('CREATE TRIGGER fault_point AFTER INSERT OR UPDATE OR DELETE ON %I
                FOR EACH ROW EXECUTE FUNCTION fault_point()', it.tablename);
        END LOOP;
    END $$;";

/// Confirms a proposal with the server's process ending at a row; gives whether it got an answer.
async fn ended_at(bank: &Bank, proposal: &Proposal, row: i64) -> bool {
    let client = bank.database().unwrap().client().await;
    let arm = format!("UPDATE fault_at SET place = {row}; ALTER SEQUENCE fault_rows RESTART");
    client.batch_execute(&arm).await.unwrap();
    let context = context(&proposal.intent.customer);
    let outcome = bank.store().confirm_and_post(yes(proposal), &context).await;
    let disarm = "UPDATE fault_at SET place = 0";
    client.batch_execute(disarm).await.unwrap();
    match outcome {
        Ok(PostOutcome::Posted(_)) => true,
        Err(StoreError::Unavailable(_)) => false,
        other => panic!("row {row}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_process_that_ends_at_any_row_leaves_nothing() {
    let Some(bank) = opened("phases-server", Kind::Postgres, i64::MAX, i64::MAX).await else {
        return;
    };
    let (store, clock) = (bank.store(), bank.clock.as_ref());
    let before = portfolio(store.as_ref(), "ada").await;
    let client = bank.database().unwrap().client().await;
    client.batch_execute(END_AT_A_ROW).await.unwrap();
    let (mut moved, mut phases) = (0, 0);
    for kind in ["transfer", "bill"] {
        for row in 1.. {
            let intent = if kind == "bill" {
                let due = before.billers.iter().find(|it| it.amount_due.is_some());
                pay(&before, bill(due.unwrap()), 100)
            } else {
                cents_out(&before, 100)
            };
            let proposal = propose(store.as_ref(), clock, intent).await;
            let answered = ended_at(&bank, &proposal, row).await;
            let posted = is_posted(store.as_ref(), &proposal).await;
            assert_eq!(posted, answered, "{kind}, row {row}");
            assert_eq!(replayed(store.as_ref(), &proposal).await, answered);
            moved += 100;
            if answered {
                // Transfer, balance, two entries, confirmation, two decisions in two tables, a message.
                assert!(row > 9, "{kind}: only {row} rows were written");
                break;
            }
            phases += 1;
        }
    }
    let after = portfolio(store.as_ref(), "ada").await;
    let left = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!(left, moved);
    bank.assert_balanced().await;
    report(
        "phases-server-postgres",
        &[("phases", &phases), ("half", &0), ("doubled", &0)],
    );
}
