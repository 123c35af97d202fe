//! Arithmetic on vectors that needs no model.

/// The cosine of two vectors of length 1: their dot product. Of different lengths, what both have.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    // Sums that do not wait for each other, so that the compiler may use the processor's wide registers.
    const LANES: usize = 8;
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// The vector of the same direction with length 1. One without a direction stays as it is.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length.is_finite() && length > 0.0 {
        for x in &mut vector {
            *x /= length;
        }
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_are_dot_products() {
        let a: Vec<f32> = (0..19_u8).map(f32::from).collect();
        let b: Vec<f32> = (0..19_u8).map(|n| f32::from(n % 3)).collect();
        let plain: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!((cosine(&a, &b) - plain).abs() < 1e-3);
        assert!(cosine(&[], &b).abs() < f32::EPSILON);
    }

    #[test]
    fn units_have_length_one_if_they_have_a_direction() {
        let one = unit(vec![3.0, 4.0]);
        assert!((one[0] - 0.6).abs() < 1e-6 && (one[1] - 0.8).abs() < 1e-6);
        assert_eq!(unit(vec![0.0, 0.0]), [0.0, 0.0]);
        assert_eq!(unit(vec![]), [0.0; 0]);
    }
}
