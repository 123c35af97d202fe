//! What bank customers call things, against what banks call them.
//!
//! A synonym widens the search at a lower weight, it never replaces the customer's word. A phrase
//! stands for its names alone: "cash machine" is about neither cash nor machines.
//!
//! To add one: put the customer's word and the bank's names into `WORDS`, or a phrase into `PHRASES`,
//! then run the evaluation. Words are written as they are said; stems are made on first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::Stems;

/// Stems of the bank's names for a customer's word, given as its stem.
pub(crate) fn word(stem: &str) -> &'static [String] {
    TABLES.words.get(stem).map_or(&[], Vec::as_slice)
}

/// The phrase with which these stems begin, if they do: its length in words, and the stems of the
/// bank's names.
pub(crate) fn phrase(stems: &[String]) -> Option<(usize, &'static [String])> {
    TABLES
        .phrases
        .iter()
        .filter(|(phrase, _)| stems.starts_with(phrase))
        .max_by_key(|(phrase, _)| phrase.len())
        .map(|(phrase, names)| (phrase.len(), names.as_slice()))
}

type Names = &'static [&'static str];

struct Tables {
    words: HashMap<String, Vec<String>>,
    phrases: Vec<(Vec<String>, Vec<String>)>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let stems = Stems::new();
    let stemmed =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| stems.stem(name)).collect() };
    let mut words: HashMap<String, Vec<String>> = HashMap::new();
    for (word, names) in WORDS {
        words
            .entry(stems.stem(word))
            .or_default()
            .extend(stemmed(names));
    }
    let phrases = PHRASES
        .iter()
        .map(|(phrase, names)| {
            (
                phrase.split(' ').map(|word| stems.stem(word)).collect(),
                stemmed(names),
            )
        })
        .collect();
    Tables { words, phrases }
});

