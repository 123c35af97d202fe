//! What learning needs of matrices.

/// The sum of products.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Adds `by` times `what`.
pub(crate) fn add(into: &mut [f64], what: &[f64], by: f64) {
    for (into, what) in into.iter_mut().zip(what) {
        *into += by * what;
    }
}

/// The lower triangle of a positive definite matrix's factor.
pub(crate) struct Cholesky {
    columns: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Of a symmetric matrix, row by row; only its lower triangle is read.
    pub(crate) fn of(mut matrix: Vec<f64>, columns: usize) -> Self {
        for at in 0..columns {
            let (above, below) = matrix.split_at_mut(at * columns);
            let Some(line) = below.get_mut(..columns) else {
                break;
            };
            for (place, upper) in above.chunks_exact(columns).enumerate() {
                let known = dot(
                    line.get(..place).unwrap_or_default(),
                    upper.get(..place).unwrap_or_default(),
                );
                let pivot = upper.get(place).copied().unwrap_or(1.0);
                if let Some(value) = line.get_mut(place) {
                    *value = (*value - known) / pivot;
                }
            }
            let before = line.get(..at).unwrap_or_default();
            let known = dot(before, before);
            if let Some(value) = line.get_mut(at) {
                *value = (*value - known).max(1e-12).sqrt();
            }
        }
        Self {
            columns,
            lower: matrix,
        }
    }

    /// Solves for one right side, in its place.
    pub(crate) fn solve(&self, side: &mut [f64]) {
        self.halve(side);
        for (at, line) in self.lines().rev() {
            let (before, rest) = side.split_at_mut(at);
            if let (Some(value), Some(pivot)) = (rest.first_mut(), line.get(at)) {
                *value /= pivot;
                add(before, line, -*value);
            }
        }
    }

    /// Half of it, the factor alone: what had the matrix for its scatter has none in any direction after it.
    pub(crate) fn halve(&self, side: &mut [f64]) {
        for (at, line) in self.lines() {
            let (before, rest) = side.split_at_mut(at);
            let known = dot(line.get(..at).unwrap_or_default(), before);
            if let (Some(value), Some(pivot)) = (rest.first_mut(), line.get(at)) {
                *value = (*value - known) / pivot;
            }
        }
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = (usize, &[f64])> {
        self.lower.chunks_exact(self.columns).enumerate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let matrix = vec![4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let mut side = vec![1.0, -2.0, 0.5];
        let wanted = side.clone();
        Cholesky::of(matrix.clone(), 3).solve(&mut side);
        for (line, wanted) in matrix.chunks_exact(3).zip(wanted) {
            assert!((dot(line, &side) - wanted).abs() < 1e-9);
        }
    }
}
