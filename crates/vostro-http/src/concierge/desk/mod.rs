//! `/api/v1/desk/…`: the queue of conversations for people, as the bank's colleagues work on it, and how
//! conversations go.
//!
//! Who may ask is the table's (`Rule::Admin`). Who a colleague is, is what their credential says; with the
//! sandbox's shared secret, what they say. Customers see none of this; their side is `concierge/handoff.rs`.

pub(super) mod briefing;
pub(super) mod claim;
pub(super) mod close;
pub(super) mod insights;
pub(super) mod list;
pub(super) mod one;
mod questions;
pub(super) mod reply;
pub(super) mod turns;

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use vostro_bank::{HandOff, HandOffChange, HandOffMessage, StoreError};
use vostro_types::HandOffId;

use super::turns::store_problem;
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, expect_chars};
use crate::problem::Problem;

/// The most characters of a colleague's name.
const MOST_NAME: usize = 64;

/// A conversation in the queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "hnd_00041061050r3gg28a1c60t3gf", "session_id": "ses_00041061050r3gg28a1c60t3gf",
    "customer_id": "test_user_12345", "reason": "fraud", "priority": 0, "status": "waiting",
    "summary": {"flow": "report_card", "said": "my card was stolen", "slots": {"card": "Debit Card (…4321)"}},
    "opened_at": "2026-11-20T14:00:00Z", "messages": 0
}))]
pub(super) struct HandOffView {
    /// Its id: the reference that the customer was given.
    id: String,
    /// The conversation.
    session_id: String,
    /// Whose it is.
    customer_id: String,
    /// Why a person was called.
    reason: String,
    /// How urgent: 0 is first.
    priority: u8,
    /// `waiting`, `claimed` or `closed`.
    status: &'static str,
    /// What to know first: the flow, the slots that were filled, the customer's words; personal data masked.
    #[schema(value_type = Object)]
    summary: Value,
    /// Who has it, or had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    colleague: Option<String>,
    /// When it was put in the queue.
    #[schema(format = DateTime)]
    opened_at: String,
    /// When it was claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    claimed_at: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// How it was closed: `resolved` or `given_back`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    /// How many messages its thread has.
    messages: u32,
}

impl From<HandOff> for HandOffView {
    fn from(it: HandOff) -> Self {
        Self {
            id: it.id.into(),
            session_id: it.session.into(),
            customer_id: it.customer.into(),
            reason: it.reason,
            priority: it.priority,
            status: it.status.as_str(),
            summary: it.summary,
            colleague: it.colleague,
            opened_at: it.opened_at.to_string(),
            claimed_at: it.claimed_at.map(|at| at.to_string()),
            closed_at: it.closed_at.map(|at| at.to_string()),
            ended: it.ended,
            messages: it.messages,
        }
    }
}

/// A message between customer and colleague.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageView {
    /// Its place in the thread, from 1.
    pub(super) number: u32,
    /// `customer` or `colleague`.
    pub(super) sender: &'static str,
    /// What it says, personal data masked.
    pub(super) text: String,
    /// When.
    #[schema(format = DateTime)]
    pub(super) at: String,
}

impl From<HandOffMessage> for MessageView {
    fn from(it: HandOffMessage) -> Self {
        Self {
            number: it.number,
            sender: it.sender.as_str(),
            text: it.text,
            at: it.at.to_string(),
        }
    }
}

/// Who orders something.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(example = json!({"by": "anna"}))]
#[allow(dead_code, reason = "the schema of what `Colleague` reads")]
pub(super) struct ByRequest {
    #[schema(inline)]
    by: ColleagueName,
}

/// The colleague, on one line; outside the sandbox the name of the credential.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 64,
    pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
)]
#[allow(dead_code, reason = "the schema of what `Colleague` reads")]
pub(super) struct ColleagueName(String);

/// Who orders something, as the request says.
pub(super) struct Colleague(Option<String>);

impl FromFields for Colleague {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self(fields.text(&["by"])?.map(str::to_owned)))
    }
}

impl Colleague {
    /// The colleague's name, checked: the credential's where it has one.
    pub(super) fn signed(self, caller: &Caller) -> Result<String, Problem> {
        let by = caller.identity.signs(self.0.as_deref())?;
        let by = by.trim();
        expect_chars("by", by, MOST_NAME)?;
        if by.is_empty() || by.chars().any(char::is_control) {
            return Err(Problem::invalid("`by` is a name on one line"));
        }
        Ok(by.to_owned())
    }
}

fn not_found() -> Problem {
    Problem::not_found("there is no such hand-off")
}

fn named(id: Result<Path<String>, PathRejection>) -> Result<HandOffId, Problem> {
    let id = id.ok().and_then(|Path(id)| HandOffId::new(id).ok());
    id.ok_or_else(not_found)
}

/// How an entry stands after an order.
fn changed(change: Result<HandOffChange, StoreError>) -> Result<Json<HandOffView>, Problem> {
    match change.map_err(|error| store_problem(&error))? {
        HandOffChange::Changed(it) => Ok(Json((*it).into())),
        HandOffChange::Conflict(it) => Err(Problem::conflict(match it.colleague {
            Some(by) => format!("the hand-off is {}, by {by}", it.status.as_str()),
            None => format!("the hand-off is {}; claim it first", it.status.as_str()),
        })),
        HandOffChange::Absent => Err(not_found()),
    }
}
