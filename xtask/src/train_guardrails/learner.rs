//! Learning: wrong windows searched for, weights by `AdaGrad`, curves by Platt.

use super::{Dice, Sample};
use vostro_guardrails::features::{Grams, HASH_BITS};
use vostro_guardrails::model::{INJECTION, SAFETY, Table, windows};

/// A group of heads that is learnt together.
pub(super) struct Task<const W: usize> {
    /// The number of the first head among all.
    first: usize,
    /// Rows of the table, as a power of two.
    bits: u32,
    /// Whether pieces of three bytes are learnt, too: they help where single words decide.
    fine: bool,
    /// How often it is learnt anew, by other chances each time; the weights are the means, so that fewer texts hang on
    /// the order in which they were learnt.
    times: u32,
    names: [&'static str; W],
    /// The weight files, each with the heads in it: none is over a mebibyte.
    pub(super) files: &'static [(&'static str, std::ops::Range<usize>)],
}

pub(super) const INJECTION_TASK: Task<{ INJECTION.len() }> = Task {
    first: 0,
    bits: 20,
    fine: false,
    times: 5,
    names: INJECTION,
    files: &[("injection.bin", 0..1), ("document.bin", 1..2)],
};
pub(super) const SAFETY_TASK: Task<{ SAFETY.len() }> = Task {
    first: INJECTION.len(),
    bits: 18,
    fine: true,
    times: 1,
    names: SAFETY,
    files: &[
        ("safety_1.bin", 0..3),
        ("safety_2.bin", 3..6),
        ("safety_3.bin", 6..7),
    ],
};

/// One text in this many is kept out of training, to fit the curves.
pub(super) const KEPT_OUT: u64 = 10;
const EPOCHS: usize = 2;
/// Rounds of learning, each followed by a search for windows that are wrongly scored high.
const ROUNDS: usize = 3;
/// Raw scores from which a window of a counter-example is learnt as one.
const MINED_FROM: f32 = -1.0;
const RATE: f32 = 0.05;
const DECAY: f32 = 1e-5;
/// The share of a text's tokens that is left out each time, by chance, so that no single word decides.
const DROPPED: f32 = 0.3;

/// The settings, for the recipe.
pub(super) fn settings() -> String {
    format!(
        "{ROUNDS} rounds of {EPOCHS} epochs, AdaGrad rate {RATE}, decay {DECAY}, tokens left out {DROPPED}; \
         means of {} for injection, {} for safety",
        INJECTION_TASK.times, SAFETY_TASK.times
    )
}

/// A text, or a window of one, as a group of heads sees it.
#[derive(Clone)]
struct Example<'a, const W: usize> {
    grams: &'a Grams,
    from: usize,
    to: usize,
    labels: [Option<bool>; W],
    weight: f32,
}

/// The weight files of a group of heads, in the order of the task's.
pub(super) fn train<const W: usize>(
    task: &Task<W>,
    samples: &[Sample],
    dice: &mut Dice,
) -> Vec<Vec<u8>> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    shuffle(&mut order, dice);
    let all: Vec<Example<'_, W>> = order
        .iter()
        .filter_map(|i| samples.get(*i))
        .map(|s| Example {
            grams: &s.grams,
            from: 0,
            to: s.grams.len(),
            labels: std::array::from_fn(|h| s.labels[task.first + h]),
            weight: s.weight,
        })
        .filter(|e| e.to > 0 && e.labels.iter().any(Option::is_some))
        .collect();
    let (kept, learnt): (Vec<_>, Vec<_>) = all
        .into_iter()
        .enumerate()
        .partition(|(i, _)| (*i as u64).is_multiple_of(KEPT_OUT));
    let mut learner = learn(task, learnt.clone(), dice);
    for _ in 1..task.times {
        learner.add(&learn(task, learnt.clone(), dice));
    }
    learner.divide(task.times as f32);
    let curves = std::array::from_fn(|h| {
        let points: Vec<(f32, bool)> = kept
            .iter()
            .filter_map(|(_, e)| Some((learner.best(e)[h].0, e.labels[h]?)))
            .collect();
        let fit = fit(&points);
        let right = points
            .iter()
            .filter(|(raw, y)| (fit.0 * raw + fit.1 > 0.0) == *y)
            .count();
        println!(
            "{}: {} kept out, {:.4} right, slope {:.3}, bias {:.3}",
            task.names[h],
            points.len(),
            right as f32 / points.len().max(1) as f32,
            fit.0,
            fit.1
        );
        fit
    });
    let heads = task.files.iter().map(|(_, heads)| heads.clone());
    heads
        .map(|heads| Table::write(&learner.weights, heads, curves, task.fine))
        .collect()
}

