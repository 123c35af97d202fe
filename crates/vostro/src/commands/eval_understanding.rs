//! `vostro eval intents` and `vostro eval slots`: how well messages are understood, on the project's own
//! texts and on a public set that is brought along.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use vostro_dialogue::eval::{Half, Labelled, Own, PublicSet, Report, intents, public, slots};
use vostro_embed::Embedder;

use super::eval::write_into;
use super::version::print;
use crate::config::Config;
use crate::parts;

/// The project's own texts, as the program was built with them.
macro_rules! texts {
    ($name:literal) => {
        include_str!(concat!("../../../../evals/understanding/", $name))
    };
}

const PORTFOLIO: &str = texts!("portfolio.json");
const HALVES: [Half<'static>; 2] = [
    Half {
        name: "development",
        barred: true,
        held_out: false,
        intents: texts!("intents.txt"),
        out_of_scope: texts!("out_of_scope.txt"),
        slots: texts!("slots.txt"),
    },
    Half {
        name: "held out",
        barred: true,
        held_out: true,
        intents: texts!("held-out/intents.txt"),
        out_of_scope: texts!("held-out/out_of_scope.txt"),
        slots: texts!("held-out/slots.txt"),
    },
];

const EXAMPLES: &str = "\
Examples:
  vostro eval intents                             the project's own texts
  vostro eval intents --data DIR                   and a public set: DIR/train.csv, DIR/test.csv (text,category)
  vostro eval intents --data DIR --examples 10     learning from the first ten examples of each label
  vostro eval intents --data DIR --baseline before.json --html report.html

Exit codes: 0 every bar reached and nothing lost; 1 a bar missed, or worse than the baseline; 2 wrong usage.";

/// Prints every figure without and with sentence vectors. The engine's classifier is trained anew on the
/// train part of a public set; what is chosen is chosen by texts held out of it, and the test part is
/// looked at once. Without the embedding model the second column stays empty. Nothing leaves this machine.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct IntentsArgs {
    /// A folder with train.csv and test.csv, columns text and category
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Learn from the first so many examples of each label only
    #[arg(long, value_name = "COUNT", requires = "data", value_parser = clap::value_parser!(u32).range(1..))]
    examples: Option<u32>,
    #[command(flatten)]
    output: Output,
}

/// Prints on how many of the project's own turns every slot value is exact, without and with sentence
/// vectors. Nothing leaves this machine.
#[derive(Debug, Args)]
pub(super) struct SlotsArgs {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
struct Output {
    /// An earlier report as JSON to compare with
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write the report as a page, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the table into this page instead, between its marks
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    markdown: Option<PathBuf>,
    /// Name every development message that was read otherwise than expected
    #[arg(long, conflicts_with_all = ["json", "markdown"])]
    wrong: bool,
}

/// Runs `vostro eval intents`.
pub(super) fn run_intents(args: &IntentsArgs, config: &Config) -> Result<ExitCode> {
    let embedder = embedder(config);
    let mut report = measured(embedder.as_deref(), intents)?;
    if let Some(folder) = &args.data {
        ensure!(folder.is_dir(), "no folder {}", folder.display());
        let train = rows(&folder.join("train.csv"))?;
        let test = rows(&folder.join("test.csv"))?;
        let name = folder.file_name().and_then(|name| name.to_str());
        let mut set = PublicSet {
            name: name.unwrap_or("set"),
            train: &train,
            test: &test,
            examples: None,
        };
        if let Some(count) = args.examples {
            set.examples = Some(usize::try_from(count)?);
        }
        let start = Instant::now();
        let found = public(set, embedder.as_deref(), &|| start.elapsed());
        report.extend(found.context("the embedding model failed")?);
    }
    told(&report, &args.output, "vostro eval intents")
}

/// Runs `vostro eval slots`.
pub(super) fn run_slots(args: &SlotsArgs, config: &Config) -> Result<ExitCode> {
    let embedder = embedder(config);
    let report = measured(embedder.as_deref(), slots)?;
    told(&report, &args.output, "vostro eval slots")
}

fn measured(embedder: Option<&dyn Embedder>, of: fn(Own<'_>) -> Report) -> Result<Report> {
    let portfolio = serde_json::from_str(PORTFOLIO).context("the evaluation's portfolio")?;
    Ok(of(Own {
        halves: &HALVES,
        portfolio: &portfolio,
        embedder,
    }))
}

/// The embedding model, where it is wanted and there.
fn embedder(config: &Config) -> Option<Arc<dyn Embedder>> {
    let found = parts::embedder(config);
    if !matches!(found, Ok(Some(_))) {
        let why = found.as_ref().err().map_or(
            "it is switched off, or no folder is named".to_owned(),
            ToString::to_string,
        );
        anstream::eprintln!("without the embedding model, its column stays empty: {why}");
    }
    found.ok().flatten()
}

fn told(report: &Report, output: &Output, marks: &str) -> Result<ExitCode> {
    if let Some(page) = &output.html {
        std::fs::write(page, report.html()).with_context(|| page.display().to_string())?;
    }
    match &output.markdown {
        Some(page) => write_into(page, marks, report)?,
        None if output.json => print(&format!("{:#}\n", serde_json::to_value(report)?))?,
        None => print(&report.to_string())?,
    }
    if output.wrong {
        print(&(report.wrong.join("\n") + "\n"))?;
    }
    let mut bad = report.misses();
    if let Some(path) = &output.baseline {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let baseline: Report = serde_json::from_str(&text)
            .with_context(|| format!("{} is no report of this command", path.display()))?;
        let losses = report.losses(&baseline).into_iter();
        bad.extend(losses.map(|loss| format!("worse than before: {loss}")));
    }
    for line in &bad {
        anstream::eprintln!("{line}");
    }
    Ok(if bad.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(crate::failure::FAILED)
    })
}

/// The rows of a table with columns `text` and `category`.
fn rows(path: &Path) -> Result<Vec<Labelled>> {
    let named = || path.display().to_string();
    let mut reader = csv::Reader::from_path(path).with_context(named)?;
    let headings = reader.headers().with_context(named)?.clone();
    let column = |name: &str| {
        let place = headings.iter().position(|heading| heading == name);
        place.with_context(|| format!("{}: no column {name}", path.display()))
    };
    let (text, label) = (column("text")?, column("category")?);
    let rows = reader.records().map(|record| {
        let record = record.with_context(named)?;
        let field = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        Ok(Labelled {
            text: field(text),
            label: field(label),
        })
    });
    let rows = rows.collect::<Result<Vec<Labelled>>>()?;
    ensure!(!rows.is_empty(), "{}: no rows", path.display());
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_by_their_headings_and_bad_ones_say_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("train.csv");
        let of = |text: &str| {
            std::fs::write(&path, text).unwrap();
            rows(&path).map_err(|error| format!("{error:#}"))
        };
        let found = of("category,text\nrates,\"what, today?\"\n").unwrap();
        assert_eq!(
            (found[0].text.as_str(), found[0].label.as_str()),
            ("what, today?", "rates")
        );
        for (text, why) in [
            ("text,label\na,b\n", "no column category"),
            ("text,category\n", "no rows"),
            ("", "no column text"),
            ("text,category\n\"open,b\n", "train.csv"),
        ] {
            let error = of(text).unwrap_err();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }
}
