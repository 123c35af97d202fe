//! What a chunk is about, as stems: prepared once, so that judging a candidate is a few look-ups.

use std::sync::Arc;

use super::lexicon::{Lexicon, StemId};
use crate::{Audience, Chunk, Document, Query};

/// What all chunks of a document have in common.
pub(super) struct Shared {
    audience: Audience,
    category: String,
    /// Stems of the title; this list and the next two are sorted, for look-up.
    pub(super) title: Vec<StemId>,
    /// Stems of the tags.
    pub(super) tags: Vec<StemId>,
    /// Stems of all its chunks.
    pub(super) text: Vec<StemId>,
    /// What the document may be called: its title and each tag, of two words or more.
    pub(super) names: Vec<Vec<StemId>>,
}

impl Shared {
    /// Whether a query's filters let the document through.
    pub(super) fn is_within(&self, query: &Query<'_>) -> bool {
        self.audience <= query.audience
            && query
                .category
                .is_none_or(|category| self.category == category)
    }
}

/// What one chunk is about.
pub(super) struct Profile {
    pub(super) shared: Arc<Shared>,
    /// Stems of its headings, or of the title for what comes before the first heading; sorted.
    pub(super) heading: Vec<StemId>,
    /// Stems of its text, in order.
    pub(super) words: Vec<StemId>,
    /// Whether it comes before the first heading: it says what the document is about.
    pub(super) leads: bool,
}

/// How often the words of a title, of tags and of headings count as words of their chunk.
const TITLE_TIMES: usize = 3;
const TAGS_TIMES: usize = 2;
const HEADING_TIMES: usize = 2;

/// The chunks of one document: their profiles, and for each the words that it is found by.
pub(super) fn profiles(
    document: &Document,
    chunks: &[&Chunk],
    lexicon: &mut Lexicon,
) -> Vec<(Profile, Vec<StemId>)> {
    let title = lexicon.learn(&document.title);
    let tags: Vec<Vec<StemId>> = document.tags.iter().map(|tag| lexicon.learn(tag)).collect();
    let read: Vec<(Vec<StemId>, Vec<StemId>)> = chunks
        .iter()
        .map(|chunk| {
            let heading = match chunk.headings.as_slice() {
                [] => title.clone(),
                headings => lexicon.learn(&headings.join(" ")),
            };
            (heading, lexicon.learn(&chunk.content))
        })
        .collect();
    let all = read
        .iter()
        .flat_map(|(heading, words)| heading.iter().chain(words));
    let text = sorted(all.copied().collect());
    let names = std::iter::once(&title).chain(&tags);
    let shared = Arc::new(Shared {
        audience: document.audience,
        category: document.category.clone(),
        title: sorted(title.clone()),
        tags: sorted(tags.concat()),
        text,
        names: names.filter(|name| name.len() > 1).cloned().collect(),
    });
    let tags = tags.concat();
    let chunks = chunks.iter().zip(read);
    chunks
        .map(|(chunk, (heading, words))| {
            let mut found_by = words.clone();
            for (name, times) in [
                (&title, TITLE_TIMES),
                (&tags, TAGS_TIMES),
                (&heading, HEADING_TIMES),
            ] {
                found_by.extend(name.iter().cycle().take(name.len() * times));
            }
            lexicon.count(sorted(found_by.clone()));
            let profile = Profile {
                shared: Arc::clone(&shared),
                heading: sorted(heading),
                words,
                leads: chunk.headings.is_empty(),
            };
            (profile, found_by)
        })
        .collect()
}

fn sorted(mut stems: Vec<StemId>) -> Vec<StemId> {
    stems.sort_unstable();
    stems.dedup();
    stems
}
