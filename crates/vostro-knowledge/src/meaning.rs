//! The vectors of a base's passages, and of the questions that were asked lately.
//!
//! Vectors are here, or they are elsewhere: with whoever searches them too, and says which passages are nearest to a
//! question ([`crate::Near`]). Both may be in one base.

mod places;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use vostro_embed::{Embedder, Neighbours};

use self::places::Places;
use crate::{KnowledgeBase, KnowledgeError, passage_key};

/// Passages that are embedded in one go.
const BATCH: usize = 32;
/// Questions whose vectors are remembered. At this count the older half is forgotten.
const REMEMBERED: usize = 2_048;
/// A longer question, in bytes, is not remembered: it will hardly be asked again word for word.
const MAX_REMEMBERED_BYTES: usize = 512;

/// Where vectors of passages are kept between starts. `()` keeps none.
pub trait VectorCache {
    /// The vector that a model made of a passage, by its [`passage_key`].
    fn get(&mut self, model: &str, passage: &str) -> Option<Vec<f32>>;

    /// Keeps a vector that was just computed.
    fn put(&mut self, model: &str, passage: &str, vector: &[f32]);

    /// Whether there is one that is not given, because it is searched where it is.
    fn is_elsewhere(&mut self, _model: &str, _passage: &str) -> bool {
        false
    }
}

impl VectorCache for () {
    fn get(&mut self, _: &str, _: &str) -> Option<Vec<f32>> {
        None
    }

    fn put(&mut self, _: &str, _: &str, _: &[f32]) {}
}

/// Vectors of all passages of one base, and the model that made them. Cheap to clone.
#[derive(Clone)]
pub struct Meaning(Arc<Inner>);

struct Inner {
    embedder: Arc<dyn Embedder>,
    neighbours: Neighbours,
    places: Places,
    asked: Mutex<Asked>,
}

#[derive(Default)]
struct Asked {
    young: HashMap<String, Arc<[f32]>>,
    old: HashMap<String, Arc<[f32]>>,
}

impl Meaning {
    /// Embeds a base's passages; those that the cache has cost nothing. Keys are hashes of the passages' texts,
    /// so what is found under one is always right.
    ///
    /// # Errors
    /// [`KnowledgeError::Embed`] when the model fails.
    pub fn of(
        base: &KnowledgeBase,
        embedder: Arc<dyn Embedder>,
        cache: &mut dyn VectorCache,
    ) -> Result<Self, KnowledgeError> {
        let texts: Vec<String> = base.passage_texts().map(|(_, text)| text).collect();
        let mut neighbours = Neighbours::default();
        for batch in texts.chunks(BATCH) {
            let keyed = batch.iter().map(|text| (text, passage_key(text)));
            let known: Vec<(&String, String, Option<Vec<f32>>)> = keyed
                .map(|(text, key)| {
                    let vector = known(cache, embedder.as_ref(), &key);
                    (text, key, vector)
                })
                .collect();
            let wanted = known.iter().filter(|(_, _, vector)| vector.is_none());
            let wanted: Vec<&str> = wanted.map(|(text, ..)| text.as_str()).collect();
            let mut fresh = embedder.embed_all(&wanted)?.into_iter();
            for (_, key, vector) in known {
                let vector = vector.unwrap_or_else(|| {
                    let vector = fresh.next().unwrap_or_default();
                    cache.put(embedder.model(), &key, &vector);
                    vector
                });
                neighbours.push(&vector);
            }
        }
        let places = Places::here(neighbours.len());
        Ok(Self::with(embedder, neighbours, places))
    }

    /// As [`Meaning::of`] without embedding anything: passages that the cache lacks are found by their words, and
    /// those whose vectors are elsewhere are told of there. The second value tells how many are lacking.
    pub fn known(
        base: &KnowledgeBase,
        embedder: Arc<dyn Embedder>,
        cache: &mut dyn VectorCache,
    ) -> (Self, usize) {
        let (mut neighbours, mut places, mut missing) =
            (Neighbours::default(), Places::default(), 0);
        for (number, (_, text)) in (0..).zip(base.passage_texts()) {
            let key = passage_key(&text);
            if let Some(vector) = known(cache, embedder.as_ref(), &key) {
                neighbours.push(&vector);
                places.is_here(number);
            } else if cache.is_elsewhere(embedder.model(), &key) {
                places.is_elsewhere(&key, number);
            } else {
                missing += 1;
            }
        }
        places.finish();
        (Self::with(embedder, neighbours, places), missing)
    }

