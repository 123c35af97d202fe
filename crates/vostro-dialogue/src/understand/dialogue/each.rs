//! One order for each of several: payees that get the same, bills that are paid together.

use vostro_bank::CardStatus;
use vostro_types::{BillerId, Money};

use super::Reader;
use crate::command::{
    AmountMention, BillerMention, CardMention, Flow, ScheduleMention, Slot, SlotValue,
    TargetMention,
};
use crate::decide::MOST_WAITING;
use crate::entities::{Mention, Value};
use crate::understand::clause::Clause;
use crate::understand::slots::EXCEPT;

/// Words for every one.
const ALL: &[&str] = &[
    "all", "every", "both", "each", "todas", "todos", "ambas", "ambos",
];

/// What is paid.
const BILLS: &[&str] = &["bills", "bill", "facturas", "recibos", "factura", "recibo"];

/// The most orders of one message: one that is answered, and those that wait for it.
const MOST_AT_ONCE: usize = MOST_WAITING + 1;

impl Reader<'_> {
    /// "50 each to Mum and Anna", "pay the water bill and the internet one": an order for each of them.
    pub(super) fn one_each(
        &self,
        part: &Clause,
        flow: Flow,
        slots: Vec<SlotValue>,
    ) -> Vec<Vec<SlotValue>> {
        let all_bills = flow == Flow::PayBill && self.says_all_bills(part);
        // Who names one alone has named it in the slots.
        let (whose, least) = match flow {
            Flow::Transfer if self.says_each(part) => (self.payees_named(part, &slots), 2),
            Flow::PayBill if all_bills => (self.bills_due(part), 1),
            Flow::PayBill => (self.billers_named(part), 2),
            Flow::FreezeCard | Flow::UnfreezeCard => (self.all_cards(flow, &slots), 1),
            _ => (Vec::new(), 1),
        };
        if whose.len() < least {
            return vec![slots];
        }
        let shared = |value: &SlotValue| match value {
            // One amount for two bills is of neither.
            SlotValue::Amount(AmountMention::Exact(money)) if !self.says_each(part) => {
                SlotValue::Amount(AmountMention::Unreadable(money.to_string()))
            }
            other => other.clone(),
        };
        let days = self.days_of_each(part);
        let orders = whose.into_iter().enumerate().map(|(place, whom)| {
            let own = days.get(place);
            let others = slots.iter().filter(|it| {
                it.slot() != whom.slot() && (own.is_none() || it.slot() != Slot::Schedule)
            });
            let mut order: Vec<SlotValue> = others.map(shared).chain([whom.clone()]).collect();
            order.extend(own.cloned().flatten().map(SlotValue::Schedule));
            order.sort_by_key(SlotValue::slot);
            order
        });
        orders.collect()
    }

    /// "Power tomorrow and water today": the days of each bill, where the first has its own. Empty where they are shared.
    fn days_of_each(&self, part: &Clause) -> Vec<Option<ScheduleMention>> {
        let reading = self.reading(part, false);
        let billers = reading.own().filter(|it| {
            matches!(it.value, Value::Biller(BillerMention::One(_))) && !reading.is_ruled_out(it)
        });
        let mut ends: Vec<usize> = billers.map(|mention| mention.from).collect();
        ends.push(part.until);
        let stretches = ends.windows(2).filter_map(|pair| match pair {
            [from, until] => Some(*from..*until),
            _ => None,
        });
        let days: Vec<(Option<ScheduleMention>, bool)> = stretches
            .map(|stretch| {
                let named = reading.own().find_map(|it| match it.value {
                    Value::Schedule(days) if stretch.contains(&it.from) => {
                        Some(ScheduleMention::On(days))
                    }
                    _ => None,
                });
                let own = self.text.tokens.get(stretch).unwrap_or_default();
                let now = own
                    .iter()
                    .any(|it| it.is_any(&["today", "now", "hoy", "ahora"]));
                let has = named.is_some() || now;
                (named, has)
            })
            .collect();
        if days.first().is_some_and(|(_, has)| *has) {
            days.into_iter().map(|(days, _)| days).collect()
        } else {
            Vec::new()
        }
    }

    /// "Leave the water for now", "the internet one can wait", "el agua todavía no".
    fn can_wait(&self, mention: &Mention) -> bool {
        let tokens = &self.text.tokens;
        let from = mention.from.saturating_sub(3);
        let before = tokens.get(from..mention.from).unwrap_or_default();
        let behind = tokens
            .get(mention.until..)
            .unwrap_or_default()
            .iter()
            .take(4);
        let behind =
            behind.take_while(|token| !token.is_symbol(',') && !token.is_any(&["and", "y"]));
        before
            .iter()
            .any(|token| token.is_any(&["leave", "leaving", "deja"]))
            || behind
                .into_iter()
                .any(|token| token.is_any(&["wait", "yet", "later", "todavia", "luego"]))
    }

    fn says_each(&self, part: &Clause) -> bool {
        let own = self
            .text
            .tokens
            .get(part.from..part.until)
            .unwrap_or_default();
        own.iter().any(|token| token.is_any(&["each", "apiece"]))
            || own.windows(2).any(
                |pair| matches!(pair, [a, b] if a.is_any(&["cada"]) && b.is_any(&["uno", "una"])),
            )
    }

    /// The payees of an order, where each is named for certain.
    fn payees_named(&self, part: &Clause, slots: &[SlotValue]) -> Vec<SlotValue> {
        let ids = slots.iter().find_map(|value| match value {
            SlotValue::Target(TargetMention::Payees(ids)) => Some(ids.as_slice()),
            _ => None,
        });
        let named = self.mentions.iter().filter(|it| {
            let one = matches!(&it.value, Value::Payee(ids) if ids.len() == 1);
            one && it.from >= part.from && it.until <= part.until
        });
        let ids = ids
            .filter(|ids| ids.len() == named.count())
            .unwrap_or_default();
        let targets = ids.iter().cloned().map(TargetMention::Payee);
        targets.map(SlotValue::Target).collect()
    }

    /// "All my bills", "both bills", "todas mis facturas".
    fn says_all_bills(&self, part: &Clause) -> bool {
        let own = self.text.tokens.get(part.from..part.until);
        let own = own.unwrap_or_default();
        own.iter().enumerate().any(|(at, first)| {
            let mut behind = own.iter().skip(at + 1).take(3);
            first.is_any(ALL) && behind.any(|word| word.is_any(BILLS))
        })
    }

    /// Every bill that is due but those that are left out. None where "both" are not two, and where there are more than
    /// can wait for their answers.
    fn bills_due(&self, part: &Clause) -> Vec<SlotValue> {
        let reading = self.reading(part, false);
        let left_out = |id: &BillerId| {
            let of_it = |it: &&Mention| matches!(&it.value, Value::Biller(BillerMention::One(one)) if one == id);
            let mut named = reading.own().filter(of_it);
            named.any(|it| reading.is_ruled_out(it) || self.can_wait(it) || self.is_excepted(it))
        };
        let due = self.around.portfolio.billers.iter().filter(|biller| {
            let due = biller.amount_due.is_some_and(Money::is_positive);
            due && !left_out(&biller.id)
        });
        let due: Vec<SlotValue> = due
            .map(|biller| SlotValue::Biller(BillerMention::One(biller.id.clone())))
            .collect();
        let both = self.has_word(&["both", "ambas", "ambos"]) && due.len() != 2;
        if both || due.len() > MOST_AT_ONCE {
            return Vec::new();
        }
        due
    }

    /// "All but the water", "todas menos el agua".
    fn is_excepted(&self, mention: &Mention) -> bool {
        let from = mention.from.saturating_sub(3);
        let before = self.text.tokens.get(from..mention.from);
        before
            .unwrap_or_default()
            .iter()
            .any(|it| it.is_any(EXCEPT))
    }

    /// Each of the customer's cards that this changes, where all of them are meant.
    fn all_cards(&self, flow: Flow, slots: &[SlotValue]) -> Vec<SlotValue> {
        if !slots.contains(&SlotValue::Card(CardMention::All)) {
            return Vec::new();
        }
        let status = if flow == Flow::FreezeCard {
            CardStatus::Active
        } else {
            CardStatus::Frozen
        };
        let cards = self.around.portfolio.cards.iter();
        let cards = cards.filter(|card| card.status == status);
        cards
            .map(|card| SlotValue::Card(CardMention::One(card.id.clone())))
            .collect()
    }

    /// The billers of an order.
    fn billers_named(&self, part: &Clause) -> Vec<SlotValue> {
        let reading = self.reading(part, false);
        let mut named: Vec<SlotValue> = Vec::new();
        for mention in reading
            .own()
            .filter(|mention| !reading.is_ruled_out(mention))
        {
            if self.can_wait(mention) {
                continue;
            }
            if let Value::Biller(biller @ BillerMention::One(_)) = &mention.value {
                let biller = SlotValue::Biller(biller.clone());
                if !named.contains(&biller) {
                    named.push(biller);
                }
            }
        }
        named
    }
}
