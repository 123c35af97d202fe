//! Step 3: from an understanding and the conversation's memory to a plan. Pure: the same situation
//! and commands always give the same plan.
//!
//! The rules of the conversation stand here. A question about something else (a digression) is
//! answered and leaves a money flow where it was; a new money flow takes the place of the one in
//! progress; a correction gives up the open proposal and makes a new one; only a yes to an open
//! proposal posts anything. What can be asked and paid stands in [`lookups`] and [`movement`];
//! what came of a plan's steps is put into the memory by [`settle`].

mod alerts;
mod cards;
mod groups;
mod lookups;
mod movement;
mod pauses;
mod people;
mod plan;
mod repair;
mod schedules;
mod services;
mod settle;
mod situation;
mod step_up;
mod yes_no;

pub(crate) use alerts::{AlertSearch, AlertWish};
pub(crate) use pauses::{Pause, Paused};
pub(crate) use plan::{About, Held, Plan, Question, Refusal, Step, Trouble};
pub(crate) use schedules::{Ending, ScheduleChanges};
pub(crate) use settle::{Effect, reported_slots, settle};
pub(crate) use situation::Situation;
pub use step_up::StepUpPolicy;

use vostro_bank::FactorMethod;

use groups::{Group, groups, with_policy};
pub(crate) use people::MOST_WAITING;
use repair::next;

use crate::command::{BillerMention, Command, Flow, HandOffReason, Slot, SlotValue, Understanding};
use crate::screen::{Heard, Screening};
use crate::state::{ActiveFlow, DialogueState, Slots};

/// Makes the plan of a turn.
pub(crate) fn decide(
    situation: &Situation<'_>,
    heard: &Heard<'_>,
    understanding: &Understanding,
) -> Plan {
    let mut walk = Walk::new(situation, heard.message);
    match (heard.screening, situation.person) {
        // A person has the conversation: the assistant says nothing of its own.
        (Screening::Passed, Some(person)) => walk.tell(person),
        (Screening::Passed, None) => walk.follow(&with_policy(heard.handoff_rule, understanding)),
        // What was not read may have been a no: nothing waits for a yes after it.
        (Screening::SelfHarm, _) => {
            walk.hand_off(HandOffReason::SelfHarm);
            walk.withdraw();
        }
        (Screening::Blocked, _) => {
            walk.steps.push(Step::Block);
            walk.withdraw();
        }
    }
    Plan {
        steps: walk.steps,
        state: walk.state,
        factor: walk.factor,
        held: walk.held,
    }
}

/// A plan in the making.
struct Walk<'a> {
    situation: &'a Situation<'a>,
    message: &'a str,
    state: DialogueState,
    steps: Vec<Step>,
    /// A money flow was begun, continued or ended by this message.
    moved: bool,
    /// The second factor that what is proposed needs.
    factor: Option<FactorMethod>,
    /// What was said yes to.
    held: Option<Held>,
}

impl<'a> Walk<'a> {
    fn new(situation: &'a Situation<'a>, message: &'a str) -> Self {
        let mut state = situation.state.clone();
        state.language = situation.spoken.unwrap_or(state.language);
        Self {
            situation,
            message,
            state,
            steps: Vec::new(),
            moved: false,
            factor: None,
            held: None,
        }
    }

    fn follow(&mut self, commands: &[Command]) {
        if commands.is_empty() {
            self.not_understood();
            return;
        }
        if commands != [Command::Unsure] {
            self.state.misunderstood = 0;
        }
        let mut all = groups(commands);
        // "Yes, and pay the water bill": the other order is taken up once the yes is carried out.
        if let Some(Group::Single(Command::Confirm)) = all.first()
            && self.state.pending.is_some()
        {
            let mut others = Vec::new();
            for group in all {
                match group {
                    Group::Start(flow, slots) if !flow.only_looks() => {
                        self.keep_waiting(flow, slots);
                    }
                    other => others.push(other),
                }
            }
            all = others;
        }
        for group in all {
            match group {
                Group::Start(flow, slots) => self.begin(flow, slots),
                Group::Again(changes) => self.again(changes),
                Group::Fill(slots) => self.fill(slots),
                Group::Single(command) => self.single(command),
            }
        }
        self.come_back();
    }