    /// Embeds passages that the cache lacks, at most so many; gives how many are left.
    ///
    /// # Errors
    /// [`KnowledgeError::Embed`] when the model fails.
    pub fn embed_missing(
        base: &KnowledgeBase,
        embedder: &dyn Embedder,
        cache: &mut dyn VectorCache,
        most: usize,
    ) -> Result<usize, KnowledgeError> {
        let texts = base
            .passage_texts()
            .map(|(_, text)| (passage_key(&text), text));
        let mut missing: Vec<(String, String)> = texts
            .filter(|(key, _)| {
                known(cache, embedder, key).is_none() && !cache.is_elsewhere(embedder.model(), key)
            })
            .collect();
        let left = missing.len().saturating_sub(most);
        missing.truncate(most);
        let wanted: Vec<&str> = missing.iter().map(|(_, text)| text.as_str()).collect();
        for ((key, _), vector) in missing.iter().zip(embedder.embed_all(&wanted)?) {
            cache.put(embedder.model(), key, &vector);
        }
        Ok(left)
    }

    fn with(embedder: Arc<dyn Embedder>, neighbours: Neighbours, places: Places) -> Self {
        Self(Arc::new(Inner {
            embedder,
            neighbours,
            places,
            asked: Mutex::default(),
        }))
    }

    /// The vectors that are here, in the order of their passages.
    pub fn neighbours(&self) -> &Neighbours {
        &self.0.neighbours
    }

    /// Name of the model.
    pub fn model(&self) -> &str {
        self.0.embedder.model()
    }

    /// Whether vectors of passages are elsewhere.
    pub fn is_elsewhere(&self) -> bool {
        self.0.places.are_elsewhere()
    }

    /// The vector of a passage, if it is here.
    pub(crate) fn vector(&self, passage: usize) -> Option<&[f32]> {
        let row = self.0.places.row_of(passage)?;
        self.0.neighbours.get(row)
    }

    /// The passages nearest to a question, of those whose vectors are here and that `visible` lets through.
    pub(crate) fn nearest(
        &self,
        question: &[f32],
        wanted: usize,
        visible: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = usize> {
        let places = &self.0.places;
        let visible = |row| places.passage_of(row).is_some_and(&visible);
        let found = self.0.neighbours.nearest(question, wanted, visible);
        found
            .into_iter()
            .filter_map(|(row, _)| places.passage_of(row))
    }

    /// The passages of a key whose vectors are elsewhere.
    pub(crate) fn passages_of(&self, key: &str) -> impl Iterator<Item = usize> {
        self.0.places.passages_of(key)
    }

    /// The vector of a question; of one that was asked lately it is remembered.
    ///
    /// # Errors
    /// [`KnowledgeError::Embed`] when the model fails.
    pub fn embed(&self, text: &str) -> Result<Arc<[f32]>, KnowledgeError> {
        if text.len() > MAX_REMEMBERED_BYTES {
            return Ok(self.0.embedder.embed(text)?.into());
        }
        let lock = || self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vector) = lock().find(text) {
            return Ok(vector);
        }
        let vector: Arc<[f32]> = self.0.embedder.embed(text)?.into();
        lock().remember(text, &vector);
        Ok(vector)
    }
}

impl Asked {
    fn find(&mut self, text: &str) -> Option<Arc<[f32]>> {
        if let Some(vector) = self.young.get(text) {
            return Some(Arc::clone(vector));
        }
        let vector = self.old.remove(text)?;
        self.remember(text, &vector);
        Some(vector)
    }

    fn remember(&mut self, text: &str, vector: &Arc<[f32]>) {
        if self.young.len() >= REMEMBERED / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text.to_owned(), Arc::clone(vector));
    }
}

/// A vector of the cache that is one of this model's.
fn known(cache: &mut dyn VectorCache, embedder: &dyn Embedder, key: &str) -> Option<Vec<f32>> {
    let vector = cache.get(embedder.model(), key);
    vector.filter(|vector| vector.len() == embedder.dimensions())
}
