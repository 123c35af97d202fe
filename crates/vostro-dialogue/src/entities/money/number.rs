//! Numbers in digits and words, before they are money: "1,250.50", "1.2k", "1e9", "-5", "fifty".
//!
//! Kept as decimal text and a power of ten until the currency is known, so that nothing is rounded.

use vostro_types::{Currency, Money, MoneyError};

use crate::command::{AmountMention, Slot};
use crate::entities::{Finder, number_words};
use crate::language::{self, Language};
use crate::understand::text::Kind;

/// A number as written, before it is money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) negative: bool,
    /// A decimal in digits, grouping and exponent as typed.
    pub(super) text: String,
    /// The power of ten it is multiplied with.
    pub(super) shift: i32,
    pub(super) words: bool,
    pub(super) from: usize,
    pub(super) until: usize,
}

impl Number {
    pub(super) fn of_integer(value: u64, from: usize, until: usize) -> Self {
        Self {
            negative: false,
            text: value.to_string(),
            shift: 0,
            words: true,
            from,
            until,
        }
    }

    pub(super) fn scaled(mut self, by: i32) -> Self {
        self.shift = self.shift.saturating_add(by);
        self
    }

    /// The number if it is a plain unsigned integer.
    pub(super) fn integer(&self) -> Option<u64> {
        if self.negative || self.shift != 0 {
            return None;
        }
        self.text.replace(',', "").parse().ok()
    }

    pub(super) fn count(&self) -> Option<u32> {
        self.integer().and_then(|value| u32::try_from(value).ok())
    }

    pub(super) fn to_money(&self, finder: &Finder<'_>, currency: Currency) -> AmountMention {
        let spanish = self.text.contains(',')
            && language::detect(&finder.text.normalised) == Some(Language::Spanish);
        let money = plain_decimal(&self.text, currency, spanish)
            .and_then(|decimal| shifted(&decimal, self.shift))
            .and_then(|decimal| Money::parse_decimal(&decimal, currency))
            .and_then(|money| {
                if self.negative {
                    money.checked_neg()
                } else {
                    Ok(money)
                }
            });
        money.map_or_else(
            |_| {
                let words = finder.text.slice(self.from, self.until);
                AmountMention::Unreadable(words.chars().take(60).collect())
            },
            AmountMention::Exact,
        )
    }
}

pub(super) fn read_number(finder: &Finder<'_>, at: usize) -> Option<Number> {
    let (negative, start) = sign(finder, at);
    let mut number = read_unsigned(finder, start)?;
    number.negative = negative;
    number.from = at;
    Some(number)
}

pub(super) fn read_unsigned(finder: &Finder<'_>, at: usize) -> Option<Number> {
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
            let free = |until: usize| (at..until).all(|i| finder.free(i).is_some());
            let spoken = number_words::read_spoken(&finder.text.tokens, at);
            if let Some((whole, hundredths, until)) = spoken.filter(|it| free(it.2)) {
                let mut number = Number::of_integer(whole, at, until);
                if hundredths > 0 {
                    number.text = format!("{whole}.{hundredths}");
                }
                return Some(number);
            }
            let (value, until) = number_words::read(&finder.text.tokens, at)?;
            free(until).then_some(())?;
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
pub(super) fn suffix(finder: &Finder<'_>, at: usize) -> Option<i32> {
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
pub(super) fn is_alone(finder: &Finder<'_>, number: &Number) -> bool {
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
        && !matches!(finder.around.asked, Some(Slot::Amount));
    !(glued_behind || percent || glued_before || a_word_like_one)
}

pub(super) fn sign(finder: &Finder<'_>, at: usize) -> (bool, usize) {
    match finder.free(at) {
        Some(token) if token.is_symbol('-') && !is_range_dash(finder, at) => (true, at + 1),
        Some(token) if token.is_symbol('+') => (false, at + 1),
        Some(token) if token.is_any(&["minus", "negative"]) => (true, at + 1),
        _ => (false, at),
    }
}

/// A hyphen right behind a word or a number joins; one after white space is a sign.
pub(super) fn is_range_dash(finder: &Finder<'_>, at: usize) -> bool {
    finder.token(at).is_some_and(|token| token.glued)
}

/// From digits with grouping to a plain decimal: "1,250.50" to "1250.50". In euros and in Spanish "12,50" and
/// "1.250,50" are read as written in Europe; in other currencies odd grouping is refused.
pub(super) fn plain_decimal(
    text: &str,
    currency: Currency,
    spanish: bool,
) -> Result<String, MoneyError> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let european = spanish
        || matches!(
            currency.code(),
            "EUR" | "PLN" | "BRL" | "DKK" | "SEK" | "NOK"
        );
    // "1.500" is one and a half to some, and fifteen hundred to others.
    let thousands = |(whole, rest): (&str, &str)| {
        (1..=3).contains(&whole.len()) && rest.len() == 3 && exponent == "0"
    };
    if currency.exponent() < 3 && mantissa.split_once('.').is_some_and(thousands) {
        return Err(MoneyError::NotANumber);
    }
    let plain = if european && mantissa.contains(',') && is_european(mantissa) {
        mantissa.replace('.', "").replace(',', ".")
    } else {
        ungrouped(mantissa)?
    };
    let exponent: i32 = exponent.parse().map_err(|_| MoneyError::Overflow)?;
    shifted(&plain, exponent)
}

pub(super) fn is_european(text: &str) -> bool {
    let Some((whole, fraction)) = text.rsplit_once(',') else {
        return false;
    };
    fraction.len() <= 2 && !fraction.contains('.') && is_grouped(whole, '.')
}

pub(super) fn ungrouped(text: &str) -> Result<String, MoneyError> {
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

pub(super) fn is_grouped(whole: &str, separator: char) -> bool {
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    if rest.peek().is_none() {
        return true;
    }
    (1..=3).contains(&first.len()) && rest.all(|group| group.len() == 3)
}

/// A plain decimal times a power of ten, by moving the point.
pub(super) fn shifted(decimal: &str, by: i32) -> Result<String, MoneyError> {
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
