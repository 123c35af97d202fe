//! Account numbers: "account 67890", "to 67890", "acct #1234567890", an IBAN.
//!
//! A number is taken for one where the words say so or where it is too long for anything else; the
//! first finder to run, so that its digits are never an amount. Whose account it is, the customer's, a
//! saved payee's or neither, is decided by [`resolve`].

use vostro_bank::Portfolio;
use vostro_ledger::AccountNumber;

use super::{Finder, Value};
use crate::command::{AccountMention, Slot, TargetMention};
use crate::understand::text::Kind;

/// Words that announce an account number.
const ANNOUNCING: &[&str] = &["account", "acct", "acc", "ac", "iban", "cuenta", "clabe"];
/// Words that may stand between the announcement and the number.
const BETWEEN: &[&str] = &["number", "no", "num", "nr", "is", "numero"];
/// "Change it **to 6000**" sets an amount.
const SETTING: &[&str] = &[
    "it", "amount", "change", "increase", "raise", "lower", "reduce", "set", "update", "that",
    "up", "down", "limit",
];
/// "Send it **to 67890**" names an account.
const MOVING: &[&str] = &[
    "send", "transfer", "move", "wire", "pay", "envialo", "manda",
];
/// Words behind a number that make it an amount.
const UNITS: &[&str] = &[
    "dollars", "dollar", "bucks", "usd", "euros", "eur", "pounds", "gbp", "k", "grand", "thousand",
    "million", "hundred", "dolares",
];
/// From so many digits on, a bare number is an account number.
const LONG: usize = 8;

/// Finds account numbers.
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        if let Some(until) = routing(finder, at) {
            finder.claim(at, until, Value::Routing);
            at = until;
            continue;
        }
        let found = announced(finder, at)
            .or_else(|| iban(finder, at))
            .or_else(|| behind_to(finder, at))
            .or_else(|| long(finder, at));
        at = match found {
            Some((from, digits_from, until)) => {
                claim(finder, from, digits_from, until);
                until
            }
            None => at + 1,
        };
    }
}

/// Whose account a number is.
pub fn resolve(number: &AccountNumber, portfolio: &Portfolio) -> TargetMention {
    if let Some(account) = portfolio.accounts.iter().find(|a| a.number == *number) {
        return TargetMention::Own(account.id.clone());
    }
    if let Some(payee) = portfolio.payees.iter().find(|p| p.number == *number) {
        return TargetMention::Payee(payee.id.clone());
    }
    TargetMention::Number(number.clone())
}

/// The customer's own account with this number.
pub fn own(number: &AccountNumber, portfolio: &Portfolio) -> AccountMention {
    match resolve(number, portfolio) {
        TargetMention::Own(id) => AccountMention::One(id),
        _ => AccountMention::Unknown(number.as_str().to_owned()),
    }
}

fn claim(finder: &mut Finder<'_>, from: usize, digits_from: usize, until: usize) {
    let written = finder.text.slice(digits_from, until);
    let value = AccountNumber::new(written).map_or_else(
        |_| Value::BadNumber(written.chars().take(40).collect()),
        Value::Number,
    );
    finder.claim(from, until, value);
}

type Span = (usize, usize, usize);

/// `routing (number) 021000021`, `aba 026009593`: it names the bank, and no account.
fn routing(finder: &Finder<'_>, at: usize) -> Option<usize> {
    let named = ["routing", "aba", "rtn", "ruta", "transit", "sort"].contains(&finder.word(at));
    let mut next = at + 1;
    while named
        && (BETWEEN.contains(&finder.word(next))
            || matches!(finder.word(next), "code" | "de")
            || finder
                .free(next)
                .is_some_and(|t| t.is_symbol('#') || t.is_symbol(':')))
    {
        next += 1;
    }
    run_of_digits(finder, next).filter(|_| named)
}

/// `account (number) (is) #?67890`.
fn announced(finder: &Finder<'_>, at: usize) -> Option<Span> {
    let announces = ANNOUNCING.contains(&finder.word(at))
        || (finder.word(at) == "a" && finder.reads(at + 2, &["c"]))
        || finder.free(at).is_some_and(|token| token.is_symbol('#'));
    if !announces {
        return None;
    }
    let mut next = at + 1;
    while BETWEEN.contains(&finder.word(next))
        || finder
            .free(next)
            .is_some_and(|t| t.is_symbol('#') || t.is_symbol(':') || t.is_symbol('.'))
    {
        next += 1;
    }
    let until = run_of_digits(finder, next).or_else(|| alphanumeric(finder, next))?;
    let digits = finder.text.slice(next, until);
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    if count < 4 || UNITS.contains(&finder.word(until)) {
        return None;
    }
    Some((at, next, until))
}

/// `GB82WEST12345698765432`, in one piece or in groups.
fn iban(finder: &Finder<'_>, at: usize) -> Option<Span> {
    let first = finder.free(at).filter(|token| token.kind == Kind::Word)?;
    let mut characters = first.text.chars();
    let begins = characters
        .by_ref()
        .take(2)
        .filter(char::is_ascii_lowercase)
        .count()
        == 2
        && characters
            .by_ref()
            .take(2)
            .filter(char::is_ascii_digit)
            .count()
            == 2;
    if !begins {
        return None;
    }
    let mut length = first.text.len();
    let mut until = at + 1;
    while length < 34 {
        let Some(token) = finder.free(until) else {
            break;
        };
        let group = token.kind != Kind::Symbol
            && token.text.len() <= 4
            && token.text.chars().all(|c| c.is_ascii_alphanumeric())
            && token
                .text
                .chars()
                .any(|c| c.is_ascii_digit() || token.capital)
            && first.text.len() == 4;
        if !group {
            break;
        }
        length += token.text.len();
        until += 1;
    }
    (15..=34).contains(&length).then_some((at, at, until))
}

