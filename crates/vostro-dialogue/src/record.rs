//! Step 8: what a turn leaves behind, committed at once: the session's new memory, the turn with its
//! text masked, its events for resuming, and the audit rows that no money command wrote.

use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, SessionRecord, TurnCommit, TurnEvidence, TurnMeasures, TurnRecord,
};

use crate::approve::{Approval, Objection};
use crate::command::Understanding;
use crate::live::Live;
use crate::scene::Scene;
use crate::screen::{Screened, Screening};
use crate::sessions::kept;
use crate::state::DialogueState;

/// What was decided in the turn that belongs on the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The input guard stopped the message.
    InputBlocked(Vec<String>),
    /// The draft was replaced.
    DraftReplaced(&'static str),
}

/// The decisions of a turn.
pub(crate) fn decisions(screened: &Screened, objection: Option<&Objection>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if screened.screening() != Screening::Passed {
        decisions.push(Decision::InputBlocked(screened.findings()));
    }
    decisions.extend(objection.map(|objection| {
        Decision::DraftReplaced(match objection {
            Objection::Unbacked(_) => "unbacked",
            Objection::Guard => "guard",
        })
    }));
    decisions
}

/// Everything that a turn leaves behind.
#[allow(
    clippy::too_many_arguments,
    reason = "each is one product of a step, named"
)]
pub(crate) fn commit(
    scene: &Scene,
    state: &DialogueState,
    screened: &Screened,
    understanding: &Understanding,
    evidence: TurnEvidence,
    measures: TurnMeasures,
    approval: &Approval,
    decisions: &[Decision],
    live: &Live<'_>,
) -> TurnCommit {
    let reply = &approval.reply;
    let before = &scene.session;
    let session = SessionRecord {
        id: before.id.clone(),
        customer: before.customer.clone(),
        version: before.version.saturating_add(1),
        state: kept(state, scene.begun_at),
        opened_at: before.opened_at,
        last_seen_at: scene.now,
    };
    let turn = TurnRecord {
        id: reply.turn_id.clone(),
        session: session.id.clone(),
        customer: session.customer.clone(),
        at: scene.now,
        message_masked: screened.masked().to_owned(),
        reply_masked: approval.masked.clone(),
        guardrails_passed: reply.guardrails_passed,
        intent: reply.intent.clone(),
        commands: serde_json::to_value(&understanding.commands).unwrap_or_default(),
        evidence: Some(evidence),
        measures,
        events: live.events().to_vec(),
    };
    let audit = decisions
        .iter()
        .map(|decision| audit_event(&turn, decision))
        .collect();
    TurnCommit {
        session,
        turn,
        audit,
    }
}

fn audit_event(turn: &TurnRecord, decision: &Decision) -> AuditEvent {
    let (kind, detail) = match decision {
        Decision::InputBlocked(findings) => (
            AuditKind::Blocked,
            json!({ "at": "input", "findings": findings }),
        ),
        Decision::DraftReplaced(why) => (AuditKind::Blocked, json!({ "at": "draft", "why": why })),
    };
    AuditEvent {
        kind,
        customer: turn.customer.clone(),
        session: Some(turn.session.clone()),
        turn: Some(turn.id.clone()),
        detail,
    }
}
