//! One try of one model: the call, its head, and a reader of its body.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::{Instant, timeout, timeout_at};
use vostro_dialogue::model::{ModelError, Wait};
use vostro_types::Clock;

use crate::assemble::Assembler;
use crate::breaker::Breaker;
use crate::events;
use crate::reader::{Limits, Reader};
use crate::request::Prompt;
use crate::retry::{Failure, asked_wait, error_of_status};
use crate::settings::{Bounds, ModelChoice};
use crate::transport::{Call, Reply, Transport, TransportError};

/// How much of a refusal is read, and for how long.
const REFUSAL_BYTES: usize = 8 << 10;
const REFUSAL_TIME: Duration = Duration::from_millis(500);

/// A model of the chain, and what was learnt about it.
pub(crate) struct Model {
    pub choice: ModelChoice,
    pub breaker: Arc<Breaker>,
    /// Its server takes no schema: it is asked for any JSON object.
    pub loose: AtomicBool,
}

/// What a try needs.
pub(crate) struct Attempt<'a> {
    pub transport: &'a dyn Transport,
    pub headers: &'a HeaderMap,
    pub bounds: Bounds,
    pub clock: &'a dyn Clock,
}

impl Attempt<'_> {
    /// Sends the prompt and comes back when the answer begins to come.
    pub(crate) async fn open(
        &self,
        model: &Model,
        prompt: &Prompt,
        limits: Limits,
    ) -> Result<Reader, Failure> {
        let loose = model.loose.load(Ordering::Relaxed);
        let body = prompt.body(&model.choice.name, loose)?;
        let call = Call {
            path: "/chat/completions",
            headers: self.headers.clone(),
            body: Some(body.into()),
        };
        let reply = match timeout_at(limits.first_by, self.transport.call(call)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => return Err(of_transport(error).into()),
            Err(_) if limits.first_by >= limits.whole_by => {
                return Err(ModelError::TimedOut(Wait::Answer).into());
            }
            Err(_) => return Err(ModelError::TimedOut(Wait::FirstToken).into()),
        };
        if reply.status != 200 {
            return Err(self.refusal(reply, model, prompt, limits.whole_by).await);
        }
        let events = match media_type(&reply.headers).as_deref() {
            Some("text/event-stream") => events::of_stream(reply.body, self.bounds),
            Some("application/json") => events::of_json(reply.body, self.bounds),
            _ => return Err(ModelError::Malformed("its content type is not one of ours").into()),
        };
        let assembler = Assembler::new(self.bounds);
        Ok(Reader::new(events, assembler, limits, prompt.wants_json()))
    }

    async fn refusal(
        &self,
        reply: Reply,
        model: &Model,
        prompt: &Prompt,
        whole_by: Instant,
    ) -> Failure {
        let status = reply.status;
        let failure = Failure {
            asked_wait: asked_wait(&reply.headers, self.clock.now()),
            ..error_of_status(status).into()
        };
        let time = REFUSAL_TIME.min(whole_by.saturating_duration_since(Instant::now()));
        // Read also where nothing is looked for, so that the connection can be used again.
        let told = timeout(time, events::collect(reply.body.boxed(), REFUSAL_BYTES)).await;
        let told = match told {
            Ok(Ok(bytes)) => String::from_utf8_lossy(&bytes).to_ascii_lowercase(),
            _ => String::new(),
        };
        let says = |words: &[&str]| words.iter().any(|word| told.contains(word));
        match status {
            // Money that ran out does not come back by asking again.
            429 if says(&["insufficient_quota", "credit_limit", "billing"]) => {
                ModelError::Refused(429).into()
            }
            400 | 422
                if prompt.wants_json()
                    && says(&["response_format", "schema", "grammar"])
                    && !model.loose.swap(true, Ordering::Relaxed) =>
            {
                Failure {
                    loosen: true,
                    ..failure
                }
            }
            _ => failure,
        }
    }
}

pub(crate) const fn of_transport(error: TransportError) -> ModelError {
    match error {
        TransportError::Connect => ModelError::Unreachable,
        TransportError::ConnectTimedOut => ModelError::TimedOut(Wait::Connection),
        TransportError::Broken => ModelError::Cut,
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media = value.split(';').next().unwrap_or_default();
    Some(media.trim().to_ascii_lowercase())
}
