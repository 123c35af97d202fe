//! The guardrails of this process.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use tokio::sync::Semaphore;
use vostro_dialogue::ports::{Guard, GuardRequest, GuardUnavailable};
use vostro_guardrails::{CheckRequest, Direction, Engine, SafetyCategory, Verdict};
use vostro_telemetry::{GuardFinding, Metrics};

use super::guard_model::GuardModel;
use crate::readiness::{CheckState, ReadinessCheck};

/// Texts up to so many bytes are checked where they are (some hundred microseconds at most); longer
/// ones beside, so that other requests of the thread do not wait.
const INLINE_BYTES: usize = 4 << 10;

/// The engine, with its verdicts counted, and the bank's guard model behind it where there is one.
pub struct InProcessGuard {
    engine: RwLock<Arc<Engine>>,
    model: Option<GuardModel>,
    metrics: Arc<Metrics>,
    long_texts: Arc<Semaphore>,
}

impl InProcessGuard {
    /// Puts the engine to work. Long texts are checked on as many threads as there are processors.
    pub fn new(engine: Arc<Engine>, metrics: Arc<Metrics>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            engine: RwLock::new(engine),
            model: None,
            metrics,
            long_texts: Arc::new(Semaphore::new(processors)),
        }
    }

    /// The same with a guard model, which is asked where the engine is unsure.
    #[must_use]
    pub fn with_model(self, model: Option<GuardModel>) -> Self {
        Self { model, ..self }
    }

    /// Checks a text.
    ///
    /// # Errors
    /// [`GuardUnavailable`] when the check itself failed; never "safe" then.
    pub async fn check(
        &self,
        text: &str,
        request: &CheckRequest<'_>,
    ) -> Result<Verdict, GuardUnavailable> {
        let engine = self.engine();
        let verdict = if text.len() <= INLINE_BYTES {
            engine.check(text, request)
        } else {
            self.check_beside(&engine, text, request).await?
        };
        let verdict = match &self.model {
            Some(model) => model.settle(&engine, text, request, verdict).await,
            None => verdict,
        };
        self.count(request.direction, &verdict);
        Ok(verdict)
    }

    async fn check_beside(
        &self,
        engine: &Arc<Engine>,
        text: &str,
        request: &CheckRequest<'_>,
    ) -> Result<Verdict, GuardUnavailable> {
        let slot = Arc::clone(&self.long_texts).acquire_owned().await;
        let slot = slot.map_err(|error| GuardUnavailable(error.into()))?;
        let engine = Arc::clone(engine);
        let (text, allow) = (text.to_owned(), request.allow.to_vec());
        let CheckRequest {
            direction,
            safety,
            pii,
            injection,
            ..
        } = *request;
        let checked = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let request = CheckRequest {
                direction,
                safety,
                pii,
                injection,
                allow: &allow,
            };
            engine.check(&text, &request)
        });
        checked
            .await
            .map_err(|error| GuardUnavailable(error.into()))
    }

    /// The engine of the moment.
    pub(super) fn engine(&self) -> Arc<Engine> {
        let current = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// Checks by another engine from now on; checks under way end by the one before.
    pub fn replace(&self, engine: Arc<Engine>) {
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = engine;
    }

    fn count(&self, direction: Direction, verdict: &Verdict) {
        let direction = match direction {
            Direction::Input => "input",
            Direction::Output => "output",
            Direction::Document => "document",
        };
        let mut findings: Vec<GuardFinding> = Vec::new();
        let mut found = |finding, is: bool| {
            if is && !findings.contains(&finding) {
                findings.push(finding);
            }
        };
        found(GuardFinding::PersonalData, verdict.has_pii);
        found(GuardFinding::Injection, verdict.is_injection);
        found(GuardFinding::HandOff, verdict.handoff.is_some());
        found(GuardFinding::Topic, !verdict.topics.is_empty());
        for violation in &verdict.safety_violations {
            found(
                GuardFinding::Unsafe(category_name(violation.category)),
                true,
            );
        }
        found(GuardFinding::Blocked, verdict.blocks());
        if findings.is_empty() {
            findings.push(GuardFinding::Nothing);
        }
        for finding in findings {
            self.metrics.verdict(direction, finding);
        }
    }
}

/// The categories' names on the wire.
const fn category_name(category: SafetyCategory) -> &'static str {
    match category {
        SafetyCategory::Violence => "violence",
        SafetyCategory::SelfHarm => "self_harm",
        SafetyCategory::Hate => "hate",
        SafetyCategory::Harassment => "harassment",
        SafetyCategory::Profanity => "profanity",
        SafetyCategory::Sexual => "sexual",
        SafetyCategory::Illegal => "illegal",
        SafetyCategory::Weapons => "weapons",
    }
}

#[async_trait]
impl Guard for InProcessGuard {
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable> {
        let checks = CheckRequest::all(request.direction);
        Self::check(self, request.text, &checks).await
    }
}

/// Whether the engine does what it is there for, by a text whose verdict is known.
#[async_trait]
impl ReadinessCheck for InProcessGuard {
    async fn check(&self) -> CheckState {
        let request = CheckRequest::all(Direction::Input);
        if self
            .engine()
            .check("My SSN is 123-45-6789", &request)
            .has_pii
        {
            CheckState::Ready
        } else {
            CheckState::Unavailable
        }
    }
}
