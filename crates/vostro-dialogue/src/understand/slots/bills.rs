//! A bill's slots: which biller, how much, from which account.

use vostro_ledger::{End, Frequency, Schedule};

use super::{Reading, Role};
use crate::command::{
    AccountMention, AmountMention, BillerMention, ScheduleMention, Slot, SlotValue,
};
use crate::entities::count::nth;
use crate::entities::{Value, account_number, free_words};
use crate::understand::lexicon::Lexicon;
use crate::understand::text::Text;

impl Reading<'_> {
    pub(super) fn pay_bill(&self) -> Vec<SlotValue> {
        let amount = self.amount().map(|amount| match amount {
            // All of a bill is what is due.
            AmountMention::Everything => AmountMention::AmountDue,
            other => other,
        });
        let source = self
            .own()
            .filter(|mention| !self.is_ruled_out(mention))
            .find_map(|mention| match &mention.value {
                Value::Account(account) => Some(account.clone()),
                Value::Number(number) if self.role(mention.from) == Some(Role::Source) => {
                    Some(account_number::own(number, self.around.portfolio))
                }
                Value::Ordinal(place) if self.around.asked == Some(Slot::Source) => self
                    .nth_account(*place)
                    .map(|account| AccountMention::One(account.id.clone())),
                _ => None,
            });
        let biller = self.biller(true);
        let schedule = biller.as_ref().and_then(|it| self.when_due(it));
        amount
            .map(SlotValue::Amount)
            .into_iter()
            .chain(source.map(SlotValue::Source))
            .chain(biller.map(SlotValue::Biller))
            .chain(schedule.map(|it| SlotValue::Schedule(ScheduleMention::On(it))))
            .collect()
    }

    /// "On the due date": the day the bill is due.
    fn when_due(&self, biller: &BillerMention) -> Option<Schedule> {
        let BillerMention::One(id) = biller else {
            return None;
        };
        let scheduled = self.own().any(|it| matches!(it.value, Value::Schedule(_)));
        if scheduled || !self.has_word(&["due", "vencimiento", "vence", "venza"]) {
            return None;
        }
        let mut billers = self.around.portfolio.billers.iter();
        let due_on = billers.find(|biller| biller.id == *id)?.due_on?;
        let first = (due_on > self.around.today).then_some(due_on)?;
        Schedule::new(first, Frequency::Once, End::Never).ok()
    }

    /// The biller; with `or_named`, a payee or free name behind "pay" counts as an unknown one.
    pub(super) fn biller(&self, or_named: bool) -> Option<BillerMention> {
        let found = self
            .own()
            .filter(|mention| !self.is_ruled_out(mention))
            .find_map(|mention| match &mention.value {
                Value::Biller(biller) => Some(biller.clone()),
                Value::Ordinal(place) if self.around.asked == Some(Slot::Biller) => {
                    nth(&self.around.portfolio.billers, *place)
                        .map(|biller| BillerMention::One(biller.id.clone()))
                }
                _ => None,
            });
        if found.is_some() || !or_named {
            return found;
        }
        let name = self.name_behind(&["pay", "to", "paga"], |_| true)?;
        let name_like = Text::read(&name, Lexicon::get())
            .tokens
            .iter()
            .any(free_words::is_name_like);
        name_like.then_some(BillerMention::Unknown(name))
    }
}
