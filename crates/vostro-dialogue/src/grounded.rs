//! Whether a sentence of a model's says what the texts say that it was shown. Pure.
//!
//! It errs towards no: a sentence that is not taken costs the model's words, one that is taken wrongly tells a
//! customer something that the bank never said. A sentence holds when
//!
//! - every number in it stands in the texts that it cites;
//! - most of its words that carry meaning do too (by their stems), whatever it does with the others;
//! - it denies something if and only if the sentence that it comes from does;
//! - it does not speak of itself, of "your" account's state, or name an address that the texts do not.
//!
//! Left out: whether a condition was dropped. The quotations stand beside the reply for that.

use std::collections::BTreeSet;

use vostro_knowledge::Citation;

use crate::sentences::Sentences;

/// So many of a sentence's words must stand in what it cites, in percent.
const SUPPORT: usize = 70;

/// The texts that a model was shown, ready to be compared with.
#[derive(Debug)]
pub(crate) struct Sources {
    texts: Vec<Source>,
    /// Stems that a sentence may hold though no text does.
    given: BTreeSet<String>,
}

/// A sentence that holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The sentence without its citation marks.
    pub text: String,
    /// The places of the texts that it cites, from 1, in order.
    pub cites: Vec<usize>,
}

#[derive(Debug)]
struct Source {
    stems: BTreeSet<String>,
    numbers: BTreeSet<String>,
    sentences: Vec<Sentence>,
    text: String,
}

impl Source {
    fn of(title: &str, body: &str) -> Self {
        let text = format!("{title}\n{body}").to_lowercase();
        Self {
            stems: stems(&text),
            numbers: numbers(&text),
            sentences: sentences(&body.to_lowercase()),
            text,
        }
    }
}

#[derive(Debug)]
struct Sentence {
    stems: BTreeSet<String>,
    denies: bool,
}

/// Words of somebody who tells what others said.
const TOLD: [&str; 20] = [
    "customer",
    "assistant",
    "asked",
    "asks",
    "said",
    "says",
    "wants",
    "wanted",
    "wrote",
    "told",
    "answered",
    "answers",
    "replied",
    "offered",
    "showed",
    "reported",
    "reports",
    "requested",
    "requests",
    "explained",
];

impl Sources {
    /// The quotations that an answer rests on.
    pub(crate) fn of(citations: &[Citation]) -> Self {
        let texts = citations.iter();
        Self {
            texts: texts
                .map(|citation| Source::of(&citation.title, &citation.quote))
                .collect(),
            given: BTreeSet::new(),
        }
    }

    /// What was said in the turns of a conversation, to be told by somebody else.
    pub(crate) fn told<'a>(turns: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            texts: turns
                .map(|(message, reply)| Source::of("", &format!("{message}\n{reply}")))
                .collect(),
            given: TOLD.iter().map(|word| stem(word)).collect(),
        }
    }

    /// The sentence, if it holds.
    pub(crate) fn grounded(&self, sentence: &str) -> Option<Held> {
        let (text, cites) = unmarked(sentence);
        let meant: Vec<&Source> = if cites.is_empty() {
            self.texts.iter().collect()
        } else {
            let each = cites.iter();
            each.map(|mark| self.texts.get(mark.checked_sub(1)?))
                .collect::<Option<_>>()?
        };
        let lower = text.to_lowercase();
        let mut said = stems(&lower);
        said.retain(|stem| !self.given.contains(stem));
        let known = |stem: &String| meant.iter().any(|source| source.stems.contains(stem));
        let supported = said.iter().filter(|stem| known(stem)).count();
        let number = |number: &String| meant.iter().any(|source| source.numbers.contains(number));
        let holds = !said.is_empty()
            && supported * 100 >= said.len() * SUPPORT
            && numbers(&lower).iter().all(number)
            && !speaks_of_itself(&lower, &meant)
            && denies_as_its_source(&said, denies(&lower), &meant);
        holds.then_some(Held { text, cites })
    }
}

/// Whether the nearest sentence of the sources says yes or no as this one does.
fn denies_as_its_source(said: &BTreeSet<String>, denies: bool, cited: &[&Source]) -> bool {
    let all = cited.iter().flat_map(|source| &source.sentences);
    let nearest = all.max_by_key(|sentence| {
        let common = sentence.stems.intersection(said).count();
        (common, std::cmp::Reverse(sentence.stems.len()))
    });
    nearest.is_some_and(|nearest| nearest.denies == denies)
}

/// A sentence without marks such as `[1]`, and their numbers.
fn unmarked(sentence: &str) -> (String, Vec<usize>) {
    let (mut shown, mut marks) = (String::with_capacity(sentence.len()), Vec::new());
    let mut rest = sentence;
    while let Some((before, tail)) = rest.split_once('[') {
        let mark = tail.split_once(']').and_then(|(inside, after)| {
            let of = |part: &str| part.trim().parse::<usize>().ok();
            Some((
                inside.split(',').map(of).collect::<Option<Vec<_>>>()?,
                after,
            ))
        });
        if let Some((numbers, after)) = mark {
            shown.push_str(before.trim_end_matches(' '));
            marks.extend(numbers);
            rest = after;
        } else {
            shown.push_str(before);
            shown.push('[');
            rest = tail;
        }
    }
    shown.push_str(rest);
    (shown, marks)
}

fn speaks_of_itself(lower: &str, cited: &[&Source]) -> bool {
    let words = || lower.split(|c: char| !c.is_alphanumeric());
    let itself = words().any(|word| matches!(word, "i" | "ive" | "im" | "me" | "my" | "mine"));
    let address = |word: &&str| {
        word.contains("://") || word.contains("www.") || word.contains('@') || word.contains("](")
    };
    let stray = lower
        .split_whitespace()
        .filter(address)
        .any(|word| !cited.iter().any(|source| source.text.contains(word)));
    itself || stray
}

