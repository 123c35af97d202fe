//! From a model's answer to commands. What is not on offer, what the customer did not say and what the
//! entity readers do not find in the customer's own records is dropped without a word.
//!
//! A slot is never filled by what the model wrote. It says which of the customer's words are meant, and those
//! words are read as if they were the customer's answer to that very question.

use serde::Deserialize;
use serde_json::Value;

use super::offer::{Offer, may_call_for, offer};
use crate::command::{
    AccountMention, AmountMention, BillerMention, ChitChat, Command, Flow, HandOffReason, Slot,
    SlotValue, TargetMention,
};
use crate::hide::Said;
use crate::state::{ActiveFlow, DialogueState, Slots};
use crate::understand::{Context, understand};

/// A message asks for no more than so much.
const MOST: usize = 12;

/// What a model may write.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
enum Proposed {
    StartFlow { flow: Flow },
    SetSlot { slot: Slot, words: String },
    AskKnowledge,
    ChitChat { kind: ChitChat },
    HandOff { reason: HandOffReason },
    OutOfScope,
}

#[derive(Deserialize)]
struct Answer {
    commands: Vec<Value>,
}

/// The commands of an answer that hold. Any text is an answer; most have none.
pub(super) fn accept(answer: &str, said: &Said, context: &Context<'_>) -> Vec<Command> {
    let Ok(answer) = serde_json::from_str::<Answer>(answer) else {
        return Vec::new();
    };
    let proposal_waits = context.state.pending.is_some();
    let open = context.state.active.as_ref().filter(|_| !proposal_waits);
    let mut accepted = Accepted {
        said,
        context,
        proposal_waits,
        flow: open.and_then(|active| offer(active.flow, false)),
        filled: Vec::new(),
        moves: false,
        commands: Vec::new(),
    };
    for value in answer.commands.into_iter().take(MOST) {
        if let Ok(proposed) = serde_json::from_value(value) {
            accepted.take(proposed);
        }
    }
    accepted.commands
}

struct Accepted<'a> {
    said: &'a Said,
    context: &'a Context<'a>,
    proposal_waits: bool,
    /// The flow whose slots may be filled.
    flow: Option<&'static Offer>,
    /// Its slots that are.
    filled: Vec<Slot>,
    /// A movement of money was begun.
    moves: bool,
    commands: Vec<Command>,
}

impl Accepted<'_> {
    fn take(&mut self, proposed: Proposed) {
        match proposed {
            Proposed::StartFlow { flow } => self.start(flow),
            Proposed::SetSlot { slot, words } => self.fill(slot, &words),
            Proposed::AskKnowledge => self.only(Command::Ask),
            Proposed::ChitChat { kind } => self.only(Command::ChitChat { kind }),
            Proposed::HandOff { reason } if may_call_for(reason) => {
                self.only(Command::HandOff { reason });
            }
            Proposed::HandOff { .. } => {}
            Proposed::OutOfScope => self.only(Command::OutOfScope),
        }
    }

    fn start(&mut self, flow: Flow) {
        // Slots behind a flow that is not on offer belong to nothing.
        self.flow = offer(flow, self.proposal_waits || self.moves);
        self.filled.clear();
        let alone =
            |command: &Command| !matches!(command, Command::StartFlow { .. } | Command::SetSlot(_));
        if self.commands.iter().any(alone) {
            self.flow = None;
        }
        if let Some(offer) = self.flow {
            self.moves |= offer.moves;
            self.commands.push(Command::StartFlow { flow });
        }
    }

    fn fill(&mut self, slot: Slot, words: &str) {
        let Some(flow) = self.flow else { return };
        if !flow.slots.contains(&slot) || self.filled.contains(&slot) {
            return;
        }
        if let Some(value) = self.read(flow.flow, slot, words) {
            self.filled.push(slot);
            self.commands.push(Command::SetSlot(value));
        }
    }

    /// What stands for itself, and only where nothing else was asked for.
    fn only(&mut self, command: Command) {
        if self.commands.is_empty() {
            self.commands.push(command);
            self.flow = None;
        }
    }

    /// Reads the customer's own words as their answer to the question for this slot.
    fn read(&self, flow: Flow, slot: Slot, words: &str) -> Option<SlotValue> {
        let Some(own) = self.said.own_words(words) else {
            return closed(slot, words);
        };
        let state = DialogueState {
            active: Some(ActiveFlow {
                flow,
                slots: Slots::default(),
                asked: Some(slot),
                asked_times: 1,
            }),
            ..DialogueState::default()
        };
        let context = Context {
            state: &state,
            ..*self.context
        };
        let read = understand(&own, &context).commands.into_iter();
        read.filter_map(|command| match command {
            Command::SetSlot(value) => Some(value),
            _ => None,
        })
        .find(|value| value.slot() == slot && is_found(value))
        .or_else(|| closed(slot, words))
    }
}

/// A value that comes from a closed list and only narrows what is shown.
fn closed(slot: Slot, words: &str) -> Option<SlotValue> {
    let word = Value::from(words.trim().to_lowercase().replace(' ', "_"));
    match slot {
        Slot::Category => serde_json::from_value(word).ok().map(SlotValue::Category),
        Slot::Direction => serde_json::from_value(word).ok().map(SlotValue::Direction),
        _ => None,
    }
}

/// Whether the readers found what the words name.
const fn is_found(value: &SlotValue) -> bool {
    !matches!(
        value,
        SlotValue::Amount(AmountMention::Unreadable(_))
            | SlotValue::Source(AccountMention::Unknown(_))
            | SlotValue::Account(AccountMention::Unknown(_))
            | SlotValue::Target(TargetMention::UnknownName(_) | TargetMention::Nearly { .. })
            | SlotValue::Biller(BillerMention::Unknown(_) | BillerMention::Nearly { .. })
    )
}

#[cfg(test)]
mod tests;
