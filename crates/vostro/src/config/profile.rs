//! Named profiles: sets of defaults for one purpose. A file, the environment and flags still win.

use serde_json::{Value, json};

/// A named set of defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Profile {
    /// Raises the limits on callers, for load tests.
    Bench,
    /// What banks in the European Union are held to: sessions end after five silent minutes (PSD2 RTS, article 4).
    Eu,
}

impl Profile {
    /// The profile's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bench => "bench",
            Self::Eu => "eu",
        }
    }

    /// What it sets.
    pub(super) fn values(self) -> Value {
        match self {
            Self::Bench => json!({
                "limits": {
                    "requests_per_minute": 100_000_000,
                    "concurrent_turns": 1_000_000,
                    "flood_per_minute": 100_000_000,
                    "service_per_minute": 100_000_000,
                    "failed_auth_per_minute": 100_000_000,
                    "money_per_minute": 100_000_000,
                },
                "log": { "filter": "warn" },
            }),
            Self::Eu => json!({
                "dialogue": { "session_idle_minutes": 5, "confirmation_minutes": 5 },
            }),
        }
    }
}