/// `to 67890`: four digits or more behind "to" that nothing makes an amount.
fn behind_to(finder: &Finder<'_>, at: usize) -> Option<Span> {
    if !matches!(finder.word(at), "to" | "into" | "a" | "al") {
        return None;
    }
    let before = finder.word_before(at, 1);
    let number_before = at
        .checked_sub(1)
        .and_then(|i| finder.token(i))
        .is_some_and(|token| token.kind == Kind::Number);
    let from_before = number_before && finder.word_before(at, 2) == "from";
    // "Send it to 67890" goes somewhere, "set it to 6000" does not.
    let moves_it = before == "it" && MOVING.contains(&finder.word_before(at, 2));
    // "Change the order to the landlord to 1475".
    let changes = (0..at).any(|at| {
        matches!(
            finder.word(at),
            "change"
                | "raise"
                | "increase"
                | "lower"
                | "reduce"
                | "bump"
                | "cambia"
                | "sube"
                | "baja"
        )
    });
    if (SETTING.contains(&before) && !moves_it) || from_before || changes {
        return None;
    }
    let digits_at = at + 1;
    let until = run_of_digits(finder, digits_at)?;
    let behind = finder.token(until);
    let an_amount = UNITS.contains(&finder.word(until))
        || behind.is_some_and(|t| {
            t.glued
                && (t.is_symbol('%') || t.is_symbol('/') || t.is_symbol('-') || t.is_symbol('$'))
        });
    let digits = finder.text.slice(digits_at, until);
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    (count >= 4 && !an_amount).then_some((digits_at, digits_at, until))
}

/// A number too long for an amount or a date, or the answer to "to which account?".
fn long(finder: &Finder<'_>, at: usize) -> Option<Span> {
    let least = match finder.around.asked {
        Some(Slot::Target | Slot::Source | Slot::Account) => 5,
        Some(Slot::Amount) => 12,
        _ => LONG,
    };
    let money_before = at
        .checked_sub(1)
        .and_then(|i| finder.token(i))
        .is_some_and(|t| {
            matches!(
                t.text.as_str(),
                "$" | "\u{20AC}" | "\u{A3}" | "\u{A5}" | "-"
            )
        });
    let until = run_of_digits(finder, at)?;
    let digits = finder.text.slice(at, until);
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let an_amount = UNITS.contains(&finder.word(until))
        || finder
            .token(until)
            .is_some_and(|t| t.glued && t.kind == Kind::Word);
    (count >= least && !money_before && !an_amount).then_some((at, at, until))
}

/// A run of digits, in one piece or in groups of four ("1234 5678 9012", "1234-5678").
fn run_of_digits(finder: &Finder<'_>, at: usize) -> Option<usize> {
    let first = finder.digits(at)?;
    if first.len() != 4 {
        return Some(at + 1);
    }
    let mut until = at + 1;
    loop {
        let hyphen = finder
            .free(until)
            .is_some_and(|token| token.glued && token.is_symbol('-'));
        let next = if hyphen { until + 1 } else { until };
        match finder.digits(next) {
            Some(group) if group.len() == 4 => until = next + 1,
            _ => return Some(until),
        }
    }
}

/// A word of letters and digits: "account AB12345".
fn alphanumeric(finder: &Finder<'_>, at: usize) -> Option<usize> {
    let token = finder.free(at)?;
    (token.kind == Kind::Word && token.text.bytes().filter(u8::is_ascii_digit).count() >= 4)
        .then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn account_numbers_are_told_from_amounts() {
        let cases = [
            ("transfer $50 to account 67890", "67890"),
            ("send 50 to 67890", "67890"),
            ("acct #1234567890", "1234567890"),
            ("account number is 1234-5678", "12345678"),
            ("account: 4000 1234 9876 1234", "4000123498761234"),
            ("to GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
            ("de89370400440532013000", "DE89370400440532013000"),
            ("98765432100", "98765432100"),
            ("account 67890 500", "67890"),
            ("to 5000 dollars", ""),
            ("change it to 6000", ""),
            ("from 5000 to 6000", ""),
            ("to $5000", ""),
            ("account 12", ""),
            ("since 2026", ""),
            ("$12345678", ""),
        ];
        for (text, expected) in cases {
            let numbers: Vec<String> = found(text, &portfolio())
                .into_iter()
                .filter_map(|mention| match mention.value {
                    Value::Number(number) => Some(number.as_str().to_owned()),
                    Value::BadNumber(text) => Some(format!("bad {text}")),
                    _ => None,
                })
                .collect();
            assert_eq!(numbers.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_number_of_ten_thousand_digits_is_none() {
        let text = format!("account {}", "7".repeat(10_000));
        let mentions = found(&text, &portfolio());
        assert!(matches!(&mentions[0].value, Value::BadNumber(shown) if shown.len() == 40));
    }

    #[test]
    fn numbers_are_resolved_against_the_portfolio() {
        let portfolio = portfolio();
        let checking = &portfolio.accounts[0];
        let anna = &portfolio.payees[0];
        let cases = [
            (
                checking.number.clone(),
                TargetMention::Own(checking.id.clone()),
            ),
            (anna.number.clone(), TargetMention::Payee(anna.id.clone())),
        ];
        for (number, expected) in cases {
            assert_eq!(resolve(&number, &portfolio), expected);
        }
    }
}
