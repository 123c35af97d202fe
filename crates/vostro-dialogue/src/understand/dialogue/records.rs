//! What is said of an alert that was just set or shown, and of payees that were.

use super::Reader;
use super::pointing::words::{AROUND, CHANGE, END, POINTING};
use crate::command::{
    AccountMention, AmountMention, Command, Flow, Slot, SlotValue, TargetMention,
};
use crate::entities::count::nth;
use crate::state::ActiveFlow;

use super::start;

/// Words for all of those that were shown.
const ALL: &[&str] = &[
    "all", "them", "those", "these", "both", "todas", "todos", "las", "los",
];

impl Reader<'_> {
    /// "Make it 50", "actually remove it", of the alert that was just set or of those that were shown.
    pub(super) fn of_an_alert(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let set = last.flow != Flow::ListAlerts;
        let mut tokens = self.text.tokens.iter();
        let verb = tokens.find(|token| !token.is_any(AROUND) && !token.is_symbol(','))?;
        let points = self.place().is_some() || self.has_word(POINTING);
        let which = || -> Vec<SlotValue> {
            let of = |slot| last.slots.get(slot).cloned().filter(|_| set);
            let below = match of(Slot::Amount) {
                Some(SlotValue::Amount(AmountMention::Exact(money))) => {
                    Some(SlotValue::AtMost(money.abs()))
                }
                _ => None,
            };
            below.into_iter().chain(of(Slot::Account)).collect()
        };
        if set && verb.is_any(END) && points && self.only_points() {
            return Some(start(Flow::RemoveAlert, which()));
        }
        if !(verb.is_any(CHANGE) && points) {
            return None;
        }
        let mut slots = self.reading(self.whole, true).slots(Flow::ChangeAlert);
        if !slots.iter().any(|value| value.slot() == Slot::Amount) {
            return None;
        }
        for value in which() {
            if !slots.iter().any(|it| it.slot() == value.slot()) {
                slots.push(value);
            }
        }
        slots.sort_by_key(SlotValue::slot);
        Some(start(Flow::ChangeAlert, slots))
    }

    /// The place of the alert that is meant, or all of those that were shown.
    pub(super) fn alert_at(&self) -> Vec<SlotValue> {
        let place = self.place().map(SlotValue::pick);
        let all = || {
            let all = self.has_word(ALL);
            all.then_some(SlotValue::Account(AccountMention::All))
        };
        place.or_else(all).into_iter().collect()
    }

    /// The payee at the place that is meant, or all of those that were shown.
    pub(super) fn payee_at(&self) -> Option<SlotValue> {
        let payees = &self.around.portfolio.payees;
        let target = match self.place() {
            Some(place) => TargetMention::Payee(nth(payees, place)?.id.clone()),
            None if self.has_word(ALL) => {
                TargetMention::Each(payees.iter().map(|payee| payee.id.clone()).collect())
            }
            None => return None,
        };
        Some(SlotValue::Target(target))
    }
}