    fn single(&mut self, command: &Command) {
        match command {
            Command::Confirm => self.confirm(),
            Command::Deny => self.deny(),
            Command::Choose { take, leave } => self.choose(take, leave),
            Command::Cancel => {
                self.state.waiting.clear();
                self.give_up();
            }
            Command::Resume => self.resume(),
            Command::Unsure => self.unsure(),
            Command::Recall => self.recall(),
            Command::Ask => self.answer(false),
            Command::ChitChat { kind } => self.steps.push(Step::Say(*kind)),
            Command::HandOff {
                reason: HandOffReason::Dispute,
            } => self.begin(Flow::Dispute, Slots::default()),
            Command::HandOff { reason } => self.hand_off(*reason),
            Command::OutOfScope => self.steps.push(Step::OutOfScope),
            // Grouped before; nothing is left of them here.
            Command::StartFlow { .. } | Command::Again | Command::SetSlot(_) => {}
        }
    }

    fn begin(&mut self, flow: Flow, slots: Slots) {
        match flow {
            Flow::Transfer
            | Flow::PayBill
            | Flow::FreezeCard
            | Flow::UnfreezeCard
            | Flow::ReplaceCard
            | Flow::CardLimit
            | Flow::TravelNotice
            | Flow::AddPayee
            | Flow::RemovePayee
            | Flow::ChangeContact
            | Flow::SetAlert
            | Flow::ChangeAlert
            | Flow::RemoveAlert
            | Flow::ChangeSchedule
            | Flow::CancelSchedule
            | Flow::SkipSchedule
            | Flow::PauseSchedule => self.begin_movement(flow, slots),
            Flow::ReportCard => {
                self.call_person(HandOffReason::Fraud);
                self.interrupt();
                self.begin_movement(flow, slots);
            }
            Flow::Dispute => {
                self.call_person(HandOffReason::Dispute);
                // "The third one" is of the list that was just shown.
                if slots.get(Slot::Pick).is_none() {
                    self.state.offered.clear();
                }
                self.begin_movement(flow, slots);
            }
            Flow::ListCards
            | Flow::ListCases
            | Flow::ListAlerts
            | Flow::ShowProfile
            | Flow::AccountDetails => {
                self.steps
                    .push(services::lookup(self.situation, flow, &slots));
                self.remember(flow, slots);
            }
            Flow::CheckBalance | Flow::ShowTransactions | Flow::SumSpending => {
                let step = lookups::step(self.situation, flow, &slots);
                self.steps.push(step);
                self.remember(flow, slots);
            }
            Flow::ListBills | Flow::ListPayees => {
                let step = match (flow, slots.get(Slot::Biller)) {
                    (Flow::ListPayees, _) => Step::ListPayees,
                    (_, Some(SlotValue::Biller(BillerMention::One(only)))) => {
                        Step::ListBills(Some(only.clone()))
                    }
                    _ => Step::ListBills(None),
                };
                self.steps.push(step);
                self.remember(flow, slots);
            }
            Flow::ListSchedules | Flow::Statement => {
                self.steps
                    .push(schedules::step(self.situation, flow, &slots));
                self.remember(flow, slots);
            }
        }
    }

    /// What is in progress waits: something urgent comes before it.
    fn interrupt(&mut self) {
        self.moved = false;
        if let Some(active) = self.state.active.take()
            && active.flow != Flow::ReportCard
        {
            self.drop_pending();
            self.state.waiting.insert(0, (active.flow, active.slots));
            self.state.waiting.truncate(MOST_WAITING);
        }
    }

