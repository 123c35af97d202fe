//! all-MiniLM-L6-v2 on the rten runtime: tokens, one pass through the network, their mean, length 1.
//!
//! As its authors run it (Reimers and Gurevych, "Sentence-BERT", 2019): at most 256 tokens, mean of all
//! token vectors. One text a pass: on processors without accelerators that is the fastest batch; texts
//! are spread over lanes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_gemm::GemmExecutor;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::files::{self, FileState, ModelFile, TOKENIZER, WEIGHTS};
use crate::integers::in_integers;
use crate::lanes::Lanes;
use crate::tokens::Tokens;
use crate::{EmbedError, Embedder, unit};

/// Length of the vectors.
const DIMENSIONS: usize = 384;

/// Why the model is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file of it is not there.
    #[error("the embedding model's {name} is missing: there is no {}", path.display())]
    Missing {
        /// Name of the file.
        name: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file of it is another one than this program is made for.
    #[error("{} is not the embedding model's {name}: {reason}", path.display())]
    Wrong {
        /// Name of the file.
        name: &'static str,
        /// Where it lies.
        path: PathBuf,
        /// What distinguishes it.
        reason: String,
    },
    /// A file of it cannot be read.
    #[error("the embedding model's file {} cannot be read", path.display())]
    Unreadable {
        /// Where it lies.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The runtime refuses it.
    #[error("the embedding model cannot be run here")]
    Runtime(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The model, loaded: about 50 MB, or 170 MB where it calculates in floats. Share it behind an `Arc`.
pub struct MiniLm {
    model: Model,
    tokens: Tokens,
    inputs: [NodeId; 3],
    output: NodeId,
    lanes: Lanes,
}

impl MiniLm {
    /// Loads the model from a folder with [`files::FILES`], which are verified. `lanes` is how many
    /// texts are worked on at once, each on one thread; at least one.
    ///
    /// # Errors
    /// [`LoadError`] names the file and what is wrong with it.
    pub fn load(folder: &Path, lanes: usize) -> Result<Self, LoadError> {
        let mut weights = take(&WEIGHTS, folder)?;
        if counts_exactly() {
            weights = in_integers(&weights).map_err(runtime)?;
        }
        let vocabulary = take(&TOKENIZER, folder)?;
        let tokens = Tokens::read(&vocabulary).map_err(runtime)?;
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let model = options.load(weights).map_err(|e| runtime(e.to_string()))?;
        let node = |name| model.node_id(name).map_err(|e| runtime(e.to_string()));
        let inputs = [
            node("input_ids")?,
            node("attention_mask")?,
            node("token_type_ids")?,
        ];
        let output = node("last_hidden_state")?;
        Ok(Self {
            inputs,
            output,
            lanes: Lanes::new(lanes),
            model,
            tokens,
        })
    }

    fn embed_on(&self, lane: Option<&Arc<ThreadPool>>, text: &str) -> Result<Vec<f32>, EmbedError> {
        let tokens = self.tokens.of(text);
        let count = tokens.len();
        let tokens: Result<Vec<i32>, _> = tokens.into_iter().map(i32::try_from).collect();
        let tokens = tokens.map_err(|error| failed(error.to_string()))?;
        let row = |values: Vec<i32>| NdTensor::from_data([1, count], values);
        let [ids, mask, types] = self.inputs;
        let inputs = vec![
            (ids, row(tokens).into()),
            (mask, row(vec![1; count]).into()),
            (types, row(vec![0; count]).into()),
        ];
        let options = RunOptions::default().with_thread_pool(lane.cloned());
        let [hidden]: [Value; 1] = self
            .model
            .run_n(inputs, [self.output], Some(options))
            .map_err(|error| failed(error.to_string()))?;
        let hidden: NdTensor<f32, 3> = hidden
            .try_into()
            .map_err(|_| failed("the output is not three-dimensional".into()))?;
        if hidden.shape() != [1, count, DIMENSIONS] {
            return Err(failed(format!(
                "the output has the shape {:?}",
                hidden.shape()
            )));
        }
        // The mean's length does not matter: the vector gets length 1.
        let mut sum = vec![0.0_f32; DIMENSIONS];
        for token in hidden.to_vec().chunks_exact(DIMENSIONS) {
            for (sum, x) in sum.iter_mut().zip(token) {
                *sum += x;
            }
        }
        Ok(unit(sum))
    }
}

impl Embedder for MiniLm {
    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    fn model(&self) -> &str {
        files::MODEL
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        self.embed_on(self.lanes.next(), text)
    }

    fn embed_all(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let embed = |lane: &_, text: &str| self.embed_on(Some(lane), text);
        let vectors = self.lanes.spread(texts, embed);
        vectors.unwrap_or_else(|| Err(failed("a lane broke off".into())))
    }
}

impl std::fmt::Debug for MiniLm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MiniLm")
            .field("model", &files::MODEL)
            .field("lanes", &self.lanes.count())
            .finish_non_exhaustive()
    }
}

/// Whether this processor multiplies int8 without overflow. One that does not (x86-64 before VNNI) calculates in floats:
/// slower, and with vectors that differ from the others' by a cosine of .99.
fn counts_exactly() -> bool {
    !GemmExecutor::<u8, i8, i32>::default().may_saturate()
}

fn take(file: &ModelFile, folder: &Path) -> Result<Vec<u8>, LoadError> {
    let path = folder.join(file.name);
    files::read(file, &path).map_err(|state| match state {
        FileState::Wrong(reason) => LoadError::Wrong {
            name: file.name,
            path,
            reason,
        },
        FileState::Unreadable(source) => LoadError::Unreadable { path, source },
        FileState::Missing | FileState::Good => LoadError::Missing {
            name: file.name,
            path,
        },
    })
}

fn runtime(reason: String) -> LoadError {
    LoadError::Runtime(reason.into())
}

fn failed(reason: String) -> EmbedError {
    EmbedError(reason.into())
}
