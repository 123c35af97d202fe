//! From what reading a text found to the verdict: thresholds, severities, what blocks.

use super::{CodePoints, Engine, Findings};
use crate::second::DecidedBy;
use crate::verdict::{
    CheckRequest, Direction, Handoff, InjectionMatch, SafetyCategory, Severity, Technique,
    TopicMatch, Verdict, Violation,
};

/// Fewer words than this give a classifier too little to go by: "no", "John", "I am locked out", "What are your
/// fees?", the heading of an article. On its own it stops none of them, however sure it is; rules do.
const FEW_WORDS: usize = 9;

/// What somebody hid needs less of a score, this share of the threshold: undoing a disguise garbles
/// some words.
const HIDDEN: f32 = 0.8;

/// Whether a text has fewer words than this.
fn fewer(verdict: &Verdict, words: usize) -> bool {
    verdict
        .masked_text
        .split_whitespace()
        .nth(words - 1)
        .is_none()
}

/// How severe the safety classifiers' finding is on its own: noted, or enough to stop what a
/// customer says. What the bank has written is stopped by the rules alone.
fn learned_severity(direction: Direction, verdict: &Verdict) -> Severity {
    if direction == Direction::Input && !fewer(verdict, FEW_WORDS) {
        Severity::Medium
    } else {
        Severity::Low
    }
}

impl Engine {
    pub(super) fn judge(
        &self,
        findings: Findings,
        points: &CodePoints<'_>,
        request: &CheckRequest<'_>,
        verdict: &mut Verdict,
    ) {
        let settings = &self.policy.settings;
        let learned_severity = learned_severity(request.direction, verdict);
        let mut by_rule = findings
            .violations
            .iter()
            .any(|v| v.1 >= settings.unsafe_from);
        let learned = findings
            .scores
            .into_iter()
            .filter(|s| s.1 >= settings.safety)
            .map(|(category, score, span)| {
                // Coarse talk on its own is a customer in a temper.
                let severity = match category {
                    SafetyCategory::Profanity => Severity::Low,
                    _ => learned_severity,
                };
                (category, severity, score, span)
            });
        for (category, severity, score, span) in findings.violations.into_iter().chain(learned) {
            let (start, end) = (points.at(span.start), points.at(span.end));
            let known = verdict
                .safety_violations
                .iter_mut()
                .find(|v| v.category == category && v.start < end && start < v.end);
            if let Some(v) = known {
                v.severity = v.severity.max(severity);
                v.score = v.score.max(score);
                (v.start, v.end) = (v.start.min(start), v.end.max(end));
            } else {
                verdict.safety_violations.push(Violation {
                    category,
                    severity,
                    score,
                    start,
                    end,
                });
            }
        }
        verdict.is_safe = verdict
            .safety_violations
            .iter()
            .all(|v| v.severity < settings.unsafe_from);
        let threshold = match request.direction {
            // What the bank itself is about to say is held to the rules alone.
            Direction::Output => f32::INFINITY,
            Direction::Input | Direction::Document if fewer(verdict, FEW_WORDS) => f32::INFINITY,
            Direction::Document => settings.injection_in_documents,
            Direction::Input => settings.injection,
        };
        let hidden_threshold = HIDDEN
            * match request.direction {
                Direction::Document => settings.injection_in_documents,
                Direction::Input | Direction::Output => settings.injection,
            };
        for (technique, score, span, hidden_by) in findings.injections {
            let from = if hidden_by.is_empty() {
                threshold
            } else {
                hidden_threshold
            };
            if technique == Technique::Classifier && score < from {
                continue;
            }
            by_rule |= technique != Technique::Classifier;
            let (start, end) = (points.at(span.start), points.at(span.end));
            verdict.injections.push(InjectionMatch {
                technique,
                score,
                start,
                end,
                hidden_by,
            });
        }
        verdict.is_injection = !verdict.injections.is_empty();
        verdict.blocked = !verdict.is_safe || verdict.is_injection;
        if by_rule {
            verdict.decided_by = DecidedBy::Rules;
        }
        verdict.handoff = findings
            .handoffs
            .into_iter()
            .next()
            .map(|(reason, span)| Handoff {
                reason,
                start: points.at(span.start),
                end: points.at(span.end),
            });
        verdict.topics = findings
            .topics
            .into_iter()
            .map(|(topic, span)| TopicMatch {
                topic,
                start: points.at(span.start),
                end: points.at(span.end),
            })
            .collect();
    }
}
