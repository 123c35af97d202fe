//! How well the classifier generalises: utterances held out in turn, and what was taken for what.

use std::collections::{BTreeMap, HashMap};

use vostro_classifier::examples::best;
use vostro_classifier::model::softmax;
use vostro_classifier::train::{fold_of, held_out, labels};
use vostro_classifier::{Example, TrainSettings};

use super::files::Intent;

/// Prints accuracy by intent and by what is done, and the commonest confusions.
pub(super) fn report(examples: &[Example], intents: &[Intent], settings: TrainSettings) {
    let labels = labels(examples);
    let does: HashMap<&str, &str> = intents
        .iter()
        .map(|i| (i.name.as_str(), i.does.as_str()))
        .collect();
    let (mut right, mut same, mut all) = (0, 0, 0);
    let mut confusions: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for fold in 0..settings.folds {
        let held: Vec<&Example> = examples
            .iter()
            .filter(|e| fold_of(e.group, settings.folds) == fold)
            .collect();
        let margins = held_out(examples, &labels, settings, fold);
        for (example, (margins, label)) in held.iter().zip(margins) {
            let Some(found) = best(&margins) else {
                continue;
            };
            let (Some(truth), Some(guess)) = (labels.get(label), labels.get(found)) else {
                continue;
            };
            all += 1;
            right += usize::from(found == label);
            let done = does.get(truth.as_str()) == does.get(guess.as_str());
            same += usize::from(done);
            if !done {
                let share = softmax(&margins, 0.2).get(found).copied().unwrap_or(0.0);
                let line = format!("{:.2} {}", share, example.text);
                confusions.entry((truth, guess)).or_default().push(line);
            }
        }
    }
    let percent = |part: usize| 100 * part / all.max(1);
    println!(
        "intent right {}%, what is done right {}%, of {all}",
        percent(right),
        percent(same)
    );
    let mut confusions: Vec<_> = confusions.into_iter().collect();
    confusions.sort_by_key(|(_, texts)| std::cmp::Reverse(texts.len()));
    for ((truth, guess), texts) in confusions.iter().take(60) {
        println!("{truth} → {guess}: {}", texts.join(" | "));
    }
}
