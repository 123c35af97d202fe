//! What a chunk is about, as stems: prepared once, so that judging a candidate is a few look-ups.

use std::sync::Arc;

use super::lexicon::{Lexicon, StemId};
use crate::{Chunk, Document};

/// What all chunks of a document have in common.
pub(super) struct Shared {
    /// Stems of the title; this list and the next two are sorted, for look-up.
    pub(super) title: Vec<StemId>,
    /// Stems of the tags.
    pub(super) tags: Vec<StemId>,
    /// Stems of the whole text.
    pub(super) text: Vec<StemId>,
    /// What the document may be called: its title and each tag, of two words or more.
    pub(super) names: Vec<Vec<StemId>>,
}

impl Shared {
    pub(super) fn new(document: &Document, lexicon: &mut Lexicon) -> Self {
        let mut names = vec![lexicon.learn(&document.title)];
        names.extend(document.tags.iter().map(|tag| lexicon.learn(tag)));
        let title = names.first().cloned().unwrap_or_default();
        let tags = names.get(1..).unwrap_or_default().concat();
        names.retain(|name| name.len() > 1);
        Self {
            title: sorted(title),
            tags: sorted(tags),
            text: sorted(lexicon.learn(&document.body)),
            names,
        }
    }
}

/// What one chunk is about.
pub(super) struct Profile {
    pub(super) shared: Arc<Shared>,
    /// Stems of its headings, or of the title for what comes before the first heading; sorted.
    pub(super) heading: Vec<StemId>,
    /// Stems that its text has once; sorted.
    pub(super) once: Vec<StemId>,
    /// Stems that its text has more often; sorted.
    pub(super) often: Vec<StemId>,
    /// Whether it comes before the first heading: it says what the document is about.
    pub(super) leads: bool,
}

impl Profile {
    pub(super) fn new(chunk: &Chunk, shared: &Arc<Shared>, lexicon: &mut Lexicon) -> Self {
        let heading = match chunk.headings.as_slice() {
            [] => shared.title.clone(),
            headings => sorted(lexicon.learn(&headings.join(" "))),
        };
        let mut body = lexicon.learn(&chunk.content);
        body.sort_unstable();
        let (mut once, mut often) = (Vec::new(), Vec::new());
        for run in body.chunk_by(|a, b| a == b) {
            if let Some(&stem) = run.first() {
                if run.len() > 1 { &mut often } else { &mut once }.push(stem);
            }
        }
        let all = [&shared.title, &shared.tags, &heading, &once, &often];
        lexicon.count(sorted(all.into_iter().flatten().copied().collect()));
        let leads = chunk.headings.is_empty();
        Self {
            shared: Arc::clone(shared),
            heading,
            once,
            often,
            leads,
        }
    }
}

fn sorted(mut stems: Vec<StemId>) -> Vec<StemId> {
    stems.sort_unstable();
    stems.dedup();
    stems
}
