//! A language model that says what it is told to, and remembers what it was shown.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use vostro_dialogue::model::{
    AnswerForm, Finish, LanguageModel, ModelAnswer, ModelError, ModelEvent, ModelRequest,
    ModelStream, PromptText, Usage,
};

/// What it answers: to a request, and how often it was asked before.
type Script = Box<dyn FnMut(&ModelRequest, usize) -> Result<String, ModelError> + Send>;

pub(crate) struct Scripted {
    script: Mutex<Script>,
    /// Everything it was shown, a text a request.
    shown: Mutex<Vec<String>>,
    /// Characters of a piece of a stream.
    piece: usize,
}

impl Scripted {
    pub(crate) fn new(
        script: impl FnMut(&ModelRequest, usize) -> Result<String, ModelError> + Send + 'static,
    ) -> Self {
        Self {
            script: Mutex::new(Box::new(script)),
            shown: Mutex::default(),
            piece: 3,
        }
    }

    /// One that says the same each time.
    pub(crate) fn always(text: &'static str) -> Self {
        Self::new(move |_, _| Ok(text.to_owned()))
    }

    pub(crate) fn asked(&self) -> usize {
        self.shown.lock().unwrap().len()
    }

    pub(crate) fn shown(&self) -> Vec<String> {
        self.shown.lock().unwrap().clone()
    }

    fn answer(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError> {
        let mut shown = self.shown.lock().unwrap();
        let asked = shown.len();
        shown.push(text_of(request));
        drop(shown);
        let text = (self.script.lock().unwrap())(request, asked)?;
        Ok(ModelAnswer {
            text,
            tool_calls: Vec::new(),
            finish: Finish::Stop,
            model: "scripted".to_owned(),
            usage: Usage {
                prompt_tokens: 100,
                completion_tokens: 10,
                ..Usage::default()
            },
            first_token: Duration::ZERO,
            whole: Duration::ZERO,
            attempts: 1,
        })
    }
}

/// All text of a request, schema included.
pub(crate) fn text_of(request: &ModelRequest) -> String {
    let messages = request.messages.iter().flat_map(|message| &message.text);
    let texts = request.instructions.iter().chain(messages);
    let mut text: Vec<&str> = texts.map(PromptText::as_str).collect();
    let schema = match request.form {
        AnswerForm::Json(schema) => schema.schema.to_string(),
        _ => String::new(),
    };
    text.push(&schema);
    text.join("\n")
}

#[async_trait]
impl LanguageModel for Scripted {
    async fn complete(
        &self,
        request: &ModelRequest,
        _: Instant,
    ) -> Result<ModelAnswer, ModelError> {
        self.answer(request)
    }

    async fn stream(&self, request: &ModelRequest, _: Instant) -> Result<ModelStream, ModelError> {
        let answer = self.answer(request)?;
        let chars: Vec<char> = answer.text.chars().collect();
        let mut events: Vec<_> = chars
            .chunks(self.piece)
            .map(|piece| Ok(ModelEvent::Text(piece.iter().collect())))
            .collect();
        // Whoever says it ends in the middle does.
        if answer.text.ends_with("<cut>") {
            events.pop();
            events.push(Err(ModelError::Cut));
        } else {
            events.push(Ok(ModelEvent::Done(Box::new(answer))));
        }
        Ok(Box::pin(futures::stream::iter(events)))
    }
}
