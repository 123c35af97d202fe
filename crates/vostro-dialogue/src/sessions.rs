//! How long a conversation lasts: it is begun afresh after a silence and after its whole time, and an operator
//! can end it.
//!
//! When it was begun, and that it was ended, stand beside the memory in the session's record. What waits for a
//! yes is part of the memory and goes with it; an operator's end also withdraws it from the books.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize as _;
use serde_json::{Value, json};
use vostro_bank::{
    AuditEvent, AuditKind, CancelOutcome, Order, SessionFound, SessionRecord, Store, StoreError,
};
use vostro_types::{CustomerId, SessionId};

use crate::state::DialogueState;

const BEGUN_AT: &str = "begun_at";
const ENDED: &str = "ended";
/// The most conversations of one customer that are looked through.
const MOST: u32 = 10_000;
/// How often it is tried again when a turn came between.
const TRIES: u8 = 10;

/// How long a conversation's memory lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    /// Without a message.
    pub idle: SignedDuration,
    /// In all.
    pub whole: SignedDuration,
}

/// The memory as it is kept.
pub(crate) fn kept(state: &DialogueState, begun_at: Timestamp) -> Value {
    let mut kept = serde_json::to_value(state).unwrap_or_default();
    if let Value::Object(members) = &mut kept {
        members.insert(BEGUN_AT.to_owned(), json!(begun_at));
    }
    kept
}

/// Whether an operator ended it.
pub(crate) fn is_ended(session: &SessionRecord) -> bool {
    session.state.get(ENDED).and_then(Value::as_bool) == Some(true)
}

/// The memory with the instant at which it was begun; `None` when there is none, or its time is over.
pub(crate) fn remembered(
    session: &SessionRecord,
    life: SessionLife,
    now: Timestamp,
) -> Option<(DialogueState, Timestamp)> {
    if session.version == 0 {
        return None;
    }
    let begun_at = session.state.get(BEGUN_AT);
    let begun_at = begun_at
        .and_then(|at| Timestamp::deserialize(at).ok())
        .unwrap_or(session.opened_at);
    let idle = now.duration_since(session.last_seen_at);
    let whole = now.duration_since(begun_at);
    if idle >= life.idle || whole >= life.whole {
        return None;
    }
    // A state that an older version wrote and this one cannot read is a conversation begun afresh; what was
    // confirmed and posted stands in the ledger all the same.
    let state = DialogueState::deserialize(&session.state).ok()?;
    Some((state, begun_at))
}

/// Ends a customer's conversations, or only one of them: nothing that waits in them can be confirmed any more,
/// and no message is taken in them. Gives how many were ended.
pub async fn end_sessions(
    store: &dyn Store,
    customer: &CustomerId,
    only: Option<&SessionId>,
    order: &Order,
) -> Result<u64, StoreError> {
    let mut ended = 0;
    for session in store.sessions(customer, MOST).await? {
        if only.is_none_or(|only| *only == session.id) && end(store, session, order).await? {
            ended += 1;
        }
    }
    Ok(ended)
}

async fn end(
    store: &dyn Store,
    mut session: SessionRecord,
    order: &Order,
) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        if is_ended(&session) {
            return Ok(false);
        }
        withdraw(store, &session).await?;
        let next = SessionRecord {
            state: json!({ ENDED: true }),
            ..session.clone()
        };
        let context = AuditEvent {
            detail: order.detail(),
            ..event(&session, AuditKind::SessionEnded)
        };
        if store.end_session(&next, &context).await? {
            return Ok(true);
        }
        match store.session(&session.customer, &session.id).await? {
            SessionFound::Found(found) => session = found,
            SessionFound::Absent | SessionFound::OtherCustomers => return Ok(false),
        }
    }
    Ok(false)
}

/// Withdraws what waits for a yes.
async fn withdraw(store: &dyn Store, session: &SessionRecord) -> Result<(), StoreError> {
    let state = serde_json::from_value::<DialogueState>(session.state.clone());
    let pending = state.ok().and_then(|state| state.pending);
    // A change that was proposed is nowhere but in the memory.
    let Some(pending) = pending.filter(|it| it.change.is_none()) else {
        return Ok(());
    };
    let (customer, id) = (&session.customer, &pending.confirmation);
    let context = event(session, AuditKind::Cancelled);
    if store.cancel(customer, id, &context).await? == CancelOutcome::NotOpen {
        let open = store.open_schedule(customer, id).await?;
        if open.is_some() {
            store.cancel_schedule(customer, id, &context).await?;
        }
    }
    Ok(())
}

fn event(session: &SessionRecord, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        kind,
        customer: session.customer.clone(),
        session: Some(session.id.clone()),
        turn: None,
        detail: Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_lasts_its_time_and_no_longer() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let life = SessionLife {
            idle: SignedDuration::from_mins(30),
            whole: SignedDuration::from_mins(120),
        };
        let record = |version, seen, state| SessionRecord {
            id: SessionId::new("ses").unwrap(),
            customer: CustomerId::new("ada").unwrap(),
            version,
            state,
            opened_at: at(0),
            last_seen_at: at(seen),
        };
        let state = || kept(&DialogueState::default(), at(100));
        let cases = [
            ("new", record(0, 100, json!({})), 100, None),
            ("at work", record(1, 100, state()), 129, Some(at(100))),
            ("silent", record(1, 100, state()), 130, None),
            ("long", record(9, 219, state()), 219, Some(at(100))),
            ("too long", record(9, 219, state()), 220, None),
            // Records from before say only when the conversation was opened.
            ("old record", record(9, 119, json!({})), 119, Some(at(0))),
            ("old record, over", record(9, 119, json!({})), 120, None),
            (
                "unreadable",
                record(1, 100, json!({"active": 7})),
                100,
                None,
            ),
        ];
        for (what, session, now, expected) in cases {
            let found = remembered(&session, life, at(now)).map(|(_, begun_at)| begun_at);
            assert_eq!(found, expected, "{what}");
        }
    }
}
