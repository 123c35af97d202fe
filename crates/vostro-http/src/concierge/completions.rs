//! `POST /v1/chat/completions` and `GET /v1/models`: the concierge for clients that speak `OpenAI`'s chat interface.
//!
//! A request is one turn of a conversation: its last user message. What a client repeats of earlier messages is
//! not read as memory, the session has that; system prompts and tools of a client are ignored, since a client
//! does not instruct the bank's assistant. The session is the one that `metadata.session_id` or `X-Session-Id`
//! names; without either, the customer's conversation whose last reply the client repeats as the assistant's
//! last message; and else a new one. So what a "yes" confirms is what that client showed.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use vostro_dialogue::RawMessage;
use vostro_dialogue::reply::{ApprovedReply, Recorded};
use vostro_types::{CustomerId, SessionId};

use super::turns::{self, store_problem};
use super::{State as Shared, chunks};
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody, expect_chars};
use crate::problem::{ErrorBody, Problem};

/// The one model there is.
pub(super) const MODEL: &str = "vostro";
/// Messages of one request; only the last ones are looked at.
const MESSAGES_MAX: usize = 1_000;
/// Among how many conversations the one is looked for that a client goes on with.
const CONVERSATIONS: u32 = 5;
/// Turns that are read of each.
const TURNS: u32 = 200;

/// A chat, as `OpenAI`'s interface has it. Members that are not named here are ignored.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "model": "vostro",
    "user": "test_user_12345",
    "messages": [{"role": "user", "content": "What's my account balance?"}]
}))]
#[allow(dead_code, reason = "the schema of what `CompletionMessage` reads")]
pub(crate) struct CompletionRequest {
    /// Any text: there is one model, `vostro`.
    model: Option<String>,
    /// The conversation so far; the last message is the user's.
    #[schema(min_items = 1, max_items = 1_000)]
    messages: Vec<CompletionTurn>,
    /// Who speaks: 1 to 128 characters, no control characters.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    user: String,
    /// Whether the answer comes as server-sent events.
    #[schema(default = false, nullable)]
    stream: Option<bool>,
    /// `session_id` names the conversation to go on with, as the header `X-Session-Id` does.
    #[schema(value_type = Option<Object>, example = json!({"session_id": ""}))]
    metadata: Option<Value>,
}

/// A message of the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[allow(dead_code, reason = "the schema of what `CompletionMessage` reads")]
pub(crate) struct CompletionTurn {
    /// `user`, `assistant`, or another that is ignored.
    #[schema(example = "user")]
    role: String,
    /// A text, or a list of parts of which those of type `text` count.
    #[schema(value_type = String, example = "What's my account balance?")]
    content: Value,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Completion {
    /// `chatcmpl-` and the turn's id.
    id: String,
    /// `chat.completion`.
    object: &'static str,
    /// Unix seconds.
    created: i64,
    /// `vostro`.
    model: &'static str,
    /// Exactly one.
    choices: Vec<CompletionChoice>,
    /// The reply of `POST /api/v1/chat`: session, cards, citations, receipts.
    vostro: ApprovedReply,
}

/// The one choice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionChoice {
    /// 0.
    index: u32,
    /// The reply.
    message: CompletionReply,
    /// `stop`, or `content_filter` when the guardrails did not let the message through.
    finish_reason: &'static str,
}

/// The reply as a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionReply {
    /// `assistant`.
    role: &'static str,
    /// What to tell the customer.
    content: String,
}

/// The models there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelList {
    /// `list`.
    object: &'static str,
    /// Exactly one.
    data: Vec<Model>,
}

/// The assistant as a model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Model {
    /// `vostro`.
    id: &'static str,
    /// `model`.
    object: &'static str,
    /// 0: it was not made at a point in time.
    created: i64,
    /// `vostro`.
    owned_by: &'static str,
}

/// The request, checked.
pub(super) struct CompletionMessage {
    text: String,
    /// What the assistant said last, as the client repeats it.
    said: Option<String>,
    session: Option<SessionId>,
    user: CustomerId,
    is_stream: bool,
}

