//! Measuring retrieval on any set of documents and queries with their relevant documents.
//!
//! The same measures for every way of searching, side by side: recall and nDCG (Järvelin and Kekäläinen,
//! 2002, binary gains) among the first ten documents, the mean reciprocal rank, and the time. A document
//! ranks by its best passage. Pure: documents, queries, model and clock are brought along.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use vostro_embed::{Embedder, Neighbours};

use super::Reranking;
use crate::{
    Audience, Document, KnowledgeBase, KnowledgeError, Meaning, Passage, Query, VectorCache,
};

/// Documents that count among the found ones.
const DEPTH: usize = 10;
/// Passages that are asked for, so that ten documents come together.
const PASSAGES: usize = 100;

/// One line of `documents.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub struct SetDocument {
    /// Its id, any text.
    #[serde(alias = "_id", alias = "document_id")]
    pub id: String,
    /// Its title; may be missing.
    #[serde(default)]
    pub title: String,
    /// Its text, Markdown or plain.
    #[serde(alias = "text", alias = "body")]
    pub content: String,
}

/// One line of the queries' file.
#[derive(Debug, Clone, Deserialize)]
pub struct SetQuery {
    /// Its id, where relevant documents are named in a file of their own.
    #[serde(default, alias = "_id")]
    pub id: Option<String>,
    /// What is asked.
    #[serde(alias = "instructions", alias = "question", alias = "text")]
    pub query: String,
    /// Ids of the documents that answer it: a list, one, or each with its grade, of which 0 is none.
    #[serde(
        default,
        deserialize_with = "ids",
        alias = "relevant_ids",
        alias = "required_documents",
        alias = "documents",
        alias = "document_id",
        alias = "articles"
    )]
    pub relevant: Vec<String>,
}

fn ids<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Ids {
        One(String),
        Many(Vec<String>),
        Graded(BTreeMap<String, f64>),
    }
    Ok(match Ids::deserialize(from)? {
        Ids::One(id) => vec![id],
        Ids::Many(ids) => ids,
        Ids::Graded(grades) => {
            let relevant = grades.into_iter().filter(|(_, grade)| *grade > 0.0);
            relevant.map(|(id, _)| id).collect()
        }
    })
}

/// Takes relevant documents from judgements: `query-id`, `document-id` and a grade a line, with tabs or blanks
/// between; TREC's four columns too. A first line that is a heading is passed over.
pub fn judge_by(queries: &mut [SetQuery], judgements: &str) {
    let mut relevant: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in judgements.lines() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let ([query, document, grade] | [query, _, document, grade]) = columns.as_slice() else {
            continue;
        };
        if grade.parse::<f64>().is_ok_and(|grade| grade > 0.0) {
            relevant.entry(query).or_default().push(document);
        }
    }
    for query in queries {
        let Some(found) = query.id.as_deref().and_then(|id| relevant.get(id)) else {
            continue;
        };
        query
            .relevant
            .extend(found.iter().map(|id| (*id).to_owned()));
    }
}

/// A way of searching and how good it is. Shares are of 1, means over all queries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The way.
    pub way: &'static str,
    /// Share of a query's relevant documents that is first.
    pub recall_at_1: f64,
    /// … among the first five.
    pub recall_at_5: f64,
    /// … among the first ten.
    pub recall_at_10: f64,
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg_at_10: f64,
    /// One through the rank of the first relevant document.
    pub mrr: f64,
    /// Median time of a search, in microseconds.
    pub p50_us: u64,
    /// The time that one search of twenty exceeds, in microseconds.
    pub p95_us: u64,
}

/// What was measured on a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankingReport {
    /// Number of documents.
    pub documents: usize,
    /// Number of passages that they are cut into.
    pub passages: usize,
    /// Number of queries with a relevant document in the set.
    pub queries: usize,
    /// One row a way of searching.
    pub rows: Vec<Row>,
}

impl fmt::Display for RankingReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} documents, {} passages, {} queries\n",
            self.documents, self.passages, self.queries
        )?;
        writeln!(
            f,
            "| way | recall@1 | recall@5 | recall@10 | nDCG@10 | MRR | p50 | p95 |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            writeln!(
                f,
                "| {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:?} | {:?} |",
                row.way,
                row.recall_at_1,
                row.recall_at_5,
                row.recall_at_10,
                row.ndcg_at_10,
                row.mrr,
                Duration::from_micros(row.p50_us),
                Duration::from_micros(row.p95_us)
            )?;
        }
        Ok(())
    }
}

