//! A message, or a part of it, as the cues see it, and how a message with two wishes is parted.
//!
//! A message is first scored whole. Only when it is about doing things is it parted at "and", "then",
//! "also" and sentence ends, and only where each part has a wish of its own: "pay water and power" stays
//! one, "what's my balance and my last 3 transactions" becomes two.

use super::cues::{Cue, Facts, Item, combined};
use super::intent::{Decision, Intent, Label, Scores};
use super::lexicon::{Lexicon, UNKNOWN};
use super::text::{Kind, Text, Token};
use crate::entities::{EntityKind, Mention};

/// An intent counts from this score on.
pub const ENOUGH: f32 = 2.0;
/// A part of a message is a wish of its own from this score on.
const ENOUGH_ALONE: f32 = 2.5;
/// A message is parted into at most so many pieces.
const MOST_PARTS: usize = 8;

/// A stretch of a message with its scores.
#[derive(Debug, Clone)]
pub struct Clause {
    /// First token.
    pub from: usize,
    /// The token after the last.
    pub until: usize,
    /// What the tiers found.
    pub scores: Scores,
    /// The patterns that matched, for traces.
    pub patterns: Vec<(Label, f32, &'static str)>,
    /// Facts about it.
    pub facts: Facts,
}

impl Clause {
    /// Scores a stretch.
    pub fn read(text: &Text, mentions: &[Mention], from: usize, until: usize) -> Self {
        let lexicon = Lexicon::get();
        let items = items(text, mentions, from, until);
        let facts = facts(text, &items, from, until, lexicon);
        let mut scores = Scores::default();
        let matching = lexicon.cues().matching(&items, facts);
        let mut weights: Vec<(Label, Vec<f32>)> = Vec::new();
        for cue in &matching {
            match weights.iter_mut().find(|(label, _)| *label == cue.label) {
                Some((_, known)) => known.push(cue.weight),
                None => weights.push((cue.label, vec![cue.weight])),
            }
        }
        for (label, mut weights) in weights {
            scores.add(label, combined(&mut weights));
        }
        Self {
            from,
            until,
            scores,
            patterns: matching
                .iter()
                .map(|cue: &&Cue| (cue.label, cue.weight, cue.pattern))
                .collect(),
            facts,
        }
    }

    /// The intent, when one scores enough.
    pub fn decision(&self) -> Option<Decision> {
        self.scores
            .best()
            .filter(|decision| decision.score >= ENOUGH)
    }

