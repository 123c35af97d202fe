//! `POST /api/v1/admin/customers/erase` and `…/end-sessions`: what an operator does for one customer while the server runs.
//!
//! A server over `SQLite` holds its file alone, so what writes goes through it; over `PostgreSQL` the command line does the
//! same beside it. The customer stands in the body, since paths end up in logs. Each order is on the audit trail with who gave it
//! and why. Giving data out is the command line's (`vostro customer export`), which reads beside any server.

use axum::Json;
use axum::extract::{Extension, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_bank::{AuditEvent, AuditKind, EraseOutcome};
use vostro_dialogue::end_sessions;
use vostro_types::{CustomerId, SessionId};

use super::State as Shared;
use super::money_requests::{Decision, OperatorName, Reason};
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// An order for one customer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"user_id": "test_user_12345", "by": "anna", "reason": "request of 3 March"}))]
#[allow(dead_code, reason = "the schema of what `EraseOrder` reads")]
pub(crate) struct EraseRequest {
    #[schema(inline)]
    user_id: CustomerName,
    #[schema(inline)]
    by: OperatorName,
    #[schema(inline)]
    reason: Reason,
}

/// An order to end a customer's conversations.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"user_id": "test_user_12345", "by": "anna", "reason": "telephone stolen"}))]
#[allow(dead_code, reason = "the schema of what `EndOrder` reads")]
pub(crate) struct EndSessionsRequest {
    #[schema(inline)]
    user_id: CustomerName,
    /// Only this conversation; null or missing: all of them.
    #[schema(
        min_length = 1,
        max_length = 128,
        nullable,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    session_id: Option<String>,
    #[schema(inline)]
    by: OperatorName,
    #[schema(inline)]
    reason: Reason,
}

/// The customer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 128,
    pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
)]
#[allow(dead_code, reason = "the schema of what `EraseOrder` reads")]
struct CustomerName(String);

/// That a customer was erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"erased": true}))]
pub(crate) struct Erased {
    /// Always true: what is refused is a problem.
    erased: bool,
}

/// How many conversations were ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"ended": 2}))]
pub(crate) struct Ended {
    /// Those that had ended before are not counted.
    ended: u64,
}

/// Who is to be erased, as the request says.
pub(super) struct EraseOrder {
    customer: CustomerId,
    decision: Decision,
}

impl FromFields for EraseOrder {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let customer = CustomerId::new(fields.required_text(&["user_id"])?);
        Ok(Self {
            customer: customer.map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?,
            decision: Decision::from_fields(fields)?,
        })
    }
}

/// Whose conversations are to end, as the request says.
pub(super) struct EndOrder {
    order: EraseOrder,
    only: Option<SessionId>,
}

impl FromFields for EndOrder {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let only = fields.text(&["session_id"])?.map(SessionId::new);
        let only = only.transpose();
        Ok(Self {
            only: only.map_err(|error| Problem::invalid(format!("`session_id`: {error}")))?,
            order: EraseOrder::from_fields(fields)?,
        })
    }
}

/// Erase a customer's personal data
///
/// For the bank's back office. Names, contact details, payees, conversations and the particulars of the audit trail go; what
/// bookkeeping law keeps stays, under the bank's id. Refused while a transfer is not final or funds are set aside. Ordered
/// again it is done again, and erases what came since.
#[utoipa::path(
    post, path = "/api/v1/admin/customers/erase", operation_id = "eraseCustomer", tag = "admin",
    request_body(content = EraseRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "It is done", body = Erased),
        (status = 404, description = "There is no such customer", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "A transfer is not final, or funds are set aside; nothing was erased", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn erase(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<EraseOrder>,
) -> Result<Json<Erased>, Problem> {
    let event = AuditEvent {
        kind: AuditKind::CustomerErased,
        customer: asked.customer.clone(),
        session: None,
        turn: None,
        detail: asked.decision.signed(&caller)?.detail(),
    };
    let outcome = shared.1.store.erase_customer(&asked.customer, &event).await;
    match outcome.map_err(|error| store_problem(&error))? {
        EraseOutcome::Erased => Ok(Json(Erased { erased: true })),
        EraseOutcome::Unknown => Err(Problem::not_found("there is no such customer")),
        EraseOutcome::Unsettled => Err(Problem::conflict(
            "nothing was erased: a transfer is not final yet, or funds are set aside",
        )),
    }
}

/// End a customer's conversations
///
/// For the bank's back office: a telephone was stolen, say. What waits in them cannot be confirmed any more, and no further
/// message is taken in them. What was posted stays posted.
#[utoipa::path(
    post, path = "/api/v1/admin/customers/end-sessions", operation_id = "endSessions", tag = "admin",
    request_body(content = EndSessionsRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How many were ended", body = Ended),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn end(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<EndOrder>,
) -> Result<Json<Ended>, Problem> {
    let order = asked.order.decision.signed(&caller)?;
    let (store, customer) = (shared.1.store.as_ref(), &asked.order.customer);
    let ended = end_sessions(store, customer, asked.only.as_ref(), &order).await;
    Ok(Json(Ended {
        ended: ended.map_err(|error| store_problem(&error))?,
    }))
}
