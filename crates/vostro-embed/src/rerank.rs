//! The port behind which a model stands that reads a question and a text together.

/// Why there are no scores.
#[derive(Debug, thiserror::Error)]
pub enum RerankError {
    /// Whoever asked did not want them any longer.
    #[error("the comparing was stopped")]
    Stopped,
    /// The runtime failed, or the model gave what is no score.
    #[error("the texts could not be compared with the question")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Says how relevant texts are to a question, by reading each together with it.
///
/// Scores are comparable among the texts of one call and mean nothing else. The same question and text give the
/// same score, whatever stands beside them. Any text is harmless: it is data that is compared; what is longer than
/// the model reads is cut. The call computes for long and blocks: run it where that is allowed.
pub trait Reranker: Send + Sync {
    /// Name of the model, with its edition.
    fn model(&self) -> &str;

    /// One finite score a text, in the texts' order; higher is more relevant. `goes_on` is asked before each text;
    /// once it says no, nothing more is computed.
    ///
    /// # Errors
    /// [`RerankError`] when it was stopped, or when any text has no score.
    fn scores(
        &self,
        question: &str,
        texts: &[&str],
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<f32>, RerankError>;
}