    fn remember(&mut self, flow: Flow, slots: Slots) {
        self.state.last = Some(ActiveFlow {
            flow,
            slots,
            asked: None,
            asked_times: 0,
        });
    }

    /// The last finished flow with some slots changed; without one, the slots alone.
    fn again(&mut self, changes: Slots) {
        let Some(last) = self.state.last.clone() else {
            self.fill(changes);
            return;
        };
        let mut slots = last.slots;
        // "And the electric one too": what was due on one bill is not due on another.
        let another = changes.get(Slot::Biller).is_some();
        if last.flow == Flow::PayBill && another && changes.get(Slot::Amount).is_none() {
            slots.clear(Slot::Amount);
        }
        changes.iter().for_each(|value| slots.set(value.clone()));
        self.begin(last.flow, slots);
    }

    /// Slots without a flow: for the money flow in progress, else a change to the last lookup.
    fn fill(&mut self, slots: Slots) {
        if let Some(mut active) = self.state.active.take() {
            active.take_in(&slots);
            if active.flow == Flow::Dispute && services::narrows(&slots) {
                active.slots.clear(Slot::Pick);
            }
            self.drop_pending();
            self.state.active = Some(active);
            self.advance();
        } else if self
            .state
            .last
            .as_ref()
            .is_some_and(|last| !asks_for_yes(last.flow))
        {
            self.again(slots);
        } else {
            self.not_understood();
        }
    }

    fn begin_movement(&mut self, flow: Flow, slots: Slots) {
        if self.moved {
            self.queue(flow, slots);
            return;
        }
        // What another order takes the place of is said to be given up.
        match &self.state.active {
            Some(open) if open.flow == flow && open.slots == slots => self.drop_pending(),
            _ => self.withdraw(),
        }
        self.state.active = Some(ActiveFlow {
            flow,
            slots,
            asked: None,
            asked_times: 0,
        });
        self.advance();
    }

    /// Gives up the open proposal because another takes its place.
    fn drop_pending(&mut self) {
        if let Some(pending) = self.state.pending.take() {
            if pending.change.is_some() {
                self.steps.push(Step::DropChange { replaced: true });
                return;
            }
            let confirmation = pending.confirmation;
            self.steps.push(Step::CancelProposal {
                confirmation,
                replaced: true,
            });
        }
    }

    /// Takes the active flow as far as its slots allow: to a proposal, or to the next question.
    fn advance(&mut self) {
        self.moved = true;
        let Some(mut active) = self.state.active.take() else {
            return;
        };
        match next(self.situation, &self.state, &mut active) {
            movement::Next::Propose(step, factor) => {
                self.factor = factor;
                let chooses = matches!(*step, Step::FindDisputed { .. } | Step::FindAlert(_))
                    || about_orders(active.flow);
                active.asked = chooses.then_some(Slot::Pick);
                active.asked_times = 0;
                self.state.active = Some(active);
                self.steps.push(*step);
            }
            movement::Next::Ask(question) => self.ask(active, question),
            movement::Next::Refuse(refusal) => self.steps.push(Step::Refuse(refusal)),
            movement::Next::Person(reason) => self.leave_to_person(active, reason),
        }
    }
}

/// Whether a flow is about a standing order in force.
const fn about_orders(flow: Flow) -> bool {
    matches!(
        flow,
        Flow::CancelSchedule | Flow::SkipSchedule | Flow::PauseSchedule | Flow::ChangeSchedule
    )
}

/// Whether a flow changes something, so that it is never done again with other slots by a word.
const fn asks_for_yes(flow: Flow) -> bool {
    matches!(flow, Flow::Transfer | Flow::PayBill) || is_spoken_of(flow)
}

/// Whether what a change made is what is spoken of behind it: "make it 50", "send her 20".
const fn is_spoken_of(flow: Flow) -> bool {
    matches!(flow, Flow::AddPayee | Flow::SetAlert | Flow::ChangeAlert)
}
