//! Yes, no, cancel: the readings that must be certain.
//!
//! A message is one of them only if *every* word of it is: known words of assent or refusal and polite
//! padding, nothing else, and no question mark. "Yes but…", "should I?", "the yes network" have words
//! that are not covered and are not a yes. The phrases are data (`data/replies.txt`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::{Kind, Text, Token};

const DATA: &str = include_str!("data/replies.txt");
/// A reply is short.
const MOST_WORDS: usize = 12;

/// What a whole message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Yes, in words that mean nothing else.
    Yes,
    /// "Ok", "sure": a yes where something was asked, politeness where nothing was.
    Fine,
    /// No.
    No,
    /// Stop.
    Cancel,
    /// Go on with what was open before the digression.
    Resume,
    /// Not knowing what to answer, or what there is to choose from; not being done yet.
    Unsure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Says(Reply),
    /// "Wait", "oops": padding, unless a yes stands before it.
    Hesitates,
    Filler,
}

/// A phrase and what it says.
type Phrase = (Vec<&'static str>, Part);

static PHRASES: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| load(DATA).0);

fn load(data: &'static str) -> (HashMap<&'static str, Vec<Phrase>>, usize) {
    let mut phrases: HashMap<_, Vec<Phrase>> = HashMap::new();
    let mut unread = 0;
    let mut part = None;
    for line in data.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line {
            "[yes]" => part = Some(Part::Says(Reply::Yes)),
            "[fine]" => part = Some(Part::Says(Reply::Fine)),
            "[no]" => part = Some(Part::Says(Reply::No)),
            "[resume]" => part = Some(Part::Says(Reply::Resume)),
            "[unsure]" => part = Some(Part::Says(Reply::Unsure)),
            "[cancel]" => part = Some(Part::Says(Reply::Cancel)),
            "[hesitation]" => part = Some(Part::Hesitates),
            "[filler]" => part = Some(Part::Filler),
            _ => match part {
                Some(part) => {
                    for phrase in line.split('|') {
                        let words: Vec<_> = phrase.split_whitespace().collect();
                        if let Some(&first) = words.first() {
                            phrases.entry(first).or_default().push((words, part));
                        }
                    }
                }
                None => unread += 1,
            },
        }
    }
    for bucket in phrases.values_mut() {
        bucket.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    (phrases, unread)
}

/// What the whole message says, if it says nothing else.
pub fn read(text: &Text) -> Option<Reply> {
    let words: Vec<&str> = text
        .tokens
        .iter()
        .filter(|token| token.kind != Kind::Symbol)
        .map(|token| token.word.as_str())
        .collect();
    let has_sign = |known: &[&str]| {
        let mut tokens = text.tokens.iter();
        tokens.any(|token| token.kind == Kind::Symbol && !known.contains(&token.text.as_str()))
    };
    let (plain, asking) = (
        [".", ",", "!", "-", ":", ";"],
        [".", ",", "!", "-", ":", ";", "?", "\u{BF}"],
    );
    if words.is_empty() || words.len() > MOST_WORDS || has_sign(&asking) {
        return None;
    }
    let said = cover(&words)?;
    let has = |reply: Reply| said.contains(&reply);
    if has(Reply::Unsure) {
        // "No, I don't know": the no refuses nothing. "I don't know, cancel" does.
        if has(Reply::Cancel) && !has(Reply::Yes) {
            return Some(Reply::Cancel);
        }
        let only = !has(Reply::Yes) && !has(Reply::Cancel) && !has(Reply::Resume);
        return only.then_some(Reply::Unsure);
    }
    // Any other reply in the form of a question is none.
    if has_sign(&plain) {
        return None;
    }
    if has(Reply::Resume) {
        // "Ok, go on" asks for the question again; it is no answer to it.
        let only = said
            .iter()
            .all(|it| matches!(it, Reply::Resume | Reply::Fine));
        return only.then_some(Reply::Resume);
    }
    match (
        has(Reply::Yes) || has(Reply::Fine),
        has(Reply::No),
        has(Reply::Cancel),
    ) {
        (true, false, false) if has(Reply::Yes) => Some(Reply::Yes),
        (true, false, false) => Some(Reply::Fine),
        (false, true, false) => Some(Reply::No),
        // "Yes, cancel it" stops as surely as "no, cancel it".
        (_, _, true) if !(has(Reply::Yes) && has(Reply::No)) => Some(Reply::Cancel),
        _ => None,
    }
}

/// Whether a message has nothing but replies and padding, whether they agree or not: "nope, all good, send it".
pub fn only_replies(text: &Text) -> bool {
    let words = text.tokens.iter().filter(|it| it.kind != Kind::Symbol);
    let words: Vec<&str> = words.map(|token| token.word.as_str()).collect();
    let asks = text.tokens.iter().any(|it| it.is_symbol('?'));
    !asks && words.len() <= MOST_WORDS && cover(&words).is_some_and(|said| !said.is_empty())
}

