//! The customer's accounts: "my savings", "everyday checking", "the card ending 4321", "all accounts".
//!
//! Resolved against the portfolio by name first, then by kind, then by the number's last digits. Words
//! that clearly mean an account the customer does not have ("the joint one") are kept as unknown, so
//! that the reply can say so. "My account" alone names none.

use vostro_ledger::AccountKind;

use super::{Finder, Value, words_of_name};
use crate::command::{AccountMention, Flow, Slot};

/// Words for a kind of account, longest first.
const KINDS: &[(&[&str], AccountKind)] = &[
    (&["credit", "card"], AccountKind::CreditCard),
    (&["credit", "cards"], AccountKind::CreditCard),
    (&["tarjeta", "de", "credito"], AccountKind::CreditCard),
    (&["cuenta", "de", "ahorros"], AccountKind::Savings),
    (&["cuenta", "corriente"], AccountKind::Checking),
    (&["debit", "card"], AccountKind::Checking),
    (&["current", "account"], AccountKind::Checking),
    (&["visa"], AccountKind::CreditCard),
    (&["mastercard"], AccountKind::CreditCard),
    (&["checking"], AccountKind::Checking),
    (&["checkings"], AccountKind::Checking),
    (&["chequing"], AccountKind::Checking),
    (&["savings"], AccountKind::Savings),
    (&["saving"], AccountKind::Savings),
    (&["saver"], AccountKind::Savings),
    (&["ahorros"], AccountKind::Savings),
    (&["ahorro"], AccountKind::Savings),
    (&["corriente"], AccountKind::Checking),
    (&["cuenta", "de", "cheques"], AccountKind::Checking),
    (&["la", "de", "cheques"], AccountKind::Checking),
    (&["la", "cheques"], AccountKind::Checking),
    (&["credito"], AccountKind::CreditCard),
];
/// Adjectives of accounts; unknown unless an account's name has them.
const OTHER_ACCOUNTS: &[&str] = &[
    "joint",
    "business",
    "brokerage",
    "investment",
    "retirement",
    "ira",
    "401k",
    "trust",
    "student",
    "mortgage",
    "loan",
    "escrow",
    "custodial",
    "conjunta",
    "household",
    "vacation",
    "holiday",
    "emergency",
    "rainy",
    "isa",
];
const ALL: &[&[&str]] = &[
    &["all", "of", "my", "accounts"],
    &["all", "my", "accounts"],
    &["all", "the", "accounts"],
    &["all", "accounts"],
    &["every", "account"],
    &["each", "account"],
    &["each", "of", "my", "accounts"],
    &["both", "accounts"],
    &["both", "my", "accounts"],
    &["both", "of", "my", "accounts"],
    &["my", "other", "accounts"],
    &["my", "accounts"],
    &["the", "accounts"],
    &["the", "other", "accounts"],
    &["account", "balances"],
    &["todas", "mis", "cuentas"],
    &["mis", "cuentas"],
];
const ACCOUNT_WORDS: &[&str] = &[
    "account", "accounts", "acct", "acc", "one", "card", "cuenta", "tarjeta",
];
const GENERIC: &[&str] = &["account", "card", "the", "my", "and", "of", "a"];

/// Finds accounts.
pub fn find(finder: &mut Finder<'_>) {
    let names = own_names(finder);
    let mut at = 0;
    while at < finder.len() {
        let found = ending(finder, at)
            .or_else(|| all(finder, at))
            .or_else(|| named(finder, at, &names))
            .or_else(|| of_kind(finder, at))
            .or_else(|| other(finder, at))
            .or_else(|| four_digits(finder, at));
        at = match found {
            Some((mention, until)) => {
                let until = with_ending(finder, until, &mention).unwrap_or(until);
                let until = if ACCOUNT_WORDS.contains(&finder.word(until)) {
                    until + 1
                } else {
                    until
                };
                finder.claim(at, until, Value::Account(mention));
                until
            }
            None => at + 1,
        };
    }
}

/// The account of a kind, if there is exactly one.
pub fn by_kind(finder: &Finder<'_>, kind: AccountKind) -> AccountMention {
    let mut of_kind = finder
        .around
        .portfolio
        .accounts
        .iter()
        .filter(|a| a.kind == kind);
    match (of_kind.next(), of_kind.next()) {
        (Some(account), None) => AccountMention::One(account.id.clone()),
        _ => AccountMention::Kind(kind),
    }
}

/// "Savings ending 4321" is one mention: the digits decide.
fn with_ending(finder: &Finder<'_>, at: usize, _mention: &AccountMention) -> Option<usize> {
    let next = if ACCOUNT_WORDS.contains(&finder.word(at)) {
        at + 1
    } else {
        at
    };
    ending(finder, next).map(|(_, until)| until)
}

