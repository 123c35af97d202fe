//! What came of a plan's steps, put into the conversation's memory. Pure.

use serde::{Deserialize, Serialize};
use vostro_bank::FactorMethod;
use vostro_ledger::Decline;
use vostro_types::{ConfirmationId, TransferId};

use crate::act::{Done, ProposedChange};
use crate::command::{Flow, Slot, SlotValue};
use crate::decide::{Held, about_orders};
use crate::state::{ActiveFlow, DialogueState, Pending};

/// What the memory keeps of a step's result; written down with the turn, for a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// Nothing.
    None,
    /// A proposal waits.
    Proposed(Pending),
    /// The ledger refused a proposal.
    Declined(Decline),
    /// A movement was asked for too soon after others.
    TooOften,
    /// What was asked for is not offered here.
    NotOffered,
    /// There is no standing order.
    OrderSettled,
    /// There is no alert.
    AlertSettled,
    /// Transactions were shown, of which one may be chosen.
    Offered(Vec<TransferId>),
    /// This confirmation stands behind a receipt.
    Confirmed(ConfirmationId),
    /// What was said yes to waits on: its second factor was not given.
    FactorOpen(FactorMethod),
}

impl Effect {
    /// Of a result.
    pub(crate) fn of(done: &Done) -> Self {
        match done {
            Done::Proposed(proposal) => Self::Proposed(Pending {
                confirmation: proposal.id.clone(),
                expires_at: proposal.expires_at,
                change: None,
                factor: None,
            }),
            Done::OrderProposed { proposal, .. } => Self::Proposed(Pending {
                confirmation: proposal.id.clone(),
                expires_at: proposal.expires_at,
                change: None,
                factor: None,
            }),
            Done::ChangeProposed(ProposedChange { proposal, .. }) => Self::Proposed(Pending {
                confirmation: proposal.id.clone(),
                expires_at: proposal.expires_at,
                change: Some(proposal.intent.clone()),
                factor: None,
            }),
            Done::NeedsFactor { proposed, method } => match Self::of(proposed) {
                Self::Proposed(pending) => Self::Proposed(Pending {
                    factor: Some(*method),
                    ..pending
                }),
                other => other,
            },
            Done::FactorWanted(method) | Done::FactorRefused(method) => Self::FactorOpen(*method),
            Done::WhichTransaction { items, .. } => {
                Self::Offered(items.iter().map(|item| item.transfer.clone()).collect())
            }
            Done::Transactions { page, .. } => Self::Offered(
                page.items
                    .iter()
                    .map(|item| item.transfer.clone())
                    .collect(),
            ),
            Done::Changed(receipt) | Done::ChangeReplayed(receipt) => {
                Self::Confirmed(receipt.confirmation.clone())
            }
            Done::WhichSchedule(all) if all.is_empty() => Self::OrderSettled,
            Done::NoPaymentBefore(..) => Self::OrderSettled,
            Done::Alerts {
                alerts,
                unclear: true,
            } if alerts.is_empty() => Self::AlertSettled,
            Done::ProposalDeclined { decline, .. } => Self::Declined(*decline),
            Done::TooOften => Self::TooOften,
            Done::NotOffered => Self::NotOffered,
            Done::Posted(receipt) | Done::Replayed(receipt) => {
                Self::Confirmed(receipt.confirmation.clone())
            }
            Done::Placed(pending) | Done::StillPending(pending) => {
                Self::Confirmed(pending.confirmation.clone())
            }
            _ => Self::None,
        }
    }
}

/// The memory after the turn.
pub(crate) fn settle(
    mut state: DialogueState,
    held: Option<&Held>,
    effects: &[Effect],
) -> DialogueState {
    for effect in effects {
        match effect {
            Effect::None => {}
            Effect::TooOften | Effect::NotOffered => state.active = None,
            Effect::AlertSettled => {
                state.active = state.active.take().filter(|it| !about_alerts(it.flow));
            }
            Effect::OrderSettled => {
                state.active = state.active.take().filter(|it| !about_orders(it.flow));
            }
            Effect::Proposed(pending) => {
                state.pending = Some(pending.clone());
                // Which alert is meant is known now: an amount is what it is to be.
                if let Some(active) = state.active.as_mut()
                    && about_alerts(active.flow)
                {
                    active.asked = None;
                }
            }
            Effect::Declined(decline) => {
                state.active = state
                    .active
                    .take()
                    .and_then(|active| after_decline(active, decline));
            }
            Effect::Offered(transfers) => state.offered.clone_from(transfers),
            Effect::Confirmed(confirmation) => state.last_confirmed = Some(confirmation.clone()),
            Effect::FactorOpen(method) => {
                if let Some(held) = held {
                    state.active.clone_from(&held.active);
                    state.pending = Some(Pending {
                        factor: Some(*method),
                        ..held.pending.clone()
                    });
                }
            }
        }
    }
    state
}

/// Whether a flow looks for an alert.
const fn about_alerts(flow: Flow) -> bool {
    matches!(flow, Flow::RemoveAlert | Flow::ChangeAlert)
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

/// The slots that a reply reports: of the flow in progress, else of the one just finished.
pub(crate) fn reported_slots(state: &DialogueState) -> impl Iterator<Item = &SlotValue> {
    state
        .active
        .as_ref()
        .or(state.last.as_ref())
        .into_iter()
        .flat_map(|flow| flow.slots.iter())
}
