//! How long it takes to take passages in by words, and to find among them: 1,000, 10,000 and 100,000.
//!
//! `cargo run --release -p vostro-ingest --example ingest_speed [PASSAGES…]`
//!
//! Documents are put together from the sentences of the articles that come with Vostro; each passes the guardrails.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use vostro_guardrails::{CheckRequest, Direction, Engine};
use vostro_ingest::{
    Defaults, Format, Quarantine, Screen, Source, document_of, prepare, read, walk,
};
use vostro_knowledge::{Audience, KnowledgeBase, Query, as_one_text};

const QUESTIONS: [&str; 6] = [
    "How do I transfer money?",
    "what does a wire cost",
    "I lost my card",
    "when does a payment arrive at another bank",
    "can i change the daily limit of my debit card while i am abroad",
    "dispute",
];
/// Passages of a document.
const SECTIONS: usize = 10;
const SENTENCES: usize = 8;

struct Guardrails(Engine);

impl Screen for Guardrails {
    fn reason(&self, title: &str, heading: &str, content: &str) -> Option<String> {
        let request = CheckRequest {
            pii: false,
            ..CheckRequest::all(Direction::Document)
        };
        let text = as_one_text(title, heading, content);
        let blocks = self.0.check(&text, &request).blocks();
        blocks.then(|| "is blocked".to_owned())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sentences = sentences()?;
    let screen = Guardrails(Engine::builtin());
    let counts: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|it| it.parse().ok())
        .collect();
    let counts = if counts.is_empty() {
        vec![1_000, 10_000, 100_000]
    } else {
        counts
    };
    println!("passages | read and screened | indexed | both | p50 | p95");
    for count in counts {
        measure(count, &sentences, &screen)?;
    }
    Ok(())
}

fn measure(
    count: usize,
    sentences: &[String],
    screen: &dyn Screen,
) -> Result<(), Box<dyn std::error::Error>> {
    let defaults = Defaults {
        category: "documents".into(),
        audience: Audience::Customer,
        language: "en".into(),
        updated: jiff::civil::date(2026, 11, 26),
    };
    let (worked, mut documents, mut passages) = (processor_time(), Vec::new(), 0);
    for number in 0..count / SECTIONS {
        let text = text(number, sentences);
        let name = format!("{number}.md");
        let from = Source {
            source: &name,
            name: &name,
            format: Format::Markdown,
            bytes: text.as_bytes(),
            said: &serde_json::Map::new(),
        };
        for found in read(&from, &defaults)? {
            let prepared = prepare(
                found.document?,
                found.content_hash,
                screen,
                Quarantine::Passage,
            )?;
            passages += prepared.record.passages.len();
            documents.extend(document_of(prepared.record).map(|(document, _)| document));
        }
    }
    let prepared = processor_time().saturating_sub(worked);
    let base = KnowledgeBase::build(documents)?;
    let both = processor_time().saturating_sub(worked);
    let mut taken: Vec<Duration> = Vec::new();
    for question in QUESTIONS.iter().cycle().take(QUESTIONS.len() * 20) {
        let began = Instant::now();
        std::hint::black_box(base.search(&Query::new(question)));
        taken.push(began.elapsed());
    }
    taken.sort_unstable();
    let time = |part: usize, of: usize| {
        taken
            .get(taken.len() * part / of)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{passages} | {prepared:?} | {:?} | {both:?} | {:?} | {:?}",
        both.saturating_sub(prepared),
        time(1, 2),
        time(19, 20)
    );
    Ok(())
}

/// A document of its own for each number.
fn text(number: usize, sentences: &[String]) -> String {
    let mut seed = u64::try_from(number).unwrap_or_default();
    let mut text = format!("# Subject {number}\n");
    for section in 0..SECTIONS {
        let _ = write!(text, "\n## Part {section} of {number}\n\n");
        for _ in 0..SENTENCES {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from(seed >> 33).unwrap_or_default() % sentences.len();
            let sentence = sentences.get(place).map_or("", String::as_str);
            let _ = write!(text, "{sentence} ");
        }
        text.push('\n');
    }
    text
}

/// The sentences of the articles that come with Vostro.
fn sentences() -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge-base");
    let mut sentences = Vec::new();
    for path in walk::find(&folder).files {
        let text = String::from_utf8(walk::bytes_of(&path)?)?;
        let body = text.rsplit("+++").next().unwrap_or_default();
        let lines = body
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_alphabetic()));
        sentences.extend(
            lines
                .flat_map(|line| line.split_inclusive(". "))
                .map(|it| it.trim().to_owned()),
        );
    }
    Ok(sentences)
}

/// Time on processors of all threads, in steps of ten milliseconds.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|it| it.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}
