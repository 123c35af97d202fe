//! One request along the chain of models: tries, waits, other models, until the goal is reached or nothing
//! more is worth trying; and the books on what came of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;
use vostro_dialogue::model::{ModelAnswer, ModelError, Usage};
use vostro_telemetry::ModelOutcome;

use crate::assemble::{Assembled, Assembler, Counted};
use crate::attempt::{Attempt, Model};
use crate::breaker::Leave;
use crate::client::Inner;
use crate::job::{Job, is_fault, outcome};
use crate::reader::{Limits, Piece, Reader};
use crate::request::{Prompt, guess_tokens};
use crate::retry::{Failure, Next, Standing, next};

/// Retries that are in reserve, in hundredths.
pub(crate) const RESERVE: u32 = 1_000;

/// How far an attempt must come before nothing is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The first words, or the whole answer when it has none.
    Words,
    /// The whole answer.
    Whole,
}

/// An attempt that reached its goal.
pub(crate) struct Begun {
    pub reader: Reader,
    pub leave: Leave,
    pub piece: Option<Piece>,
    pub model: usize,
    pub first_at: Instant,
    pub attempts: u32,
}

impl Inner {
    /// Asks along the chain until the goal is reached or nothing more is worth trying.
    pub(crate) async fn pursue(
        &self,
        prompt: &Prompt,
        job: &mut Job,
        goal: Goal,
    ) -> Result<Begun, ModelError> {
        self.earn_retries();
        let (mut at, mut tries, mut attempts) = (0, 0, 0);
        let mut last = ModelError::Resting;
        loop {
            let Some((index, model, leave)) = self.pick(at) else {
                return Err(last);
            };
            if index != at {
                (at, tries) = (index, 0);
            }
            (tries, attempts) = (tries + 1, attempts + 1);
            let failure = match self.attempt(model, prompt, job, goal).await {
                Ok((reader, piece, first_at)) => {
                    return Ok(Begun {
                        reader,
                        leave,
                        piece: Some(piece),
                        model: at,
                        first_at,
                        attempts,
                    });
                }
                Err(failure) => failure,
            };
            last = failure.error;
            self.record_failure(model, leave, &last);
            if attempts >= self.settings.retries.attempts {
                return Err(last);
            }
            let standing = Standing {
                tries,
                another: self.models.len() > at + 1,
                left: job.whole_by.saturating_duration_since(Instant::now()),
                jitter: self.chance(),
            };
            let wait = match next(&failure, standing) {
                Next::GiveUp => return Err(last),
                Next::Again(wait) => wait,
                Next::Another => {
                    (at, tries) = (at + 1, 0);
                    Duration::ZERO
                }
            };
            if !failure.loosen && !self.spend_retry() {
                return Err(last);
            }
            self.means.metrics.models().retry(outcome(&last));
            tokio::time::sleep(wait).await;
        }
    }

    /// One try, up to the goal.
    async fn attempt(
        &self,
        model: &Model,
        prompt: &Prompt,
        job: &mut Job,
        goal: Goal,
    ) -> Result<(Reader, Piece, Instant), Failure> {
        let timeouts = &self.settings.timeouts;
        let limits = Limits {
            first_by: (Instant::now() + timeouts.first_token).min(job.whole_by),
            whole_by: job.whole_by,
            between: timeouts.next_token,
        };
        let attempt = Attempt {
            transport: &self.transport,
            headers: &self.headers,
            bounds: self.settings.bounds,
            clock: &*self.means.clock,
        };
        let mut reader = attempt.open(model, prompt, limits).await?;
        let mut first_at = None;
        loop {
            let piece = reader.next().await;
            let first_at = *first_at.get_or_insert_with(Instant::now);
            match piece {
                Ok(Piece::Call) => {}
                Ok(Piece::Text(_)) if goal == Goal::Whole => {}
                Ok(piece) => return Ok((reader, piece, first_at)),
                Err(error) => {
                    let usage = usage_so_far(model, prompt.guessed_tokens(), reader.so_far());
                    job.used(&model.choice.name, &usage);
                    return Err(error.into());
                }
            }
        }
    }

