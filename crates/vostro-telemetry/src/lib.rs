//! What Vostro tells its operators: log lines, metrics, and figures of its own process.
//!
//! Everything here is written to hold no personal data: the request line has a fixed set of fields,
//! metric labels are closed sets, a span has a name and an outcome, and a process figure is a number. Left
//! out: audit (that is the store's), and HTTP (that is `vostro-http`'s).

mod calls;
mod conversation;
mod exposition;
mod labels;
mod log;
mod metrics;
mod models;
mod panics;
mod process;
mod process_metrics;
mod request;
mod requests;
mod reranking;
mod sealing;
mod steps;
mod store;
mod traces;
mod webhooks;

pub use calls::{Again, CallMetrics};
pub use conversation::{ConversationMetrics, ModelPurpose, ModelUsed};
pub use exposition::Exposition;
pub use labels::{GuardFallback, GuardFinding, Limit, Shed, TurnOutcome};
pub use log::{Listeners, LogError, LogFormat, LogSettings, init, subscriber};
pub use metrics::Metrics;
pub use models::{BreakerState, ModelMetrics, ModelOutcome};
pub use panics::log_panics;
pub use process::{CpuMeter, ProcessFigures, ProcessReader};
pub use request::RequestLine;
pub use requests::AnsweredRequest;
pub use reranking::{RerankingMetrics, RerankingOutcome};
pub use sealing::{SealingMetrics, SealingOutcome};
pub use steps::{StepLayer, StepMetrics};
pub use store::StoreMetrics;
pub use traces::{TraceError, TraceSettings, Traces};
pub use webhooks::{EndpointFigures, WebhookMetrics};