/// Learns the texts, and the windows of theirs that are wrongly scored high.
fn learn<const W: usize>(
    task: &Task<W>,
    mut learnt: Vec<(usize, Example<'_, W>)>,
    dice: &mut Dice,
) -> Learner<W> {
    let mut learner = Learner::new(task, &learnt.iter().map(|e| &e.1).collect::<Vec<_>>());
    let texts = learnt.len();
    for round in 0..ROUNDS {
        let mut order: Vec<usize> = (0..learnt.len()).collect();
        let mut loss = 0.0f64;
        for _ in 0..EPOCHS {
            shuffle(&mut order, dice);
            let examples = order.iter().filter_map(|i| learnt.get(*i));
            loss = examples
                .map(|(_, e)| f64::from(learner.step(e, dice)))
                .sum();
        }
        println!(
            "round {round}: {texts} texts, {} mined windows, loss {loss:.0}",
            learnt.len() - texts
        );
        if round + 1 < ROUNDS {
            let mined: Vec<_> = learnt[..texts]
                .iter()
                .flat_map(|(i, e)| learner.mine(e).into_iter().map(move |w| (*i, w)))
                .collect();
            learnt.extend(mined);
        }
    }
    learner
}

fn shuffle(order: &mut [usize], dice: &mut Dice) {
    for i in (1..order.len()).rev() {
        order.swap(i, dice.below(i + 1));
    }
}

/// The features of a token.
fn features(grams: &Grams, token: usize, fine: bool) -> impl Iterator<Item = &u32> {
    let pieces = if fine {
        grams.fine_window(token, token + 1)
    } else {
        &[]
    };
    grams.window(token, token + 1).iter().chain(pieces)
}

/// The `AdaGrad` rule on all heads at once.
struct Learner<const W: usize> {
    weights: Vec<[f32; W]>,
    squares: Vec<[f32; W]>,
    /// How much an example counts, so that examples and counter-examples weigh alike.
    balance: [f32; W],
    shift: u32,
    fine: bool,
    /// Rows of the text that is being learnt.
    rows: Vec<u32>,
}

impl<const W: usize> Learner<W> {
    fn new(task: &Task<W>, examples: &[&Example<'_, W>]) -> Self {
        let rows = 1usize << task.bits;
        Self {
            weights: vec![[0.0; W]; rows],
            squares: vec![[1e-3; W]; rows],
            balance: std::array::from_fn(|h| {
                let count = |wanted: bool| {
                    let with = examples.iter().filter(|e| e.labels[h] == Some(wanted));
                    with.count().max(1) as f32
                };
                (count(false) / count(true)).clamp(0.5, 4.0)
            }),
            shift: HASH_BITS - task.bits,
            fine: task.fine,
            rows: Vec::new(),
        }
    }

    /// Adds what another one has learnt.
    fn add(&mut self, other: &Self) {
        for (row, more) in self.weights.iter_mut().zip(&other.weights) {
            row.iter_mut().zip(more).for_each(|(w, m)| *w += m);
        }
    }

    fn divide(&mut self, by: f32) {
        self.weights
            .iter_mut()
            .flatten()
            .for_each(|weight| *weight /= by);
    }

    /// Learns one text, some of its tokens left out by chance, and returns its loss.
    fn step(&mut self, example: &Example<'_, W>, dice: &mut Dice) -> f32 {
        self.rows.clear();
        let keep_all = example.to - example.from < 4;
        for token in example.from..example.to {
            if keep_all || !dice.chance(DROPPED) {
                let shift = self.shift;
                let slots = features(example.grams, token, self.fine);
                self.rows.extend(slots.map(|s| s >> shift));
            }
        }
        let norm = 1.0 / (self.rows.len().max(1) as f32).sqrt();
        let mut raw = [0.0f32; W];
        for row in self
            .rows
            .iter()
            .filter_map(|s| self.weights.get(*s as usize))
        {
            raw.iter_mut().zip(row).for_each(|(r, w)| *r += w);
        }
        let mut loss = 0.0;
        let mut slope = [0.0f32; W];
        for h in 0..W {
            let Some(label) = example.labels[h] else {
                continue;
            };
            let p = 1.0 / (1.0 + (-raw[h] * norm).exp());
            let weight = if label { self.balance[h] } else { 1.0 } * example.weight;
            slope[h] = (p - f32::from(u8::from(label))) * weight * norm;
            loss -= weight * if label { p } else { 1.0 - p }.max(1e-6).ln();
        }
        for s in &self.rows {
            let at = *s as usize;
            let (Some(row), Some(square)) = (self.weights.get_mut(at), self.squares.get_mut(at))
            else {
                continue;
            };
            for h in 0..W {
                if slope[h] != 0.0 {
                    let g = slope[h] + DECAY * row[h];
                    square[h] += g * g;
                    row[h] -= RATE * g / square[h].sqrt();
                }
            }
        }
        loss
    }

    /// For each head the raw score of the best window, and the window.
    fn best(&self, example: &Example<'_, W>) -> [(f32, usize, usize); W] {
        let mut sums = vec![([0.0f32; W], 0u32)];
        let mut sum = [0.0f32; W];
        for token in example.from..example.to {
            for slot in features(example.grams, token, self.fine) {
                if let Some(row) = self.weights.get((slot >> self.shift) as usize) {
                    sum.iter_mut().zip(row).for_each(|(s, w)| *s += w);
                }
            }
            let end = |ends: &[u32]| ends.get(token).copied().unwrap_or(0);
            let fine = if self.fine {
                end(&example.grams.fine_ends)
            } else {
                0
            };
            sums.push((sum, end(&example.grams.ends) + fine));
        }
        let mut best = [(f32::NEG_INFINITY, 0, 0); W];
        windows(example.to - example.from, |from, to| {
            let (Some(a), Some(b)) = (sums.get(from), sums.get(to)) else {
                return;
            };
            let norm = 1.0 / ((b.1.saturating_sub(a.1)).max(1) as f32).sqrt();
            for (best, (after, before)) in best.iter_mut().zip(b.0.iter().zip(&a.0)) {
                let raw = (after - before) * norm;
                if raw > best.0 {
                    *best = (raw, from, to);
                }
            }
        });
        best
    }

    /// The highest-scoring windows of a counter-example, to be learnt as what they are.
    fn mine<'a>(&self, example: &Example<'a, W>) -> Vec<Example<'a, W>> {
        if example.labels.iter().all(|l| *l != Some(false)) {
            return Vec::new();
        }
        let best = self.best(example);
        (0..W)
            .filter(|h| example.labels[*h] == Some(false) && best[*h].0 >= MINED_FROM)
            .map(|h| {
                let mut labels = [None; W];
                labels[h] = Some(false);
                Example {
                    grams: example.grams,
                    from: best[h].1,
                    to: best[h].2,
                    labels,
                    weight: 1.0,
                }
            })
            .collect()
    }
}

/// Platt's curve by gradient descent.
fn fit(points: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut bias) = (1.0f32, 0.0f32);
    let n = points.len().max(1) as f32;
    for _ in 0..2000 {
        let (mut ds, mut db) = (0.0, 0.0);
        for (raw, y) in points {
            let error = 1.0 / (1.0 + (-(slope * raw + bias)).exp()) - f32::from(u8::from(*y));
            ds += error * raw;
            db += error;
        }
        slope -= 0.3 * ds / n;
        bias -= 0.3 * db / n;
    }
    (slope.max(0.05), bias)
}
