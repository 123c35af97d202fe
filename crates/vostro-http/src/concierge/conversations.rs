//! `GET /api/v1/conversations`: a customer's conversations, and the turns of one.
//!
//! What the customer said is told as it is kept: with personal data masked. The replies are told as they were.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use vostro_dialogue::reply::ApprovedReply;
use vostro_types::{CustomerId, SessionId};

use super::State as Shared;
use super::turns::store_problem;
use crate::docs::Failures;
use crate::edge::Caller;
use crate::problem::{ErrorBody, Problem};

/// The most conversations that are told.
const CONVERSATIONS_MAX: u32 = 100;
/// Turns of one page.
const TURNS: u32 = 200;

/// Whose conversations, and how many.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ListParameters {
    /// Whose they are (outside the sandbox, the customer of the credential).
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "test_user_12345"
    )]
    user_id: String,
    /// The most wanted, 1 to 100; 50 when it is not said.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Whose conversation, and from where on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct TurnParameters {
    /// Whose it is (outside the sandbox, the customer of the credential).
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "test_user_12345"
    )]
    user_id: String,
    /// Only turns after this one: the `next` of the page before.
    #[param(required = false, minimum = 0)]
    after: Option<u64>,
}

/// A customer's conversations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConversationList {
    /// The one with the latest message first.
    conversations: Vec<Conversation>,
}

/// A conversation in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Conversation {
    /// What to send as `session_id` to go on with it.
    #[schema(value_type = String)]
    session_id: SessionId,
    /// Its first message, personal data masked.
    title: String,
    /// When it was opened: Unix seconds.
    opened_at: f64,
    /// When it last had a message: Unix seconds.
    last_seen_at: f64,
}

/// Turns of a conversation, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConversationPage {
    /// At most 200 turns.
    turns: Vec<ConversationTurn>,
    /// What to give as `after` for the next page; null on the last.
    next: Option<u64>,
}

/// A turn of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConversationTurn {
    /// The turn.
    turn_id: String,
    /// When the message came: Unix seconds.
    at: f64,
    /// What the customer said, personal data masked.
    message: String,
    /// What was replied.
    #[schema(value_type = ApprovedReply)]
    reply: Value,
}

/// A customer's conversations
#[utoipa::path(
    get, path = "/api/v1/conversations", operation_id = "conversations", tag = "concierge",
    params(ListParameters),
    responses(
        (status = 200, description = "The conversations; none is an empty list", body = ConversationList),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`user_id` is missing, or `limit` is out of range", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn conversations(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<ListParameters>, QueryRejection>,
) -> Result<Json<ConversationList>, Problem> {
    let (customer, limit) = match read_list(query.ok()) {
        Ok(read) => read,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, customer).await?;
    let found = service
        .store
        .conversations(&principal.customer, limit)
        .await;
    let found = found.map_err(|error| store_problem(&error))?;
    let conversations = found.into_iter().map(|found| Conversation {
        session_id: found.session,
        title: found.first_message_masked,
        opened_at: found.opened_at.as_duration().as_secs_f64(),
        last_seen_at: found.last_seen_at.as_duration().as_secs_f64(),
    });
    Ok(Json(ConversationList {
        conversations: conversations.collect(),
    }))
}

/// The turns of a conversation
///
/// A conversation that is not there, or is another user's, is 404.
#[utoipa::path(
    get, path = "/api/v1/conversations/{session_id}", operation_id = "conversation", tag = "concierge",
    params(
        ("session_id" = String, Path, description = "The conversation", example = "ses_00041061050r3gg28a1c60t3gf"),
        TurnParameters,
    ),
    responses(
        (status = 200, description = "A page of its turns", body = ConversationPage),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "This user has no such conversation", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`user_id` is missing", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn conversation(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<TurnParameters>, QueryRejection>,
) -> Result<Json<ConversationPage>, Problem> {
    let (customer, session, after) = match read_turns(path.ok(), query.ok()) {
        Ok(read) => read,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, customer).await?;
    let customer = &principal.customer;
    let found = service.store.conversation(customer, &session, after, TURNS);
    let found = found.await.map_err(|error| store_problem(&error))?;
    let found = found.ok_or_else(not_found)?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count >= TURNS);
    let next = found.last().map(|turn| turn.version).filter(|_| is_full);
    let turns = found.into_iter().map(|turn| ConversationTurn {
        turn_id: turn.id.as_str().to_owned(),
        at: turn.at.as_duration().as_secs_f64(),
        message: turn.message_masked,
        reply: turn.reply,
    });
    Ok(Json(ConversationPage {
        turns: turns.collect(),
        next,
    }))
}

fn not_found() -> Problem {
    Problem::not_found("this user has no such conversation")
}

fn customer(user_id: String) -> Result<CustomerId, Problem> {
    CustomerId::new(user_id).map_err(|error| Problem::invalid(format!("`user_id`: {error}")))
}

fn read_list(query: Option<Query<ListParameters>>) -> Result<(CustomerId, u32), Problem> {
    let Query(query) = query.ok_or(Problem::bad_request("the query cannot be read"))?;
    let limit = query.limit.unwrap_or(50);
    if !(1..=CONVERSATIONS_MAX).contains(&limit) {
        return Err(Problem::invalid(format!(
            "`limit` is from 1 to {CONVERSATIONS_MAX}"
        )));
    }
    Ok((customer(query.user_id)?, limit))
}

fn read_turns(
    path: Option<Path<String>>,
    query: Option<Query<TurnParameters>>,
) -> Result<(CustomerId, SessionId, u64), Problem> {
    let Query(query) = query.ok_or(Problem::bad_request("the query cannot be read"))?;
    let customer = customer(query.user_id)?;
    let session = path.and_then(|Path(session)| SessionId::new(session).ok());
    Ok((
        customer,
        session.ok_or_else(not_found)?,
        query.after.unwrap_or(0),
    ))
}
