//! Where a turn takes place: the customer's portfolio and the conversation so far, read once.

use jiff::Timestamp;
use jiff::civil::Date;
use vostro_bank::{HandOffStatus, Portfolio, SessionFound, SessionRecord};
use vostro_types::{CustomerId, HandOffId, SessionId};

use crate::concierge::{Concierge, TurnError};
use crate::state::DialogueState;

/// What a turn is played against.
#[derive(Debug)]
pub(crate) struct Scene {
    /// When the message came.
    pub now: Timestamp,
    /// That day in the bank's time zone.
    pub today: Date,
    /// The customer's accounts, payees and billers.
    pub portfolio: Portfolio,
    /// The conversation's memory before this turn.
    pub state: DialogueState,
    /// Whether that memory was begun with this turn.
    pub afresh: bool,
    /// The person who has the conversation.
    pub person: Option<HandOffId>,
    /// The session as stored, its state aside.
    pub session: SessionRecord,
}

impl Scene {
    /// Reads portfolio and session, opening either where the settings allow it.
    pub(crate) async fn open(
        concierge: &Concierge,
        customer: &CustomerId,
        session: Option<SessionId>,
    ) -> Result<Self, TurnError> {
        let now = concierge.clock.now();
        let portfolio = portfolio(concierge, customer).await?;
        let session = match session {
            Some(id) => find_session(concierge, customer, id, now).await?,
            None => new_session(customer, SessionId::generate(&*concierge.entropy), now),
        };
        let idle = now.duration_since(session.last_seen_at);
        // A state that an older version wrote and this one cannot read is a conversation begun
        // afresh; what was confirmed and posted stands in the ledger all the same.
        let kept = if session.version == 0 || idle >= concierge.settings.session_idle {
            None
        } else {
            serde_json::from_value(session.state.clone()).ok()
        };
        let person = person(concierge, &session).await?;
        let afresh = kept.is_none();
        let state = kept.unwrap_or_default();
        let today = concierge.settings.calendar.day(now);
        Ok(Self {
            now,
            today,
            portfolio,
            state,
            afresh,
            person,
            session,
        })
    }
}

/// Whether a person has this conversation, asked only where one was ever called.
async fn person(
    concierge: &Concierge,
    session: &SessionRecord,
) -> Result<Option<HandOffId>, TurnError> {
    let called = session.state.get("handed_off");
    if called.and_then(serde_json::Value::as_bool) != Some(true) {
        return Ok(None);
    }
    let found = concierge
        .store
        .hand_off_of(&session.customer, &session.id)
        .await?;
    let claimed = found.filter(|it| it.status == HandOffStatus::Claimed);
    Ok(claimed.map(|it| it.id))
}

async fn portfolio(concierge: &Concierge, customer: &CustomerId) -> Result<Portfolio, TurnError> {
    if let Some(portfolio) = concierge.store.portfolio(customer).await? {
        return Ok(portfolio);
    }
    if !concierge.settings.open_unknown_customers {
        return Err(TurnError::UnknownCustomer);
    }
    concierge.store.open_demo_customer(customer).await?;
    concierge
        .store
        .portfolio(customer)
        .await?
        .ok_or(TurnError::UnknownCustomer)
}

async fn find_session(
    concierge: &Concierge,
    customer: &CustomerId,
    id: SessionId,
    now: Timestamp,
) -> Result<SessionRecord, TurnError> {
    match concierge.store.session(customer, &id).await? {
        SessionFound::Absent => Ok(new_session(customer, id, now)),
        SessionFound::Found(session) => Ok(session),
        SessionFound::OtherCustomers => Err(TurnError::ForeignSession),
    }
}

fn new_session(customer: &CustomerId, id: SessionId, now: Timestamp) -> SessionRecord {
    SessionRecord {
        id,
        customer: customer.clone(),
        version: 0,
        state: serde_json::Value::Object(serde_json::Map::new()),
        opened_at: now,
        last_seen_at: now,
    }
}
