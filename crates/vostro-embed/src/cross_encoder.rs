//! A cross-encoder on the rten runtime: question and text in one pass, one number out.
//!
//! Any BERT without letter case that was trained to tell with one logit how well a text answers a question (Nogueira
//! and Cho, "Passage Re-ranking with BERT", 2019), as ONNX. The program names none: whoever runs it brings the
//! folder, and says by checksum which weights are meant. What does not fit is refused when it is loaded, by scoring a
//! short pair and one as long as any; not when a customer asks.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};

use crate::lanes::Lanes;
use crate::tokens::{Pair, Tokens};
use crate::{RerankError, Reranker};

/// The weights' file.
pub const CROSS_ENCODER_WEIGHTS: &str = "model.onnx";
/// The vocabulary's, as one or the other.
const TOKENIZER: &str = "tokenizer.json";
const VOCABULARY: &str = "vocab.txt";
/// The largest files that are read, in bytes.
const MAX_WEIGHTS: u64 = 1 << 30;
const MAX_VOCABULARY: u64 = 32 << 20;
/// Digits of the weights' checksum in the model's name.
const EDITION: usize = 12;

/// Why there is no cross-encoder.
#[derive(Debug, thiserror::Error)]
pub enum CrossEncoderError {
    /// A file of it is not there.
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
    /// A file of it cannot be read.
    #[error("{} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file of it is not what was meant.
    #[error("{} is refused: {}", .0.display(), .1)]
    Refused(PathBuf, String),
}

/// The model, loaded. Share it behind an `Arc`.
pub struct CrossEncoder {
    name: String,
    model: Model,
    tokens: Tokens,
    ids: NodeId,
    mask: Option<NodeId>,
    kinds: Option<NodeId>,
    output: NodeId,
    lanes: Lanes,
}

impl CrossEncoder {
    /// Loads a model from a folder with `model.onnx`, and `tokenizer.json` or `vocab.txt`. With `sha256` (hexadecimal
    /// digits) other weights are refused. `lanes` is how many texts are worked on at once, each on one thread.
    ///
    /// # Errors
    /// [`CrossEncoderError`] names the file and what is wrong with it.
    pub fn load(
        folder: &Path,
        sha256: Option<&str>,
        lanes: usize,
    ) -> Result<Self, CrossEncoderError> {
        let path = folder.join(CROSS_ENCODER_WEIGHTS);
        let refused = |reason: String| CrossEncoderError::Refused(path.clone(), reason);
        let weights = read(&path, MAX_WEIGHTS)?;
        let found = hex::encode(Sha256::digest(&weights));
        if let Some(meant) = sha256.filter(|meant| !meant.eq_ignore_ascii_case(&found)) {
            return Err(refused(format!("its SHA-256 is {found}, not {meant}")));
        }
        let tokens = tokens(folder)?;
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let model = options.load(weights);
        let model = model.map_err(|error| refused(error.to_string()))?;
        let (mut ids, mut mask, mut kinds) = (None, None, None);
        for node in model.input_ids() {
            let name = model.node_info(*node).and_then(|it| it.name());
            match name.unwrap_or_default() {
                "input_ids" => ids = Some(*node),
                "attention_mask" => mask = Some(*node),
                "token_type_ids" => kinds = Some(*node),
                other => return Err(refused(format!("it asks for `{other}`"))),
            }
        }
        let ids = ids.ok_or_else(|| refused("it does not ask for `input_ids`".to_owned()))?;
        let output = match (model.find_node("logits"), model.output_ids()) {
            (Some(logits), _) => logits,
            (None, [only]) => *only,
            (None, _) => return Err(refused("which output is the score is not said".to_owned())),
        };
        let loaded = Self {
            name: format!("cross-encoder-{}", found.get(..EDITION).unwrap_or(&found)),
            ids,
            mask,
            kinds,
            output,
            lanes: Lanes::new(lanes),
            model,
            tokens,
        };
        let long = "a ".repeat(loaded.tokens.most());
        for text in ["It is here.", &long] {
            let score = loaded.score(loaded.lanes.next(), "Where is it?", text);
            score.map_err(refused)?;
        }
        Ok(loaded)
    }

    /// The score of one pair; the error is a reason in words.
    fn score(
        &self,
        lane: Option<&Arc<ThreadPool>>,
        question: &str,
        text: &str,
    ) -> Result<f32, String> {
        let Pair { tokens, kinds } = self.tokens.pair(question, text);
        let count = tokens.len();
        let tokens: Result<Vec<i32>, _> = tokens.into_iter().map(i32::try_from).collect();
        let tokens = tokens.map_err(|error| error.to_string())?;
        let row = |values: Vec<i32>| NdTensor::from_data([1, count], values);
        let mut inputs = vec![(self.ids, row(tokens).into())];
        if let Some(mask) = self.mask {
            inputs.push((mask, row(vec![1; count]).into()));
        }
        if let Some(node) = self.kinds {
            inputs.push((node, row(kinds).into()));
        }
        let options = RunOptions::default().with_thread_pool(lane.cloned());
        let [output]: [Value; 1] = self
            .model
            .run_n(inputs, [self.output], Some(options))
            .map_err(|error| error.to_string())?;
        let shape = output.shape().to_vec();
        let told = || format!("of a pair it gives {shape:?} numbers, not one score");
        if shape.len() > 2 || shape.iter().product::<usize>() != 1 {
            return Err(told());
        }
        let score = rten_tensor::Tensor::<f32>::try_from(output).map_err(|_| told())?;
        let score = score.iter().next().copied();
        score
            .filter(|score| score.is_finite())
            .ok_or_else(|| "the score of a pair is no number".to_owned())
    }
}

impl Reranker for CrossEncoder {
    fn model(&self) -> &str {
        &self.name
    }

    fn scores(
        &self,
        question: &str,
        texts: &[&str],
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<f32>, RerankError> {
        let scored = self.lanes.spread(texts, |lane, text| {
            if !goes_on() {
                return Err(RerankError::Stopped);
            }
            let score = self.score(Some(lane), question, text);
            score.map_err(|reason| RerankError::Failed(reason.into()))
        });
        scored.unwrap_or_else(|| Err(RerankError::Failed("a lane broke off".into())))
    }
}

impl std::fmt::Debug for CrossEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CrossEncoder")
            .field("name", &self.name)
            .field("lanes", &self.lanes.count())
            .finish_non_exhaustive()
    }
}

/// The tokens of whichever file is there.
fn tokens(folder: &Path) -> Result<Tokens, CrossEncoderError> {
    let (json, lines) = (folder.join(TOKENIZER), folder.join(VOCABULARY));
    let (path, tokens) = match read(&json, MAX_VOCABULARY) {
        Ok(content) => (json, Tokens::read(&content)),
        Err(CrossEncoderError::Missing(_)) if lines.is_file() => {
            let content = read(&lines, MAX_VOCABULARY)?;
            (lines, Tokens::read_lines(&content))
        }
        Err(error) => return Err(error),
    };
    tokens.map_err(|reason| CrossEncoderError::Refused(path, reason))
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, CrossEncoderError> {
    let open = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            CrossEncoderError::Missing(path.to_owned())
        }
        _ => CrossEncoderError::Unreadable(path.to_owned(), error),
    };
    let file = File::open(path).map_err(open)?;
    let mut content = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut content);
    read.map_err(open)?;
    if u64::try_from(content.len()).is_ok_and(|size| size <= most) {
        return Ok(content);
    }
    let reason = format!("it has more than {most} bytes");
    Err(CrossEncoderError::Refused(path.to_owned(), reason))
}
