//! The engine: reads a text once, asks every detector, and lets the policy judge.

mod judge;
mod masking;
mod score;

use crate::decode;
use crate::features::Grams;
use crate::model::{self, Scored, Table};
use crate::pii::{Candidate, Pii, mask};
use crate::policy::{Policy, PolicyError};
use crate::rules::Says;
use crate::rules::words::Token;
use crate::text::{CodePoints, Span, Text};
use crate::verdict::{
    CheckRequest, Direction, PiiMatch, PiiScope, SafetyCategory, Severity, Technique, Verdict,
};

/// The policy that is built in; a bank's own files are read after these.
pub(crate) const BUILTIN: [(&str, &str); 5] = [
    (
        "settings.toml",
        include_str!("../../../policies/settings.toml"),
    ),
    ("safety.toml", include_str!("../../../policies/safety.toml")),
    (
        "injection.toml",
        include_str!("../../../policies/injection.toml"),
    ),
    (
        "handoff.toml",
        include_str!("../../../policies/handoff.toml"),
    ),
    ("topics.toml", include_str!("../../../policies/topics.toml")),
];

/// The weights of the classifiers; see the recipe beside the files.
const INJECTION: &[u8] = include_bytes!("../weights/injection.bin");
const DOCUMENT: &[u8] = include_bytes!("../weights/document.bin");
const SAFETY: [&[u8]; 3] = [
    include_bytes!("../weights/safety_1.bin"),
    include_bytes!("../weights/safety_2.bin"),
    include_bytes!("../weights/safety_3.bin"),
];

/// The safety categories that the classifiers tell apart, in the order of their heads.
const CATEGORIES: [SafetyCategory; model::SAFETY.len()] = [
    SafetyCategory::Violence,
    SafetyCategory::SelfHarm,
    SafetyCategory::Hate,
    SafetyCategory::Harassment,
    SafetyCategory::Sexual,
    SafetyCategory::Illegal,
    SafetyCategory::Profanity,
];

/// Compiled detectors and policy. Costs some milliseconds to make and nothing to share.
#[derive(Debug)]
pub struct Engine {
    pii: Pii,
    policy: Policy,
    /// Orders to a model that are said.
    injection: Table<1>,
    /// Orders to a model that stand in a document.
    document: Table<1>,
    safety: Table<{ model::SAFETY.len() }>,
}

/// A folded text to be read: the text itself, or what it hid.
struct View<'a> {
    folded: &'a str,
    tokens: &'a [Token],
    hidden_by: &'a [String],
}

/// What reading one text found, in bytes of the source.
#[derive(Default)]
struct Findings {
    violations: Vec<(SafetyCategory, Severity, f32, Span)>,
    injections: Vec<(Technique, f32, Span, Vec<String>)>,
    /// What the safety classifiers make of it.
    scores: Vec<(SafetyCategory, f32, Span)>,
    /// The highest odds, as a logarithm, of "unsafe in any way" that they give a view of the text.
    harm: Option<f32>,
    handoffs: Vec<(String, Span)>,
    topics: Vec<(String, Span)>,
}

