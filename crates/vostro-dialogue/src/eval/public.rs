//! A public set of questions: the same classifier, trained on its train part, measured on its test part.
//!
//! What is chosen, is chosen by texts held out of the train part: the cost of the classifier of meaning,
//! and what it weighs against that of words. Where few examples are learnt from, a fold of them would be too
//! few to choose by, and as many that follow them in the train part are looked at instead. The test part is
//! looked at once, with what was chosen.

use std::collections::HashMap;
use std::time::Duration;

use vostro_classifier::examples::{accuracy, macro_f1};
use vostro_classifier::fourier::lifted;
use vostro_classifier::{Example, FeatureSettings, Model, TrainSettings, svm, train};
use vostro_embed::{EmbedError, Embedder};

use super::choose::{choose, fold, mixed};
use super::report::{Bar, MICROSECONDS, Report, Row};

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
    /// Learn from the first so many examples of each label; from all when `None`.
    pub examples: Option<usize>,
}

/// Fewer examples a label than this are few: the labels' own names are learnt from, too.
const FEW: usize = 20;
/// What a label's name counts against an example.
const NAME_WEIGHT: f32 = 2.0;
/// Trains and measures, without and with vectors. `clock` tells the time since some beginning.
///
/// # Errors
/// [`EmbedError`] when the embedder fails: a column of other texts than the first would be no figure.
pub fn public(
    set: PublicSet<'_>,
    embedder: Option<&dyn Embedder>,
    clock: &dyn Fn() -> Duration,
) -> Result<Report, EmbedError> {
    let kept = first_of_each(set.train, set.examples.unwrap_or(usize::MAX));
    let all: Vec<String> = {
        let mut all: Vec<String> = kept.iter().map(|row| row.label.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let few = kept.len() < all.len() * FEW;
    let mut examples = plain(&kept);
    if few {
        examples.extend(names(&all));
    }
    let words = train(&examples, settings());
    let without = Timed::margins(set.test, clock, |row| words.margins(&row.text, None));
    let mut with = None;
    let mut chosen = String::new();
    if let Some(embedder) = embedder {
        for example in &mut examples {
            example.vector = Some(lifted(&embedder.embed(&example.text)?));
        }
        let next = following(set.train, set.examples.filter(|_| few).unwrap_or(0));
        let choice = if next.is_empty() {
            let (held, kept) = fold(&examples);
            choose(&kept, &held)
        } else {
            let mut held = plain(&next);
            for example in &mut held {
                example.vector = Some(lifted(&embedder.embed(&example.text)?));
            }
            choose(&examples, &held)
        };
        let meaning = train(&wordless(&examples), dense_settings(choice.cost));
        with = Some(Timed::margins(set.test, clock, |row| {
            let words = words.margins(&row.text, None);
            // What cannot be embedded is read by its words.
            let Ok(vector) = embedder.embed(&row.text) else {
                return words;
            };
            mixed(
                &words,
                &meaning.margins("", Some(&lifted(&vector))),
                choice.share,
            )
        }));
        chosen = format!(
            "; chosen on {} of the train part: cost {}, share of meaning {:.2}",
            if few { "as many more" } else { "a fifth" },
            choice.cost,
            choice.share
        );
    }
    let note = format!(
        "{} to learn from, {} to measure on{chosen}",
        kept.len(),
        set.test.len()
    );
    Ok(Report {
        rows: rows(set, few, &words, &without, with.as_ref(), &note),
        wrong: Vec::new(),
    })
}

/// Something told of margins and true labels.
type Figure = fn(&[(Vec<f32>, usize)]) -> f64;

fn rows(
    set: PublicSet<'_>,
    few: bool,
    model: &Model,
    without: &Timed,
    with: Option<&Timed>,
    note: &str,
) -> Vec<Row> {
    let name = match set.examples {
        Some(count) => format!("{}, {count} examples a label", set.name),
        None => set.name.to_owned(),
    };
    let bar = match (set.name, few, set.examples) {
        ("banking77", false, None) => Bar::at_least(91.0, 93.5),
        ("banking77", true, Some(10)) => Bar {
            with: Some(86.0),
            ..Bar::none()
        },
        _ => Bar::none(),
    };
    let held = |timed: &Timed| timed.held(set.test, model);
    let (words, both) = (held(without), with.map(held));
    let row = |what: &str, figure: Figure, bar, note: &str| Row {
        what: format!("{name}: {what}"),
        without: Some(figure(&words) * 100.0),
        with: both.as_ref().map(|both| figure(both) * 100.0),
        unit: "%".to_owned(),
        bar,
        note: note.to_owned(),
    };
    vec![
        row("accuracy", accuracy, bar, note),
        row("macro F1", macro_f1, Bar::none(), "as above"),
        Row {
            what: format!("{name}: time of a message, median"),
            without: Some(without.median()),
            with: with.map(Timed::median),
            unit: MICROSECONDS.to_owned(),
            bar: Bar {
                without: Some(50.0),
                with: Some(5_000.0),
                at_most: true,
            },
            note: format!("{} messages, one thread", set.test.len()),
        },
    ]
}

/// Margins of every message, and how long each took.
struct Timed {
    margins: Vec<Vec<f32>>,
    times: Vec<Duration>,
}

impl Timed {
    fn margins(
        part: &[Labelled],
        clock: &dyn Fn() -> Duration,
        of: impl Fn(&Labelled) -> Vec<f32>,
    ) -> Self {
        let measured = part.iter().map(|row| {
            let begun = clock();
            let margins = of(row);
            (margins, clock().saturating_sub(begun))
        });
        let (margins, times) = measured.unzip();
        Self { margins, times }
    }

    /// Microseconds.
    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        median.as_secs_f64() * 1e6
    }

    fn held(&self, part: &[Labelled], model: &Model) -> Vec<(Vec<f32>, usize)> {
        let place = |row: &Labelled| model.labels().binary_search(&row.label);
        let rows = self.margins.iter().cloned().zip(part);
        // A label that was not learnt is never right.
        rows.map(|(margins, row)| (margins, place(row).unwrap_or(usize::MAX)))
            .collect()
    }
}

/// The group of the labels' names, which are never held out.
pub(super) const NAME: usize = usize::MAX;

fn plain(rows: &[&Labelled]) -> Vec<Example> {
    let rows = rows.iter().enumerate();
    rows.map(|(group, row)| Example {
        text: row.text.clone(),
        label: row.label.clone(),
        group,
        vector: None,
        weight: 1.0,
    })
    .collect()
}

/// A label's name as an example of it: `card_arrival` says "card arrival".
fn names(labels: &[String]) -> impl Iterator<Item = Example> + '_ {
    labels.iter().map(|label| Example {
        text: label.replace(['_', '-'], " "),
        label: label.clone(),
        group: NAME,
        vector: None,
        weight: NAME_WEIGHT,
    })
}

