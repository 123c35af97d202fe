//! `POST /api/v1/channels/{channel}/messages`: a customer's message, brought by a channel's gateway.
//!
//! The gateway signs, the bank has said whose the address is, and the rest is the turn of everywhere: limits,
//! confirmation and second factor are the customer's. The answer here only says that the message was taken; the
//! reply is owed to the channel from the turn's transaction on (`vostro_bank::Channels`). A message's id is answered
//! once, however often it is sent: it is an idempotency key.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use vostro_channels::{Channel, Inbound, Received, Refusal};
use vostro_dialogue::RawMessage;

use super::super::State as Shared;
use super::super::repeats::{self, Form, Repeatable};
use super::super::turns::store_problem;
use super::named;
use crate::docs::{BodyFailures, Failures};
use crate::edge::{Caller, Edge};
use crate::extract::{RawBody, expect_chars};
use crate::idempotency::IdempotencyKey;
use crate::problem::{ErrorBody, Problem};

/// What a gateway of the generic kind sends; another kind of channel sends what its adapter reads.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "type": "message.received",
    "data": {"from": "+15550100", "text": "What's my account balance?"}
}))]
#[allow(dead_code, reason = "the schema of what an adapter reads")]
pub(crate) struct ChannelMessage {
    /// `message.received`, or `ping`, which only asks whether the signature is good and has no `data`.
    r#type: String,
    /// The message.
    data: Option<ChannelMessageData>,
}

/// A customer's message.
#[derive(Debug, Deserialize, ToSchema)]
#[allow(dead_code, reason = "the schema of what an adapter reads")]
pub(crate) struct ChannelMessageData {
    /// The address that it came from, as the channel writes it.
    #[schema(max_length = 128)]
    from: String,
    /// What the customer wrote.
    #[schema(max_length = 10_000)]
    text: String,
}

/// The message was taken. Its reply goes to the channel's address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "turn_id": "trn_00041061050r3gg28a1c60t3gf", "session_id": "ses_00041061050r3gg28a1c60t3gf"
}))]
pub(crate) struct ChannelAccepted {
    /// The turn that answers it, named again with the reply; null where there was nothing to answer.
    turn_id: Option<String>,
    /// The conversation that it is part of.
    session_id: Option<String>,
}

/// What is answered where the whole reply goes another way.
pub(in super::super) fn accepted(reply: &Value) -> impl IntoResponse + use<> {
    let member = |name: &str| reply[name].as_str().map(str::to_owned);
    let taken = ChannelAccepted {
        turn_id: member("turn_id"),
        session_id: member("session_id"),
    };
    (StatusCode::ACCEPTED, Json(taken))
}

/// Bring a customer's message from a channel
///
/// For a channel's gateway. The generic kind signs as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`,
/// `webhook-signature`), with the secret of the channel's `inbound`. The same `webhook-id` sent again within 24 hours
/// is not answered again; 202 then has `Idempotency-Replayed: true`. The reply, and what a colleague of the bank
/// writes, is sent to the channel's `url`, at least once, as a webhook of type `message.reply`.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel}/messages", operation_id = "bringMessage", tag = "channels",
    request_body(content = ChannelMessage, content_type = "application/json"),
    params(
        ("channel" = String, Path, description = "The channel, as the configuration names it", example = "sms"),
        ("webhook-id" = Option<String>, Header, description = "The message's id, of 1 to 255 visible ASCII characters", max_length = 255, pattern = "^[!-~]+$"),
        ("webhook-timestamp" = Option<String>, Header, description = "When it was signed, in Unix seconds; at most five minutes from now", pattern = "^[0-9]+$"),
        ("webhook-signature" = Option<String>, Header, description = "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`", max_length = 1024, pattern = "^[ -~]*$"),
    ),
    responses(
        (status = 202, description = "The message was taken, now or before", headers(
            ("Idempotency-Replayed" = bool, description = "`true` when a message of this id was taken before"),
        ), body = ChannelAccepted),
        (status = 403, description = "No signature is good, or its time is too far from now; or the conversation was ended by the bank", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such channel, or the address is not linked to a customer", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "The id was used for another message, or its message is still being answered (then with `Retry-After`); or another message of this conversation was answered at the same time", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records or the guardrails do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(in super::super) async fn message(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    channel: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<RawBody, Problem>,
) -> Result<Response, Problem> {
    let (edge, service) = &shared;
    let read = named(service, channel)
        .and_then(|channel| body.map(|RawBody(body)| (channel, body)))
        .map_err(|problem| (problem, false))
        .and_then(|(channel, body)| {
            let read = read(edge, channel.as_ref(), &headers, &body)?;
            Ok((channel, read))
        });
    let (channel, inbound) = match read {
        Ok(read) => read,
        Err((problem, is_forged)) => {
            edge.admit_caller(&caller).await?;
            return Err(if is_forged {
                edge.counted_as_refused(&caller, problem).await
            } else {
                problem
            });
        }
    };
    let Some(inbound) = inbound else {
        return Ok(accepted(&Value::Null).into_response());
    };
    let link = service.store.channel_link(channel.name(), &inbound.address);
    let link = link.await.map_err(|error| store_problem(&error))?;
    let link = link.ok_or(Problem::not_found(
        "this address is not linked to a customer",
    ))?;
    let principal = edge.principal_of_channel(&caller, link.customer).await?;
    expect_chars("text", &inbound.text, edge.settings().sizes.message_chars)?;
    let said = format!("{}\n{}", inbound.address, inbound.text);
    let repeatable = Repeatable {
        key: IdempotencyKey::of_message(&inbound.id),
        body: Bytes::from(said),
        principal,
        message: RawMessage {
            text: inbound.text,
            session: Some(link.session),
        },
        operation: format!("channel {}", channel.name()),
        form: Form::Receipt,
    };
    repeats::answer(&shared, repeatable).await
}

/// Reads what a gateway sent; the problem, and whether it speaks against who sent it.
fn read(
    edge: &Edge,
    channel: &dyn Channel,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<Inbound>, (Problem, bool)> {
    let received = Received {
        headers,
        body,
        now: edge.instant(),
    };
    channel.read(&received).map_err(|refusal| {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Unverified(_) => (Problem::forbidden(detail), true),
            Refusal::Unreadable(_) => (Problem::bad_request(detail), false),
            Refusal::Invalid(_) => (Problem::invalid(detail), false),
        }
    })
}