impl Engine {
    /// The built-in detectors with the built-in policy.
    ///
    /// # Panics
    /// Never in a released build: the built-in policy is part of the program and a test reads it.
    #[expect(
        clippy::expect_used,
        reason = "the built-in policy is a constant that a test reads"
    )]
    pub fn builtin() -> Self {
        Self::from_policies(&[]).expect("the built-in policy is sound")
    }

    /// The built-in policy with a bank's files on top: settings and word lists replace, rules add up.
    ///
    /// # Errors
    /// The first thing wrong in a file, with its line.
    pub fn from_policies(files: &[(String, String)]) -> Result<Self, PolicyError> {
        let own = BUILTIN
            .iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()));
        let all: Vec<(String, String)> = own.chain(files.iter().cloned()).collect();
        let policy = Policy::read(&all)?;
        let built_in = |reason: String| PolicyError {
            file: "built in".to_owned(),
            line: 0,
            reason,
        };
        let pii = Pii::new().map_err(built_in)?;
        let unreadable = || built_in("the weights cannot be read".to_owned());
        Ok(Self {
            pii,
            policy,
            injection: Table::read(&[INJECTION]).ok_or_else(unreadable)?,
            document: Table::read(&[DOCUMENT]).ok_or_else(unreadable)?,
            safety: Table::read(&SAFETY).ok_or_else(unreadable)?,
        })
    }

    /// Checks a text.
    pub fn check(&self, text: &str, request: &CheckRequest<'_>) -> Verdict {
        let read = Text::new(text);
        let points = CodePoints::new(text);
        let mut verdict = Verdict {
            is_safe: true,
            ..Verdict::default()
        };
        if request.pii {
            self.personal(&read, &points, request.allow, &mut verdict);
        } else {
            text.clone_into(&mut verdict.masked_text);
        }
        let findings = self.rules(&read, request);
        if request.safety {
            verdict.safety_score = findings.safety_score();
        }
        verdict.injection_score = findings.injection_score();
        self.judge(findings, &points, request, &mut verdict);
        verdict
    }

    /// Personal values of a text in the scope asked for, whatever the policy's own scope is.
    pub fn personal_data(&self, text: &str, scope: PiiScope) -> Vec<PiiMatch> {
        let read = Text::new(text);
        let points = CodePoints::new(text);
        self.pii
            .find(&read.clean.text, scope)
            .into_iter()
            .map(|c| {
                let span = read.clean.to_source(text, c.span);
                self.pii_match(text, &points, c, span)
            })
            .collect()
    }

    /// The highest injection score in a text, whatever the thresholds say.
    pub fn injection_score(&self, text: &str, direction: Direction) -> f32 {
        let request = CheckRequest {
            safety: false,
            pii: false,
            ..CheckRequest::all(direction)
        };
        self.rules(&Text::new(text), &request).injection_score()
    }

    /// The highest safety score in a text, whatever the thresholds say.
    pub fn safety_score(&self, text: &str) -> f32 {
        let request = CheckRequest {
            injection: false,
            pii: false,
            ..CheckRequest::default()
        };
        self.rules(&Text::new(text), &request).safety_score()
    }

    fn pii_match(&self, text: &str, points: &CodePoints<'_>, c: Candidate, span: Span) -> PiiMatch {
        let value = text.get(span.start..span.end).unwrap_or_default();
        PiiMatch {
            pii_type: c.kind,
            confidence: c.confidence,
            start: points.at(span.start),
            end: points.at(span.end),
            masked_value: mask::mask(c.kind, value, self.policy.settings.mask),
        }
    }

    fn personal(
        &self,
        read: &Text<'_>,
        points: &CodePoints<'_>,
        allow: &[String],
        verdict: &mut Verdict,
    ) {
        let masked = self.masked(read, allow);
        let found = masked.found.into_iter();
        verdict.pii_matches = found
            .map(|c| self.pii_match(read.source, points, c, c.span))
            .collect();
        verdict.has_pii = !verdict.pii_matches.is_empty();
        verdict.masked_text = masked.text;
    }

    /// Reads the text and every view of it.
    fn rules(&self, read: &Text<'_>, request: &CheckRequest<'_>) -> Findings {
        let mut findings = Findings::default();
        if !request.safety && !request.injection {
            return findings;
        }
        let rules = &self.policy.rules;
        let tokens = rules.read(&read.folded.text);
        let base = View {
            folded: &read.folded.text,
            tokens: &tokens,
            hidden_by: &[],
        };
        self.read_view(
            &base,
            &|s| read.folded.to_source(read.source, s),
            request,
            &mut findings,
        );
        let common = |folded: &str| {
            let tokens = rules.read(folded);
            let common = rules.common(&tokens);
            (tokens, common)
        };
        for view in decode::views(read, (&tokens, rules.common(&tokens)), &common) {
            let text = Text::new(&view.text);
            let tokens = rules.read(&text.folded.text);
            let inner = View {
                folded: &text.folded.text,
                tokens: &tokens,
                hidden_by: &view.by,
            };
            self.read_view(&inner, &|_| view.span, request, &mut findings);
        }
        findings
    }

    /// Applies rules and classifiers to one folded text.
    fn read_view(
        &self,
        view: &View<'_>,
        place: &dyn Fn(Span) -> Span,
        request: &CheckRequest<'_>,
        findings: &mut Findings,
    ) {
        let hits = self.policy.rules.find(view.folded, view.tokens);
        let grams = Grams::of(view.folded);
        let orders = match request.direction {
            Direction::Document => &self.document,
            Direction::Input | Direction::Output => &self.injection,
        };
        let scored = request.injection.then(|| {
            let [scored] = orders.score(&grams);
            scored
        });
        let harms = request.safety.then(|| self.safety.score(&grams));
        for hit in hits {
            let Some(rule) = self.policy.rules.rules.get(hit.rule) else {
                continue;
            };
            let agreed = || {
                let least = self.policy.settings.agreement;
                if let Says::Safety(..) = rule.says {
                    let harms = harms.iter().flatten();
                    return harms.fold(0.0, |most, s| s.probability.max(most)) >= least;
                }
                scored.is_some_and(|s| s.probability >= least) || {
                    let [around] = orders.around(&grams, hit.start, hit.end);
                    around >= least
                }
            };
            if !rule.agreed || agreed() {
                let span = place(Span::new(hit.start, hit.end));
                self.note(hit.rule, span, request, view.hidden_by, findings);
            }
        }
        if spelled_apart(view) {
            return;
        }
        let place = |scored: &Scored| place(Span::new(scored.start, scored.end));
        if let Some(scored) = scored {
            findings.injections.push((
                Technique::Classifier,
                scored.probability,
                place(&scored),
                view.hidden_by.to_vec(),
            ));
        }
        if let Some(odds) = harms.as_ref().and_then(|h| score::harm(h)) {
            findings.harm = Some(findings.harm.map_or(odds, |most| most.max(odds)));
        }
        for (scored, category) in harms.iter().flatten().zip(CATEGORIES) {
            let found = (category, scored.probability, place(scored));
            findings.scores.push(found);
        }
    }

    fn note(
        &self,
        rule: usize,
        span: Span,
        request: &CheckRequest<'_>,
        hidden: &[String],
        findings: &mut Findings,
    ) {
        let Some(rule) = self.policy.rules.rules.get(rule) else {
            return;
        };
        let document = request.direction == Direction::Document;
        if (rule.documents_only && !document) || (rule.messages_only && document) {
            return;
        }
        match &rule.says {
            Says::Safety(category, severity) if request.safety => {
                findings
                    .violations
                    .push((*category, *severity, rule.score, span));
            }
            Says::Injection(technique) if request.injection => {
                findings
                    .injections
                    .push((*technique, rule.score, span, hidden.to_vec()));
            }
            Says::Handoff if request.safety => findings.handoffs.push((rule.id.clone(), span)),
            Says::Topic if request.safety => findings.topics.push((rule.id.clone(), span)),
            _ => {}
        }
    }
}

/// Mostly single letters: the classifiers know words, and the joined view is read as well.
fn spelled_apart(view: &View<'_>) -> bool {
    let single = view.tokens.iter().filter(|t| t.end - t.start == 1).count();
    single >= 8 && single * 2 > view.tokens.len()
}

/// Letters and digits of a value, so that grouping does not matter.
fn key(value: &str) -> String {
    value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;
