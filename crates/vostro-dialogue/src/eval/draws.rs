//! What is learnt from a public set: draws of examples, those that follow them, and their sentence vectors.

use std::collections::HashMap;
use std::time::Duration;

use vostro_classifier::Example;
use vostro_classifier::rng::SplitMix;
use vostro_embed::{EmbedError, Embedder};

use super::choose::{Choice, choose, fold};
use super::public::{Labelled, plain};

/// Sentence vectors of texts, each made once.
pub(super) struct Vectors<'a> {
    embedder: &'a dyn Embedder,
    known: HashMap<String, Vec<f32>>,
}

/// Vectors of the test part, and how long each took.
pub(super) struct Embedded {
    pub(super) vectors: Vec<Vec<f32>>,
    pub(super) times: Vec<Duration>,
}

impl<'a> Vectors<'a> {
    pub(super) fn of(embedder: &'a dyn Embedder) -> Self {
        Self {
            embedder,
            known: HashMap::new(),
        }
    }

    pub(super) fn timed(
        &self,
        part: &[Labelled],
        clock: &dyn Fn() -> Duration,
    ) -> Result<Embedded, EmbedError> {
        let mut embedded = Embedded {
            vectors: Vec::new(),
            times: Vec::new(),
        };
        for row in part {
            let begun = clock();
            embedded.vectors.push(self.embedder.embed(&row.text)?);
            embedded.times.push(clock().saturating_sub(begun));
        }
        Ok(embedded)
    }

    pub(super) fn put_to(&mut self, examples: &mut [Example]) -> Result<(), EmbedError> {
        for example in examples {
            let vector = match self.known.get(&example.text) {
                Some(vector) => vector.clone(),
                None => self.embedder.embed(&example.text)?,
            };
            let known = self.known.entry(example.text.clone());
            example.vector = Some(known.or_insert(vector).clone());
        }
        Ok(())
    }

    /// Chooses by the texts behind those that are learnt from, or else by a fold of these.
    pub(super) fn choose(
        &mut self,
        examples: &[Example],
        next: &[&Labelled],
        few: bool,
    ) -> Result<Choice, EmbedError> {
        if next.is_empty() {
            let (held, kept) = fold(examples);
            return Ok(choose(&kept, &held, few));
        }
        let mut held = plain(next);
        self.put_to(&mut held)?;
        Ok(choose(examples, &held, few))
    }
}

/// The examples of a draw: the first of each label, then random ones from a seed of their own.
pub(super) fn drawn(rows: &[Labelled], most: usize, draw: u64) -> Vec<&Labelled> {
    let mut order: Vec<&Labelled> = rows.iter().collect();
    if draw > 0 {
        SplitMix::new(draw).shuffle(&mut order);
    }
    first_of_each(order.into_iter(), most)
}

/// The first so many of each label, in this order.
pub(super) fn first_of_each<'a>(
    rows: impl Iterator<Item = &'a Labelled>,
    most: usize,
) -> Vec<&'a Labelled> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for row in rows {
        let count = seen.entry(row.label.as_str()).or_insert(0);
        *count += 1;
        if *count <= most {
            kept.push(row);
        }
    }
    kept
}

/// So many times as many messages as are learnt from are chosen by: the fewer, the more luck is in the choice.
const CHOSEN_BY: usize = 4;

/// Of each label those that stand behind the ones that are learnt from.
pub(super) fn following(rows: &[Labelled], count: usize) -> Vec<&Labelled> {
    let learnt = first_of_each(rows.iter(), count).len();
    let both = first_of_each(rows.iter(), count.saturating_mul(1 + CHOSEN_BY));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let behind = both.into_iter().filter(|row| {
        let place = seen.entry(&row.label).or_insert(0);
        *place += 1;
        *place > count
    });
    let behind: Vec<&Labelled> = behind.collect();
    // Too few are left to choose by where the set has hardly more than what was learnt.
    if behind.len() * 2 < learnt {
        Vec::new()
    } else {
        behind
    }
}
