//! Step 8: what a turn leaves behind, committed at once: the session's new memory, the turn with its
//! text masked, its events for resuming, and the audit rows that no money command wrote.

use serde_json::{Value, json};
use vostro_bank::{
    AuditEvent, AuditKind, ReplyEvent, SessionRecord, TurnCommit, TurnEvidence, TurnRecord,
};

use crate::approve::{Approval, Objection};
use crate::command::Understanding;
use crate::reply::ApprovedReply;
use crate::scene::Scene;
use crate::screen::{Screened, Screening};
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
pub(crate) fn commit(
    scene: &Scene,
    state: &DialogueState,
    screened: &Screened,
    understanding: &Understanding,
    evidence: TurnEvidence,
    approval: &Approval,
    decisions: &[Decision],
) -> TurnCommit {
    let reply = &approval.reply;
    let session = SessionRecord {
        version: scene.session.version.saturating_add(1),
        state: serde_json::to_value(state).unwrap_or_default(),
        last_seen_at: scene.now,
        ..scene.session.clone()
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
        events: events(reply),
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

/// The reply as events: what was understood, the text piece by piece, the cards, the whole.
pub(crate) fn events(reply: &ApprovedReply) -> Vec<ReplyEvent> {
    let mut events = Vec::new();
    let mut push = |event: &str, data: Value| {
        let number = u32::try_from(events.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        events.push(ReplyEvent {
            number,
            event: event.to_owned(),
            data,
        });
    };
    push(
        "progress",
        json!({ "step": "answered", "intent": reply.intent }),
    );
    for text in pieces(&reply.message) {
        push("sentence", json!({ "text": text }));
    }
    for card in &reply.cards {
        push("card", serde_json::to_value(card).unwrap_or_default());
    }
    push("done", serde_json::to_value(reply).unwrap_or_default());
    events
}

/// A text in pieces that put together give the same text: lines, and sentences within a line.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let ends = match c {
            '\n' => true,
            ' ' => matches!(previous, '.' | '!' | '?'),
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            pieces.extend(text.get(start..end));
            start = end;
        }
        previous = c;
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_text() {
        for text in [
            "",
            "One.",
            "One. Two!\n- a\n- b\n\nThree? ",
            "…. é. x",
            "$1.50 is due. Pay?",
        ] {
            assert_eq!(pieces(text).concat(), text);
        }
        assert_eq!(
            pieces("Done. It is $1.50 now."),
            ["Done. ", "It is $1.50 now."]
        );
    }
}
