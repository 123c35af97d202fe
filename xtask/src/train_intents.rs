//! `cargo xtask train intents`: makes the weights of the concierge's intent classifier.
//!
//! Training utterances are the project's own, a file an intent under `crates/vostro-dialogue/intents`.
//! Words in braces are filled from `_values.txt`, and every utterance comes once more with a slip of the
//! finger. Everything is seeded: the same files make the same weights. Written are the weights, a table of
//! the intents (name, labels, description) that the program reads beside them, and the recipe. Built with
//! the feature `vectors`, it makes the weights for sentence vectors too, from the embedding model's files. With
//! `--folds` nothing is written: utterances are held out in turn, and what went wrong is listed.

mod files;
mod folds;
#[cfg(feature = "vectors")]
mod vectors;

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use sha2::Digest as _;
use vostro_classifier::rng::SplitMix;
use vostro_classifier::svm;
use vostro_classifier::{Example, FeatureSettings, Model, TrainSettings, train};

use files::{Intent, Values};

const SEED: u64 = 20_261_126;
/// An utterance with words in braces is filled so many times.
const FILLINGS: usize = 3;
/// How much an utterance with a slip of the finger counts.
const SLIP_WEIGHT: f32 = 0.5;
/// An intent has at least so many utterances in English.
const LEAST_UTTERANCES: usize = 25;
const FOLDER: &str = "crates/vostro-dialogue/intents";
const WEIGHTS: &str = "crates/vostro-dialogue/weights";
const MEANING: &str = "intents-minilm.bin";

/// Trains and writes, or with `folds` tells how well it generalises.
pub(crate) fn command(root: &Path, folds: bool) -> Result<()> {
    let (intents, values) = files::read(&root.join(FOLDER))?;
    for intent in &intents {
        ensure!(
            intent.english >= LEAST_UTTERANCES,
            "{}: {} utterances, {LEAST_UTTERANCES} are asked for",
            intent.name,
            intent.english
        );
    }
    let examples = examples(&intents, &values);
    if folds {
        folds::report(&examples, &intents, settings());
        return Ok(());
    }
    let model = train(&examples, settings());
    let bytes = model.to_bytes();
    let folder = root.join(WEIGHTS);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("intents.bin"), &bytes)?;
    fs::write(folder.join("intents.tsv"), table(&intents))?;
    let meaning = folder.join(MEANING);
    #[cfg(feature = "vectors")]
    fs::write(&meaning, vectors::weights(&examples, settings())?)?;
    // Without that feature the weights for vectors stay as they were.
    let meaning = fs::read(meaning)?;
    fs::write(
        folder.join("RECIPE.md"),
        recipe(&intents, &examples, &model, &bytes) + &meaning_recipe(&meaning),
    )?;
    println!(
        "{} intents, {} texts, {} bytes",
        intents.len(),
        examples.len(),
        bytes.len()
    );
    Ok(())
}

fn settings() -> TrainSettings {
    TrainSettings {
        features: FeatureSettings::default(),
        svm: svm::Settings {
            seed: SEED,
            ..svm::Settings::default()
        },
        entries: 300_000,
        folds: 4,
        ..TrainSettings::default()
    }
}

/// Every utterance, filled, and once more with a slip. All of one utterance share a group.
fn examples(intents: &[Intent], values: &Values) -> Vec<Example> {
    let mut rng = SplitMix::new(SEED);
    let mut examples = Vec::new();
    let mut group = 0;
    for intent in intents {
        for utterance in &intent.utterances {
            group += 1;
            let mut add = |text: String, weight: f32| {
                examples.push(Example {
                    text,
                    label: intent.name.clone(),
                    group,
                    vector: None,
                    weight,
                });
            };
            let times = if utterance.contains('{') { FILLINGS } else { 1 };
            for _ in 0..times {
                add(values.fill(utterance, &mut rng), 1.0);
            }
            let filled = values.fill(utterance, &mut rng);
            add(slip(&filled, &mut rng), SLIP_WEIGHT);
        }
    }
    examples
}

