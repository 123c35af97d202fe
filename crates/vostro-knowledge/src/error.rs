//! The one error type of this crate. Finding nothing is a value, never an error.

use std::path::PathBuf;

/// Why documents could not be read or indexed.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// A document is not as it should be; `line` counts from 1.
    #[error("{name}:{line}: {reason}")]
    Malformed {
        /// File or embedded name, as given to [`parse`](crate::parse).
        name: String,
        /// Line of the fault, counted from 1.
        line: usize,
        /// What is wrong, in words for the article's author.
        reason: String,
    },
    /// Two documents claim one id.
    #[error("{second}: the id `{id}` is already taken by {first}")]
    DuplicateId {
        /// The id in question.
        id: String,
        /// Name of the document that has it.
        first: String,
        /// Name of the document that claims it too.
        second: String,
    },
    /// A file or folder could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The search engine failed.
    #[error("the search index failed")]
    Index(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A text could not be embedded.
    #[error(transparent)]
    Embed(#[from] vostro_embed::EmbedError),
    /// Passages could not be put into a model's order.
    #[error(transparent)]
    Rerank(#[from] vostro_embed::RerankError),
}
