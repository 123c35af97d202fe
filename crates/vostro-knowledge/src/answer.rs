//! An answer in the articles' own words, with the place where each stands.
//!
//! Extractive: whole sentences, list items, steps and table rows; an unbroken run of them from the
//! best passage and, where it adds something, one from another passage of the same document. Nothing is rephrased, so nothing can be invented. A model may write a smoother answer
//! from the same passages elsewhere; this one needs none.

use std::collections::HashSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

mod select;
mod units;

use self::select::{Asked, Run, Told, adding_run, best_run};
use self::units::{Unit, units};
use crate::Passage;
use crate::passage::RELEVANT_SCORE;
use crate::text::Stems;

/// Passages that an answer may draw from.
const MAX_PASSAGES: usize = 8;
/// A passage this close to the best one may be the better source of the sentence asked for.
const CLOSE: f32 = 0.86;
/// Another passage of the best one's document may be further off.
const CLOSE_WITHIN_DOCUMENT: f32 = 0.55;

/// Sentences quoted from the knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// What to tell the customer: Markdown with paragraphs and lists; table rows come as list items.
    pub text: String,
    /// Where it stands, in the order of the text.
    pub citations: Vec<Citation>,
    /// Score of the passage that it is from, 0 to 1.
    pub score: f32,
}

/// The place of a quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Citation {
    /// Id of the document.
    pub document_id: String,
    /// Id of the chunk.
    pub chunk_id: String,
    /// Title of the document.
    pub title: String,
    /// Where the quotation begins in the document's body, in Unicode code points.
    pub start: usize,
    /// Where it ends (exclusive), in Unicode code points.
    pub end: usize,
    /// The quoted text, exactly `start..end` of the document's body.
    pub quote: String,
}

/// The best complete sentences, steps or rows of these passages (best first, as
/// [`KnowledgeBase::search`](crate::KnowledgeBase::search) gives them) for this question.
/// `None` when no passage reaches [`RELEVANT_SCORE`]: then we have nothing on this.
pub fn answer(query: &str, passages: &[Passage]) -> Option<Answer> {
    let best = passages
        .first()
        .filter(|passage| passage.score >= RELEVANT_SCORE)?;
    let stems = Stems::new();
    let mut near: Vec<Source<'_>> = passages
        .iter()
        .take(MAX_PASSAGES)
        .filter(|passage| {
            let within = passage.document_id == best.document_id;
            let close = if within { CLOSE_WITHIN_DOCUMENT } else { CLOSE };
            passage.score >= best.score * close
        })
        .map(|passage| Source::new(passage, &stems))
        .collect();
    let asked = Asked::new(query, &near, &stems);
    for source in &mut near {
        source.told = asked.told(source);
    }
    let main = near
        .iter()
        .filter_map(|source| Some((source, best_run(&asked, source, best.score)?)))
        // The first of equals: passages come best first.
        .reduce(|a, b| if b.1.value > a.1.value { b } else { a })?;
    let more = near
        .iter()
        .filter(|source| {
            source.passage.chunk_id != main.0.passage.chunk_id
                && source.passage.document_id == main.0.passage.document_id
        })
        .filter_map(|source| Some((source, adding_run(&asked, &main, source)?)))
        .reduce(|a, b| if b.1.value > a.1.value { b } else { a });
    let mut parts = vec![main];
    parts.extend(more);
    // What opens the document comes first, then in the order of worth.
    parts.sort_by_key(|(source, _)| !source.leads());
    tell(&parts)
}

/// A passage, taken apart.
struct Source<'a> {
    passage: &'a Passage,
    units: Vec<Unit>,
    /// The stems of each unit.
    stems: Vec<HashSet<String>>,
    /// The stems of the headings above it; of the title, if it opens its document.
    heading: HashSet<String>,
    /// What each unit tells of that was asked for.
    told: Vec<Told>,
}

