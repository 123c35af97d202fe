//! The steps of a turn as `tracing` spans: what each took, and whether it failed.
//!
//! A span says nothing of the customer: its name is the step's, its only fields are the tool's name and
//! the outcome. Who listens (metrics, traces) is decided outside; without a listener a span costs nothing.
//! Spans are of level `DEBUG`, so that log lines stay with the request's.

use tracing::field::Empty;
use tracing::{Instrument, Span, debug_span};

use crate::decide::{Ending, Step};

/// The target of the steps' spans.
pub const STEP_TARGET: &str = "vostro::step";
/// The target of the spans of tools: what a plan asks of the store.
pub const TOOL_TARGET: &str = "vostro::tool";

/// Makes the span of a step; its name has to be written out where it is used.
macro_rules! step {
    ($name:literal) => {
        tracing::debug_span!(target: "vostro::step", $name, outcome = tracing::field::Empty)
    };
}
pub(crate) use step;

/// Does a step's work within its span, and notes there that it failed.
pub(crate) async fn within<T, E>(
    span: Span,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let result = work.instrument(span.clone()).await;
    if result.is_err() {
        span.record("outcome", "failed");
    }
    result
}

/// The span of what a plan's step asks of the store. Steps that ask nothing have none.
pub(crate) fn tool(step: &Step) -> Span {
    let Some(name) = tool_name(step) else {
        return Span::none();
    };
    debug_span!(target: "vostro::tool", "tool", tool = name, outcome = Empty)
}

/// A closed set: these are labels of metrics.
fn tool_name(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::ShowTransactions { .. } => "transactions",
        Step::SumSpending { .. } => "spending",
        Step::Propose(_) => "propose",
        Step::ProposeOrder(_) => "propose_order",
        Step::ListSchedules => "schedules",
        Step::EndSchedule(Ending { skips: false, .. }) => "cancel_schedule",
        Step::EndSchedule(_) => "skip_schedule",
        Step::ChangeSchedule(_) => "change_schedule",
        Step::PauseSchedule(_) => "pause_schedule",
        Step::ShowStatement { .. } => "statement",
        Step::Post(_) => "post",
        Step::CancelProposal { .. } => "cancel",
        Step::RepeatReceipt(_) => "receipt",
        Step::Recall(_) => "recall",
        Step::Remind(_) => "remind",
        Step::ListCases => "cases",
        Step::ListAlerts => "alerts",
        Step::ShowProfile => "contacts",
        Step::FindDisputed { .. } => "find_disputed",
        Step::FindAlert(_) => "find_alert",
        Step::CarryOut(_) => "carry_out",
        Step::HandOff { .. } => "hand_off",
        Step::TellPerson { .. } => "tell_colleague",
        _ => return None,
    })
}
