//! What the tables themselves refuse, whoever asks.

use vostro_bank::{Bank, Operations, PostOutcome};

use crate::database::{
    config, context, customer, database_or_skip, outgoing, portfolio, propose, usd, yes,
};

#[tokio::test]
async fn what_was_written_cannot_be_changed() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    let ada = portfolio(&store, "ada").await;
    let posted = propose(&store, outgoing(&ada, 100)).await;
    let outcome = store
        .confirm_and_post(yes(&posted), &context(&ada.customer.id))
        .await;
    assert!(matches!(outcome, Ok(PostOutcome::Posted(_))), "{outcome:?}");
    let cases = [
        (
            "UPDATE entries SET amount_minor = amount_minor + 1",
            "append-only",
        ),
        ("DELETE FROM entries", "append-only"),
        ("TRUNCATE entries", "append-only"),
        ("UPDATE transfers SET amount_minor = 1", "keeps its terms"),
        (
            "UPDATE transfers SET status = 'pending', resolved_at = NULL",
            "resolves once",
        ),
        ("DELETE FROM transfers", "not deleted"),
        ("DELETE FROM accounts", "never deleted"),
        ("UPDATE accounts SET currency = 'EUR'", "keeps its owner"),
        (
            "UPDATE accounts SET balance_minor = floor_minor - 1 WHERE customer_pk IS NOT NULL",
            "accounts_above_floor",
        ),
        ("UPDATE accounts SET held_minor = -1", "held_minor"),
        (
            "UPDATE confirmations SET status = 'open', resolved_at = NULL",
            "used once",
        ),
        ("DELETE FROM confirmations", "not deleted"),
        ("UPDATE audit_events SET kind = 'blocked'", "append-only"),
        ("DELETE FROM audit_events", "append-only"),
        ("UPDATE audit_details SET detail = '{}'", "never changed"),
        (
            "UPDATE bills SET paid_minor = amount_minor + 1",
            "bills_check",
        ),
        (
            "INSERT INTO transfers (id, idempotency_key, kind, status, source_pk, destination_pk,
                currency, amount_minor, created_at, resolved_at)
            SELECT 'again', idempotency_key, kind, status, source_pk, destination_pk, currency,
                amount_minor, created_at, resolved_at
            FROM transfers WHERE idempotency_key IS NOT NULL",
            "idempotency_key",
        ),
    ];
    let client = database.client().await;
    for (statement, expected) in cases {
        let error = client.batch_execute(statement).await.unwrap_err();
        let said = format!("{:?}", error.as_db_error());
        assert!(said.contains(expected), "{statement}: {said}");
    }
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_trial_balance_finds_what_went_past_the_guards() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    portfolio(&store, "ada").await;
    let client = database.client().await;
    let cases = [
        (
            "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE position = 0",
            "balance",
        ),
        (
            "UPDATE entries SET amount_minor = amount_minor + 1 WHERE sequence = 3",
            "sum to 1",
        ),
        (
            "UPDATE entries SET account_pk = 999999 WHERE sequence = 4",
            "entry 4",
        ),
        (
            "UPDATE accounts SET held_minor = 1 WHERE position = 1",
            "held 1",
        ),
        ("UPDATE bills SET paid_minor = 1", "paid 1"),
    ];
    for (tampering, expected) in cases {
        client
            .batch_execute(&format!(
                "SET session_replication_role = replica; {tampering}"
            ))
            .await
            .unwrap();
        let found = store.trial_balance().await.unwrap();
        assert!(
            found.iter().any(|line| line.contains(expected)),
            "{tampering}: {found:?}"
        );
    }
}

#[tokio::test]
async fn the_banks_own_balances_follow_by_roll_up() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    let ada = portfolio(&store, "ada").await;
    let clearing = "SELECT balance_minor FROM accounts WHERE kind = 'clearing'";
    let client = database.client().await;
    store.roll_up().await.unwrap();
    let before: i64 = client.query_one(clearing, &[]).await.unwrap().get(0);
    let proposal = propose(&store, outgoing(&ada, 250)).await;
    store
        .confirm_and_post(yes(&proposal), &context(&customer("ada")))
        .await
        .unwrap();
    let unchanged: i64 = client.query_one(clearing, &[]).await.unwrap().get(0);
    assert_eq!(unchanged, before, "postings leave hot accounts alone");
    assert!(store.roll_up().await.unwrap() > 0);
    let after: i64 = client.query_one(clearing, &[]).await.unwrap().get(0);
    assert_eq!(usd(after), usd(before + 250));
    assert_eq!(store.roll_up().await.unwrap(), 0, "nothing is added twice");
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}
