//! Replay: recorded commands go through `decide` again, offline, and must lead to the memory that was
//! recorded.
//!
//! A turn's record has everything that its decision rested on besides the customer's text: the commands, the
//! facts of the moment (time, portfolio, screening, the id for a proposal) and what came of each step. The
//! text is not needed and may be masked or erased. Deciding and settling are pure, so the same record
//! gives the same steps and the same memory; where it does not, the record was altered, or the program
//! decides otherwise than the one that recorded. Left out: the words of replies, and the ledger itself,
//! whose receipts stand in the record.

mod facts;
mod told;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use vostro_bank::RecordedTurn;
use vostro_types::TurnId;

use crate::command::{Command, Understanding};
use crate::decide::{Effect, Plan, Step, settle};
use crate::state::DialogueState;
pub(crate) use facts::{Facts, Moment};

/// What a replay says of one turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayedTurn {
    /// Its place in the conversation, from 1.
    pub version: u64,
    /// Its id.
    pub id: TurnId,
    /// When the message came.
    pub at: Timestamp,
    /// The program's version that recorded it, as far as the record can be read.
    pub program: Option<String>,
    /// The names of the recorded commands.
    pub commands: Vec<String>,
    /// What was decided upon now, step by step.
    pub decision: Vec<Value>,
    /// The hash of the memory after the turn, as recorded.
    pub recorded_hash: Option<String>,
    /// The hash of the memory after the turn, as replayed.
    pub replayed_hash: Option<String>,
    /// How the two compare.
    pub outcome: ReplayOutcome,
}

/// How a replayed turn compares with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayOutcome {
    /// The same steps, and the same memory afterwards.
    Equal,
    /// The record cannot be read.
    Unreadable,
    /// A turn before it is not there.
    Gap,
    /// The commands lead to other steps than those that were carried out.
    OtherSteps,
    /// What was recorded as come of the steps does not belong to them.
    OtherOutcomes,
    /// The memory afterwards is another.
    OtherState,
    /// An older program recorded the turn, without what a replay needs.
    NotRecorded,
    /// It follows a turn that could not be replayed.
    Unreached,
}

impl ReplayOutcome {
    /// Whether record and replay contradict each other.
    pub const fn is_mismatch(self) -> bool {
        matches!(
            self,
            Self::Unreadable
                | Self::Gap
                | Self::OtherSteps
                | Self::OtherOutcomes
                | Self::OtherState
        )
    }
}

/// A conversation on its way through a replay: give it the turns in order.
#[derive(Debug, Default)]
pub struct Replay {
    /// The memory before the next turn; `None` after a turn that could not be replayed.
    state: Option<DialogueState>,
    version: u64,
}

impl Replay {
    /// At the beginning of a conversation.
    pub fn new() -> Self {
        Self {
            state: Some(DialogueState::default()),
            version: 0,
        }
    }

    /// Replays the next turn.
    pub fn turn(&mut self, turn: &RecordedTurn) -> ReplayedTurn {
        let mut replayed = ReplayedTurn {
            version: turn.version,
            id: turn.id.clone(),
            at: turn.at,
            program: None,
            commands: told::names(&turn.commands),
            decision: Vec::new(),
            recorded_hash: None,
            replayed_hash: None,
            outcome: ReplayOutcome::NotRecorded,
        };
        let expected = self.version.saturating_add(1);
        self.version = turn.version;
        let before = self.state.take();
        if turn.version != expected {
            replayed.outcome = ReplayOutcome::Gap;
            return replayed;
        }
        let Some(evidence) = &turn.evidence else {
            return replayed;
        };
        replayed.recorded_hash = Some(evidence.state_hash.clone());
        let facts = serde_json::from_str::<Facts>(evidence.facts.as_str());
        let commands = serde_json::from_value::<Vec<Command>>(turn.commands.clone());
        let (Ok(facts), Ok(commands)) = (facts, commands) else {
            replayed.outcome = ReplayOutcome::Unreadable;
            return replayed;
        };
        replayed.program = Some(facts.program.clone());
        let before = if facts.afresh {
            Some(DialogueState::default())
        } else {
            before
        };
        let Some(before) = before else {
            replayed.outcome = ReplayOutcome::Unreached;
            return replayed;
        };
        let understanding = Understanding {
            commands,
            confidence: 1.0,
        };
        let plan = facts.decide(&before, &understanding);
        replayed.decision = told::steps(&plan.steps);
        if told::hash(&replayed.decision) != facts.steps {
            replayed.outcome = ReplayOutcome::OtherSteps;
            return replayed;
        }
        if !outcomes_fit(&plan, &facts.effects) {
            replayed.outcome = ReplayOutcome::OtherOutcomes;
            return replayed;
        }
        let after = settle(plan.state, plan.held.as_ref(), &facts.effects);
        let hash = state_hash(&after);
        replayed.outcome = if hash == evidence.state_hash {
            self.state = Some(after);
            ReplayOutcome::Equal
        } else {
            ReplayOutcome::OtherState
        };
        replayed.replayed_hash = Some(hash);
        replayed
    }
}

