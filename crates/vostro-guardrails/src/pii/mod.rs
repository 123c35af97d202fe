//! Personal data: candidates from every detector, then one choice among those that overlap.
//!
//! Detectors only propose; none knows of another. The choice is by confidence, then length. What
//! the caller allows is dropped last, so an allowed account number is not read as something else.

mod cards;
mod checks;
mod codes;
mod contact;
mod cues;
mod dates;
pub(crate) mod mask;
mod names;
mod numbers;
mod phones;
mod places;
mod proper;
mod secrets;
mod spelled;
mod streets;

use crate::lexicon::Lexicon;
use crate::text::Span;
use crate::verdict::{PiiKind, PiiScope};
use cues::{Cues, Found};
use std::collections::BTreeMap;

pub use mask::MaskStyle;

/// A possible personal value in the clean text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub kind: PiiKind,
    pub span: Span,
    pub confidence: f32,
}

/// What the detectors propose.
#[derive(Debug, Default)]
pub(crate) struct Candidates(Vec<Candidate>);

impl Candidates {
    /// A web address with credentials: kept in either scope.
    fn push_secret_url(&mut self, span: Span) {
        self.0.push(Candidate {
            kind: PiiKind::Url,
            span,
            confidence: SECRET_URL,
        });
    }
}

/// Ordinary words, given names and places; see the recipe beside the file.
const LEXICON: &[u8] = include_bytes!("../../weights/lexicon.bin");

/// The confidence that marks a web address with credentials.
const SECRET_URL: f32 = 0.995;

/// The compiled detectors.
#[derive(Debug)]
pub(crate) struct Pii {
    cues: Cues,
    lexicon: Lexicon,
}

impl Pii {
    pub(crate) fn new() -> Result<Self, String> {
        let lexicon = Lexicon::read(LEXICON).ok_or("the lexicon cannot be read")?;
        Ok(Self {
            cues: Cues::new().map_err(|e| e.to_string())?,
            lexicon,
        })
    }

    /// Personal values of a clean text, in order, never overlapping.
    pub(crate) fn find(&self, clean: &str, scope: PiiScope) -> Vec<Candidate> {
        let cues = self.cues.find(clean);
        let mut out = Candidates::default();
        contact::scan(clean, &cues, &mut out);
        numeric(clean, &cues, &mut out);
        codes::scan(clean, &cues, &mut out);
        secrets::scan(clean, &cues, &mut out);
        let words = words(clean);
        dates::scan_words(&words, &cues, &mut out);
        names::scan(&words, &self.lexicon, &mut out);
        places::scan(&words, &mut out);
        streets::scan(&words, &mut out);
        proper::scan(clean, &words, &self.lexicon, &mut out);
        self.spelled(clean, &mut out);
        let wanted = |c: &Candidate| match c.kind {
            _ if scope == PiiScope::Wide => true,
            PiiKind::Url => c.confidence >= SECRET_URL,
            PiiKind::Person => c.confidence >= proper::SURE,
            kind => !kind.wide_only(),
        };
        choose(out.0).into_iter().filter(wanted).collect()
    }

    fn spelled(&self, clean: &str, out: &mut Candidates) {
        let Some(shadow) = spelled::shadow(clean) else {
            return;
        };
        let cues: Found = self.cues.find(&shadow.text);
        let mut found = Candidates::default();
        numeric(&shadow.text, &cues, &mut found);
        for candidate in found.0 {
            if !shadow.replaced.iter().any(|r| r.overlaps(candidate.span)) {
                continue;
            }
            if let Some(span) = shadow.to_clean(candidate.span) {
                out.push(candidate.kind, span, candidate.confidence);
            }
        }
    }
}

fn numeric(text: &str, cues: &Found, out: &mut Candidates) {
    let bytes = text.as_bytes();
    for run in numbers::runs(bytes) {
        cards::scan(bytes, &run, cues, out);
        phones::scan(bytes, &run, cues, out);
        dates::scan_run(bytes, &run, cues, out);
    }
}

/// The words of a text between white space, and where they start.
fn words(text: &str) -> Vec<(usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split_whitespace()
        .map(|w| (w.as_ptr() as usize - base, w))
        .collect()
}

/// Keeps the most confident of overlapping candidates, the longer of equally confident ones.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        let length = |c: &Candidate| c.span.end - c.span.start;
        b.confidence
            .total_cmp(&a.confidence)
            .then(length(b).cmp(&length(a)))
            .then(a.span.cmp(&b.span))
    });
    let mut kept: BTreeMap<usize, Candidate> = BTreeMap::new();
    for candidate in candidates {
        let before = kept.range(..candidate.span.end).next_back();
        let free = before.is_none_or(|(_, k)| !k.span.overlaps(candidate.span));
        if free && candidate.span.start < candidate.span.end {
            kept.insert(candidate.span.start, candidate);
        }
    }
    kept.into_values().collect()
}

/// Checksums for the measuring module.
#[cfg(feature = "eval")]
mod measuring {
    use super::checks;

    pub(crate) fn luhn(digits: &str) -> bool {
        checks::luhn(digits.as_bytes())
    }

    pub(crate) fn routing(digits: &str) -> bool {
        checks::routing(digits.as_bytes())
    }

    pub(crate) fn iban(compact: &str) -> bool {
        checks::iban(compact.as_bytes())
    }
}
#[cfg(feature = "eval")]
pub(crate) use measuring::{iban, luhn, routing};
