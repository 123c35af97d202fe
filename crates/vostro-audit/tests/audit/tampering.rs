//! Tampering by whoever owns the database, and what the report says of it.

use vostro_audit::{
    Checkpoint, Pins, PublicKey, SealError, current_key, rotate, seal_next, verify,
};
use vostro_bank::Store;
use vostro_types::CustomerId;

use crate::bench::{Place, key, now, sealed_trail, server_or_skip};

/// What was done, and every line of the report.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    ("nothing", "SELECT 1", &[]),
    (
        "a row's kind",
        "UPDATE audit_events SET kind = 'posted' WHERE sequence = 7",
        &["row 7: changed since seal 3"],
    ),
    (
        "a row's time, by a microsecond",
        "UPDATE audit_events SET at = at + 1 WHERE sequence = 15",
        &["row 15: changed since seal 4"],
    ),
    (
        "a row's turn",
        "UPDATE audit_events SET turn_id = '' WHERE sequence = 1",
        &["row 1: changed since seal 2"],
    ),
    (
        "a row dropped",
        "DELETE FROM audit_details WHERE sequence = 8; DELETE FROM audit_events WHERE sequence = 8",
        &["row 8: missing, it was there at seal 3"],
    ),
    (
        "the last sealed row dropped",
        "DELETE FROM audit_details WHERE sequence = 20; DELETE FROM audit_events WHERE sequence = 20",
        &["row 20: missing, it was there at seal 6"],
    ),
    (
        "rows inserted",
        "INSERT INTO audit_events (sequence, kind, at, commitment)
         SELECT sequence - 3, kind, at, commitment FROM audit_events WHERE sequence IN (1, 3)",
        &["row -2: inserted after its place was sealed", "row 0: inserted after its place was sealed"],
    ),
    (
        "two rows exchanged",
        "UPDATE audit_details SET sequence = 1000 WHERE sequence = 7; UPDATE audit_events SET sequence = 1000 WHERE sequence = 7;
         UPDATE audit_details SET sequence = 7 WHERE sequence = 12; UPDATE audit_events SET sequence = 7 WHERE sequence = 12;
         UPDATE audit_details SET sequence = 12 WHERE sequence = 1000; UPDATE audit_events SET sequence = 12 WHERE sequence = 1000",
        &["row 7: holds what was row 12 at seal 3", "row 12: holds what was row 7 at seal 4"],
    ),
    (
        "a row moved to the end",
        "UPDATE audit_details SET sequence = 500 WHERE sequence = 9; UPDATE audit_events SET sequence = 500 WHERE sequence = 9",
        &["row 9: missing, it was there at seal 3"],
    ),
    (
        "a detail",
        "UPDATE audit_details SET detail = '{\"amount_minor\":2}' WHERE sequence = 9",
        &["row 9: customer or detail changed, they do not fit the commitment"],
    ),
    (
        "a detail by white space",
        "UPDATE audit_details SET detail = replace(CAST(detail AS text), ',', ', '){json} WHERE sequence = 9",
        &["row 9: customer or detail changed, they do not fit the commitment"],
    ),
    (
        "a detail of a row without seal",
        "UPDATE audit_details SET customer_id = 'eve' WHERE sequence = 21",
        &["row 21: customer or detail changed, they do not fit the commitment"],
    ),
    (
        "a salt",
        "UPDATE audit_details SET salt = (SELECT d.salt FROM audit_details d WHERE d.sequence = 4) WHERE sequence = 3",
        &["row 3: customer or detail changed, they do not fit the commitment"],
    ),
    (
        "detail and commitment together",
        "UPDATE audit_details SET detail = (SELECT d.detail FROM audit_details d WHERE d.sequence = 4),
             salt = (SELECT d.salt FROM audit_details d WHERE d.sequence = 4) WHERE sequence = 3;
         UPDATE audit_events SET commitment = (SELECT e.commitment FROM audit_events e WHERE e.sequence = 4) WHERE sequence = 3",
        &["row 3: changed since seal 2"],
    ),
    (
        "a seal's time",
        "UPDATE audit_seals SET sealed_at = sealed_at + 1 WHERE number = 3",
        &["seal 3: changed, its hash is not the one of its content"],
    ),
    (
        "a seal's rows",
        "UPDATE audit_seals SET content = previous_hash WHERE number = 4",
        &["seal 4: changed, its list of rows cannot be read"],
    ),
    (
        "a seal's signature",
        "UPDATE audit_seals SET signature = (SELECT s.signature FROM audit_seals s WHERE s.number = 2) WHERE number = 3",
        &["seal 3: the signature is not its key's"],
    ),
    (
        "a new key's proof",
        "UPDATE audit_seals SET proof = signature WHERE number = 5",
        &["seal 5: brings in a key without its own signature", "seal 6: signed with key"],
    ),
    (
        "a seal's key",
        "UPDATE audit_seals SET key_id = (SELECT s.key_id FROM audit_seals s WHERE s.number = 6) WHERE number = 3",
        &["seal 3: changed, its hash is not the one of its content", "seal 3: signed with key"],
    ),
    (
        "a seal dropped",
        "DELETE FROM audit_seals WHERE number = 3",
        &["seal 3: missing"],
    ),
    (
        "a seal before a key dropped",
        "DELETE FROM audit_seals WHERE number = 4",
        &["seal 4: missing"],
    ),
    (
        "the last seal's rows",
        "UPDATE audit_seals SET content = previous_hash WHERE number = 6",
        &["seal 6: changed, its list of rows cannot be read"],
    ),
    (
        "the first key dropped",
        "DELETE FROM audit_seals WHERE number = 1",
        &["seal 1: missing", "seal 2: signed with key", "seal 3: signed with key", "seal 4: signed with key",
          "seal 5: signed with key", "seal 6: signed with key"],
    ),
    (
        "the second key dropped",
        "DELETE FROM audit_seals WHERE number = 5",
        &["seal 5: missing", "seal 6: signed with key"],
    ),
    (
        "two seals dropped and the rest renumbered",
        "DELETE FROM audit_seals WHERE number IN (3, 4); UPDATE audit_seals SET number = number - 2 WHERE number > 4",
        &["seal 3: does not follow seal 2", "seal 3: changed, its hash is not the one of its content",
          "seal 3: brings in a key without its own signature", "seal 4: changed, its hash is not the one of its content",
          "seal 4: signed with key"],
    ),
];

