//! The metrics of a turn's steps and tools, read off their `tracing` spans.
//!
//! The dialogue knows nothing of metrics: it marks its steps with spans, and this layer measures them from
//! the span's beginning to its end. Names come from the code, so the number of series is bounded.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_turn_steps_total` | step, outcome | steps of turns: `done` or `failed` |
//! | `vostro_turn_step_duration_seconds` | step | time of a step |
//! | `vostro_tool_calls_total` | tool, outcome | what plans asked of the store |
//! | `vostro_tool_duration_seconds` | tool | time of that |

use std::fmt;
use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Bounds in seconds: pure steps take microseconds, a step that asks another service up to its deadline.
const BUCKETS: [f64; 15] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 1.0, 5.0,
];
/// The target of the steps' spans, as the dialogue has it.
const STEPS: &str = "vostro::step";
/// The target of the tools' spans.
const TOOLS: &str = "vostro::tool";
/// The most letters of a tool's name that make a label.
const TOOL_NAME_MAX: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabels {
    step: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepOutcome {
    step: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ToolLabels {
    tool: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ToolOutcome {
    tool: String,
    outcome: &'static str,
}

type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The metrics of steps and tools; clones share them.
#[derive(Debug, Clone)]
pub struct StepMetrics {
    steps: Family<StepOutcome, Counter>,
    step_times: Durations<StepLabels>,
    tools: Family<ToolOutcome, Counter>,
    tool_times: Durations<ToolLabels>,
}

impl Default for StepMetrics {
    fn default() -> Self {
        Self {
            steps: Family::default(),
            step_times: Family::new_with_constructor(histogram),
            tools: Family::default(),
            tool_times: Family::new_with_constructor(histogram),
        }
    }
}

impl StepMetrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("vostro_turn_steps", "Steps of turns", self.steps.clone());
        registry.register_with_unit(
            "vostro_turn_step_duration",
            "Time of a step of a turn",
            Unit::Seconds,
            self.step_times.clone(),
        );
        registry.register(
            "vostro_tool_calls",
            "What plans asked of the store",
            self.tools.clone(),
        );
        registry.register_with_unit(
            "vostro_tool_duration",
            "Time of what plans asked of the store",
            Unit::Seconds,
            self.tool_times.clone(),
        );
    }

    /// A layer that measures the spans.
    pub fn layer(&self) -> StepLayer {
        StepLayer(self.clone())
    }

    fn ended(&self, name: &'static str, span: &Measured) {
        let outcome = if span.failed { "failed" } else { "done" };
        let seconds = span.began.elapsed().as_secs_f64();
        match &span.tool {
            None => {
                self.steps
                    .get_or_create(&StepOutcome {
                        step: name,
                        outcome,
                    })
                    .inc();
                self.step_times
                    .get_or_create(&StepLabels { step: name })
                    .observe(seconds);
            }
            Some(tool) => {
                let tool = tool.clone();
                self.tool_times
                    .get_or_create(&ToolLabels { tool: tool.clone() })
                    .observe(seconds);
                self.tools
                    .get_or_create(&ToolOutcome { tool, outcome })
                    .inc();
            }
        }
    }
}

/// Measures the spans of steps and tools.
#[derive(Debug)]
pub struct StepLayer(StepMetrics);

/// Whether a span or event is one that the layer measures.
pub(crate) fn is_measured(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && matches!(metadata.target(), STEPS | TOOLS)
}

/// A span under way.
struct Measured {
    began: Instant,
    failed: bool,
    tool: Option<String>,
}

impl Visit for Measured {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "tool" => self.tool = Some(value.chars().take(TOOL_NAME_MAX).collect()),
            "outcome" => self.failed = value == "failed",
            _ => {}
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for StepLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| is_measured(span.metadata())) else {
            return;
        };
        let mut measured = Measured {
            began: Instant::now(),
            failed: false,
            tool: None,
        };
        attributes.record(&mut measured);
        span.extensions_mut().insert(measured);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(measured) = span.extensions_mut().get_mut::<Measured>()
        {
            values.record(measured);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(measured) = span.extensions().get::<Measured>()
        {
            self.0.ended(span.metadata().name(), measured);
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing::field::Empty;

    use super::*;
    use crate::{Exposition, LogSettings, Metrics};

    #[test]
    fn steps_and_tools_are_measured_whatever_the_log_filter_says() {
        let steps = StepMetrics::default();
        let quiet = LogSettings {
            filter: "off".to_owned(),
            ..LogSettings::default()
        };
        let listeners = crate::Listeners {
            steps: Some(steps.layer()),
            traces: None,
        };
        let subscriber = crate::subscriber(&quiet, std::io::sink, false, listeners).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug_span!(target: "vostro::step", "screen", outcome = Empty).in_scope(|| {});
            let failed = tracing::debug_span!(target: "vostro::step", "record", outcome = Empty);
            failed.record("outcome", "failed");
            drop(failed);
            tracing::debug_span!(target: "vostro::tool", "tool", tool = "post", outcome = Empty)
                .in_scope(|| {});
            tracing::info_span!("request").in_scope(|| {});
        });
        let text = Metrics::with_steps("1", &steps).render(Exposition::Prometheus);
        for line in [
            r#"vostro_turn_steps_total{step="screen",outcome="done"} 1"#,
            r#"vostro_turn_steps_total{step="record",outcome="failed"} 1"#,
            r#"vostro_turn_step_duration_seconds_count{step="screen"} 1"#,
            r#"vostro_tool_calls_total{tool="post",outcome="done"} 1"#,
            r#"vostro_tool_duration_seconds_count{tool="post"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains(r#"step="request""#), "{text}");
    }
}
