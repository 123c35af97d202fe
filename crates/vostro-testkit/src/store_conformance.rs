//! The suite that every implementation of the bank's port must pass: one body, run on each driver.
//!
//! Implement [`Backend`] for a driver and name it to [`crate::store_conformance!`]; each case becomes a
//! test of its own over a store of its own. Cases only use the port.

mod bench;
mod channels;
mod conversations;
mod core_transfers;
mod documents;
mod factors;
mod four_eyes;
mod hand_offs;
mod history;
mod holds;
mod insights;
mod money;
mod operations;
mod outbox;
mod pending;
mod personal_data;
mod policies;
mod races;
mod refusals;
mod requests;
mod reversals;
mod schedule_runs;
mod schedules;
mod sealing;
mod services;
mod statements;
mod stopped;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use vostro_bank::Store;
use vostro_ledger::{AccountStatus, Limits};
use vostro_types::{AccountId, Clock, Entropy};

pub use self::channels::*;
pub use self::conversations::*;
pub use self::core_transfers::*;
pub use self::documents::*;
pub use self::factors::*;
pub use self::four_eyes::*;
pub use self::hand_offs::*;
pub use self::history::*;
pub use self::holds::*;
pub use self::insights::*;
pub use self::money::*;
pub use self::operations::*;
pub use self::outbox::*;
pub use self::pending::*;
pub use self::personal_data::*;
pub use self::policies::*;
pub use self::races::*;
pub use self::refusals::*;
pub use self::requests::*;
pub use self::reversals::*;
pub use self::schedule_runs::*;
pub use self::schedules::*;
pub use self::sealing::*;
pub use self::services::*;
pub use self::statements::*;
pub use self::stopped::*;

/// What a store under test is opened with. It opens demo customers.
#[derive(Clone)]
#[allow(
    missing_debug_implementations,
    reason = "a clock and randomness behind traits"
)]
pub struct Setup {
    /// The limits in force.
    pub limits: Limits,
    /// The bank's calendar.
    pub time_zone: TimeZone,
    /// The clock that the case moves.
    pub clock: Arc<dyn Clock>,
    /// Randomness from a seed.
    pub entropy: Arc<dyn Entropy>,
}

/// A driver under test.
#[async_trait]
pub trait Backend: Send + Sync + Sized + 'static {
    /// Why this driver cannot be tested here, if it cannot: its cases then say so and end.
    fn missing() -> Option<String> {
        None
    }

    /// Opens a fresh, empty store.
    async fn open(setup: Setup) -> Self;

    /// The store.
    fn store(&self) -> &dyn Store;

    /// Freezes, closes or opens an account.
    async fn set_account_status(&self, account: &AccountId, status: AccountStatus) {
        let order = bench::order("the case asks for it");
        let store = self.store();
        let found = store.set_account_status(account, status, &order).await;
        assert!(found.unwrap(), "{account}");
    }
}

/// Makes a test of each case for a [`Backend`].
///
/// The calling crate needs `tokio` with `macros` and `rt-multi-thread`.
#[macro_export]
macro_rules! store_conformance {
    ($backend:ty) => {
        $crate::store_conformance! { @cases $backend:
            a_confirmed_transfer_moves_money_once
            every_kind_of_target_is_credited
            a_payment_settles_the_oldest_bill
            every_reason_declines_and_posts_nothing
            a_decline_at_posting_spends_the_confirmation
            a_cancelled_proposal_is_not_posted
            an_expired_proposal_is_not_posted
            changed_parameters_do_not_fit_a_confirmation
            another_customer_gets_nothing
            proposing_again_is_harmless
            the_daily_limit_follows_the_banks_calendar
            a_days_sum_does_not_overflow
            a_placed_transfer_holds_its_funds_and_settles_later
            a_smaller_amount_releases_the_rest
            a_recalled_transfer_gives_its_funds_back
            housekeeping_settles_what_is_due_and_expires_the_rest
            a_pending_transfer_resolves_once
            a_hold_lowers_what_is_available_and_resolves_once
            account_states_are_on_record
            a_reversal_is_the_exact_opposite_once
            a_reversal_never_overdraws_a_customer
            a_stop_stops_every_money_command
            turning_the_switch_takes_two
            a_request_ends_withdrawn_or_by_its_time
            approvals_at_once_have_one_winner
            changing_a_policy_takes_two
            a_change_of_policy_ends_once
            confirming_at_once_has_one_effect
            an_account_pays_out_exactly_what_it_holds
            confirm_cancel_and_expire_have_one_winner
            turns_at_once_have_one_winner
            opening_a_customer_at_once_opens_one
            pages_hold_every_transaction_once
            the_largest_amounts_come_first
            every_filter_gives_what_it_says
            hostile_filters_give_nothing
            spending_is_the_sum_of_its_transactions
            a_conversation_is_kept_for_its_customer
            a_session_takes_turns_in_order
            a_turns_events_resume_where_they_stopped
            a_customers_conversations_are_theirs_to_read
            audit_commitments_survive_erasure
            each_decision_is_on_record
            messages_are_handed_to_who_asked
            a_claim_lapses_and_is_taken_again
            a_dead_delivery_comes_back_when_told
            claims_at_once_share_the_work
            what_is_settled_is_pruned
            a_request_is_claimed_once
            a_recorded_turn_answers_its_request
            a_claim_is_taken_over_after_its_lease
            a_request_ends_refused_given_up_or_forgotten
            claiming_at_once_grants_one
            the_store_answers
            a_standing_order_is_paid_once_a_due_day
            an_occurrence_without_funds_is_tried_again_and_given_up
            an_outage_is_caught_up_within_bounds
            an_occurrence_waits_while_money_is_stopped
            standing_orders_end_and_are_refused
            a_changed_order_takes_the_place_of_the_old_one
            runs_at_once_pay_each_occurrence_once
            statements_add_up
            audit_rows_are_read_as_they_stand
            seals_follow_one_another
            one_of_several_seals_at_once_is_next
            recorded_turns_are_read_back_in_order
            turns_are_summed_over_a_period
            a_figure_leads_to_its_turns
            a_core_transfer_ends_once
            core_steps_at_once_have_one_winner
            an_address_is_one_customers
            a_channel_is_owed_what_is_said_in_its_conversation
            a_session_is_in_the_queue_once
            a_hand_off_has_one_colleague
            claims_of_a_hand_off_have_one_winner
            spoken_turns_are_read_in_order
            cards_change_as_confirmed
            records_change_as_confirmed
            a_case_is_opened_once
            a_change_is_made_once
            an_alert_is_told_of_once_a_fall
            several_records_change_at_once
            a_reconciliation_names_what_it_compares
            a_document_is_written_and_removed_whole
            a_document_is_refused_whole
            documents_are_read_in_pages
            vectors_are_kept_with_their_passages
            documents_at_once_have_a_version_each
            a_confirmation_needs_the_factor_demanded_of_it
            wrong_factors_block_for_a_while
            guesses_at_once_are_all_counted
            a_day_without_a_factor_holds_for_confirmations_at_once
            a_challenge_is_answered_once
            a_secret_is_kept_for_its_customer
            an_erased_customer_leaves_the_books_as_they_were
            an_unsettled_customer_is_not_erased
            a_customer_of_a_core_is_erased_by_their_id
            old_texts_are_forgotten
            a_session_is_ended_at_the_version_that_was_read
        }
    };
    (@cases $backend:ty: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(why) = <$backend as $crate::store_conformance::Backend>::missing() {
                    eprintln!("skipped: {why}");
                    return;
                }
                $crate::store_conformance::$case::<$backend>().await;
            }
        )*
    };
}
