//! Passages near in meaning, asked of the store that has their vectors.
//!
//! A search waits for it a moment and no longer: whoever asks goes by words then. A store that was silent is left
//! alone for a second, so that not every search waits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use vostro_bank::{NearestQuery, Store};
use vostro_knowledge::{Audience, Inquiry, Near};

use super::breaker::Breaker;

/// How long a search waits for the store.
const PATIENCE: Duration = Duration::from_secs(1);

/// A store that searches the vectors of one edition of a knowledge base.
pub struct StoredVectors {
    store: Arc<dyn Store>,
    model: String,
    day: Date,
    breaker: Breaker,
}

/// Why the store said nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Silent {
    /// It was silent just now.
    #[error("the store was silent a moment ago")]
    Resting,
    /// It took too long.
    #[error("the store gave no answer within {PATIENCE:?}")]
    Slow,
    /// It could not.
    #[error("the store could not search vectors")]
    Failed(#[from] vostro_bank::StoreError),
}

impl StoredVectors {
    /// Vectors that this model made, of documents that hold on this day of the bank.
    pub fn new(store: Arc<dyn Store>, model: String, day: Date) -> Self {
        Self {
            store,
            model,
            day,
            breaker: Breaker::default(),
        }
    }

    /// Whether the store was silent a moment ago: then it says nothing to an inquiry.
    pub(super) fn rests(&self) -> bool {
        self.breaker.rests(Instant::now())
    }

    /// What the store says of passages to an inquiry.
    pub(super) async fn near(&self, inquiry: &Inquiry) -> Result<Vec<Near>, Silent> {
        if inquiry.vectors().is_empty() {
            return Ok(Vec::new());
        }
        if !self.breaker.may_call(Instant::now()) {
            return Err(Silent::Resting);
        }
        let query = NearestQuery {
            model: self.model.clone(),
            questions: inquiry.vectors().iter().map(|it| it.to_vec()).collect(),
            audiences: audiences(inquiry.audience()),
            category: inquiry.category().map(str::to_owned),
            day: self.day,
            wanted: u32::try_from(inquiry.wanted()).unwrap_or(u32::MAX),
            keys: inquiry.keys().to_vec(),
        };
        let answer = tokio::time::timeout(PATIENCE, self.store.nearest_passages(&query)).await;
        let near = match answer {
            Ok(Ok(near)) => near,
            Ok(Err(error)) => {
                self.breaker.was_silent(Instant::now());
                return Err(error.into());
            }
            Err(_) => {
                self.breaker.was_silent(Instant::now());
                return Err(Silent::Slow);
            }
        };
        self.breaker.answered();
        let near = near.into_iter();
        Ok(near
            .map(|passage| Near {
                key: passage.key,
                cosines: passage.cosines,
            })
            .collect())
    }
}

impl std::fmt::Debug for StoredVectors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredVectors")
            .field("model", &self.model)
            .field("day", &self.day)
            .finish_non_exhaustive()
    }
}

/// The audiences whose documents a reader may find.
fn audiences(reader: Audience) -> Vec<String> {
    let open = Audience::ALL.into_iter().filter(|it| *it <= reader);
    open.map(|audience| audience.as_str().to_owned()).collect()
}
