//! A yes, a no, a stop, and taking back what was done.

use vostro_ledger::Proposal;

use super::{Held, Step, Walk, is_spoken_of, movement};
use crate::command::{BillerMention, ChitChat, SlotValue, TargetMention};
use crate::state::ActiveFlow;

impl Walk<'_> {
    pub(super) fn confirm(&mut self) {
        self.moved = true;
        if let Some(pending) = self.state.pending.take() {
            let active = self.state.active.take();
            let needs_factor = pending.factor.is_some();
            self.held = Some(Held {
                active: active.clone(),
                pending: pending.clone(),
            });
            if let Some(change) = pending.change {
                if let Some(active) = active.filter(|active| is_spoken_of(active.flow)) {
                    self.state.last = Some(active);
                }
                let (id, ends) = (pending.confirmation, pending.expires_at);
                let proposal = Proposal::new(id, change, ends);
                self.steps.push(Step::CarryOut(proposal));
            } else {
                // For "the same to Anna" and "pay it again": what was due then is not due now.
                self.state.last = active.map(|mut active| {
                    let due = movement::bill_due(self.situation.portfolio, &active);
                    if let Some(due) = due {
                        active.slots.set(due);
                    }
                    active
                });
                self.steps.push(Step::Post(pending.confirmation));
            }
            // Whether it is done is not known yet where a second factor decides.
            if !needs_factor {
                self.take_up();
            }
        } else if let Some(active) = self.state.active.as_mut() {
            // "Did you mean John?" "Yes": that, and no more than that.
            if let Some(meant) = meant(active) {
                active.slots.set(meant);
            }
            self.advance();
        } else if let Some(confirmation) = self.state.last_confirmed.clone() {
            self.steps.push(Step::RepeatReceipt(confirmation));
        } else {
            self.steps.push(Step::NothingToConfirm);
        }
    }

    pub(super) fn deny(&mut self) {
        // "Did you mean John?" "No": then whom?
        if self.state.pending.is_none()
            && let Some(active) = self.state.active.as_mut()
            && let Some(refused) = meant(active)
        {
            active.slots.clear(refused.slot());
            active.asked = None;
            self.advance();
            return;
        }
        self.give_up();
        // What is asked for in the same breath is not queued behind what was refused.
        self.moved = false;
        self.take_up();
    }

    /// Of the orders that wait, some are wanted and some are not. Yes is said to the first alone, which was shown; what
    /// else is wanted comes before the customer next, and of what was not spoken of nothing changes.
    pub(super) fn choose(&mut self, take: &[u32], leave: &[u32]) {
        let place = |at: usize| u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX);
        let behind = std::mem::take(&mut self.state.waiting);
        let (mut wanted, mut others, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for (at, order) in behind.into_iter().enumerate() {
            // The first place is the one that is before the customer.
            let at = place(at.saturating_add(1));
            if leave.contains(&at) {
                out.push(order);
            } else if take.contains(&at) {
                wanted.push(order);
            } else {
                others.push(order);
            }
        }
        if !out.is_empty() {
            self.steps.push(Step::LeaveOut(out));
        }
        let brought = !wanted.is_empty();
        self.state.waiting = wanted;
        if leave.contains(&1) {
            self.state.waiting.append(&mut others);
            self.deny();
        } else if take.contains(&1) {
            self.state.waiting.append(&mut others);
            self.confirm();
        } else if brought {
            let before = self.state.active.clone();
            self.state
                .waiting
                .extend(before.map(|active| (active.flow, active.slots)));
            self.state.waiting.append(&mut others);
            self.drop_pending();
            self.state.active = None;
            self.steps.push(Step::OneAtATime);
            self.take_up();
        } else {
            self.state.waiting = others;
        }
    }

    pub(super) fn give_up(&mut self) {
        self.moved = true;
        if self.state.pending.is_some() {
            self.withdraw();
        } else if self.state.active.take().is_some() {
            self.steps.push(Step::Stopped);
        } else if let Some(confirmation) = self.state.last_confirmed.clone() {
            // Too late to stop it: say what stands.
            self.steps.push(Step::RepeatReceipt(confirmation));
        } else {
            self.steps.push(Step::Say(ChitChat::SmallTalk));
        }
    }

    /// Takes a transfer back; while a proposal waits, that is what is meant.
    pub(super) fn recall(&mut self) {
        self.moved = true;
        if self.state.pending.is_some() {
            self.withdraw();
        } else {
            let confirmation = self.state.last_confirmed.clone();
            self.steps.push(Step::Recall(confirmation));
        }
    }

    /// Gives up a proposal that waits, and says so.
    pub(super) fn withdraw(&mut self) {
        if let Some(pending) = self.state.pending.take() {
            self.state.active = None;
            if pending.change.is_some() {
                self.steps.push(Step::DropChange { replaced: false });
                return;
            }
            let confirmation = pending.confirmation;
            self.steps.push(Step::CancelProposal {
                confirmation,
                replaced: false,
            });
        }
    }
}

/// What a yes to "did you mean …?" takes, and a no refuses.
fn meant(active: &ActiveFlow) -> Option<SlotValue> {
    let asked = active.asked?;
    match active.slots.get(asked)? {
        SlotValue::Target(TargetMention::Nearly { payee, .. }) => {
            Some(SlotValue::Target(TargetMention::Payee(payee.clone())))
        }
        SlotValue::Biller(BillerMention::Nearly { biller, .. }) => {
            Some(SlotValue::Biller(BillerMention::One(biller.clone())))
        }
        _ => None,
    }
}