impl FromFields for CompletionMessage {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let wrong = || Problem::invalid("`messages` is to be a list of messages");
        let messages = fields.value("messages").ok_or_else(wrong)?;
        let messages = messages.as_array().ok_or_else(wrong)?;
        if messages.len() > MESSAGES_MAX {
            return Err(Problem::invalid(format!(
                "`messages` has at most {MESSAGES_MAX} messages"
            )));
        }
        for message in messages {
            message["role"].as_str().ok_or_else(wrong)?;
            text_of(message)?;
        }
        fields.text(&["model"])?;
        let metadata = fields.value("metadata");
        if metadata.is_some_and(|metadata| !metadata.is_object()) {
            return Err(Problem::invalid("`metadata` is to be an object"));
        }
        let (last, before) = messages.split_last().ok_or_else(wrong)?;
        if last["role"] != "user" {
            return Err(Problem::invalid(
                "the last of `messages` is to be the user's",
            ));
        }
        let text = text_of(last)?;
        if text.trim().is_empty() {
            return Err(Problem::invalid("the last of `messages` is empty"));
        }
        let said = before
            .iter()
            .rfind(|message| message["role"] == "assistant");
        let named = metadata
            .and_then(|metadata| metadata["session_id"].as_str())
            .filter(|id| !id.trim().is_empty());
        let session = named.map(SessionId::new).transpose();
        let user = CustomerId::new(fields.required_text(&["user"])?);
        Ok(Self {
            text,
            said: said.map(text_of).transpose()?,
            session: session
                .map_err(|error| Problem::invalid(format!("`metadata.session_id`: {error}")))?,
            user: user.map_err(|error| Problem::invalid(format!("`user`: {error}")))?,
            is_stream: fields.flag("stream", false)?,
        })
    }
}

