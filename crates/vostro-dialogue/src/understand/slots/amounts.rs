//! The amount of an order, and words that make another one of it.

use super::Reading;
use crate::command::AmountMention;
use crate::entities::{Mention, Value, period};
use crate::understand::text::{Kind, Token};

/// Behind a number: it is so many of these.
const PARTS: &[&str] = &[
    "parts",
    "payments",
    "installments",
    "instalments",
    "times",
    "halves",
    "percent",
    "partes",
    "pagos",
    "plazos",
];

/// A part of a whole that is not told in money.
const SHARES: &[&str] = &["half", "mitad", "tercio", "tercios", "thirds", "quarters"];

/// Words that make another amount of the one beside them.
const CHANGES: &[&str] = &[
    "twice",
    "double",
    "triple",
    "doble",
    "less",
    "except",
    "minus",
    "leave",
    "leaving",
    "keep",
    "keeping",
    "excepto",
    "salvo",
    "menos",
    "deja",
    "dejando",
    "rest",
    "remaining",
    "remainder",
    "resto",
    "third",
    "split",
    "divide",
    "divided",
    "evenly",
    "equally",
];

/// Numbers of notes, and what is said to be taken so many times.
const PLURALS: &[&str] = &[
    "tens",
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "hundreds",
    "thousands",
    "grands",
    "s",
    "more",
    "times",
    "veces",
];

/// Verbs for more or less of what there is.
const STEPS: &[&str] = &[
    "increase", "raise", "bump", "up", "lower", "reduce", "decrease", "cut", "drop", "sube",
    "subir", "aumenta", "aumentar", "baja", "bajar", "reducir",
];

/// What a reason begins with.
const THINGS: &[&str] = &[
    "the", "my", "our", "her", "his", "their", "a", "an", "some", "las", "los", "la", "el", "mi",
    "su", "unas", "unos",
];

/// What stands between the two ends of "50 to 60".
const SPANS: &[&str] = &["to", "or", "a", "o"];