/// What only what was kept outside can show.
const WITH_PINS: &[Case] = &[
    ("nothing", "SELECT 1", &[]),
    (
        "the end of the chain dropped",
        "DELETE FROM audit_seals WHERE number = 6",
        &[
            "the trail was cut off: the checkpoint has seal 6 up to row 20, the chain ends with seal 5",
        ],
    ),
    (
        "the end of trail and chain dropped",
        "DELETE FROM audit_seals WHERE number > 3; DELETE FROM audit_details WHERE sequence > 10;
         DELETE FROM audit_events WHERE sequence > 10",
        &[
            "the trail was cut off: the checkpoint has seal 6 up to row 20, the chain ends with seal 3",
            ": trusted, but not in the chain",
        ],
    ),
    (
        "everything dropped",
        "DELETE FROM audit_seals; DELETE FROM audit_details; DELETE FROM audit_events",
        &[
            "the trail was cut off",
            ": trusted, but not in the chain",
            ": trusted, but not in the chain",
        ],
    ),
];

async fn report(store: &dyn Store, pins: &Pins) -> Vec<String> {
    let report = verify(store, pins).await.unwrap();
    assert_eq!(report.found, report.findings.len() as u64);
    report.findings.iter().map(ToString::to_string).collect()
}

fn assert_lines(what: &str, found: &[String], expected: &[&str]) {
    let fits = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(line, part)| line.contains(part));
    assert!(fits, "{what}: {found:#?}");
}

async fn pins(store: &dyn Store) -> Pins {
    let last = store.last_seal().await.unwrap().unwrap();
    let checkpoint = Checkpoint::of(&last, &key(2).public());
    let text = serde_json::to_string(&checkpoint).unwrap();
    Pins {
        keys: vec![key(1).public().id(), key(2).public().id()],
        checkpoint: Checkpoint::read(&text),
    }
}

async fn every_tampering_is_named(place: Place) {
    let store = place.open().await;
    sealed_trail(&*store).await;
    let all_pins = pins(&*store).await;
    assert!(all_pins.checkpoint.is_some());
    store.close().await;
    drop(store);
    let json = if matches!(place, Place::Server { .. }) {
        "::json"
    } else {
        ""
    };
    let nothing = Pins::default();
    let tables = [(CASES, &nothing), (WITH_PINS, &all_pins)];
    for (cases, pins) in tables {
        for (what, sql, expected) in cases {
            let copy = place.copy().await;
            copy.edit(&sql.replace("{json}", json)).await;
            let store = copy.open().await;
            assert_lines(what, &report(&*store, pins).await, expected);
            store.close().await;
        }
    }
    a_chain_made_anew_lacks_the_pinned_keys(&place, &all_pins).await;
    an_erased_customer_is_no_damage(&place, &all_pins).await;
    the_old_key_signs_no_more(&place).await;
}

/// Whoever owns the database can sign everything anew, but not with the bank's keys.
async fn a_chain_made_anew_lacks_the_pinned_keys(place: &Place, pins: &Pins) {
    let copy = place.copy().await;
    copy.edit(
        "DELETE FROM audit_seals; UPDATE audit_events SET kind = 'posted' WHERE sequence = 7",
    )
    .await;
    let store = copy.open().await;
    while seal_next(&*store, &key(66), now(), 3).await.unwrap() != vostro_audit::Sealed::UpToDate {}
    assert_lines("unpinned", &report(&*store, &Pins::default()).await, &[]);
    let found = report(&*store, pins).await;
    let expected = [
        "seal 6: not the one of the checkpoint",
        "not in the chain",
        "not in the chain",
    ];
    assert_lines("pinned", &found, &expected);
    store.close().await;
}

async fn an_erased_customer_is_no_damage(place: &Place, pins: &Pins) {
    let copy = place.copy().await;
    let store = copy.open().await;
    let ada = CustomerId::new("ada").unwrap();
    assert_eq!(store.erase_audit_detail(&ada).await.unwrap(), 21);
    let report = verify(&*store, pins).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.rows, report.sealed, report.unsealed), (21, 20, 1));
    assert_eq!(
        (report.erased, report.seals, report.last_seal),
        (21, 6, Some(6))
    );
    assert_eq!(report.keys, pins.keys);
    store.close().await;
}

async fn the_old_key_signs_no_more(place: &Place) {
    let copy = place.copy().await;
    let store = copy.open().await;
    let current = current_key(&*store).await.unwrap();
    assert_eq!(current, Some(key(2).public()));
    assert!(PublicKey::read(&hex::encode(key(2).public().as_bytes())).is_ok());
    for attempt in [
        seal_next(&*store, &key(1), now(), 5).await.unwrap_err(),
        rotate(&*store, &key(1), &key(3), now()).await.unwrap_err(),
    ] {
        assert!(matches!(attempt, SealError::OtherKey { .. }), "{attempt}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_named_on_sqlite() {
    every_tampering_is_named(Place::file()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_named_on_postgres() {
    every_tampering_is_named(server_or_skip!()).await;
}