/// `ending (in) 4321`, `last four 4321`, `…4321`, `x4321`.
fn ending(finder: &Finder<'_>, at: usize) -> Option<(AccountMention, usize)> {
    let digits_at = match finder.word(at) {
        "ending" | "ends" | "terminada" | "termina" => {
            if matches!(finder.word(at + 1), "in" | "with" | "en" | "on") {
                at + 2
            } else {
                at + 1
            }
        }
        "last" if matches!(finder.word(at + 1), "four" | "4") => {
            if matches!(finder.word(at + 2), "digits" | "is" | "are") {
                at + 3
            } else {
                at + 2
            }
        }
        _ if finder.free(at).is_some_and(|t| t.is_symbol('.'))
            && finder
                .free(at + 1)
                .is_some_and(|t| t.is_symbol('.') && t.glued) =>
        {
            let mut next = at;
            while next < at + 4 && finder.free(next).is_some_and(|t| t.is_symbol('.')) {
                next += 1;
            }
            next
        }
        word => return masked(finder, word).map(|mention| (mention, at + 1)),
    };
    let digits = finder
        .digits(digits_at)
        .filter(|digits| (2..=6).contains(&digits.len()))?;
    Some((by_last_digits(finder, digits), digits_at + 1))
}

/// `x4321`, `xxxx4321`.
fn masked(finder: &Finder<'_>, word: &str) -> Option<AccountMention> {
    let digits = word.strip_prefix('x')?.trim_start_matches('x');
    (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| by_last_digits(finder, digits))
}

/// "2222" as the answer to "from which account?": the last four digits of one that there is.
fn four_digits(finder: &Finder<'_>, at: usize) -> Option<(AccountMention, usize)> {
    let asked = matches!(finder.around.asked, Some(Slot::Account | Slot::Source));
    let led = matches!(
        finder.word_before(at, 1),
        "in" | "account" | "acct" | "en" | "cuenta"
    );
    let digits = finder
        .digits(at)
        .filter(|digits| (asked || led) && digits.len() == 4)?;
    let found = by_last_digits(finder, digits);
    matches!(found, AccountMention::One(_)).then_some((found, at + 1))
}

fn by_last_digits(finder: &Finder<'_>, digits: &str) -> AccountMention {
    let mut fitting = finder
        .around
        .portfolio
        .accounts
        .iter()
        .filter(|account| account.number.as_str().ends_with(digits));
    match (fitting.next(), fitting.next()) {
        (Some(account), None) => AccountMention::One(account.id.clone()),
        _ => AccountMention::Unknown(format!("account ending {digits}")),
    }
}

fn all(finder: &Finder<'_>, at: usize) -> Option<(AccountMention, usize)> {
    let until = ALL
        .iter()
        .find(|words| finder.reads(at, words))
        .map(|words| at + words.len());
    if let Some(until) = until {
        return Some((AccountMention::All, until));
    }
    // The answer to "which account?".
    let asked = matches!(finder.around.asked, Some(Slot::Account));
    if asked && matches!(finder.word(at), "all" | "both" | "todas" | "everything") {
        return Some((AccountMention::All, at + 1));
    }
    let of_them: &[&str] = if finder.word(at) == "every" {
        &["every", "one", "of", "them"]
    } else {
        &["all", "of", "them"]
    };
    let balances = finder.around.flow == Some(Flow::CheckBalance);
    (balances && finder.reads(at, of_them)).then_some((AccountMention::All, at + of_them.len()))
}

/// An account's own name as tokens, without what any account could be called.
struct OwnName {
    words: Vec<String>,
    mention: AccountMention,
}

