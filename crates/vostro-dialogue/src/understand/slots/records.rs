//! Slots of alerts, and of payees that are removed: one of them, several, or all.

use super::{EXCEPT, Reading};
use crate::command::{AccountMention, AmountMention, Flow, Slot, SlotValue, TargetMention};
use crate::entities::{Mention, Value};
use crate::understand::text::Kind;

/// A balance that rises, and what is no balance.
const NO_FALL: &[&str] = &[
    "above", "over", "exceeds", "exceed", "payment", "purchase", "charge", "supera", "supere",
    "sube", "suba",
];
const FALLS: &[&str] = &[
    "below", "under", "drops", "drop", "falls", "less", "baja", "baje", "menos",
];
/// What alerts are called, one and several.
const ALERTS: (&[&str], &[&str]) = (
    &["alert", "notification", "warning", "alerta", "aviso"],
    &[
        "alerts",
        "notifications",
        "warnings",
        "alertas",
        "avisos",
        "notificaciones",
    ],
);
const PAYEES: (&[&str], &[&str]) = (
    &[
        "payee",
        "beneficiary",
        "recipient",
        "contact",
        "beneficiario",
        "destinatario",
    ],
    &[
        "payees",
        "beneficiaries",
        "recipients",
        "contacts",
        "beneficiarios",
        "destinatarios",
        "contactos",
    ],
);
const PLACES: &[(&[&str], usize)] = &[
    (&["first", "primera", "primer"], 0),
    (&["second", "segunda"], 1),
    (&["third", "tercera"], 2),
    (&["last", "ultima"], usize::MAX),
];
/// Words between a verb and what is all removed.
const BETWEEN: &[&str] = &[
    "my",
    "the",
    "of",
    "me",
    "saved",
    "balance",
    "low",
    "current",
    "existing",
    "active",
    "these",
    "those",
    "account",
    "please",
    "mis",
    "los",
    "las",
    "de",
    "saldo",
    "guardados",
    "off",
    "on",
    "two",
    "three",
    "2",
    "3",
    "dos",
    "tres",
    "and",
    "with",
    "bank",
];
/// Words for every one.
const EVERY: &[&str] = &[
    "all", "every", "each", "both", "any", "single", "todos", "todas", "todo", "ambos", "ambas",
];
const REMOVES: &[&str] = &[
    "remove",
    "delete",
    "cancel",
    "end",
    "stop",
    "disable",
    "clear",
    "wipe",
    "erase",
    "drop",
    "kill",
    "rid",
    "turn",
    "switch",
    "take",
    "deactivate",
    "unset",
    "want",
    "need",
    "more",
    "quit",
    "quita",
    "quitar",
    "quitame",
    "elimina",
    "eliminar",
    "borra",
    "borrar",
    "cancela",
    "cancelar",
    "desactiva",
    "desactivar",
    "apaga",
    "quiero",
    "forget",
];

