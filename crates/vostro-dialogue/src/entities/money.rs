//! Amounts of money: "$1,250.50", "fifty bucks", "1.2k", "20 EUR", "all of it", "the full bill".
//!
//! Exact or nothing: what has too many decimals, odd grouping or does not fit 64 bits of minor units
//! is [`AmountMention::Unreadable`] with the customer's words, never a rounded figure. The sign is the
//! customer's. A number without a unit is kept as [`Value::Bare`]: whether it is an amount, a count or
//! neither depends on what the message is about. Percentages are no amounts.

use vostro_types::{Currency, Money, MoneyError};

use super::{Finder, Value, number_words};
use crate::command::AmountMention;
use crate::understand::text::Kind;

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
    // "The full electricity bill": only "full" is claimed, the biller is another finder's.
    if matches!(finder.word(at), "full" | "whole" | "entire") {
        let bill = (2..=3).any(|ahead| matches!(finder.word(at + ahead), "bill" | "invoice"));
        if bill {
            return Some((AmountMention::AmountDue, at, at + 1));
        }
    }
    longest(AMOUNT_DUE).map(|length| (AmountMention::AmountDue, at, at + length))
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
    let mut unit_at = number.until;
    if finder.reads(unit_at, &["of"]) {
        return None;
    }
    if number.is_words() && finder.word(unit_at) == "or" {
        unit_at = number.until;
    }
    if let Some(until) = cents_behind(finder, unit_at) {
        let cents = number.scaled(-2);
        return Some((cents.to_money(finder, finder.around.currency()), at, until));
    }
    let (currency, until) = unit_behind(finder, unit_at)?;
    let (number, until) = add_cents(finder, number, until);
    Some((number.to_money(finder, currency), at, until))
}

fn cents_behind(finder: &Finder<'_>, at: usize) -> Option<usize> {
    matches!(finder.word(at), "cent" | "cents" | "centavos" | "pence").then_some(at + 1)
}

/// "… and ten cents", "… ten cents", "… and fifty": whole units become units and cents.
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
        let end = cents_behind(finder, cents.until)?;
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

fn sign(finder: &Finder<'_>, at: usize) -> (bool, usize) {
    match finder.free(at) {
        Some(token) if token.is_symbol('-') && !is_range_dash(finder, at) => (true, at + 1),
        Some(token) if token.is_symbol('+') => (false, at + 1),
        Some(token) if token.is_any(&["minus", "negative"]) => (true, at + 1),
        _ => (false, at),
    }
}

/// A hyphen right behind a word or a number joins; one after white space is a sign.
fn is_range_dash(finder: &Finder<'_>, at: usize) -> bool {
    finder.token(at).is_some_and(|token| token.glued)
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

/// A number as written, before it is money.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number {
    negative: bool,
    /// A decimal in digits, grouping and exponent as typed.
    text: String,
    /// The power of ten it is multiplied with.
    shift: i32,
    words: bool,
    from: usize,
    until: usize,
}

impl Number {
    fn of_integer(value: u64, from: usize, until: usize) -> Self {
        Self {
            negative: false,
            text: value.to_string(),
            shift: 0,
            words: true,
            from,
            until,
        }
    }

    const fn is_words(&self) -> bool {
        self.words
    }

    fn scaled(mut self, by: i32) -> Self {
        self.shift = self.shift.saturating_add(by);
        self
    }

    /// The number if it is a plain unsigned integer.
    fn integer(&self) -> Option<u64> {
        if self.negative || self.shift != 0 {
            return None;
        }
        self.text.replace(',', "").parse().ok()
    }

    fn count(&self) -> Option<u32> {
        self.integer().and_then(|value| u32::try_from(value).ok())
    }

    fn to_money(&self, finder: &Finder<'_>, currency: Currency) -> AmountMention {
        let money = plain_decimal(&self.text, currency)
            .and_then(|decimal| shifted(&decimal, self.shift))
            .and_then(|decimal| Money::parse_decimal(&decimal, currency))
            .and_then(|money| {
                if self.negative {
                    money.checked_neg()
                } else {
                    Ok(money)
                }
            });
        match money {
            Ok(money) => AmountMention::Exact(money),
            Err(_) => {
                let words = finder.text.slice(self.from, self.until);
                AmountMention::Unreadable(words.chars().take(60).collect())
            }
        }
    }
}

fn read_number(finder: &Finder<'_>, at: usize) -> Option<Number> {
    let (negative, start) = sign(finder, at);
    let mut number = read_unsigned(finder, start)?;
    number.negative = negative;
    number.from = at;
    Some(number)
}

