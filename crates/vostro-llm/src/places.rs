//! So many answers at once, so many requests waiting, for so long; more are turned away at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use vostro_dialogue::model::{ModelError, Wait};
use vostro_telemetry::Metrics;

use crate::settings::PlaceSettings;

/// The places.
#[derive(Debug)]
pub(crate) struct Places {
    settings: PlaceSettings,
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    metrics: Arc<Metrics>,
}

impl Places {
    pub(crate) fn new(settings: PlaceSettings, metrics: Arc<Metrics>) -> Self {
        Self {
            settings,
            free: Arc::new(Semaphore::new(
                settings.concurrent.min(Semaphore::MAX_PERMITS),
            )),
            waiting: AtomicUsize::new(0),
            metrics,
        }
    }

    /// Takes a place, first come first served.
    pub(crate) async fn take(&self, by: Instant) -> Result<OwnedSemaphorePermit, ModelError> {
        if let Ok(place) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(place);
        }
        let _queued = Queued::new(self)?;
        let by = by.min(Instant::now() + self.settings.patience);
        match timeout_at(by, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            // The semaphore is never closed.
            Ok(Err(_)) => Err(ModelError::Busy),
            Err(_) => Err(ModelError::TimedOut(Wait::Queue)),
        }
    }
}

/// A place in the queue, given back however the waiting ends.
struct Queued<'a>(&'a Places);

impl<'a> Queued<'a> {
    fn new(places: &'a Places) -> Result<Self, ModelError> {
        let room = |waiting: usize| (waiting < places.settings.queue).then_some(waiting + 1);
        places
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, room)
            .map_err(|_| ModelError::Busy)?;
        places.metrics.models().queue(1);
        Ok(Self(places))
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        self.0.metrics.models().queue(-1);
    }
}
