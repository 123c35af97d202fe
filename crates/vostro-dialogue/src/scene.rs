//! Where a turn takes place: the customer's portfolio and the conversation so far, read once.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use vostro_bank::{FactorMethod, HandOffStatus, Portfolio, SessionFound, SessionRecord};
use vostro_types::{CustomerId, HandOffId, Money, SessionId};

use crate::concierge::{Concierge, TurnError};
use crate::decide::StepUpPolicy;
use crate::sessions::{is_ended, remembered};
use crate::state::DialogueState;

/// What a turn is played against.
#[derive(Debug)]
pub(crate) struct Scene {
    /// When the message came.
    pub now: Timestamp,
    /// That day in the bank's time zone.
    pub today: Date,
    /// The customer's accounts, payees and billers.
    pub portfolio: Arc<Portfolio>,
    /// The conversation's memory before this turn.
    pub state: DialogueState,
    /// Whether that memory was begun with this turn.
    pub afresh: bool,
    /// When that memory was begun.
    pub begun_at: Timestamp,
    /// The person who has the conversation.
    pub person: Option<HandOffId>,
    /// When a second factor is needed: one policy for the whole turn.
    pub step_up: Arc<StepUpPolicy>,
    /// The second factor that the customer can give, where the policy can ask for one.
    pub factor: Option<FactorMethod>,
    /// What the customer sent to others today, where the policy asks.
    pub sent_today: Option<Money>,
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
        let opening = concierge.store.opening(customer, session.as_ref()).await?;
        let portfolio = match opening.portfolio {
            Some(portfolio) => portfolio,
            None => Arc::new(open_demo(concierge, customer).await?),
        };
        let id = session.unwrap_or_else(|| SessionId::generate(&*concierge.entropy));
        let session = match opening.session {
            SessionFound::Absent => new_session(customer, id, now),
            SessionFound::Found(session) => session,
            SessionFound::OtherCustomers => return Err(TurnError::ForeignSession),
        };
        if is_ended(&session) {
            return Err(TurnError::SessionEnded);
        }
        let kept = remembered(&session, concierge.settings.session_life, now);
        let person = person(concierge, &session).await?;
        let afresh = kept.is_none();
        let (state, begun_at) = kept.unwrap_or_else(|| (DialogueState::default(), now));
        let today = concierge.settings.calendar.day(now);
        let step_up = concierge.step_up();
        let factor = factor(concierge, &step_up, customer).await?;
        let sent_today = match step_up.per_day {
            Some(_) => Some(concierge.store.sent_today(customer).await?),
            None => None,
        };
        Ok(Self {
            now,
            today,
            portfolio,
            state,
            afresh,
            begun_at,
            person,
            step_up,
            factor,
            sent_today,
            session,
        })
    }
}

/// How this customer can give a second factor; a code before an approval.
async fn factor(
    concierge: &Concierge,
    policy: &StepUpPolicy,
    customer: &CustomerId,
) -> Result<Option<FactorMethod>, TurnError> {
    if !policy.is_active() {
        return Ok(None);
    }
    if concierge.codes.is_some() && concierge.store.factor_secret(customer).await?.is_some() {
        return Ok(Some(FactorMethod::Code));
    }
    Ok(concierge
        .settings
        .approvals
        .then_some(FactorMethod::Approval))
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

/// The portfolio of a customer whom nobody created, where the settings allow it.
async fn open_demo(concierge: &Concierge, customer: &CustomerId) -> Result<Portfolio, TurnError> {
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
