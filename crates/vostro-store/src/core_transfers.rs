//! What the audit trail says of a movement that a core banking system carries out: one wording for both drivers.

use serde_json::json;
use vostro_bank::{AuditEvent, AuditKind, CoreTransferStep};
use vostro_ledger::Proposal;

use crate::particulars::{declined, merged, movement};

/// That a movement was put before its customer.
pub(crate) fn proposed(proposal: &Proposal, context: &AuditEvent) -> AuditEvent {
    event(AuditKind::Proposed, proposal, context, json!({}))
}

/// That a movement went a step on.
pub(crate) fn stepped(
    proposal: &Proposal,
    step: &CoreTransferStep,
    context: &AuditEvent,
) -> AuditEvent {
    let (kind, more) = match step {
        CoreTransferStep::Send => (AuditKind::Confirmed, json!({})),
        CoreTransferStep::Cancel => (AuditKind::Cancelled, json!({})),
        CoreTransferStep::Expire => (AuditKind::Expired, json!({})),
        CoreTransferStep::Post(receipt) => {
            (AuditKind::Posted, json!({ "transfer": receipt.transfer }))
        }
        CoreTransferStep::Decline(decline) => {
            (AuditKind::Declined, declined(json!({}), Some(*decline)))
        }
        CoreTransferStep::GiveUp => (AuditKind::Voided, json!({})),
    };
    event(kind, proposal, context, more)
}

fn event(
    kind: AuditKind,
    proposal: &Proposal,
    context: &AuditEvent,
    more: serde_json::Value,
) -> AuditEvent {
    let by = json!({ "ledger": "core_banking" });
    let detail = movement(&proposal.id, &proposal.intent);
    AuditEvent {
        kind,
        customer: proposal.intent.customer.clone(),
        session: context.session.clone(),
        turn: context.turn.clone(),
        detail: merged(merged(detail, by), more),
    }
}
