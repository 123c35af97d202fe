//! What the audit trail and the outside are told of a hand-off: one wording for both drivers.

use serde_json::{Value, json};
use vostro_bank::{AuditEvent, AuditKind, HandOff, HandOffEnd, NewHandOff};

pub(crate) fn opened(new: &NewHandOff) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::HandedOff,
        customer: new.customer.clone(),
        session: Some(new.session.clone()),
        turn: Some(new.turn.clone()),
        detail: json!({ "hand_off": new.id, "reason": new.reason, "priority": new.priority }),
    }
}

pub(crate) fn claimed(hand_off: &HandOff, colleague: &str) -> AuditEvent {
    let detail = json!({ "hand_off": hand_off.id, "colleague": colleague });
    event(AuditKind::HandOffClaimed, hand_off, detail)
}

pub(crate) fn replied(hand_off: &HandOff, colleague: &str) -> AuditEvent {
    let detail = json!({ "hand_off": hand_off.id, "colleague": colleague });
    event(AuditKind::HandOffReplied, hand_off, detail)
}

pub(crate) fn closed(hand_off: &HandOff, colleague: &str, end: HandOffEnd) -> AuditEvent {
    let detail = json!({ "hand_off": hand_off.id, "colleague": colleague, "end": end.as_str() });
    event(AuditKind::HandOffClosed, hand_off, detail)
}

fn event(kind: AuditKind, hand_off: &HandOff, detail: Value) -> AuditEvent {
    AuditEvent {
        kind,
        customer: hand_off.customer.clone(),
        session: Some(hand_off.session.clone()),
        turn: None,
        detail,
    }
}
