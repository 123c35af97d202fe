//! The port behind which a sentence embedding stands. None is built in: lexical search needs none,
//! and a model's runtime is not this crate's to carry.

/// Why a text has no vector.
#[derive(Debug, thiserror::Error)]
#[error("the text could not be embedded")]
pub struct EmbedError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Turns texts into vectors whose cosine tells how near they are in meaning.
///
/// Vectors have the Euclidean length 1, so that their dot product is their cosine. The same text
/// gives the same vector, alone or in a batch. The call computes and blocks: run it where that is allowed.
///
/// ```
/// use vostro_knowledge::{EmbedError, Embedder};
///
/// /// How often each vowel stands in the text: enough for an example.
/// struct Vowels;
///
/// impl Embedder for Vowels {
///     fn dimensions(&self) -> usize {
///         5
///     }
///
///     fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
///         let count = |text: &str, vowel| text.matches(vowel).count() as f32;
///         Ok(texts
///             .iter()
///             .map(|text| {
///                 let counts = ['a', 'e', 'i', 'o', 'u'].map(|vowel| count(text, vowel));
///                 let length = counts.iter().map(|n| n * n).sum::<f32>().sqrt().max(1e-9);
///                 counts.map(|n| n / length).to_vec()
///             })
///             .collect())
///     }
/// }
///
/// let vectors = Vowels.embed(&["savings account", "savings accounts"])?;
/// let cosine: f32 = vectors[0].iter().zip(&vectors[1]).map(|(a, b)| a * b).sum();
/// assert!(cosine > 0.99);
/// # Ok::<(), EmbedError>(())
/// ```
pub trait Embedder: Send + Sync {
    /// The length of every vector.
    fn dimensions(&self) -> usize;

    /// One vector a text, in the texts' order. An empty text has a vector, too.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}
