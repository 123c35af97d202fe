//! Learning: texts put together, wrong windows searched for, weights by `AdaGrad`, curves by Platt.

use super::{Dice, KEPT_OUT, Labels, MAX_BYTES, Sample};
use vostro_guardrails::features::each_token;
use vostro_guardrails::model::{HEADS, Model, ROWS, WIDTH};

const EPOCHS: usize = 2;
/// Rounds of learning, each followed by a search for windows that are wrongly scored high.
const ROUNDS: usize = 3;
/// Raw scores from which a window of a counter-example is learnt as one.
const MINED_FROM: f32 = -1.0;
/// Texts made by joining others.
const JOINED: usize = 9000;
/// Counter-examples in letters that make no words, so many at least.
const GARBLED: usize = 4000;
const RATE: f32 = 0.05;
const DECAY: f32 = 1e-5;

/// The settings, for the recipe.
pub(super) fn settings() -> String {
    format!("{ROUNDS} rounds of {EPOCHS} epochs, AdaGrad rate {RATE}, decay {DECAY}")
}

/// Longer texts made of several: counter-examples joined, and orders put between counter-examples,
/// so that length itself says nothing.
fn compose(samples: &mut Vec<Sample>, dice: &mut Dice) {
    let pick = |wanted: &dyn Fn(&Labels) -> bool| -> Vec<usize> {
        samples
            .iter()
            .enumerate()
            .filter(|(_, s)| wanted(&s.labels))
            .map(|(i, _)| i)
            .collect()
    };
    let harmless = pick(&|l| l.iter().all(|l| *l != Some(true)));
    let documents = pick(&|l| l.iter().all(|l| *l != Some(true)) && l[1] == Some(false));
    let orders = pick(&|l| l[1] == Some(true));
    let mut made = Vec::new();
    let mut join = |dice: &mut Dice, pool: &[usize], count: usize, order: Option<usize>| {
        let mut parts: Vec<usize> = (0..count)
            .filter_map(|_| dice.pick(pool).copied())
            .collect();
        if let Some(order) = order {
            parts.insert(dice.below(parts.len() + 1), order);
        }
        let chosen: Vec<&Sample> = parts.iter().filter_map(|i| samples.get(*i)).collect();
        let folded = chosen
            .iter()
            .map(|s| s.folded.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let labels: Labels = std::array::from_fn(|h| {
            let labels = chosen.iter().map(|s| s.labels[h]);
            if labels.clone().any(|l| l == Some(true)) {
                Some(true)
            } else if labels.clone().all(|l| l == Some(false)) {
                Some(false)
            } else {
                None
            }
        });
        if folded.len() < 3 * MAX_BYTES {
            made.push(Sample {
                source: "joined".to_owned(),
                folded,
                original: String::new(),
                labels,
                weight: 1.0,
            });
        }
    };
    for _ in 0..JOINED {
        let count = 2 + dice.below(6);
        let pool = if dice.below(2) == 0 {
            &documents
        } else {
            &harmless
        };
        join(dice, pool, count, None);
    }
    for _ in 0..JOINED / 3 {
        let (count, order) = (1 + dice.below(3), dice.pick(&orders).copied());
        join(dice, &documents, count, order);
    }
    for i in harmless.iter().step_by(harmless.len() / GARBLED + 1) {
        if let Some(sample) = samples.get(*i).filter(|s| s.folded.is_ascii()) {
            made.push(Sample {
                source: "joined".to_owned(),
                folded: garble(&sample.folded, dice.below(2) == 0),
                original: String::new(),
                labels: [Some(false); WIDTH],
                weight: 1.0,
            });
        }
    }
    samples.append(&mut made);
}

/// Turned by thirteen letters, or backwards: words that nobody knows are no attack by themselves.
fn garble(text: &str, backwards: bool) -> String {
    let turn = |c: char| match c {
        'a'..='m' => char::from(c as u8 + 13),
        'n'..='z' => char::from(c as u8 - 13),
        _ => c,
    };
    if backwards {
        text.chars().rev().collect()
    } else {
        text.chars().map(turn).collect()
    }
}

/// The highest-scoring windows of counter-examples, to be learnt as what they are.
fn mine(model: &Model, samples: &[Sample]) -> Vec<Sample> {
    let mut mined = Vec::new();
    for (i, sample) in samples.iter().enumerate() {
        if (i as u64).is_multiple_of(KEPT_OUT) {
            continue;
        }
        for (h, scored) in model.score(&sample.folded).iter().enumerate() {
            if sample.labels[h] != Some(false) || scored.raw < MINED_FROM {
                continue;
            }
            let mut labels: Labels = [None; WIDTH];
            labels[h] = Some(false);
            let folded = sample
                .folded
                .get(scored.start..scored.end)
                .unwrap_or_default()
                .to_owned();
            mined.push(Sample {
                source: "mined".to_owned(),
                folded,
                original: String::new(),
                labels,
                weight: 1.0,
            });
        }
    }
    mined
}

/// Weights of all heads and their curves.
pub(super) fn train(
    samples: &mut Vec<Sample>,
    dice: &mut Dice,
) -> (Vec<[f32; WIDTH]>, [(f32, f32); WIDTH]) {
    compose(samples, dice);
    for i in (1..samples.len()).rev() {
        samples.swap(i, dice.below(i + 1));
    }
    let balance = balance(samples);
    let mut learner = Learner {
        weights: vec![[0.0; WIDTH]; ROWS],
        squares: vec![[1e-3; WIDTH]; ROWS],
        balance,
    };
    let learnt: Vec<(Vec<u32>, &Sample)> = samples
        .iter()
        .enumerate()
        .filter(|(i, _)| !(*i as u64).is_multiple_of(KEPT_OUT))
        .map(|(_, s)| (slots(&s.folded), s))
        .collect();
    let mut mined: Vec<Sample> = Vec::new();
    for round in 0..ROUNDS {
        let extra: Vec<(Vec<u32>, &Sample)> = mined.iter().map(|s| (slots(&s.folded), s)).collect();
        let mut order: Vec<&(Vec<u32>, &Sample)> = learnt.iter().chain(&extra).collect();
        let mut loss = 0.0f64;
        for _ in 0..EPOCHS {
            for i in (1..order.len()).rev() {
                order.swap(i, dice.below(i + 1));
            }
            loss = order
                .iter()
                .map(|(slots, sample)| f64::from(learner.step(sample, slots)))
                .sum();
        }
        println!(
            "round {round}: {} texts, {} mined windows, loss {loss:.0}",
            learnt.len(),
            mined.len()
        );
        let file = Model::write(&learner.weights, [(1.0, 0.0); WIDTH]);
        if let Some(model) = Model::read(&file).filter(|_| round + 1 < ROUNDS) {
            mined.extend(mine(&model, samples));
        }
    }
    let file = Model::write(&learner.weights, [(1.0, 0.0); WIDTH]);
    let curves = Model::read(&file).map_or([(1.0, 0.0); WIDTH], |model| curves(&model, samples));
    (learner.weights, curves)
}

fn slots(folded: &str) -> Vec<u32> {
    let mut all = Vec::new();
    each_token(folded, |_, _, slots| all.extend_from_slice(slots));
    all
}

/// For each head how much an example counts, so that examples and counter-examples weigh alike.
fn balance(samples: &[Sample]) -> [f32; WIDTH] {
    std::array::from_fn(|h| {
        let count = |wanted: bool| {
            samples
                .iter()
                .filter(|s| s.labels.get(h) == Some(&Some(wanted)))
                .count()
                .max(1)
        };
        (count(false) as f32 / count(true) as f32).clamp(0.5, 4.0)
    })
}

/// The `AdaGrad` rule on all heads at once.
struct Learner {
    weights: Vec<[f32; WIDTH]>,
    squares: Vec<[f32; WIDTH]>,
    balance: [f32; WIDTH],
}

impl Learner {
    /// Learns one text and returns its loss.
    fn step(&mut self, sample: &Sample, slots: &[u32]) -> f32 {
        let norm = 1.0 / (slots.len().max(1) as f32).sqrt();
        let mut raw = [0.0f32; WIDTH];
        for row in slots.iter().filter_map(|s| self.weights.get(*s as usize)) {
            raw.iter_mut().zip(row).for_each(|(r, w)| *r += w);
        }
        let mut loss = 0.0;
        let mut slope = [0.0f32; WIDTH];
        for h in 0..WIDTH {
            let Some(label) = sample.labels[h] else {
                continue;
            };
            let p = 1.0 / (1.0 + (-raw[h] * norm).exp());
            let weight = if label { self.balance[h] } else { 1.0 } * sample.weight;
            slope[h] = (p - f32::from(u8::from(label))) * weight * norm;
            loss -= weight * if label { p } else { 1.0 - p }.max(1e-6).ln();
        }
        for s in slots {
            let at = *s as usize;
            let (Some(row), Some(square)) = (self.weights.get_mut(at), self.squares.get_mut(at))
            else {
                continue;
            };
            for h in 0..WIDTH {
                if slope[h] != 0.0 {
                    let g = slope[h] + DECAY * row[h];
                    square[h] += g * g;
                    row[h] -= RATE * g / square[h].sqrt();
                }
            }
        }
        loss
    }
}

/// Logistic curves on the texts kept out, scored as the engine scores them.
fn curves(model: &Model, samples: &[Sample]) -> [(f32, f32); WIDTH] {
    let kept: Vec<_> = samples
        .iter()
        .enumerate()
        .filter(|(i, _)| (*i as u64).is_multiple_of(KEPT_OUT))
        .map(|(_, s)| (model.score(&s.folded), s.labels))
        .collect();
    std::array::from_fn(|h| {
        let points: Vec<(f32, bool)> = kept
            .iter()
            .filter_map(|(s, l)| Some((s[h].raw, l[h]?)))
            .collect();
        let fit = fit(&points);
        let right = points
            .iter()
            .filter(|(raw, y)| (fit.0 * raw + fit.1 > 0.0) == *y)
            .count();
        println!(
            "{}: {} kept out, {:.4} right, slope {:.3}, bias {:.3}",
            HEADS[h],
            points.len(),
            right as f32 / points.len() as f32,
            fit.0,
            fit.1
        );
        fit
    })
}

/// Platt's curve by gradient descent.
fn fit(points: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut bias) = (1.0f32, 0.0f32);
    let n = points.len().max(1) as f32;
    for _ in 0..4000 {
        let (mut ds, mut db) = (0.0, 0.0);
        for (raw, y) in points {
            let error = 1.0 / (1.0 + (-(slope * raw + bias)).exp()) - f32::from(u8::from(*y));
            ds += error * raw;
            db += error;
        }
        slope -= 0.2 * ds / n;
        bias -= 0.2 * db / n;
    }
    (slope.max(0.05), bias)
}
