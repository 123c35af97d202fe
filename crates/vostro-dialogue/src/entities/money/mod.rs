//! Amounts of money: "$1,250.50", "fifty bucks", "1.2k", "20 EUR", "all of it", "the full bill".
//!
//! Exact or nothing: what has too many decimals, odd grouping or does not fit 64 bits of minor units
//! is [`AmountMention::Unreadable`] with the customer's words, never a rounded figure. The sign is the
//! customer's. A number without a unit is kept as [`Value::Bare`]: whether it is an amount, a count or
//! neither depends on what the message is about. Percentages are no amounts.

mod number;
#[cfg(test)]
mod tests;

use vostro_types::Currency;

use super::{Finder, Value};
use crate::command::{AmountMention, Flow, Slot};
use crate::understand::text::Kind;
use number::{Number, is_alone, read_number, read_unsigned, sign};

/// Words for a currency behind a number.
const CURRENCY_WORDS: &[(&str, Currency)] = &[
    ("dollar", Currency::USD),
    ("dollars", Currency::USD),
    ("buck", Currency::USD),
    ("bucks", Currency::USD),
    ("usd", Currency::USD),
    ("dolar", Currency::USD),
    ("dolares", Currency::USD),
    ("euro", Currency::EUR),
    ("euros", Currency::EUR),
    ("eur", Currency::EUR),
    ("pound", Currency::GBP),
    ("pounds", Currency::GBP),
    ("quid", Currency::GBP),
    ("gbp", Currency::GBP),
    ("sterling", Currency::GBP),
    ("yen", Currency::JPY),
    ("jpy", Currency::JPY),
];

/// Codes that may also stand behind or before a number.
const CODES: &[&str] = &[
    "cad", "aud", "chf", "mxn", "inr", "cny", "nzd", "sek", "nok", "dkk", "pln", "brl",
];

/// "Dollars" and "bucks" are the customer's own currency where that is a dollar too.
const DOLLARS: &[&str] = &["AUD", "CAD", "NZD", "SGD", "HKD", "USD"];

const EVERYTHING: &[&[&str]] = &[
    &["all", "of", "it"],
    &["all", "of", "the", "money"],
    &["all", "the", "money"],
    &["all", "my", "money"],
    &["all", "of", "my", "money"],
    &["everything"],
    &["the", "whole", "balance"],
    &["the", "entire", "balance"],
    &["the", "full", "balance"],
    &["my", "whole", "balance"],
    &["my", "entire", "balance"],
    &["my", "full", "balance"],
    &["the", "whole", "lot"],
    &["whatever", "is", "left"],
    &["whatever", "is", "in", "there"],
    &["todo", "el", "dinero"],
    &["todo"],
];

/// All of a bill, where one is being paid.
const ALL_OF_A_BILL: &[&[&str]] = &[
    &["the", "whole", "thing"],
    &["the", "whole", "amount"],
    &["the", "total"],
    &["what", "is", "due"],
    &["todo", "lo", "que", "debo"],
];
const AMOUNT_DUE: &[&[&str]] = &[
    &["the", "full", "bill"],
    &["the", "whole", "bill"],
    &["the", "entire", "bill"],
    &["full", "bill"],
    &["what", "i", "owe"],
    &["whatever", "i", "owe"],
    &["the", "amount", "due"],
    &["amount", "due"],
    &["the", "full", "amount"],
    &["full", "amount"],
    &["in", "full"],
    &["the", "total", "due"],
    &["balance", "due"],
    &["the", "amount", "i", "owe"],
    &["what", "is", "due"],
    &["whatever", "is", "due"],
    &["the", "outstanding", "amount"],
    &["the", "outstanding", "balance"],
    &["the", "total", "amount"],
    &["lo", "que", "debo"],
];

/// Finds amounts that carry a unit, or are words for one.
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at) {
            Some((mention, from, until)) => {
                finder.claim(from, until, Value::Amount(mention));
                until
            }
            None => at + 1,
        };
    }
}

/// Finds the numbers that are left: "50", "1.2k", "twenty".
pub fn find_bare(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        at = match read_number(finder, at) {
            Some(number) if is_alone(finder, &number) => {
                let mention = number.to_money(finder, finder.around.currency());
                let count = number.count();
                finder.claim(number.from, number.until, Value::Bare(mention, count));
                number.until
            }
            Some(number) => number.until.max(at + 1),
            None => at + 1,
        };
    }
}

