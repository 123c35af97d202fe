//! What is said of bills that were just shown or paid: "pay it from savings on Friday", "and the second".

use super::pointing::words::{AROUND, CHANGE, END, FREEZE, PAY, POINTING, REPLACE, SKIP, UNFREEZE};
use super::{Reader, start};
use crate::command::{BillerMention, Command, Flow, ScheduleMention, Slot, SlotValue};
use crate::entities::Value;
use crate::entities::count::nth;
use crate::state::ActiveFlow;
use crate::understand::text::Kind;

/// Words in front of how something is paid.
const HOW: &[&str] = &[
    "from", "with", "using", "out", "of", "by", "my", "account", "desde", "con", "mi", "el",
    "cuenta",
];
impl Reader<'_> {
    /// The bill at the place, or else the one that was asked about.
    pub(super) fn bill_of(&self, last: &ActiveFlow) -> Option<SlotValue> {
        let place = self.place();
        let billers = &self.around.portfolio.billers;
        if let Some(place) = place {
            let biller = nth(billers, place)?;
            return Some(SlotValue::Biller(BillerMention::One(biller.id.clone())));
        }
        last.slots.get(Slot::Biller).cloned()
    }

    /// "And the second", after a bill of the list was paid.
    pub(super) fn names_another_bill(&self, last: &ActiveFlow) -> bool {
        let scheduled = matches!(
            last.slots.get(Slot::Schedule),
            Some(SlotValue::Schedule(ScheduleMention::On(_)))
        );
        let verbs = [END, SKIP, FREEZE, UNFREEZE, REPLACE, CHANGE];
        self.place().is_some()
            && self.only_points()
            && !scheduled
            && !verbs.iter().any(|words| self.has_word(words))
    }

    /// "Pay it from savings on Friday": the bill that was asked about, and how it is paid.
    pub(super) fn bill_and_how(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let how = |at: usize| {
            self.mentions.iter().any(|it| {
                let tells = matches!(
                    it.value,
                    Value::Account(_)
                        | Value::Schedule(_)
                        | Value::Period(_)
                        | Value::Amount(_)
                        | Value::Bare(..)
                        | Value::Ordinal(_)
                );
                (it.from..it.until).contains(&at) && tells
            })
        };
        let points = self.place().is_some() || self.has_word(POINTING);
        let only = self.text.tokens.iter().enumerate().all(|(at, token)| {
            token.kind == Kind::Symbol
                || how(at)
                || [POINTING, AROUND, PAY, HOW]
                    .iter()
                    .any(|it| token.is_any(it))
        });
        if !(points && only && self.has_word(PAY)) {
            return None;
        }
        let said = self.reading(self.whole, false).slots(Flow::PayBill);
        let mut slots: Vec<SlotValue> = said
            .into_iter()
            .filter(|it| it.slot() != Slot::Biller)
            .chain(self.bill_of(last))
            .collect();
        slots.sort_by_key(SlotValue::slot);
        Some(start(Flow::PayBill, slots))
    }
}