/// A message's text: as one string, or in parts.
fn text_of(message: &Value) -> Result<String, Problem> {
    let text = match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(parts) => {
            let texts = parts.iter().filter(|part| part["type"] == "text");
            let texts: Vec<&str> = texts.filter_map(|part| part["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => {
            return Err(Problem::invalid(
                "the `content` of a message is to be a text or a list of parts",
            ));
        }
    };
    if text.contains('\0') {
        return Err(Problem::invalid("a message has a U+0000 in it"));
    }
    Ok(text)
}

/// Chat, as `OpenAI`'s interface has it
///
/// For clients that speak that interface. One request is one turn: the last message of the user. Without a
/// session's id the conversation goes on whose last reply is repeated as the assistant's last message, or a new
/// one begins. With `stream` the answer comes in chunks, ended by `[DONE]`. What the assistant may do is the same
/// as under `POST /api/v1/chat`; a client's system prompt and tools are ignored.
#[utoipa::path(
    post, path = "/v1/chat/completions", operation_id = "chatCompletions", tag = "connections",
    request_body(content = CompletionRequest, content_type = "application/json"),
    params(
        ("X-Session-Id" = Option<String>, Header, description = "The conversation to go on with; `metadata.session_id` counts first",
            max_length = 128, pattern = "^[ -~]*$"),
    ),
    responses(
        (status = 200, description = "The reply", content(
            (Completion = "application/json"),
            (super::stream::ServerSentEvent = "text/event-stream", example = json!({"data": "{\"object\":\"chat.completion.chunk\"}"})),
        )),
        (status = 403, description = "The session is another user's, or there is no such customer", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "Another message of this session was answered at the same time", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records or the guardrails do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn completions(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<JsonBody<CompletionMessage>, Problem>,
) -> Result<Response, Problem> {
    let JsonBody(message, _) = match body {
        Ok(body) => body,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, message.user).await?;
    let most = edge.settings().sizes.message_chars;
    expect_chars("messages", &message.text, most)?;
    let session = match message.session.map(Ok).or_else(|| session_of(&headers)) {
        Some(session) => Some(session?),
        None => match message.said {
            Some(said) => begun(&service, &principal.customer, &said).await?,
            None => None,
        },
    };
    let raw = RawMessage {
        text: message.text,
        session,
    };
    let turn = turns::begin((edge.clone(), service), principal, raw, None)?;
    let recorded = super::chat::waited_for(&edge, turn).await?;
    if message.is_stream {
        return Ok(chunks::of(&recorded, created(&edge)));
    }
    Ok(Json(completion(recorded, created(&edge))).into_response())
}

#[expect(clippy::cast_possible_truncation, reason = "seconds fit 64 bits")]
fn created(edge: &crate::edge::Edge) -> i64 {
    edge.timestamp() as i64
}

fn session_of(headers: &HeaderMap) -> Option<Result<SessionId, Problem>> {
    let Ok(named) = headers.get("x-session-id")?.to_str() else {
        return Some(Err(Problem::invalid("`X-Session-Id` is not ASCII text")));
    };
    let named = Some(named).filter(|id| !id.trim().is_empty())?;
    Some(
        SessionId::new(named).map_err(|error| Problem::invalid(format!("`X-Session-Id`: {error}"))),
    )
}

/// The customer's conversation whose last reply is this text.
async fn begun(
    service: &crate::services::ConciergeService,
    customer: &CustomerId,
    said: &str,
) -> Result<Option<SessionId>, Problem> {
    let store = &service.store;
    let listed = store.conversations(customer, CONVERSATIONS).await;
    for listed in listed.map_err(|error| store_problem(&error))? {
        let mut last = None;
        let mut after = 0;
        loop {
            let turns = store.conversation(customer, &listed.session, after, TURNS);
            let turns = turns.await.map_err(|error| store_problem(&error))?;
            let Some(turn) = turns.unwrap_or_default().pop() else {
                break;
            };
            after = turn.version;
            last = Some(turn);
        }
        let is_it = last.is_some_and(|turn| {
            let reply = turn.reply["message"].as_str();
            reply.is_some_and(|reply| reply.trim() == said.trim())
        });
        if is_it {
            return Ok(Some(listed.session));
        }
    }
    Ok(None)
}

pub(super) const fn finish_reason(reply: &ApprovedReply) -> &'static str {
    if reply.guardrails_passed() {
        "stop"
    } else {
        "content_filter"
    }
}

pub(super) fn completion_id(reply: &ApprovedReply) -> String {
    format!("chatcmpl-{}", reply.turn_id())
}

fn completion(recorded: Recorded, created: i64) -> Completion {
    let reply = recorded.reply;
    Completion {
        id: completion_id(&reply),
        object: "chat.completion",
        created,
        model: MODEL,
        choices: vec![CompletionChoice {
            index: 0,
            message: CompletionReply {
                role: "assistant",
                content: reply.message().to_owned(),
            },
            finish_reason: finish_reason(&reply),
        }],
        vostro: reply,
    }
}

/// The models there are: one
#[utoipa::path(
    get, path = "/v1/models", operation_id = "models", tag = "connections",
    responses((status = 200, description = "The assistant, as the one model", body = ModelList), Failures),
)]
pub(super) async fn models() -> Json<ModelList> {
    Json(ModelList {
        object: "list",
        data: vec![Model {
            id: MODEL,
            object: "model",
            created: 0,
            owned_by: MODEL,
        }],
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_of_a_message_is_a_string_or_its_text_parts() {
        let table = [
            (json!({"content": "a"}), Some("a")),
            (json!({"content": null}), Some("")),
            (json!({}), Some("")),
            (
                json!({"content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]}),
                Some("a\nb"),
            ),
            (json!({"content": []}), Some("")),
            (json!({"content": 7}), None),
            (json!({"content": "a\u{0}b"}), None),
            (
                json!({"content": [{"type": "text", "text": "\u{0}"}]}),
                None,
            ),
        ];
        for (message, expected) in table {
            assert_eq!(text_of(&message).ok().as_deref(), expected, "{message}");
        }
    }
}
