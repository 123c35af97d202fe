//! Log lines: one JSON object or one line of text per event, on standard error.
//!
//! Values that must not be logged are kept out by type (`vostro_types::Redacted`) and by the fixed
//! fields of [`crate::RequestLine`]; libraries below us are held to warnings unless the filter names
//! them, because an HTTP client's debug lines would carry addresses and headers.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::steps::{StepLayer, is_measured};
use crate::traces::Traces;

/// How a log line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    #[default]
    Json,
    /// One line of text, for people.
    Text,
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// The look of a line.
    pub format: LogFormat,
    /// Directives in the syntax of `tracing_subscriber::EnvFilter`: `info`, `warn,vostro=debug`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            format: LogFormat::Json,
            filter: "warn,vostro=info".to_owned(),
        }
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not in the syntax.
    #[error("the log filter cannot be read")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Something else logs in this process already.
    #[error("logging is set up already")]
    AlreadySet(#[source] tracing::subscriber::SetGlobalDefaultError),
}

/// Who listens beside the log.
#[derive(Debug, Default)]
pub struct Listeners<'a> {
    /// Measures the steps of turns.
    pub steps: Option<StepLayer>,
    /// Sends traces.
    pub traces: Option<&'a Traces>,
}

/// Sets logging up for the whole process, on standard error, and those who listen beside it.
///
/// # Errors
/// [`LogError::Filter`] for a filter that cannot be read, [`LogError::AlreadySet`] the second time.
pub fn init(settings: &LogSettings, listeners: Listeners<'_>) -> Result<(), LogError> {
    let colour = std::io::stderr().is_terminal();
    let subscriber = subscriber(settings, std::io::stderr, colour, listeners)?;
    tracing::subscriber::set_global_default(subscriber).map_err(LogError::AlreadySet)
}

/// The subscriber that [`init`] installs, writing elsewhere: for tests and for embedding.
///
/// # Errors
/// [`LogError::Filter`] for a filter that cannot be read.
pub fn subscriber<W>(
    settings: &LogSettings,
    writer: W,
    colour: bool,
    listeners: Listeners<'_>,
) -> Result<impl Subscriber + Send + Sync + use<W>, LogError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&settings.filter).map_err(LogError::Filter)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let layer: Box<dyn Layer<_> + Send + Sync> = match settings.format {
        LogFormat::Json => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false),
        ),
        LogFormat::Text => Box::new(lines.with_ansi(colour)),
    };
    // Each layer has its own filter: what is not logged can still be measured.
    let steps = listeners
        .steps
        .map(|steps| steps.with_filter(filter_fn(is_measured)));
    let traces = listeners.traces.map(Traces::layer);
    Ok(Registry::default()
        .with(layer.with_filter(filter))
        .with(steps)
        .with(traces))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;
    use crate::RequestLine;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn lines(settings: &LogSettings, work: impl FnOnce()) -> Vec<String> {
        let captured = Captured::default();
        let writer = captured.clone();
        let subscriber = subscriber(
            settings,
            move || writer.clone(),
            false,
            Listeners::default(),
        )
        .unwrap();
        tracing::subscriber::with_default(subscriber, work);
        let bytes = captured.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn line(status: u16) -> RequestLine<'static> {
        RequestLine {
            request_id: "req_1",
            role: "concierge",
            method: "POST",
            route: "/api/v1/chat",
            status,
            latency: Duration::from_micros(12_345),
        }
    }

    #[test]
    fn the_request_line_has_its_documented_fields_and_no_other() {
        let written = lines(&LogSettings::default(), || line(200).log());
        let value: serde_json::Value = serde_json::from_str(&written[0]).unwrap();
        let mut fields: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(
            fields,
            [
                "latency_ms",
                "level",
                "message",
                "method",
                "request_id",
                "role",
                "route",
                "status",
                "target",
                "timestamp"
            ]
        );
        assert_eq!(value["latency_ms"], 12.345);
        assert_eq!(value["status"], 200);
        assert_eq!(value["level"], "INFO");
    }

    #[test]
    fn a_server_fault_is_a_warning() {
        let written = lines(&LogSettings::default(), || line(503).log());
        let value: serde_json::Value = serde_json::from_str(&written[0]).unwrap();
        assert_eq!(value["level"], "WARN");
    }

    #[test]
    fn text_lines_have_no_escapes_when_not_on_a_terminal() {
        let settings = LogSettings {
            format: LogFormat::Text,
            ..LogSettings::default()
        };
        let written = lines(&settings, || line(200).log());
        assert!(written[0].contains("route=\"/api/v1/chat\""), "{written:?}");
        assert!(!written[0].contains('\u{1b}'));
    }

    #[test]
    fn libraries_below_stay_quiet_by_default() {
        let written = lines(&LogSettings::default(), || {
            tracing::info!(target: "reqwest::connect", "starting new connection: http://secret/");
            tracing::debug!(target: "vostro::turn", "detail");
        });
        assert_eq!(written, Vec::<String>::new());
    }

    #[test]
    fn a_bad_filter_is_refused() {
        let settings = LogSettings {
            filter: "vostro=loud".to_owned(),
            ..LogSettings::default()
        };
        assert!(matches!(
            subscriber(&settings, std::io::sink, false, Listeners::default()).err(),
            Some(LogError::Filter(_))
        ));
    }
}
