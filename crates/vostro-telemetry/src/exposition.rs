//! How metrics are written: `OpenMetrics` for scrapers that ask for it, else Prometheus text.
//!
//! The two differ in few lines: Prometheus text (version 0.0.4) names a counter's family with its
//! `_total`, knows no `info` type, no unit, no exemplar and no end mark.

use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;

/// A text format for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Exposition {
    /// Prometheus text, version 0.0.4: what every scraper reads.
    #[default]
    Prometheus,
    /// `OpenMetrics` text, version 1.0.0.
    OpenMetrics,
}

impl Exposition {
    /// The format for a request with this `Accept` header.
    pub fn accepted(accept: Option<&str>) -> Self {
        match accept {
            Some(accept) if accept.contains("application/openmetrics-text") => Self::OpenMetrics,
            _ => Self::Prometheus,
        }
    }

    /// The media type of the text.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    pub(crate) fn render(self, registry: &Registry) -> String {
        let mut open = String::with_capacity(16 << 10);
        // Writing into a `String` has no way to fail, and encoders only pass such failures on.
        let _ = text::encode(&mut open, registry);
        match self {
            Self::OpenMetrics => open,
            Self::Prometheus => prometheus(&open),
        }
    }
}

fn prometheus(open: &str) -> String {
    let mut text = String::with_capacity(open.len() + 256);
    // `HELP` comes before `TYPE`, and its name depends on the type, so it waits for it.
    let mut help: Option<(&str, &str)> = None;
    for line in open.lines() {
        if line == "# EOF" || line.starts_with("# UNIT ") {
            continue;
        }
        if let Some(rest) = line.strip_prefix("# HELP ") {
            help = rest.split_once(' ');
            continue;
        }
        if let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            let (suffix, kind) = match kind {
                "counter" => ("_total", "counter"),
                "info" => ("_info", "gauge"),
                other => ("", other),
            };
            if let Some((_, words)) = help.take() {
                for part in ["# HELP ", name, suffix, " ", words, "\n"] {
                    text.push_str(part);
                }
            }
            for part in ["# TYPE ", name, suffix, " ", kind, "\n"] {
                text.push_str(part);
            }
            continue;
        }
        // An exemplar stands behind the sample; a label's value may hold the same letters, quoted.
        let sample = match line.rfind(" # {") {
            Some(at) if line[at..].matches('"').count() % 2 == 0 => &line[..at],
            _ => line,
        };
        text.push_str(sample);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Metrics;

    #[test]
    fn the_scraper_chooses() {
        let cases = [
            (None, Exposition::Prometheus),
            (Some("*/*"), Exposition::Prometheus),
            (Some("text/plain"), Exposition::Prometheus),
            (
                Some("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
                Exposition::OpenMetrics,
            ),
        ];
        for (accept, expected) in cases {
            assert_eq!(Exposition::accepted(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn each_family_is_named_as_its_samples_are() {
        let metrics = Metrics::new("1");
        metrics.passages_dropped(1);
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            "# HELP vostro_passages_dropped_total Retrieved passages that the guardrails kept back.",
            "# TYPE vostro_passages_dropped_total counter",
            "# TYPE vostro_build_info gauge",
            "# TYPE vostro_turn_duration_seconds histogram",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains("# EOF") && !text.contains("# UNIT"));
        let open = metrics.render(Exposition::OpenMetrics);
        assert!(
            open.contains("# TYPE vostro_passages_dropped counter") && open.ends_with("# EOF\n")
        );
    }
}