impl<'a> Source<'a> {
    fn new(passage: &'a Passage, stems: &Stems) -> Self {
        let heading = match passage.heading.as_str() {
            "" => passage.title.as_str(),
            heading => heading,
        };
        let units = units(&passage.content);
        let content = |text: &str| stems.content(text).into_iter().collect();
        Self {
            passage,
            stems: units.iter().map(|unit| content(&unit.text)).collect(),
            heading: content(heading),
            units,
            told: Vec::new(),
        }
    }

    /// Whether it opens its document.
    fn leads(&self) -> bool {
        self.passage.heading.is_empty()
    }
}

fn tell(parts: &[(&Source<'_>, Run)]) -> Option<Answer> {
    let mut texts = Vec::with_capacity(parts.len());
    let mut citations = Vec::with_capacity(parts.len());
    for (source, run) in parts {
        let run = source.units.get(run.range.clone())?;
        texts.push(units::join(run));
        citations.push(cite(
            source.passage,
            &(run.first()?.span.start..run.last()?.span.end),
        )?);
    }
    let score = parts
        .iter()
        .map(|(source, _)| source.passage.score)
        .fold(0.0, f32::max);
    Some(Answer {
        text: texts.join("\n\n"),
        citations,
        score,
    })
}

fn cite(passage: &Passage, span: &Range<usize>) -> Option<Citation> {
    let quote = passage.content.get(span.clone())?;
    let start = passage.start + passage.content.get(..span.start)?.chars().count();
    Some(Citation {
        document_id: passage.document_id.clone(),
        chunk_id: passage.chunk_id.clone(),
        title: passage.title.clone(),
        start,
        end: start + quote.chars().count(),
        quote: quote.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(content: &str, score: f32) -> Passage {
        Passage {
            document_id: "d".into(),
            chunk_id: "d#1".into(),
            title: "Sending money".into(),
            category: "c".into(),
            heading: String::new(),
            content: content.into(),
            score,
            start: 100,
            end: 100 + content.chars().count(),
        }
    }

    #[test]
    fn quotes_whole_sentences_steps_and_rows() {
        let steps = "To send money:\n\n1. Say how much.\n2. Name the payee.\n3. Say yes.";
        let cases = [
            (
                "how long does it take",
                "Payees are people. A transfer takes two days to arrive at other banks, \
                 as it goes through a clearing house.",
                "A transfer takes two days to arrive at other banks, as it goes through a clearing \
                 house.",
            ),
            ("how do I send money", steps, steps),
            (
                "what does a wire cost",
                "| Service | Fee | When |\n|---|---|---|\n| Wire transfer to another bank | $25.00 | each |\n\
                 | Paper statement, sent by post | $2.00 | month |",
                "- **Wire transfer to another bank**: Fee $25.00; When each",
            ),
        ];
        for (query, content, expected) in cases {
            let found = answer(query, &[passage(content, 0.9)]).unwrap();
            assert!(found.text.contains(expected), "{query}: {}", found.text);
            let citation = &found.citations[0];
            let quoted: String = content
                .chars()
                .skip(citation.start - 100)
                .take(citation.end - citation.start)
                .collect();
            assert_eq!(quoted, citation.quote);
        }
    }

    #[test]
    fn says_nothing_rather_than_something_else() {
        assert_eq!(answer("anything", &[]), None);
        assert_eq!(
            answer(
                "send money",
                &[passage("Send money.", RELEVANT_SCORE - 0.01)]
            ),
            None
        );
    }

    #[test]
    fn hostile_passages_are_harmless() {
        let texts = [
            String::new(),
            "\u{0}".into(),
            ":".into(),
            "|".repeat(9_000),
            "1. ".repeat(9_000),
            "a: ".repeat(9_000),
            "- :\n".repeat(5_000),
            "\u{1f600}. ".repeat(5_000),
        ];
        for text in texts {
            let found = answer(&text, &[passage(&text, 0.9)]);
            assert!(found.is_none_or(|found| found.text.len() <= text.len() + 100));
        }
    }
}
