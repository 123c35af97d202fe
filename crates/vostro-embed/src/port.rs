//! The port behind which a sentence embedding stands.

/// Why a text has no vector.
#[derive(Debug, thiserror::Error)]
#[error("the text could not be embedded")]
pub struct EmbedError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Turns texts into vectors whose cosine tells how near they are in meaning.
///
/// Vectors have the Euclidean length 1, so that their dot product is their cosine. The same text
/// gives the same vector, alone or in a batch. Any text is harmless; what is longer than the model
/// reads is cut. The call computes and blocks: run it where that is allowed.
///
/// ```
/// use vostro_embed::{EmbedError, Embedder, cosine, unit};
///
/// /// How often each vowel stands in the text: enough for an example.
/// struct Vowels;
///
/// impl Embedder for Vowels {
///     fn dimensions(&self) -> usize {
///         5
///     }
///
///     fn model(&self) -> &str {
///         "vowels"
///     }
///
///     fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
///         let count = |vowel| text.matches(vowel).count() as f32;
///         Ok(unit(['a', 'e', 'i', 'o', 'u'].map(count).to_vec()))
///     }
/// }
///
/// let (one, many) = (Vowels.embed("savings account")?, Vowels.embed("savings accounts")?);
/// assert!(cosine(&one, &many) > 0.99);
/// # Ok::<(), EmbedError>(())
/// ```
pub trait Embedder: Send + Sync {
    /// The length of every vector.
    fn dimensions(&self) -> usize;

    /// Name of the model, with its edition: vectors of different names must not be compared.
    fn model(&self) -> &str;

    /// The vector of a text. An empty text has one, too.
    ///
    /// # Errors
    /// [`EmbedError`] when the runtime fails.
    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError>;

    /// One vector a text, in the texts' order.
    ///
    /// # Errors
    /// [`EmbedError`] when the runtime fails for one of them.
    fn embed_all(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        texts.iter().map(|text| self.embed(text)).collect()
    }
}
