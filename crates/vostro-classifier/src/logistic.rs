//! Multinomial logistic regression over sentence vectors: one softmax for all labels.
//!
//! Where a label has few examples, labels that are learnt together tell each other apart better than
//! machines that are learnt one against the rest. The penalised likelihood is convex; it is climbed by
//! Newton-like steps with Böhning's fixed bound on the Hessian (Annals of the Institute of Statistical
//! Mathematics, 1992), accelerated by Nesterov's momentum with restarts. No randomness: the same rows give
//! the same weights.

use crate::matrix::{Cholesky, add, dot};

/// A vector with its label's place and how much it counts.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The sentence vector; all of one length.
    pub vector: &'a [f32],
    /// The place of its label.
    pub label: usize,
    /// How much it counts.
    pub weight: f32,
}

/// How it is learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The cost of an error against the length of the weights.
    pub cost: f32,
    /// So many steps are made.
    pub rounds: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cost: 20.0,
            rounds: 80,
        }
    }
}

/// What was learnt: a row of weights a label, the bias last.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    columns: usize,
    weights: Vec<f64>,
}

impl Logistic {
    /// Learns `labels` labels. Rows of another length than the first's, or of a label beyond, are left out.
    pub fn learn(rows: &[Row<'_>], labels: usize, settings: Settings) -> Self {
        let columns = rows.first().map_or(0, |row| row.vector.len()) + 1;
        let fits = |row: &&Row<'_>| row.vector.len() + 1 == columns && row.label < labels;
        let rows: Vec<Known> = rows.iter().filter(fits).map(Known::of).collect();
        let penalty = 1.0 / f64::from(settings.cost.max(1e-6));
        let bound = Cholesky::of(bound(&rows, columns, penalty), columns);
        let mut weights = vec![0.0; labels * columns];
        let mut ahead = weights.clone();
        let mut momentum = 1.0_f64;
        for _ in 0..settings.rounds {
            let mut step = gradient(&rows, &ahead, columns, penalty);
            let against = step.clone();
            step.chunks_exact_mut(columns)
                .for_each(|row| bound.solve(row));
            let next: Vec<f64> = ahead
                .iter()
                .zip(&step)
                .map(|(at, step)| at - step)
                .collect();
            let moved = next.iter().zip(&weights).map(|(new, old)| new - old);
            let moved: Vec<f64> = moved.collect();
            // Momentum that leads uphill is given up.
            if dot(&against, &moved) > 0.0 {
                momentum = 1.0;
            }
            let after = f64::midpoint(1.0, (4.0 * momentum).mul_add(momentum, 1.0).sqrt());
            let share = (momentum - 1.0) / after;
            let both = next.iter().zip(&moved);
            ahead = both.map(|(at, moved)| share.mul_add(*moved, *at)).collect();
            weights = next;
            momentum = after;
        }
        Self { columns, weights }
    }

    /// The logarithm of each label's probability, but for what they share.
    pub fn margins(&self, vector: &[f32]) -> Vec<f32> {
        let vector = with_bias(vector);
        let rows = self.weights.chunks_exact(self.columns);
        #[expect(clippy::cast_possible_truncation, reason = "margins are told in f32")]
        let margins = rows.map(|row| dot(row, &vector) as f32).collect();
        margins
    }
}

/// A row as it is learnt from.
struct Known {
    vector: Vec<f64>,
    label: usize,
    weight: f64,
}

impl Known {
    fn of(row: &Row<'_>) -> Self {
        Self {
            vector: with_bias(row.vector),
            label: row.label,
            weight: f64::from(row.weight),
        }
    }
}

fn with_bias(vector: &[f32]) -> Vec<f64> {
    vector.iter().map(|&x| f64::from(x)).chain([1.0]).collect()
}

/// Böhning's bound on the Hessian of each label's weights: half of the rows' second moments, and the penalty.
fn bound(rows: &[Known], columns: usize, penalty: f64) -> Vec<f64> {
    let mut bound = vec![0.0; columns * columns];
    for row in rows {
        for (line, &value) in bound.chunks_exact_mut(columns).zip(&row.vector) {
            add(line, &row.vector, 0.5 * row.weight * value);
        }
    }
    for place in 0..columns {
        if let Some(diagonal) = bound.get_mut(place * columns + place) {
            *diagonal += penalty;
        }
    }
    bound
}

/// The gradient of the penalised negative likelihood.
fn gradient(rows: &[Known], weights: &[f64], columns: usize, penalty: f64) -> Vec<f64> {
    let mut gradient: Vec<f64> = weights.iter().map(|weight| weight * penalty).collect();
    for row in rows {
        let lines = weights.chunks_exact(columns);
        let margins: Vec<f64> = lines.map(|line| dot(line, &row.vector)).collect();
        let most = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = margins.iter().map(|it| (it - most).exp()).collect();
        let sum: f64 = shares.iter().sum();
        for (label, (line, share)) in gradient.chunks_exact_mut(columns).zip(shares).enumerate() {
            let truth = if label == row.label { 1.0 } else { 0.0 };
            add(line, &row.vector, row.weight * (share / sum - truth));
        }
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::best;

    #[test]
    fn what_is_learnt_is_where_the_likelihood_is_flat() {
        let vectors = [
            [1.0, 0.0],
            [0.9, 0.3],
            [0.0, 1.0],
            [-1.0, 0.1],
            [-0.9, -0.2],
        ];
        let labels = [0, 0, 1, 2, 2];
        let rows: Vec<Row<'_>> = vectors
            .iter()
            .zip(labels)
            .map(|(vector, label)| Row {
                vector,
                label,
                weight: 1.0,
            })
            .collect();
        let settings = Settings {
            cost: 5.0,
            rounds: 400,
        };
        let learnt = Logistic::learn(&rows, 3, settings);
        for row in &rows {
            assert_eq!(best(&learnt.margins(row.vector)), Some(row.label));
        }
        let known: Vec<Known> = rows.iter().map(Known::of).collect();
        let left = gradient(&known, &learnt.weights, 3, 0.2);
        assert!(left.iter().all(|slope| slope.abs() < 1e-6), "{left:?}");
        assert_eq!(learnt, Logistic::learn(&rows, 3, settings));
    }

    #[test]
    fn rows_that_do_not_fit_are_left_out() {
        let row = |vector, label| Row {
            vector,
            label,
            weight: 1.0,
        };
        let rows = [
            row(&[1.0, 0.0][..], 0),
            row(&[1.0][..], 1),
            row(&[0.0, 1.0][..], 9),
        ];
        let learnt = Logistic::learn(&rows, 2, Settings::default());
        assert!(learnt.margins(&[1.0, 0.0])[0] > learnt.margins(&[1.0, 0.0])[1]);
        let none = Logistic::learn(&[], 2, Settings::default());
        assert_eq!(none.margins(&[]).len(), 2);
    }
}
