//! `[demo]`: the demo bank of the sandbox.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// The demo bank of the sandbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Demo {
    /// Whether an empty store gets the demo bank at the first start, and unknown customers a small
    /// demo portfolio with their first message.
    pub enabled: bool,
    /// How many customers the demo bank has.
    #[schemars(range(min = 1, max = 100_000))]
    pub customers: u32,
    /// The number that the demo bank is made from: the same seed, the same bank.
    pub seed: u64,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            enabled: true,
            customers: 25,
            seed: 1,
        }
    }
}

impl Demo {
    /// Nothing beyond the ranges.
    #[allow(clippy::unused_self, reason = "every section has the same shape")]
    pub(super) fn validate(&self, _problems: &mut Vec<Problem>) {}
}
