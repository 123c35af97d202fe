//! Texts made from others before learning: several joined, an order between harmless ones, letters that make no words.

use super::{Dice, Labels, Sample, WIDTH};
use vostro_guardrails::features::Grams;

/// Texts made by joining others.
const JOINED: usize = 9000;
/// Texts with an order between others.
const PLANTED: usize = 6000;
/// Joined texts are not longer than this, in tokens.
const LONGEST: usize = 1500;
/// Counter-examples in letters that make no words, so many at least.
const GARBLED: usize = 6000;

/// Longer texts made of several, with and without an order, so that length itself says nothing.
pub(super) fn compose(samples: &mut Vec<Sample>, dice: &mut Dice) {
    let pick = |wanted: &dyn Fn(&Labels) -> bool| -> Vec<usize> {
        samples
            .iter()
            .enumerate()
            .filter(|(_, s)| wanted(&s.labels))
            .map(|(i, _)| i)
            .collect()
    };
    let harmless = pick(&|l| l.iter().all(|l| *l != Some(true)));
    let documents = pick(&|l| l.iter().all(|l| *l != Some(true)) && l[1] == Some(false));
    let orders = pick(&|l| l[1] == Some(true));
    let mut made = Vec::new();
    let mut join = |dice: &mut Dice, pool: &[usize], count: usize, order: Option<usize>| {
        let mut parts: Vec<usize> = (0..count)
            .filter_map(|_| dice.pick(pool).copied())
            .collect();
        if let Some(order) = order {
            parts.insert(dice.below(parts.len() + 1), order);
        }
        let chosen: Vec<&Sample> = parts.iter().filter_map(|i| samples.get(*i)).collect();
        let labels: Labels = std::array::from_fn(|h| {
            let labels = chosen.iter().map(|s| s.labels[h]);
            if labels.clone().any(|l| l == Some(true)) {
                Some(true)
            } else if labels.clone().all(|l| l == Some(false)) {
                Some(false)
            } else {
                None
            }
        });
        if chosen.iter().map(|s| s.grams.len()).sum::<usize>() < LONGEST {
            made.push(Sample::made(joined(&chosen), labels));
        }
    };
    for _ in 0..JOINED {
        let count = 2 + dice.below(6);
        let pool = if dice.below(2) == 0 {
            &documents
        } else {
            &harmless
        };
        join(dice, pool, count, None);
    }
    for _ in 0..PLANTED {
        let (count, order) = (1 + dice.below(3), dice.pick(&orders).copied());
        join(dice, &documents, count, order);
    }
    for i in harmless.iter().step_by(harmless.len() / GARBLED + 1) {
        if let Some(sample) = samples.get(*i).filter(|s| s.original.is_ascii()) {
            let text = garble(&vostro_guardrails::fold(&sample.original), dice.below(4));
            made.push(Sample::made(Grams::of(&text), [Some(false); WIDTH]));
        }
    }
    samples.append(&mut made);
}

/// The features of several texts, one after the other.
fn joined(parts: &[&Sample]) -> Grams {
    let mut all = Grams::default();
    for part in parts {
        let length = |slots: &[u32]| u32::try_from(slots.len()).unwrap_or(0);
        let (before, fine_before) = (length(&all.slots), length(&all.fine));
        all.slots.extend_from_slice(&part.grams.slots);
        all.ends.extend(part.grams.ends.iter().map(|e| e + before));
        all.fine.extend_from_slice(&part.grams.fine);
        let ends = part.grams.fine_ends.iter();
        all.fine_ends.extend(ends.map(|e| e + fine_before));
    }
    all
}

/// Turned by thirteen letters, backwards, or as numbers in two ways: what nobody can read as it stands is no
/// attack by itself.
fn garble(text: &str, way: usize) -> String {
    const MOST: usize = 400;
    let turn = |c: char| match c {
        'a'..='m' => char::from(c as u8 + 13),
        'n'..='z' => char::from(c as u8 - 13),
        _ => c,
    };
    let numbers = |before: &str| -> String {
        let each = hex::encode(text.bytes().take(MOST).collect::<Vec<_>>());
        let pairs = each.as_bytes().chunks(2).map(String::from_utf8_lossy);
        pairs.flat_map(|pair| [before.into(), pair]).collect()
    };
    match way {
        0 => text.chars().rev().collect(),
        1 => numbers("%"),
        2 => numbers(" "),
        _ => text.chars().map(turn).collect(),
    }
}
