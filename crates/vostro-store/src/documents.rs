//! What the drivers share of documents: dates and vectors as columns.

use jiff::civil::Date;

/// The most documents that one call gives; their texts are in memory at once.
pub(crate) const MOST_DOCUMENTS: u32 = 1_000;

/// A vector as its column: little-endian 32-bit floats.
pub(crate) fn vector_column(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A column as its vector; `None` when it is none.
pub(crate) fn vector_of(bytes: &[u8]) -> Option<Vec<f32>> {
    let (floats, rest) = bytes.as_chunks::<4>();
    let vector: Vec<f32> = floats.iter().map(|x| f32::from_le_bytes(*x)).collect();
    (rest.is_empty() && vector.iter().all(|x| x.is_finite())).then_some(vector)
}

/// A column as its day; `None` when it is none.
pub(crate) fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_and_days_come_back_or_are_none() {
        let vector = vec![0.5, -1.25, 0.0];
        assert_eq!(vector_of(&vector_column(&vector)), Some(vector));
        assert_eq!(vector_of(&[0, 0, 0]), None);
        assert_eq!(vector_of(&f32::NAN.to_le_bytes()), None);
        assert_eq!(
            day("2026-11-26").map(|day| day.to_string()),
            Some("2026-11-26".into())
        );
        assert_eq!(day("2026-13-01"), None);
    }
}
