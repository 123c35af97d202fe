//! What points at something that was just shown or done: "pay it", "freeze the second one", "how much is
//! that in total", "send her 20".
//!
//! Only while nothing is open: there "it" is what is open. What cannot be told apart by the pointing alone
//! (which of six bills "it" is) is left empty, and the flow asks.

pub(super) mod words;

use vostro_ledger::AccountKind;

use super::{ELLIPSIS, Read, Reader, certain, start};
use crate::command::{
    AccountMention, AmountMention, CardMention, Command, Flow, ScheduleMention, Slot, SlotValue,
    TargetMention,
};
use crate::entities::Value;
use crate::entities::count::nth;
use crate::state::ActiveFlow;
use crate::understand::text::Kind;
use words::{AROUND, CHANGE, END, FREEZE, PAUSE, PAY, POINTING, REPLACE, SKIP, SOMEBODY, UNFREEZE};

impl Reader<'_> {
    /// A wish about what was just shown.
    pub(super) fn pointing(&self) -> Option<Read> {
        if self.is_open() {
            return None;
        }
        let last = self.state.last.as_ref()?;
        let commands = match last.flow {
            Flow::ShowTransactions | Flow::SumSpending => self.of_a_look(last)?,
            Flow::ListBills if self.asks_for_largest() => start(Flow::ListBills, Vec::new()),
            Flow::PayBill | Flow::ListBills if self.names_another_bill(last) => {
                start(Flow::PayBill, self.bill_of(last).into_iter().collect())
            }
            Flow::Transfer | Flow::PayBill => self.of_an_order(last)?,
            Flow::ListBills if !self.only_points() => self.bill_and_how(last)?,
            Flow::SetAlert | Flow::ChangeAlert => self.of_an_alert(last)?,
            Flow::ListAlerts if !self.only_points() => self.of_an_alert(last)?,
            Flow::ListSchedules if !self.only_points() => self.of_an_order(last)?,
            flow if self.only_points() => self.wish_about(flow, last)?,
            _ => return None,
        };
        Some(("pointing", certain(commands, ELLIPSIS)))
    }

    fn wish_about(&self, shown: Flow, last: &ActiveFlow) -> Option<Vec<Command>> {
        let says = |words: &[&str]| self.has_word(words);
        let (flow, slots) = match shown {
            Flow::ListBills if says(PAY) => {
                (Flow::PayBill, self.bill_of(last).into_iter().collect())
            }
            Flow::CheckBalance if says(PAY) => (Flow::Transfer, self.debt_of(last)?),
            Flow::ListSchedules if says(SKIP) => (Flow::SkipSchedule, self.order_at()),
            Flow::ListSchedules if says(END) => (Flow::CancelSchedule, self.order_at()),
            Flow::ListAlerts if says(END) => (Flow::RemoveAlert, self.alert_at()),
            Flow::ListPayees if says(END) => (Flow::RemovePayee, vec![self.payee_at()?]),
            Flow::ListCards => {
                let flow = if says(UNFREEZE) {
                    Flow::UnfreezeCard
                } else if says(FREEZE) {
                    Flow::FreezeCard
                } else if says(REPLACE) {
                    Flow::ReplaceCard
                } else {
                    return None;
                };
                (flow, self.card_at().into_iter().collect())
            }
            _ => return None,
        };
        Some(start(flow, slots))
    }

    /// "Pay it off", of a card whose balance was asked for: what is owed, to the card.
    fn debt_of(&self, last: &ActiveFlow) -> Option<Vec<SlotValue>> {
        let Some(SlotValue::Account(AccountMention::One(id))) = last.slots.get(Slot::Account)
        else {
            return None;
        };
        let accounts = &self.around.portfolio.accounts;
        let card = accounts.iter().find(|account| account.id == *id)?;
        (card.kind == AccountKind::CreditCard).then(|| {
            vec![
                SlotValue::Amount(AmountMention::AmountDue),
                SlotValue::Target(TargetMention::Own(id.clone())),
            ]
        })
    }

    /// Whether the message is a verb, something that points, and padding.
    pub(super) fn only_points(&self) -> bool {
        let verbs = [PAY, END, SKIP, FREEZE, UNFREEZE, REPLACE];
        let points = self.place().is_some() || self.has_word(POINTING);
        points
            && self.text.tokens.iter().enumerate().all(|(at, token)| {
                token.kind == Kind::Symbol
                    || token.is_any(POINTING)
                    || token.is_any(AROUND)
                    || verbs.iter().any(|words| token.is_any(words))
                    || self.mentions.iter().any(|mention| {
                        (mention.from..mention.until).contains(&at)
                            && matches!(mention.value, Value::Ordinal(_))
                    })
            })
    }

    /// The place in a list that is named, counted from 0.
    pub(super) fn place(&self) -> Option<usize> {
        self.mentions
            .iter()
            .find_map(|mention| match mention.value {
                Value::Ordinal(place) => Some(place),
                _ => None,
            })
    }

    /// The place of a standing order in the list.
    fn order_at(&self) -> Vec<SlotValue> {
        self.place().map(SlotValue::pick).into_iter().collect()
    }

    /// What is said of the order that was just set up, or of those that were shown: "make it 30 a week", "move the second
    /// one to Friday", "actually cancel it".
    fn of_an_order(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let placed = matches!(
            last.slots.get(Slot::Schedule),
            Some(SlotValue::Schedule(ScheduleMention::On(_)))
        );
        let shown = last.flow == Flow::ListSchedules;
        if !(shown || (placed && matches!(last.flow, Flow::Transfer | Flow::PayBill))) {
            return None;
        }
        let points = self.place().is_some() || self.has_word(POINTING);
        // "When does that start?": as it stands among the others.
        let asks =
            placed && points && self.has_word(&["when", "cuando"]) && self.mentions.is_empty();
        if asks && self.text.tokens.len() <= 7 {
            return Some(start(Flow::ListSchedules, Vec::new()));
        }
        let from = self
            .text
            .tokens
            .iter()
            .position(|token| !token.is_any(AROUND) && !token.is_symbol(','))?;
        let verb = self.text.tokens.get(from)?;
        let ends = verb.is_any(END) && !verb.is_any(&["turn"]) && self.only_points();
        let (flow, mut slots) = if verb.is_any(CHANGE) && (points || shown) {
            let mut slots = self.reading(self.whole, true).slots(Flow::ChangeSchedule);
            let said = |value: &SlotValue| matches!(value.slot(), Slot::Amount | Slot::Schedule);
            if !slots.iter().any(said) {
                return None;
            }
            slots.retain(|value| said(value) || value.slot() == Slot::Pick || shown);
            (Flow::ChangeSchedule, slots)
        } else if (points || shown) && verb.is_any(PAUSE) {
            let slots = self.reading(self.whole, true).slots(Flow::PauseSchedule);
            let said = |value: &SlotValue| value.slot() == Slot::Period;
            if !slots.iter().any(said) {
                return None;
            }
            let kept = slots.into_iter().filter(|it| said(it) || shown);
            (Flow::PauseSchedule, kept.collect())
        } else if placed && ends {
            let amount = last.slots.get(Slot::Amount).cloned();
            (Flow::CancelSchedule, amount.into_iter().collect())
        } else {
            return None;
        };
        if placed {
            let whom = [Slot::Target, Slot::Biller];
            slots.extend(
                whom.into_iter()
                    .filter_map(|slot| last.slots.get(slot).cloned()),
            );
        }
        slots.sort_by_key(SlotValue::slot);
        Some(start(flow, slots))
    }

    fn card_at(&self) -> Option<SlotValue> {
        let cards = &self.around.portfolio.cards;
        let card = match (self.place(), cards.as_slice()) {
            (Some(place), _) => nth(cards, place)?,
            (None, [only]) => only,
            _ => return None,
        };
        Some(SlotValue::Card(CardMention::One(card.id.clone())))
    }

    /// Whether the message names a card, or what cards are kept in.
    pub(super) fn about_a_card(&self) -> bool {
        let cards = [
            "card",
            "cards",
            "wallet",
            "purse",
            "debit",
            "credit",
            "visa",
            "mastercard",
            "amex",
            "discover",
            "tarjeta",
            "tarjetas",
            "cartera",
            "billetera",
            "monedero",
            "bolso",
            "bolsa",
        ];
        self.has_word(&cards)
    }

    /// Whether "undo that" means the movement that was just confirmed.
    pub(super) fn takes_back(&self) -> bool {
        let moved = |flow| matches!(flow, Flow::Transfer | Flow::PayBill);
        self.state.last.as_ref().is_some_and(|it| moved(it.flow))
            && self.has_word(&[
                "it",
                "that",
                "this",
                "undo",
                "transfer",
                "payment",
                "cancelalo",
            ])
    }

    /// To whom "send her 20" goes: who was paid, or saved, last.
    pub(super) fn somebody_spoken_of(&self, slots: &[SlotValue]) -> Option<SlotValue> {
        let named = slots
            .iter()
            .any(|it| matches!(it.slot(), Slot::Target | Slot::Biller));
        if named || !self.has_word(SOMEBODY) {
            return None;
        }
        let last = self.state.last.as_ref()?;
        // "When did I last pay John?": whose transactions were looked for.
        if let Some(SlotValue::Merchant(words)) = last.slots.get(Slot::Merchant) {
            let called = |name: &str| {
                name.to_lowercase()
                    .split(' ')
                    .any(|it| *it == words.to_lowercase())
            };
            let mut payees = self
                .around
                .portfolio
                .payees
                .iter()
                .filter(|it| called(&it.name));
            let (Some(only), None) = (payees.next(), payees.next()) else {
                return None;
            };
            return Some(SlotValue::Target(TargetMention::Payee(only.id.clone())));
        }
        match last.slots.get(Slot::Target)? {
            SlotValue::Target(TargetMention::Number(number)) => {
                let payees = self.around.portfolio.payees.iter();
                let saved = payees.into_iter().find(|payee| payee.number == *number);
                let target = saved.map_or_else(
                    || TargetMention::Number(number.clone()),
                    |payee| TargetMention::Payee(payee.id.clone()),
                );
                Some(SlotValue::Target(target))
            }
            SlotValue::Target(target @ TargetMention::Payee(_)) => {
                Some(SlotValue::Target(target.clone()))
            }
            _ => None,
        }
    }
}
