//! What is chosen of a classifier for a public set, by texts that were held out of its train part.

use vostro_classifier::examples::accuracy;
use vostro_classifier::train::{fold_of, labels};
use vostro_classifier::{Example, Model, train};

use super::public::{NAME, dense_settings, settings, wordless};

/// So many parts are made of the train part, of which one is held out to choose by.
const FOLDS: usize = 5;
/// Costs of the classifier of meaning that are tried.
const COSTS: [f32; 3] = [1.0, 2.0, 5.0];
/// What meaning may weigh against words.
const SHARES: [f32; 8] = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9];

/// What was chosen on the train part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// The cost of an error to the classifier of meaning.
    pub(super) cost: f32,
    /// What meaning weighs against words, 0 to 1.
    pub(super) share: f32,
}

/// One fold, and the rest.
pub(super) fn fold(examples: &[Example]) -> (Vec<Example>, Vec<Example>) {
    let examples = examples.iter().cloned();
    examples.partition(|example| example.group != NAME && fold_of(example.group, FOLDS) == 0)
}

/// Chooses by what texts that were held out are taken for.
pub(super) fn choose(kept: &[Example], held: &[Example]) -> Choice {
    let names = labels(kept);
    let truth = |example: &Example| names.binary_search(&example.label).unwrap_or(usize::MAX);
    let words = aligned(&train(kept, settings()), &names, held, false);
    let mut best = (
        -1.0,
        Choice {
            cost: 1.0,
            share: 0.5,
        },
    );
    for cost in COSTS {
        let model = train(&wordless(kept), dense_settings(cost));
        let meaning = aligned(&model, &names, held, true);
        for share in SHARES {
            let both: Vec<(Vec<f32>, usize)> = held
                .iter()
                .zip(words.iter().zip(&meaning))
                .map(|(example, (words, meaning))| (mixed(words, meaning, share), truth(example)))
                .collect();
            let reached = accuracy(&both);
            if reached > best.0 {
                best = (reached, Choice { cost, share });
            }
        }
    }
    best.1
}

/// Margins in the order of `names`; a label that the model does not know is never taken.
fn aligned(model: &Model, names: &[String], held: &[Example], meaning: bool) -> Vec<Vec<f32>> {
    let margins = held.iter().map(|example| {
        let margins = if meaning {
            model.margins("", example.vector.as_deref())
        } else {
            model.margins(&example.text, None)
        };
        let of = |name: &String| {
            let place = model.labels().binary_search(name).ok()?;
            margins.get(place).copied()
        };
        names.iter().map(|name| of(name).unwrap_or(-9.0)).collect()
    });
    margins.collect()
}

pub(super) fn mixed(words: &[f32], meaning: &[f32], share: f32) -> Vec<f32> {
    let pairs = words.iter().zip(meaning);
    pairs
        .map(|(words, meaning)| words * (1.0 - share) + meaning * share)
        .collect()
}