fn read_unsigned(finder: &Finder<'_>, at: usize) -> Option<Number> {
    let token = finder.free(at)?;
    let mut number = match token.kind {
        Kind::Number => Number {
            negative: false,
            text: token.text.clone(),
            shift: 0,
            words: false,
            from: at,
            until: at + 1,
        },
        Kind::Symbol if token.is_symbol('.') => {
            // ".50"
            let digits = finder.digits(at + 1)?;
            let glued = finder.free(at + 1).is_some_and(|next| next.glued);
            let begins = !token.glued
                || finder
                    .token(at.wrapping_sub(1))
                    .is_some_and(|t| t.kind == Kind::Symbol);
            (glued && begins).then(|| Number {
                negative: false,
                text: format!("0.{digits}"),
                shift: 0,
                words: false,
                from: at,
                until: at + 2,
            })?
        }
        Kind::Word => {
            let (value, until) = number_words::read(&finder.text.tokens, at)?;
            (at..until)
                .all(|i| finder.free(i).is_some())
                .then_some(())?;
            return Some(Number::of_integer(value, at, until));
        }
        Kind::Symbol => return None,
    };
    if let Some(shift) = suffix(finder, number.until) {
        number.shift = shift;
        number.until += 1;
    }
    Some(number)
}

/// "k" or "m" right behind the digits, or "thousand", "grand" after them.
fn suffix(finder: &Finder<'_>, at: usize) -> Option<i32> {
    let token = finder.free(at)?;
    match token.text.as_str() {
        "k" if token.glued => Some(3),
        "m" | "mm" if token.glued => Some(6),
        "bn" | "b" if token.glued => Some(9),
        "k" if finder.digits(at.wrapping_sub(1)).is_some() => Some(3),
        "hundred" => Some(2),
        "thousand" | "grand" | "mil" => Some(3),
        "million" => Some(6),
        "billion" => Some(9),
        _ => None,
    }
}

/// Whether a number stands for itself: not glued to letters, no percentage, part of no date or time.
fn is_alone(finder: &Finder<'_>, number: &Number) -> bool {
    let behind = finder.token(number.until);
    let glued_behind = behind.is_some_and(|token| {
        token.glued
            && (token.kind == Kind::Word
                || token.is_symbol('%')
                || token.is_symbol('/')
                || token.is_symbol(':')
                || (token.is_symbol('-')
                    && finder
                        .token(number.until + 1)
                        .is_some_and(|next| next.glued && next.kind != Kind::Symbol)))
    });
    let percent = behind.is_some_and(|token| {
        token.is_symbol('%')
            || token.is_any(&[
                "percent", "am", "pm", "oclock", "days", "months", "weeks", "years", "hours",
                "minutes", "times",
            ])
    });
    let glued_before = finder.token(number.from).is_some_and(|token| token.glued)
        && finder
            .token(number.from.wrapping_sub(1))
            .is_some_and(|token| {
                token.kind == Kind::Word || token.is_symbol('/') || token.is_symbol(':')
            });
    let a_word_like_one = number.words
        && number.until == number.from + 1
        && matches!(
            finder.word(number.from),
            "one" | "once" | "uno" | "zero" | "mil" | "grand"
        )
        && !matches!(finder.around.asked, Some(crate::command::Slot::Amount));
    !(glued_behind || percent || glued_before || a_word_like_one)
}

/// From digits with grouping to a plain decimal: "1,250.50" to "1250.50". In euros "12,50" and
/// "1.250,50" are read as written in Europe; in other currencies odd grouping is refused.
fn plain_decimal(text: &str, currency: Currency) -> Result<String, MoneyError> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let european = matches!(
        currency.code(),
        "EUR" | "PLN" | "BRL" | "DKK" | "SEK" | "NOK"
    );
    let plain = if european && mantissa.contains(',') && is_european(mantissa) {
        mantissa.replace('.', "").replace(',', ".")
    } else {
        ungrouped(mantissa)?
    };
    let exponent: i32 = exponent.parse().map_err(|_| MoneyError::Overflow)?;
    shifted(&plain, exponent)
}

fn is_european(text: &str) -> bool {
    let Some((whole, fraction)) = text.rsplit_once(',') else {
        return false;
    };
    fraction.len() <= 2 && !fraction.contains('.') && is_grouped(whole, '.')
}

