//! Repair: asking again, not having understood, and coming back after a digression.

use vostro_ledger::Proposal;

use super::{Question, Refusal, Situation, Step, Trouble, Walk, movement, services};
use crate::command::{ChitChat, Flow, HandOffReason};
use crate::state::{ActiveFlow, DialogueState, Pending};

/// So often in a row is one question asked, or one message not understood, before a person is called.
const PATIENCE: u8 = 3;

impl Walk<'_> {
    /// Asks; the second time with choices; the same thing never a third time: then a person is called.
    pub(super) fn ask(&mut self, mut active: ActiveFlow, mut question: Question) {
        let again = active.asked == Some(question.slot);
        active.asked_times = if again {
            active.asked_times.saturating_add(1)
        } else {
            1
        };
        active.asked = Some(question.slot);
        if active.asked_times >= PATIENCE {
            self.hand_off(HandOffReason::NotUnderstood);
            return;
        }
        question.choose = again;
        self.state.active = Some(active);
        self.steps.push(Step::AskFor(question));
    }

    /// Nothing was understood: an open question is asked again, else the knowledge base is tried.
    pub(super) fn not_understood(&mut self) {
        self.moved = true;
        self.state.misunderstood = self.state.misunderstood.saturating_add(1);
        if self.state.misunderstood >= PATIENCE {
            self.state.misunderstood = 0;
            self.hand_off(HandOffReason::NotUnderstood);
            return;
        }
        if let Some(pending) = &self.state.pending {
            let remind = remind(pending);
            self.steps
                .extend([Step::Refuse(Refusal::NotUnderstood), remind]);
            return;
        }
        match self.state.active.take() {
            Some(mut active) => match next(self.situation, &self.state, &mut active) {
                movement::Next::Ask(mut question) => {
                    question.trouble.get_or_insert(Trouble::NotUnderstood);
                    self.ask(active, question);
                }
                movement::Next::Propose(step, factor) => {
                    self.factor = factor;
                    self.state.active = Some(active);
                    self.steps.push(*step);
                }
                movement::Next::Refuse(refusal) => self.steps.push(Step::Refuse(refusal)),
            },
            None => self.answer(false),
        }
    }

    /// "Go on": what is open is said once more; a proposal waits for its yes as before.
    pub(super) fn resume(&mut self) {
        if self.state.pending.is_some() {
            return;
        }
        let Some(mut active) = self.state.active.clone() else {
            self.steps.push(Step::Say(ChitChat::SmallTalk));
            return;
        };
        match next(self.situation, &self.state, &mut active) {
            // Asked by the way back from a digression.
            movement::Next::Ask(_) => {}
            movement::Next::Propose(step, factor) => {
                self.moved = true;
                self.factor = factor;
                self.steps.push(*step);
            }
            movement::Next::Refuse(refusal) => self.steps.push(Step::Refuse(refusal)),
        }
    }

    /// After a digression: back to the proposal that waits, or the question that is open.
    pub(super) fn come_back(&mut self) {
        if self.moved
            || self
                .steps
                .iter()
                .any(|step| matches!(step, Step::HandOff { .. }))
        {
            return;
        }
        if let Some(pending) = &self.state.pending {
            let remind = remind(pending);
            self.steps.push(remind);
        } else if let Some(mut active) = self.state.active.clone()
            && let movement::Next::Ask(question) = next(self.situation, &self.state, &mut active)
        {
            self.steps.push(Step::AskFor(question));
        }
    }
}

/// Where a flow that asks for a yes goes from here.
pub(super) fn next(
    situation: &Situation<'_>,
    state: &DialogueState,
    active: &mut ActiveFlow,
) -> movement::Next {
    if matches!(active.flow, Flow::Transfer | Flow::PayBill) {
        movement::next(situation, active)
    } else {
        services::next(situation, state, active)
    }
}

/// Says once more what waits for a yes.
fn remind(pending: &Pending) -> Step {
    match &pending.change {
        Some(change) => {
            let (id, ends) = (pending.confirmation.clone(), pending.expires_at);
            Step::RemindChange(Proposal::new(id, change.clone(), ends))
        }
        None => Step::Remind(pending.confirmation.clone()),
    }
}