/// The amount at exactly this place, with or without a unit.
pub fn read_any(finder: &Finder<'_>, at: usize) -> Option<(AmountMention, usize)> {
    if let Some((amount, _, until)) =
        with_symbol_before(finder, at).or_else(|| with_unit_behind(finder, at))
    {
        return Some((amount, until));
    }
    let number = read_number(finder, at).filter(|number| is_alone(finder, number))?;
    let amount = number.to_money(finder, finder.around.currency());
    Some((amount, number.until))
}

/// The amount in words or digits, with a unit, at exactly this place.
fn read_at(finder: &Finder<'_>, at: usize) -> Option<(AmountMention, usize, usize)> {
    phrase(finder, at)
        .or_else(|| with_symbol_before(finder, at))
        .or_else(|| with_unit_behind(finder, at))
}

fn phrase(finder: &Finder<'_>, at: usize) -> Option<(AmountMention, usize, usize)> {
    let longest = |phrases: &[&[&str]]| {
        phrases
            .iter()
            .filter(|words| finder.reads(at, words))
            .map(|words| words.len())
            .max()
    };
    if let Some(length) = longest(EVERYTHING) {
        // "Everything" is an amount only where it is moved, not in "is everything ok".
        let alone = finder.len() <= length + 2;
        let moved = (0..at).any(|i| {
            finder.token(i).is_some_and(|token| {
                token.is_any(&[
                    "transfer",
                    "send",
                    "move",
                    "pay",
                    "put",
                    "wire",
                    "it",
                    "transfiere",
                    "mueve",
                    "envia",
                ])
            })
        });
        if alone || moved {
            return Some((AmountMention::Everything, at, at + length));
        }
    }
    // "My whole savings balance": only "whole" is claimed, the account is another finder's.
    if matches!(finder.word(at), "full" | "whole" | "entire")
        && (1..=3).any(|ahead| matches!(finder.word(at + ahead), "balance"))
        && finder
            .text
            .tokens
            .iter()
            .any(|token| token.is_any(&["transfer", "send", "move", "put", "wire"]))
    {
        return Some((AmountMention::Everything, at, at + 1));
    }
    // "The full electricity bill": only "full" is claimed, the biller is another finder's.
    if matches!(finder.word(at), "full" | "whole" | "entire") {
        let bill = (2..=3).any(|ahead| matches!(finder.word(at + ahead), "bill" | "invoice"));
        if bill {
            return Some((AmountMention::AmountDue, at, at + 1));
        }
    }
    let paying = finder.around.flow == Some(Flow::PayBill)
        || (0..at).any(|i| matches!(finder.word(i), "pay" | "paga"));
    if let Some(length) = longest(ALL_OF_A_BILL).filter(|_| paying) {
        return Some((AmountMention::AmountDue, at, at + length));
    }
    // "What is due" by itself asks for the bills, unless it answers how much.
    let asks = at == 0 && finder.word(at) == "what" && finder.around.asked != Some(Slot::Amount);
    longest(AMOUNT_DUE)
        .filter(|_| !asks)
        .map(|length| (AmountMention::AmountDue, at, at + length))
}

/// `$50`, `-$5`, `$-5`, `€ 20`, `USD 20`, `$1.2k`, `$5 million`.
fn with_symbol_before(finder: &Finder<'_>, at: usize) -> Option<(AmountMention, usize, usize)> {
    let (negative, unit_at) = sign(finder, at);
    let (currency, mut next) = unit_before(finder, unit_at)?;
    let mut negative = negative;
    if finder.free(next).is_some_and(|token| token.is_symbol('-')) {
        negative = !negative;
        next += 1;
    }
    let mut number = read_unsigned(finder, next)?;
    number.negative = negative;
    number.from = at;
    // "$20 USD", "$50 dollars": the unit twice.
    if let Some((behind, until)) = unit_behind(finder, number.until) {
        if behind != currency && !DOLLARS.contains(&behind.code()) {
            let words = finder.text.slice(at, until).to_owned();
            return Some((AmountMention::Unreadable(words), at, until));
        }
        let mention = number.to_money(finder, behind);
        return Some((mention, at, until));
    }
    Some((number.to_money(finder, currency), at, number.until))
}

