//! What both drivers know of second factors: how tries are counted, and what the audit trail says of them.

use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, FactorMethod, FactorOutcome, FactorRules, FactorState, FactorStatus,
};
use vostro_types::{ConfirmationId, CustomerId};

/// How a customer fared so far. Instants are microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) last_step: Option<i64>,
    pub(crate) failures: u32,
    pub(crate) blocked_until: Option<i64>,
}

impl Counted {
    /// Counts a try; `count_factor_try` in the other driver's migration does the same. A try while the customer
    /// is blocked is not counted, and never passes.
    pub(crate) fn count(
        self,
        fits: bool,
        step: Option<i64>,
        rules: FactorRules,
        now: i64,
    ) -> (FactorOutcome, Self) {
        if self.blocked_until.is_some_and(|until| until > now) {
            return (FactorOutcome::Failed, self);
        }
        let is_new = match (step, self.last_step) {
            (Some(step), Some(last)) => step > last,
            _ => true,
        };
        if fits && is_new {
            let last_step = step.or(self.last_step);
            let counted = Self {
                last_step,
                ..Self::default()
            };
            return (FactorOutcome::Passed, counted);
        }
        let failures = self.failures.saturating_add(1);
        if failures < rules.most_failures {
            let counted = Self {
                failures,
                blocked_until: None,
                ..self
            };
            return (FactorOutcome::Failed, counted);
        }
        let counted = Self {
            last_step: self.last_step,
            failures: 0,
            blocked_until: Some(now.saturating_add(block_micros(rules))),
        };
        (FactorOutcome::Blocked, counted)
    }
}

/// How long a block lasts, in microseconds.
pub(crate) fn block_micros(rules: FactorRules) -> i64 {
    i64::try_from(rules.block.as_micros()).unwrap_or(i64::MAX)
}

/// Reads a demand's status.
pub(crate) fn status(text: &str) -> Option<FactorStatus> {
    Some(match text {
        "open" => FactorStatus::Open,
        "passed" => FactorStatus::Passed,
        "denied" => FactorStatus::Denied,
        _ => return None,
    })
}

/// Whether a code can be given for it.
pub(crate) fn takes_a_code(state: FactorState) -> bool {
    state.method == FactorMethod::Code && state.status == FactorStatus::Open
}

/// What is said of a try.
pub(crate) fn tried(context: &AuditEvent, outcome: FactorOutcome) -> AuditEvent {
    AuditEvent {
        kind: kind(outcome),
        ..context.clone()
    }
}

/// What is said of the identity provider's answer.
pub(crate) fn answered(
    customer: CustomerId,
    confirmation: &ConfirmationId,
    outcome: FactorOutcome,
) -> AuditEvent {
    AuditEvent {
        kind: kind(outcome),
        customer,
        session: None,
        turn: None,
        detail: json!({ "confirmation": confirmation, "method": FactorMethod::Approval }),
    }
}

const fn kind(outcome: FactorOutcome) -> AuditKind {
    match outcome {
        FactorOutcome::Passed => AuditKind::FactorPassed,
        FactorOutcome::Failed => AuditKind::FactorFailed,
        FactorOutcome::Blocked => AuditKind::FactorBlocked,
    }
}
