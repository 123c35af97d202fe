//! What is chosen of a classifier for a public set, by texts that were held out of its train part.

use std::fmt;

use vostro_classifier::examples::accuracy;
use vostro_classifier::fourier::lifted;
use vostro_classifier::logistic::{self, Logistic, Row};
use vostro_classifier::neighbours::Neighbours;
use vostro_classifier::train::{fold_of, labels};
use vostro_classifier::{Example, Model, train};

use super::public::{NAME, dense_settings, settings, wordless};

/// So many parts are made of the train part, of which one is held out to choose by.
const FOLDS: usize = 5;
/// Costs of the classifier of meaning that are tried.
const COSTS: [f32; 3] = [1.0, 2.0, 5.0];
/// What meaning may weigh against words.
const SHARES: [f32; 8] = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9];

/// Costs of a logistic regression that are tried.
const LOGISTIC_COSTS: [f32; 2] = [10.0, 20.0];
/// What the nearest examples count beside a logistic regression.
const NEAREST: f32 = 0.25;

/// How the classifier of meaning learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Learner {
    /// A machine a label over the vector and its Fourier features.
    Machines { cost: f32 },
    /// One logistic regression over the vector for all labels, and the nearest examples.
    Together { cost: f32 },
}

impl fmt::Display for Learner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machines { cost } => write!(f, "a machine a label, cost {cost}"),
            Self::Together { cost } => {
                write!(f, "logistic regression and neighbours, cost {cost}")
            }
        }
    }
}

/// A classifier of meaning.
pub(super) enum Meaning {
    Machines(Box<Model>),
    Together(Logistic, Neighbours),
}

impl Meaning {
    /// Learns from examples that have their vectors, in the order of `names`.
    pub(super) fn learn(examples: &[Example], names: &[String], learner: Learner) -> Self {
        match learner {
            Learner::Machines { cost } => {
                let mut examples = wordless(examples);
                for example in &mut examples {
                    example.vector = example.vector.as_deref().map(lifted);
                }
                Self::Machines(Box::new(train(&examples, dense_settings(cost))))
            }
            Learner::Together { cost } => {
                let rows = examples.iter().filter_map(|example| {
                    Some(Row {
                        vector: example.vector.as_deref()?,
                        label: names.binary_search(&example.label).ok()?,
                        weight: example.weight,
                    })
                });
                let rows: Vec<Row<'_>> = rows.collect();
                let settings = logistic::Settings {
                    cost,
                    ..logistic::Settings::default()
                };
                Self::Together(
                    Logistic::learn(&rows, names.len(), settings),
                    Neighbours::learn(&rows, names.len()),
                )
            }
        }
    }

    /// Margins in the order of `names`.
    pub(super) fn margins(&self, names: &[String], vector: &[f32]) -> Vec<f32> {
        match self {
            Self::Machines(model) => {
                in_order(model, names, &model.margins("", Some(&lifted(vector))))
            }
            Self::Together(logistic, neighbours) => {
                let (all, near) = (logistic.margins(vector), neighbours.margins(vector));
                let both = all.iter().zip(near);
                both.map(|(all, near)| NEAREST.mul_add(near, *all))
                    .collect()
            }
        }
    }
}

/// What was chosen on the train part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// How the classifier of meaning learns.
    pub(super) learner: Learner,
    /// What meaning weighs against words, 0 to 1.
    pub(super) share: f32,
}

/// One fold, and the rest.
pub(super) fn fold(examples: &[Example]) -> (Vec<Example>, Vec<Example>) {
    let examples = examples.iter().cloned();
    examples.partition(|example| example.group != NAME && fold_of(example.group, FOLDS) == 0)
}

/// Chooses by what texts that were held out are taken for. A logistic regression is tried where examples are
/// `few`: with many the machines do better, and it takes long.
pub(super) fn choose(kept: &[Example], held: &[Example], few: bool) -> Choice {
    let names = labels(kept);
    let truth = |example: &Example| names.binary_search(&example.label).unwrap_or(usize::MAX);
    let model = train(kept, settings());
    let words = held
        .iter()
        .map(|example| in_order(&model, &names, &model.margins(&example.text, None)));
    let words: Vec<Vec<f32>> = words.collect();
    let machines = COSTS.map(|cost| Learner::Machines { cost });
    let logistic = LOGISTIC_COSTS.map(|cost| Learner::Together { cost });
    let learners = machines
        .into_iter()
        .chain(logistic.into_iter().filter(|_| few));
    let mut best = (
        -1.0,
        Choice {
            learner: Learner::Machines { cost: 1.0 },
            share: 0.5,
        },
    );
    for learner in learners {
        let meaning = Meaning::learn(kept, &names, learner);
        let margins = held.iter().map(|example| {
            let vector = example.vector.as_deref().unwrap_or_default();
            meaning.margins(&names, vector)
        });
        let margins: Vec<Vec<f32>> = margins.collect();
        for share in SHARES {
            let both: Vec<(Vec<f32>, usize)> = held
                .iter()
                .zip(words.iter().zip(&margins))
                .map(|(example, (words, meaning))| (mixed(words, meaning, share), truth(example)))
                .collect();
            let reached = accuracy(&both);
            if reached > best.0 {
                best = (reached, Choice { learner, share });
            }
        }
    }
    best.1
}

/// A model's margins in the order of `names`; a label that it does not know is never taken.
fn in_order(model: &Model, names: &[String], margins: &[f32]) -> Vec<f32> {
    let of = |name: &String| {
        let place = model.labels().binary_search(name).ok()?;
        margins.get(place).copied()
    };
    names.iter().map(|name| of(name).unwrap_or(-9.0)).collect()
}

pub(super) fn mixed(words: &[f32], meaning: &[f32], share: f32) -> Vec<f32> {
    let pairs = words.iter().zip(meaning);
    pairs
        .map(|(words, meaning)| words * (1.0 - share) + meaning * share)
        .collect()
}
