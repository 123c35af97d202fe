//! `vostro eval rag`: how well documents are found, on a set that is brought along.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use vostro_embed::{Embedder, Reranker};
use vostro_ingest::{Format, Source, read as ingest, walk};
use vostro_knowledge::eval::ranking::{SetDocument, SetQuery, judge_by, parse_lines, rank};
use vostro_knowledge::eval::{Reranking, evaluate, evaluate_by, parse_questions};
use vostro_knowledge::{Meaning, Query};

use super::version::print;
use crate::config::{Config, size};
use crate::failure::Failure;
use crate::parts;
use crate::vectors::VectorFile;

/// Measures search on a folder with `documents.jsonl` (id, title, content) and `queries*.jsonl` (query,
/// relevant): recall@1, @5 and @10, nDCG@10, MRR and latency of textbook BM25, of lexical search, and with
/// the embedding model of dense search and of their fusion, and with a reranking model of the best of these in its order,
/// however long that takes. `corpus.jsonl` and a folder `documents/` with files
/// of any format that `vostro ingest` reads (a file's id is its name without the extension) are taken too, and
/// relevant documents from `qrels*.tsv` or `qrels/*.tsv`. Nothing leaves this machine.
/// With `--questions` the configured articles are measured instead: the right article first and among
/// three, the fact told, questions that no article answers recognised, by words alone, with meaning, and reranked.
#[derive(Debug, Args)]
pub(super) struct RagArgs {
    /// The folder with the set; `--set DIR` is the same
    #[arg(long, value_name = "DIR", required_unless_present = "questions")]
    data: Option<PathBuf>,
    /// Questions about the configured articles, as in evals/knowledge/questions.jsonl
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    questions: Option<PathBuf>,
    /// Take at most this many queries, evenly spread: for a quick look
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The questions' halves, and whether each was kept aside while weights were tuned.
const HALVES: [(&str, bool); 2] = [("development", false), ("held out", true)];

/// Runs the command.
pub(super) fn run(args: &RagArgs, config: &Config) -> Result<ExitCode> {
    if let Some(questions) = &args.questions {
        return own(questions, args.json, config);
    }
    let set = args.data.as_deref().unwrap_or(Path::new("."));
    ensure!(set.is_dir(), "no folder {}", set.display());
    let documents = documents(set)?;
    let mut queries: Vec<SetQuery> = Vec::new();
    for path in query_files(set)? {
        queries.extend(read::<SetQuery>(&path)?);
    }
    for path in files(set, "qrels", "tsv")?
        .into_iter()
        .chain(files(&set.join("qrels"), "", "tsv")?)
    {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        judge_by(&mut queries, &text);
    }
    if let Some(count) = args.sample {
        let step = queries.len().div_ceil(usize::try_from(count)?).max(1);
        queries = queries.into_iter().step_by(step).collect();
    }
    let embedder = embedder(config);
    let mut vectors = VectorFile::open(config);
    let start = Instant::now();
    let reranker = reranker(config);
    let reranking = reranker.as_deref().map(|model| reranking(model, config));
    let report = rank(
        documents,
        &queries,
        (embedder, reranking),
        &mut vectors,
        || start.elapsed(),
    )?;
    vectors.save();
    if args.json {
        print(&format!("{:#}\n", serde_json::to_value(&report)?))?;
    } else {
        print(&report.to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The configured articles on questions about them, half by half.
fn own(questions: &Path, as_json: bool, config: &Config) -> Result<ExitCode> {
    let text = std::fs::read_to_string(questions)
        .with_context(|| format!("{} cannot be read", questions.display()))?;
    let questions = parse_questions(&questions.display().to_string(), &text)?;
    let base = parts::knowledge(config)?.base;
    let mut ways = vec![("words", base.clone())];
    if let Some(embedder) = embedder(config) {
        let mut vectors = VectorFile::open(config);
        let meaning = Meaning::of(&base, embedder, &mut vectors)?;
        vectors.save();
        ways.push(("meaning", base.with_meaning(meaning)));
    }
    let start = Instant::now();
    let mut rows = Vec::new();
    for (way, base) in &ways {
        for (half, held_out) in HALVES {
            let asked = questions.iter().filter(|q| q.held_out == held_out);
            rows.push((*way, half, evaluate(base, asked, || start.elapsed())));
        }
    }
    if let (Some(model), Some((_, base))) = (reranker(config), ways.last()) {
        let reranking = reranking(model.as_ref(), config);
        let failed = OnceCell::new();
        let search = |query: &Query<'_>| {
            let found = reranking.search(base, query);
            found.unwrap_or_else(|error| {
                let _ = failed.set(error);
                Vec::new()
            })
        };
        for (half, held_out) in HALVES {
            let asked = questions.iter().filter(|q| q.held_out == held_out);
            let report = evaluate_by(search, asked, || start.elapsed());
            rows.push(("reranked", half, report));
        }
        if let Some(error) = failed.into_inner() {
            return Err(error).context("the reranking model cannot be measured");
        }
    }
    if as_json {
        let told: Vec<_> = rows
            .iter()
            .map(|(way, half, report)| json!({"way": way, "half": half, "report": report}))
            .collect();
        print(&format!("{:#}\n", json!(told)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text =
        "| way | half | questions | first | in three | fact told | not in here | refused | p50 |\n\
                    |---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for (way, half, report) in &rows {
        let asked = format!("{} + {}", report.answerable, report.unanswerable);
        let shares = report
            .shares()
            .map(|share| format!("{:.1} %", share * 100.0));
        let cells = [
            &[(*way).to_owned(), (*half).to_owned(), asked],
            shares.as_slice(),
        ]
        .concat();
        text += &[
            "| ",
            &cells.join(" | "),
            &format!(" | {:?} |\n", report.p50),
        ]
        .concat();
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn embedder(config: &Config) -> Option<Arc<dyn Embedder>> {
    parts::embedder(config).unwrap_or_else(|error| {
        anstream::eprintln!("without the embedding model: {error}");
        None
    })
}

fn reranker(config: &Config) -> Option<Arc<dyn Reranker>> {
    parts::reranker(config).unwrap_or_else(|error| {
        anstream::eprintln!("without the reranking model: {error}");
        None
    })
}

fn reranking<'a>(model: &'a dyn Reranker, config: &Config) -> Reranking<'a> {
    Reranking {
        model,
        candidates: size(config.reranking.candidates),
    }
}

/// The set's documents: of a file of lines, or of a folder.
fn documents(set: &Path) -> Result<Vec<SetDocument>> {
    for name in ["documents.jsonl", "corpus.jsonl"] {
        let path = set.join(name);
        if path.is_file() {
            return read(&path);
        }
    }
    let folder = set.join("documents");
    if !folder.is_dir() {
        return Err(Failure::usage(
            format!("{} has no documents.jsonl", set.display()),
            "a set is a folder with documents.jsonl and queries.jsonl; docs/knowledge.md has the format",
        )
        .into());
    }
    let mut documents = Vec::new();
    for path in walk::find(&folder).files {
        let bytes = walk::bytes_of(&path).with_context(|| path.display().to_string())?;
        let (source, stem) = (
            path.display().to_string(),
            path.file_stem().unwrap_or_default(),
        );
        let from = Source {
            source: &source,
            name: &source,
            format: Format::of_path(&path).unwrap_or(Format::Text),
            bytes: &bytes,
            said: &serde_json::Map::new(),
        };
        let found = ingest(&from, &parts::document_defaults()).with_context(|| source.clone())?;
        for one in found {
            let document = one.document.with_context(|| source.clone())?;
            let id = match one.line {
                Some(_) => document.id,
                None => stem.to_string_lossy().into_owned(),
            };
            documents.push(SetDocument {
                id,
                title: document.title,
                content: document.body,
            });
        }
    }
    Ok(documents)
}

fn query_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let found = files(folder, "queries", "jsonl")?;
    if found.is_empty() {
        return Err(Failure::usage(
            format!("{} has no queries*.jsonl", folder.display()),
            "a set is a folder with documents.jsonl and queries.jsonl; docs/knowledge.md has the format",
        )
        .into());
    }
    Ok(found)
}

/// The files of a folder whose names begin and end so, in order; none where there is no such folder.
fn files(folder: &Path, begin: &str, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(begin) && path.extension() == Some(extension.as_ref()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(parse_lines(&path.display().to_string(), &text)?)
}
