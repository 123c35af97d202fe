//! Slots of cards, payees, contact details, alerts, trips and disputes.
//!
//! Cards are told by their kind and the end of their number, which the portfolio has; what a customer says
//! freely (a name, a place, a new address) is taken from the words behind what announces it.

use vostro_bank::{CardLoss, DisputeReason};

use super::Reading;
use crate::command::{Flow, Slot, SlotValue};
use crate::entities::{Value, free_words};
use crate::understand::reply;
use crate::understand::text::{Kind, Token};

const STOLEN: &[&str] = &[
    "stolen",
    "stole",
    "steal",
    "thief",
    "robbed",
    "mugged",
    "pickpocketed",
    "robaron",
    "robado",
    "robada",
    "robo",
    "snatched",
    "grabbed",
    "taken",
    "hurtaron",
    "someone",
    "somebody",
    "hacked",
    "cloned",
    "skimmed",
    "using",
];
const LOST: &[&str] = &[
    "lost",
    "lose",
    "misplaced",
    "missing",
    "find",
    "fell",
    "left",
    "dropped",
    "perdi",
    "perdio",
    "extravie",
    "encuentro",
    "perdida",
    "perdido",
];

impl Reading<'_> {
    /// The slots of one of these flows.
    pub(super) fn service(&self, flow: Flow) -> Vec<SlotValue> {
        match flow {
            Flow::ReplaceCard => self.card(false).into_iter().collect(),
            Flow::FreezeCard | Flow::UnfreezeCard => self.card(true).into_iter().collect(),
            Flow::ReportCard => self.card(true).into_iter().chain(self.loss()).collect(),
            Flow::CardLimit => {
                let amount = self.amount().map(SlotValue::Amount);
                amount.into_iter().chain(self.card(false)).collect()
            }
            Flow::TravelNotice => self.place().into_iter().chain(self.days()).collect(),
            Flow::Dispute => self.disputed(),
            Flow::AddPayee => self.new_payee(),
            Flow::RemovePayee => self.removed_payees(),
            Flow::AccountDetails => self.account().into_iter().collect(),
            Flow::ChangeContact => self.new_contact(),
            Flow::SetAlert | Flow::RemoveAlert => self.alert(flow),
            Flow::ChangeAlert => self.changed_alert(),
            _ => Vec::new(),
        }
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = (usize, &Token)> {
        let tokens = self.text.tokens.iter().enumerate();
        tokens.take(self.until).skip(self.from)
    }

    pub(super) fn ordinal(&self) -> Option<usize> {
        self.own().find_map(|mention| match mention.value {
            Value::Ordinal(place) => Some(place),
            _ => None,
        })
    }

    fn loss(&self) -> Option<SlotValue> {
        let loss = if self.has_word(STOLEN) {
            CardLoss::Stolen
        } else if self.has_word(LOST) {
            CardLoss::Lost
        } else {
            return None;
        };
        Some(SlotValue::Loss(loss))
    }

    /// The first words that are a name and nothing else.
    pub(super) fn free_name(&self) -> Option<String> {
        (self.from..self.until).find_map(|at| {
            let token = self.text.tokens.get(at)?;
            if token.kind != Kind::Word || self.is_claimed(at) {
                return None;
            }
            let small = [
                "my", "the", "it", "is", "to", "in", "a", "name", "called", "its", "se", "llama",
                "es", "call", "him", "her", "them", "make", "should", "be", "his", "their",
                "named", "actually", "instead", "that", "this", "i", "am", "we", "are", "going",
                "meant", "mean", "said", "el", "la", "mejor",
            ];
            let answers = reply::says(&token.word) || reply::is_filler(&token.word);
            if answers || token.is_any(&small) {
                return None;
            }
            let (name, until) = free_words::name_at(self.text, self.mentions, at)?;
            (until <= self.until).then_some(name)
        })
    }

    fn disputed(&self) -> Vec<SlotValue> {
        let mut slots = Vec::new();
        if self.around.asked == Some(Slot::Pick)
            && let Some(place) = self.picked()
        {
            slots.push(place);
            slots.extend(self.reason());
            return slots;
        }
        let history = self.history(Flow::ShowTransactions);
        let one = |value: &SlotValue| matches!(value, SlotValue::Count(1));
        let has_merchant = |value: &SlotValue| value.slot() == Slot::Merchant;
        let merchant = (!history.iter().any(has_merchant))
            .then(|| self.charged_by())
            .flatten();
        slots.extend(history.into_iter().filter(|value| {
            one(value) || !matches!(value.slot(), Slot::Count | Slot::Direction | Slot::Category)
        }));
        slots.extend(merchant.map(SlotValue::Merchant));
        slots.extend(self.reason());
        slots
    }

    /// Who took the money, though in words that stand for a category too: "from corner coffee".
    fn charged_by(&self) -> Option<String> {
        let led = self
            .tokens()
            .find(|(_, token)| token.is_any(&["from", "at", "by", "de", "en"]))?;
        let (name, until) = free_words::name_at(self.text, &[], led.0 + 1)?;
        let ordinary = ["account", "card", "bank", "cuenta", "tarjeta"];
        let tokens = self.text.tokens.get(led.0 + 1..until)?;
        let named = tokens
            .iter()
            .all(|token| !token.is_any(&ordinary) && !matches!(token.kind, Kind::Number));
        let when = self.own().any(|mention| {
            matches!(mention.value, Value::Period(_) | Value::Account(_))
                && mention.until > led.0
                && mention.from < until
        });
        (named && !when && until <= self.until).then_some(name)
    }

    /// "The second one", "number 2", "2".
    fn picked(&self) -> Option<SlotValue> {
        if let Some(place) = self.ordinal() {
            return Some(SlotValue::pick(place));
        }
        let mut numbers = self
            .tokens()
            .filter(|(_, token)| token.kind == Kind::Number);
        let (_, only) = numbers.next()?;
        let small = numbers.next().is_none() && only.text.len() == 1;
        small
            .then(|| only.text.parse().ok())
            .flatten()
            .filter(|place| *place > 0)
            .map(SlotValue::Pick)
    }

    fn reason(&self) -> Option<SlotValue> {
        let cases: [(DisputeReason, &[&str]); 4] = [
            (
                DisputeReason::Duplicate,
                &[
                    "twice",
                    "double",
                    "duplicate",
                    "duplicated",
                    "dos",
                    "duplicado",
                ],
            ),
            (
                DisputeReason::WrongAmount,
                &["overcharged", "wrong", "incorrect", "amount", "equivocada"],
            ),
            (
                DisputeReason::NotReceived,
                &[
                    "received",
                    "arrived",
                    "delivered",
                    "arrive",
                    "recibi",
                    "llego",
                ],
            ),
            (
                DisputeReason::NotMine,
                &[
                    "recognize",
                    "recognise",
                    "authorize",
                    "authorise",
                    "authorized",
                    "authorised",
                    "unauthorized",
                    "unauthorised",
                    "mine",
                    "make",
                    "made",
                    "bought",
                    "buy",
                    "ordered",
                    "approve",
                    "approved",
                    "compre",
                    "mia",
                    "mio",
                    "conozco",
                    "reconozco",
                    "autorice",
                    "hice",
                    "fraud",
                    "stolen",
                ],
            ),
        ];
        cases
            .into_iter()
            .find(|(_, words)| self.has_word(words))
            .map(|(reason, _)| SlotValue::Reason(reason))
    }
}
