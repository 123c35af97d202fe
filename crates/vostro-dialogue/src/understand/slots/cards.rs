//! Which card is meant: by its kind, by the end of its number, by its place in the list.

use vostro_bank::{CardKind, CardStatus};
use vostro_ledger::AccountKind;

use super::{EXCEPT, Reading};
use crate::command::{AccountMention, CardMention, Flow, Slot, SlotValue};
use crate::entities::Value;
use crate::entities::count::nth;
use crate::understand::text::Token;

/// Words for a card of each kind.
const DEBIT: &[&str] = &["debit", "atm", "debito", "checking"];
const CREDIT: &[&str] = &["credit", "credito", "visa", "mastercard"];
const ALL: &[&str] = &[
    "all",
    "both",
    "everything",
    "every",
    "todas",
    "ambas",
    "cards",
    "tarjetas",
    "wallet",
    "purse",
    "cartera",
];

impl Reading<'_> {
    /// Which card; "my cards" and a whole wallet mean all of them only where `may_be_all`.
    pub(super) fn card(&self, may_be_all: bool) -> Option<SlotValue> {
        let cards = &self.around.portfolio.cards;
        let asked = self.around.asked == Some(Slot::Card);
        if let Some((_, token)) = self.tokens().find(|it| self.ends_card(*it)) {
            let found: Vec<_> = cards
                .iter()
                .filter(|card| card.last_four == token.text)
                .map(|card| card.id.clone())
                .collect();
            return Some(SlotValue::Card(match found.as_slice() {
                [] => CardMention::Unknown(format!("ending {}", token.text)),
                [only] => CardMention::One(only.clone()),
                _ => CardMention::Several(found),
            }));
        }
        let credit_account = self.own().any(|mention| match &mention.value {
            Value::Account(AccountMention::One(id)) => self
                .around
                .portfolio
                .accounts
                .iter()
                .any(|account| account.id == *id && account.kind == AccountKind::CreditCard),
            Value::Account(AccountMention::Kind(kind)) => *kind == AccountKind::CreditCard,
            _ => false,
        });
        let kind = if self.excepts(DEBIT) {
            Some(CardKind::Credit)
        } else if self.excepts(CREDIT) || self.says_kind(DEBIT) {
            Some(CardKind::Debit)
        } else if credit_account || self.says_kind(CREDIT) {
            Some(CardKind::Credit)
        } else {
            None
        };
        if let Some(kind) = kind {
            let found: Vec<_> = cards
                .iter()
                .filter(|card| card.kind == kind && card.status != CardStatus::Blocked)
                .map(|card| card.id.clone())
                .collect();
            return Some(SlotValue::Card(match found.as_slice() {
                [] => CardMention::Unknown(kind.as_str().to_owned()),
                [only] => CardMention::One(only.clone()),
                _ => CardMention::Several(found),
            }));
        }
        if (asked || self.around.flow == Some(Flow::ListCards))
            && let Some(place) = self.ordinal()
        {
            return nth(cards, place)
                .map(|card| SlotValue::Card(CardMention::One(card.id.clone())));
        }
        let both = self.text.normalised.to_lowercase().contains("las dos");
        ((may_be_all || asked) && (both || self.has_word(ALL)))
            .then_some(SlotValue::Card(CardMention::All))
    }

    /// "Not the debit, the credit one" is said of the credit card.
    fn says_kind(&self, words: &[&str]) -> bool {
        self.tokens().any(|(at, token)| {
            let the = matches!(self.before(at, 1), "the" | "my" | "la" | "mi");
            let before = self.before(at, 1 + usize::from(the));
            token.is_any(words) && !matches!(before, "not" | "no") && !EXCEPT.contains(&before)
        })
    }

    /// "All but the debit one".
    fn excepts(&self, words: &[&str]) -> bool {
        self.has_word(words) && self.has_word(EXCEPT) && !self.says_kind(words)
    }

    /// Whether four digits are the last ones of a card's number, and not an amount: "a limit of 2000", "$1500".
    fn ends_card(&self, (at, token): (usize, &Token)) -> bool {
        let four = token.text.len() == 4 && token.text.bytes().all(|b| b.is_ascii_digit());
        let named = matches!(
            self.before(at, 1),
            "ending" | "in" | "with" | "number" | "terminada"
        );
        let amount = self.around.asked == Some(Slot::Amount)
            || matches!(
                self.before(at, 1),
                "to" | "of" | "at" | "is" | "be" | "than" | "limit" | "a" | "it"
            )
            || (self.around.flow == Some(Flow::CardLimit) && self.correcting)
            || self.own().any(|mention| {
                matches!(mention.value, Value::Amount(_))
                    && (mention.from..mention.until).contains(&at)
            });
        four && (named || !amount)
    }
}
