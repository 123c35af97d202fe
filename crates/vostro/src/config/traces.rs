//! `[traces]`: traces for an OpenTelemetry collector.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, check_http_url};

/// Traces for an OpenTelemetry collector: one span a request, one for each step of a turn, one for each
/// thing that is asked of the store. Never message text, never a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Traces {
    /// Where the collector takes OTLP over HTTP, without a path, such as `http://127.0.0.1:4318`. Without
    /// it nothing is traced.
    pub otlp_endpoint: Option<String>,
    /// How many of a hundred requests are traced.
    #[schemars(range(min = 0, max = 100))]
    pub sample_percent: u8,
}

impl Default for Traces {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            sample_percent: 100,
        }
    }
}

impl Traces {
    /// The address must be one.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Some(url) = &self.otlp_endpoint
            && let Err(reason) = check_http_url(url)
        {
            problems.push(Problem::new("traces.otlp_endpoint", reason));
        }
    }
}
