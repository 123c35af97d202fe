//! A bill's slots: which biller, how much, from which account.

use super::{Reading, Role};
use crate::command::{AccountMention, AmountMention, BillerMention, Slot, SlotValue};
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
        amount
            .map(SlotValue::Amount)
            .into_iter()
            .chain(source.map(SlotValue::Source))
            .chain(self.biller(true).map(SlotValue::Biller))
            .collect()
    }

    /// The biller; with `or_named`, a payee or free name behind "pay" counts as an unknown one.
    pub(super) fn biller(&self, or_named: bool) -> Option<BillerMention> {
        let found = self
            .own()
            .filter(|mention| !self.is_ruled_out(mention))
            .find_map(|mention| match &mention.value {
                Value::Biller(biller) => Some(biller.clone()),
                Value::Ordinal(place) if self.around.asked == Some(Slot::Biller) => {
                    let billers = &self.around.portfolio.billers;
                    let chosen = if *place == usize::MAX {
                        billers.last()
                    } else {
                        billers.get(*place)
                    };
                    chosen.map(|biller| BillerMention::One(biller.id.clone()))
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
