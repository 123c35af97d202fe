//! `[auth]`: who may talk to the assistant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Who may talk to the assistant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Auth {
    /// How callers show who they are.
    pub mode: AuthMode,
}

/// How callers show who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthMode {
    /// Not at all: the request's `user_id` is believed. For trying out, on this machine.
    #[default]
    Sandbox,
}

impl Auth {
    /// Nothing beyond the choice itself.
    #[allow(clippy::unused_self, reason = "every section has the same shape")]
    pub(super) fn validate(&self, _problems: &mut Vec<Problem>) {}
}
