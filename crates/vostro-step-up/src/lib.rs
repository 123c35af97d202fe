//! The second factor's cryptography: one-time codes, their secrets sealed for the store, and signed answers of
//! the bank's own identity provider.
//!
//! Everything is a function of its arguments; keys are read from bytes that somebody else fetched. Left to
//! others: when a factor is asked for (`vostro-dialogue`'s policy), how tries are counted and that a code or an
//! answer counts once (the store), and carrying challenges to the provider (webhooks).

mod codes;
mod key;
mod provider;

pub use codes::{Codes, Enrolment};
pub use key::{FactorKey, KeyError};
pub use provider::{Answer, ProviderKey, SIGNED_FOR};
