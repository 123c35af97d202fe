//! Randomness as an argument, so that identifiers and salts can be reproduced in tests.

/// A source of random bytes fit for identifiers, salts and tokens.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's random number generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// When the operating system has no random bytes to give: an identifier that could be guessed
    /// is worse than a stopped request.
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for randomness"
    )]
    #[allow(clippy::expect_used, reason = "see the panic section")]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}
