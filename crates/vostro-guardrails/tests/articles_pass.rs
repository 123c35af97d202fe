//! What a bank writes in its own knowledge base passes as a document: the articles that come with the
//! program, as whole sections with their titles and headings, and headings alone; and articles with the
//! words that attacks use, in their natural wording.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions, not in their helpers"
)]

use std::fs;
use std::path::{Path, PathBuf};
use vostro_guardrails::{CheckRequest, Direction, Engine};

const HEADINGS: &str = include_str!("../../../evals/guardrails/proxies/headings.txt");
const ARTICLES: &str = include_str!("../../../evals/guardrails/proxies/articles.txt");

fn stopped<'a>(engine: &Engine, texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let request = CheckRequest::all(Direction::Document);
    let checked = texts.into_iter().map(|t| (t, engine.check(t, &request)));
    let stopped = checked.filter(|(_, verdict)| verdict.blocks());
    stopped.map(|(text, v)| format!("{text}\n{v}")).collect()
}

#[test]
fn headings_and_articles_in_natural_words_pass() {
    let engine = Engine::builtin();
    let found = stopped(&engine, HEADINGS.lines());
    assert!(found.is_empty(), "{}", found.join("\n"));
    // One of twenty, all of them written to provoke: a bound that only tightens.
    let found = stopped(&engine, ARTICLES.lines());
    assert!(found.len() <= 1, "{}", found.join("\n"));
    let under: Vec<String> = HEADINGS
        .lines()
        .zip(ARTICLES.lines().cycle())
        .map(|(heading, article)| format!("{heading}\n\n{article}"))
        .collect();
    let found = stopped(&engine, under.iter().map(String::as_str));
    assert!(found.len() <= 3, "{}", found.join("\n"));
}

#[test]
fn the_articles_that_come_with_the_program_pass() {
    let engine = Engine::builtin();
    let mut count = 0;
    for path in articles(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge-base")) {
        let text = fs::read_to_string(&path).unwrap();
        let (front, body) = text
            .strip_prefix("+++\n")
            .and_then(|t| t.split_once("\n+++\n"))
            .unwrap_or(("", &text));
        let title = front.lines().find_map(|l| l.strip_prefix("title = "));
        let title = title.unwrap_or_default().trim_matches('"');
        let sections: Vec<String> = body
            .split("\n## ")
            .map(|section| format!("{title}\n\n{}", section.trim()))
            .collect();
        count += sections.len();
        let found = stopped(&engine, sections.iter().map(String::as_str));
        assert!(found.is_empty(), "{}: {}", path.display(), found.join("\n"));
        let headings = body.lines().filter_map(|l| l.strip_prefix("## "));
        let found = stopped(&engine, headings.chain([title]));
        assert!(found.is_empty(), "{}: {}", path.display(), found.join("\n"));
    }
    assert!(count > 100, "{count} sections");
}

fn articles(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(articles(&path));
        } else if path.extension().is_some_and(|e| e == "md") && !path.ends_with("README.md") {
            found.push(path);
        }
    }
    found.sort();
    found
}
