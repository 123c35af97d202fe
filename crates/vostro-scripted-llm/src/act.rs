//! What the server does with a request, and the well-formed pieces that most acts are made of.

use std::time::Duration;

use serde_json::{Value, json};

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Status 200 and an event stream.
    Stream(Vec<Step>),
    /// Waits, then does the other.
    After(Duration, Box<Act>),
    /// A status, headers, a body.
    Reply {
        /// The status.
        status: u16,
        /// The headers, the content type among them.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Vec<u8>,
    },
}

/// A step of a stream.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes, in a piece of their own.
    Send(Vec<u8>),
    /// Waits.
    Wait(Duration),
    /// Breaks the connection off.
    Break,
    /// Sends these bytes for ever, with a pause after each time.
    Forever(Vec<u8>, Duration),
}

impl Act {
    /// A good answer: a role, the words in pieces of a few characters, the end, the counts, `[DONE]`.
    pub fn says(text: &str) -> Self {
        Self::Stream(vec![Step::Send(words(text).into_bytes())])
    }

    /// The same, with so much time before each piece of the answer and no other.
    pub fn says_slowly(text: &str, pause: Duration) -> Self {
        let mut steps = Vec::new();
        for event in words(text).split_inclusive("\n\n") {
            if event.contains("\"content\"") {
                steps.push(Step::Wait(pause));
            }
            steps.push(Step::Send(event.into()));
        }
        Self::Stream(steps)
    }

    /// Bytes as an event stream, cut every so many bytes: in the middle of a character or of a line.
    pub fn cut(bytes: impl AsRef<[u8]>, every: usize) -> Self {
        let pieces = bytes.as_ref().chunks(every.max(1));
        Self::Stream(pieces.map(|piece| Step::Send(piece.to_vec())).collect())
    }

    /// Bytes as an event stream, in one piece.
    pub fn stream(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Stream(vec![Step::Send(bytes.into())])
    }

    /// A call of a tool, its arguments in pieces.
    pub fn calls(tool: &str, arguments: &str) -> Self {
        let mut text = call_piece(0, Some(("call_1", tool)), "");
        for piece in pieces(arguments) {
            text += &call_piece(0, None, &piece);
        }
        Self::stream(text + &finish("tool_calls") + &usage(12, 7) + &done())
    }

    /// An answer in one piece of JSON, from a server that does not stream.
    pub fn json(body: &Value) -> Self {
        Self::reply(200, "application/json", body.to_string())
    }

    /// A status with an error's body.
    pub fn status(status: u16) -> Self {
        let error =
            json!({ "error": { "message": "scripted", "type": "scripted", "code": status } });
        Self::reply(status, "application/json", error.to_string())
    }

    /// A status that asks for a wait.
    pub fn status_after(status: u16, header: &'static str, wait: &str) -> Self {
        let Self::Reply {
            status,
            mut headers,
            body,
        } = Self::status(status)
        else {
            unreachable!("a status is a reply");
        };
        headers.push((header, wait.to_owned()));
        Self::Reply {
            status,
            headers,
            body,
        }
    }

    /// Any status, content type and body.
    pub fn reply(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Reply {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }
}

/// A whole good stream.
pub fn words(text: &str) -> String {
    let mut stream = event(&json!({
        "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{ "index": 0, "delta": { "role": "assistant" }, "finish_reason": null }],
    }));
    for piece in pieces(text) {
        stream += &chunk(&piece);
    }
    stream + &finish("stop") + &usage(12, 7) + &done()
}

/// An event with words.
pub fn chunk(text: &str) -> String {
    event(
        &json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] }),
    )
}

/// An event with a piece of a tool's call; the first one names it.
pub fn call_piece(index: u32, named: Option<(&str, &str)>, arguments: &str) -> String {
    let mut call = json!({ "index": index, "function": { "arguments": arguments } });
    if let Some((id, name)) = named {
        call = json!({
            "index": index, "id": id, "type": "function",
            "function": { "name": name, "arguments": arguments },
        });
    }
    event(&json!({ "choices": [{ "index": 0, "delta": { "tool_calls": [call] } }] }))
}

/// The event that ends the answer.
pub fn finish(reason: &str) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] }))
}

/// The event with the counts.
pub fn usage(prompt: u64, completion: u64) -> String {
    let usage = json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion });
    event(&json!({ "choices": [], "usage": usage }))
}

/// The stream's last event.
pub fn done() -> String {
    "data: [DONE]\n\n".to_owned()
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunks(4)
        .map(|piece| piece.iter().collect())
        .collect()
}
