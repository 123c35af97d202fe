//! Measuring the knowledge base on questions whose right article is known.
//!
//! Pure: the caller brings the questions and a clock, so that a report is the same anywhere but for its
//! latencies. The questions live in `evals/knowledge/questions.jsonl`.

pub mod ranking;
mod reranking;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::reranking::Reranking;
use crate::{KnowledgeBase, KnowledgeError, Passage, Query, answer};

/// One line of the set of questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What the customer says.
    pub question: String,
    /// Ids of the articles that answer it; empty when the knowledge base does not.
    pub articles: Vec<String>,
    /// What a right answer contains, letter case aside: every one of these.
    #[serde(default)]
    pub facts: Vec<String>,
    /// Whether the question was kept aside while weights were tuned.
    #[serde(default)]
    pub held_out: bool,
}

/// Reads questions, one JSON object a line; empty lines are passed over.
///
/// # Errors
/// [`KnowledgeError::Malformed`] with the line.
pub fn parse_questions(name: &str, text: &str) -> Result<Vec<Question>, KnowledgeError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| KnowledgeError::Malformed {
                name: name.to_owned(),
                line: number + 1,
                reason: error.to_string(),
            })
        })
        .collect()
}

/// What was measured. Counts, so that reports can be added up; shares are methods.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Questions that the knowledge base answers.
    pub answerable: usize,
    /// … where a right article came first.
    pub first: usize,
    /// … where a right article was among the first three articles.
    pub in_three: usize,
    /// … that were taken for "nothing on this".
    pub refused: usize,
    /// Questions with facts to be told.
    pub with_facts: usize,
    /// … where the answer told them all.
    pub told: usize,
    /// Questions that the knowledge base does not answer.
    pub unanswerable: usize,
    /// … that were recognised as such.
    pub recognised: usize,
    /// Median time of search and answer.
    pub p50: Duration,
    /// What went wrong, for reading.
    pub misses: Vec<String>,
}

impl Report {
    /// Shares of 1: right article first, among three, facts told, "nothing on this" recognised, and
    /// answerable questions refused.
    pub fn shares(&self) -> [f64; 5] {
        #[expect(clippy::cast_precision_loss, reason = "counts of questions")]
        let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
        [
            share(self.first, self.answerable),
            share(self.in_three, self.answerable),
            share(self.told, self.with_facts),
            share(self.recognised, self.unanswerable),
            share(self.refused, self.answerable),
        ]
    }
}

/// Asks every question and judges what is found. `clock` gives the time since any fixed moment.
pub fn evaluate<'a>(
    base: &KnowledgeBase,
    questions: impl IntoIterator<Item = &'a Question>,
    clock: impl FnMut() -> Duration,
) -> Report {
    evaluate_by(|query| base.search(query), questions, clock)
}

/// As [`evaluate`], for any way of searching.
pub fn evaluate_by<'a>(
    search: impl Fn(&Query<'_>) -> Vec<Passage>,
    questions: impl IntoIterator<Item = &'a Question>,
    mut clock: impl FnMut() -> Duration,
) -> Report {
    let mut report = Report::default();
    let mut times = Vec::new();
    for question in questions {
        let begun = clock();
        let passages = search(&Query {
            limit: 10,
            ..Query::new(&question.question)
        });
        let answer = answer(&question.question, &passages);
        times.push(clock().saturating_sub(begun));

        let mut found: Vec<(&str, f32)> = Vec::new();
        for passage in &passages {
            if found.iter().all(|(id, _)| *id != passage.document_id) {
                found.push((&passage.document_id, passage.score));
            }
        }
        let mut miss = |what: &str, detail: String| {
            report
                .misses
                .push(format!("{what}: {:?} {detail}", question.question));
        };
        if question.articles.is_empty() {
            report.unanswerable += 1;
            match &answer {
                None => report.recognised += 1,
                Some(_) => miss("not recognised", format!("{:?}", found.first())),
            }
            continue;
        }
        report.answerable += 1;
        let right = |(id, _): &(&str, f32)| question.articles.iter().any(|article| article == id);
        report.first += usize::from(found.first().is_some_and(right));
        report.in_three += usize::from(found.iter().take(3).any(right));
        report.refused += usize::from(answer.is_none());
        if !found.first().is_some_and(right) {
            miss(
                "not first",
                format!(
                    "{:?}, not {:?}",
                    found.iter().take(3).collect::<Vec<_>>(),
                    question.articles
                ),
            );
        }
        if answer.is_none() {
            miss("refused", format!("{:?}", found.first()));
        }
        if !question.facts.is_empty() {
            report.with_facts += 1;
            let text = answer
                .map(|answer| answer.text)
                .unwrap_or_default()
                .to_lowercase();
            if question
                .facts
                .iter()
                .all(|fact| text.contains(&fact.to_lowercase()))
            {
                report.told += 1;
            } else {
                miss("not told", format!("{:?} in {text:?}", question.facts));
            }
        }
    }
    times.sort_unstable();
    report.p50 = times.get(times.len() / 2).copied().unwrap_or_default();
    report
}
