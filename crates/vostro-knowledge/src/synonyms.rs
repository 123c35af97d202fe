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
    ("afford", &["loan"]),
    ("app", &["assistant", "online"]),
    ("ai", &["assistant"]),
    ("atm", &["cash"]),
    ("beneficiary", &["payee"]),
    ("bot", &["assistant", "ai"]),
    ("borrow", &["loan"]),
    ("bounced", &["returned", "overdraft"]),
    ("cancel", &["stop", "close"]),
    ("cap", &["limit"]),
    ("capable", &["assistant"]),
    ("charge", &["fee", "payment"]),
    ("chatbot", &["assistant", "ai"]),
    ("cheap", &["fee"]),
    ("check", &["checking"]),
    ("cheque", &["check"]),
    ("con", &["scam", "fraud"]),
    ("contest", &["dispute"]),
    ("cost", &["fee"]),
    ("credit", &["card"]),
    ("crook", &["fraud"]),
    ("declined", &["decline"]),
    ("email", &["message"]),
    ("employer", &["direct"]),
    ("expense", &["fee", "spending"]),
    ("fake", &["phishing", "scam"]),
    ("forgot", &["password"]),
    ("foreign", &["travel", "abroad"]),
    ("fraudulent", &["fraud"]),
    ("free", &["fee"]),
    ("hack", &["fraud", "secure"]),
    ("hold", &["pending"]),
    ("holiday", &["travel"]),
    ("human", &["person"]),
    ("immediately", &["long", "immediate"]),
    ("installment", &["loan"]),
    ("instant", &["immediate"]),
    ("lost", &["stolen"]),
    ("max", &["limit", "maximum"]),
    ("maximum", &["limit"]),
    ("misplaced", &["lost"]),
    ("move", &["transfer"]),
    ("nsf", &["overdraft"]),
    ("overseas", &["travel", "abroad"]),
    ("overdrawn", &["overdraft"]),
    ("overdrew", &["overdraft"]),
    ("paycheck", &["salary", "direct"]),
    ("payday", &["direct", "deposit"]),
    ("pdf", &["statement"]),
    ("price", &["fee"]),
    ("purchase", &["transaction"]),
    ("receipt", &["transaction", "statement"]),
    ("recipient", &["payee"]),
    ("refund", &["dispute", "refund"]),
    ("relay", &["transfer"]),
    ("remit", &["transfer"]),
    ("representative", &["person"]),
    ("robot", &["assistant", "ai"]),
    ("safe", &["secure", "security"]),
    ("salary", &["direct", "deposit"]),
    ("scammer", &["scam"]),
    ("secure", &["safe", "security"]),
    ("send", &["transfer"]),
    ("sent", &["transfer"]),
    ("spous", &["joint"]),
    ("steal", &["stolen", "fraud"]),
    ("stole", &["stolen"]),
    ("suspicious", &["fraud", "scam"]),
    ("swindle", &["scam", "fraud"]),
    ("theft", &["fraud", "stolen"]),
    ("trip", &["travel"]),
    ("unauthorized", &["fraud", "dispute"]),
    ("utility", &["bill"]),
    ("vacation", &["travel"]),
    ("wage", &["salary", "direct"]),
    ("wire", &["transfer"]),
];

/// A customer's phrase and the bank's names for it.
#[rustfmt::skip]
const PHRASES: &[(&str, Names)] = &[
    ("cash machine", &["atm", "cash"]),
    ("what can you do", &["assistant"]),
    ("who are you", &["assistant"]),
    ("what are you", &["assistant"]),
    ("rip off", &["scam", "fraud"]),
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
        let all: std::collections::HashSet<_> =
            WORDS.iter().map(|(word, _)| stems.stem(word)).collect();
        assert_eq!(all.len(), WORDS.len());
        assert!(WORDS.iter().all(|(_, names)| !names.is_empty()));
    }
}
