//! Cues: weighted patterns over words and entities, as data, by which intents are scored.
//!
//! A file under `data/cues/` has sections `[intent]` and lines `weight pattern`. A pattern is a row of:
//! - `word` or `one|or|other`, with `@class` for the words of a class (`data/classes.txt`);
//! - `<amount>`, `<account|payee>`, `card|<account>`: a stretch that was recognised as an entity;
//! - `*` up to three, `**` up to eight of anything; `^` and `$` for the clause's begin and end;
//! - a `?` behind an element makes it optional (not the first one);
//! - in front, `+question`, `-domain` and the like: conditions on the whole clause.
//!
//! Each cue counts once a clause, see [`combined`]. Matching starts only where a cue's first element
//! stands, and gaps are bounded, so the cost is linear in the message.
//! To add a cue, add a line and a case under `tests/understand/`.

mod load;

use crate::entities::EntityKind;
use crate::understand::intent::Label;
use crate::understand::lexicon::{UNKNOWN, WordId};
use std::collections::HashMap;
use std::fmt;

pub(crate) use load::load;

/// What stands at one place of a clause, as the cues see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A word of the vocabulary, or [`UNKNOWN`].
    Word(WordId),
    /// A recognised entity.
    Entity(EntityKind),
}

/// Facts about a whole clause that a cue may ask for.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// It ends in a question mark or begins like a question.
    pub question: bool,
    /// It has a word of banking.
    pub domain: bool,
    /// It speaks of the customer or to the assistant.
    pub personal: bool,
    /// It has an entity.
    pub entity: bool,
    /// It has four words or more.
    pub long: bool,
    /// It has three words or more, and one of them is known.
    pub sentence: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Question,
    Domain,
    Personal,
    Entity,
    Long,
}

