//! Masking that masking again does not change.
//!
//! A mask may bring a number closer to the word that names it, or stand where half of another value stood. So the
//! masked text itself is read again as any text would be, until nothing is found in it; what is found then is masked
//! in the text as sent, together with every value whose mask it takes in. When that has not ended after some rounds,
//! all from the first value that is left is one value, and then the whole text is.

use super::{Engine, key};
use crate::pii::{Candidate, mask};
use crate::text::{Span, Text};

/// How often masked text is looked through before what is left is masked as one.
const ROUNDS: usize = 6;

/// A text with masks, and what they stand for, in bytes of the text as sent.
pub(super) struct Masked {
    pub text: String,
    pub found: Vec<Candidate>,
}

/// A stretch of a masked text: where it is, where it was, and whether it is a mask.
struct Part {
    now: Span,
    was: Span,
    mask: bool,
}

impl Engine {
    /// The personal values of a text but for those allowed, and the text with their masks.
    pub(super) fn masked(&self, read: &Text<'_>, allow: &[String]) -> Masked {
        let allowed: Vec<String> = allow.iter().map(|v| key(v)).collect();
        let allowed: Vec<String> = allowed.into_iter().filter(|k| !k.is_empty()).collect();
        let whole = Span::new(0, read.source.len());
        let mut found = self.left(read, &allowed);
        let mut round = 0;
        loop {
            let (text, parts) = self.with_masks(read.source, &found);
            if found.is_empty() || round > ROUNDS + 1 {
                return Masked { text, found };
            }
            let more = self.left(&Text::new(&text), &allowed);
            let Some(first) = more.first() else {
                return Masked { text, found };
            };
            let rest = Span::new(back(&parts, first.span).start, whole.end);
            let mut more: Vec<Candidate> = match round {
                0..ROUNDS => more.iter().map(|c| placed(c, &parts)).collect(),
                ROUNDS => vec![at(first, rest)],
                _ => vec![at(first, whole)],
            };
            more.append(&mut found);
            found = joined(more);
            round += 1;
        }
    }

    /// What is to be masked in a text, in bytes of it.
    fn left(&self, read: &Text<'_>, allowed: &[String]) -> Vec<Candidate> {
        let settings = &self.policy.settings;
        let value = |span: Span| read.source.get(span.start..span.end).unwrap_or_default();
        self.pii
            .find(&read.clean.text, settings.pii)
            .into_iter()
            .map(|c| at(&c, read.clean.to_source(read.source, c.span)))
            .filter(|c| allowed.is_empty() || !allowed.contains(&key(value(c.span))))
            .filter(|c| mask::mask(c.kind, value(c.span), settings.mask) != value(c.span))
            .collect()
    }

    fn with_masks(&self, source: &str, found: &[Candidate]) -> (String, Vec<Part>) {
        let (mut out, mut parts) = (String::with_capacity(source.len()), Vec::new());
        let mut put = |out: &mut String, text: &str, was: Span, mask: bool| {
            let now = Span::new(out.len(), out.len() + text.len());
            out.push_str(text);
            parts.push(Part { now, was, mask });
        };
        let mut copied = 0;
        let get = |span: Span| source.get(span.start..span.end).unwrap_or_default();
        for c in found {
            let before = Span::new(copied, c.span.start);
            put(&mut out, get(before), before, false);
            let mask = mask::mask(c.kind, get(c.span), self.policy.settings.mask);
            put(&mut out, &mask, c.span, true);
            copied = c.span.end;
        }
        let rest = Span::new(copied, source.len());
        put(&mut out, get(rest), rest, false);
        (out, parts)
    }
}

fn at(candidate: &Candidate, span: Span) -> Candidate {
    Candidate { span, ..*candidate }
}

fn placed(candidate: &Candidate, parts: &[Part]) -> Candidate {
    at(candidate, back(parts, candidate.span))
}

/// A range of the masked text in the text as sent, with all of a value whose mask it touches.
fn back(parts: &[Part], span: Span) -> Span {
    let part = |byte: usize| {
        let after = parts.partition_point(|p| p.now.end <= byte);
        parts.get(after)
    };
    let start = part(span.start).map_or(0, |p| {
        let into = if p.mask { 0 } else { span.start - p.now.start };
        p.was.start + into
    });
    let end = part(span.end.saturating_sub(1)).map_or(start, |p| {
        let short = if p.mask { 0 } else { p.now.end - span.end };
        p.was.end - short
    });
    Span::new(start, end)
}

/// In order, those that overlap as one, of the kind of the longest, or of the first as long.
fn joined(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|c| c.span);
    let mut joined: Vec<(Candidate, usize)> = Vec::with_capacity(candidates.len());
    for next in candidates {
        let length = next.span.end - next.span.start;
        match joined.last_mut() {
            Some((last, longest)) if next.span.start < last.span.end => {
                let end = last.span.end.max(next.span.end);
                let span = Span::new(last.span.start, end);
                if length > *longest {
                    *last = next;
                    *longest = length;
                }
                last.span = span;
            }
            _ => joined.push((next, length)),
        }
    }
    joined.into_iter().map(|(candidate, _)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::PiiKind;

    #[test]
    fn ranges_lead_back_and_take_in_masks() {
        let part = |now, was, mask| {
            let span = |(a, b)| Span::new(a, b);
            Part {
                now: span(now),
                was: span(was),
                mask,
            }
        };
        let parts = [
            part((0, 2), (0, 2), false),
            part((2, 5), (2, 20), true),
            part((5, 9), (20, 24), false),
        ];
        for (now, was) in [
            ((0, 1), (0, 1)),
            ((1, 3), (1, 20)),
            ((3, 4), (2, 20)),
            ((4, 6), (2, 21)),
            ((6, 9), (21, 24)),
        ] {
            assert_eq!(
                back(&parts, Span::new(now.0, now.1)),
                Span::new(was.0, was.1)
            );
        }
    }

    #[test]
    fn overlapping_values_are_one() {
        let found = |kind, start, end| Candidate {
            kind,
            span: Span::new(start, end),
            confidence: 1.0,
        };
        let one = joined(vec![
            found(PiiKind::Pin, 5, 9),
            found(PiiKind::Email, 0, 3),
            found(PiiKind::Phone, 8, 20),
            found(PiiKind::Url, 20, 21),
        ]);
        let of = |c: &Candidate| (c.kind, c.span.start, c.span.end);
        let expected = [
            (PiiKind::Email, 0, 3),
            (PiiKind::Phone, 5, 20),
            (PiiKind::Url, 20, 21),
        ];
        assert_eq!(one.iter().map(of).collect::<Vec<_>>(), expected);
    }
}
