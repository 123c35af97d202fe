//! The books of one request: its place, what it reserved and used, how it ended. They are closed when the
//! job is dropped, so a caller that goes away leaves nothing open.

use std::sync::Arc;

use jiff::civil::Date;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;
use vostro_dialogue::model::{ModelError, Usage};
use vostro_telemetry::{Metrics, ModelOutcome};
use vostro_types::CustomerId;

use crate::allowance::{Allowance, Spend};

/// Counts a request once, by how it ended; one that is dropped before was abandoned. Its span has the attributes of
/// OpenTelemetry's conventions for generative AI, of which it takes none that holds what was said.
#[derive(Debug)]
pub(crate) struct Ticket {
    metrics: Arc<Metrics>,
    outcome: ModelOutcome,
    span: Span,
}

impl Ticket {
    /// A request to this model, or one that it falls back to.
    pub(crate) fn new(metrics: Arc<Metrics>, model: &str, max_tokens: u32) -> Self {
        let span = tracing::debug_span!(
            target: "vostro::model",
            "chat",
            otel.name = %format_args!("chat {model}"),
            otel.kind = "client",
            gen_ai.operation.name = "chat",
            gen_ai.request.model = model,
            gen_ai.request.max_tokens = max_tokens,
            gen_ai.response.model = Empty,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            "error.type" = Empty,
        );
        Self {
            metrics,
            outcome: ModelOutcome::Abandoned,
            span,
        }
    }

    /// How it ended.
    pub(crate) const fn ended(&mut self, outcome: ModelOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.metrics.models().request(self.outcome);
        if self.outcome != ModelOutcome::Answered {
            self.span.record("error.type", self.outcome.label());
        }
    }
}

/// What a customer reserved for a request.
pub(crate) struct Reservation {
    pub allowance: Arc<dyn Allowance>,
    pub customer: CustomerId,
    pub day: Date,
    pub reserved: Spend,
}

/// A request that has its place.
pub(crate) struct Job {
    pub ticket: Ticket,
    /// When it was asked for.
    pub started: Instant,
    /// When it must have ended.
    pub whole_by: Instant,
    reservation: Reservation,
    used: Spend,
    _place: OwnedSemaphorePermit,
}

impl Job {
    pub(crate) fn new(
        ticket: Ticket,
        started: Instant,
        whole_by: Instant,
        reservation: Reservation,
        place: OwnedSemaphorePermit,
    ) -> Self {
        ticket.metrics.models().in_flight(1);
        Self {
            ticket,
            started,
            whole_by,
            reservation,
            used: Spend::default(),
            _place: place,
        }
    }

    /// A server worked for this request, with or without an answer.
    pub(crate) fn used(&mut self, model: &str, usage: &Usage) {
        let tokens = usage.prompt_tokens.saturating_add(usage.completion_tokens);
        self.used.tokens = self.used.tokens.saturating_add(tokens);
        self.used.micro_dollars = self
            .used
            .micro_dollars
            .saturating_add(usage.cost_micro_dollars);
        let span = &self.ticket.span;
        span.record("gen_ai.response.model", model);
        span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
        span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
        self.ticket.metrics.models().usage(
            model,
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.cost_micro_dollars,
        );
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let Reservation {
            allowance,
            customer,
            day,
            reserved,
        } = &self.reservation;
        self.used.millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        allowance.settle(customer, *day, *reserved, self.used);
        self.ticket.metrics.models().in_flight(-1);
    }
}

/// What an error counts as.
pub(crate) const fn outcome(error: &ModelError) -> ModelOutcome {
    match error {
        ModelError::TimedOut(_) => ModelOutcome::TimedOut,
        ModelError::Busy => ModelOutcome::Busy,
        ModelError::Resting => ModelOutcome::Resting,
        ModelError::CapReached(_) | ModelError::CapsUnknown => ModelOutcome::Capped,
        ModelError::RateLimited => ModelOutcome::RateLimited,
        ModelError::Overloaded => ModelOutcome::Overloaded,
        ModelError::Unreachable => ModelOutcome::Unreachable,
        ModelError::Failed(_) => ModelOutcome::Failed,
        ModelError::Malformed(_) | ModelError::TooLarge(_) => ModelOutcome::Malformed,
        ModelError::Cut => ModelOutcome::Cut,
        // What was never sent counts as refused, by us.
        _ => ModelOutcome::Refused,
    }
}

/// Whether an error says that the model, and not the caller or a limit, is at fault.
pub(crate) const fn is_fault(error: &ModelError) -> bool {
    matches!(
        outcome(error),
        ModelOutcome::TimedOut
            | ModelOutcome::Overloaded
            | ModelOutcome::Unreachable
            | ModelOutcome::Failed
            | ModelOutcome::Malformed
            | ModelOutcome::Cut
    )
}
