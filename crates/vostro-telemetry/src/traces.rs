//! Traces for an OpenTelemetry collector, over OTLP with `http/protobuf`. Off unless an address is given.
//!
//! What is sent are the spans that the code opens for requests, steps of turns and tools: names, times, the
//! outcome and the request's id. There is no span attribute for a text, a customer or an account, so none
//! can leave; events (log lines) are not sent at all. Spans are handed to a thread of their own in batches:
//! a collector that is slow or gone costs spans, never a turn.

use std::fmt;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// For one batch.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where traces go.
#[derive(Debug, Clone)]
pub struct TraceSettings {
    /// The collector's address, without a path: `http://collector:4318`.
    pub endpoint: String,
    /// The name of the service: its role.
    pub service: String,
    /// The version of the program.
    pub version: String,
    /// How many of a hundred requests are traced.
    pub sample_percent: u8,
}

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be set up: {0}")]
pub struct TraceError(String);

/// The sending of traces; shut it down at the end, else the last spans are lost.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traces")
    }
}

impl Traces {
    /// Begins to send. Not within an async runtime: the sender brings its own.
    ///
    /// # Errors
    /// [`TraceError`] for an address that is none.
    pub fn start(settings: &TraceSettings) -> Result<Self, TraceError> {
        let endpoint = format!("{}/v1/traces", settings.endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(TIMEOUT)
            .build()
            .map_err(|error| TraceError(error.to_string()))?;
        let share = f64::from(settings.sample_percent.min(100)) / 100.0;
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.namespace", "vostro"),
                KeyValue::new("service.name", settings.service.clone()),
                KeyValue::new("service.version", settings.version.clone()),
            ])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                share,
            ))))
            .build();
        Ok(Self { provider })
    }

    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("vostro"))
            // Where in the code a span was opened, and on which thread, helps nobody who operates it.
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_traced))
    }

    /// Sends what is left, and ends.
    pub fn shutdown(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(TIMEOUT) {
            tracing::warn!(target: "vostro", %error, "the last traces were not sent");
        }
    }
}

/// Our own spans; what libraries below open may hold addresses.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("vostro")
}
