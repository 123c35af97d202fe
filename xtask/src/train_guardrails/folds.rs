//! How well it generalises: whole sources are left out in turn.
//!
//! Sources are families of templates and parts of packages. In each round a share of them is left out,
//! attacks and counter-examples alike, the rest is learnt, and the left-out texts are scored. One
//! threshold for all, at one counter-example in a hundred, gives the recall by source. Texts of one
//! family are alike, so this is stricter than leaving out single texts, and nearer to what other
//! people's attacks will show. Sources named `held/` are never learnt at all.

use super::{Dice, SEED, Sample, learner};
use std::collections::{BTreeMap, BTreeSet};
use vostro_guardrails::model::{HEADS, Model};

const ROUNDS: usize = 6;
/// Of a source that has more, this many texts are tried.
const TRIED: usize = 300;

struct Tried {
    source: String,
    attack: bool,
    score: f32,
}

/// Prints recall and false alarms by source for both heads of injection.
pub(super) fn report(samples: &[Sample], held: &[Sample]) {
    let group = |attack: bool| -> Vec<&str> {
        let named: BTreeSet<&str> = samples
            .iter()
            .filter(|s| s.labels[0].or(s.labels[1]) == Some(attack))
            .map(|s| s.source.as_str())
            .collect();
        named.into_iter().collect()
    };
    let (attacks, others) = (group(true), group(false));
    let mut round_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, name) in attacks.iter().enumerate() {
        round_of.insert(name, i % ROUNDS);
    }
    // A language's questions are left out together with its attacks.
    for (i, name) in others.iter().enumerate() {
        let twin = name.replace("benign/", "injection/");
        let round = round_of.get(twin.as_str()).copied();
        round_of.insert(name, round.unwrap_or(i % ROUNDS));
    }
    let mut tried: [Vec<Tried>; 2] = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let out = |s: &Sample| round_of.get(s.source.as_str()) == Some(&round);
        let mut learnt: Vec<Sample> = samples.iter().filter(|s| !out(s)).cloned().collect();
        let (weights, curves) = learner::train(&mut learnt, &mut Dice(SEED));
        let Some(model) = Model::read(&Model::write(&weights, curves)) else {
            continue;
        };
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for sample in samples.iter().filter(|s| out(s)).chain(held) {
            let seen = count.entry(&sample.source).or_default();
            *seen += 1;
            if *seen > TRIED {
                continue;
            }
            let scores = model.score(&sample.folded);
            for (h, tried) in tried.iter_mut().enumerate() {
                if let Some(attack) = sample.labels[h] {
                    tried.push(Tried {
                        source: sample.source.clone(),
                        attack,
                        score: scores[h].probability,
                    });
                }
            }
        }
    }
    for (name, tried) in HEADS.iter().zip(&tried) {
        table(name, tried);
    }
}

fn table(head: &str, tried: &[Tried]) {
    let mut benign: Vec<f32> = tried
        .iter()
        .filter(|t| !t.attack)
        .map(|t| t.score)
        .collect();
    benign.sort_by(|a, b| b.total_cmp(a));
    let threshold = benign.get(benign.len() / 100).copied().unwrap_or(1.0);
    let mut by_source: BTreeMap<(bool, &str), (usize, usize)> = BTreeMap::new();
    for t in tried {
        let cell = by_source.entry((!t.attack, &t.source)).or_default();
        cell.0 += usize::from(t.score > threshold);
        cell.1 += 1;
    }
    let share = |(found, of): (usize, usize)| found as f64 / of.max(1) as f64;
    let mean = |attack: bool| {
        let all: Vec<f64> = by_source
            .iter()
            .filter(|((b, _), _)| *b != attack)
            .map(|(_, c)| share(*c))
            .collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    };
    println!(
        "## {head}: threshold {threshold:.4} at 1 % of {} counter-examples",
        benign.len()
    );
    for ((benign, source), cell) in &by_source {
        let what = if *benign { "false alarms" } else { "recall" };
        println!("{what:>12} {:.3} of {:>5}  {source}", share(*cell), cell.1);
    }
    println!(
        "{head}: mean recall over sources {:.4}, mean false alarms {:.4}",
        mean(true),
        mean(false)
    );
}
