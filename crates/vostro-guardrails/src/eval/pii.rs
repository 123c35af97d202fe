//! Personal data against annotated spans: strict F1 by type, and false alarms on banking questions.

use super::{Data, Report, first_column, labelled, ratio, share};
use crate::{CheckRequest, Engine, PiiKind, PiiScope};
use std::collections::BTreeMap;

/// How annotation types map to ours; the eleven types of the published table.
fn gold_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "EMAIL_ADDRESS" => "email",
        "PHONE_NUMBER" => "phone",
        "CREDIT_CARD" => "card",
        "US_SSN" => "ssn",
        "IBAN_CODE" => "iban",
        "IP_ADDRESS" => "ip",
        "DOMAIN_NAME" | "URL" => "url",
        "PERSON" => "person",
        "STREET_ADDRESS" | "GPE" | "LOCATION" => "place",
        "ORGANIZATION" => "organisation",
        "DATE_TIME" => "date",
        _ => return None,
    })
}

fn our_type(kind: PiiKind) -> Option<&'static str> {
    Some(match kind {
        PiiKind::Email => "email",
        PiiKind::Phone => "phone",
        PiiKind::CreditCard => "card",
        PiiKind::Ssn => "ssn",
        PiiKind::Iban => "iban",
        PiiKind::IpAddress => "ip",
        PiiKind::Url => "url",
        PiiKind::Person => "person",
        PiiKind::Address | PiiKind::Location => "place",
        PiiKind::Organization => "organisation",
        PiiKind::DateTime | PiiKind::DateOfBirth => "date",
        _ => return None,
    })
}

const CORE: [&str; 5] = ["email", "phone", "card", "ssn", "iban"];

#[derive(Clone, Copy, Default)]
struct Count {
    hit: usize,
    wrong: usize,
    missed: usize,
    /// Sum of the confidences of what was found.
    sure: f64,
}

impl Count {
    fn f1(self) -> Option<f64> {
        share(2 * self.hit, 2 * self.hit + self.wrong + self.missed)
    }
}

pub(super) fn measure(engine: &Engine, data: &Data, report: &mut Report) {
    if let Some(lines) = &data.pii {
        spans(engine, lines, report);
    } else {
        report.add("PII core5 strict F1", None, "≥ .93", "data missing");
    }
    let Some(csv) = &data.banking else {
        return report.add(
            "\"PII\" in banking questions",
            None,
            "≤ .01",
            "data missing",
        );
    };
    let texts = first_column(csv);
    let found = texts
        .iter()
        .filter(|t| engine.check(t, &CheckRequest::default()).has_pii)
        .count();
    report.add(
        "\"PII\" in banking questions",
        share(found, texts.len()),
        "≤ .01",
        format!("{} questions", texts.len()),
    );
}

fn spans(engine: &Engine, lines: &str, report: &mut Report) {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let rows = labelled(lines);
    for (text, value) in &rows {
        let mut gold: Vec<(&str, usize, usize)> = value
            .get("spans")
            .and_then(|s| s.as_array())
            .into_iter()
            .flatten()
            .filter_map(|s| {
                let at = |k: &str| s.get(k)?.as_u64().and_then(|n| usize::try_from(n).ok());
                Some((
                    gold_type(s.get("type")?.as_str()?)?,
                    at("start")?,
                    at("end")?,
                ))
            })
            .collect();
        for found in engine.personal_data(text, PiiScope::Wide) {
            let Some(kind) = our_type(found.pii_type) else {
                continue;
            };
            let mine = (kind, found.start, found.end);
            let count = counts.entry(kind).or_default();
            count.sure += f64::from(found.confidence);
            if let Some(i) = gold.iter().position(|g| *g == mine) {
                gold.swap_remove(i);
                count.hit += 1;
            } else {
                count.wrong += 1;
            }
        }
        for (kind, ..) in gold {
            counts.entry(kind).or_default().missed += 1;
        }
    }
    let sum = |kinds: &mut dyn Iterator<Item = &Count>| {
        kinds.fold(Count::default(), |a, c| Count {
            hit: a.hit + c.hit,
            wrong: a.wrong + c.wrong,
            missed: a.missed + c.missed,
            sure: a.sure + c.sure,
        })
    };
    let note = format!("{} texts, development part", rows.len());
    let core = sum(&mut counts
        .iter()
        .filter(|(k, _)| CORE.contains(k))
        .map(|(_, c)| c));
    report.add("PII core5 strict F1", core.f1(), "≥ .93", note.clone());
    report.add(
        "PII over 11 types, strict F1",
        sum(&mut counts.values()).f1(),
        "≥ .55",
        note,
    );
    for (kind, c) in &counts {
        let of = |n: usize| if n == 0 { 0.0 } else { ratio(c.hit, n) };
        let note = format!(
            "precision {:.3}, recall {:.3}, {} values; mean confidence {:.3}",
            of(c.hit + c.wrong),
            of(c.hit + c.missed),
            c.hit + c.missed,
            c.sure * ratio(1, (c.hit + c.wrong).max(1))
        );
        report.add(format!("… {kind}"), c.f1(), "", note);
    }
}
