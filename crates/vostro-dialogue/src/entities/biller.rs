//! Billers: "my electricity bill", "the water bill", "Demo Telecom", and bills of nobody known.
//!
//! A biller is found by its name, its aliases, or a word of the same trade ("power" for electricity).
//! Words like "water" or "phone" mean a bill only where a bill is spoken of; in "spent on gas" they are
//! a category's. A word before "bill" that fits none is kept as unknown, so that it can be asked about.

use super::{Finder, Value, words_of_name};
use crate::command::{BillerMention, Flow, Slot};
use crate::understand::lexicon::{Lexicon, typo_distance};
use crate::understand::text::{Kind, Token};

/// Words of one trade.
const TRADES: &[&[&str]] = &[
    &[
        "electricity",
        "electric",
        "electrical",
        "power",
        "light",
        "hydro",
        "energy",
        "luz",
        "electricidad",
    ],
    &["water", "sewer", "agua"],
    &["gas", "heating"],
    &["internet", "broadband", "wifi", "cable", "fiber"],
    &[
        "phone",
        "mobile",
        "cell",
        "cellphone",
        "telephone",
        "telefono",
        "celular",
        "movil",
        "wireless",
    ],
    &["rent", "alquiler", "renta"],
    &["insurance", "seguro"],
    &["gym", "fitness"],
    &["trash", "garbage", "waste"],
    &["tv", "television"],
    &["mortgage", "hipoteca"],
    &["tuition", "school"],
];
const BILL_WORDS: &[&str] = &[
    "bill", "bills", "invoice", "factura", "recibo", "company", "provider", "payment",
];
/// Words of a biller's name that tell nothing.
const GENERIC: &[&str] = &[
    "demo",
    "the",
    "and",
    "of",
    "company",
    "co",
    "inc",
    "corp",
    "services",
    "service",
    "bank",
    "national",
    "city",
    "utility",
    "utilities",
    "bill",
    "group",
    "light",
];
/// Words that can stand before "bill" without naming one.
const NOT_A_BILLER: &[&str] = &[
    "my",
    "the",
    "a",
    "this",
    "that",
    "pay",
    "full",
    "whole",
    "entire",
    "next",
    "last",
    "new",
    "any",
    "monthly",
    "to",
    "which",
    "what",
    "old",
    "due",
    "open",
    "other",
    "same",
    "current",
    "of",
    "for",
    "an",
    "our",
    "first",
    "second",
    "and",
    "that",
    "big",
    "latest",
    "la",
    "mi",
    "is",
    "your",
    "credit",
    "overdue",
    "unpaid",
    "outstanding",
    "upcoming",
    "one",
    "every",
    "each",
    "some",
    "no",
    "or",
    "dollar",
    "buck",
];

struct Known {
    words: Vec<String>,
    index: usize,
    /// A whole name or an alias of several words stands by itself; a single alias needs a bill.
    alone: bool,
}

/// Finds billers.
pub fn find(finder: &mut Finder<'_>) {
    let known = known(finder);
    let bills_meant = bills_meant(finder);
    let mut at = 0;
    while at < finder.len() {
        let found = own(finder, at, &known, bills_meant)
            .or_else(|| trade(finder, at, &known, bills_meant))
            .or_else(|| unknown(finder, at));
        at = match found {
            Some((mention, until)) => {
                finder.claim(at, until, Value::Biller(mention));
                until
            }
            None => at + 1,
        };
    }
}

/// The mention for billers by their places in the portfolio.
pub fn mention_of(finder: &Finder<'_>, mut indexes: Vec<usize>) -> Option<BillerMention> {
    indexes.sort_unstable();
    indexes.dedup();
    let mut ids: Vec<_> = indexes
        .into_iter()
        .filter_map(|index| finder.around.portfolio.billers.get(index))
        .map(|biller| biller.id.clone())
        .collect();
    match ids.len() {
        0 => None,
        1 => ids.pop().map(BillerMention::One),
        _ => Some(BillerMention::Several(ids)),
    }
}

/// Whether single words may be billers: a bill was asked for, or is what the message pays.
fn bills_meant(finder: &Finder<'_>) -> bool {
    matches!(finder.around.asked, Some(Slot::Biller))
        || matches!(finder.around.flow, Some(Flow::PayBill | Flow::ListBills))
        || (0..finder.len()).any(|at| {
            finder.token(at).is_some_and(|token| {
                token.is_any(&[
                    "pay", "paying", "bill", "bills", "pagar", "paga", "due", "overdue", "owe",
                ]) || finder.reads(at, &["how", "much", "is"])
                    || BILL_WORDS.contains(&token.word.as_str())
            })
        }) && !(0..finder.len()).any(|at| {
            finder
                .token(at)
                .is_some_and(|token| token.is_any(&["spend", "spent", "spending", "gaste"]))
        })
}

fn known(finder: &Finder<'_>) -> Vec<Known> {
    let mut known = Vec::new();
    for (index, biller) in finder.around.portfolio.billers.iter().enumerate() {
        let name = words_of_name(&biller.name);
        for word in name
            .iter()
            .filter(|word| word.len() > 3 && !GENERIC.contains(&word.as_str()))
        {
            known.push(Known {
                words: vec![word.clone()],
                index,
                alone: false,
            });
        }
        known.push(Known {
            words: name,
            index,
            alone: true,
        });
        for alias in &biller.aliases {
            let words = words_of_name(alias);
            let alone = words.len() > 1;
            known.push(Known {
                words,
                index,
                alone,
            });
        }
    }
    known.retain(|name| !name.words.is_empty());
    known
}

