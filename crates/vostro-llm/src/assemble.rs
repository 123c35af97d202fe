//! Puts an answer together from chunks: a pure state machine that ends in an answer or a typed error,
//! whatever it is fed.

use serde_json::Value;
use vostro_dialogue::model::{Bound, Finish, ModelError, ToolCall};

use crate::chunk::{Arguments, CallPiece, Choice, Chunk, error_status};
use crate::retry::error_of_status;
use crate::settings::Bounds;

/// More tokens than any prompt or answer has; a server that says so is not believed.
const TOKENS_MAX: u64 = 10_000_000;

/// Tokens, as the server counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub prompt: u64,
    pub completion: u64,
}

/// A whole answer, as the server gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assembled {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub finish: Finish,
    pub counted: Option<Counted>,
}

/// What a chunk brought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Brought {
    /// Nothing of the answer: a role, a count, a sign of life.
    Nothing,
    /// Words.
    Text(String),
    /// A piece of a tool's call.
    Call,
    /// The end of the answer; counts may follow.
    Finish,
}

#[derive(Debug, Default)]
struct PartialCall {
    index: Option<u64>,
    name: String,
    arguments: String,
}

/// The answer so far.
#[derive(Debug)]
pub(crate) struct Assembler {
    bounds: Bounds,
    text: String,
    calls: Vec<PartialCall>,
    arguments: usize,
    finish: Option<Finish>,
    counted: Option<Counted>,
}

impl Assembler {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            text: String::new(),
            calls: Vec::new(),
            arguments: 0,
            finish: None,
            counted: None,
        }
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the answer's end was seen.
    pub(crate) const fn finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Bytes of the answer so far.
    pub(crate) fn received(&self) -> usize {
        self.text.len() + self.arguments
    }

    /// Tokens, if the server has said.
    pub(crate) const fn counted(&self) -> Option<Counted> {
        self.counted
    }

    /// Takes a chunk in.
    pub(crate) fn feed(&mut self, chunk: Chunk) -> Result<Brought, ModelError> {
        if let Some(error) = chunk.error.filter(|error| !error.is_null()) {
            return Err(error_of_status(error_status(&error)));
        }
        if let Some(usage) = chunk.usage.filter(|usage| !usage.is_null()) {
            self.counted = Some(counted(&usage)?);
        }
        // One answer was asked for; what a server sends for a second is not looked at.
        let first = chunk
            .choices
            .unwrap_or_default()
            .into_iter()
            .find(|choice| choice.index.unwrap_or(0) == 0);
        first.map_or(Ok(Brought::Nothing), |choice| self.choice(choice))
    }

    fn choice(&mut self, choice: Choice) -> Result<Brought, ModelError> {
        let (mut words, mut pieces) = (String::new(), Vec::new());
        if let Some(delta) = choice.delta {
            words = delta.content.unwrap_or_default();
            pieces = delta.tool_calls.unwrap_or_default();
        }
        let says_more = !words.is_empty() || !pieces.is_empty();
        if self.finish.is_some() && says_more {
            return Err(ModelError::Malformed("it goes on after its end"));
        }
        let mut brought = Brought::Nothing;
        if !pieces.is_empty() {
            for piece in pieces {
                self.call(piece)?;
            }
            brought = Brought::Call;
        }
        if !words.is_empty() {
            if self.text.len() + words.len() > self.bounds.text {
                return Err(ModelError::TooLarge(Bound::Text));
            }
            self.text.push_str(&words);
            brought = Brought::Text(words);
        }
        if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
            self.ends(&reason)?;
            if brought == Brought::Nothing {
                brought = Brought::Finish;
            }
        }
        Ok(brought)
    }

    fn ends(&mut self, reason: &str) -> Result<(), ModelError> {
        let finish = match reason {
            "stop" | "eos" | "end_turn" | "stop_sequence" => Finish::Stop,
            "length" | "max_tokens" => Finish::Length,
            "tool_calls" | "function_call" => Finish::ToolCalls,
            "content_filter" => Finish::Filtered,
            _ => Finish::Other,
        };
        // Servers repeat the reason beside the counts; two different ones are a broken stream.
        if self.finish.is_some_and(|before| before != finish) {
            return Err(ModelError::Malformed("it ends twice"));
        }
        self.finish = Some(finish);
        Ok(())
    }

    fn call(&mut self, piece: CallPiece) -> Result<(), ModelError> {
        let begins = piece.id.as_ref().is_some_and(|id| !id.is_empty());
        let at = match piece.index {
            Some(index) => self.calls.iter().position(|call| call.index == Some(index)),
            None if begins => None,
            None => self.calls.len().checked_sub(1),
        };
        let at = match at {
            Some(at) => at,
            None if self.calls.len() >= self.bounds.tool_calls => {
                return Err(ModelError::TooLarge(Bound::ToolCalls));
            }
            None => {
                self.calls.push(PartialCall {
                    index: piece.index,
                    ..PartialCall::default()
                });
                self.calls.len() - 1
            }
        };
        let (Some(call), Some(function)) = (self.calls.get_mut(at), piece.function) else {
            return Ok(());
        };
        let name = function.name.unwrap_or_default();
        let arguments = function
            .arguments
            .map_or_else(String::new, Arguments::into_text);
        self.arguments += name.len() + arguments.len();
        if self.arguments > self.bounds.arguments {
            return Err(ModelError::TooLarge(Bound::ToolCalls));
        }
        call.name.push_str(&name);
        call.arguments.push_str(&arguments);
        Ok(())
    }

    /// The answer, once nothing more comes.
    pub(crate) fn end(self, wants_json: bool) -> Result<Assembled, ModelError> {
        let finish = self.finish.ok_or(ModelError::Cut)?;
        if self.text.trim().is_empty() && self.calls.is_empty() {
            return Err(ModelError::Malformed("it is empty"));
        }
        if self.calls.iter().any(|call| call.name.is_empty()) {
            return Err(ModelError::Malformed("it calls a tool without a name"));
        }
        let text = if wants_json {
            json_object(&self.text)?
        } else {
            self.text
        };
        let tool_calls = self.calls.into_iter().map(|call| ToolCall {
            name: call.name,
            arguments: call.arguments,
        });
        Ok(Assembled {
            text,
            tool_calls: tool_calls.collect(),
            finish,
            counted: self.counted,
        })
    }
}

/// The object in a text that was to be one; models like to put it between fences.
fn json_object(text: &str) -> Result<String, ModelError> {
    let trimmed = text.trim();
    let inner = trimmed
        .strip_prefix("```json")
        .or_else(|| trimmed.strip_prefix("```"))
        .and_then(|rest| rest.strip_suffix("```"))
        .unwrap_or(trimmed)
        .trim();
    match serde_json::from_str::<serde_json::Map<String, Value>>(inner) {
        Ok(_) => Ok(inner.to_owned()),
        Err(_) => Err(ModelError::Malformed("it is no JSON object")),
    }
}

fn counted(usage: &Value) -> Result<Counted, ModelError> {
    let number = |name: &str| match usage.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => value
            .as_u64()
            .filter(|tokens| *tokens <= TOKENS_MAX)
            .ok_or(ModelError::Malformed("its count of tokens cannot be")),
    };
    if !usage.is_object() {
        return Err(ModelError::Malformed("its count of tokens cannot be"));
    }
    Ok(Counted {
        prompt: number("prompt_tokens")?,
        completion: number("completion_tokens")?,
    })
}

#[cfg(test)]
mod tests;
