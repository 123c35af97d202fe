//! Every SQL statement of the `SQLite` driver, one file each under `sql/`, as constants.
//!
//! No statement is put together at run time. [`ALL`] lets a test prepare each of them on a freshly
//! migrated database.

macro_rules! statements {
    ($($name:ident = $file:literal;)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("sql/", $file));)*

        /// Every statement with its file's name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$(($file, $name)),*];
    };
}

statements! {
    ACCOUNTS_OF_CUSTOMER = "accounts_of_customer.sql";
    ACCOUNTS_ROLL_UP = "accounts_roll_up.sql";
    ACCOUNT_ADD = "account_add.sql";
    ACCOUNT_BY_ID = "account_by_id.sql";
    ACCOUNT_BY_NUMBER = "account_by_number.sql";
    ACCOUNT_CURRENCY = "account_currency.sql";
    ACCOUNT_HELD_ADD = "account_held_add.sql";
    ACCOUNT_INSERT = "account_insert.sql";
    ACCOUNT_NUMBER_TAKEN = "account_number_taken.sql";
    ACCOUNT_OF_BANK = "account_of_bank.sql";
    ACCOUNT_OF_BANK_ENSURE = "account_of_bank_ensure.sql";
    ACCOUNT_OF_CUSTOMER = "account_of_customer.sql";
    ACCOUNT_SET_STATUS = "account_set_status.sql";
    AUDIT_DETAIL_INSERT = "audit_detail_insert.sql";
    AUDIT_ERASE = "audit_erase.sql";
    AUDIT_INSERT = "audit_insert.sql";
    AUDIT_TRAIL = "audit_trail.sql";
    BILLER = "biller.sql";
    BILLERS_OF_CUSTOMER = "billers_of_customer.sql";
    BILLER_ENSURE = "biller_ensure.sql";
    BILLS_OPEN = "bills_open.sql";
    BILLS_SHOWN = "bills_shown.sql";
    BILL_INSERT = "bill_insert.sql";
    BILL_PAY = "bill_pay.sql";
    BILL_PAYMENTS_OF = "bill_payments_of.sql";
    BILL_PAYMENT_INSERT = "bill_payment_insert.sql";
    BILL_REOPENING_INSERT = "bill_reopening_insert.sql";
    CHANNEL_LINK = "channel_link.sql";
    CHANNEL_LINKS_OF_CUSTOMER = "channel_links_of_customer.sql";
    CHANNEL_LINK_INSERT = "channel_link_insert.sql";
    CHANNEL_LINK_REMOVE = "channel_link_remove.sql";
    CHANNEL_OF_SESSION = "channel_of_session.sql";
    CHECK_AUDITED = "check_audited.sql";
    CHECK_BALANCES = "check_balances.sql";
    CHECK_BILLS = "check_bills.sql";
    CHECK_CONFIRMATIONS = "check_confirmations.sql";
    CHECK_COUNTS = "check_counts.sql";
    CHECK_EMPTY_TRANSFERS = "check_empty_transfers.sql";
    CHECK_ENTRY_ACCOUNTS = "check_entry_accounts.sql";
    CHECK_HOLDS = "check_holds.sql";
    CHECK_PENDING = "check_pending.sql";
    CHECK_REVERSALS = "check_reversals.sql";
    CHECK_PAYMENTS = "check_payments.sql";
    CHECK_PUBLISHED = "check_published.sql";
    CHECK_RUNNING_BALANCES = "check_running_balances.sql";
    CHECK_TRANSFERS = "check_transfers.sql";
    CHALLENGE = "challenge.sql";
    CUSTOMER_ERASE = "customer_erase.sql";
    CUSTOMER_UNSETTLED = "customer_unsettled.sql";
    FORGET_HAND_OFFS = "forget_hand_offs.sql";
    FORGET_HAND_OFF_MESSAGES = "forget_hand_off_messages.sql";
    FORGET_SESSIONS = "forget_sessions.sql";
    FORGET_TURNS = "forget_turns.sql";
    SESSIONS_OF_CUSTOMER = "sessions_of_customer.sql";
    SESSION_END = "session_end.sql";
    FACTOR_COUNT = "factor_count.sql";
    FACTOR_COUNTED = "factor_counted.sql";
    FACTOR_DEMAND = "factor_demand.sql";
    FACTOR_DEMAND_INSERT = "factor_demand_insert.sql";
    FACTOR_DEMAND_RESOLVE = "factor_demand_resolve.sql";
    FACTOR_ENROL = "factor_enrol.sql";
    FACTOR_REMOVE = "factor_remove.sql";
    FACTOR_SECRET = "factor_secret.sql";
    CONFIRMATION = "confirmation.sql";
    CONFIRMATIONS_OVERDUE = "confirmations_overdue.sql";
    CONFIRMATION_INSERT = "confirmation_insert.sql";
    CONFIRMATION_RESOLVE = "confirmation_resolve.sql";
    CONVERSATIONS_OF_CUSTOMER = "conversations_of_customer.sql";
    CONVERSATION_TURNS = "conversation_turns.sql";
    CORE_TRANSFER = "core_transfer.sql";
    CORE_TRANSFERS_SENT = "core_transfers_sent.sql";
    CORE_TRANSFER_INSERT = "core_transfer_insert.sql";
    CORE_TRANSFER_STEP = "core_transfer_step.sql";
    CUSTOMER = "customer.sql";
    CUSTOMER_AUDIT_ERASED = "customer_audit_erased.sql";
    CUSTOMER_BILLER_INSERT = "customer_biller_insert.sql";
    CUSTOMER_INSERT = "customer_insert.sql";
    CUSTOMER_PK = "customer_pk.sql";
    DELIVERY_BACKLOG = "delivery_backlog.sql";
    DELIVERY_CLAIM = "delivery_claim.sql";
    DELIVERY_DEAD = "delivery_dead.sql";
    DELIVERY_DEAD_COUNT = "delivery_dead_count.sql";
    DELIVERY_DUE = "delivery_due.sql";
    DELIVERY_GIVE_BACK = "delivery_give_back.sql";
    DELIVERY_INSERT = "delivery_insert.sql";
    DELIVERY_PRUNE = "delivery_prune.sql";
    DELIVERY_REDELIVER = "delivery_redeliver.sql";
    DELIVERY_REDELIVER_ALL = "delivery_redeliver_all.sql";
    DELIVERY_SETTLE = "delivery_settle.sql";
    ENTRIES_LAST = "entries_last.sql";
    ENTRY_INSERT = "entry_insert.sql";
    HISTORY_BOUNDS = "history_bounds.sql";
    HISTORY_LARGEST = "history_largest.sql";
    HISTORY_OF_ACCOUNT = "history_of_account.sql";
    HISTORY_OF_CUSTOMER = "history_of_customer.sql";
    HOLD = "hold.sql";
    HOLDS_OF_ACCOUNT = "holds_of_account.sql";
    HOLDS_OVERDUE = "holds_overdue.sql";
    HOLD_INSERT = "hold_insert.sql";
    HOLD_RESOLVE = "hold_resolve.sql";
    INSIGHT_AUDIT = "insight_audit.sql";
    INSIGHT_CONVERSATIONS = "insight_conversations.sql";
    INSIGHT_FIGURES = "insight_figures.sql";
    INSIGHT_TIMES = "insight_times.sql";
    INSIGHT_TURN = "insight_turn.sql";
    INSIGHT_TURNS = "insight_turns.sql";
    MONEY_SWITCH = "money_switch.sql";
    MONEY_SWITCH_SET = "money_switch_set.sql";
    OUTBOX_BACKLOG = "outbox_backlog.sql";
    OUTBOX_HANDED_OVER = "outbox_handed_over.sql";
    OUTBOX_INSERT = "outbox_insert.sql";
    OUTBOX_MESSAGE = "outbox_message.sql";
    OUTBOX_PRUNE = "outbox_prune.sql";
    OUTBOX_WAITING = "outbox_waiting.sql";
    PAYEE = "payee.sql";
    PAYEES_OF_CUSTOMER = "payees_of_customer.sql";
    PAYEE_INSERT = "payee_insert.sql";
    PING = "ping.sql";
    PLACED = "placed.sql";
    PLACED_BY_CONFIRMATION = "placed_by_confirmation.sql";
    PLACED_DUE = "placed_due.sql";
    PLACED_OVERDUE = "placed_overdue.sql";
    PLACED_PENDING = "placed_pending.sql";
    PLACED_PENDING_OF_CUSTOMER = "placed_pending_of_customer.sql";
    PLACEMENT_INSERT = "placement_insert.sql";
    PLACEMENT_RECEIPT = "placement_receipt.sql";
    REQUEST = "request.sql";
    REQUESTS_PURGE = "requests_purge.sql";
    REQUEST_INSERT = "request_insert.sql";
    REQUEST_REFUSE = "request_refuse.sql";
    REQUEST_RELEASE = "request_release.sql";
    REQUEST_TAKE_OVER = "request_take_over.sql";
    SCHEDULE = "schedule.sql";
    SCHEDULES_OF_CUSTOMER = "schedules_of_customer.sql";
    SCHEDULE_ADVANCE = "schedule_advance.sql";
    SCHEDULE_CONFIRM = "schedule_confirm.sql";
    SCHEDULE_DUE = "schedule_due.sql";
    SCHEDULE_END = "schedule_end.sql";
    SCHEDULE_INSERT = "schedule_insert.sql";
    SCHEDULE_RETRY = "schedule_retry.sql";
    SCHEDULE_RUN_RECORD = "schedule_run_record.sql";
    SCHEDULE_UNANSWERED = "schedule_unanswered.sql";
    SEAL_APPEND = "seal_append.sql";
    SEAL_LAST = "seal_last.sql";
    SEALING_LAG = "sealing_lag.sql";
    SEALS = "seals.sql";
    SEALS_OF_KEYS = "seals_of_keys.sql";
    SESSION = "session.sql";
    SESSION_INSERT = "session_insert.sql";
    SESSION_UPDATE = "session_update.sql";
    SPENDING = "spending.sql";
    SPENT_BETWEEN = "spent_between.sql";
    STATEMENT_ENTRIES = "statement_entries.sql";
    STATEMENT_TOTALS = "statement_totals.sql";
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
    TRANSFER_INSERT = "transfer_insert.sql";
    TRANSFER_PLACE = "transfer_place.sql";
    TRANSFER_RESOLVE = "transfer_resolve.sql";
    TURN_EVENTS = "turn_events.sql";
    TURN_EXISTS = "turn_exists.sql";
    TURN_INSERT = "turn_insert.sql";
    TURNS_OF_SESSION = "turns_of_session.sql";
    HAND_OFF = "hand_off.sql";
    HAND_OFF_CLAIM = "hand_off_claim.sql";
    HAND_OFF_CLOSE = "hand_off_close.sql";
    HAND_OFF_INSERT = "hand_off_insert.sql";
    HAND_OFF_MESSAGE_INSERT = "hand_off_message_insert.sql";
    HAND_OFF_MESSAGES = "hand_off_messages.sql";
    HAND_OFF_OF_SESSION = "hand_off_of_session.sql";
    HAND_OFF_REFRESH = "hand_off_refresh.sql";
    HAND_OFFS_CLOSED = "hand_offs_closed.sql";
    HAND_OFFS_OPEN = "hand_offs_open.sql";
    SPOKEN_TURNS = "spoken_turns.sql";
    ALERT_CHANGE = "alert_change.sql";
    ALERT_FIRED = "alert_fired.sql";
    ALERT_INSERT = "alert_insert.sql";
    ALERT_REMOVE = "alert_remove.sql";
    ALERT_STANDS = "alert_stands.sql";
    ALERTS_ARM = "alerts_arm.sql";
    ALERTS_DUE = "alerts_due.sql";
    ALERTS_OF_CUSTOMER = "alerts_of_customer.sql";
    CARD = "card.sql";
    CARD_INSERT = "card_insert.sql";
    CARD_ORDER = "card_order.sql";
    CARD_SET_LIMIT = "card_set_limit.sql";
    CARD_SET_STATUS = "card_set_status.sql";
    CARDS_OF_CUSTOMER = "cards_of_customer.sql";
    CASE_INSERT = "case_insert.sql";
    CASES_OF_CUSTOMER = "cases_of_customer.sql";
    CONTACT_SET = "contact_set.sql";
    CONTACTS = "contacts.sql";
    PAYEE_NUMBER_SAVED = "payee_number_saved.sql";
    PAYEE_REMOVE = "payee_remove.sql";
    PAYEE_STANDS = "payee_stands.sql";
    SERVICE_CHANGE = "service_change.sql";
    SERVICE_CHANGE_INSERT = "service_change_insert.sql";
    TRANSFER_OF_CUSTOMER = "transfer_of_customer.sql";
    TRAVEL_INSERT = "travel_insert.sql";
    TRAVEL_NOTICES = "travel_notices.sql";
    KNOWLEDGE_VERSION = "knowledge_version.sql";
    KNOWLEDGE_VERSION_RAISE = "knowledge_version_raise.sql";
    DOCUMENT_ENTRIES = "document_entries.sql";
    DOCUMENT_ENTRY = "document_entry.sql";
    DOCUMENT_INSERT = "document_insert.sql";
    DOCUMENT_RECORDS = "document_records.sql";
    DOCUMENT_REMOVE = "document_remove.sql";
    PASSAGE_INSERT = "passage_insert.sql";
    PASSAGE_VECTOR_KEEP = "passage_vector_keep.sql";
    PASSAGES_OF_DOCUMENT = "passages_of_document.sql";
    CORE_TRANSFERS_UNSETTLED = "core_transfers_unsettled.sql";
    CORE_TRANSFERS_CANCEL = "core_transfers_cancel.sql";
    TRACES_OF_CUSTOMER = "traces_of_customer.sql";
    ERASE_HAND_OFF_MESSAGES = "erase_hand_off_messages.sql";
    ERASE_HAND_OFFS = "erase_hand_offs.sql";
    ERASE_TURNS = "erase_turns.sql";
    ERASE_SESSIONS = "erase_sessions.sql";
    ERASE_REQUESTS = "erase_requests.sql";
    ERASE_CHANNEL_LINKS = "erase_channel_links.sql";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sqlite::{connection, migrate};

    #[test]
    fn every_statement_prepares_on_a_fresh_database() {
        let mut connection = connection::open_memory().unwrap();
        migrate::migrate(&mut connection).unwrap();
        for (file, sql) in ALL {
            if let Err(error) = connection.prepare(sql) {
                panic!("{file}: {error}");
            }
        }
    }

    /// How the database goes about a statement, as `EXPLAIN QUERY PLAN` says it.
    fn plan(connection: &rusqlite::Connection, sql: &str) -> String {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let nothing = vec![rusqlite::types::Null; statement.parameter_count()];
        let steps = statement
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
            .unwrap();
        steps
            .collect::<Result<Vec<String>, _>>()
            .unwrap()
            .join("; ")
    }

    #[test]
    fn what_runs_often_goes_by_an_index_and_sorts_nothing() {
        let mut connection = connection::open_memory().unwrap();
        migrate::migrate(&mut connection).unwrap();
        let by_index = [
            (
                HISTORY_OF_CUSTOMER,
                "entries_by_customer (customer_pk=? AND sequence>? AND sequence<?)",
            ),
            (
                HISTORY_OF_ACCOUNT,
                "entries_by_account (account_pk=? AND sequence>? AND sequence<?)",
            ),
            (
                HISTORY_BOUNDS,
                "COVERING INDEX entries_by_time (customer_pk=? AND posted_at>? AND posted_at<?)",
            ),
            (
                SPENT_BETWEEN,
                "COVERING INDEX transfers_sent (customer_pk=? AND currency=? AND created_at>? AND created_at<?)",
            ),
            (ACCOUNTS_OF_CUSTOMER, "accounts_by_customer (customer_pk=?)"),
            (CONFIRMATIONS_OVERDUE, "confirmations_open (expires_at<?)"),
            (BILLS_OPEN, "bills_open (customer_pk=? AND biller_pk=?)"),
            (BILLS_SHOWN, "bills_open (customer_pk=?)"),
            (OUTBOX_WAITING, "outbox_pending"),
            (
                DELIVERY_DUE,
                "outbox_deliveries_due (endpoint=? AND due_at<?)",
            ),
            (DELIVERY_DEAD, "outbox_deliveries_dead"),
            (SCHEDULE_DUE, "schedules_due (next_at<?)"),
            (SCHEDULE_UNANSWERED, "schedules_unanswered (expires_at<?)"),
            (
                SCHEDULES_OF_CUSTOMER,
                "schedules_of_customer (customer_pk=?)",
            ),
            (
                STATEMENT_ENTRIES,
                "entries_by_account (account_pk=? AND sequence>? AND sequence<?)",
            ),
            (
                STATEMENT_TOTALS,
                "COVERING INDEX entries_by_time (customer_pk=? AND posted_at>? AND posted_at<?)",
            ),
            (PLACED_DUE, "transfers_settling (settles_at<?)"),
            (PLACED_OVERDUE, "transfers_pending (expires_at<?)"),
            (
                PLACED_PENDING_OF_CUSTOMER,
                "transfers_waiting (customer_pk=?)",
            ),
            (HOLDS_OVERDUE, "holds_expiring (expires_at<?)"),
            (AUDIT_TRAIL, "INTEGER PRIMARY KEY (rowid>?)"),
            (SEALS, "INTEGER PRIMARY KEY (rowid>?)"),
            (SEALS_OF_KEYS, "audit_seals_of_keys"),
            (SEALING_LAG, "INTEGER PRIMARY KEY (rowid>?)"),
            (TURNS_OF_SESSION, "(session_id=? AND version>?)"),
            (CONVERSATION_TURNS, "(session_id=? AND version>?)"),
            (
                CONVERSATIONS_OF_CUSTOMER,
                "sessions_by_customer (customer_id=?)",
            ),
        ];
        for (statement, index) in by_index {
            let plan = plan(&connection, statement);
            assert!(plan.contains(index), "{statement}{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{statement}{plan}");
        }
    }

    #[test]
    fn every_file_is_a_statement() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite/sql");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = ALL.iter().map(|(file, _)| (*file).to_owned()).collect();
        assert_eq!(files, listed);
    }
}
