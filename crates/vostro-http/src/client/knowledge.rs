//! The knowledge base of another process. When it does not answer, the turn says so and goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use vostro_dialogue::ports::{Knowledge, KnowledgeUnavailable};
use vostro_knowledge::Passage;
use vostro_telemetry::Metrics;

use super::http::{ClientSettings, ClientSetupError, Service};
use crate::readiness::{CheckState, ReadinessCheck};

/// The longest question that is asked, in code points: what the service takes by default.
const QUESTION_CHARS: usize = 2_000;

/// The RAG service.
pub struct RemoteKnowledge {
    service: Service,
    is_down: AtomicBool,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Passage>,
}

impl RemoteKnowledge {
    /// Prepares calls to the service; does not call it yet.
    ///
    /// # Errors
    /// [`ClientSetupError`] for settings that cannot work.
    pub fn new(settings: &ClientSettings, metrics: Arc<Metrics>) -> Result<Self, ClientSetupError> {
        Ok(Self {
            service: Service::new("rag", settings, metrics)?,
            is_down: AtomicBool::new(false),
        })
    }
}

#[async_trait]
impl Knowledge for RemoteKnowledge {
    async fn search(
        &self,
        question: &str,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeUnavailable> {
        let question: String = question.chars().take(QUESTION_CHARS).collect();
        let body = json!({"query": question, "limit": limit.clamp(1, 50)});
        let answer: Result<Answer, _> = self.service.post("/api/v1/rag/search", &body).await;
        let was_down = self.is_down.swap(answer.is_err(), Ordering::Relaxed);
        match answer {
            Ok(answer) => {
                if was_down {
                    tracing::info!("the RAG service answers again");
                }
                Ok(answer.results)
            }
            Err(error) => {
                if !was_down {
                    tracing::warn!(%error, "the RAG service does not answer");
                }
                Err(KnowledgeUnavailable(error.into()))
            }
        }
    }
}

/// Without the service everything but questions about the bank is answered.
#[async_trait]
impl ReadinessCheck for RemoteKnowledge {
    async fn check(&self) -> CheckState {
        if self.service.is_ready().await {
            CheckState::Ready
        } else {
            self.when_silent()
        }
    }

    fn when_silent(&self) -> CheckState {
        CheckState::Degraded
    }
}
