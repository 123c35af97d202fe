//! How near a vector is to the examples of each label, by a metric that is learnt from them.
//!
//! Where a label has few examples, its messages lie in clumps that no plane goes round: who is near one of
//! its examples is likely of it. Directions in which messages of one label differ count less than others:
//! vectors are divided by the scatter within labels, mixed with an even one since few examples tell little
//! of it. Every example speaks for its label, the louder the nearer it is.

use crate::logistic::Row;
use crate::matrix::{Cholesky, add, dot};

/// How much of the metric is the examples' own scatter; the rest is even.
const OWN: f64 = 0.3;
/// How fast an example is heard less with its distance: the more, the more the nearest decides alone.
const SHARPNESS: f64 = 30.0;

/// The examples, and the metric.
pub struct Neighbours {
    columns: usize,
    labels: usize,
    metric: Cholesky,
    examples: Vec<Example>,
}

struct Example {
    vector: Vec<f64>,
    label: usize,
    weight: f64,
}

impl Neighbours {
    /// Learns `labels` labels. Rows of another length than the first's, or of a label beyond, are left out.
    pub fn learn(rows: &[Row<'_>], labels: usize) -> Self {
        let columns = rows.first().map_or(0, |row| row.vector.len());
        let fits = |row: &&Row<'_>| {
            columns > 0 && row.vector.len() == columns && row.label < labels && row.weight > 0.0
        };
        let examples = rows.iter().filter(fits).map(|row| Example {
            vector: wide(row.vector),
            label: row.label,
            weight: f64::from(row.weight),
        });
        let mut examples: Vec<Example> = examples.collect();
        let metric = Cholesky::of(scatter(&examples, labels, columns), columns);
        for example in &mut examples {
            metric.halve(&mut example.vector);
            unit(&mut example.vector);
        }
        Self {
            columns,
            labels,
            metric,
            examples,
        }
    }

    /// The logarithm of what the examples of each label say together. Nothing tells labels apart for a vector of
    /// another length.
    pub fn margins(&self, vector: &[f32]) -> Vec<f32> {
        let mut said = vec![0.0_f64; self.labels];
        if vector.len() == self.columns && !self.examples.is_empty() {
            let mut vector = wide(vector);
            self.metric.halve(&mut vector);
            unit(&mut vector);
            for example in &self.examples {
                let far = 1.0 - dot(&example.vector, &vector);
                if let Some(said) = said.get_mut(example.label) {
                    *said += example.weight * (-SHARPNESS * far).exp();
                }
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "margins are told in f32")]
        let margins = said.iter().map(|it| it.max(f64::MIN_POSITIVE).ln() as f32);
        margins.collect()
    }
}

/// How examples lie around the middle of their label, mixed with as much in every direction.
#[expect(clippy::cast_precision_loss, reason = "counts of examples")]
fn scatter(examples: &[Example], labels: usize, columns: usize) -> Vec<f64> {
    let mut middles = vec![(0_usize, vec![0.0; columns]); labels];
    for example in examples {
        if let Some((count, middle)) = middles.get_mut(example.label) {
            *count += 1;
            add(middle, &example.vector, 1.0);
        }
    }
    let mut scatter = vec![0.0; columns * columns];
    for example in examples {
        let mut apart = example.vector.clone();
        if let Some((count, middle)) = middles.get(example.label) {
            add(&mut apart, middle, -1.0 / *count as f64);
        }
        for (line, &value) in scatter.chunks_exact_mut(columns).zip(&apart) {
            add(line, &apart, OWN * value);
        }
    }
    let diagonal = |at: usize| at * columns + at;
    let own = (0..columns).filter_map(|at| scatter.get(diagonal(at)));
    let even = own.sum::<f64>() / columns.max(1) as f64 * (1.0 - OWN) / OWN;
    for at in 0..columns {
        if let Some(value) = scatter.get_mut(diagonal(at)) {
            *value += even;
        }
    }
    scatter
}

fn wide(vector: &[f32]) -> Vec<f64> {
    vector.iter().map(|&x| f64::from(x)).collect()
}

/// Gives a vector the length 1; one without a direction stays as it is.
fn unit(vector: &mut [f64]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for value in vector {
            *value /= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::best;

    fn row(vector: &[f32], label: usize) -> Row<'_> {
        Row {
            vector,
            label,
            weight: 1.0,
        }
    }

    #[test]
    fn a_label_may_lie_in_clumps_on_both_sides_of_another() {
        let rows = [
            row(&[1.0, 0.0], 0),
            row(&[0.0, 1.0], 0),
            row(&[0.7, 0.7], 1),
            row(&[0.72, 0.68], 1),
        ];
        let learnt = Neighbours::learn(&rows, 3);
        for (vector, label) in [([0.99, 0.1], 0), ([0.1, 0.99], 0), ([0.6, 0.8], 1)] {
            let margins = learnt.margins(&vector);
            assert_eq!(best(&margins), Some(label), "{vector:?}: {margins:?}");
            // Nobody speaks for a label without examples.
            assert!(margins[2] < margins[0] && margins[2] < margins[1]);
        }
    }

    #[test]
    fn where_messages_of_a_label_differ_distance_counts_less() {
        // Labels differ in the second dimension, messages of one label in the third.
        let rows = [
            row(&[1.0, 0.3, 0.9], 0),
            row(&[1.0, 0.3, 0.1], 0),
            row(&[1.0, -0.3, -0.1], 1),
            row(&[1.0, -0.3, -0.9], 1),
        ];
        let vector = [1.0, 0.1, -0.35];
        let inner = rows.get(1..3).unwrap_or_default();
        let even = Neighbours::learn(inner, 2).margins(&vector);
        assert_eq!(best(&even), Some(1), "{even:?}");
        let learnt = Neighbours::learn(&rows, 2).margins(&vector);
        assert_eq!(best(&learnt), Some(0), "{learnt:?}");
    }

    #[test]
    fn rows_that_do_not_fit_are_left_out() {
        let rows = [row(&[1.0, 0.0], 0), row(&[1.0], 1), row(&[0.0, 1.0], 9)];
        let learnt = Neighbours::learn(&rows, 2);
        assert_eq!(best(&learnt.margins(&[1.0, 0.0])), Some(0));
        for learnt in [
            learnt,
            Neighbours::learn(&[], 2),
            Neighbours::learn(&[row(&[], 0)], 2),
        ] {
            let margins = learnt.margins(&[]);
            assert_eq!(margins.len(), 2);
            assert!((margins[0] - margins[1]).abs() < 1e-9, "{margins:?}");
        }
    }
}
