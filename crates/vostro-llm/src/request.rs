//! A request as JSON: what every compatible server takes, and nothing that one of them refuses.
//!
//! Models' chat templates want roles that take turns and begin with the user, so neighbouring messages
//! of one speaker are sent as one, and what the assistant said before the customer's first message is not sent.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vostro_dialogue::model::{
    AnswerForm, Bound, ModelError, ModelRequest, PromptText, Schema, Speaker,
};

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: &'a [Message],
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    max_tokens: u32,
    /// Proposals are to be the same for the same conversation.
    temperature: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Vec<Tool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<&'static str>,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: String,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat {
    JsonSchema { json_schema: JsonSchema },
    JsonObject,
}

#[derive(Serialize)]
struct JsonSchema {
    name: &'static str,
    description: &'static str,
    schema: &'static Value,
    strict: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Tool {
    Function { function: Function },
}

#[derive(Serialize)]
struct Function {
    name: &'static str,
    description: &'static str,
    parameters: &'static Value,
}

/// A request whose messages are in order, ready to be written for any model.
pub(crate) struct Prompt {
    messages: Vec<Message>,
    form: AnswerForm,
    max_tokens: u32,
    ask_for_usage: bool,
    bytes: usize,
}

impl Prompt {
    /// Puts a request's messages in order.
    pub(crate) fn new(
        request: &ModelRequest,
        ask_for_usage: bool,
        limit: usize,
    ) -> Result<Self, ModelError> {
        let mut messages = Vec::with_capacity(request.messages.len() + 1);
        if !request.instructions.is_empty() {
            messages.push(Message {
                role: "system",
                content: joined(&request.instructions),
            });
        }
        let begin = messages.len();
        for message in &request.messages {
            let role = match message.speaker {
                Speaker::Customer => "user",
                Speaker::Assistant => "assistant",
            };
            let content = joined(&message.text);
            match messages.get_mut(begin..).and_then(|said| said.last_mut()) {
                Some(last) if last.role == role => {
                    last.content.push_str("\n\n");
                    last.content.push_str(&content);
                }
                None if role == "assistant" => {}
                _ => messages.push(Message { role, content }),
            }
        }
        let ends_with_customer = messages
            .get(begin..)
            .and_then(<[Message]>::last)
            .is_some_and(|last| last.role == "user");
        if !ends_with_customer {
            return Err(ModelError::Unsendable(
                "the last message is not the customer's",
            ));
        }
        if request.max_tokens == 0 {
            return Err(ModelError::Unsendable("an answer of no tokens"));
        }
        let bytes = messages.iter().map(|message| message.content.len()).sum();
        if bytes > limit {
            return Err(ModelError::TooLarge(Bound::Prompt));
        }
        Ok(Self {
            messages,
            form: request.form.clone(),
            max_tokens: request.max_tokens,
            ask_for_usage,
            bytes,
        })
    }

    /// Whether the answer must be JSON.
    pub(crate) fn wants_json(&self) -> bool {
        matches!(self.form, AnswerForm::Json(_))
    }

    /// About how many tokens the prompt has: four bytes each, as English text has it.
    pub(crate) fn guessed_tokens(&self) -> u64 {
        guess_tokens(self.bytes)
    }

    /// The most tokens that the answer may have.
    pub(crate) fn max_tokens(&self) -> u32 {
        self.max_tokens
    }

    /// The body for a model. `loose` asks for any JSON object where a schema was wanted, and tells the
    /// schema in words.
    pub(crate) fn body(&self, model: &str, loose: bool) -> Result<Vec<u8>, ModelError> {
        let noted;
        let (messages, response_format) = match &self.form {
            AnswerForm::Json(schema) if loose => {
                noted = self.with_note(schema);
                (noted.as_slice(), Some(ResponseFormat::JsonObject))
            }
            AnswerForm::Json(schema) => {
                let json_schema = JsonSchema {
                    name: schema.name,
                    description: schema.about,
                    schema: schema.schema,
                    strict: true,
                };
                let format = ResponseFormat::JsonSchema { json_schema };
                (self.messages.as_slice(), Some(format))
            }
            AnswerForm::Text | AnswerForm::Tools(_) => (self.messages.as_slice(), None),
        };
        let tools = match &self.form {
            AnswerForm::Tools(schemas) if !schemas.is_empty() => {
                Some(schemas.iter().map(tool).collect())
            }
            _ => None,
        };
        let body = Body {
            model,
            messages,
            stream: true,
            stream_options: self.ask_for_usage.then_some(StreamOptions {
                include_usage: true,
            }),
            max_tokens: self.max_tokens,
            temperature: 0,
            response_format,
            tool_choice: tools.is_some().then_some("auto"),
            tools,
        };
        serde_json::to_vec(&body).map_err(|_| ModelError::Unsendable("it is no JSON"))
    }

    fn with_note(&self, schema: &Schema) -> Vec<Message> {
        let note = format!(
            "Answer with one JSON object and nothing else. It fits this JSON schema:\n{}",
            schema.schema
        );
        let mut messages: Vec<Message> = Vec::with_capacity(self.messages.len() + 1);
        let mut said = self.messages.iter().peekable();
        let system = said.next_if(|message| message.role == "system");
        messages.push(Message {
            role: "system",
            content: match system {
                Some(message) => format!("{}\n\n{note}", message.content),
                None => note,
            },
        });
        messages.extend(said.map(|message| Message {
            role: message.role,
            content: message.content.clone(),
        }));
        messages
    }

    /// What makes two requests of a customer the same. Never the same for two customers.
    pub(crate) fn fingerprint(&self, customer: &str) -> Result<[u8; 32], ModelError> {
        let mut hash = Sha256::new();
        hash.update(customer.len().to_be_bytes());
        hash.update(customer.as_bytes());
        hash.update(self.body("", false)?);
        Ok(hash.finalize().into())
    }
}

fn tool(schema: &Schema) -> Tool {
    Tool::Function {
        function: Function {
            name: schema.name,
            description: schema.about,
            parameters: schema.schema,
        },
    }
}

fn joined(pieces: &[PromptText]) -> String {
    let texts: Vec<&str> = pieces.iter().map(PromptText::as_str).collect();
    texts.join("\n\n")
}

/// Tokens that so many bytes have, about.
pub(crate) fn guess_tokens(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(4)).unwrap_or(u64::MAX)
}
