//! What a model is shown of a conversation: texts in which every personal value that is known or found has
//! been replaced by a name, and the way back for words that it copies.

use vostro_bank::Portfolio;
use vostro_guardrails::{CheckRequest, Engine, Pseudonymised, Pseudonyms};

use crate::command::{BillerMention, Command, SlotValue, TargetMention};
use crate::entities::Value;
use crate::understand::Trace;

/// The names of a conversation with this customer: what the portfolio knows of them is learnt, so it is
/// hidden wherever it stands, and by the same name each time.
pub(crate) fn names_of(portfolio: &Portfolio) -> Pseudonyms {
    let mut names = Pseudonyms::default();
    person(&mut names, "CUSTOMER", &portfolio.customer.display_name);
    for account in &portfolio.accounts {
        names.learn("MY_ACCOUNT", &account.name);
        names.learn("NUMBER", account.number.as_str());
    }
    for payee in &portfolio.payees {
        person(&mut names, "PAYEE", &payee.name);
        for alias in &payee.aliases {
            names.learn("PAYEE", alias);
        }
        names.learn("NUMBER", payee.number.as_str());
    }
    for biller in &portfolio.billers {
        names.learn("BILLER", &biller.name);
        names.learn("REFERENCE", &biller.reference);
    }
    names
}

/// A whole name, and its parts as far as they are written as names are.
fn person(names: &mut Pseudonyms, label: &'static str, name: &str) {
    names.learn(label, name);
    for part in name.split(|c: char| !c.is_alphanumeric()) {
        if part.chars().next().is_some_and(|c| !c.is_lowercase()) {
            names.learn(label, part);
        }
    }
}

/// Learns what the rules took for somebody's name or number, though the portfolio has none like it.
pub(crate) fn learn_from(names: &mut Pseudonyms, trace: &Trace) {
    for mention in &trace.mentions {
        if matches!(mention.value, Value::Number(_) | Value::BadNumber(_)) {
            names.learn("NUMBER", trace.text.slice(mention.from, mention.until));
        }
    }
    for command in &trace.understanding.commands {
        if let Command::SetSlot(
            SlotValue::Target(
                TargetMention::UnknownName(words) | TargetMention::Nearly { words, .. },
            )
            | SlotValue::Biller(BillerMention::Unknown(words) | BillerMention::Nearly { words, .. }),
        ) = command
        {
            names.learn("NAME", words);
        }
    }
}

/// A text as a model may see it, at most so many characters of it.
pub(crate) fn hidden(
    names: &mut Pseudonyms,
    engine: &Engine,
    text: &str,
    characters: usize,
) -> Pseudonymised {
    names
        .pseudonymise(engine, text, &CheckRequest::default())
        .shortened(characters)
}

/// The customer's message as the model saw it.
#[derive(Debug)]
pub(crate) struct Said {
    /// The names in it.
    pub names: Pseudonyms,
    /// The message with the names.
    pub message: Pseudonymised,
}

impl Said {
    /// The customer's own words for words that a model says it copied from the message; `None` when it
    /// did not copy them: case and the width of spaces aside, they must stand there as whole words.
    pub(crate) fn own_words(&self, copied: &str) -> Option<String> {
        let stretch = find_words(self.message.as_str(), copied.trim())?;
        Some(self.names.restore(stretch))
    }
}

/// The stretch of a text that reads as these words do.
fn find_words<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    if words.is_empty() {
        return None;
    }
    let starts = text.char_indices().map(|(at, _)| at);
    let mut before = None;
    for start in starts {
        let rest = text.get(start..)?;
        let begins = !is_inside(before, rest.chars().next());
        if begins && let Some(length) = reads_as(rest, words) {
            let (found, after) = rest.split_at_checked(length)?;
            if !is_inside(found.chars().next_back(), after.chars().next()) {
                return Some(found);
            }
        }
        before = rest.chars().next();
    }
    None
}

/// Whether a word goes on between these two characters.
fn is_inside(before: Option<char>, after: Option<char>) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    in_word(before) && in_word(after)
}

/// How many bytes of a text read as these words; `None` when it does not begin with them.
fn reads_as(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for word in words.split_whitespace() {
        if rest.len() != text.len() {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        for wanted in word.chars() {
            let mut chars = rest.chars();
            let same = |c: char| c == wanted || c.to_lowercase().eq(wanted.to_lowercase());
            chars.next().filter(|c| same(*c))?;
            rest = chars.as_str();
        }
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_were_said_are_found() {
        let cases = [
            (
                "send fifty  bucks, now",
                "Fifty bucks",
                Some("fifty  bucks"),
            ),
            ("send 50 to <PAYEE_1>.", "<payee_1>", Some("<PAYEE_1>")),
            ("send 500", "50", None),
            ("send $500", "500", Some("500")),
            ("a 1,500 b", "1,500", Some("1,500")),
            ("<NUMBER_12>", "<NUMBER_1>", None),
            ("from my savings", "checking", None),
            ("from", "", None),
            ("É bien", "é", Some("É")),
            ("one two", "one  two three", None),
            ("onetwo", "one two", None),
        ];
        for (text, words, expected) in cases {
            assert_eq!(find_words(text, words), expected, "{words:?} in {text:?}");
        }
    }
}