fn sentences(lower: &str) -> Vec<Sentence> {
    let mut parts = Sentences::default();
    parts.push(lower);
    let mut found: Vec<String> = std::iter::from_fn(|| parts.next()).collect();
    found.extend(parts.rest());
    found
        .iter()
        .map(|part| Sentence {
            stems: stems(part),
            denies: denies(part),
        })
        .collect()
}

const DENIALS: [&str; 12] = [
    "not", "no", "never", "cannot", "without", "nor", "neither", "none", "nothing", "nobody",
    "unless", "except",
];

fn denies(lower: &str) -> bool {
    let plain = lower.replace('\u{2019}', "'");
    plain.contains("n't")
        || plain
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| DENIALS.contains(&word))
}

/// Words that carry no meaning of their own here.
const SMALL: &[&str] = &[
    "the", "and", "for", "you", "your", "are", "can", "will", "with", "that", "this", "from",
    "have", "has", "been", "was", "were", "they", "them", "their", "its", "any", "all", "also",
    "then", "than", "when", "which", "who", "how", "what", "may", "must", "should", "would",
    "there", "these", "those", "once", "each", "other", "more", "most", "some", "such", "only",
    "into", "onto", "about", "after", "before", "out", "one", "not", "does", "did", "doing",
    "being",
];

/// The words of a text that carry meaning, without their endings.
fn stems(lower: &str) -> BTreeSet<String> {
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 && !SMALL.contains(word))
        .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .map(stem)
        .collect()
}

/// A word without the commonest English endings.
fn stem(word: &str) -> String {
    let mut stem = word;
    for ending in [
        "ations", "ation", "ings", "ing", "ers", "ies", "ed", "es", "er", "ly", "s", "y", "e",
    ] {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.chars().count() > 2
        {
            stem = rest;
            break;
        }
    }
    let doubled = stem.chars().rev().take(2).collect::<Vec<_>>();
    match doubled.as_slice() {
        [a, b] if a == b && stem.chars().count() > 4 => {
            stem.chars().take(stem.chars().count() - 1).collect()
        }
        _ => stem.to_owned(),
    }
}

/// The numbers of a text: digits with what stands within them (`1,500.00`, `9:30`).
fn numbers(lower: &str) -> BTreeSet<String> {
    lower
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ':')))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .map(|word| {
            let plain = word.replace(',', "");
            plain
                .strip_suffix(".00")
                .map_or(plain.clone(), str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let citation = |title: &str, quote: &str| Citation {
            document_id: String::new(),
            chunk_id: String::new(),
            title: title.to_owned(),
            start: 0,
            end: 0,
            quote: quote.to_owned(),
        };
        Sources::of(&[
            citation(
                "Transfers",
                "Transfers between your own accounts are free and arrive at once. A transfer to another bank costs $1,500.00. Transfers are not possible on Sundays.",
            ),
            citation(
                "Cards",
                "Report a lost card by telephone. Cards are never sent by e-mail.",
            ),
        ])
    }

    #[test]
    fn what_the_passages_say_holds() {
        for (sentence, shown) in [
            (
                "Transfers between your own accounts are free [1].",
                "Transfers between your own accounts are free.",
            ),
            (
                "Transferring to another bank costs $1,500 [1].",
                "Transferring to another bank costs $1,500.",
            ),
            (
                "Transfers are not possible on Sundays. [1]",
                "Transfers are not possible on Sundays.",
            ),
            (
                "Report the lost card by telephone. [2]",
                "Report the lost card by telephone.",
            ),
            (
                "Cards are never sent by e-mail [1, 2].",
                "Cards are never sent by e-mail.",
            ),
        ] {
            assert_eq!(
                sources()
                    .grounded(sentence)
                    .map(|held| held.text)
                    .as_deref(),
                Some(shown),
                "{sentence}"
            );
        }
    }

    #[test]
    fn what_was_said_may_be_told_by_somebody_else() {
        let turns = [
            ("my card was stolen", "I can block it. Which card is it?"),
            (
                "I did not make the payment of $82.00",
                "I've put this conversation in the queue for a person.",
            ),
        ];
        let told = Sources::told(turns.into_iter());
        let holds = |sentence: &str| told.grounded(sentence).map(|held| held.cites);
        for (sentence, cites) in [
            ("The customer reported a stolen card [1].", vec![1]),
            (
                "The customer said they did not make a payment of $82 [2].",
                vec![2],
            ),
            ("The assistant asked which card it is. [1]", vec![1]),
        ] {
            assert_eq!(holds(sentence), Some(cites), "{sentence}");
        }
        for sentence in [
            "The card was not stolen [1].",
            "The customer made the payment of $82.00 [2].",
            "The customer wants a refund of $82.00 [2].",
            "The customer said so [1].",
            "The customer reported a stolen card [3].",
        ] {
            assert_eq!(holds(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn what_they_do_not_say_does_not() {
        for sentence in [
            "Transfers between your own accounts are not free [1].",
            "Cards are sent by e-mail [2].",
            "A transfer to another bank costs $15 [1].",
            "Transfers are possible on Sundays [1].",
            "Report a lost card by telephone [1].",
            "Report a lost card by telephone [3].",
            "Report a lost card by telephone [0].",
            "I have sent $1,500.00 to another bank [1].",
            "Report a lost card at www.bank.example by telephone [2].",
            "[Report a lost card](http://evil.example) by telephone [2].",
            "Our mortgage rates are the lowest in town [1].",
            "Sure!",
            "",
            "[1]",
            "Transfers are free until 2027 [1].",
        ] {
            assert_eq!(sources().grounded(sentence), None, "{sentence}");
        }
    }
}