/// Whether the message begins with a yes or a no, whatever follows.
pub fn begins_with(text: &Text) -> Option<Reply> {
    let first = text.tokens.first()?;
    PHRASES
        .get(first.word.as_str())?
        .iter()
        .find(|(words, _)| words.len() == 1)
        .and_then(|(_, part)| match part {
            Part::Says(reply) => Some(*reply),
            Part::Hesitates | Part::Filler => None,
        })
}

/// Whether words are replies and padding only.
pub fn says_little(tokens: &[Token]) -> bool {
    let mut tokens = tokens.iter();
    tokens.all(|token| token.kind == Kind::Symbol || says(&token.word) || is_filler(&token.word))
}

/// Whether a word alone is a yes, a no or a stop.
pub fn says(word: &str) -> bool {
    let alone = |(words, part): &Phrase| words.len() == 1 && matches!(part, Part::Says(_));
    PHRASES
        .get(word)
        .is_some_and(|bucket| bucket.iter().any(alone))
}

/// Whether a word is padding in a reply ("please", "then").
pub fn is_filler(word: &str) -> bool {
    PHRASES.get(word).is_some_and(|bucket| {
        bucket
            .iter()
            .any(|(words, part)| words.len() == 1 && !matches!(part, Part::Says(_)))
    })
}

/// What the words say when phrases cover them all, longest first. A yes that is taken back in the same breath ("yes, wait") is
/// said by no such words.
fn cover(words: &[&str]) -> Option<Vec<Reply>> {
    let mut said = Vec::new();
    let mut hesitates = false;
    let mut at = 0;
    while let Some(first) = words.get(at) {
        let rest = words.get(at..)?;
        let (phrase, part) = PHRASES
            .get(first)?
            .iter()
            .find(|(phrase, _)| rest.starts_with(phrase))?;
        match part {
            Part::Says(reply) => said.push(*reply),
            Part::Hesitates if matches!(said.last(), Some(Reply::Yes | Reply::Fine)) => {
                return None;
            }
            Part::Hesitates => hesitates = true,
            Part::Filler => {}
        }
        at += phrase.len();
    }
    // "Hang on" alone decides nothing.
    if said.is_empty() && hesitates {
        said.push(Reply::Unsure);
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::lexicon::Lexicon;

    #[test]
    fn every_line_is_under_a_heading() {
        assert_eq!(load(DATA).1, 0);
    }

    #[test]
    fn only_what_says_nothing_else_is_a_reply() {
        use Reply::{Cancel, Fine, No, Yes};
        let cases = [
            ("yes", Some(Yes)),
            ("YES!!", Some(Yes)),
            ("yep please", Some(Yes)),
            ("sure go ahead", Some(Yes)),
            ("ok do it", Some(Yes)),
            ("s\u{ED}", Some(Yes)),
            ("yes that's right", Some(Yes)),
            ("\u{1F44D}", Some(Yes)),
            ("yes please send it", Some(Yes)),
            ("ok", Some(Fine)),
            ("no", Some(No)),
            ("nope", Some(No)),
            ("don't", Some(No)),
            ("no thanks", Some(No)),
            ("no, don't do it", Some(No)),
            ("cancel", Some(Cancel)),
            ("never mind", Some(Cancel)),
            ("forget it", Some(Cancel)),
            ("no, cancel that please", Some(Cancel)),
            ("yes, cancel", Some(Cancel)),
            ("ok go on", Some(Reply::Resume)),
            ("back to the transfer please", Some(Reply::Resume)),
            ("sigamos", Some(Reply::Resume)),
            ("yes go on", Some(Yes)),
            ("yes both", Some(Yes)),
            ("yes?", None),
            ("yes but", None),
            ("yes, 60", None),
            ("yes if it is free", None),
            ("should I?", None),
            ("no yes", None),
            ("yes no", None),
            ("yes wait", None),
            ("ok, actually wait", None),
            ("go ahead... oops", None),
            ("s\u{ED}, espera", None),
            ("oh yes", Some(Yes)),
            ("wait, yes", Some(Yes)),
            ("hmm ok", Some(Fine)),
            ("no wait", Some(No)),
            ("don't cancel", Some(Reply::Resume)),
            ("how do I say yes", None),
            ("the yes network", None),
            ("maybe", None),
            ("i guess", None),
            ("not sure", Some(Reply::Unsure)),
            ("hmm I don't know", Some(Reply::Unsure)),
            ("i dont know, which ones do i have?", Some(Reply::Unsure)),
            ("no s\u{E9}", Some(Reply::Unsure)),
            ("I don't know, cancel it", Some(Reply::Cancel)),
            ("I don't know, yes", None),
            ("I don't know him", None),
            ("yes yes yes yes yes yes yes yes yes yes yes yes yes", None),
            ("", None),
        ];
        for (message, expected) in cases {
            assert_eq!(
                read(&Text::read(message, Lexicon::get())),
                expected,
                "{message:?}"
            );
        }
    }
}
