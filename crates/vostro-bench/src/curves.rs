//! Cost curves: what a request takes as one thing grows and all else stays as it is.
//!
//! Each size gets a deployment of its own and a closed loop on a few connections, so that a point costs
//! seconds and points compare. Sizes that would take long to make are left to whoever asks for them.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::customers::Customers;
use crate::deployment::{Deployment, Wanted};
use crate::driver::{Driver, LoadSettings};
use crate::error::BenchError;
use crate::figures::{Figures, rounded};
use crate::mix::MixKind;
use crate::profile::Arrivals;
use crate::samples::metrics;
use crate::verdict::cpu_ms_per_request;

/// What grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Articles of the knowledge base; searched.
    Knowledge,
    /// Entries of the ledger; the customers' mix.
    Ledger,
    /// Conversations on record; the customers' mix.
    Sessions,
    /// Characters of a text; checked by the guardrails.
    Check,
    /// Characters of a message; a whole turn.
    Turn,
    /// Bytes of a text that is made to be slow (`a.a.a.…@`); checked by the guardrails.
    Hostile,
    /// Concierges over one `PostgreSQL` database; the customers' mix.
    Replicas,
}

/// A size and what was measured at it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// How large.
    pub size: u64,
    /// The requests.
    pub figures: Figures,
    /// Processor time of the servers for a request, in milliseconds.
    pub cpu_ms: Option<f64>,
    /// Memory of the servers after it, in MB.
    pub memory_mb: f64,
}

/// What a request takes as one thing grows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What was measured against what.
    pub title: String,
    /// What a size counts.
    pub axis: String,
    /// How it was measured.
    pub about: String,
    /// The sizes, in order.
    pub points: Vec<Point>,
}

/// How curves are measured.
#[derive(Debug, Clone)]
pub struct CurveSettings {
    /// The program.
    pub program: std::path::PathBuf,
    /// The store; `None` is an `SQLite` file for each point.
    pub database_url: Option<String>,
    /// How long each point is measured.
    pub lasts: Duration,
    /// Connections of the closed loop.
    pub connections: usize,
    /// The number that all choices are made from.
    pub seed: u64,
}

impl Axis {
    /// Every axis.
    pub const ALL: [Self; 7] = [
        Self::Knowledge,
        Self::Ledger,
        Self::Sessions,
        Self::Check,
        Self::Turn,
        Self::Hostile,
        Self::Replicas,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Knowledge => "knowledge",
            Self::Ledger => "ledger",
            Self::Sessions => "sessions",
            Self::Check => "check",
            Self::Turn => "turn",
            Self::Hostile => "hostile",
            Self::Replicas => "replicas",
        }
    }

    /// Sizes that are measured unless others are asked for; of the ledger, customers of the demo bank.
    pub const fn sizes(self) -> &'static [u64] {
        match self {
            Self::Knowledge => &[100, 1_000, 10_000, 100_000],
            Self::Ledger => &[4, 40, 400, 4_000, 40_000],
            Self::Sessions => &[100, 1_000, 10_000, 100_000, 1_000_000],
            Self::Check | Self::Turn => &[10, 100, 1_000, 10_000],
            Self::Hostile => &[4_096, 8_192, 16_384],
            Self::Replicas => &[1, 2, 3],
        }
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Knowledge => (
                "search against the size of the knowledge base",
                "articles",
                "Articles of some hundred made-up words, each in passages.",
            ),
            Self::Ledger => (
                "turns against the size of the ledger",
                "entries",
                "The demo bank with more and more customers, each with 90 days of transactions.",
            ),
            Self::Sessions => (
                "turns against conversations on record",
                "sessions",
                "Conversations of one turn each, made over HTTP before it is measured.",
            ),
            Self::Check => (
                "guardrails against the length of a text",
                "characters",
                "Plain English sentences, all checks on.",
            ),
            Self::Turn => (
                "a turn against the length of its message",
                "characters",
                "A question for the balance, followed by plain sentences.",
            ),
            Self::Hostile => (
                "guardrails against a text that is made to be slow",
                "bytes",
                "`a.a.a.…@`, quadratic for a careless e-mail pattern.",
            ),
            Self::Replicas => (
                "turns against replicas of the concierge",
                "replicas",
                "Processes over one PostgreSQL on this machine: they share its processors, so more replicas cannot be faster here than the processors allow.",
            ),
        }
    }

    const fn mix(self) -> MixKind {
        match self {
            Self::Knowledge => MixKind::Rag,
            Self::Check | Self::Hostile => MixKind::Guardrails,
            Self::Turn => MixKind::Say,
            Self::Ledger | Self::Sessions | Self::Replicas => MixKind::Customers,
        }
    }

    fn text(self, size: u64) -> Option<Arc<str>> {
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(1 << 20);
        match self {
            Self::Check => Some(plain("", size).into()),
            Self::Turn => Some(plain("What's my account balance? ", size).into()),
            Self::Hostile => Some(("a.".repeat(size / 2) + "@").into()),
            _ => None,
        }
    }

    fn settings(self, size: u64, folder: &Path) -> Result<Vec<String>, BenchError> {
        let limits = [
            "limits.max_message_chars=1000000",
            "limits.max_body_bytes=8000000",
        ];
        let mut settings = limits.map(str::to_owned).to_vec();
        match self {
            Self::Knowledge => {
                write_articles(folder, size)?;
                settings.push(format!("knowledge.path={}", folder.display()));
            }
            Self::Ledger => settings.push(format!("demo.customers={size}")),
            _ => {}
        }
        Ok(settings)
    }
}

