//! From labelled texts to a [`Model`]: features, one machine a label, a temperature from held-out folds.

use std::num::NonZero;
use std::thread;

use crate::features::{Featurizer, Settings as FeatureSettings, Sparse};
use crate::model::{Model, softmax};
use crate::rng::SplitMix;
use crate::svm::{self, Machine, Rows};

/// A labelled text.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// What it is an example of.
    pub label: String,
    /// Texts of one group are held out together; those made of the same utterance share one.
    pub group: usize,
    /// Its sentence vector, where the model is to use them.
    pub vector: Option<Vec<f32>>,
    /// How much it counts.
    pub weight: f32,
}

/// How a model is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The grams.
    pub features: FeatureSettings,
    /// The machines.
    pub svm: svm::Settings,
    /// By how much sentence vectors are scaled against the blocks of grams.
    pub dense_scale: f32,
    /// At most so many weights are kept.
    pub entries: usize,
    /// So many folds are held out in turn to calibrate the temperature; 0 leaves it at 1.
    pub folds: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            features: FeatureSettings::default(),
            svm: svm::Settings::default(),
            dense_scale: 1.0,
            entries: usize::MAX,
            folds: 3,
        }
    }
}

/// Trains a model. At most 256 labels fit into a file.
pub fn train(examples: &[Example], settings: Settings) -> Model {
    let labels = labels(examples);
    let model = fit(examples, &labels, settings);
    if settings.folds < 2 {
        return model;
    }
    let held: Vec<(Vec<f32>, usize)> = (0..settings.folds)
        .flat_map(|fold| held_out(examples, &labels, settings, fold))
        .collect();
    let temperature = calibrated(&held);
    model.with_temperature(temperature)
}

/// The labels of examples, sorted, each once.
pub fn labels(examples: &[Example]) -> Vec<String> {
    let mut labels: Vec<String> = examples
        .iter()
        .map(|example| example.label.clone())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// The fold in which an example is held out: by its group, mixed.
pub fn fold_of(group: usize, folds: usize) -> usize {
    SplitMix::new(group as u64).below(folds)
}

/// Margins and true labels of one fold, by a model that was trained on the others.
pub fn held_out(
    examples: &[Example],
    labels: &[String],
    settings: Settings,
    fold: usize,
) -> Vec<(Vec<f32>, usize)> {
    let (held, kept): (Vec<Example>, Vec<Example>) = examples
        .iter()
        .cloned()
        .partition(|example| fold_of(example.group, settings.folds) == fold);
    let model = fit(&kept, labels, settings);
    held.iter()
        .filter_map(|example| {
            let label = labels.binary_search(&example.label).ok()?;
            Some((
                model.margins(&example.text, example.vector.as_deref()),
                label,
            ))
        })
        .collect()
}

fn fit(examples: &[Example], labels: &[String], settings: Settings) -> Model {
    let texts = examples.iter().map(|example| example.text.as_str());
    let featurizer = Featurizer::learn(settings.features, texts);
    let rows = Rows {
        sparse: examples
            .iter()
            .map(|example| featurizer.features(&example.text))
            .collect(),
        dense: examples
            .iter()
            .map(|example| scaled(example, settings.dense_scale))
            .collect(),
        weights: examples.iter().map(|example| example.weight).collect(),
    };
    let buckets = compact(&rows.sparse, 1 << settings.features.bits);
    let machines = learn_all(examples, labels, &rows, buckets, settings.svm);
    Model::new(
        labels.to_vec(),
        featurizer,
        &machines,
        settings.dense_scale,
        1.0,
        settings.entries,
    )
}

/// How many buckets a machine needs: up to the last that any example fills.
fn compact(rows: &[Sparse], most: usize) -> usize {
    let last = rows
        .iter()
        .filter_map(|row| row.last())
        .map(|(bucket, _)| *bucket as usize + 1);
    last.max().unwrap_or(0).min(most)
}

fn scaled(example: &Example, scale: f32) -> Vec<f32> {
    let vector = example.vector.iter().flatten();
    vector.map(|value| value * scale).collect()
}

/// One machine a label; the labels are shared out among the processors.
fn learn_all(
    examples: &[Example],
    labels: &[String],
    rows: &Rows,
    buckets: usize,
    settings: svm::Settings,
) -> Vec<Machine> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut machines: Vec<Machine> = vec![Machine::default(); labels.len()];
    let share = labels.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for (labels, machines) in labels.chunks(share).zip(machines.chunks_mut(share)) {
            scope.spawn(move || {
                for (label, machine) in labels.iter().zip(machines) {
                    let targets: Vec<bool> = examples
                        .iter()
                        .map(|example| example.label == *label)
                        .collect();
                    *machine = svm::learn(rows, buckets, &targets, settings);
                }
            });
        }
    });
    machines
}

