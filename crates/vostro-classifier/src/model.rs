//! A trained classifier: int8 weights by bucket, read from bytes, asked for predictions.
//!
//! Only weights that matter are kept, as (label, weight) pairs a bucket, so that a file of a few hundred
//! kilobytes holds some two hundred labels and a prediction touches a few thousand bytes. The bytes are a
//! JSON header behind its length, then arrays in little endian. Reading checks every length and index;
//! a file that does not fit is an error, never a panic.

use serde::{Deserialize, Serialize};

use crate::features::{Featurizer, Settings};
use crate::svm::Machine;

/// The first bytes of a file.
const MAGIC: &[u8; 8] = b"vclass01";

/// Bytes that are no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a classifier's file: {0}")]
pub struct BadModel(&'static str);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    labels: Vec<String>,
    features: Settings,
    dimensions: usize,
    dense_scale: f32,
    scales: Vec<f32>,
    biases: Vec<f32>,
    temperature: f32,
    entries: usize,
}

/// A trained classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    header: Header,
    featurizer: Featurizer,
    /// Where each bucket's entries begin; one more than buckets.
    starts: Vec<u32>,
    labels: Vec<u8>,
    weights: Vec<i8>,
    /// Weights of the sentence vector, label by label.
    dense: Vec<i8>,
}

/// A label with its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction<'a> {
    /// The label.
    pub label: &'a str,
    /// Its place among [`Model::labels`].
    pub index: usize,
    /// Its margin: above 0 speaks for it.
    pub margin: f32,
    /// Its share after a softmax over the margins, calibrated on held-out examples.
    pub probability: f32,
}

impl Model {
    /// Quantises machines, of which the `entries` largest weights are kept.
    pub fn new(
        labels: Vec<String>,
        featurizer: Featurizer,
        machines: &[Machine],
        dense_scale: f32,
        temperature: f32,
        entries: usize,
    ) -> Self {
        let floor = floor(machines, entries);
        let scales: Vec<f32> = machines.iter().map(scale).collect();
        let buckets = 1_usize << featurizer.settings().bits;
        let mut starts = Vec::with_capacity(buckets + 1);
        let (mut at_labels, mut at_weights) = (Vec::new(), Vec::new());
        for bucket in 0..buckets {
            starts.push(u32::try_from(at_weights.len()).unwrap_or(u32::MAX));
            for (label, (machine, &scale)) in (0_u8..=u8::MAX).zip(machines.iter().zip(&scales)) {
                let weight = machine.sparse.get(bucket).copied().unwrap_or(0.0);
                let step = quantised(weight, scale);
                if weight.abs() > floor && step != 0 {
                    at_labels.push(label);
                    at_weights.push(step);
                }
            }
        }
        starts.push(u32::try_from(at_weights.len()).unwrap_or(u32::MAX));
        let dense: Vec<i8> = machines
            .iter()
            .zip(&scales)
            .flat_map(|(machine, &scale)| machine.dense.iter().map(move |&w| quantised(w, scale)))
            .collect();
        let header = Header {
            labels,
            features: featurizer.settings(),
            dimensions: machines.first().map_or(0, |machine| machine.dense.len()),
            dense_scale,
            scales,
            biases: machines.iter().map(|machine| machine.bias).collect(),
            temperature,
            entries: at_weights.len(),
        };
        Self {
            header,
            featurizer,
            starts,
            labels: at_labels,
            weights: at_weights,
            dense,
        }
    }

    /// The labels.
    pub fn labels(&self) -> &[String] {
        &self.header.labels
    }

    /// Whether it was trained with sentence vectors, and cannot do without.
    pub const fn wants_vector(&self) -> bool {
        self.header.dimensions > 0
    }

    /// The softmax's temperature.
    pub const fn temperature(&self) -> f32 {
        self.header.temperature
    }

    /// The same model under another temperature.
    #[must_use]
    pub const fn with_temperature(mut self, temperature: f32) -> Self {
        self.header.temperature = temperature;
        self
    }

    /// The margin of every label, in the order of [`Self::labels`].
    pub fn margins(&self, text: &str, vector: Option<&[f32]>) -> Vec<f32> {
        let mut margins = vec![0.0_f32; self.header.labels.len()];
        for (bucket, value) in self.featurizer.features(text) {
            let bucket = bucket as usize;
            let (Some(&from), Some(&until)) =
                (self.starts.get(bucket), self.starts.get(bucket + 1))
            else {
                continue;
            };
            let range = from as usize..until as usize;
            let labels = self.labels.get(range.clone()).unwrap_or_default();
            let weights = self.weights.get(range).unwrap_or_default();
            for (&label, &weight) in labels.iter().zip(weights) {
                if let Some(margin) = margins.get_mut(usize::from(label)) {
                    *margin += value * f32::from(weight);
                }
            }
        }
        if let Some(vector) = vector.filter(|_| self.wants_vector()) {
            let rows = self.dense.chunks_exact(self.header.dimensions);
            for (margin, row) in margins.iter_mut().zip(rows) {
                let sum: f32 = row.iter().zip(vector).map(|(&w, x)| f32::from(w) * x).sum();
                *margin += self.header.dense_scale * sum;
            }
        }
        let (scales, biases) = (&self.header.scales, &self.header.biases);
        for ((margin, scale), bias) in margins.iter_mut().zip(scales).zip(biases) {
            *margin = *margin * scale + bias;
        }
        margins
    }