impl Facts {
    const fn holds(self, fact: Fact) -> bool {
        match fact {
            Fact::Question => self.question,
            Fact::Domain => self.domain,
            Fact::Personal => self.personal,
            Fact::Entity => self.entity,
            Fact::Long => self.long,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Element {
    /// One of these words or entities.
    OneOf(Vec<WordId>, Vec<EntityKind>),
    Gap(usize),
    Start,
    End,
}

/// One weighted pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// What it speaks for.
    pub label: Label,
    /// How strongly; negative speaks against.
    pub weight: f32,
    /// The pattern as written, for traces.
    pub pattern: &'static str,
    conditions: Vec<(Fact, bool)>,
    elements: Vec<(Element, bool)>,
}

/// A line of the data that could not be read. There is none in a build that passes its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine(String);

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All cues, indexed by what they begin with, and the word classes.
#[derive(Debug, Default)]
pub struct Cues {
    all: Vec<Cue>,
    by_word: HashMap<WordId, Vec<usize>>,
    by_entity: HashMap<EntityKind, Vec<usize>>,
    at_start: Vec<usize>,
    unconditional: Vec<usize>,
    classes: HashMap<&'static str, Vec<&'static str>>,
    class_ids: HashMap<&'static str, Vec<WordId>>,
    bad: Vec<BadLine>,
}

impl Cues {
    /// The lines that could not be read.
    pub fn bad_lines(&self) -> &[BadLine] {
        &self.bad
    }

    /// Whether the word is one of a class.
    pub fn in_class(&self, class: &str, id: WordId) -> bool {
        id != UNKNOWN
            && self
                .class_ids
                .get(class)
                .is_some_and(|ids| ids.contains(&id))
    }

    /// The cues that match a clause, each once, in the order of the data.
    pub fn matching(&self, items: &[Item], facts: Facts) -> Vec<&Cue> {
        let mut hits = vec![false; self.all.len()];
        let mut try_all = |candidates: &[usize], at: usize| {
            for &index in candidates {
                let (Some(cue), Some(hit)) = (self.all.get(index), hits.get_mut(index)) else {
                    continue;
                };
                if !*hit {
                    *hit = cue.matches(items, at, facts);
                }
            }
        };
        try_all(&self.at_start, 0);
        try_all(&self.unconditional, 0);
        for (at, item) in items.iter().enumerate() {
            let candidates = match item {
                Item::Word(id) => self.by_word.get(id),
                Item::Entity(kind) => self.by_entity.get(kind),
            };
            if let Some(candidates) = candidates {
                try_all(candidates, at);
            }
        }
        self.all
            .iter()
            .zip(hits)
            .filter_map(|(cue, hit)| hit.then_some(cue))
            .collect()
    }
}

impl Cue {
    fn matches(&self, items: &[Item], at: usize, facts: Facts) -> bool {
        self.conditions
            .iter()
            .all(|&(fact, wanted)| facts.holds(fact) == wanted)
            && fits(&self.elements, items, at)
    }
}

fn fits(elements: &[(Element, bool)], items: &[Item], at: usize) -> bool {
    let Some(((element, optional), rest)) = elements.split_first() else {
        return true;
    };
    let here = match element {
        Element::Start => at == 0 && fits(rest, items, at),
        Element::End => at >= items.len(),
        Element::Gap(most) => {
            let last = at.saturating_add(*most).min(items.len());
            return (at..=last).any(|next| fits(rest, items, next));
        }
        Element::OneOf(ids, kinds) => {
            let stands = match items.get(at) {
                Some(Item::Word(id)) => ids.binary_search(id).is_ok(),
                Some(Item::Entity(kind)) => kinds.contains(kind),
                None => false,
            };
            stands && fits(rest, items, at + 1)
        }
    };
    here || (*optional && fits(rest, items, at))
}

/// What several cues for one intent weigh together: the strongest counts whole, each further one half
/// as much as the one before, and what speaks against counts whole. So many weak signs of a question
/// do not drown one clear wish.
pub fn combined(weights: &mut [f32]) -> f32 {
    weights.sort_by(|a, b| b.total_cmp(a));
    let mut share = 1.0;
    weights
        .iter()
        .map(|&weight| {
            if weight < 0.0 {
                return weight;
            }
            let counted = weight * share;
            share /= 2.0;
            counted
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::cues::load::{intern, parse_cue};
    use crate::understand::lexicon::Lexicon;

    #[test]
    fn every_line_of_the_data_is_read() {
        let bad = Lexicon::get().cues().bad_lines();
        assert!(bad.is_empty(), "{bad:#?}");
    }

    #[test]
    fn patterns_match_words_entities_gaps_and_ends() {
        let mut vocabulary = HashMap::new();
        let classes = HashMap::from([("move", vec!["send", "wire"])]);
        let mut check = |pattern: &'static str, words: &[&str]| {
            let cue = parse_cue(
                pattern,
                Label::parse("transfer").unwrap(),
                &classes,
                &mut vocabulary,
            )
            .unwrap();
            let items: Vec<Item> = words
                .iter()
                .map(|&word| {
                    EntityKind::parse(word.trim_matches(['<', '>']))
                        .filter(|_| word.starts_with('<'))
                        .map_or_else(|| Item::Word(intern(word, &mut vocabulary)), Item::Entity)
                })
                .collect();
            (0..=items.len()).any(|at| cue.matches(&items, at, Facts::default()))
        };
        assert!(check(
            "1 @move|pay * <payee>",
            &["now", "wire", "money", "to", "<payee>"]
        ));
        assert!(!check(
            "1 @move * <payee>",
            &["wire", "a", "b", "c", "d", "<payee>"]
        ));
        assert!(check("1 ^ send <amount>? to", &["send", "to"]));
        assert!(!check("1 ^ send", &["please", "send"]));
        assert!(check("1 send $", &["please", "send"]));
        assert!(!check("1 +question send", &["send"]));
    }

    #[test]
    fn further_cues_count_less_and_objections_whole() {
        let cases: [(&mut [f32], f32); 4] = [
            (&mut [], 0.0),
            (&mut [2.0, 4.0], 5.0),
            (&mut [1.0, 1.0, 1.0], 1.75),
            (&mut [4.0, -3.0, 2.0], 2.0),
        ];
        for (weights, expected) in cases {
            assert!((combined(weights) - expected).abs() < 1e-6, "{weights:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for line in [
            "x a",
            "1",
            "1 @none",
            "1 <none>",
            "1 +none a",
            "1 a? b",
            "1 don't",
        ] {
            let read = parse_cue(
                line,
                Label::parse("ask").unwrap(),
                &HashMap::new(),
                &mut HashMap::new(),
            );
            assert!(read.is_err(), "{line}");
        }
    }
}