/// Measures a curve.
///
/// # Errors
/// [`BenchError`] when a deployment cannot be started or a file not be written.
pub async fn curve(
    axis: Axis,
    sizes: &[u64],
    settings: &CurveSettings,
    progress: &(dyn Fn(String) + Send + Sync),
) -> Result<Curve, BenchError> {
    let (title, unit, about) = axis.words();
    let mut curve = Curve {
        title: title.to_owned(),
        axis: unit.to_owned(),
        about: about.to_owned(),
        points: Vec::new(),
    };
    for &size in sizes {
        progress(format!("{}: {size} {unit}", axis.name()));
        curve.points.push(point(axis, size, settings).await?);
    }
    Ok(curve)
}

async fn point(axis: Axis, size: u64, settings: &CurveSettings) -> Result<Point, BenchError> {
    let folder = tempfile::Builder::new().prefix("vostro-curve-").tempdir();
    let folder = folder.map_err(|error| BenchError::Start(error.to_string()))?;
    let replicas = if axis == Axis::Replicas { size } else { 1 };
    let deployment = Deployment::start(Wanted {
        program: settings.program.clone(),
        name: axis.name().to_owned(),
        database_url: settings.database_url.clone(),
        replicas: usize::try_from(replicas).unwrap_or(1),
        settings: axis.settings(size, folder.path())?,
    })
    .await?;
    let target = &deployment.target;
    let load = LoadSettings {
        mix: axis.mix(),
        text: axis.text(size),
        think: Duration::from_millis(1),
        arrivals: Arrivals::Even,
        timeout: Duration::from_secs(30),
        seed: settings.seed,
    };
    if axis == Axis::Sessions {
        let count = usize::try_from(size).unwrap_or(usize::MAX);
        let many = Customers::named("curve_session", count.min(1_000));
        let maker = Driver::new(target.clone(), many, load.clone())?;
        let users = maker.customers().users().iter().cycle().take(count);
        maker.all_balances(users.cloned().collect()).await;
    }
    let players = Customers::named("curve", settings.connections * 2);
    let driver = Driver::new(target.clone(), players, load)?;
    // What is done once (portfolios, caches, statements) is not what a size costs.
    driver
        .saturate(settings.connections, settings.lasts / 4, 0)
        .await;
    let before = metrics(target).await;
    let began = driver.elapsed();
    driver
        .saturate(settings.connections, settings.lasts, 1)
        .await;
    let seconds = driver.elapsed() - began;
    let after = metrics(target).await;
    let (samples, _) = driver.taken();
    let figures = Figures::of(samples.iter().filter(|sample| sample.phase == 1), seconds);
    let cpu = |page: &crate::scrape::Page| page.value("process_cpu_seconds_total").unwrap_or(0.0);
    let memory = after.value("process_resident_memory_bytes").unwrap_or(0.0);
    Ok(Point {
        size: match axis {
            Axis::Ledger => entries(&deployment).unwrap_or(size),
            _ => size,
        },
        cpu_ms: cpu_ms_per_request(cpu(&after) - cpu(&before), figures.requests),
        figures,
        memory_mb: rounded(memory / 1e6),
    })
}

