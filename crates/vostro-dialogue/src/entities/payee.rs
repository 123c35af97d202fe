//! Saved payees: "John", "my mum", "Anna Demo", "John's account".
//!
//! Found by whole name, by one of its words or by an alias, in any case. Where a name could be an
//! ordinary word ("Will", "Mark") it must stand where a name stands: behind "to", "pay", "send". Typos
//! are only forgiven there too. Several payees that fit are all kept: nobody is guessed.

use vostro_types::PayeeId;

use super::free_words::is_name_like;
use super::{Finder, Value, words_of_name};
use crate::command::Slot;
use crate::understand::lexicon::typo_distance;
use crate::understand::text::Kind;

/// Words behind which a name stands.
const NAMING: &[&str] = &[
    "to",
    "pay",
    "send",
    "give",
    "wire",
    "transfer",
    "for",
    "a",
    "paga",
    "enviar",
    "envia",
    "zelle",
    "venmo",
    "owe",
    "paid",
    "sent",
    "not",
    "given",
    "gave",
    "shoot",
    "hand",
    "lend",
    "reimburse",
    "except",
    "without",
    "excepto",
    "repay",
    "para",
];
/// Words of a name that tell nothing about who it is.
const GENERIC: &[&str] = &[
    "demo", "mr", "mrs", "ms", "dr", "the", "and", "of", "inc", "llc", "ltd", "co", "company",
    "account", "bank", "de", "la", "van", "von", "der",
];
/// Names that are words too.
const WORDS_TOO: &[&str] = &[
    "mark", "will", "bill", "grant", "rose", "hope", "grace", "faith", "joy", "may", "april",
    "june", "august", "frank", "rich", "max", "jack", "art", "drew", "pat", "rob", "sue", "chase",
    "penny", "summer", "autumn", "dawn", "iris", "miles", "chance", "young", "long", "green",
    "stone", "demo",
];
/// Words that mean the same person.
const KIN: &[&[&str]] = &[
    &[
        "mum", "mom", "mother", "mama", "mommy", "mam", "madre", "mami",
    ],
    &["dad", "father", "papa", "daddy", "padre", "papi"],
    &["landlord", "landlady", "casero", "casera", "arrendador"],
    &["wife", "esposa"],
    &["husband", "marido", "esposo"],
    &["sister", "sis", "hermana"],
    &["brother", "bro", "hermano"],
    &["grandma", "grandmother", "abuela"],
];

struct Name {
    words: Vec<String>,
    payee: usize,
}

/// Finds payees.
pub fn find(finder: &mut Finder<'_>) {
    if finder.around.portfolio.payees.is_empty() {
        return;
    }
    let names = names(finder);
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at, &names) {
            Some((payees, until)) => {
                finder.claim(at, until, Value::Payee(payees));
                until
            }
            None => at + 1,
        };
    }
}

fn names(finder: &Finder<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    for (payee, saved) in finder.around.portfolio.payees.iter().enumerate() {
        let words = split(&saved.name);
        for word in words
            .iter()
            .filter(|word| word.len() > 1 && !GENERIC.contains(&word.as_str()))
        {
            names.push(Name {
                words: vec![word.clone()],
                payee,
            });
        }
        names.push(Name { words, payee });
        for alias in &saved.aliases {
            let words = split(alias);
            for kin in KIN {
                if words.len() == 1 && words.iter().any(|word| kin.contains(&word.as_str())) {
                    names.extend(kin.iter().map(|word| Name {
                        words: vec![(*word).to_owned()],
                        payee,
                    }));
                }
            }
            names.push(Name { words, payee });
        }
    }
    names.retain(|name| !name.words.is_empty());
    names
}

fn split(name: &str) -> Vec<String> {
    let mut words = words_of_name(name);
    words.retain(|word| word != "'s");
    words
}

/// The payees whose longest fitting name begins here, and the place behind it and its possessive.
fn read_at(finder: &Finder<'_>, at: usize, names: &[Name]) -> Option<(Vec<PayeeId>, usize)> {
    let first = finder.free(at).filter(|token| token.kind == Kind::Word)?;
    let exact = fitting(finder, at, names, |typed, word| typed == word);
    let (length, payees) = match exact {
        Some(found) => found,
        None if stands_as_name(finder, at) && !finder.lexicon.is_ordinary(&first.text) => {
            fitting(finder, at, names, |typed, word| {
                typed == word || is_shuffled(typed, word) || is_stuttered(typed, word)
            })?
        }
        None => return None,
    };
    if length == 1 && is_another_name(finder, at) {
        return None;
    }
    let kin = KIN.iter().any(|kin| kin.contains(&first.text.as_str()));
    let ordinary =
        finder.lexicon.is_ordinary(&first.text) || WORDS_TOO.contains(&first.text.as_str());
    if length == 1 && !kin && ordinary && !stands_as_name(finder, at) {
        return None;
    }
    let mut until = at + length;
    if finder.word(until) == "'s" {
        until += 1;
        if matches!(finder.word(until), "account" | "acct") {
            until += 1;
        }
    }
    let ids = payees
        .into_iter()
        .filter_map(|index| finder.around.portfolio.payees.get(index))
        .map(|payee| payee.id.clone())
        .collect();
    Some((ids, until))
}