/// One letter of a longer word doubled, dropped, or swapped with its neighbour.
fn slip(text: &str, rng: &mut SplitMix) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let places: Vec<usize> = chars
        .windows(4)
        .enumerate()
        .filter(|(_, around)| around.iter().all(char::is_ascii_alphabetic))
        .map(|(at, _)| at + 1)
        .collect();
    if let Some(&at) = places.get(rng.below(places.len())) {
        match rng.below(3) {
            0 => chars.insert(at, chars.get(at).copied().unwrap_or(' ')),
            1 => drop(chars.remove(at)),
            _ => chars.swap(at, at + 1),
        }
    }
    chars.into_iter().collect()
}

/// Name, labels and description, a line an intent, in the order of the model's labels.
fn table(intents: &[Intent]) -> String {
    let heading = "# intent\twhat it does, first label known counts\tdescription; by `cargo xtask train intents`\n";
    let lines = intents
        .iter()
        .map(|intent| format!("{}\t{}\t{}\n", intent.name, intent.does, intent.about));
    heading.to_owned() + &lines.collect::<String>()
}

fn recipe(intents: &[Intent], examples: &[Example], model: &Model, bytes: &[u8]) -> String {
    let utterances: usize = intents.iter().map(|intent| intent.utterances.len()).sum();
    let settings = settings();
    format!(
        "# intents.bin\n\nMade by `cargo xtask train intents`; do not edit.\n\n\
         - {} intents, {utterances} own utterances, {} texts (filled {FILLINGS} times, one slip each at {SLIP_WEIGHT})\n\
         - word 1–{} grams and character {}–{} grams in 2^{} buckets, squared hinge, cost {}, seed {SEED}\n\
         - the {} largest weights, int8; temperature {:.2} from {} folds\n- sha256 {}\n",
        intents.len(),
        examples.len(),
        settings.features.words,
        settings.features.chars.0,
        settings.features.chars.1,
        settings.features.bits,
        settings.svm.cost,
        settings.entries,
        model.temperature(),
        settings.folds,
        hex::encode(sha2::Sha256::digest(bytes)),
    )
}

fn meaning_recipe(bytes: &[u8]) -> String {
    format!(
        "\n# intents-minilm.bin\n\nMade by `cargo xtask train intents` built with `--features vectors`, \
         from the sentence vectors of the same utterances without slips.\n\n- sha256 {}\n",
        hex::encode(sha2::Sha256::digest(bytes))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_beside_the_weights_is_the_files() -> Result<()> {
        let root = crate::root()?;
        let (intents, values) = files::read(&root.join(FOLDER))?;
        let kept = fs::read_to_string(root.join(WEIGHTS).join("intents.tsv"))?;
        assert_eq!(kept, table(&intents), "cargo xtask train intents");
        let recipe = fs::read_to_string(root.join(WEIGHTS).join("RECIPE.md"))?;
        let bytes = fs::read(root.join(WEIGHTS).join("intents.bin"))?;
        assert!(recipe.contains(&hex::encode(sha2::Sha256::digest(&bytes))));
        let meaning = fs::read(root.join(WEIGHTS).join(MEANING))?;
        assert!(
            recipe.contains(&meaning_recipe(&meaning)),
            "cargo xtask train intents, with the feature vectors"
        );
        let texts = examples(&intents, &values).len();
        assert!(
            recipe.contains(&format!("{texts} texts")),
            "cargo xtask train intents"
        );
        Ok(())
    }

    #[test]
    fn a_slip_changes_one_place() {
        let mut rng = SplitMix::new(1);
        for _ in 0..50 {
            let slipped = slip("show my balance", &mut rng);
            assert!(slipped.chars().count().abs_diff(15) <= 1, "{slipped}");
        }
        assert_eq!(slip("a b", &mut rng), "a b");
    }
}