/// How many entries the books have, by their own check.
fn entries(deployment: &Deployment) -> Option<u64> {
    let output = deployment
        .command(&["ledger", "check", "--json"])
        .output()
        .ok()?;
    let checks: Value = serde_json::from_slice(&output.stdout).ok()?;
    let of_entries = checks["checks"]
        .as_array()?
        .iter()
        .find(|check| check["name"] == "entries_have_accounts")?;
    of_entries["checked"].as_u64()
}

/// So many characters of plain sentences after a beginning.
fn plain(beginning: &str, size: usize) -> String {
    const SENTENCES: &str = "I was at the shop in the morning and paid with my card. \
        The weather was fine and the train was on time. We talked about the garden for a while. ";
    let text = beginning.chars().chain(SENTENCES.chars().cycle());
    text.take(size.max(beginning.chars().count()).max(1))
        .collect()
}

/// Made-up articles on which the searches of the mix find something.
fn write_articles(folder: &Path, count: u64) -> Result<(), BenchError> {
    const WORDS: [&str; 24] = [
        "transfer",
        "money",
        "account",
        "card",
        "fee",
        "limit",
        "standing",
        "order",
        "wire",
        "savings",
        "overdraft",
        "dispute",
        "transaction",
        "daily",
        "block",
        "lost",
        "opening",
        "payment",
        "bill",
        "balance",
        "statement",
        "branch",
        "interest",
        "currency",
    ];
    let file = |path: &Path, source| BenchError::File {
        path: path.to_owned(),
        source,
    };
    let made = folder.join("made");
    std::fs::create_dir_all(&made).map_err(|source| file(&made, source))?;
    for number in 0..count {
        let mut text = format!(
            "+++\nid = \"made-{number}\"\ntitle = \"Made-up article {number}\"\ncategory = \"made\"\n\
             tags = [\"made {number}\"]\naudience = \"public\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-01-01\n+++\n\n"
        );
        // A different mixture of words for each article, the same in every run.
        let mut state = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        for sentence in 0..12 {
            if sentence % 4 == 0 {
                let _ = write!(text, "\n## Section {sentence}\n\n");
            }
            text.push_str("The");
            for _ in 0..9 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let place = usize::try_from(state >> 33).unwrap_or_default() % WORDS.len();
                let _ = write!(text, " {}", WORDS[place]);
            }
            let _ = writeln!(text, " of kind {}.", state % 997);
        }
        let path = made.join(format!("made-{number}.md"));
        std::fs::write(&path, text).map_err(|source| file(&path, source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_length_that_was_asked() {
        for size in [10, 1_000, 10_000] {
            assert_eq!(Axis::Check.text(size).unwrap().chars().count() as u64, size);
        }
        assert!(
            Axis::Turn
                .text(10)
                .unwrap()
                .starts_with("What's my account balance?")
        );
        assert_eq!(Axis::Hostile.text(4_096).unwrap().len(), 4_097);
        assert_eq!(Axis::Ledger.text(10), None);
    }

    #[test]
    fn articles_are_made_alike_each_time() {
        let [one, two] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for folder in [&one, &two] {
            write_articles(folder.path(), 3).unwrap();
        }
        let read = |folder: &tempfile::TempDir, name: &str| {
            std::fs::read_to_string(folder.path().join("made").join(name)).unwrap()
        };
        assert_eq!(read(&one, "made-2.md"), read(&two, "made-2.md"));
        assert_ne!(read(&one, "made-1.md"), read(&one, "made-2.md"));
    }
}
