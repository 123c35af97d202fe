//! A public set of questions: the same classifier, trained on its train part, measured on its test part.

use vostro_classifier::examples::{accuracy, best};
use vostro_classifier::fourier::lifted;
use vostro_classifier::train::labels;
use vostro_classifier::{Example, FeatureSettings, Model, TrainSettings, svm, train};

use super::report::{Report, Row};
use std::collections::HashMap;
use std::time::Duration;

/// Gives the vector of a sentence, of length 1; `None` when its runtime fails.
pub trait SentenceEncoder: Send + Sync {
    /// The text's vector.
    fn encode(&self, text: &str) -> Option<Vec<f32>>;
}

/// A text with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// Its label.
    pub label: String,
}

/// A set in two parts.
#[derive(Debug, Clone, Copy)]
pub struct PublicSet<'a> {
    /// Its name, for the rows.
    pub name: &'a str,
    /// To learn from.
    pub train: &'a [Labelled],
    /// To measure on.
    pub test: &'a [Labelled],
}

/// So many examples a label in the row with few.
const FEW: usize = 10;
/// Fewer examples a label than this are few.
const FEW_BELOW: usize = 20;

/// Trains with all and with ten examples a label, without and with vectors. `clock` tells the time since
/// some beginning. Nothing is chosen on the test part.
pub fn public(
    set: PublicSet<'_>,
    encoder: Option<&dyn SentenceEncoder>,
    clock: &dyn Fn() -> Duration,
) -> Report {
    let mut report = Report::default();
    let encode = |part: &[Labelled]| -> Option<Vec<Vec<f32>>> {
        let encoder = encoder?;
        part.iter()
            .map(|row| encoder.encode(&row.text).map(|vector| lifted(&vector)))
            .collect()
    };
    let vectors = encode(set.train).zip(encode(set.test));
    let all: Vec<usize> = (0..set.train.len()).collect();
    for (what, kept, bars) in [
        ("accuracy".to_owned(), all, "≥ 91 / ≥ 93.5"),
        (
            format!("accuracy, {FEW} examples a label"),
            first_of_each(set.train, FEW),
            "– / ≥ 86",
        ),
    ] {
        let measured = measure(set, &kept, vectors.as_ref());
        let note = format!(
            "{} to learn from, {} to measure on",
            kept.len(),
            set.test.len()
        );
        report.rows.push(Row {
            what: format!("{}: {what}", set.name),
            without: Some(measured.without),
            with: measured.with,
            unit: "%".to_owned(),
            bar: bars.to_owned(),
            note,
        });
        if kept.len() == set.train.len() {
            report.rows.push(speed(set, &measured.model, clock));
        }
    }
    report
}

type Vectors = Vec<Vec<f32>>;

struct Measured {
    model: Model,
    without: f64,
    with: Option<f64>,
}

fn measure(set: PublicSet<'_>, kept: &[usize], vectors: Option<&(Vectors, Vectors)>) -> Measured {
    let examples: Vec<Example> = kept
        .iter()
        .filter_map(|&at| Some((at, set.train.get(at)?)))
        .map(|(group, row)| Example {
            text: row.text.clone(),
            label: row.label.clone(),
            group,
            vector: None,
            weight: 1.0,
        })
        .collect();
    let few = examples.len() < labels(&examples).len() * FEW_BELOW;
    let model = train(&examples, settings());
    let margins = margins(&model, set.test, None);
    let with = vectors.map(|(train_vectors, test_vectors)| {
        let examples: Vec<Example> = examples
            .into_iter()
            .map(|example| Example {
                text: String::new(),
                vector: train_vectors.get(example.group).cloned(),
                ..example
            })
            .collect();
        let dense = train(&examples, dense_settings());
        let own = self::margins(&dense, set.test, Some(test_vectors));
        let both: Vec<(Vec<f32>, usize)> = margins
            .iter()
            .zip(own)
            .map(|((words, label), (meaning, _))| (mixed(words, &meaning, few), *label))
            .collect();
        accuracy(&both) * 100.0
    });
    Measured {
        without: accuracy(&margins) * 100.0,
        with,
        model,
    }
}

/// Margins of both models, weighed as chosen on a split of BANKING77's train part: with few examples
/// words are seen too seldom to weigh as much.
fn mixed(words: &[f32], meaning: &[f32], few: bool) -> Vec<f32> {
    let share = if few { 0.7 } else { 0.5 };
    let pairs = words.iter().zip(meaning);
    pairs
        .map(|(words, meaning)| words * (1.0 - share) + meaning * share)
        .collect()
}

fn margins(model: &Model, part: &[Labelled], vectors: Option<&Vectors>) -> Vec<(Vec<f32>, usize)> {
    part.iter()
        .enumerate()
        .map(|(at, row)| {
            let vector = vectors
                .and_then(|vectors| vectors.get(at))
                .map(Vec::as_slice);
            let label = model
                .labels()
                .binary_search(&row.label)
                .unwrap_or(usize::MAX);
            let text = if vectors.is_some() { "" } else { &row.text };
            (model.margins(text, vector), label)
        })
        .collect()
}

fn settings() -> TrainSettings {
    TrainSettings {
        features: FeatureSettings::default(),
        svm: svm::Settings::default(),
        entries: 400_000,
        folds: 0,
        ..TrainSettings::default()
    }
}

/// The classifier of meaning: vectors with their Fourier features, no words.
fn dense_settings() -> TrainSettings {
    TrainSettings {
        features: FeatureSettings {
            bits: 1,
            ..FeatureSettings::default()
        },
        svm: svm::Settings {
            cost: 5.0,
            ..svm::Settings::default()
        },
        ..settings()
    }
}

/// The first so many of each label, in the order of the set.
fn first_of_each(rows: &[Labelled], most: usize) -> Vec<usize> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    rows.iter()
        .enumerate()
        .filter(|(_, row)| {
            let count = seen.entry(&row.label).or_insert(0);
            *count += 1;
            *count <= most
        })
        .map(|(at, _)| at)
        .collect()
}

/// The median time of a prediction without vectors, over the test part.
fn speed(set: PublicSet<'_>, model: &Model, clock: &dyn Fn() -> Duration) -> Row {
    let mut times: Vec<Duration> = set
        .test
        .iter()
        .map(|row| {
            let begun = clock();
            let margins = model.margins(&row.text, None);
            let taken = clock().saturating_sub(begun);
            // The result is looked at, so that it is made.
            if best(&margins).is_some() {
                taken
            } else {
                Duration::MAX
            }
        })
        .collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Row {
        what: format!("{}: time of a prediction, median", set.name),
        without: Some(median.as_secs_f64() * 1e6),
        with: None,
        unit: "µs".to_owned(),
        bar: "≤ 50".to_owned(),
        note: format!("{} texts, one thread", set.test.len()),
    }
}
