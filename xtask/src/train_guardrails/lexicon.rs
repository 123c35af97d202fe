//! Given names, places and ordinary words, for telling names of people from other words.

use super::Sample;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;
use vostro_guardrails::lexicon::Lexicon;

/// Given names and places from faker's lists; ordinary words are those that harmless training texts
/// write without a capital.
pub(super) fn make(folder: &Path, samples: &[Sample]) -> Result<Vec<u8>> {
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
    for sample in samples.iter().filter(|s| s.harmless()) {
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
