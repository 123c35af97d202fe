//! Sentence vectors: texts of like meaning lie near each other.
//!
//! [`Embedder`] is the port; whoever compares texts takes one and asks nothing about the model behind
//! it. With the feature `minilm` there is [`MiniLm`], all-MiniLM-L6-v2 in pure Rust, and [`files`],
//! which finds and verifies the files of the model. [`Neighbours`] finds the nearest of many vectors.
//! [`Reranker`] is the port of a model that reads a question and a text together; with the same feature there is
//! [`CrossEncoder`], for a model that is brought along.
//!
//! ```
//! use vostro_embed::{Neighbours, cosine, unit};
//!
//! let vectors = [[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]].map(|v| v.to_vec());
//! let neighbours = Neighbours::new(vectors.iter().map(Vec::as_slice));
//! let asked = unit(vec![0.7, 0.7]);
//! let near = neighbours.nearest(&asked, 2, |_| true);
//! assert_eq!(near[0].0, 1);
//! assert!((near[0].1 - cosine(&asked, &vectors[1])).abs() < 1e-6);
//! ```
//!
//! Left to others: where vectors are kept, and fetching the model. Nothing here goes to the network.

#[cfg(feature = "minilm")]
mod cross_encoder;
#[cfg(feature = "minilm")]
pub mod files;
#[cfg(feature = "minilm")]
mod integers;
#[cfg(feature = "minilm")]
mod lanes;
#[cfg(feature = "minilm")]
mod minilm;
mod neighbours;
mod port;
mod rerank;
#[cfg(feature = "minilm")]
mod tokens;
mod vectors;

#[cfg(feature = "minilm")]
pub use cross_encoder::{CROSS_ENCODER_WEIGHTS, CrossEncoder, CrossEncoderError};
#[cfg(feature = "minilm")]
pub use minilm::{LoadError, MiniLm};
pub use neighbours::Neighbours;
pub use port::{EmbedError, Embedder};
pub use rerank::{RerankError, Reranker};
pub use vectors::{cosine, unit};