impl Reading<'_> {
    /// The amount. Two different ones are none, unless one corrects the other.
    pub(super) fn amount(&self) -> Option<AmountMention> {
        let why = self.why();
        let amounts: Vec<&Mention> = self
            .own()
            .filter(|mention| {
                matches!(mention.value, Value::Amount(_) | Value::Bare(..))
                    && !self.is_ruled_out(mention)
                    && !self.is_the_one(mention)
                    && !self.is_no_day(mention)
                    && !self.is_of_a_reason(mention)
                    && mention.from < why
            })
            .collect();
        if let Some(words) = self.worked_out(&amounts).or_else(|| self.span(&amounts)) {
            return Some(AmountMention::Unreadable(words));
        }
        // "$50 for my 2 tickets": a number with a unit wins over one without.
        let with_unit: Vec<&Mention> = amounts
            .iter()
            .copied()
            .filter(|mention| matches!(mention.value, Value::Amount(_)))
            .collect();
        let chosen = if with_unit.is_empty() {
            amounts
        } else {
            with_unit
        };
        let (first, last) = (chosen.first()?, chosen.last()?);
        let read = |mention: &Mention| match &mention.value {
            Value::Amount(amount) | Value::Bare(amount, _) => Some(amount.clone()),
            _ => None,
        };
        let all_same = chosen.iter().all(|mention| read(mention) == read(first));
        if all_same || self.correcting {
            return read(last);
        }
        Some(AmountMention::Unreadable(
            self.words(first.from, last.until),
        ))
    }

    /// "The internet one", "those two" are no amounts.
    fn is_the_one(&self, mention: &Mention) -> bool {
        let bare = matches!(mention.value, Value::Bare(..)) && mention.until == mention.from + 1;
        let Some(token) = self.text.tokens.get(mention.from).filter(|_| bare) else {
            return false;
        };
        let before = self.before(mention.from, 1);
        let points = matches!(
            before,
            "those"
                | "these"
                | "the"
                | "both"
                | "las"
                | "los"
                | "esas"
                | "esos"
                | "estas"
                | "estos"
        );
        (!before.is_empty() && token.is_any(&["one", "uno", "una"]))
            || (points && token.is_any(&["two", "three", "four", "dos", "tres", "cuatro"]))
    }

    /// "November 31": a day that no month has is no amount either.
    fn is_no_day(&self, mention: &Mention) -> bool {
        matches!(mention.value, Value::Bare(..))
            && period::month(self.before(mention.from, 1)).is_some()
    }

    /// Where a reason begins behind an amount: "for the 2 tickets", "por las 2 entradas".
    fn what_for(&self) -> Option<usize> {
        let amount = self
            .own()
            .find(|it| matches!(it.value, Value::Amount(_) | Value::Bare(..)))?;
        let tokens = self.text.tokens.iter().enumerate();
        let mut own = tokens.take(self.until).skip(amount.until);
        let (at, _) = own.find(|(at, token)| {
            let what = self.text.tokens.get(at + 1);
            let things = what.is_some_and(|it| it.kind == Kind::Number || it.is_any(THINGS));
            token.is_any(&["for", "por", "para"]) && things && !self.is_claimed(*at)
        })?;
        Some(at)
    }

    /// "40 for the 2 tickets": a number of things, where nobody else is named and nothing is joined on.
    fn is_of_a_reason(&self, mention: &Mention) -> bool {
        let Some(from) = self.what_for().filter(|from| *from < mention.from) else {
            return false;
        };
        let joined = self.text.tokens.get(from..mention.from).unwrap_or_default();
        let joined = joined
            .iter()
            .any(|it| it.is_any(&["and", "y"]) || it.is_symbol(','));
        let named = self.own().any(|it| {
            let whose = matches!(
                it.value,
                Value::Payee(_) | Value::Biller(_) | Value::Account(_) | Value::Number(_)
            );
            whose && it.from > from && it.from <= mention.until + 2
        });
        matches!(mention.value, Value::Bare(..)) && !joined && !named
    }

    /// Words that make another amount of the one beside them ("half of 88", "all but 100", "in two parts"): for the customer to work out.
    fn worked_out(&self, amounts: &[&Mention]) -> Option<String> {
        let doubled = self
            .place_of(&["double", "triple", "twice", "doble"])
            .filter(|at| {
                let behind = self.text.tokens.get(at + 1);
                behind
                    .is_some_and(|token| token.is_any(&["that", "it", "this", "eso", "the", "of"]))
            });
        let share = self.place_of(SHARES).filter(|at| self.is_meant(*at));
        let share = share.or(doubled);
        let (Some(first), Some(last)) = (amounts.first(), amounts.last()) else {
            return share.map(|at| self.words(at, at + 1));
        };
        let behind = self.text.tokens.get(last.until);
        if last.until < self.until && behind.is_some_and(|it| it.is_any(PARTS) || it.is_symbol('%'))
        {
            return Some(self.words(last.from, last.until + 1));
        }
        let by = matches!(self.before(first.from, 1), "by" | "en");
        if by && self.has_word(STEPS) {
            return Some(self.words(first.from.saturating_sub(1), first.until));
        }
        let taken = |mention: &&&Mention| {
            let behind = self.text.tokens.get(mention.until);
            mention.until < self.until && behind.is_some_and(|token| token.is_any(PLURALS))
        };
        if let Some(mention) = amounts.iter().find(taken) {
            return Some(self.words(mention.from, mention.until + 1));
        }
        let but = amounts
            .iter()
            .map(|mention| mention.from)
            .find(|from| matches!(self.before(*from, 1), "but"))
            .filter(|_| {
                amounts.len() > 1 || self.has_word(&["all", "everything", "whole", "todo"])
            });
        let change = || self.place_of(CHANGES).filter(|at| self.is_meant(*at));
        let at = share.or(but).or_else(change)?;
        Some(self.words(at.min(first.from), last.until.max(at + 1)))
    }

    /// Whether a word that changes an amount is none of something else's: "a half charged card", "leave out Anna".
    fn is_meant(&self, at: usize) -> bool {
        let behind = self.text.tokens.get(at + 1);
        let else_where = |token: &Token| {
            token.is_any(&[
                "check", "charged", "charge", "checking", "out", "it", "than", "party",
            ])
        };
        let of_a_reason = self.what_for().is_some_and(|from| from < at);
        !self.is_claimed(at) && !of_a_reason && !behind.is_some_and(else_where)
    }

    /// "50 to 60 dollars": either.
    fn span(&self, amounts: &[&Mention]) -> Option<String> {
        let [.., first, last] = amounts else {
            return None;
        };
        let between = self.text.tokens.get(first.until)?;
        let spans = last.from == first.until + 1 && between.is_any(SPANS);
        (spans && !self.correcting).then(|| self.words(first.from, last.until))
    }

    /// A stretch in the customer's spelling.
    fn words(&self, from: usize, until: usize) -> String {
        self.text.slice(from, until).chars().take(60).collect()
    }
}
