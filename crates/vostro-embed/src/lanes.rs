//! Texts side by side: each lane is a thread of its own, so that one request never waits for half a core.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rten::ThreadPool;

/// So many texts are worked on at once.
pub(crate) struct Lanes {
    pools: Vec<Arc<ThreadPool>>,
    next: AtomicUsize,
}

impl Lanes {
    /// At least one lane.
    pub(crate) fn new(count: usize) -> Self {
        let lane = |_| Arc::new(ThreadPool::with_num_threads(1));
        Self {
            pools: (0..count.max(1)).map(lane).collect(),
            next: AtomicUsize::new(0),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.pools.len()
    }

    /// The lane whose turn it is.
    pub(crate) fn next(&self) -> Option<&Arc<ThreadPool>> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.pools.get(turn % self.pools.len())
    }

    /// Works on each text, in as many lanes as there are; what comes of them is in the texts' order. The first
    /// error of a lane ends that lane. `None` when a lane broke off.
    pub(crate) fn spread<R: Send, E: Send>(
        &self,
        texts: &[&str],
        work: impl Fn(&Arc<ThreadPool>, &str) -> Result<R, E> + Sync,
    ) -> Option<Result<Vec<R>, E>> {
        let share = texts.len().div_ceil(self.pools.len()).max(1);
        let work = &work;
        thread::scope(|scope| {
            let working: Vec<_> = texts
                .chunks(share)
                .zip(&self.pools)
                .map(|(texts, lane)| {
                    scope.spawn(move || {
                        let done = texts.iter().map(|text| work(lane, text));
                        done.collect::<Result<Vec<R>, E>>()
                    })
                })
                .collect();
            let mut all = Ok(Vec::with_capacity(texts.len()));
            for lane in working {
                match (&mut all, lane.join().ok()?) {
                    (Ok(all), Ok(done)) => all.extend(done),
                    (Ok(_), Err(error)) => all = Err(error),
                    (Err(_), _) => {}
                }
            }
            Some(all)
        })
    }
}