fn own_names(finder: &Finder<'_>) -> Vec<OwnName> {
    let mut names: Vec<OwnName> = Vec::new();
    for account in &finder.around.portfolio.accounts {
        let tokens = words_of_name(&account.name);
        let distinctive: Vec<String> = tokens
            .iter()
            .filter(|word| {
                !GENERIC.contains(&word.as_str())
                    && !KINDS.iter().any(|(kind, _)| kind.contains(&word.as_str()))
            })
            .cloned()
            .collect();
        for words in [tokens, distinctive] {
            if words.is_empty() || names.iter().any(|name| name.words == words) {
                // Two accounts of one name: the kind or the digits must tell them apart.
                names.retain(|name| {
                    name.words != words
                        || words.is_empty()
                        || name.mention == AccountMention::One(account.id.clone())
                });
                continue;
            }
            let mention = AccountMention::One(account.id.clone());
            names.push(OwnName { words, mention });
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
    names
}

fn named(finder: &Finder<'_>, at: usize, names: &[OwnName]) -> Option<(AccountMention, usize)> {
    let name = names.iter().find(|name| {
        name.words.iter().enumerate().all(|(i, word)| {
            finder
                .free(at + i)
                .is_some_and(|token| token.text == *word || token.word == *word)
        })
    })?;
    let single = name.words.len() == 1;
    let only = name.words.first().map(String::as_str).unwrap_or_default();
    // "Everyday" names an account by itself, "main" or "my" do not.
    if single && only.chars().count() < 4 {
        return None;
    }
    let mut until = at + name.words.len();
    if let Some((_, behind)) = of_kind(finder, until) {
        until = behind;
    }
    Some((name.mention.clone(), until))
}

/// Whether the message asks for a balance, goes on from one, or pays one off.
fn about_a_balance(finder: &Finder<'_>) -> bool {
    let has = |words: &[&str]| finder.text.tokens.iter().any(|token| token.is_any(words));
    let paid_off = has(&["pay", "payment"]) && has(&["off", "down", "toward", "towards"]);
    let said = has(&[
        "balance", "balances", "saldo", "saldos", "owe", "owing", "debo",
    ]);
    said || paid_off || finder.around.flow == Some(Flow::CheckBalance)
}

fn of_kind(finder: &Finder<'_>, at: usize) -> Option<(AccountMention, usize)> {
    // Asked for an account, or where balances are spoken of, "the card" is the credit card.
    let asked = matches!(finder.around.asked, Some(Slot::Account | Slot::Source));
    if matches!(finder.word(at), "card" | "tarjeta")
        && !matches!(finder.word(at + 1), "de" | "number" | "limit")
        && (asked || about_a_balance(finder))
    {
        return Some((by_kind(finder, AccountKind::CreditCard), at + 1));
    }
    let (words, kind) = KINDS.iter().find(|(words, _)| finder.reads(at, words))?;
    let until = at + words.len();
    // "Credit" alone is many things; "saving for a house" is not an account.
    let named = ACCOUNT_WORDS.contains(&finder.word(until)) || finder.word(until) == "balance";
    if words == &["saving"] && !named {
        return None;
    }
    if matches!(words, &["checking"])
        && matches!(finder.word(until), "in" | "on" | "if" | "whether")
        && at == 0
    {
        return None;
    }
    Some((by_kind(finder, *kind), until))
}

/// `the joint account`, `my brokerage one`: an account that is not there.
fn other(finder: &Finder<'_>, at: usize) -> Option<(AccountMention, usize)> {
    if !OTHER_ACCOUNTS.contains(&finder.word(at)) {
        return None;
    }
    let next = if finder.word(at + 1) == "day" || finder.word(at + 1) == "fund" {
        at + 2
    } else {
        at + 1
    };
    let account = ACCOUNT_WORDS.contains(&finder.word(next)) && finder.word(next) != "card";
    let fund = next == at + 2;
    // An answer to "which account?" needs no "account" behind it.
    let asked = matches!(finder.around.asked, Some(Slot::Account | Slot::Source));
    if !(account || fund || asked) {
        return None;
    }
    let words = finder.text.slice(at, next).to_owned();
    let words = if words.to_lowercase().ends_with("fund") {
        words
    } else {
        format!("{words} account")
    };
    Some((AccountMention::Unknown(words), next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn accounts_are_found_by_kind_name_and_digits() {
        let cases = [
            ("my savings", "savings"),
            ("checking", "checking"),
            ("my credit card", "card"),
            ("everyday checking", "checking"),
            ("the everyday account", "checking"),
            ("rainy day savings", "savings"),
            ("ending in 1111", "checking"),
            ("savings ending 2222", "savings"),
            ("x3333", "card"),
            ("ending 9999", "?account ending 9999"),
            ("the joint account", "?joint account"),
            ("all accounts", "all"),
            ("my accounts", "all"),
            ("my account", ""),
            ("chekcing acount", "checking"),
            ("la cuenta de ahorros", "savings"),
        ];
        for (text, expected) in cases {
            let portfolio = portfolio();
            let shown: Vec<String> = found(text, &portfolio)
                .into_iter()
                .filter_map(|mention| match mention.value {
                    Value::Account(AccountMention::One(id)) => Some(id.as_str().to_owned()),
                    Value::Account(AccountMention::All) => Some("all".to_owned()),
                    Value::Account(AccountMention::Unknown(words)) => Some(format!("?{words}")),
                    Value::Account(AccountMention::Kind(kind)) => Some(kind.as_str().to_owned()),
                    _ => None,
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn of_two_accounts_of_a_kind_none_is_guessed() {
        let mut portfolio = portfolio();
        let mut second = portfolio.accounts[1].clone();
        second.id = vostro_types::AccountId::new("savings2").unwrap();
        second.name = "Holiday Savings".to_owned();
        portfolio.accounts.push(second);
        let mentions = found("my savings", &portfolio);
        assert_eq!(
            mentions[0].value,
            Value::Account(AccountMention::Kind(AccountKind::Savings))
        );
    }
}
