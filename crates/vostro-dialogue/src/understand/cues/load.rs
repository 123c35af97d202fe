//! Reading the cue files. A line that cannot be read is kept as a [`BadLine`], for the test that there is none.

use std::collections::HashMap;

use super::{BadLine, Cue, Cues, Element, Fact};
use crate::entities::EntityKind;
use crate::understand::intent::Label;
use crate::understand::lexicon::WordId;

const CLASSES: &str = include_str!("../data/classes.txt");

/// Every file of cues, by name (for the errors of the test).
const FILES: &[(&str, &str)] = &[
    ("flows", include_str!("../data/cues/flows.txt")),
    ("questions", include_str!("../data/cues/questions.txt")),
    ("people", include_str!("../data/cues/people.txt")),
    ("services", include_str!("../data/cues/services.txt")),
    ("talk", include_str!("../data/cues/talk.txt")),
    ("spanish", include_str!("../data/cues/spanish.txt")),
];

/// Reads the data, giving every word an id in the vocabulary.
pub(crate) fn load(vocabulary: &mut HashMap<String, WordId>) -> Cues {
    let mut cues = Cues::default();
    load_classes(&mut cues, vocabulary);
    for (name, file) in FILES {
        let mut label = None;
        for line in file.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(section) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                label = Label::parse(section);
                if label.is_none() {
                    cues.bad.push(BadLine(format!("{name}: no intent {line}")));
                }
                continue;
            }
            let read = label
                .ok_or("a cue before its [intent]".to_owned())
                .and_then(|label| parse_cue(line, label, &cues.classes, vocabulary));
            match read {
                Ok(cue) => index(&mut cues, cue),
                Err(why) => cues.bad.push(BadLine(format!("{name}: {line}: {why}"))),
            }
        }
    }
    cues
}

fn load_classes(cues: &mut Cues, vocabulary: &mut HashMap<String, WordId>) {
    for line in CLASSES.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, words)) = line.split_once(':') else {
            cues.bad.push(BadLine(format!("classes: {line}: no colon")));
            continue;
        };
        let name = name.trim();
        let mut all = Vec::new();
        for word in words.split_whitespace() {
            match word.strip_prefix('@') {
                Some(other) => match cues.classes.get(other) {
                    Some(words) => all.extend_from_slice(words),
                    None => cues
                        .bad
                        .push(BadLine(format!("classes: {line}: no class {other}"))),
                },
                None => all.push(word),
            }
        }
        let ids = all.iter().map(|word| intern(word, vocabulary));
        cues.class_ids.entry(name).or_default().extend(ids);
        cues.classes.entry(name).or_default().extend(all);
    }
}

pub(super) fn intern(word: &str, vocabulary: &mut HashMap<String, WordId>) -> WordId {
    let next = WordId::try_from(vocabulary.len())
        .unwrap_or(WordId::MAX - 1)
        .saturating_add(1);
    *vocabulary.entry(word.to_owned()).or_insert(next)
}

fn index(cues: &mut Cues, cue: Cue) {
    let at = cues.all.len();
    match cue.elements.first() {
        Some((Element::OneOf(ids, kinds), _)) => {
            for id in ids {
                cues.by_word.entry(*id).or_default().push(at);
            }
            for kind in kinds {
                cues.by_entity.entry(*kind).or_default().push(at);
            }
        }
        Some(_) => cues.at_start.push(at),
        None => cues.unconditional.push(at),
    }
    cues.all.push(cue);
}

pub(super) fn parse_cue(
    line: &'static str,
    label: Label,
    classes: &HashMap<&'static str, Vec<&'static str>>,
    vocabulary: &mut HashMap<String, WordId>,
) -> Result<Cue, String> {
    let (weight, pattern) = line.split_once(char::is_whitespace).ok_or("no pattern")?;
    let weight: f32 = weight.parse().map_err(|_| "no weight")?;
    let pattern = pattern.trim();
    let mut conditions = Vec::new();
    let mut elements: Vec<(Element, bool)> = Vec::new();
    for part in pattern.split_whitespace() {
        if let Some((sign, fact)) = part
            .strip_prefix('+')
            .map(|fact| (true, fact))
            .or_else(|| part.strip_prefix('-').map(|fact| (false, fact)))
        {
            conditions.push((parse_fact(fact)?, sign));
            continue;
        }
        let (part, optional) = match part.strip_suffix('?') {
            Some(part) => (part, true),
            None => (part, false),
        };
        elements.push((parse_element(part, classes, vocabulary)?, optional));
    }
    if elements
        .first()
        .is_some_and(|(element, optional)| *optional || matches!(element, Element::Gap(_)))
    {
        return Err("the first element must stand".to_owned());
    }
    if elements.is_empty() && conditions.is_empty() {
        return Err("an empty pattern".to_owned());
    }
    Ok(Cue {
        label,
        weight,
        pattern,
        conditions,
        elements,
    })
}

fn parse_fact(name: &str) -> Result<Fact, String> {
    match name {
        "question" => Ok(Fact::Question),
        "domain" => Ok(Fact::Domain),
        "personal" => Ok(Fact::Personal),
        "entity" => Ok(Fact::Entity),
        "long" => Ok(Fact::Long),
        _ => Err(format!("no fact {name}")),
    }
}

fn parse_element(
    part: &str,
    classes: &HashMap<&'static str, Vec<&'static str>>,
    vocabulary: &mut HashMap<String, WordId>,
) -> Result<Element, String> {
    match part {
        "^" => return Ok(Element::Start),
        "$" => return Ok(Element::End),
        "*" => return Ok(Element::Gap(3)),
        "**" => return Ok(Element::Gap(8)),
        _ => {}
    }
    let (mut ids, mut kinds) = (Vec::new(), Vec::new());
    let mut in_entity = false;
    for alternative in part.split('|') {
        let opened = alternative.strip_prefix('<');
        in_entity |= opened.is_some();
        let name = opened.unwrap_or(alternative);
        if in_entity {
            let closed = name.strip_suffix('>');
            in_entity = closed.is_none();
            let name = closed.unwrap_or(name);
            kinds.push(EntityKind::parse(name).ok_or_else(|| format!("no entity {name}"))?);
        } else if let Some(class) = name.strip_prefix('@') {
            let words = classes
                .get(class)
                .ok_or_else(|| format!("no class {class}"))?;
            ids.extend(words.iter().map(|word| intern(word, vocabulary)));
        } else if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(format!("{name:?} can never be a word of a message"));
        } else {
            ids.push(intern(name, vocabulary));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Element::OneOf(ids, kinds))
}