    /// Whether a cue spoke for a label.
    pub fn has(&self, label: Label) -> bool {
        self.scores.of(label) > 0.0
    }
}

/// Words and entities in a row; punctuation is left out.
fn items(text: &Text, mentions: &[Mention], from: usize, until: usize) -> Vec<Item> {
    let mut items = Vec::with_capacity(until.saturating_sub(from));
    let mut at = from;
    while at < until {
        if let Some(mention) = mentions.iter().find(|mention| mention.from == at) {
            items.push(Item::Entity(mention.value.kind()));
            at = mention.until.max(at + 1);
            continue;
        }
        if let Some(token) = text.tokens.get(at) {
            let filler = Lexicon::get().cues().in_class("noise", token.id);
            if token.kind == Kind::Word && token.text != "'s" && !filler {
                items.push(Item::Word(token.id));
            } else if token.kind == Kind::Number {
                items.push(Item::Word(UNKNOWN));
            }
        }
        at += 1;
    }
    items
}

fn facts(text: &Text, items: &[Item], from: usize, until: usize, lexicon: &Lexicon) -> Facts {
    let class = |name: &str| {
        items
            .iter()
            .any(|item| matches!(item, Item::Word(id) if lexicon.cues().in_class(name, *id)))
    };
    let begins =
        matches!(items.first(), Some(Item::Word(id)) if lexicon.cues().in_class("asking", *id));
    let mark = text
        .tokens
        .iter()
        .take(until + 1)
        .skip(from)
        .any(|token| token.is_symbol('?'));
    Facts {
        question: begins || mark,
        domain: class("bank")
            || items
                .iter()
                .any(|item| matches!(item, Item::Entity(EntityKind::Account | EntityKind::Biller)))
            || money_for_somebody(items),
        personal: class("personal"),
        entity: items.iter().any(|item| matches!(item, Item::Entity(_))),
        long: items.len() >= 4,
        sentence: items.len() >= 3
            && items
                .iter()
                .any(|item| !matches!(item, Item::Word(UNKNOWN))),
    }
}

/// A payee or an account's number beside an amount.
fn money_for_somebody(items: &[Item]) -> bool {
    let has = |kinds: &[EntityKind]| {
        let entity = |item: &Item| matches!(item, Item::Entity(kind) if kinds.contains(kind));
        items.iter().any(entity)
    };
    has(&[EntityKind::Payee, EntityKind::Number]) && has(&[EntityKind::Amount, EntityKind::Bare])
}

/// The parts of a message that each have a wish of their own; one part when there is only one wish.
pub fn wishes(text: &Text, mentions: &[Mention]) -> Vec<Clause> {
    let mut parts: Vec<Clause> = Vec::new();
    for (from, until) in pieces(text, mentions) {
        let clause = Clause::read(text, mentions, from, until);
        let wish = clause
            .decision()
            .is_some_and(|d| d.score >= ENOUGH_ALONE && matches!(d.intent, Intent::Flow(_)));
        // "Send John 40 and Anna 30": the verb is said once.
        let elliptic = |last: &Clause| {
            orders_one(mentions, (last.from, last.until)) && orders_one(mentions, (from, until))
        };
        match parts.last_mut() {
            Some(last) if !(wish || elliptic(last)) || !is_wish(last) => {
                *last = Clause::read(text, mentions, last.from, until);
            }
            _ => parts.push(clause),
        }
    }
    parts
}

/// Whether words stand in a row somewhere.
pub fn says(tokens: &[Token], words: &[&str]) -> bool {
    let mut windows = tokens.windows(words.len());
    windows.any(|window| {
        let mut pairs = window.iter().zip(words);
        pairs.all(|(token, word)| token.is_any(&[word]))
    })
}

/// Whether one payee and one amount stand in a stretch.
pub fn orders_one(mentions: &[Mention], (from, until): (usize, usize)) -> bool {
    let count = |kinds: &[EntityKind]| {
        let own = mentions
            .iter()
            .filter(|it| it.from >= from && it.until <= until);
        own.filter(|it| kinds.contains(&it.value.kind())).count()
    };
    count(&[EntityKind::Payee]) == 1 && count(&[EntityKind::Amount, EntityKind::Bare]) == 1
}

fn is_wish(clause: &Clause) -> bool {
    clause
        .decision()
        .is_some_and(|d| d.score >= ENOUGH_ALONE && matches!(d.intent, Intent::Flow(_)))
}

/// Stretches between joining words and sentence ends, the joining words left out.
fn pieces(text: &Text, mentions: &[Mention]) -> Vec<(usize, usize)> {
    let inside = |at: usize| mentions.iter().any(|m| m.from < at && at < m.until);
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < text.tokens.len() {
        let width = if inside(at) { 0 } else { joint(text, at) };
        if width == 0 || pieces.len() >= MOST_PARTS {
            at += 1;
            continue;
        }
        if at > from {
            pieces.push((from, at));
        }
        at += width;
        from = at;
    }
    if from < text.tokens.len() {
        pieces.push((from, text.tokens.len()));
    }
    pieces
}

/// How many tokens of a joint stand here: ", and then" is four, no joint is 0.
fn joint(text: &Text, at: usize) -> usize {
    let mut width = 0;
    while let Some(token) = text.tokens.get(at + width) {
        let joins = token.ends_clause()
            || token.is_symbol(',')
            || token.is_any(&[
                "and", "then", "also", "plus", "after", "y", "luego", "tambien",
            ]);
        if !joins || (token.is_any(&["after"]) && width == 0) {
            break;
        }
        width += 1;
    }
    width
}
