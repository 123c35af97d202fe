//! How often, and how many at once.

mod at_once;
mod rate;

pub(crate) use at_once::{AtOnce, Permit};
pub(crate) use rate::{Decision, Key, RateLimit};
