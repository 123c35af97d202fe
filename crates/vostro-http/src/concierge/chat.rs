//! `POST /api/v1/chat`: one message, one reply, as JSON or as server-sent events.

use axum::extract::{Extension, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use vostro_bank::ReplyEvent;
use vostro_dialogue::RawMessage;
use vostro_dialogue::reply::{ApprovedReply, Recorded};
use vostro_types::{CustomerId, SessionId};

use super::repeats::{self, Form, Repeatable};
use super::{State as Shared, stream, turns};
use crate::docs::{BodyFailures, Failures};
use crate::edge::{Caller, Edge};
use crate::extract::{Fields, FromFields, JsonBody, expect_chars};
use crate::idempotency::IdempotencyKey;
use crate::problem::Problem;

/// What a customer says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "message": "What's my account balance?",
    "session_id": "",
    "user_id": "test_user_12345"
}))]
#[allow(dead_code, reason = "the schema of what `ChatMessage` reads")]
pub(crate) struct ChatRequest {
    /// The message: not only white space, at most 10,000 characters, without U+0000.
    #[schema(
        min_length = 1,
        max_length = 10_000,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    message: String,
    /// The conversation to go on with; missing, empty or null opens a new one, whose id comes back.
    /// A conversation ends after 30 minutes without a message.
    #[schema(max_length = 128, nullable, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    session_id: Option<String>,
    /// Who speaks: 1 to 128 characters, no control characters. In the sandbox a user that nobody
    /// created gets a small demo portfolio with the first message.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    user_id: String,
}

/// The request, checked; the length of the message is a setting and checked by the handler.
pub(super) struct ChatMessage {
    text: String,
    session: Option<SessionId>,
    user: CustomerId,
}

impl FromFields for ChatMessage {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let text = fields.required_text(&["message"])?;
        if text.trim().is_empty() {
            return Err(Problem::invalid("`message` is empty"));
        }
        let session = fields
            .text(&["session_id"])?
            .filter(|id| !id.trim().is_empty());
        let session = session.map(SessionId::new).transpose();
        let user = CustomerId::new(fields.required_text(&["user_id"])?);
        Ok(Self {
            text: text.to_owned(),
            session: session.map_err(|error| Problem::invalid(format!("`session_id`: {error}")))?,
            user: user.map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?,
        })
    }
}

#[cfg(any(test, feature = "fuzzing"))]
impl ChatMessage {
    /// What was said, and by whom.
    pub(super) fn said(self) -> (String, String) {
        (self.text, self.user.into())
    }
}

/// Talk to the assistant
///
/// With `Accept: text/event-stream` the same turn comes as server-sent events (`progress`, `sentence`,
/// `card`, and at the end `done` with the whole reply), each as soon as it is ready, with an id `<turn_id>.<n>`
/// after which `GET /api/v1/chat/{turn_id}/events` resumes. Every sentence was approved before it is sent; put
/// together they are the reply's message, from the last `progress` with `"step":"replaced"` on if there is one.
/// A turn goes on when its client hangs up.
///
/// Messages of one session are answered one after the other. A money movement is first proposed and
/// then done on the customer's yes.
///
/// With an `Idempotency-Key` a message is answered once. Sent again with the same body within 24 hours,
/// to whichever replica, it gets the same answer (status and body, or the same events), marked by
/// `Idempotency-Replayed: true`. While the first is being answered the repetition waits up to two
/// seconds. Answers of 5xx, 408, 409 and 429 are not kept.
#[utoipa::path(
    post, path = "/api/v1/chat", operation_id = "chat", tag = "concierge",
    request_body(content = ChatRequest, content_type = "application/json"),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Names this request for repetitions: a string of 1 to 255 visible ASCII characters, with or without quotes, best a random UUID",
            max_length = 255, pattern = r#"^("([ !#-\[\]-~]|\\["\\])+"|[!#-+\--:<-\[\]-~]+)$"#,
            example = "\"8e03978e-40d5-43e2-bc93-6894a57f9324\""),
    ),
    responses(
        (status = 200, description = "The reply", headers(
            ("Idempotency-Replayed" = bool, description = "`true` when this is the answer to an earlier request of the same `Idempotency-Key`"),
        ), content(
            (ApprovedReply = "application/json", example = json!({
                "message": "Your Everyday Checking …4321 has a balance of $2,450.75.",
                "session_id": "ses_00041061050r3gg28a1c60t3gf",
                "timestamp": 1_703_347_200.25,
                "guardrails_passed": true,
                "turn_id": "trn_00041061050r3gg28a1c60t3gf",
                "intent": "check_balance",
                "commands": [],
                "slots": {},
                "out_of_scope": false,
                "cards": [],
                "citations": [],
                "receipts": []
            })),
            (stream::ServerSentEvent = "text/event-stream", example = json!({"event": "done", "id": "trn_00041061050r3gg28a1c60t3gf.1", "data": "{\"message\":\"…\"}"})),
        )),
        (status = 403, description = "The session is another user's, or there is no such customer", body = crate::problem::ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "Another message of this session was answered at the same time; or the `Idempotency-Key` was used for another body, or its request is still being answered (then with `Retry-After`)", body = crate::problem::ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records or the guardrails do not answer", body = crate::problem::ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn chat(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<JsonBody<ChatMessage>, Problem>,
) -> Result<Response, Problem> {
    let (message, body) = match body {
        Ok(JsonBody(message, body)) => (message, body),
        Err(problem) => {
            // Nobody is known to count this for but the caller.
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, message.user).await?;
    expect_chars(
        "message",
        &message.text,
        edge.settings().sizes.message_chars,
    )?;
    let key = IdempotencyKey::of(&headers)?;
    let message = RawMessage {
        text: message.text,
        session: message.session,
    };
    let as_stream = stream::is_wanted(&headers);
    if let Some(key) = key {
        let repeatable = Repeatable {
            key,
            body,
            principal,
            message,
            operation: "chat".to_owned(),
            form: if as_stream { Form::Events } else { Form::Whole },
        };
        return repeats::answer(&(edge, service), repeatable).await;
    }
    let state = (edge.clone(), service);
    if as_stream {
        let heard = turns::begin_heard(state, principal, message, None)?;
        return stream::of_turn(&edge, heard).await;
    }
    let turn = turns::begin(state, principal, message, None)?;
    whole_of(&waited_for(&edge, turn).await?.events)
}

/// A turn that is waited for, as long as one may take.
pub(super) async fn waited_for(edge: &Edge, turn: turns::Turn) -> Result<Recorded, Problem> {
    let result = tokio::time::timeout(edge.settings().deadlines.turn, turn).await;
    turns::ended(result.map_err(|_| too_slow())?)
}

/// The reply as one JSON object: the data of its last event, as it was recorded.
pub(super) fn whole_of(events: &[ReplyEvent]) -> Result<Response, Problem> {
    let done = events.iter().rfind(|event| event.event == "done");
    let done = done.ok_or_else(Problem::internal)?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, json)], done.data.as_str().to_owned()).into_response())
}

/// The turn goes on; it is only its client that is answered.
pub(super) fn too_slow() -> Problem {
    Problem::timeout(
        "the reply takes too long; it is still worked on, and part of the session then",
    )
}
