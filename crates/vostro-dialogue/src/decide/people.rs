//! When a person is called, what they are told first, and what waits meanwhile.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vostro_types::HandOffId;

use super::{Step, Walk};
use crate::command::{Flow, HandOffReason};
use crate::state::{ActiveFlow, Slots};
use crate::words::slot_text;

/// The most orders that wait for the one in progress.
pub(crate) const MOST_WAITING: usize = 8;

impl Walk<'_> {
    pub(super) fn tell(&mut self, person: &HandOffId) {
        self.state.handed_off = true;
        self.steps.push(Step::TellPerson {
            hand_off: person.clone(),
            text: self.message.to_owned(),
        });
    }

    /// Another order beside the one in progress: taken up when that one is answered.
    pub(super) fn queue(&mut self, flow: Flow, slots: Slots) {
        self.keep_waiting(flow, slots);
        if !self.steps.contains(&Step::OneAtATime) {
            self.steps.push(Step::OneAtATime);
        }
    }

    pub(super) fn keep_waiting(&mut self, flow: Flow, slots: Slots) {
        if self.state.waiting.len() < MOST_WAITING {
            self.state.waiting.push((flow, slots));
        }
    }

    /// The next of the orders that wait, if nothing else is open.
    pub(super) fn take_up(&mut self) {
        if self.state.pending.is_some() || self.state.active.is_some() {
            return;
        }
        if !self.state.waiting.is_empty() {
            let (flow, slots) = self.state.waiting.remove(0);
            self.moved = false;
            self.begin(flow, slots);
        }
    }

    /// Calls a person, and gives what the knowledge base has on the matter meanwhile.
    pub(super) fn hand_off(&mut self, reason: HandOffReason) {
        self.call_person(reason);
        match reason {
            HandOffReason::Dispute
            | HandOffReason::Fraud
            | HandOffReason::Hardship
            | HandOffReason::Bereavement
            | HandOffReason::Unsupported => self.answer(true),
            HandOffReason::Asked
            | HandOffReason::SelfHarm
            | HandOffReason::NotUnderstood
            | HandOffReason::HighValue => {}
        }
    }

    /// What the assistant may not propose: a person gets it with all that was said.
    pub(super) fn leave_to_person(&mut self, active: ActiveFlow, reason: HandOffReason) {
        self.state.active = Some(active);
        self.hand_off(reason);
        self.state.active = None;
    }

    pub(super) fn call_person(&mut self, reason: HandOffReason) {
        self.state.handed_off = true;
        let called =
            |step: &Step| matches!(step, Step::HandOff { reason: it, .. } if *it == reason);
        if self.steps.iter().any(called) {
            return;
        }
        let summary = self.summary();
        self.steps.push(Step::HandOff { reason, summary });
    }

    /// What a person should know first, personal data masked: what was said, and the flow with its slots.
    fn summary(&self) -> Value {
        let flow = self.state.active.as_ref().or(self.state.last.as_ref());
        let slots: BTreeMap<_, _> = flow
            .into_iter()
            .flat_map(|flow| flow.slots.iter())
            .map(|value| {
                let text = slot_text(self.situation.portfolio, value);
                (value.slot().as_str(), text)
            })
            .collect();
        json!({
            "said": self.message,
            "flow": flow.map(|flow| flow.flow.as_str()),
            "slots": slots,
            "waits_for_yes": self.state.pending.is_some(),
            "language": self.state.language.code(),
        })
    }
}
