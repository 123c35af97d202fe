//! The demo bank's randomness: `ChaCha8`, keyed by seed and customer, with a stream for each purpose, so
//! that a new kind of transaction does not change everybody's account numbers.

use std::sync::{Mutex, PoisonError};

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use vostro_types::{CustomerId, Entropy};

/// What a stream of randomness is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Ids = 0,
    Numbers = 1,
    Customer = 2,
    Days = 3,
    Cards = 4,
}

/// The stream for this seed, customer and purpose.
pub(super) fn stream(seed: u64, customer: &CustomerId, purpose: Purpose) -> ChaCha8Rng {
    let mut hasher = Sha256::new();
    hasher.update(b"vostro.demo.v1");
    hasher.update(seed.to_be_bytes());
    hasher.update(customer.as_str().as_bytes());
    let mut rng = ChaCha8Rng::from_seed(hasher.finalize().into());
    rng.set_stream(purpose as u64);
    rng
}

/// A stream as a source of identifiers.
#[derive(Debug)]
pub(crate) struct Ids(Mutex<ChaCha8Rng>);

impl Ids {
    pub(super) const fn new(rng: ChaCha8Rng) -> Self {
        Self(Mutex::new(rng))
    }
}

impl Entropy for Ids {
    fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }
}
