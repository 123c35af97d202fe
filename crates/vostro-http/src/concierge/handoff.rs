//! `GET /api/v1/chat/handoff`: a customer's side of a hand-off, for a page that waits for a person's words.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vostro_types::{CustomerId, SessionId};

use super::State as Shared;
use super::desk::MessageView;
use super::turns::store_problem;
use crate::docs::Failures;
use crate::edge::Caller;
use crate::problem::{ErrorBody, Problem};

/// The most messages in one answer.
const MOST: u32 = 200;

/// Which conversation, and from where on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct HandoffQuery {
    /// Whose conversation it is (outside the sandbox, the customer of the credential).
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "test_user_12345"
    )]
    user_id: String,
    /// The conversation.
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "ses_00041061050r3gg28a1c60t3gf"
    )]
    session_id: String,
    /// Only messages after this number.
    #[param(required = false)]
    after: Option<u32>,
}

/// How a conversation stands with the bank's people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "reference": "hnd_00041061050r3gg28a1c60t3gf", "status": "claimed",
    "messages": [{"number": 1, "sender": "colleague", "text": "Hello, this is Anna.", "at": "2026-11-20T14:00:00Z"}]
}))]
pub(super) struct CustomerHandoff {
    /// The reference that the customer was given.
    reference: String,
    /// `waiting`: in the queue, the assistant still answers. `claimed`: a person has it, the assistant is
    /// silent. `closed`: over, the assistant answers again.
    status: &'static str,
    /// The messages between customer and person after the one that was named.
    messages: Vec<MessageView>,
}

/// A conversation's hand-off
///
/// For the customer's page: ask again every few seconds while it is not closed. A conversation that was
/// never handed off, or is another user's, is 404.
#[utoipa::path(
    get, path = "/api/v1/chat/handoff", operation_id = "chatHandoff", tag = "concierge",
    params(HandoffQuery),
    responses(
        (status = 200, description = "How it stands", body = CustomerHandoff),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "This user has no such conversation in the queue", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`user_id` or `session_id` is missing", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn handoff(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<HandoffQuery>, QueryRejection>,
) -> Result<Json<CustomerHandoff>, Problem> {
    let (customer, session, after) = match read(query.ok()) {
        Ok(read) => read,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, customer).await?;
    let store = &service.store;
    let found = store.hand_off_of(&principal.customer, &session).await;
    let found = found
        .map_err(|error| store_problem(&error))?
        .ok_or(Problem::not_found(
            "this user has no such conversation in the queue",
        ))?;
    let messages = store.hand_off_messages(&found.id, after, MOST).await;
    let messages = messages.map_err(|error| store_problem(&error))?;
    Ok(Json(CustomerHandoff {
        reference: found.id.into(),
        status: found.status.as_str(),
        messages: messages.into_iter().map(MessageView::from).collect(),
    }))
}

fn read(query: Option<Query<HandoffQuery>>) -> Result<(CustomerId, SessionId, u32), Problem> {
    let Query(query) = query.ok_or(Problem::bad_request("the query cannot be read"))?;
    let customer = CustomerId::new(query.user_id)
        .map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?;
    let session = SessionId::new(query.session_id)
        .map_err(|error| Problem::invalid(format!("`session_id`: {error}")))?;
    Ok((customer, session, query.after.unwrap_or(0)))
}
