//! What a server sends, read leniently: every field may be missing, null or beside fields that nobody
//! knows; only what is used must have its type.

use serde::Deserialize;
use serde_json::Value;

/// One event of a stream, or a whole answer of a server that does not stream.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Chunk {
    pub choices: Option<Vec<Choice>>,
    pub usage: Option<Value>,
    pub error: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    pub index: Option<u64>,
    /// `message` is what an answer in one piece has.
    #[serde(alias = "message")]
    pub delta: Option<Delta>,
    pub finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Delta {
    pub content: Option<String>,
    pub tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CallPiece {
    pub index: Option<u64>,
    pub id: Option<String>,
    pub function: Option<FunctionPiece>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct FunctionPiece {
    pub name: Option<String>,
    pub arguments: Option<Arguments>,
}

/// Text by the protocol; some servers send the object itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Arguments {
    Text(String),
    Object(serde_json::Map<String, Value>),
}

impl Arguments {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Object(object) => Value::Object(object).to_string(),
        }
    }
}

/// The status that an error inside a stream speaks of; 500 when it says none that fits.
pub(crate) fn error_status(error: &Value) -> u16 {
    let code = error.get("code").or_else(|| error.get("status"));
    let number = match code {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    number
        .and_then(|number| u16::try_from(number).ok())
        .filter(|status| (400..600).contains(status))
        .unwrap_or(500)
}