/// A customer's word and the bank's names for it.
#[rustfmt::skip]
const WORDS: &[(&str, Names)] = &[
    ("ach", &["transfer"]),
    ("activated", &["activate"]),
    ("afford", &["loan"]),
    ("agent", &["person", "representative"]),
    ("ai", &["assistant"]),
    ("atm", &["cash"]),
    ("automatically", &["automatic", "schedule"]),
    ("autopay", &["automatic", "schedule"]),
    ("beneficiary", &["payee"]),
    ("block", &["freeze"]),
    ("borrow", &["loan"]),
    ("bot", &["assistant", "ai"]),
    ("bought", &["purchase"]),
    ("bounced", &["returned", "overdraft"]),
    ("broken", &["damaged"]),
    ("bug", &["error"]),
    ("buy", &["purchase"]),
    ("cancel", &["stop", "close"]),
    ("cap", &["limit"]),
    ("capable", &["assistant"]),
    ("charge", &["fee", "payment"]),
    ("chat", &["conversation", "message"]),
    ("chatbot", &["assistant", "ai"]),
    ("cheap", &["fee"]),
    ("check", &["checking"]),
    ("cheque", &["check"]),
    ("company", &["biller"]),
    ("complain", &["complaint"]),
    ("compromised", &["stolen", "fraud"]),
    ("con", &["scam", "fraud"]),
    ("contest", &["dispute"]),
    ("cost", &["fee"]),
    ("crook", &["fraud"]),
    ("daughter", &["child"]),
    ("deactivate", &["close", "block"]),
    ("debit", &["card"]),
    ("debt", &["loan", "owe"]),
    ("declined", &["decline"]),
    ("deducted", &["charge"]),
    ("defrauded", &["fraud"]),
    ("double", &["duplicate", "twice"]),
    ("earn", &["interest"]),
    ("email", &["message"]),
    ("employer", &["direct"]),
    ("expense", &["fee", "spending"]),
    ("fake", &["phishing", "scam"]),
    ("foreign", &["travel", "abroad"]),
    ("forgot", &["password"]),
    ("forgotten", &["forgot"]),
    ("fraudulent", &["fraud"]),
    ("free", &["fee"]),
    ("freeze", &["block"]),
    ("fund", &["money"]),
    ("hack", &["fraud", "secure"]),
    ("history", &["transactions"]),
    ("hold", &["pending"]),
    ("holiday", &["travel"]),
    ("human", &["person"]),
    ("husband", &["joint"]),
    ("immediately", &["long", "immediate"]),
    ("installment", &["loan"]),
    ("instant", &["immediate"]),
    ("job", &["employer"]),
    ("kid", &["child"]),
    ("landlord", &["rent"]),
    ("lend", &["loan"]),
    ("lock", &["block", "freeze"]),
    ("lost", &["stolen"]),
    ("max", &["limit", "maximum"]),
    ("maximum", &["limit"]),
    ("misplaced", &["lost"]),
    ("move", &["transfer"]),
    ("mugged", &["stolen"]),
    ("nicked", &["stolen"]),
    ("nsf", &["overdraft"]),
    ("overcharged", &["charge", "wrong"]),
    ("overdrawn", &["overdraft"]),
    ("overdrew", &["overdraft"]),
    ("overpaid", &["paid"]),
    ("overseas", &["travel", "abroad"]),
    ("owe", &["debt"]),
    ("partner", &["joint"]),
    ("passcode", &["password"]),
    ("paycheck", &["salary", "direct"]),
    ("payday", &["direct", "deposit"]),
    ("pdf", &["statement"]),
    ("photo", &["picture"]),
    ("physical", &["new"]),
    ("picture", &["photo"]),
    ("power", &["electricity"]),
    ("price", &["fee"]),
    ("purchase", &["transaction"]),
    ("quit", &["cancel"]),
    ("receipt", &["transaction", "statement"]),
    ("receiver", &["payee"]),
    ("recipient", &["payee"]),
    ("recognise", &["recognize"]),
    ("refund", &["dispute", "refund"]),
    ("rejected", &["declined"]),
    ("relay", &["transfer"]),
    ("remember", &["forgot"]),
    ("remit", &["transfer"]),
    ("representative", &["person"]),
    ("revert", &["cancel", "reverse"]),
    ("robot", &["assistant", "ai"]),
    ("safe", &["secure", "security"]),
    ("salary", &["direct", "deposit"]),
    ("scammer", &["scam"]),
    ("secure", &["safe", "security"]),
    ("send", &["transfer"]),
    ("sent", &["transfer"]),
    ("shut", &["close"]),
    ("son", &["child"]),
    ("spent", &["spending"]),
    ("spous", &["joint"]),
    ("standing", &["recurring"]),
    ("steal", &["stolen", "fraud"]),
    ("stole", &["stolen"]),
    ("surname", &["name"]),
    ("suspicious", &["fraud", "scam"]),
    ("swallowed", &["kept"]),
    ("swindle", &["scam", "fraud"]),
    ("swipe", &["card"]),
    ("teenager", &["child"]),
    ("terminate", &["close"]),
    ("theft", &["fraud", "stolen"]),
    ("track", &["arrived"]),
    ("transferred", &["transfer"]),
    ("trip", &["travel"]),
    ("twice", &["duplicate", "double"]),
    ("unauthorized", &["fraud", "dispute"]),
    ("unblock", &["blocked"]),
    ("unknown", &["recognize"]),
    ("unlock", &["unblock", "locked"]),
    ("unrecognised", &["recognize"]),
    ("unrecognized", &["recognize"]),
    ("utility", &["bill"]),
    ("vacation", &["travel"]),
    ("wage", &["salary", "direct"]),
    ("weird", &["suspicious"]),
    ("wife", &["joint"]),
    ("wire", &["transfer"]),
];

/// A customer's phrase and the bank's names for it.
#[rustfmt::skip]
const PHRASES: &[(&str, Names)] = &[
    ("cash machine", &["atm", "cash"]),
    ("charge for", &["fee"]),
    ("do you charge", &["fee"]),
    ("last name", &["name"]),
    ("locked out", &["locked"]),
    ("logged out", &["session"]),
    ("power of attorney", &["attorney"]),
    ("rip off", &["scam", "fraud"]),
    ("sign up", &["open", "account"]),
    ("signed out", &["session"]),
    ("time out", &["session", "timeout"]),
    ("timed out", &["session", "timeout"]),
    ("times out", &["session", "timeout"]),
    ("what are you", &["assistant"]),
    ("what can you do", &["assistant", "do"]),
    ("where does my money go", &["spending", "spent"]),
    ("where my money goes", &["spending", "spent"]),
    ("who are you", &["assistant"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_are_found_by_their_stems() {
        let stems = Stems::new();
        assert_eq!(word(&stems.stem("salaries")), ["direct", "deposit"]);
        assert!(word("xyzzy").is_empty());
        let said = ["cash", "machines", "fee"].map(|word| stems.stem(word));
        assert_eq!(phrase(&said).map(|(length, _)| length), Some(2));
        assert_eq!(phrase(&said[1..]), None);
        assert_eq!(phrase(&[]), None);
    }

    #[test]
    fn no_word_is_listed_twice() {
        let stems = Stems::new();
        let mut seen = std::collections::HashSet::new();
        let twice: Vec<_> = WORDS
            .iter()
            .filter(|(word, _)| !seen.insert(stems.stem(word)))
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(WORDS.iter().all(|(_, names)| !names.is_empty()));
    }
}