/// Whether one word of a saved name begins somebody else's: "Smith Plumbing" is not John Smith.
fn is_another_name(finder: &Finder<'_>, at: usize) -> bool {
    let (Some(first), Some(next)) = (finder.free(at), finder.free(at + 1)) else {
        return false;
    };
    let shouts = finder
        .text
        .tokens
        .iter()
        .all(|it| it.kind != Kind::Word || it.capital);
    let generic = GENERIC.contains(&next.text.as_str());
    first.capital
        && next.capital
        && !shouts
        && !generic
        && next.text == next.word
        && is_name_like(next)
}

fn fitting(
    finder: &Finder<'_>,
    at: usize,
    names: &[Name],
    same: impl Fn(&str, &str) -> bool,
) -> Option<(usize, Vec<usize>)> {
    let fits = |name: &&Name| {
        name.words.iter().enumerate().all(|(i, word)| {
            finder.free(at + i).is_some_and(|token| {
                same(&token.text, word) || (i > 0 && initial(&token.text, word))
            })
        })
    };
    let fitting: Vec<&Name> = names.iter().filter(fits).collect();
    let length = fitting.iter().map(|name| name.words.len()).max()?;
    let mut payees: Vec<usize> = fitting
        .iter()
        .filter(|name| name.words.len() == length)
        .map(|name| name.payee)
        .collect();
    payees.sort_unstable();
    payees.dedup();
    Some((length, payees))
}

/// "John D" for "John Doe". A letter that is a word by itself is none.
fn initial(typed: &str, word: &str) -> bool {
    typed.len() == 1
        && !matches!(typed, "a" | "e" | "i" | "o" | "u" | "y")
        && word.starts_with(typed)
}

/// "Annna" for "Anna": letters repeated too often. Short names that differ otherwise are other people.
fn is_stuttered(typed: &str, name: &str) -> bool {
    let squeezed = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    let more = typed.len().checked_sub(name.len());
    more.is_some_and(|more| more <= 2) && name.len() >= 3 && squeezed(typed) == squeezed(name)
}

/// "Jonh" for "John": the same letters. One more, one less or another one may be somebody else: Maria is not Mario.
fn is_shuffled(typed: &str, name: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    typo_distance(typed, name).is_some() && sorted(typed) == sorted(name)
}

fn stands_as_name(finder: &Finder<'_>, at: usize) -> bool {
    let asked = matches!(finder.around.asked, Some(Slot::Target)) && finder.len() <= 4;
    let before = finder.word_before(at, 1);
    let before = if matches!(before, "my" | "mi") {
        finder.word_before(at, 2)
    } else {
        before
    };
    // "Not Anna, Mark": what stands beside a name is one.
    let beside = at.checked_sub(1).is_some_and(|joint| {
        let joins = finder.token(joint).is_some_and(|token| {
            token.is_symbol(',') || token.is_any(&["and", "or", "but", "y", "o"])
        });
        let named = finder.mention_ending(joint);
        joins && named.is_some_and(|it| matches!(it.value, Value::Payee(_)))
    });
    asked || beside || NAMING.contains(&before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn payees_are_found_and_none_is_guessed() {
        let cases = [
            ("send to anna", "anna"),
            ("ANNA DEMO", "anna"),
            ("Anna's account", "anna"),
            ("to my mom", "anna"),
            ("pay jon smith", "john"),
            ("to john", "john johnny"),
            ("to john doe", "johnny"),
            ("to annna", "anna"),
            ("to mark", "mark"),
            ("mark this as paid", ""),
            ("to bob", ""),
            ("to Smith Plumbing", ""),
            ("pay John Malone please", ""),
            ("PAY JOHN SMITH", "john"),
            ("the smiths", ""),
        ];
        for (text, expected) in cases {
            let shown: Vec<String> = found(text, &portfolio())
                .into_iter()
                .filter_map(|mention| match mention.value {
                    Value::Payee(ids) => Some(
                        ids.iter()
                            .map(|id| id.as_str().to_owned())
                            .collect::<Vec<_>>()
                            .join(" "),
                    ),
                    _ => None,
                })
                .collect();
            assert_eq!(shown.join(" | "), expected, "{text}");
        }
    }
}
