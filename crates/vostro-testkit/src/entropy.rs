//! Randomness from a seed: the same run gives the same identifiers.

use std::sync::{Mutex, PoisonError};

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_types::Entropy;

/// Random bytes that a seed determines.
///
/// ```
/// use vostro_testkit::SeededEntropy;
/// use vostro_types::TurnId;
///
/// let id = |seed| TurnId::generate(&SeededEntropy::new(seed));
/// assert_eq!(id(1), id(1));
/// assert_ne!(id(1), id(2));
/// ```
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha8Rng>);

impl SeededEntropy {
    /// The bytes of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }
}
