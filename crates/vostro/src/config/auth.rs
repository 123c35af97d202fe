//! `[auth]`: who may talk to the assistant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use vostro_types::Redacted;

use super::Problem;

/// Shorter secrets could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Who may talk to the assistant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Auth {
    /// How callers show who they are.
    pub mode: AuthMode,
    /// The secret of operators (`Authorization: Bearer …`), at least 16 characters; without one the
    /// operations under `/api/v1/admin` are closed. In the sandbox they are answered to this machine only.
    #[schemars(with = "Option<String>", extend("x-secret" = true))]
    pub admin_token: Option<Redacted<String>>,
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
    /// An operator's secret is long enough not to be guessed.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        let short =
            |token: &Redacted<String>| token.expose().trim().chars().count() < SHORTEST_TOKEN;
        if self.admin_token.as_ref().is_some_and(short) {
            problems.push(Problem::new(
                "auth.admin_token",
                format!("is too short; allowed: {SHORTEST_TOKEN} characters and more"),
            ));
        }
    }
}
