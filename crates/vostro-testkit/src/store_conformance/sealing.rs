//! The audit trail's rows and seals as stored, turns read back for replays, and the reconciliation. What
//! chains and signs is `vostro-audit`'s; here hashes are any bytes.

use std::fmt::Write as _;

use vostro_bank::{
    AuditSeals, RecordedTurn, SealAppended, SealRecord, SealingLag, audit_commitment_of_text,
};
use vostro_types::SessionId;

use super::Backend;
use super::bench::{Bench, asks, checking, customer, outside};
use super::conversations::turn;

/// A seal in this place; its hash is derived from `mark`.
fn seal(number: i64, before: u8, mark: u8, last: i64) -> SealRecord {
    SealRecord {
        number,
        kind: "rows".to_owned(),
        first_sequence: Some(last),
        last_sequence: last,
        content: vec![mark; 40],
        previous_hash: vec![before; 32],
        hash: vec![mark; 32],
        key_id: "key".to_owned(),
        signature: vec![mark; 64],
        proof: None,
        sealed_at_micros: 7,
    }
}

/// Rows come in order and in pages, with the text that was committed to; an erased one without.
pub async fn audit_rows_are_read_as_they_stand<B: Backend>() {
    let bench = Bench::<B>::new().await;
    for name in ["ada", "bob"] {
        let portfolio = bench.opened(name).await;
        let intent = asks(checking(&portfolio), name, outside(), 100);
        bench.transfer(intent).await.unwrap();
    }
    let store = bench.store();
    let all = store.audit_rows(i64::MIN, 100).await.unwrap();
    assert_eq!(all.len(), 8);
    assert!(all.is_sorted_by(|a, b| a.sequence < b.sequence));
    for (row, record) in all.iter().zip(bench.audit().await) {
        let detail = row.detail.as_ref().unwrap();
        let commitment = audit_commitment_of_text(&detail.salt, &detail.customer, &detail.detail);
        assert_eq!(row.commitment, commitment);
        assert_eq!(hexadecimal(&row.commitment), record.commitment);
        assert_eq!((row.sequence, &row.kind), (record.sequence, &record.kind));
        assert_eq!(row.at_micros, record.at.as_microsecond());
    }
    let page = store.audit_rows(all[2].sequence, 3).await.unwrap();
    assert_eq!(page, all[3..6]);
    assert_eq!(store.audit_rows(i64::MAX, 3).await.unwrap(), []);
    store.erase_audit_detail(&customer("bob")).await.unwrap();
    let after = store.audit_rows(i64::MIN, 100).await.unwrap();
    let erased = after.iter().filter(|row| row.detail.is_none()).count();
    assert_eq!((after.len(), erased), (8, 4));
    bench.assert_balanced().await;
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A seal is taken when it follows the last one by number and hash, and then stays.
pub async fn seals_follow_one_another<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let portfolio = bench.opened("ada").await;
    bench
        .transfer(asks(checking(&portfolio), "ada", outside(), 100))
        .await
        .unwrap();
    let store = bench.store();
    let nothing = SealingLag {
        rows: 4,
        oldest: Some(bench.now()),
    };
    assert_eq!(store.sealing_lag().await.unwrap(), nothing);
    assert_eq!(store.last_seal().await.unwrap(), None);
    let key = SealRecord {
        kind: "key".to_owned(),
        first_sequence: None,
        proof: Some(vec![3; 64]),
        ..seal(3, 2, 3, 2)
    };
    let steps = [
        ("not the first", seal(2, 0, 1, 1), false),
        ("the first", seal(1, 0, 1, 1), true),
        ("again", seal(1, 0, 1, 1), false),
        ("another first", seal(1, 0, 9, 1), false),
        ("after something else", seal(2, 9, 2, 2), false),
        ("a gap", seal(3, 1, 2, 2), false),
        ("the second", seal(2, 1, 2, 2), true),
        ("a key", key.clone(), true),
        ("far ahead", seal(i64::MAX, 3, 4, 3), false),
    ];
    for (what, seal, appended) in steps {
        let outcome = store.append_seal(&seal).await.unwrap();
        assert_eq!(outcome == SealAppended::Appended, appended, "{what}");
    }
    assert_eq!(store.last_seal().await.unwrap(), Some(key.clone()));
    assert_eq!(store.key_seals().await.unwrap(), std::slice::from_ref(&key));
    let all = [seal(1, 0, 1, 1), seal(2, 1, 2, 2), key];
    assert_eq!(store.seals(i64::MIN, 10).await.unwrap(), all);
    assert_eq!(store.seals(1, 1).await.unwrap(), all[1..2]);
    assert_eq!(store.sealing_lag().await.unwrap().rows, 2);
}

/// Of seals in the same place one is taken, whoever asks first.
pub async fn one_of_several_seals_at_once_is_next<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let tasks: Vec<_> = (1..=16)
        .map(|mark| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let store: &dyn AuditSeals = bench.backend.store();
                store.append_seal(&seal(1, 0, mark, 1)).await.unwrap()
            })
        })
        .collect();
    let mut appended = 0;
    for task in tasks {
        appended += usize::from(task.await.unwrap() == SealAppended::Appended);
    }
    assert_eq!(appended, 1);
    assert_eq!(bench.store().seals(0, 10).await.unwrap().len(), 1);
}

/// Turns come back in order, in pages, with what they were decided upon.
pub async fn recorded_turns_are_read_back_in_order<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let session = SessionId::new("ses_1").unwrap();
    let store = bench.store();
    assert_eq!(store.recorded_turns(&session, 0, 10).await.unwrap(), []);
    let mut expected = Vec::new();
    for version in 1..=3 {
        let mut commit = turn(&bench, "ada", "ses_1", version);
        commit.turn.evidence = commit.turn.evidence.filter(|_| version != 2);
        expected.push(RecordedTurn {
            version,
            id: commit.turn.id.clone(),
            at: commit.turn.at,
            commands: commit.turn.commands.clone(),
            evidence: commit.turn.evidence.clone(),
        });
        store.commit_turn(commit).await.unwrap();
    }
    store
        .commit_turn(turn(&bench, "ada", "ses_2", 1))
        .await
        .unwrap();
    let found = store.recorded_turns(&session, 0, 10).await.unwrap();
    assert_eq!(found, expected);
    let page = store.recorded_turns(&session, 1, 1).await.unwrap();
    assert_eq!(page, expected[1..2]);
    let beyond = store.recorded_turns(&session, u64::MAX, 1).await.unwrap();
    assert_eq!(beyond, []);
}

/// Every comparison says what it is, and goes over what is there.
pub async fn a_reconciliation_names_what_it_compares<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let portfolio = bench.opened("ada").await;
    for minor in [100, 200] {
        let intent = asks(checking(&portfolio), "ada", outside(), minor);
        bench.transfer(intent).await.unwrap();
    }
    let checks = bench.store().reconcile().await.unwrap();
    assert!(checks.len() >= 11);
    for check in &checks {
        assert_eq!(check.deviations, Vec::<String>::new(), "{}", check.name);
        assert!(check.checked > 0, "{}", check.name);
        assert!(check.rule.ends_with('.'), "{}", check.rule);
    }
    let of = |name| checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!(of("confirmations_are_transfers").checked, 2);
    assert!(of("running_balances").checked > of("entries_sum_to_zero").checked);
}
