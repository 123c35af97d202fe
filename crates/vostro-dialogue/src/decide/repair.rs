//! Repair: asking again, not having understood, and coming back after a digression.

use vostro_ledger::Proposal;

use super::{Question, Refusal, Situation, Step, Trouble, Walk, movement, schedules, services};
use crate::command::{ChitChat, Flow, HandOffReason, Slot};
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
        question.choose = active.asked_times > 1;
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
                movement::Next::Person(reason) => self.leave_to_person(active, reason),
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
            movement::Next::Person(reason) => self.leave_to_person(active, reason),
        }
    }

    /// "I don't know": what helps to answer is shown, and then it is asked again. Three times in a row, and a
    /// person is called.
    pub(super) fn unsure(&mut self) {
        self.state.misunderstood = self.state.misunderstood.saturating_add(1);
        if self.state.misunderstood >= PATIENCE {
            self.state.misunderstood = 0;
            self.hand_off(HandOffReason::NotUnderstood);
            return;
        }
        let open = self.state.active.as_ref();
        let step = match open.filter(|_| self.state.pending.is_none()) {
            Some(active) => help(self.situation, active),
            None => Step::Refuse(Refusal::Undecided),
        };
        self.steps.push(step);
    }

    /// Answers the customer's question from the knowledge base.
    pub(super) fn answer(&mut self, beside_handoff: bool) {
        let question = self.message.to_owned();
        self.steps.push(Step::Answer {
            question,
            beside_handoff,
        });
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
    } else if super::about_orders(active.flow) {
        schedules::next(situation, active)
    } else {
        services::next(situation, state, active)
    }
}

/// What helps to fill the slot that was asked for: the customer's own records, or else what the knowledge
/// base says of the matter.
fn help(situation: &Situation<'_>, active: &ActiveFlow) -> Step {
    match (active.flow, active.asked) {
        (Flow::PayBill, Some(Slot::Biller)) => Step::ListBills(None),
        (_, Some(Slot::Source | Slot::Account)) | (Flow::Transfer, Some(Slot::Amount)) => {
            Step::ShowBalances {
                accounts: services::all_accounts(situation),
                unknown: None,
            }
        }
        (_, Some(Slot::Card)) => Step::ListCards,
        (flow, _) => Step::Answer {
            question: matter(flow).to_owned(),
            beside_handoff: false,
        },
    }
}

/// What a flow is about, as a question to the knowledge base.
const fn matter(flow: Flow) -> &'static str {
    match flow {
        Flow::Transfer => "Who can I send money to?",
        Flow::PayBill => "How do I pay a bill?",
        Flow::Dispute => "How do I dispute a charge?",
        Flow::AddPayee | Flow::RemovePayee => "How do I save or remove a payee?",
        Flow::ChangeContact => "How do I change my address, e-mail or phone number?",
        Flow::SetAlert | Flow::ChangeAlert | Flow::RemoveAlert => "How do balance alerts work?",
        Flow::TravelNotice => "What is a travel notice?",
        Flow::CardLimit => "What is the daily limit of a card?",
        _ => "What can the assistant do?",
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