/// The temperature under which held-out labels are the least surprising.
fn calibrated(held: &[(Vec<f32>, usize)]) -> f32 {
    let surprise = |temperature: f32| -> f32 {
        let each = held.iter().map(|(margins, label)| {
            let share = softmax(margins, temperature)
                .get(*label)
                .copied()
                .unwrap_or(0.0);
            -share.max(1e-6).ln()
        });
        each.sum()
    };
    (1..=60)
        .map(|step| f32::from(u8::try_from(step).unwrap_or(60)) * 0.02)
        .min_by(|a, b| surprise(*a).total_cmp(&surprise(*b)))
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Example> {
        let texts = [
            ("balance", "what is my balance"),
            ("balance", "show me the balance of savings"),
            ("balance", "how much money do i have"),
            ("transfer", "send money to anna"),
            ("transfer", "transfer fifty dollars"),
            ("transfer", "move cash to my savings"),
            ("card", "freeze my card"),
            ("card", "block the debit card"),
            ("card", "my card is lost"),
        ];
        let rows = texts.iter().enumerate();
        rows.map(|(group, (label, text))| Example {
            text: (*text).to_owned(),
            label: (*label).to_owned(),
            group,
            vector: None,
            weight: 1.0,
        })
        .collect()
    }

    #[test]
    fn what_was_learnt_is_known_and_survives_its_bytes() {
        let model = train(&examples(), Settings::default());
        for example in examples() {
            let best = model.predict(&example.text, None);
            assert_eq!(best.first().map(|p| p.label), Some(example.label.as_str()));
            let sum: f32 = best.iter().map(|p| p.probability).sum();
            assert!((sum - 1.0).abs() < 1e-3);
        }
        let again = train(&examples(), Settings::default());
        assert_eq!(
            model.to_bytes(),
            again.to_bytes(),
            "training is deterministic"
        );
        assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
    }

    #[test]
    fn a_vector_can_decide() {
        let mut examples = examples();
        for example in &mut examples {
            let side = if example.label == "card" { 1.0 } else { -1.0 };
            example.vector = Some(vec![side, 0.5]);
        }
        let model = train(
            &examples,
            Settings {
                folds: 0,
                ..Settings::default()
            },
        );
        assert!(model.wants_vector());
        let found = model.predict("something else", Some(&[1.0, 0.5]));
        assert_eq!(found.first().map(|p| p.label), Some("card"));
    }

    #[test]
    fn bytes_that_are_no_model_are_refused() {
        let bytes = train(&examples(), Settings::default()).to_bytes();
        for length in [0, 7, 11, 40, bytes.len() - 1] {
            assert!(Model::from_bytes(bytes.get(..length).unwrap_or_default()).is_err());
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Model::from_bytes(&longer).is_err());
        for at in (8..bytes.len()).step_by(997) {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            // Whatever is read, it does not panic when asked.
            if let Ok(model) = Model::from_bytes(&changed) {
                assert_eq!(
                    model.predict("show my balance", None).len(),
                    model.labels().len()
                );
            }
        }
    }

    #[test]
    fn fewer_weights_are_a_smaller_file() {
        let all = train(&examples(), Settings::default());
        let few = train(
            &examples(),
            Settings {
                entries: 100,
                ..Settings::default()
            },
        );
        assert!(few.to_bytes().len() < all.to_bytes().len());
    }
}