impl Reading<'_> {
    /// An alert to set, and one to end: its account and its amount.
    pub(super) fn alert(&self, flow: Flow) -> Vec<SlotValue> {
        if flow == Flow::RemoveAlert {
            return self.ended_alert();
        }
        let mut slots: Vec<SlotValue> = self.account().into_iter().collect();
        let ranges = self
            .own()
            .filter(|it| matches!(it.value, Value::Range(..)))
            .count();
        if (self.has_word(NO_FALL) && !self.has_word(FALLS)) || ranges > 1 {
            // What no alert here is for, and two at once.
            let words = self
                .text
                .slice(self.from, self.until)
                .chars()
                .take(60)
                .collect();
            slots.push(SlotValue::Amount(AmountMention::Unreadable(words)));
        } else {
            slots.extend(self.bound_or_amount().map(SlotValue::Amount));
        }
        slots
    }

    /// "Below 100", or an amount without more.
    fn bound_or_amount(&self) -> Option<AmountMention> {
        let range = self.own().find_map(|mention| match &mention.value {
            Value::Range(least, most) => most.or(*least),
            _ => None,
        });
        range.map(AmountMention::Exact).or_else(|| self.amount())
    }

    /// "The second one", "my first alert".
    fn place_of_alert(&self) -> Option<SlotValue> {
        let named = || {
            self.tokens().find_map(|(at, token)| {
                let place = PLACES.iter().find(|(words, _)| token.is_any(words))?.1;
                let noun = self.text.tokens.get(at + 1)?;
                noun.is_any(ALERTS.0).then_some(place)
            })
        };
        self.ordinal().or_else(named).map(SlotValue::pick)
    }

    fn ended_alert(&self) -> Vec<SlotValue> {
        let left_out = self.has_word(EXCEPT);
        let place = self.place_of_alert();
        let named = self.bound_or_amount().map(SlotValue::Amount);
        let account = self.account();
        if self.all_of(ALERTS)
            && place.is_none()
            && named.is_none()
            && account.is_none()
            && !left_out
        {
            return vec![SlotValue::Account(AccountMention::All)];
        }
        // "All but the 100 one" names the one that stays.
        let named = named.filter(|_| !left_out);
        account.into_iter().chain(named).chain(place).collect()
    }

    /// "Change my alert from 200 to 50": what it is to be, and which one is meant.
    pub(super) fn changed_alert(&self) -> Vec<SlotValue> {
        let mut slots: Vec<SlotValue> = self.account().into_iter().collect();
        slots.extend(self.place_of_alert());
        let money = |mention: &Mention| match &mention.value {
            Value::Amount(AmountMention::Exact(money))
            | Value::Bare(AmountMention::Exact(money), _) => Some(*money),
            Value::Range(least, most) => most.or(*least),
            _ => None,
        };
        let which = self.around.asked == Some(Slot::Pick);
        let (mut old, mut new) = (None, None);
        for mention in self.own() {
            let Some(money) = money(mention) else {
                continue;
            };
            if which || self.is_old(mention) {
                old = Some(money);
            } else {
                old = old.or(new);
                new = Some(money);
            }
        }
        slots.extend(old.map(SlotValue::AtMost));
        let new = new.map(AmountMention::Exact);
        let unread = || {
            self.own().find_map(|mention| match &mention.value {
                Value::Amount(unread @ AmountMention::Unreadable(_)) => Some(unread.clone()),
                _ => None,
            })
        };
        slots.extend(new.or_else(unread).map(SlotValue::Amount));
        slots
    }

    /// "From 200", "instead of 200", "my 200 alert".
    fn is_old(&self, mention: &Mention) -> bool {
        let before = self.before(mention.from, 1);
        let behind = self.text.tokens.get(mention.until);
        let names = behind.is_some_and(|token| {
            token.is_any(ALERTS.0) || token.is_any(&["one", "limit", "threshold", "dollar"])
        });
        let led = matches!(before, "to" | "at" | "be" | "a" | "en");
        let other = matches!(
            self.before(mention.from, 2),
            "instead" | "lugar" | "vez" | "rather"
        );
        matches!(before, "from" | "not" | "desde" | "alert" | "is" | "was")
            && !matches!(before, "alert")
            || (matches!(before, "of" | "de" | "than") && other)
            || (names && !led)
    }

    /// Whether all of a kind are meant: the word for several is what the verb is about, or one word says so.
    fn all_of(&self, (one, several): (&[&str], &[&str])) -> bool {
        let mut nouns = self.tokens().filter(|(_, token)| {
            token.kind == Kind::Word && (token.is_any(one) || token.is_any(several))
        });
        nouns.any(|(noun, token)| {
            let mut every = false;
            for at in (self.from..noun).rev() {
                let Some(word) = self.text.tokens.get(at) else {
                    break;
                };
                every |= word.is_any(EVERY);
                if word.is_any(REMOVES) {
                    return every || token.is_any(several);
                }
                if !(word.is_any(EVERY) || word.is_any(BETWEEN)) {
                    break;
                }
            }
            // "Alerts: remove all of them", "mis alertas, quitalas todas".
            let behind = self
                .text
                .tokens
                .get(noun + 1..self.until)
                .unwrap_or_default();
            let all = behind
                .iter()
                .any(|it| it.is_any(&["all", "todas", "todos", "them"]));
            token.is_any(several) && all && behind.iter().any(|it| it.is_any(REMOVES))
        })
    }

    /// Payees to remove: one, those that are named, or all but those that stay.
    pub(super) fn removed_payees(&self) -> Vec<SlotValue> {
        let named: Vec<_> = self
            .own()
            .filter_map(|mention| match &mention.value {
                Value::Payee(ids) => match ids.as_slice() {
                    [one] => Some((mention, one.clone())),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        if self.all_of(PAYEES) {
            let stays = self.has_word(EXCEPT) || self.has_word(&["keep", "deja", "without"]);
            if named.is_empty() || stays {
                let payees = self.around.portfolio.payees.iter();
                let rest = payees.filter(|it| !named.iter().any(|(_, id)| *id == it.id));
                let rest = rest.map(|payee| payee.id.clone()).collect();
                return vec![SlotValue::Target(TargetMention::Each(rest))];
            }
        }
        let kept = |mention: &Mention| {
            self.is_ruled_out(mention) && self.before(mention.from, 1) != "from"
        };
        let mut gone: Vec<_> = Vec::new();
        for (mention, id) in &named {
            if !kept(mention) && !gone.contains(id) {
                gone.push(id.clone());
            }
        }
        if gone.len() > 1 {
            return vec![SlotValue::Target(TargetMention::Each(gone))];
        }
        let names_nobody = |name: &str| name.split_whitespace().any(is_noun);
        let slots = self.transfer().into_iter();
        let target: Vec<_> = slots
            .filter(|value| match value {
                SlotValue::Target(TargetMention::UnknownName(name)) => !names_nobody(name),
                value => value.slot() == Slot::Target,
            })
            .collect();
        if !target.is_empty() || self.around.asked == Some(Slot::Target) {
            return target;
        }
        // "Remove Anne from my payees", whom no list has.
        let verbs = [
            "remove", "delete", "drop", "erase", "borra", "elimina", "quita",
        ];
        let name = self.name_behind(&verbs, |_| true);
        let name = name.filter(|name| !names_nobody(name));
        let unknown = |name| SlotValue::Target(TargetMention::UnknownName(name));
        name.map(unknown).into_iter().collect()
    }
}

/// Whether a word is what payees are called, and nobody's name.
fn is_noun(word: &str) -> bool {
    let one = [
        "a", "one", "an", "somebody", "someone", "un", "una", "algun",
    ];
    let word = word.to_lowercase();
    let mut nouns = PAYEES.0.iter().chain(PAYEES.1).chain(EVERY).chain(&one);
    nouns.any(|noun| *noun == word)
}
