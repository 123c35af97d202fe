//! A yes, a no, a stop, and taking back what was done.

use vostro_ledger::Proposal;

use super::{Held, Step, Walk, movement};
use crate::command::{ChitChat, Flow};

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
                if let Some(active) = active.filter(|active| active.flow == Flow::AddPayee) {
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
        } else if self.state.active.is_some() {
            self.advance();
        } else if let Some(confirmation) = self.state.last_confirmed.clone() {
            self.steps.push(Step::RepeatReceipt(confirmation));
        } else {
            self.steps.push(Step::NothingToConfirm);
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
