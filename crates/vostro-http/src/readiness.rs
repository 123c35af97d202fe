//! Whether a role can do its work: named checks, asked at once, each with a deadline.
//!
//! A check is a real attempt (the store reads, a service is asked), not a flag somebody set. The
//! answer holds states only, never the reason: reasons are logged, and `/ready` is open to anybody.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;
use vostro_bank::Store;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It works.
    Ready,
    /// Not configured, and not needed.
    Disabled,
    /// It does not answer; something else stands in, or the rest works without it.
    Degraded,
    /// It does not answer, and nothing works without it.
    Unavailable,
}

impl CheckState {
    /// Whether the role can work all the same.
    pub const fn allows_work(self) -> bool {
        !matches!(self, Self::Unavailable)
    }
}

/// Something that a role depends on.
#[async_trait]
pub trait ReadinessCheck: Send + Sync {
    /// Asks it, now.
    async fn check(&self) -> CheckState;

    /// What to report when it did not answer in time.
    fn when_silent(&self) -> CheckState {
        CheckState::Unavailable
    }
}

/// The checks of a role, by the contract's names: `database`, `ai_service`, `rag`, `guardrails`.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Vec<(&'static str, Arc<dyn ReadinessCheck>)>,
}

impl Readiness {
    /// No checks: always ready.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check under a name.
    #[must_use]
    pub fn with(mut self, name: &'static str, check: impl ReadinessCheck + 'static) -> Self {
        self.checks.push((name, Arc::new(check)));
        self
    }

    /// Adds a check that is shared with other parts.
    #[must_use]
    pub fn with_shared(mut self, name: &'static str, check: Arc<dyn ReadinessCheck>) -> Self {
        self.checks.push((name, check));
        self
    }

    /// Asks all checks at once.
    pub async fn ask(&self, deadline: Duration) -> Vec<(&'static str, CheckState)> {
        let asked = self.checks.iter().map(async |(name, check)| {
            let state = tokio::time::timeout(deadline, check.check()).await;
            (*name, state.unwrap_or_else(|_| check.when_silent()))
        });
        join_all(asked).await
    }
}

/// A state that does not change while the process lives: `CheckState::Disabled` for the model without
/// a key, `CheckState::Ready` for an engine that is part of the process.
#[async_trait]
impl ReadinessCheck for CheckState {
    async fn check(&self) -> CheckState {
        *self
    }
}

/// Whether the store answers.
pub struct StoreCheck(pub Arc<dyn Store>);

#[async_trait]
impl ReadinessCheck for StoreCheck {
    async fn check(&self) -> CheckState {
        match self.0.ping().await {
            Ok(()) => CheckState::Ready,
            Err(error) => {
                tracing::warn!(%error, "the store does not answer the readiness check");
                CheckState::Unavailable
            }
        }
    }
}