fn ungrouped(text: &str) -> Result<String, MoneyError> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|fraction| fraction.contains(['.', ','])) || !is_grouped(whole, ',') {
        return Err(MoneyError::NotANumber);
    }
    let whole = whole.replace(',', "");
    Ok(fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

fn is_grouped(whole: &str, separator: char) -> bool {
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    if rest.peek().is_none() {
        return true;
    }
    (1..=3).contains(&first.len()) && rest.all(|group| group.len() == 3)
}

/// A plain decimal times a power of ten, by moving the point.
fn shifted(decimal: &str, by: i32) -> Result<String, MoneyError> {
    /// More zeros than any amount has; the exponent of a hostile message stops here.
    const MOST: usize = 40;
    if by == 0 {
        return Ok(decimal.to_owned());
    }
    let places = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    if places > MOST || whole.len() > MOST {
        return Err(MoneyError::Overflow);
    }
    if by > 0 {
        let padded = format!("{fraction:0<places$}");
        let (moved, rest) = padded.split_at(places);
        return Ok(format!("{whole}{moved}.{rest}"));
    }
    let padded = format!("{whole:0>width$}", width = places + 1);
    let (kept, moved) = padded.split_at(padded.len() - places);
    Ok(format!("{kept}.{moved}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    fn amount(text: &str) -> String {
        let mentions = found(text, &portfolio());
        let shown: Vec<String> = mentions
            .into_iter()
            .filter_map(|mention| match mention.value {
                Value::Amount(amount) => Some(show(&amount)),
                Value::Bare(amount, _) => Some(format!("bare {}", show(&amount))),
                _ => None,
            })
            .collect();
        shown.join(" | ")
    }

    fn show(amount: &AmountMention) -> String {
        match amount {
            AmountMention::Exact(money) => {
                format!("{} {}", money.to_decimal(), money.currency)
            }
            AmountMention::Everything => "everything".to_owned(),
            AmountMention::AmountDue => "due".to_owned(),
            AmountMention::Unreadable(words) => format!("unreadable {words}"),
        }
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let cases = [
            ("$50", "50.00 USD"),
            ("50 dollars", "50.00 USD"),
            ("fifty bucks", "50.00 USD"),
            ("1.2k", "bare 1200.00 USD"),
            ("$1.2k", "1200.00 USD"),
            ("2k dollars", "2000.00 USD"),
            ("$1,250.50", "1250.50 USD"),
            ("1,250.50", "bare 1250.50 USD"),
            ("twenty five dollars and ten cents", "25.10 USD"),
            ("5 dollars 50 cents", "5.50 USD"),
            ("a hundred", "bare 100.00 USD"),
            ("a hundred dollars", "100.00 USD"),
            ("a buck", "1.00 USD"),
            ("two grand", "bare 2000.00 USD"),
            ("five hundred and fifty dollars", "550.00 USD"),
            ("5 hundred dollars", "500.00 USD"),
            ("1.5 million dollars", "1500000.00 USD"),
            ("99 cents", "0.99 USD"),
            ("\u{20AC}20", "20.00 EUR"),
            ("20 EUR", "20.00 EUR"),
            ("20\u{20AC}", "20.00 EUR"),
            ("\u{20AC}12,50", "12.50 EUR"),
            ("1.250,50 euros", "1250.50 EUR"),
            ("\u{A3}5", "5.00 GBP"),
            ("ten pounds", "10.00 GBP"),
            ("\u{A5}500", "500 JPY"),
            ("USD 20", "20.00 USD"),
            ("US$ 20", "20.00 USD"),
            ("$20 USD", "20.00 USD"),
            ("50usd", "50.00 USD"),
            ("$.50", "0.50 USD"),
            ("$1e9", "1000000000.00 USD"),
            ("-$5", "-5.00 USD"),
            ("$-5", "-5.00 USD"),
            ("minus five dollars", "-5.00 USD"),
            ("$0", "0.00 USD"),
            ("$5.005", "unreadable $5.005"),
            ("$1,25", "unreadable $1,25"),
            ("$1.2.3", "unreadable $1.2.3"),
            ("$99999999999999999999", "unreadable $99999999999999999999"),
            ("$1e400", "unreadable $1e400"),
            ("\u{A5}5.5", "unreadable \u{A5}5.5"),
            ("transfer all of it", "everything"),
            ("pay the full bill", "due"),
            ("pay what I owe", "due"),
            ("5%", ""),
            ("20 percent", ""),
            ("10:30", ""),
            ("that one", ""),
            ("\u{FF04}\u{FF15}\u{FF10}", "50.00 USD"),
            ("veinte dolares", "20.00 USD"),
            ("send 50 to", "bare 50.00 USD"),
        ];
        for (text, expected) in cases {
            assert_eq!(amount(text), expected, "{text}");
        }
    }
}