fn own(
    finder: &Finder<'_>,
    at: usize,
    known: &[Known],
    bills_meant: bool,
) -> Option<(BillerMention, usize)> {
    let fits = |name: &&Known| {
        let mut next = at;
        name.words.iter().all(|word| {
            // "AT&T" and "Power & Light" are said with and without the sign.
            if finder
                .free(next)
                .is_some_and(|t| t.is_symbol('&') || t.word == "and")
                && word != "and"
            {
                next += 1;
            }
            let same = finder
                .free(next)
                .is_some_and(|token| same_word(token, word));
            next += 1;
            same
        })
    };
    let fitting: Vec<&Known> = known.iter().filter(fits).collect();
    let longest = fitting.iter().map(|name| name.words.len()).max()?;
    let fitting: Vec<&&Known> = fitting
        .iter()
        .filter(|name| name.words.len() == longest)
        .collect();
    let until = end_of(finder, at, longest);
    let is_bill = BILL_WORDS.contains(&finder.word(until));
    if !(bills_meant || is_bill || fitting.iter().any(|name| name.alone)) {
        return None;
    }
    let mention = mention_of(finder, fitting.iter().map(|name| name.index).collect())?;
    Some((mention, if is_bill { until + 1 } else { until }))
}

/// The place behind so many words, signs between them not counted.
fn end_of(finder: &Finder<'_>, at: usize, words: usize) -> usize {
    let (mut next, mut left) = (at, words);
    while left > 0 {
        let joins = finder
            .free(next)
            .is_some_and(|t| t.is_symbol('&') || (t.word == "and" && left < words));
        if !joins {
            left -= 1;
        }
        next += 1;
        if next > finder.len() {
            return finder.len();
        }
    }
    next
}

fn same_word(token: &Token, word: &str) -> bool {
    token.text == word
        || token.word == word
        || (token.kind == Kind::Word
            && !Lexicon::get().is_ordinary(&token.text)
            && typo_distance(&token.text, word).is_some())
}

/// A word of the trade of a known biller.
fn trade(
    finder: &Finder<'_>,
    at: usize,
    known: &[Known],
    bills_meant: bool,
) -> Option<(BillerMention, usize)> {
    let word = finder.word(at);
    let trade = TRADES.iter().find(|trade| trade.contains(&word))?;
    let is_bill = BILL_WORDS.contains(&finder.word(at + 1));
    let de = matches!(finder.word_before(at, 1), "de" | "del" | "la") && bills_meant;
    if !(bills_meant || is_bill || de) {
        return None;
    }
    let fitting = known
        .iter()
        .filter(|name| {
            name.words.len() == 1 && name.words.iter().any(|word| trade.contains(&word.as_str()))
        })
        .map(|name| name.index)
        .collect();
    let until = if is_bill { at + 2 } else { at + 1 };
    let mention = mention_of(finder, fitting)
        .unwrap_or_else(|| BillerMention::Unknown(finder.text.slice(at, at + 1).to_owned()));
    Some((mention, until))
}

/// `my gym bill`: a word before "bill" that fits nobody.
fn unknown(finder: &Finder<'_>, at: usize) -> Option<(BillerMention, usize)> {
    let word = finder.free(at).filter(|token| token.kind == Kind::Word)?;
    if word.word == "'s" || !matches!(finder.word(at + 1), "bill" | "invoice") {
        return None;
    }
    if NOT_A_BILLER.contains(&word.word.as_str()) || finder.lexicon.cues().in_class("see", word.id)
    {
        return None;
    }
    let before = at.checked_sub(1).and_then(|i| finder.free(i));
    let two = before.is_some_and(|token| {
        token.kind == Kind::Word
            && !NOT_A_BILLER.contains(&token.word.as_str())
            && !Lexicon::get().is_ordinary(&token.text)
    });
    let from = if two { at.saturating_sub(1) } else { at };
    Some((
        BillerMention::Unknown(finder.text.slice(from, at + 1).to_owned()),
        at + 2,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn billers_are_found_where_bills_are_meant() {
        let cases = [
            ("pay my electricity bill", "power"),
            ("the electric bill", "power"),
            ("pay the power", "power"),
            ("pay Demo Power & Light 50", "power"),
            ("demo power and light", "power"),
            ("the water bill", "water"),
            ("pay water", "water"),
            ("my phone bill", "telecom"),
            ("pay demo telecom", "telecom"),
            ("pay my electrcity bill", "power"),
            ("my gym bill", "?gym"),
            ("pay my dentist bill", "?dentist"),
            ("pay the full bill", ""),
            ("pay my bill", ""),
            ("spent on water", ""),
            ("a glass of water", ""),
        ];
        for (text, expected) in cases {
            let shown: Vec<String> = found(text, &portfolio())
                .into_iter()
                .filter_map(|mention| match mention.value {
                    Value::Biller(BillerMention::One(id)) => Some(id.as_str().to_owned()),
                    Value::Biller(BillerMention::Several(ids)) => Some(format!("{ids:?}")),
                    Value::Biller(BillerMention::Unknown(words)) => Some(format!("?{words}")),
                    _ => None,
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
    }
}
