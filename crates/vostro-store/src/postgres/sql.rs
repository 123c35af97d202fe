//! Every SQL statement of the `PostgreSQL` driver, one file each under `sql/`, as constants.
//!
//! No statement is put together at run time. [`ALL`] lets a test prepare each of them on a freshly
//! migrated database. The functions that they call are part of the migrations.

macro_rules! statements {
    ($($name:ident = $file:literal;)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("sql/", $file));)*

        /// Every statement with its file's name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$(($file, $name)),*];
    };
}

statements! {
    ACCOUNT_CURRENCY = "account_currency.sql";
    ACCOUNT_OF_BANK_ENSURE = "account_of_bank_ensure.sql";
    ACCOUNT_SET_STATUS = "account_set_status.sql";
    AUDIT_ERASE = "audit_erase.sql";
    AUDIT_HORIZON = "audit_horizon.sql";
    AUDIT_TRAIL = "audit_trail.sql";
    CANCEL = "cancel.sql";
    CANCEL_SCHEDULE = "cancel_schedule.sql";
    CLAIM_REQUEST = "claim_request.sql";
    CHECK_COUNTS = "check_counts.sql";
    COMMIT_TURN = "commit_turn.sql";
    CONFIRMATIONS_OVERDUE = "confirmations_overdue.sql";
    CONFIRM_AND_POST = "confirm_and_post.sql";
    CONFIRM_SCHEDULE = "confirm_schedule.sql";
    CONVERSATIONS_OF_CUSTOMER = "conversations_of_customer.sql";
    CONVERSATION_TURNS = "conversation_turns.sql";
    CUSTOMER_EXISTS = "customer_exists.sql";
    DELIVERY_BACKLOG = "delivery_backlog.sql";
    DELIVERY_CLAIM = "delivery_claim.sql";
    DELIVERY_DEAD = "delivery_dead.sql";
    DELIVERY_DEAD_COUNT = "delivery_dead_count.sql";
    DELIVERY_GIVE_BACK = "delivery_give_back.sql";
    DELIVERY_PRUNE = "delivery_prune.sql";
    DELIVERY_REDELIVER = "delivery_redeliver.sql";
    DELIVERY_SETTLE = "delivery_settle.sql";
    DURABILITY = "durability.sql";
    EXPIRE_PROPOSALS = "expire_proposals.sql";
    EXPIRE_SCHEDULE = "expire_schedule.sql";
    HISTORY_BOUNDS = "history_bounds.sql";
    HISTORY_OF_ACCOUNT = "history_of_account.sql";
    HISTORY_OF_CUSTOMER = "history_of_customer.sql";
    HOLDS_OF_ACCOUNT = "holds_of_account.sql";
    HOLDS_OVERDUE = "holds_overdue.sql";
    HOLD_CAPTURE = "hold_capture.sql";
    HOLD_PLACE = "hold_place.sql";
    HOLD_RELEASE = "hold_release.sql";
    INSPECT = "inspect.sql";
    MONEY_SWITCH = "money_switch.sql";
    MONEY_SWITCH_TURN = "money_switch_turn.sql";
    OPEN_DEMO_CUSTOMER = "open_demo_customer.sql";
    OUTBOX_BACKLOG = "outbox_backlog.sql";
    OUTBOX_HAND_OVER = "outbox_hand_over.sql";
    OUTBOX_PRUNE = "outbox_prune.sql";
    PENDING_DUE = "pending_due.sql";
    PENDING_END = "pending_end.sql";
    PENDING_OVERDUE = "pending_overdue.sql";
    PENDING_POST = "pending_post.sql";
    PING = "ping.sql";
    PLACED = "placed.sql";
    PLACED_BY_CONFIRMATION = "placed_by_confirmation.sql";
    PLACED_PENDING = "placed_pending.sql";
    PORTFOLIO = "portfolio.sql";
    PROPOSAL = "proposal.sql";
    PROPOSE = "propose.sql";
    PROPOSE_SCHEDULE = "propose_schedule.sql";
    RECEIPT = "receipt.sql";
    REQUESTS_PURGE = "requests_purge.sql";
    REQUEST_REFUSE = "request_refuse.sql";
    REQUEST_RELEASE = "request_release.sql";
    REVERSE = "reverse.sql";
    ROLL_UP = "roll_up.sql";
    RUN_SCHEDULE = "run_schedule.sql";
    SCHEDULE = "schedule.sql";
    SCHEDULES_DUE = "schedules_due.sql";
    SCHEDULES_OF_CUSTOMER = "schedules_of_customer.sql";
    SCHEDULES_UNANSWERED = "schedules_unanswered.sql";
    SEAL_APPEND = "seal_append.sql";
    SEAL_LAST = "seal_last.sql";
    SEALING_LAG = "sealing_lag.sql";
    SEALS = "seals.sql";
    SEALS_OF_KEYS = "seals_of_keys.sql";
    SEEDING_TURN = "seeding_turn.sql";
    SESSION = "session.sql";
    SETTLED = "settled.sql";
    SKIP_SCHEDULE = "skip_schedule.sql";
    SPENDING = "spending.sql";
    STATEMENT = "statement.sql";
    TRANSFER = "transfer.sql";
    TRANSFER_ENTRIES = "transfer_entries.sql";
    TRIAL_BALANCE = "trial_balance.sql";
    TURN_EVENTS = "turn_events.sql";
    TURNS_OF_SESSION = "turns_of_session.sql";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio_postgres::NoTls;

    use super::*;
    use crate::postgres::migrate;

    /// In a schema of its own, dropped afterwards, on the server of `VOSTRO_TEST_DATABASE_URL`.
    #[tokio::test]
    async fn every_statement_prepares_on_a_fresh_database() {
        let Ok(url) = std::env::var("VOSTRO_TEST_DATABASE_URL") else {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return;
        };
        let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let schema = format!("vostro_statements_{}", std::process::id());
        client
            .batch_execute(&format!(
                "CREATE SCHEMA {schema}; SET search_path = {schema}"
            ))
            .await
            .unwrap();
        migrate::migrate(&mut client).await.unwrap();
        let mut refused = Vec::new();
        for (file, sql) in ALL {
            if let Err(error) = client.prepare(sql).await {
                refused.push(format!("{file}: {error:?}"));
            }
        }
        client
            .batch_execute(&format!("DROP SCHEMA {schema} CASCADE"))
            .await
            .unwrap();
        assert_eq!(refused, Vec::<String>::new());
    }

    #[test]
    fn every_file_is_a_statement() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/postgres/sql");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = ALL.iter().map(|(file, _)| (*file).to_owned()).collect();
        assert_eq!(files, listed);
    }
}
