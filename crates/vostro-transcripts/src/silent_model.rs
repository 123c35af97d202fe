//! A language model that never answers and counts how often it is asked: what a model would cost, and proof
//! that no conversation needs one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use async_trait::async_trait;
use serde::Serialize;
use vostro_dialogue::model::{
    AnswerForm, LanguageModel, ModelAnswer, ModelError, ModelRequest, ModelStream, PromptText,
};

/// How often a model was asked, and how much it was given to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Messages that it was to understand.
    pub understanding: u64,
    /// Answers that it was to word.
    pub wording: u64,
    /// Characters of all prompts together.
    pub characters: u64,
}

impl std::ops::Sub for Asked {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            understanding: self.understanding - before.understanding,
            wording: self.wording - before.wording,
            characters: self.characters - before.characters,
        }
    }
}

impl std::iter::Sum for Asked {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            understanding: sum.understanding + one.understanding,
            wording: sum.wording + one.wording,
            characters: sum.characters + one.characters,
        })
    }
}

/// The model.
#[derive(Default)]
pub(crate) struct SilentModel {
    understanding: AtomicU64,
    wording: AtomicU64,
    characters: AtomicU64,
}

impl SilentModel {
    pub(crate) fn asked(&self) -> Asked {
        Asked {
            understanding: self.understanding.load(Ordering::Relaxed),
            wording: self.wording.load(Ordering::Relaxed),
            characters: self.characters.load(Ordering::Relaxed),
        }
    }

    fn count(&self, request: &ModelRequest) -> ModelError {
        let purpose = match request.form {
            AnswerForm::Text => &self.wording,
            AnswerForm::Json(_) | AnswerForm::Tools(_) => &self.understanding,
        };
        purpose.fetch_add(1, Ordering::Relaxed);
        let said = request.messages.iter().flat_map(|message| &message.text);
        let pieces = request.instructions.iter().chain(said);
        let characters: usize = pieces
            .map(PromptText::as_str)
            .map(|it| it.chars().count())
            .sum();
        let characters = u64::try_from(characters).unwrap_or(u64::MAX);
        self.characters.fetch_add(characters, Ordering::Relaxed);
        ModelError::Resting
    }
}

#[async_trait]
impl LanguageModel for SilentModel {
    async fn complete(
        &self,
        request: &ModelRequest,
        _: Instant,
    ) -> Result<ModelAnswer, ModelError> {
        Err(self.count(request))
    }

    async fn stream(&self, request: &ModelRequest, _: Instant) -> Result<ModelStream, ModelError> {
        Err(self.count(request))
    }
}