    /// The first model from here on that may be asked.
    fn pick(&self, from: usize) -> Option<(usize, &Model, Leave)> {
        let now = Instant::now().into_std();
        let mut rest = self.models.iter().enumerate().skip(from);
        rest.find_map(|(index, model)| Some((index, model, model.breaker.leave(now)?)))
            .inspect(|(_, model, _)| self.show_breaker(model))
    }

    pub(crate) fn record_failure(&self, model: &Model, leave: Leave, error: &ModelError) {
        let name = &model.choice.name;
        self.means.metrics.models().attempt(name, outcome(error));
        if is_fault(error) {
            leave.failed(Instant::now().into_std());
        } else {
            drop(leave);
        }
        self.show_breaker(model);
        tracing::debug!(target: "vostro", model = %name, %error, "a model gave no answer");
    }

    pub(crate) fn show_breaker(&self, model: &Model) {
        let state = model.breaker.state();
        self.means
            .metrics
            .models()
            .breaker(&model.choice.name, state);
    }

    /// Closes the books on a whole answer.
    pub(crate) fn finish(
        &self,
        begun: Begun,
        job: &mut Job,
        guessed: u64,
    ) -> Result<ModelAnswer, ModelError> {
        let (Some(Piece::End(whole)), Some(model)) = (begun.piece, self.models.get(begun.model))
        else {
            return Err(ModelError::Cut);
        };
        let usage = price(model, guessed, whole.counted, received(&whole));
        job.used(&model.choice.name, &usage);
        begun.leave.answered();
        self.show_breaker(model);
        let metrics = self.means.metrics.models();
        let name = &model.choice.name;
        let first_token = begun.first_at.saturating_duration_since(job.started);
        let time = job.started.elapsed();
        metrics.attempt(name, ModelOutcome::Answered);
        metrics.first_token(name, first_token);
        metrics.answer(name, time);
        job.ticket.ended(ModelOutcome::Answered);
        Ok(ModelAnswer {
            text: whole.text,
            tool_calls: whole.tool_calls,
            finish: whole.finish,
            model: name.clone(),
            usage,
            first_token,
            whole: time,
            attempts: begun.attempts,
        })
    }

    fn earn_retries(&self) {
        let more = |have: u32| {
            Some(
                have.saturating_add(self.settings.retries.percent)
                    .min(RESERVE),
            )
        };
        let _ = self
            .retries
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    fn spend_retry(&self) -> bool {
        let less = |have: u32| have.checked_sub(100);
        self.retries
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    fn chance(&self) -> u32 {
        let mut bytes = [0; 4];
        self.means.entropy.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

fn received(whole: &Assembled) -> usize {
    let calls = whole.tool_calls.iter();
    whole.text.len()
        + calls
            .map(|call| call.name.len() + call.arguments.len())
            .sum::<usize>()
}

/// What an answer took that came only so far.
pub(crate) fn usage_so_far(model: &Model, guessed: u64, so_far: &Assembler) -> Usage {
    price(model, guessed, so_far.counted(), so_far.received())
}

/// What an answer took: as the server counted, else guessed from the lengths.
fn price(model: &Model, guessed: u64, counted: Option<Counted>, bytes: usize) -> Usage {
    let told = counted.filter(|counted| counted.prompt > 0);
    let tokens = told.unwrap_or(Counted {
        prompt: guessed,
        completion: guess_tokens(bytes),
    });
    let price = model.choice.price.unwrap_or_default();
    Usage {
        prompt_tokens: tokens.prompt,
        completion_tokens: tokens.completion,
        cost_micro_dollars: price.of(tokens.prompt, tokens.completion),
        estimated: told.is_none(),
    }
}
