//! An answer that is told as it comes.

use std::sync::Arc;

use vostro_dialogue::model::{ModelError, ModelEvent};

use crate::chain::{Begun, usage_so_far};
use crate::client::Inner;
use crate::job::{Job, outcome};
use crate::reader::Piece;

/// An answer that is told as it comes. Dropped before its end, it counts as abandoned, and its model is
/// neither blamed nor praised.
pub(crate) struct Telling {
    pub inner: Arc<Inner>,
    pub guessed: u64,
    pub job: Job,
    pub begun: Begun,
}

impl Telling {
    /// The next event, and the rest of the answer where there is one.
    pub(crate) async fn next(mut self) -> (Result<ModelEvent, ModelError>, Option<Self>) {
        loop {
            let piece = match self.begun.piece.take() {
                Some(piece) => Ok(piece),
                None => self.begun.reader.next().await,
            };
            match piece {
                Ok(Piece::Call) => {}
                Ok(Piece::Text(text)) => return (Ok(ModelEvent::Text(text)), Some(self)),
                Ok(end @ Piece::End(_)) => {
                    self.begun.piece = Some(end);
                    let answer = self.inner.finish(self.begun, &mut self.job, self.guessed);
                    return (
                        answer.map(|answer| ModelEvent::Done(Box::new(answer))),
                        None,
                    );
                }
                Err(error) => {
                    self.fail(&error);
                    return (Err(error), None);
                }
            }
        }
    }

    fn fail(self, error: &ModelError) {
        let Self {
            inner,
            guessed,
            mut job,
            begun,
        } = self;
        if let Some(model) = inner.models.get(begun.model) {
            let usage = usage_so_far(model, guessed, begun.reader.so_far());
            job.used(&model.choice.name, &usage);
            inner.record_failure(model, begun.leave, error);
        }
        job.ticket.ended(outcome(error));
    }
}