    /// The labels with probabilities, best first.
    pub fn predict(&self, text: &str, vector: Option<&[f32]>) -> Vec<Prediction<'_>> {
        let margins = self.margins(text, vector);
        let probabilities = softmax(&margins, self.header.temperature);
        let mut all: Vec<Prediction<'_>> = self
            .header
            .labels
            .iter()
            .zip(margins.iter().zip(&probabilities))
            .enumerate()
            .map(|(index, (label, (&margin, &probability)))| Prediction {
                label,
                index,
                margin,
                probability,
            })
            .collect();
        all.sort_by(|a, b| b.margin.total_cmp(&a.margin));
        all
    }

    /// The bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(header.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(header);
        bytes.extend(self.featurizer.steps());
        let counts = self.starts.windows(2).map(|pair| match pair {
            [from, until] => u8::try_from(until - from).unwrap_or(u8::MAX),
            _ => 0,
        });
        bytes.extend(counts);
        bytes.extend(&self.labels);
        bytes.extend(self.weights.iter().map(|w| w.cast_unsigned()));
        bytes.extend(self.dense.iter().map(|w| w.cast_unsigned()));
        bytes
    }

    /// Reads what [`Self::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadModel> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BadModel("its beginning"))?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(BadModel("cut off"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, rest) = rest.split_at_checked(length).ok_or(BadModel("cut off"))?;
        let header: Header = serde_json::from_slice(header).map_err(|_| BadModel("its header"))?;
        let count = header.labels.len();
        let fits = count <= 256
            && header.scales.len() == count
            && header.biases.len() == count
            && (1..=22).contains(&header.features.bits)
            && header.features.chars.1 <= 16
            && header.dimensions <= 8192;
        if !fits {
            return Err(BadModel("its header"));
        }
        let buckets = 1_usize << header.features.bits;
        let mut rest = rest;
        let mut take = |length: usize| {
            let (part, after) = rest.split_at_checked(length).ok_or(BadModel("cut off"))?;
            rest = after;
            Ok(part)
        };
        let steps = take(buckets)?;
        let counts = take(buckets)?;
        let labels = take(header.entries)?.to_vec();
        let weights = take(header.entries)?
            .iter()
            .map(|b| b.cast_signed())
            .collect();
        let dense = take(header.dimensions * count)?
            .iter()
            .map(|b| b.cast_signed())
            .collect();
        if !rest.is_empty() || labels.iter().any(|&label| usize::from(label) >= count) {
            return Err(BadModel("its arrays"));
        }
        let mut starts = vec![0_u32];
        let mut at = 0_u32;
        for &count in counts {
            at += u32::from(count);
            starts.push(at);
        }
        if usize::try_from(at) != Ok(header.entries) {
            return Err(BadModel("its counts"));
        }
        Ok(Self {
            featurizer: Featurizer::from_steps(header.features, steps),
            header,
            starts,
            labels,
            weights,
            dense,
        })
    }
}

/// The size below which weights are left out, so that about `entries` stay.
fn floor(machines: &[Machine], entries: usize) -> f32 {
    let mut sizes: Vec<f32> = machines
        .iter()
        .flat_map(|machine| machine.sparse.iter().map(|weight| weight.abs()))
        .filter(|size| *size > 0.0)
        .collect();
    if sizes.len() <= entries {
        return 0.0;
    }
    let place = sizes.len() - entries;
    let (_, floor, _) = sizes.select_nth_unstable_by(place, f32::total_cmp);
    *floor
}

/// What one step of a label's weights is worth.
fn scale(machine: &Machine) -> f32 {
    let all = machine.sparse.iter().chain(&machine.dense);
    all.fold(0.0_f32, |most, weight| most.max(weight.abs()))
        .max(1e-6)
        / 127.0
}

fn quantised(weight: f32, scale: f32) -> i8 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a signed byte")]
    let step = (weight / scale).round().clamp(-127.0, 127.0) as i8;
    step
}

/// Shares that sum to 1.
pub fn softmax(margins: &[f32], temperature: f32) -> Vec<f32> {
    let most = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shares: Vec<f32> = margins
        .iter()
        .map(|margin| ((margin - most) / temperature.max(1e-3)).exp())
        .collect();
    let sum: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}
