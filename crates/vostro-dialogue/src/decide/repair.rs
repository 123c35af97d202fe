//! Repair: asking again, not having understood, and coming back after a digression.

use super::{Question, Refusal, Step, Trouble, Walk, movement, next, remind};
use crate::command::HandOffReason;
use crate::state::ActiveFlow;

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
                movement::Next::Propose(step) => {
                    self.state.active = Some(active);
                    self.steps.push(*step);
                }
                movement::Next::Refuse(refusal) => self.steps.push(Step::Refuse(refusal)),
            },
            None => self.answer(false),
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
