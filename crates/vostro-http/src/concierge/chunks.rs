//! A reply as the chunks of `OpenAI`'s chat interface: the role, the text sentence by sentence, the reason of the end.
//!
//! The text was approved as a whole before the first chunk leaves.

use std::convert::Infallible;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};
use vostro_dialogue::reply::Recorded;

use super::completions::{MODEL, completion_id, finish_reason};

/// The end of the stream, in that interface's words.
const DONE: &str = "[DONE]";

/// Answers with a finished turn.
pub(super) fn of(recorded: &Recorded, created: i64) -> Response {
    let id = completion_id(&recorded.reply);
    let chunk = |delta: Value, finish: Option<&str>| {
        json!({
            "id": id,
            "object": "chat.completion.chunk",
            "created": created,
            "model": MODEL,
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
        })
    };
    let mut chunks = vec![chunk(json!({"role": "assistant", "content": ""}), None)];
    let texts = recorded
        .events
        .iter()
        .filter(|event| event.event == "sentence");
    let texts: Vec<String> = texts
        .filter_map(|event| event.data.to_value()["text"].as_str().map(str::to_owned))
        .collect();
    // What the pieces give together is the reply, or else the reply goes as one piece.
    if texts.concat() == recorded.reply.message() {
        chunks.extend(
            texts
                .iter()
                .map(|text| chunk(json!({"content": text}), None)),
        );
    } else {
        chunks.push(chunk(json!({"content": recorded.reply.message()}), None));
    }
    let mut last = chunk(json!({}), Some(finish_reason(&recorded.reply)));
    last["vostro"] = serde_json::to_value(&recorded.reply).unwrap_or_default();
    chunks.push(last);
    let mut events: Vec<_> = chunks
        .iter()
        .map(|chunk| Event::default().data(chunk.to_string()))
        .collect();
    events.push(Event::default().data(DONE));
    Sse::new(stream::iter(events.into_iter().map(Ok::<_, Infallible>))).into_response()
}
