//! Categories of spending: "groceries", "eating out", "gas", "subscriptions".
//!
//! The words are data (`understand/data/categories.txt`). A name behind "at" is a merchant's, even if
//! one of its words is a category's ("at Corner Coffee"); [`super::free_words`] reads those.

use std::collections::HashMap;
use std::sync::LazyLock;

use vostro_bank::Category;

use super::{Finder, Value};
use crate::understand::text::Kind;

const DATA: &str = include_str!("../understand/data/categories.txt");

/// Phrases by their first word, longest first.
static PHRASES: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| load(DATA).0);

/// A phrase and the category it names.
type Phrase = (Vec<&'static str>, Category);

fn load(data: &'static str) -> (HashMap<&'static str, Vec<Phrase>>, usize) {
    let mut phrases: HashMap<_, Vec<Phrase>> = HashMap::new();
    let mut unread = 0;
    for line in data
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let Some((category, words)) = line
            .split_once(':')
            .and_then(|(name, words)| Category::parse(name).map(|category| (category, words)))
        else {
            unread += 1;
            continue;
        };
        for phrase in words.split('|') {
            let words: Vec<_> = phrase.split_whitespace().collect();
            if let Some(&first) = words.first() {
                phrases.entry(first).or_default().push((words, category));
            }
        }
    }
    for bucket in phrases.values_mut() {
        bucket.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    (phrases, unread)
}

/// Finds categories.
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at) {
            Some((category, until)) => {
                finder.claim(at, until, Value::Category(category));
                until
            }
            None => at + 1,
        };
    }
}

/// The category that exactly these words name.
pub fn named(words: &str) -> Option<Category> {
    let words: Vec<&str> = words.split_whitespace().collect();
    PHRASES
        .get(words.first()?)?
        .iter()
        .find(|(phrase, _)| *phrase == words)
        .map(|(_, category)| *category)
}

fn read_at(finder: &Finder<'_>, at: usize) -> Option<(Category, usize)> {
    let bucket = PHRASES.get(finder.word(at))?;
    let (words, category) = bucket.iter().find(|(words, _)| finder.reads(at, words))?;
    let until = at + words.len();
    (!part_of_a_name(finder, at, until)).then_some((*category, until))
}

/// "at corner coffee", "on Coffee Palace": a name that has the word.
fn part_of_a_name(finder: &Finder<'_>, at: usize, until: usize) -> bool {
    let name_like = |i: usize| {
        finder
            .free(i)
            .is_some_and(|token| token.capital && !finder.lexicon.is_ordinary(&token.text))
    };
    let behind_at = finder.word_before(at, 2) == "at"
        && !matches!(finder.word_before(at, 1), "the" | "a" | "my");
    // "Corner Coffee", and not the "Coffee" that a sentence begins with.
    let written = |i: usize| finder.free(i).is_some_and(|token| token.capital);
    let shouts = finder
        .text
        .tokens
        .iter()
        .all(|it| it.capital || it.kind != Kind::Word);
    let spelled = at > 1 && written(at) && written(at - 1) && !shouts;
    spelled || name_like(until) || (at > 0 && behind_at) || (at > 1 && name_like(at - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn every_line_is_read_and_every_category_has_words() {
        let (phrases, unread) = load(DATA);
        assert_eq!(unread, 0);
        for category in Category::ALL {
            let has_words = phrases
                .values()
                .flatten()
                .any(|(_, known)| *known == category);
            assert!(has_words || category == Category::Other, "{category:?}");
        }
    }

    #[test]
    fn categories() {
        let cases = [
            ("on groceries", Some(Category::Groceries)),
            ("eating out", Some(Category::Dining)),
            ("at restaurants", Some(Category::Dining)),
            ("on gas", Some(Category::Transport)),
            ("coffee", Some(Category::Dining)),
            ("at Corner Coffee", None),
            ("at corner coffee", None),
            ("utilities", Some(Category::Utilities)),
            ("banana", None),
        ];
        for (text, expected) in cases {
            let read =
                found(text, &portfolio())
                    .into_iter()
                    .find_map(|mention| match mention.value {
                        Value::Category(category) => Some(category),
                        _ => None,
                    });
            assert_eq!(read, expected, "{text}");
        }
    }
}
