//! A long message that is foreign as a whole may hold a wish in one of its parts: "my ex took me to court, and they want
//! what I paid at West Marine in 2023, dig those up".

use super::classifier::{Classifier, Sighting};
use super::clause::Clause;
use super::intent::{Intent, Label};
use super::text::{Kind, Text};
use crate::entities::Mention;

/// A shorter message has no parts.
const LEAST_WORDS: usize = 9;
/// A part has so many words.
const LEAST_OF_A_PART: usize = 3;
/// At most so many parts are looked at.
const MOST_PARTS: usize = 16;
/// A part's wish counts from this score on, its cues and its words together.
const ENOUGH: f32 = 5.0;
/// The words alone must be so likely of it.
const LIKELY: f32 = 0.5;

const JOINTS: &[&str] = &[
    "and", "but", "so", "then", "because", "cause", "cuz", "y", "pero", "porque", "asi", "now",
    "just", "please",
];

/// The part with the likeliest wish to do or to see something, as if it were all that was said.
pub(super) fn part_with_a_wish(text: &Text, mentions: &[Mention]) -> Option<(Clause, Sighting)> {
    let words = |from: usize, until: usize| {
        let own = text.tokens.get(from..until).unwrap_or_default();
        own.iter().filter(|token| token.kind == Kind::Word).count()
    };
    let all = text.tokens.len();
    if words(0, all) < LEAST_WORDS {
        return None;
    }
    let inside = |at: usize| mentions.iter().any(|it| it.from < at && at < it.until);
    let cuts = text.tokens.iter().enumerate().filter(|(at, token)| {
        let joins = token.ends_clause()
            || [',', ':', ';', '-']
                .into_iter()
                .any(|sign| token.is_symbol(sign))
            || token.is_any(JOINTS);
        joins && !inside(*at)
    });
    let mut cuts: Vec<usize> = cuts.map(|(at, _)| at + 1).collect();
    cuts.insert(0, 0);
    cuts.push(all);
    let next = cuts.windows(2).filter_map(|pair| match pair {
        [from, until] => Some((*from, *until)),
        _ => None,
    });
    let rest = cuts.iter().skip(1).map(|from| (*from, all));
    let classifier = Classifier::get();
    let mut best: Option<(f32, Clause, Sighting)> = None;
    let parts = next
        .chain(rest)
        .filter(|(from, until)| words(*from, *until) >= LEAST_OF_A_PART);
    for (from, until) in parts.take(MOST_PARTS) {
        let Some(said) = text.tokens.get(from..until) else {
            continue;
        };
        let said: Vec<&str> = said.iter().map(|token| token.text.as_str()).collect();
        let sighting = classifier.sighting(&classifier.by_words(&said.join(" ")));
        let mut clause = Clause::read(text, mentions, from, until);
        sighting.weigh(&mut clause, false);
        let Some(decision) = clause.decision() else {
            continue;
        };
        let share = sighting.share(Label::Intent(decision.intent));
        let wish = matches!(decision.intent, Intent::Flow(_))
            && decision.score >= ENOUGH
            && share >= LIKELY;
        let better = best
            .as_ref()
            .is_none_or(|(score, ..)| decision.score > *score);
        if wish && better {
            best = Some((decision.score, clause, sighting));
        }
    }
    best.map(|(_, clause, sighting)| (clause, sighting))
}
