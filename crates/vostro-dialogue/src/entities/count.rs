//! How many, and which of a list: "last 5 transactions", "three most recent", "the second one".

use super::{Finder, Value, number_words};
use crate::command::Slot;
use crate::understand::text::Token;

/// What can be counted in an account's history.
const COUNTED: &[&str] = &[
    "transaction",
    "transactions",
    "payment",
    "payments",
    "purchase",
    "purchases",
    "charge",
    "charges",
    "deposit",
    "deposits",
    "withdrawal",
    "withdrawals",
    "transfer",
    "transfers",
    "entries",
    "items",
    "things",
    "movements",
    "debits",
    "credits",
    "transacciones",
    "movimientos",
    "pagos",
    "compras",
    "activities",
    "ones",
];
/// One of what can be counted.
const SINGLE: &[&str] = &["transaction", "purchase", "charge", "deposit", "withdrawal"];
/// Words that stand between the number and what is counted, or before the number.
const RECENT: &[&str] = &[
    "last", "latest", "recent", "newest", "most", "previous", "past", "ultimas", "ultimos", "card",
    "bank", "biggest", "largest", "incoming", "outgoing", "my", "checking", "savings", "debit",
    "credit", "other",
];
const ORDINALS: &[(&str, usize)] = &[
    ("first", 0),
    ("second", 1),
    ("third", 2),
    ("fourth", 3),
    ("fifth", 4),
    ("last", usize::MAX),
    ("primero", 0),
    ("primera", 0),
    ("segundo", 1),
    ("segunda", 1),
    ("tercero", 2),
    ("tercera", 2),
];
/// More than anybody reads; the store has its own limit below.
const MOST: u64 = 1_000;

/// The one at a place; the last for the largest place.
pub fn nth<T>(items: &[T], place: usize) -> Option<&T> {
    if place == usize::MAX {
        items.last()
    } else {
        items.get(place)
    }
}

/// Finds counts and places in a list.
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        let found = count_at(finder, at)
            .or_else(|| single_at(finder, at))
            .map(|(count, until)| (Value::Count(count), until))
            .or_else(|| {
                ordinal_at(finder, at).map(|(place, until)| (Value::Ordinal(place), until))
            });
        at = match found {
            Some((value, until)) => {
                finder.claim(at, until, value);
                until
            }
            None => at + 1,
        };
    }
}

/// The number claims only itself (and "most recent"), so that "transactions" stays a cue.
fn count_at(finder: &Finder<'_>, at: usize) -> Option<(u32, usize)> {
    let glued = |i: usize| finder.token(i).is_some_and(|token| token.glued);
    let (count, until) = match finder.digits(at) {
        Some(digits) if !glued(at) => (digits.parse().ok()?, at + 1),
        Some(_) => return None,
        None => number_words::read(&finder.text.tokens, at)?,
    };
    let count = u32::try_from(count)
        .ok()
        .filter(|&n| n > 0 && u64::from(n) <= MOST)?;
    let mut next = until;
    while RECENT.contains(&finder.word(next)) && next < until + 4 {
        next += 1;
    }
    let counted = COUNTED.contains(&finder.word(next));
    let before = finder.word_before(at, 1);
    let led = matches!(
        before,
        "last" | "latest" | "recent" | "previous" | "past" | "ultimas" | "ultimos"
    );
    // "The last 5": nothing follows but the end.
    let ends = finder.token(until).is_none_or(Token::ends_clause);
    let most_recent = finder.reads(until, &["most", "recent"]);
    (counted || most_recent || (led && ends)).then_some((count, until))
}

/// "My last transaction": one. Claims the word before what is counted.
fn single_at(finder: &Finder<'_>, at: usize) -> Option<(u32, usize)> {
    let led = matches!(finder.word(at), "last" | "latest" | "recent" | "newest");
    (led && SINGLE.contains(&finder.word(at + 1))).then_some((1, at + 1))
}

fn ordinal_at(finder: &Finder<'_>, at: usize) -> Option<(usize, usize)> {
    let named = |word: &str| {
        let place = ORDINALS.iter().find(|(name, _)| *name == word);
        // Of transactions to choose from, the latest stands first.
        let latest = finder.around.asked == Some(Slot::Pick) && matches!(word, "latest" | "newest");
        place.map(|(_, n)| *n).or(latest.then_some(0))
    };
    if matches!(finder.word(at), "the" | "el" | "la") {
        let place = named(finder.word(at + 1))?;
        let one = matches!(finder.word(at + 2), "one" | "account" | "option");
        let says = matches!(
            finder.word(at + 2),
            "is" | "isnt" | "was" | "wasnt" | "looks" | "seems" | "please" | "es" | "no" | "too"
        );
        let ends = says || finder.token(at + 2).is_none_or(Token::ends_clause);
        return (one || ends).then_some((place, if one { at + 3 } else { at + 2 }));
    }
    if finder.word(at) == "number" || finder.word(at) == "option" {
        let digits = finder.digits(at + 1).filter(|digits| digits.len() == 1)?;
        let place = digits.parse::<usize>().ok()?.checked_sub(1)?;
        return Some((place, at + 2));
    }
    let place = named(finder.word(at))?;
    (finder.word(at + 1) == "one").then_some((place, at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn counts_and_places() {
        let cases = [
            ("last 5 transactions", Some(Value::Count(5))),
            ("three most recent", Some(Value::Count(3))),
            ("my ten latest card payments", Some(Value::Count(10))),
            ("show the last 5", Some(Value::Count(5))),
            ("my last transaction", Some(Value::Count(1))),
            ("the second one", Some(Value::Ordinal(1))),
            ("the last one", Some(Value::Ordinal(usize::MAX))),
            ("option 2", Some(Value::Ordinal(1))),
            ("the first", Some(Value::Ordinal(0))),
            ("send 5 to anna", None),
            ("0 transactions", None),
            ("the second quarter", None),
            ("99999999999 transactions", None),
        ];
        for (text, expected) in cases {
            let read = found(text, &portfolio())
                .into_iter()
                .map(|mention| mention.value)
                .find(|value| matches!(value, Value::Count(_) | Value::Ordinal(_)));
            assert_eq!(read, expected, "{text}");
        }
    }
}
