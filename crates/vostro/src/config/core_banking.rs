//! `[core_banking]`: the bank's own ledger, where it keeps one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_core_banking::HttpCore;
use vostro_types::Redacted;

use super::Problem;

/// The bank's own core banking system, where it keeps one: accounts, history and movements are then its, and
/// Vostro's store keeps conversations and why money was ordered. `docs/core-banking.md` is the contract that an
/// adapter in front of it has to keep, and `vostro core-banking check` tests it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CoreBanking {
    /// The adapter's address, `https://HOST/PATH` or `http://HOST:PORT`, without `/v1`. Without one Vostro keeps
    /// the ledger itself.
    pub url: Option<String>,
    /// What the adapter asks for, as a bearer token.
    #[schemars(with = "Option<String>", extend("x-secret" = true))]
    pub token: Option<Redacted<String>>,
    /// How long one call may take, in milliseconds.
    #[schemars(range(min = 50, max = 60_000))]
    pub timeout_ms: u32,
    /// How long a movement is worked on while its customer waits, lost answers asked for again, in milliseconds.
    /// What has not ended by then is taken up by housekeeping, under the same key.
    #[schemars(range(min = 100, max = 120_000))]
    pub deadline_ms: u32,
}

impl Default for CoreBanking {
    fn default() -> Self {
        Self {
            url: None,
            token: None,
            timeout_ms: 2_000,
            deadline_ms: 8_000,
        }
    }
}

impl CoreBanking {
    /// An address that can be called, and a token that a header can carry.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Some(url) = &self.url
            && let Err(error) = HttpCore::check_url(url)
        {
            problems.push(Problem::new("core_banking.url", error.to_string()));
        }
        let is_sound = |token: &Redacted<String>| {
            let token = token.expose();
            !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic())
        };
        if self.token.as_ref().is_some_and(|token| !is_sound(token)) {
            problems.push(Problem::new(
                "core_banking.token",
                "cannot be used; allowed: ASCII characters without spaces",
            ));
        }
    }
}
