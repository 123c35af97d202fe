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
    CHANNEL_LINK = "channel_link.sql";
    CHANNEL_LINKS_OF_CUSTOMER = "channel_links_of_customer.sql";
    CHANNEL_OF_SESSION = "channel_of_session.sql";
    CLAIM_REQUEST = "claim_request.sql";
    CHECK_COUNTS = "check_counts.sql";
    COMMIT_TURN = "commit_turn.sql";
    CONFIRMATIONS_OVERDUE = "confirmations_overdue.sql";
    CONFIRM_AND_POST = "confirm_and_post.sql";
    CONFIRM_WITHIN_A_DAY = "confirm_within_a_day.sql";
    CONFIRM_SCHEDULE = "confirm_schedule.sql";
    CONVERSATIONS_OF_CUSTOMER = "conversations_of_customer.sql";
    CONVERSATION_TURNS = "conversation_turns.sql";
    CORE_TRANSFER = "core_transfer.sql";
    CORE_TRANSFERS_SENT = "core_transfers_sent.sql";
    CORE_TRANSFER_PROPOSE = "core_transfer_propose.sql";
    CORE_TRANSFER_STEP = "core_transfer_step.sql";
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
    HISTORY_LARGEST = "history_largest.sql";
    HISTORY_OF_ACCOUNT = "history_of_account.sql";
    HISTORY_OF_CUSTOMER = "history_of_customer.sql";
    HOLDS_OF_ACCOUNT = "holds_of_account.sql";
    HOLDS_OVERDUE = "holds_overdue.sql";
    HOLD_CAPTURE = "hold_capture.sql";
    HOLD_PLACE = "hold_place.sql";
    HOLD_RELEASE = "hold_release.sql";
    INSIGHT_AUDIT = "insight_audit.sql";
    INSIGHT_CONVERSATIONS = "insight_conversations.sql";
    INSIGHT_FIGURES = "insight_figures.sql";
    INSIGHT_TIMES = "insight_times.sql";
    INSIGHT_TURN = "insight_turn.sql";
    INSIGHT_TURNS = "insight_turns.sql";
    INSPECT = "inspect.sql";
    LINK_CHANNEL = "link_channel.sql";
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
    SPENDING = "spending.sql";
    STATEMENT = "statement.sql";
    POLICIES_IN_FORCE = "policies_in_force.sql";
    POLICY_CHANGE = "policy_change.sql";
    POLICY_CHANGES_OPEN = "policy_changes_open.sql";
    POLICY_CHANGE_DECIDE = "policy_change_decide.sql";
    POLICY_CHANGE_INSERT = "policy_change_insert.sql";
    POLICY_VERSION = "policy_version.sql";
    SWITCH_REQUEST = "switch_request.sql";
    SWITCH_REQUESTS_OPEN = "switch_requests_open.sql";
    SWITCH_REQUEST_DECIDE = "switch_request_decide.sql";
    SWITCH_REQUEST_INSERT = "switch_request_insert.sql";
    TRANSFER = "transfer.sql";
    TRANSFER_ENTRIES = "transfer_entries.sql";
    TRIAL_BALANCE = "trial_balance.sql";
    TURN_EVENTS = "turn_events.sql";
    TURNS_OF_SESSION = "turns_of_session.sql";
    ADD_HAND_OFF_MESSAGE = "add_hand_off_message.sql";
    CLAIM_HAND_OFF = "claim_hand_off.sql";
    CLOSE_HAND_OFF = "close_hand_off.sql";
    HAND_OFF = "hand_off.sql";
    HAND_OFF_MESSAGES = "hand_off_messages.sql";
    HAND_OFF_OF_SESSION = "hand_off_of_session.sql";
    HAND_OFFS_CLOSED = "hand_offs_closed.sql";
    HAND_OFFS_OPEN = "hand_offs_open.sql";
    OPEN_HAND_OFF = "open_hand_off.sql";
    SPOKEN_TURNS = "spoken_turns.sql";
    ALERTS_ARM = "alerts_arm.sql";
    ALERTS_DUE = "alerts_due.sql";
    ALERTS_OF_CUSTOMER = "alerts_of_customer.sql";
    CARRY_OUT_CHANGE = "carry_out_change.sql";
    CASES_OF_CUSTOMER = "cases_of_customer.sql";
    CONTACTS = "contacts.sql";
    FIRE_ALERT = "fire_alert.sql";
    SERVICE_CHANGE = "service_change.sql";
    TRAVEL_NOTICES = "travel_notices.sql";
    DOCUMENT_ENTRIES = "document_entries.sql";
    DOCUMENT_ENTRY = "document_entry.sql";
    DOCUMENT_PUT = "document_put.sql";
    DOCUMENT_RECORDS = "document_records.sql";
    DOCUMENT_REMOVE = "document_remove.sql";
    KNOWLEDGE_VERSION = "knowledge_version.sql";
    PASSAGES_NEAREST = "passages_nearest.sql";
    PASSAGE_VECTORS_KEEP = "passage_vectors_keep.sql";
    ANSWER_CHALLENGE = "answer_challenge.sql";
    CHALLENGE = "challenge.sql";
    DEMAND_FACTOR = "demand_factor.sql";
    FACTOR_DEMAND = "factor_demand.sql";
    FACTOR_ENROL = "factor_enrol.sql";
    FACTOR_REMOVE = "factor_remove.sql";
    FACTOR_SECRET = "factor_secret.sql";
    SENT_TODAY = "sent_today.sql";
    TRY_FACTOR = "try_factor.sql";
    CUSTOMER_ERASE = "customer_erase.sql";
    END_SESSION = "end_session.sql";
    FORGET_CLOSED_HAND_OFFS = "forget_closed_hand_offs.sql";
    FORGET_HAND_OFFS = "forget_hand_offs.sql";
    FORGET_SESSIONS = "forget_sessions.sql";
    FORGET_TURNS = "forget_turns.sql";
    SESSIONS_OF_CUSTOMER = "sessions_of_customer.sql";
    UNLINK_CHANNEL = "unlink_channel.sql";
    VECTOR_SEARCH_PREPARE = "vector_search_prepare.sql";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio_postgres::NoTls;

    use super::*;
    use crate::postgres::migrate;

    /// A migrated schema of its own on the server of `VOSTRO_TEST_DATABASE_URL`, to be dropped afterwards;
    /// `None` where there is no server, which is said.
    async fn fresh(name: &str) -> Option<(tokio_postgres::Client, String)> {
        let Ok(url) = std::env::var("VOSTRO_TEST_DATABASE_URL") else {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return None;
        };
        let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let schema = format!("{name}_{}", std::process::id());
        client
            .batch_execute(&format!(
                "CREATE SCHEMA {schema}; SET search_path = {schema}"
            ))
            .await
            .unwrap();
        migrate::migrate(&mut client).await.unwrap();
        Some((client, schema))
    }

    #[tokio::test]
    async fn every_statement_prepares_on_a_fresh_database() {
        let Some((client, schema)) = fresh("vostro_statements").await else {
            return;
        };
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

    /// One customer with 20,000 transactions, one with 200, and the bank's side of each.
    const FILL: &str = "
        INSERT INTO customers (id, display_name, is_demo, opened_at)
            VALUES ('ada', 'Ada (demo)', true, 0), ('bob', 'Bob (demo)', true, 0);
        INSERT INTO accounts (id, customer_pk, kind, name, number, currency, floor_minor, balance_minor, opened_at)
            SELECT 'acc_' || id, pk, 'checking', 'Checking', '1' || pk, 'USD', -100000000, 0, 0 FROM customers;
        INSERT INTO accounts (id, kind, name, currency, rolled_up_to, opened_at)
            VALUES ('acc_bank', 'clearing', 'Clearing', 'USD', 0, 0);
        INSERT INTO transfers (id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at, resolved_at)
            SELECT 'trf_' || a.id || i, 'card_purchase', 'posted', a.customer_pk, a.pk, b.pk, 'USD', 1, i, i
            FROM accounts a, accounts b, generate_series(1, 20000) i
            WHERE b.id = 'acc_bank' AND a.customer_pk IS NOT NULL AND (a.id = 'acc_ada' OR i <= 200);
        INSERT INTO entries (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category, description)
            SELECT pk, source_pk, customer_pk, -1, 0, created_at, 'groceries', 'Card purchase' FROM transfers
            UNION ALL
            SELECT pk, destination_pk, NULL, 1, NULL, created_at, 'groceries', 'Card purchase' FROM transfers;
        ANALYZE";

    /// What a customer waits for is read along an index, whoever has how many entries: nothing is sorted
    /// before the page is full.
    #[tokio::test]
    async fn pages_of_history_go_by_an_index() {
        let Some((client, schema)) = fresh("vostro_plans").await else {
            return;
        };
        client.batch_execute(FILL).await.unwrap();
        // Any customer, account and period: the plan that is kept for all of them.
        client
            .batch_execute("SET plan_cache_mode = force_generic_plan")
            .await
            .unwrap();
        let pages = [
            (
                HISTORY_OF_CUSTOMER,
                11,
                "Index Scan using entries_by_customer",
            ),
            (
                HISTORY_OF_ACCOUNT,
                12,
                "Index Scan using entries_by_account",
            ),
            (HISTORY_BOUNDS, 4, "entries_by_time"),
        ];
        let mut wrong = Vec::new();
        for (place, (statement, parameters, index)) in pages.into_iter().enumerate() {
            client
                .batch_execute(&format!("PREPARE page_{place} AS {statement}"))
                .await
                .unwrap();
            let nothing = vec!["NULL"; parameters].join(", ");
            let explain = format!("EXPLAIN (COSTS OFF) EXECUTE page_{place} ({nothing})");
            let lines = client.query(&explain, &[]).await.unwrap();
            let plan: Vec<String> = lines.iter().map(|line| line.get(0)).collect();
            let plan = plan.join("\n");
            let page = plan
                .split_once("Limit")
                .map_or(plan.as_str(), |(_, below)| below);
            let walks =
                plan.contains("Seq Scan on entries") || plan.contains("Seq Scan on transfers");
            if walks || page.contains("Sort") || !page.contains(index) {
                wrong.push(format!("{statement}{plan}"));
            }
        }
        client
            .batch_execute(&format!("DROP SCHEMA {schema} CASCADE"))
            .await
            .unwrap();
        assert_eq!(wrong, Vec::<String>::new());
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
