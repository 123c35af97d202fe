//! `[guardrails]`: the checks on every text that goes in or out.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::problem::require_folder;

/// The checks on every text that goes in or out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guardrails {
    /// A folder of policy files (`*.toml`) that are read after the built-in ones, in the order of
    /// their names: settings and word lists replace, rules add up.
    pub policies: Option<PathBuf>,
}

impl Guardrails {
    /// The folder must be there; what its files say is checked when they are read.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        require_folder("guardrails.policies", self.policies.as_deref(), problems);
    }
}
