//! The vectors of a base's passages, and of the questions that were asked lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use vostro_embed::{Embedder, Neighbours};

use crate::{KnowledgeBase, KnowledgeError};

/// Passages that are embedded in one go.
const BATCH: usize = 32;
/// Questions whose vectors are remembered. At this count the older half is forgotten.
const REMEMBERED: usize = 2_048;
/// A longer question, in bytes, is not remembered: it will hardly be asked again word for word.
const MAX_REMEMBERED_BYTES: usize = 512;

/// Where vectors of passages are kept between starts. `()` keeps none.
pub trait VectorCache {
    /// The vector that was kept under a key.
    fn get(&mut self, key: &str) -> Option<Vec<f32>>;

    /// Keeps a vector that was just computed.
    fn put(&mut self, key: &str, vector: &[f32]);
}

impl VectorCache for () {
    fn get(&mut self, _: &str) -> Option<Vec<f32>> {
        None
    }

    fn put(&mut self, _: &str, _: &[f32]) {}
}

/// Vectors of all passages of one base, and the model that made them. Cheap to clone.
#[derive(Clone)]
pub struct Meaning(Arc<Inner>);

struct Inner {
    embedder: Arc<dyn Embedder>,
    neighbours: Neighbours,
    asked: Mutex<Asked>,
}

#[derive(Default)]
struct Asked {
    young: HashMap<String, Arc<[f32]>>,
    old: HashMap<String, Arc<[f32]>>,
}

impl Meaning {
    /// Embeds a base's passages; those that the cache has cost nothing. Keys are hashes of the model's
    /// name and the passage's text, so what is found under one is always right.
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
            let keyed = batch.iter().map(|text| (text, key(embedder.model(), text)));
            let known: Vec<(&String, String, Option<Vec<f32>>)> = keyed
                .map(|(text, key)| {
                    let vector = cache.get(&key);
                    let fits = vector.filter(|vector| vector.len() == embedder.dimensions());
                    (text, key, fits)
                })
                .collect();
            let wanted = known.iter().filter(|(_, _, vector)| vector.is_none());
            let wanted: Vec<&str> = wanted.map(|(text, ..)| text.as_str()).collect();
            let mut fresh = embedder.embed_all(&wanted)?.into_iter();
            for (_, key, vector) in known {
                let vector = vector.unwrap_or_else(|| {
                    let vector = fresh.next().unwrap_or_default();
                    cache.put(&key, &vector);
                    vector
                });
                neighbours.push(&vector);
            }
        }
        Ok(Self(Arc::new(Inner {
            embedder,
            neighbours,
            asked: Mutex::default(),
        })))
    }

    /// The passages' vectors, numbered as the passages are.
    pub fn neighbours(&self) -> &Neighbours {
        &self.0.neighbours
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

/// The key of a passage's vector: 32 hexadecimal digits.
fn key(model: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update((model.len() as u64).to_be_bytes());
    hash.update(model.as_bytes());
    hash.update(text.as_bytes());
    let digest = hash.finalize();
    hex::encode(digest.get(..16).unwrap_or_default())
}