/// `50 dollars`, `fifty bucks`, `20€`, `-5 dollars`, `twenty five dollars and ten cents`, `a buck`.
fn with_unit_behind(finder: &Finder<'_>, at: usize) -> Option<(AmountMention, usize, usize)> {
    let number = read_number(finder, at).or_else(|| {
        let single = matches!(finder.word(at), "a" | "one")
            && matches!(finder.word(at + 1), "dollar" | "buck" | "euro");
        single.then(|| Number::of_integer(1, at, at + 1))
    })?;
    let number = and_a_half(finder, number);
    let unit_at = number.until;
    if finder.reads(unit_at, &["of"]) {
        return None;
    }
    if let Some(until) = cents_behind(finder, unit_at) {
        let cents = number.scaled(-2);
        return Some((cents.to_money(finder, finder.around.currency()), at, until));
    }
    let (currency, until) = unit_behind(finder, unit_at)?;
    let (number, until) = add_cents(finder, number, until);
    Some((number.to_money(finder, currency), at, until))
}

/// "12 and a half".
fn and_a_half(finder: &Finder<'_>, number: Number) -> Number {
    match number.integer() {
        Some(whole) if finder.reads(number.until, &["and", "a", "half"]) => Number {
            text: format!("{whole}.5"),
            until: number.until + 3,
            ..number
        },
        _ => number,
    }
}

fn cents_behind(finder: &Finder<'_>, at: usize) -> Option<usize> {
    matches!(finder.word(at), "cent" | "cents" | "centavos" | "pence").then_some(at + 1)
}

/// "… and ten cents", "… ten cents", "… fifty": whole units become units and cents.
fn add_cents(finder: &Finder<'_>, number: Number, until: usize) -> (Number, usize) {
    let Some(whole) = number.integer() else {
        return (number, until);
    };
    let next = if matches!(finder.word(until), "and" | "con" | "y") {
        until + 1
    } else {
        until
    };
    let Some(cents) = read_number(finder, next).and_then(|cents| {
        let value = cents.integer().filter(|&value| value < 100)?;
        // "7 bucks 25": two digits at once behind the unit, with none of their own.
        let bare = next == until
            && value >= 10
            && is_alone(finder, &cents)
            && unit_behind(finder, cents.until).is_none();
        let end = cents_behind(finder, cents.until).or(bare.then_some(cents.until))?;
        Some((value, end))
    }) else {
        return (number, until);
    };
    let (value, end) = cents;
    let digits = format!("{whole}.{value:02}");
    let mut number = number;
    number.text = digits;
    number.shift = 0;
    (number, end)
}

fn unit_before(finder: &Finder<'_>, at: usize) -> Option<(Currency, usize)> {
    let token = finder.free(at)?;
    let currency = if token.kind == Kind::Symbol {
        symbol(&token.text, finder.around.currency())?
    } else {
        matches!(token.text.as_str(), "usd" | "eur" | "gbp" | "jpy" | "us")
            .then_some(())
            .or_else(|| CODES.contains(&token.text.as_str()).then_some(()))?;
        if token.text == "us" {
            // "US$50" and "US $50".
            return finder
                .free(at + 1)
                .filter(|next| next.is_symbol('$'))
                .map(|_| (Currency::USD, at + 2));
        }
        Currency::from_code(&token.text)?
    };
    Some((currency, at + 1))
}

fn symbol(text: &str, own: Currency) -> Option<Currency> {
    match text {
        "$" if DOLLARS.contains(&own.code()) => Some(own),
        "$" => Some(Currency::USD),
        "\u{20AC}" => Some(Currency::EUR),
        "\u{A3}" => Some(Currency::GBP),
        "\u{A5}" => Some(Currency::JPY),
        _ => None,
    }
}

fn unit_behind(finder: &Finder<'_>, at: usize) -> Option<(Currency, usize)> {
    let token = finder.free(at)?;
    let own = finder.around.currency();
    if token.kind == Kind::Symbol {
        // "50$" but not "50 $60".
        let currency = token.glued.then(|| symbol(&token.text, own)).flatten()?;
        return Some((currency, at + 1));
    }
    if token.word == "us" {
        let next = finder.free(at + 1)?;
        return next
            .is_any(&["dollars", "dollar"])
            .then_some((Currency::USD, at + 2));
    }
    let currency = CURRENCY_WORDS
        .iter()
        .find(|(word, _)| *word == token.word)
        .map(|(_, currency)| *currency)
        .or_else(|| {
            CODES
                .contains(&token.text.as_str())
                .then(|| Currency::from_code(&token.text))
                .flatten()
        })?;
    let plain_dollar = currency == Currency::USD && token.word != "usd";
    let currency = if plain_dollar && DOLLARS.contains(&own.code()) {
        own
    } else {
        currency
    };
    Some((currency, at + 1))
}
