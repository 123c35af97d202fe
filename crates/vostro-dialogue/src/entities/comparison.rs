//! Bounds of an amount: "over $100", "more than 50 bucks", "under $20", "between $10 and $20".
//!
//! Runs before amounts are read, since its numbers bound transactions and are not to be moved. "Between"
//! dates is read earlier. A bound is without sign; an unreadable amount is no bound.

use vostro_types::Money;

use super::{Finder, Value, money};
use crate::command::AmountMention;

/// Words that begin a lower bound, longest first.
const AT_LEAST: &[&[&str]] = &[
    &["greater", "than"],
    &["more", "than"],
    &["larger", "than"],
    &["bigger", "than"],
    &["higher", "than"],
    &["at", "least"],
    &["mas", "de"],
    &["over"],
    &["above"],
    &["exceeding"],
];
/// Words that begin an upper bound.
const AT_MOST: &[&[&str]] = &[
    &["less", "than"],
    &["smaller", "than"],
    &["lower", "than"],
    &["fewer", "than"],
    &["no", "more", "than"],
    &["at", "most"],
    &["up", "to"],
    &["menos", "de"],
    &["under"],
    &["below"],
];

/// Finds bounds.
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at) {
            Some((least, most, until)) => {
                finder.claim(at, until, Value::Range(least, most));
                until
            }
            None => at + 1,
        };
    }
}

fn read_at(finder: &Finder<'_>, at: usize) -> Option<(Option<Money>, Option<Money>, usize)> {
    if matches!(finder.word(at), "between" | "entre") {
        let (low, next) = bound(finder, at + 1)?;
        matches!(finder.word(next), "and" | "to" | "y").then_some(())?;
        let (high, until) = bound(finder, next + 1)?;
        let (low, high) = if low.minor <= high.minor {
            (low, high)
        } else {
            (high, low)
        };
        return Some((Some(low), Some(high), until));
    }
    let led_by = |phrases: &[&[&str]]| {
        phrases
            .iter()
            .find(|words| finder.reads(at, words))
            .map(|words| at + words.len())
    };
    // "No more than" holds "more than": the upper bounds go first.
    if let Some(next) = led_by(AT_MOST) {
        let (high, until) = bound(finder, next)?;
        return Some((None, Some(high), until));
    }
    let next = led_by(AT_LEAST)?;
    let (low, until) = bound(finder, next)?;
    Some((Some(low), None, until))
}

fn bound(finder: &Finder<'_>, at: usize) -> Option<(Money, usize)> {
    match money::read_any(finder, at)? {
        (AmountMention::Exact(money), until) => Some((money.abs(), until)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn bounds_of_amounts() {
        let cases = [
            ("over $100", Some((Some(10_000), None))),
            ("more than 50 bucks", Some((Some(5_000), None))),
            ("at least fifty", Some((Some(5_000), None))),
            ("under $20", Some((None, Some(2_000)))),
            ("no more than $20", Some((None, Some(2_000)))),
            ("between $10 and $20", Some((Some(1_000), Some(2_000)))),
            (
                "between 20 and 10 dollars",
                Some((Some(1_000), Some(2_000))),
            ),
            ("over the last week", None),
            ("over 3 months", None),
            ("up to date", None),
            ("between us", None),
        ];
        for (text, expected) in cases {
            let bounds =
                found(text, &portfolio())
                    .into_iter()
                    .find_map(|mention| match mention.value {
                        Value::Range(least, most) => {
                            Some((least.map(|m| m.minor), most.map(|m| m.minor)))
                        }
                        _ => None,
                    });
            assert_eq!(bounds, expected, "{text}");
        }
    }
}
