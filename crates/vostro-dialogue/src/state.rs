//! What a conversation remembers from turn to turn.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_bank::{FactorMethod, ServiceOrder};
use vostro_types::{ConfirmationId, TransferId};

use crate::command::{BillerMention, Flow, Slot, SlotValue, TargetMention};
use crate::language::Language;

/// The slots that are filled, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slots(BTreeMap<Slot, SlotValue>);

impl Slots {
    /// Fills or corrects a slot.
    pub fn set(&mut self, value: SlotValue) {
        self.0.insert(value.slot(), value);
    }

    /// The value of a slot.
    pub fn get(&self, slot: Slot) -> Option<&SlotValue> {
        self.0.get(&slot)
    }

    /// Empties a slot.
    pub fn clear(&mut self, slot: Slot) {
        self.0.remove(&slot);
    }

    /// Leaves of a name that nearly fits only whose it may be: what the customer's words were is told once.
    pub(crate) fn forget_words(&mut self, slot: Slot) {
        if let Some(
            SlotValue::Target(TargetMention::Nearly { words, .. })
            | SlotValue::Biller(BillerMention::Nearly { words, .. }),
        ) = self.0.get_mut(&slot)
        {
            words.clear();
        }
    }

    /// The filled slots in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &SlotValue> {
        self.0.values()
    }

    /// Whether none is filled.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<SlotValue> for Slots {
    fn from_iter<I: IntoIterator<Item = SlotValue>>(values: I) -> Self {
        let mut slots = Self::default();
        values.into_iter().for_each(|value| slots.set(value));
        slots
    }
}

/// A flow with what is known so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveFlow {
    /// Which flow.
    pub flow: Flow,
    /// The slots filled.
    pub slots: Slots,
    /// The slot that was asked for last, if the customer owes an answer.
    pub asked: Option<Slot>,
    /// How often the same slot was asked for in a row.
    pub asked_times: u8,
}

impl ActiveFlow {
    /// Fills slots. Something new beside what was asked for is no answer yet, and no misunderstanding
    /// either: the question that follows does not count.
    pub(crate) fn take_in(&mut self, slots: &Slots) {
        let is_news = |value: &SlotValue| {
            self.asked != Some(value.slot()) && self.slots.get(value.slot()) != Some(value)
        };
        if slots.iter().any(is_news) {
            self.asked_times = self.asked_times.saturating_sub(1);
        }
        slots.iter().for_each(|value| self.slots.set(value.clone()));
    }
}

/// A proposal that waits for the customer's yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The proposal's id in the store.
    pub confirmation: ConfirmationId,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What would be changed, where it is no movement: those are kept with the books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ServiceOrder>,
    /// The second factor that it needs besides the yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorMethod>,
}

/// The whole memory of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DialogueState {
    /// The flow in progress: slots being collected, or a proposal waiting.
    pub active: Option<ActiveFlow>,
    /// The proposal made by the active flow.
    pub pending: Option<Pending>,
    /// The last flow that was finished, for "and savings?" and "the same again".
    pub last: Option<ActiveFlow>,
    /// The last confirmation that was answered with yes, for a yes said twice.
    pub last_confirmed: Option<ConfirmationId>,
    /// Messages in a row that were not understood.
    pub misunderstood: u8,
    /// Whether a person has been called to this conversation.
    pub handed_off: bool,
    /// The language of the conversation.
    pub language: Language,
    /// The transactions that were shown last, of which one may be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<TransferId>,
    /// Orders that the customer gave beside the one in progress, to be taken up after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<(Flow, Slots)>,
}