/// Whether each effect is one that its step can have.
fn outcomes_fit(plan: &Plan, effects: &[Effect]) -> bool {
    let fits = |step: &Step, effect: &Effect| match (step, effect) {
        // Which one is taken back is found among what is not final yet.
        // Whether something is offered is the configuration's of then.
        (_, Effect::None | Effect::NotOffered)
        | (Step::Recall(_), Effect::Confirmed(_))
        | (Step::Post(_) | Step::CarryOut(_), Effect::FactorOpen(_))
        | (Step::FindDisputed { .. } | Step::ShowTransactions { .. }, Effect::Offered(_))
        | (
            Step::EndSchedule(_) | Step::ChangeSchedule(_) | Step::PauseSchedule(_),
            Effect::OrderSettled,
        )
        | (Step::FindAlert(_), Effect::AlertSettled)
        | (
            Step::Propose(_)
            | Step::ProposeOrder(_)
            | Step::ChangeSchedule(_)
            | Step::PauseSchedule(_),
            Effect::Declined(_) | Effect::TooOften,
        ) => true,
        (Step::Propose(proposal), Effect::Proposed(pending)) => {
            pending.confirmation == proposal.id && pending.expires_at == proposal.expires_at
        }
        (Step::ProposeChange(proposal), Effect::Proposed(pending)) => {
            pending.confirmation == proposal.id && pending.expires_at == proposal.expires_at
        }
        (Step::FindDisputed { confirmation, .. }, Effect::Proposed(pending)) => {
            pending.confirmation == *confirmation
        }
        (Step::FindAlert(search), Effect::Proposed(pending)) => {
            pending.confirmation == search.confirmation
        }
        (Step::ChangeSchedule(changes), Effect::Proposed(pending)) => {
            pending.confirmation == changes.confirmation && pending.expires_at == changes.expires_at
        }
        (Step::PauseSchedule(pause), Effect::Proposed(pending)) => {
            pending.confirmation == pause.confirmation && pending.expires_at == pause.expires_at
        }
        (Step::EndSchedule(ending), Effect::Proposed(pending)) => {
            pending.confirmation == ending.confirmation && pending.expires_at == ending.expires_at
        }
        (Step::CarryOut(proposal), Effect::Confirmed(confirmed)) => proposal.id == *confirmed,
        (Step::ProposeOrder(proposal), Effect::Proposed(pending)) => {
            pending.confirmation == proposal.id && pending.expires_at == proposal.expires_at
        }
        (
            Step::Post(id)
            | Step::RepeatReceipt(id)
            | Step::CancelProposal {
                confirmation: id, ..
            },
            Effect::Confirmed(confirmed),
        ) => id == confirmed,
        _ => false,
    };
    plan.steps.len() == effects.len()
        && plan
            .steps
            .iter()
            .zip(effects)
            .all(|(step, effect)| fits(step, effect))
}

/// SHA-256 over the memory as canonical JSON, in hexadecimal.
pub(crate) fn state_hash(state: &DialogueState) -> String {
    let value = serde_json::to_value(state).unwrap_or_default();
    told::hash_of("vostro.dialogue.state.v1", &value)
}