/// Reads JSON lines; empty lines are passed over.
///
/// # Errors
/// [`KnowledgeError::Malformed`] with the line.
pub fn parse_lines<T: for<'de> Deserialize<'de>>(
    name: &str,
    text: &str,
) -> Result<Vec<T>, KnowledgeError> {
    let lines = text.lines().enumerate();
    lines
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

/// Measures textbook BM25, this crate's lexical search, with a model dense search and fusion, and the best of them
/// reranked.
///
/// # Errors
/// [`KnowledgeError`] when a base cannot be built or the model fails.
pub fn rank(
    documents: Vec<SetDocument>,
    queries: &[SetQuery],
    (embedder, reranking): (Option<Arc<dyn Embedder>>, Option<Reranking<'_>>),
    vectors: &mut dyn VectorCache,
    mut clock: impl FnMut() -> Duration,
) -> Result<RankingReport, KnowledgeError> {
    let ids: HashSet<&str> = documents
        .iter()
        .map(|document| document.id.as_str())
        .collect();
    let queries: Vec<&SetQuery> = queries
        .iter()
        .filter(|query| query.relevant.iter().any(|id| ids.contains(id.as_str())))
        .collect();
    let documents: Vec<Document> = documents.into_iter().map(document).collect();
    let lexical = KnowledgeBase::build(documents)?;
    let owners: Vec<&str> = lexical.passage_texts().map(|(id, _)| id).collect();
    let mut measure = |way, find: &mut dyn FnMut(&str) -> Result<Vec<String>, KnowledgeError>| {
        measured(way, &queries, &mut clock, find)
    };
    let bm25 = lexical.bm25();
    let mut rows = vec![
        measure("BM25", &mut |query| Ok(best(&bm25.scores(query), &owners)))?,
        measure("lexical", &mut |query| found(&lexical, query))?,
    ];
    let mut best_way = lexical.clone();
    if let Some(embedder) = embedder {
        let meaning = Meaning::of(&lexical, embedder, vectors)?;
        let neighbours: &Neighbours = meaning.neighbours();
        rows.push(measure("dense", &mut |query| {
            let vector = meaning.embed(query)?;
            let near = neighbours.nearest(&vector, PASSAGES, |_| true);
            let ids = near.iter().filter_map(|(number, _)| owners.get(*number));
            Ok(distinct(ids.copied()))
        })?);
        let fused = lexical.with_meaning(meaning.clone());
        rows.push(measure("fusion", &mut |query| found(&fused, query))?);
        best_way = fused;
    }
    if let Some(reranking) = reranking {
        rows.push(measure("reranked", &mut |query| {
            let passages = reranking.search(&best_way, &wide(query))?;
            Ok(documents_of(&passages))
        })?);
    }
    Ok(RankingReport {
        documents: lexical.document_count(),
        passages: lexical.passage_count(),
        queries: queries.len(),
        rows,
    })
}

fn document(set: SetDocument) -> Document {
    Document {
        title: set.title.trim().to_owned(),
        category: "set".into(),
        tags: Vec::new(),
        audience: Audience::Public,
        language: "en".into(),
        version: 1,
        updated: "2026-01-01".into(),
        valid_from: None,
        valid_until: None,
        body: set.content.replace("\r\n", "\n").trim().to_owned(),
        source: set.id.clone(),
        id: set.id,
    }
}

fn found(base: &KnowledgeBase, query: &str) -> Result<Vec<String>, KnowledgeError> {
    Ok(documents_of(&base.try_search(&wide(query))?))
}

/// All that may count for a document's place.
fn wide(query: &str) -> Query<'_> {
    Query {
        limit: PASSAGES,
        audience: Audience::Staff,
        ..Query::new(query)
    }
}

fn documents_of(passages: &[Passage]) -> Vec<String> {
    let ids = passages.iter().map(|passage| passage.document_id.as_str());
    distinct(ids)
}

fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    ids.filter(|id| seen.insert(*id))
        .take(DEPTH)
        .map(str::to_owned)
        .collect()
}

/// Documents by the best score of their passages.
fn best(scores: &[f32], owners: &[&str]) -> Vec<String> {
    let mut by_document: HashMap<&str, f32> = HashMap::new();
    for (score, owner) in scores.iter().zip(owners) {
        let best = by_document.entry(owner).or_default();
        *best = best.max(*score);
    }
    let mut ranked: Vec<(&str, f32)> = by_document.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let ids = ranked.into_iter().filter(|(_, score)| *score > 0.0);
    ids.take(DEPTH).map(|(id, _)| id.to_owned()).collect()
}

fn measured(
    way: &'static str,
    queries: &[&SetQuery],
    clock: &mut impl FnMut() -> Duration,
    find: &mut dyn FnMut(&str) -> Result<Vec<String>, KnowledgeError>,
) -> Result<Row, KnowledgeError> {
    let mut times = Vec::with_capacity(queries.len());
    let mut sums = [0.0; 5];
    for query in queries {
        let begun = clock();
        let found = find(&query.query)?;
        times.push(clock().saturating_sub(begun));
        for (sum, value) in sums.iter_mut().zip(judge(&found, &query.relevant)) {
            *sum += value;
        }
    }
    times.sort_unstable();
    let time = |part: usize, of: usize| {
        let time = times.get(times.len() * part / of).copied();
        u64::try_from(time.unwrap_or_default().as_micros()).unwrap_or(u64::MAX)
    };
    let [recall_at_1, recall_at_5, recall_at_10, ndcg_at_10, mrr] =
        sums.map(|sum| sum / count(queries.len().max(1)));
    Ok(Row {
        way,
        recall_at_1,
        recall_at_5,
        recall_at_10,
        ndcg_at_10,
        mrr,
        p50_us: time(1, 2),
        p95_us: time(19, 20),
    })
}

/// Recall at 1, at 5 and at 10, nDCG at 10 and reciprocal rank of one query.
fn judge(found: &[String], relevant: &[String]) -> [f64; 5] {
    let relevant: HashSet<&str> = relevant.iter().map(String::as_str).collect();
    let hit = |id: &String| relevant.contains(id.as_str());
    let recall = |depth: usize| {
        count(found.iter().take(depth).filter(|id| hit(id)).count()) / count(relevant.len().max(1))
    };
    let gain = |rank: usize| 1.0 / count(rank + 2).log2();
    let ranks = found
        .iter()
        .take(DEPTH)
        .enumerate()
        .filter(|(_, id)| hit(id));
    let gained: f64 = ranks.map(|(rank, _)| gain(rank)).sum();
    let ideal: f64 = (0..relevant.len().min(DEPTH)).map(gain).sum();
    let first = found.iter().position(hit);
    [
        recall(1),
        recall(5),
        recall(DEPTH),
        if ideal > 0.0 { gained / ideal } else { 0.0 },
        first.map_or(0.0, |rank| 1.0 / count(rank + 1)),
    ]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of documents and queries"
)]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
