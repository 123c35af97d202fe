//! What came of a plan's steps, put into the conversation's memory. Pure.

use vostro_bank::Receipt;
use vostro_ledger::Decline;

use crate::act::Done;
use crate::command::Slot;
use crate::state::{ActiveFlow, DialogueState, Pending};

/// The memory after the turn.
pub(crate) fn settle(mut state: DialogueState, done: &[Done]) -> DialogueState {
    for result in done {
        match result {
            Done::Proposed(proposal) => {
                state.pending = Some(Pending {
                    confirmation: proposal.id.clone(),
                    expires_at: proposal.expires_at,
                });
            }
            Done::OrderProposed(proposal) => {
                state.pending = Some(Pending {
                    confirmation: proposal.id.clone(),
                    expires_at: proposal.expires_at,
                });
            }
            Done::ProposalDeclined { decline, .. } => {
                state.active = state
                    .active
                    .take()
                    .and_then(|active| after_decline(active, decline));
            }
            Done::Posted(receipt) | Done::Replayed(receipt) => {
                remember_receipt(&mut state, receipt);
            }
            Done::Placed(pending) | Done::StillPending(pending) => {
                state.last_confirmed = Some(pending.confirmation.clone());
            }
            _ => {}
        }
    }
    state
}

fn remember_receipt(state: &mut DialogueState, receipt: &Receipt) {
    state.last_confirmed = Some(receipt.confirmation.clone());
}

/// A declined amount can be given anew; any other decline ends the flow.
fn after_decline(mut active: ActiveFlow, decline: &Decline) -> Option<ActiveFlow> {
    let another_amount = matches!(
        decline,
        Decline::AmountNotPositive
            | Decline::OverTransferLimit { .. }
            | Decline::InsufficientFunds { .. }
            | Decline::CurrencyMismatch
            | Decline::AmountTooLarge
    ) || matches!(decline, Decline::OverDailyLimit { left, .. } if left.is_positive());
    if !another_amount {
        return None;
    }
    active.slots.clear(Slot::Amount);
    active.asked = Some(Slot::Amount);
    active.asked_times = active.asked_times.saturating_add(1);
    Some(active)
}