/// The same examples with their words put away.
pub(super) fn wordless(examples: &[Example]) -> Vec<Example> {
    let examples = examples.iter().cloned();
    examples
        .map(|example| Example {
            text: String::new(),
            ..example
        })
        .collect()
}

pub(super) fn settings() -> TrainSettings {
    TrainSettings {
        features: FeatureSettings::default(),
        svm: svm::Settings::default(),
        entries: 400_000,
        folds: 0,
        ..TrainSettings::default()
    }
}

/// The classifier of meaning: vectors with their Fourier features, no words.
pub(super) fn dense_settings(cost: f32) -> TrainSettings {
    TrainSettings {
        features: FeatureSettings {
            bits: 1,
            ..FeatureSettings::default()
        },
        svm: svm::Settings {
            cost,
            ..svm::Settings::default()
        },
        ..settings()
    }
}

/// The first so many of each label, in the order of the set.
fn first_of_each(rows: &[Labelled], most: usize) -> Vec<&Labelled> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for row in rows {
        let count = seen.entry(&row.label).or_insert(0);
        *count += 1;
        if *count <= most {
            kept.push(row);
        }
    }
    kept
}

/// As many of each label as were learnt from, behind those.
fn following(rows: &[Labelled], count: usize) -> Vec<&Labelled> {
    let learnt = first_of_each(rows, count).len();
    let both = first_of_each(rows, count.saturating_mul(2));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let behind = both.into_iter().filter(|row| {
        let place = seen.entry(&row.label).or_insert(0);
        *place += 1;
        *place > count
    });
    let behind: Vec<&Labelled> = behind.collect();
    // Too few are left to choose by where the set has hardly more than what was learnt.
    if behind.len() * 2 < learnt {
        Vec::new()
    } else {
        behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each of a few words stands in the text.
    struct Counts;

    impl Embedder for Counts {
        fn dimensions(&self) -> usize {
            vostro_classifier::DIMENSIONS
        }

        fn model(&self) -> &'static str {
            "counts"
        }

        fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
            let mut vector = vec![0.0; self.dimensions()];
            for (place, word) in ["card", "money", "rate"].iter().enumerate() {
                if text.contains(word) {
                    vector[place] = 1.0;
                }
            }
            Ok(vostro_embed::unit(vector))
        }
    }

    #[test]
    fn both_columns_are_measured_on_texts_that_were_not_learnt() {
        let row = |text: &str, label: &str| Labelled {
            text: text.to_owned(),
            label: label.to_owned(),
        };
        let mut train_part = Vec::new();
        for at in 0..12 {
            train_part.push(row(&format!("where is my card {at}"), "card_lost"));
            train_part.push(row(&format!("send money {at}"), "money_send"));
            train_part.push(row(&format!("what rate {at}"), "rate_of_day"));
        }
        let test = [
            row("card gone", "card_lost"),
            row("money to anna", "money_send"),
            row("rate today", "rate_of_day"),
            row("something else", "never_learnt"),
        ];
        let set = PublicSet {
            name: "own",
            train: &train_part,
            test: &test,
            examples: Some(10),
        };
        let report = public(set, Some(&Counts), &|| Duration::ZERO).unwrap();
        let accuracy = &report.rows[0];
        assert_eq!(accuracy.what, "own, 10 examples a label: accuracy");
        assert!((accuracy.with.unwrap() - 75.0).abs() < 1e-9, "{report}");
        assert!(accuracy.without.unwrap() >= 50.0, "{report}");
        assert!(accuracy.note.starts_with("30 to learn from, 4"), "{report}");
        let report = public(set, None, &|| Duration::ZERO).unwrap();
        assert!(report.rows.iter().all(|row| row.with.is_none()));
    }
}
