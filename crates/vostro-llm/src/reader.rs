//! Reads an answer's events against the clock.

use std::time::Duration;

use futures::FutureExt;
use futures::stream::{BoxStream, StreamExt};
use tokio::time::{Instant, timeout_at};
use vostro_dialogue::model::{ModelError, Wait};

use crate::assemble::{Assembled, Assembler, Brought};
use crate::events::Event;

/// How long counts and `[DONE]` are waited for once the answer's end was seen.
const AFTER_END: Duration = Duration::from_millis(250);

/// The instants that an attempt must keep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The first token.
    pub first_by: Instant,
    /// The end.
    pub whole_by: Instant,
    /// Between two tokens.
    pub between: Duration,
}

/// The next of an answer.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Words.
    Text(String),
    /// A piece of a tool's call, which is told when it is whole.
    Call,
    /// Everything.
    End(Assembled),
}

/// An answer that is being read.
pub(crate) struct Reader {
    events: BoxStream<'static, Result<Event, ModelError>>,
    assembler: Assembler,
    limits: Limits,
    wants_json: bool,
    last_token: Option<Instant>,
    ended: Option<Instant>,
}

impl Reader {
    pub(crate) fn new(
        events: BoxStream<'static, Result<Event, ModelError>>,
        assembler: Assembler,
        limits: Limits,
        wants_json: bool,
    ) -> Self {
        Self {
            events,
            assembler,
            limits,
            wants_json,
            last_token: None,
            ended: None,
        }
    }

    /// The answer as far as it came.
    pub(crate) const fn so_far(&self) -> &Assembler {
        &self.assembler
    }

    /// The next piece. Only what belongs to the answer stops the clock: comments, empty events and roles
    /// do not.
    pub(crate) async fn next(&mut self) -> Result<Piece, ModelError> {
        loop {
            let (by, wait) = self.patience();
            let event = match timeout_at(by, self.events.next()).await {
                Ok(event) => event,
                Err(_) if self.assembler.finished() => return self.end(),
                Err(_) => return Err(ModelError::TimedOut(wait)),
            };
            match event {
                None => return self.end(),
                Some(Err(ModelError::Cut)) if self.assembler.finished() => return self.end(),
                Some(Err(error)) => return Err(error),
                Some(Ok(Event::Done)) => {
                    // What is there already and is not the end makes the answer one not to rely on.
                    if let Some(Some(Ok(_))) = self.events.next().now_or_never() {
                        return Err(ModelError::Malformed("it goes on after its end"));
                    }
                    return self.end();
                }
                Some(Ok(Event::Chunk(chunk))) => {
                    let brought = self.assembler.feed(*chunk)?;
                    let now = Instant::now();
                    if self.assembler.finished() {
                        self.ended.get_or_insert(now);
                    }
                    match brought {
                        Brought::Nothing => {}
                        Brought::Finish => self.last_token = Some(now),
                        Brought::Call => {
                            self.last_token = Some(now);
                            return Ok(Piece::Call);
                        }
                        Brought::Text(text) => {
                            self.last_token = Some(now);
                            return Ok(Piece::Text(text));
                        }
                    }
                }
            }
        }
    }

    fn patience(&self) -> (Instant, Wait) {
        let (by, wait) = match (self.ended, self.last_token) {
            (Some(at), _) => (at + AFTER_END, Wait::Answer),
            (None, Some(at)) => (at + self.limits.between, Wait::NextToken),
            (None, None) => (self.limits.first_by, Wait::FirstToken),
        };
        if by < self.limits.whole_by {
            (by, wait)
        } else {
            (self.limits.whole_by, Wait::Answer)
        }
    }

    fn end(&mut self) -> Result<Piece, ModelError> {
        let bounds = self.assembler.bounds();
        let assembler = std::mem::replace(&mut self.assembler, Assembler::new(bounds));
        assembler.end(self.wants_json).map(Piece::End)
    }
}
