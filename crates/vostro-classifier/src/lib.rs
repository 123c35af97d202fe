//! Linear classification of short texts: n-gram features, a support vector machine per label, int8 weights.
//!
//! ```text
//! text ─ fold ─ n-grams ─ buckets × idf ─ one linear machine a label ─ margins ─ softmax ─ probabilities
//!                          (+ a sentence vector, where there is one)
//! ```
//!
//! The concierge's intents and the evaluation on public sets share this code, so that what is measured
//! is what runs. Training is deterministic: the same examples and settings give the same bytes. Pure: no
//! I/O, no clock, no randomness but the settings' seed. What labels mean, where examples come from and
//! which runtime makes sentence vectors is left to the callers.

pub mod examples;
pub mod features;
pub mod fourier;
pub mod logistic;
mod matrix;
pub mod model;
pub mod neighbours;
pub mod rng;
pub mod svm;
pub mod train;

pub use features::{Featurizer, Settings as FeatureSettings};
pub use model::{BadModel, Model, Prediction};
pub use train::{Example, Settings as TrainSettings, train};

/// A sentence vector: what an embedding runtime gives for a text, of length 1.
pub type Vector = [f32; DIMENSIONS];

/// Dimensions of a sentence vector (all-MiniLM-L6-v2).
pub const DIMENSIONS: usize = 384;
