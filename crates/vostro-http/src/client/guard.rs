//! The guardrails of another process, with this process's engine in reserve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use serde_json::json;
use vostro_dialogue::ports::{Guard, GuardRequest, GuardUnavailable};
use vostro_guardrails::Verdict;
use vostro_telemetry::{GuardFallback, Metrics};

use super::http::{CallError, ClientSettings, ClientSetupError, Service};
use super::local_guard::InProcessGuard;
use crate::readiness::{CheckState, ReadinessCheck};

/// What to do when the guardrails service gives no verdict.
#[derive(Clone)]
pub enum FallbackPolicy {
    /// Ask the engine of this process. The default: nothing goes through unchecked.
    InProcess(Arc<InProcessGuard>),
    /// Let nothing through: for banks whose policy lives in the service alone.
    Closed,
}

/// The guardrails service. Anything but a verdict (silence, an error, a refusal, nonsense) is no
/// verdict, and never "safe".
pub struct RemoteGuard {
    service: Service,
    fallback: FallbackPolicy,
    metrics: Arc<Metrics>,
    is_down: AtomicBool,
}

impl RemoteGuard {
    /// Prepares calls to the service; does not call it yet.
    ///
    /// # Errors
    /// [`ClientSetupError`] for settings that cannot work.
    pub fn new(
        settings: &ClientSettings,
        fallback: FallbackPolicy,
        metrics: Arc<Metrics>,
    ) -> Result<Self, ClientSetupError> {
        Ok(Self {
            service: Service::new("guardrails", settings, Arc::clone(&metrics))?,
            fallback,
            metrics,
            is_down: AtomicBool::new(false),
        })
    }

    async fn ask(&self, request: GuardRequest<'_>) -> Result<Verdict, CallError> {
        let body = json!({
            "text": request.text,
            "direction": request.direction,
        });
        self.service.post("/api/v1/guardrails/check", &body).await
    }

    /// Logs a change of state, once.
    fn note(&self, failure: Option<&CallError>) {
        let was_down = self.is_down.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) if !was_down => {
                tracing::warn!(%error, "the guardrails service gives no verdicts");
            }
            None if was_down => tracing::info!("the guardrails service gives verdicts again"),
            _ => {}
        }
    }
}

#[async_trait]
impl Guard for RemoteGuard {
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable> {
        let answer = self.ask(request).await;
        self.note(answer.as_ref().err());
        let error = match answer {
            Ok(verdict) => return Ok(verdict),
            Err(error) => error,
        };
        match &self.fallback {
            FallbackPolicy::InProcess(guard) => {
                self.metrics.guard_fallback(GuardFallback::InProcess);
                Guard::check(guard.as_ref(), request).await
            }
            FallbackPolicy::Closed => {
                self.metrics.guard_fallback(GuardFallback::Closed);
                Err(GuardUnavailable(error.into()))
            }
        }
    }
}

#[async_trait]
impl ReadinessCheck for RemoteGuard {
    async fn check(&self) -> CheckState {
        if self.service.is_ready().await {
            return CheckState::Ready;
        }
        self.when_silent()
    }

    fn when_silent(&self) -> CheckState {
        match self.fallback {
            FallbackPolicy::InProcess(_) => CheckState::Degraded,
            FallbackPolicy::Closed => CheckState::Unavailable,
        }
    }
}
