//! Names that no list has: a merchant ("at Corner Coffee"), a person who is not saved ("to Bob").
//!
//! What stands behind the right preposition up to the next entity, clause end or function word is taken
//! as a name, in the customer's spelling. The last resort: called once intent and entities are known.

use super::Mention;
use crate::understand::lexicon::Lexicon;
use crate::understand::text::{Kind, Text, Token};

/// A name is at most so many words.
const MOST_WORDS: usize = 5;

/// Words that end a name.
const ENDING: &[&str] = &[
    "in",
    "on",
    "at",
    "from",
    "to",
    "since",
    "last",
    "this",
    "during",
    "for",
    "with",
    "and",
    "please",
    "between",
    "over",
    "under",
    "the",
    "my",
    "today",
    "lately",
    "recently",
    "nowadays",
    "anymore",
    "yesterday",
    "is",
    "are",
    "was",
    "so",
    "that",
    "but",
    "or",
    "by",
    "using",
    "out",
    "of",
    "as",
    "when",
    "if",
    "then",
    "now",
    "ever",
    "i",
    "we",
    "you",
    "me",
    "it",
    "instead",
    "have",
    "has",
    "would",
    "will",
    "can",
    "before",
    "after",
    "until",
    "into",
    "per",
    "via",
    "altogether",
    "total",
    "overall",
    "far",
    "again",
    "right",
    "asap",
    "thanks",
    "thank",
    "again",
    "also",
    "too",
    "en",
    "de",
    "desde",
    "por",
    "y",
    "el",
    "los",
    "las",
    "un",
    "una",
    "a",
    "account",
    "what",
    "how",
    "show",
    "much",
    "total",
    "only",
    "cheers",
    "her",
    "his",
    "their",
    "its",
    "come",
    "came",
    "go",
    "went",
    "pls",
    "plz",
    "take",
    "charge",
    "charges",
    "takes",
    "took",
    "cost",
    "costs",
    "anything",
    "cuenta",
    "numero",
];
/// Words that may stand before a name without being of it.
const LEADING: &[&str] = &[
    "the", "my", "a", "an", "el", "la", "mi", "his", "her", "their", "our", "uh", "um", "er",
    "back",
];
/// Words that stand behind a preposition and name nobody.
const NOBODY: &[&str] = &[
    "it",
    "me",
    "him",
    "her",
    "them",
    "you",
    "us",
    "this",
    "that",
    "someone",
    "somebody",
    "people",
    "person",
    "there",
    "here",
    "all",
    "stuff",
    "things",
    "average",
    "money",
    "account",
    "bank",
    "bill",
    "bills",
    "date",
    "general",
    "something",
    "everything",
    "anything",
    "online",
    "friend",
    "another",
    "category",
    "merchant",
    "store",
    "month",
    "week",
    "day",
    "other",
    "time",
];

/// What somebody is to the customer, in front of the name.
const RELATIONS: &[&str] = &[
    "friend",
    "brother",
    "sister",
    "cousin",
    "uncle",
    "aunt",
    "nephew",
    "niece",
    "son",
    "daughter",
    "wife",
    "husband",
    "partner",
    "boyfriend",
    "girlfriend",
    "roommate",
    "flatmate",
    "boss",
    "colleague",
    "coworker",
    "neighbour",
    "neighbor",
    "tenant",
    "mate",
    "buddy",
    "pal",
    "amigo",
    "amiga",
    "hermano",
    "hermana",
    "primo",
    "prima",
    "hijo",
    "hija",
    "vecino",
    "vecina",
];
/// What a name is announced by.
const CALLED: &[&str] = &["called", "named", "llamado", "llamada"];

/// The name that begins at a place: its words, and the place behind it.
pub fn name_at(text: &Text, mentions: &[Mention], at: usize) -> Option<(String, usize)> {
    let claimed = |i: usize| mentions.iter().any(|m| (m.from..m.until).contains(&i));
    let mut from = at;
    while text.tokens.get(from).is_some_and(|t| t.is_any(LEADING)) && !claimed(from) {
        from += 1;
    }
    from = announced(text, from, &claimed).unwrap_or(from);
    let mut until = from;
    while let Some(token) = text.tokens.get(until) {
        if claimed(until) || until - from >= MOST_WORDS || !belongs(token, until == from) {
            break;
        }
        until += 1;
    }
    // "john's account": the possessive is not part of the name, nor is a dangling sign.
    while until > from
        && text
            .tokens
            .get(until - 1)
            .is_some_and(|t| t.kind == Kind::Symbol || t.text == "'s")
    {
        until -= 1;
    }
    let first = text.tokens.get(from)?;
    if until == from
        || (until == from + 1 && first.is_any(NOBODY))
        || (from == at && first.is_any(NOBODY))
    {
        return None;
    }
    Some((text.slice(from, until).to_owned(), until))
}

/// Where the name itself begins in "a business called Smith Plumbing", "my brother, Peter".
fn announced(text: &Text, from: usize, claimed: &impl Fn(usize) -> bool) -> Option<usize> {
    let word = |at: usize| {
        let token = text.tokens.get(at);
        token.filter(|token| token.kind == Kind::Word && !claimed(at))
    };
    let called = (from..from + 4).find(|&at| word(at).is_some_and(|token| token.is_any(CALLED)));
    if let Some(called) = called {
        return word(called + 1).map(|_| called + 1);
    }
    word(from).filter(|token| token.is_any(RELATIONS))?;
    let comma = text
        .tokens
        .get(from + 1)
        .is_some_and(|it| it.is_symbol(','));
    let name = from + 1 + usize::from(comma);
    word(name)
        .filter(|token| is_name_like(token) || token.capital)
        .map(|_| name)
}

fn belongs(token: &Token, first: bool) -> bool {
    match token.kind {
        Kind::Symbol => !first && (token.is_symbol('&') || token.is_symbol('-')),
        Kind::Number => !first,
        Kind::Word => !token.is_any(ENDING),
    }
}

/// Whether a word could be part of a proper name: in no list of ordinary words.
pub fn is_name_like(token: &Token) -> bool {
    let lexicon = Lexicon::get();
    token.kind == Kind::Word
        && (!lexicon.is_ordinary(&token.text) || lexicon.cues().in_class("brands", token.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_the_sentence_goes_on() {
        let cases = [
            ("Corner Coffee last month", Some("Corner Coffee")),
            ("the Coffee Bar & Grill, today", Some("Coffee Bar & Grill")),
            ("bob please", Some("bob")),
            ("my brother, Peter", Some("Peter")),
            ("my friend zoltan today", Some("zoltan")),
            ("a business called Smith Plumbing", Some("Smith Plumbing")),
            ("my friend", None),
            ("H&M", Some("H&M")),
            ("it", None),
            ("someone", None),
            ("the", None),
            ("", None),
            ("a b c d e f g", Some("b c d e f")),
        ];
        for (words, expected) in cases {
            let text = Text::read(words, Lexicon::get());
            let name = name_at(&text, &[], 0).map(|(name, _)| name);
            assert_eq!(name.as_deref(), expected, "{words}");
        }
    }
}
