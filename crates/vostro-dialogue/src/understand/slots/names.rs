//! Names that no list has: whom money goes to, and whose an account is.

use super::payees::add_payees;
use super::{DETERMINERS, Reading};
use crate::command::TargetMention;
use crate::entities::{Mention, Value, free_words};
use crate::understand::lexicon::Lexicon;
use crate::understand::text::Token;

/// Words that firms have in their names, and people have not.
const FIRMS: &[&str] = &[
    "bank",
    "bill",
    "cable",
    "city",
    "club",
    "co",
    "company",
    "corp",
    "county",
    "credit",
    "electric",
    "energy",
    "gas",
    "gym",
    "health",
    "inc",
    "insurance",
    "internet",
    "light",
    "llc",
    "ltd",
    "mobile",
    "power",
    "school",
    "services",
    "telecom",
    "union",
    "university",
    "utilities",
    "water",
    "wireless",
];

/// Words for what is somebody else's.
const THEIRS: &[&str] = &["her", "his", "their", "hers", "theirs"];

impl<'a> Reading<'a> {
    /// Somebody else whose an account is, by the possessive before it or the name behind: "Mia's savings",
    /// "the savings of Mia".
    pub(super) fn owner(&self, account: &Mention) -> Option<TargetMention> {
        let behind = self.text.tokens.get(account.until);
        if behind.is_some_and(|token| token.is_any(&["of", "de"])) && account.until < self.until {
            let at = account.until + 1;
            let saved = self.own().find_map(|mention| match &mention.value {
                Value::Payee(payees) if mention.from == at => Some(add_payees(None, payees)),
                _ => None,
            });
            let named = || free_words::name_at(self.text, self.mentions, at);
            return saved.or_else(|| named().map(|(name, _)| TargetMention::UnknownName(name)));
        }
        let possessive = account.from.checked_sub(1)?;
        let name = possessive.checked_sub(1).filter(|at| *at >= self.from)?;
        let token = self.text.tokens.get(name)?;
        let stands = self.text.tokens.get(possessive)?.text == "'s";
        let named = free_words::is_name_like(token) && !self.is_claimed(name);
        let owner = || self.text.slice(name, name + 1).to_owned();
        (stands && named).then(|| TargetMention::UnknownName(owner()))
    }

    /// Whether an account is the payee's own, whose kind nobody asked for: "her checking", "mum's savings".
    pub fn is_theirs(&self, account: &Mention) -> bool {
        let Some(before) = account.from.checked_sub(1) else {
            return false;
        };
        let token = self.text.tokens.get(before);
        let named = |it: &&Mention| matches!(it.value, Value::Payee(_)) && it.until == account.from;
        token.is_some_and(|token| token.is_any(THEIRS))
            || (token.is_some_and(|token| token.text == "'s") && self.own().any(|it| named(&it)))
    }

    /// A name behind "to", or right behind the verb: "send 50 to Bob", "pay Bob 20".
    pub(super) fn unknown_target(&self) -> Option<TargetMention> {
        let whose = (self.from..self.until).find(|at| {
            let word = |at: usize| {
                let token = self.text.tokens.get(at);
                token.map_or("", |token| token.word.as_str())
            };
            (word(*at) == "of" && word(at.wrapping_sub(1)) == "account")
                || (word(*at) == "for" && word(at.wrapping_sub(1)) == "is")
                || (word(*at) == "is" && matches!(word(at.wrapping_sub(1)), "recipient" | "payee"))
                || word(*at) == "owe"
        });
        let named = whose.and_then(|at| free_words::name_at(self.text, self.mentions, at + 1));
        if let Some((name, _)) = named.filter(|(_, until)| *until <= self.until) {
            return Some(TargetMention::UnknownName(name));
        }
        let name = self
            .name_behind(&["to", "a", "into"], |_| true)
            .or_else(|| self.name_before_need())
            .or_else(|| {
                self.name_behind(
                    &[
                        "pay",
                        "send",
                        "give",
                        "paga",
                        "wire",
                        "zelle",
                        "venmo",
                        "lend",
                        "shoot",
                        "hand",
                        "repay",
                        "reimburse",
                    ],
                    |_| true,
                )
                .filter(|_| self.amount().is_some() || self.names_person())
            })?;
        Some(TargetMention::UnknownName(name))
    }

    /// Whether "pay" has a person's name behind it, that no list has: first and last name, and no firm's.
    pub fn names_person(&self) -> bool {
        let name = self.name_behind(&["pay", "paying", "paga"], |_| true);
        let names = |name: String| {
            let mut words = name.split_whitespace();
            let is_name = |word: &str| {
                word.starts_with(char::is_uppercase) && !FIRMS.contains(&&*word.to_lowercase())
            };
            words.clone().nth(1).is_some() && words.all(is_name)
        };
        name.is_some_and(names)
    }

    /// "Olga needs 65 dollars, send it."
    fn name_before_need(&self) -> Option<String> {
        let tokens = self.text.tokens.get(self.from..self.until)?;
        let need = tokens
            .iter()
            .position(|token| token.is_any(&["needs", "wants"]))?
            + self.from;
        let name = need.checked_sub(1).filter(|at| *at >= self.from)?;
        let named = free_words::is_name_like(self.text.tokens.get(name)?);
        (named && !self.is_claimed(name)).then(|| self.text.slice(name, need).to_owned())
    }

    /// The first free name behind one of the words.
    pub(super) fn name_behind(
        &self,
        words: &[&str],
        accept: impl Fn(&str) -> bool,
    ) -> Option<String> {
        (self.from..self.until).find_map(|at| {
            let token = self.text.tokens.get(at)?;
            if !token.is_any(words) || !accept(&token.word) || self.is_claimed(at) {
                return None;
            }
            let (name, until) = free_words::name_at(self.text, self.mentions, at + 1)?;
            let first = self.first_of_name(at + 1, until)?;
            let verb = Lexicon::get().cues().in_class("move", first.id)
                || first.is_any(&[
                    "pay", "see", "check", "know", "make", "do", "get", "send", "be", "have",
                    "show", "help", "viajar", "ir", "assist", "handle", "process", "arrange",
                    "complete", "start", "begin", "initiate", "proceed", "try", "let", "take",
                    "use", "set", "go", "say", "tell", "ask", "find", "ayudar", "hacer", "ver",
                    "enviar", "pagar", "mandar",
                ]);
            (!verb && until <= self.until).then_some(name)
        })
    }

    fn first_of_name(&self, from: usize, until: usize) -> Option<&'a Token> {
        self.text
            .tokens
            .get(from..until)?
            .iter()
            .find(|token| !token.is_any(DETERMINERS))
    }
}
