//! A public set of questions: the same classifier, trained on its train part, measured on its test part.
//!
//! What is chosen, is chosen by texts held out of the train part: the cost of the classifier of meaning,
//! and what it weighs against that of words. Where few examples are learnt from, a fold of them would be too
//! few to choose by, and four times as many that follow them in the train part are looked at instead. A few examples may be
//! lucky ones, so the figure is the mean over several draws, chosen for once. The test part is looked at
//! with what was chosen, and with nothing else.

use std::time::Duration;

use vostro_classifier::examples::{accuracy, macro_f1};
use vostro_classifier::{Example, FeatureSettings, TrainSettings, svm, train};
use vostro_embed::{EmbedError, Embedder};

use super::choose::{Meaning, mixed};
use super::draws::{Vectors, drawn, first_of_each, following};
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
/// So many draws of few examples are measured: the first of each label, and random ones.
const DRAWS: u64 = 5;

/// Trains and measures, without and with vectors. `clock` tells the time since some beginning.
///
/// # Errors
/// [`EmbedError`] when the embedder fails: a column of other texts than the first would be no figure.
pub fn public(
    set: PublicSet<'_>,
    embedder: Option<&dyn Embedder>,
    clock: &dyn Fn() -> Duration,
) -> Result<Report, EmbedError> {
    let most = set.examples.unwrap_or(usize::MAX);
    let first = first_of_each(set.train.iter(), most);
    let names = {
        let mut names: Vec<String> = first.iter().map(|row| row.label.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let few = first.len() < names.len() * FEW;
    let next = following(set.train, set.examples.filter(|_| few).unwrap_or(0));
    let mut vectors = embedder.map(Vectors::of);
    let test = match &mut vectors {
        Some(vectors) => Some(vectors.timed(set.test, clock)?),
        None => None,
    };
    let mut choice = None;
    let mut draws = Vec::new();
    for draw in 0..if few { DRAWS } else { 1 } {
        let kept = drawn(set.train, most, draw);
        let mut examples = plain(&kept);
        if few {
            examples.extend(named(&names));
        }
        let words = train(&examples, settings());
        let without = Timed::margins(set.test, clock, |_, row| words.margins(&row.text, None));
        let mut with = None;
        if let (Some(vectors), Some(test)) = (&mut vectors, &test) {
            vectors.put_to(&mut examples)?;
            let choice = match choice {
                Some(chosen) => chosen,
                None => *choice.insert(vectors.choose(&examples, &next, few)?),
            };
            let meaning = Meaning::learn(&examples, &names, choice.learner);
            let measured = Timed::margins(set.test, clock, |at, row| {
                let words = words.margins(&row.text, None);
                let vector = test.vectors.get(at).map(Vec::as_slice).unwrap_or_default();
                mixed(&words, &meaning.margins(&names, vector), choice.share)
            });
            with = Some(measured.after(&test.times));
        }
        draws.push(Draw { without, with });
    }
    let chosen = choice.map_or_else(String::new, |choice| {
        let on = if few { "four times as many" } else { "a fifth" };
        let (learner, share) = (choice.learner, choice.share);
        format!("; chosen on {on} of the train part: {learner}, share of meaning {share:.2}")
    });
    let note = format!(
        "{} to learn from, {} to measure on{chosen}",
        first.len(),
        set.test.len()
    );
    Ok(Report {
        rows: rows(set, few, &names, &draws, &note),
        wrong: Vec::new(),
    })
}

/// What one draw of examples came to.
struct Draw {
    without: Timed,
    with: Option<Timed>,
}

/// Something told of margins and true labels.
type Figure = fn(&[(Vec<f32>, usize)]) -> f64;

fn rows(set: PublicSet<'_>, few: bool, names: &[String], draws: &[Draw], note: &str) -> Vec<Row> {
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
    let told = |figure: Figure, timed: &Timed| figure(&timed.held(set.test, names)) * 100.0;
    let row = |what: &str, figure: Figure, bar, note: &str| {
        let words = draws.iter().map(|draw| told(figure, &draw.without));
        let both = draws.iter().filter_map(|draw| draw.with.as_ref());
        let both: Vec<f64> = both.map(|timed| told(figure, timed)).collect();
        let each: Vec<String> = both.iter().map(|it| format!("{it:.1}")).collect();
        let note = match each.len() {
            0 | 1 => note.to_owned(),
            count => format!("{note}; the mean of {count} draws: {}", each.join(", ")),
        };
        Row {
            what: format!("{name}: {what}"),
            without: mean(&words.collect::<Vec<f64>>()),
            with: mean(&both),
            unit: "%".to_owned(),
            bar,
            note,
        }
    };
    let first = draws.first();
    vec![
        row("accuracy", accuracy, bar, note),
        row("macro F1", macro_f1, Bar::none(), "as above"),
        Row {
            what: format!("{name}: time of a message, median"),
            without: first.map(|draw| draw.without.median()),
            with: first.and_then(|draw| draw.with.as_ref()).map(Timed::median),
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

/// The mean; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "a few draws")]
fn mean(figures: &[f64]) -> Option<f64> {
    (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
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
        of: impl Fn(usize, &Labelled) -> Vec<f32>,
    ) -> Self {
        let measured = part.iter().enumerate().map(|(at, row)| {
            let begun = clock();
            let margins = of(at, row);
            (margins, clock().saturating_sub(begun))
        });
        let (margins, times) = measured.unzip();
        Self { margins, times }
    }

    /// With the times of what was done before.
    fn after(mut self, before: &[Duration]) -> Self {
        for (time, before) in self.times.iter_mut().zip(before) {
            *time += *before;
        }
        self
    }

    /// Microseconds.
    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        median.as_secs_f64() * 1e6
    }

    fn held(&self, part: &[Labelled], names: &[String]) -> Vec<(Vec<f32>, usize)> {
        let place = |row: &Labelled| names.binary_search(&row.label);
        let rows = self.margins.iter().cloned().zip(part);
        // A label that was not learnt is never right.
        rows.map(|(margins, row)| (margins, place(row).unwrap_or(usize::MAX)))
            .collect()
    }
}

/// The group of the labels' names, which are never held out.
pub(super) const NAME: usize = usize::MAX;

pub(super) fn plain(rows: &[&Labelled]) -> Vec<Example> {
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
fn named(labels: &[String]) -> impl Iterator<Item = Example> + '_ {
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
