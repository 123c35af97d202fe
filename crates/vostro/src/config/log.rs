//! `[log]`: what the process writes about its own work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// What the process writes about its own work. Never message text, never account numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// What is written: a level (`error`, `warn`, `info`, `debug`, `trace`, `off`), or directives by
    /// target such as `info,vostro_store=debug`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "warn,vostro=info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

impl Log {
    /// The filter must be one that the log understands.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Some(part) = self
            .filter
            .split(',')
            .find(|part| !is_directive(part.trim()))
        {
            problems.push(Problem::new(
                "log.filter",
                format!(
                    "`{part}` is no directive; allowed: a level (error, warn, info, debug, trace, \
                     off) or `target=level`, separated by commas"
                ),
            ));
        }
    }
}

fn is_directive(part: &str) -> bool {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    let (target, level) = part.split_once('=').unwrap_or(("", part));
    let target_is_sound = target
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    target_is_sound && LEVELS.contains(&level.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::is_directive;

    #[test]
    fn directives() {
        let cases = [
            ("info", true),
            ("WARN", true),
            ("vostro_store=debug", true),
            ("vostro_http::chat=off", true),
            ("", false),
            ("loud", false),
            ("vostro_store=loud", false),
            ("a b=info", false),
            ("a=b=info", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_directive(text), expected, "{text:?}");
        }
    }
}
