//! From a message and the conversation's state to typed commands, by rules and data.
//!
//! ```text
//! message ─ text ─ tokens ─ entities ─ mentions ─ clause ─ cues ─ scores ─ dialogue ─ commands
//! ```
//!
//! - [`text`] normalises and splits, [`lexicon`] puts typos of key words right;
//! - [`crate::entities`] finds amounts, dates, accounts, people, bills;
//! - [`reply`] reads yes, no and cancel, and only where the whole message says nothing else;
//! - [`cues`] score intents over words and entities, [`classifier`] adds what words, letters and meaning tell it to
//!   the same [`intent::Scores`] before the best is taken;
//! - [`slots`] gives entities their roles, [`dialogue`] reads it all against what the conversation awaits.
//!
//! Deterministic and bounded: no I/O, no clock, and of models only the embedder behind its port, which is
//! asked where cues and words leave a message open. What is decided is left to
//! [`crate::command`]'s reader: a yes is only the word, never the deed.

pub mod classifier;
pub mod clause;
pub mod cues;
mod dialogue;
pub mod intent;
pub mod lexicon;
mod narrow;
mod near;
mod questions;
pub mod reply;
pub mod slots;
pub mod text;

use std::borrow::Cow;

use jiff::civil::Date;
use vostro_bank::Portfolio;
use vostro_embed::Embedder;

use crate::command::{ScheduleMention, Slot, SlotValue, Understanding};
use crate::entities::{self, Mention, Surroundings};
use crate::language;
use crate::state::DialogueState;
use classifier::{Classifier, Sighting, Topic};
use clause::Clause;
use intent::{Intent, Label};
use lexicon::Lexicon;
use text::Text;

/// What a message is read against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The customer's accounts, payees and billers.
    pub portfolio: &'a Portfolio,
    /// What the conversation remembers.
    pub state: &'a DialogueState,
    /// Today in the bank's time zone.
    pub today: Date,
    /// Gives sentences their vectors, where such a model is there. Asked for unsure messages alone.
    pub embedder: Option<&'a dyn Embedder>,
}

/// How a message was read: for tests, tuning and `explain` outputs. Holds the customer's words; not for logs.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The message as it was split.
    pub text: Text,
    /// The entities found.
    pub mentions: Vec<Mention>,
    /// The message as a whole, with the cues that matched.
    pub whole: Clause,
    /// What the classifier takes it for.
    pub sighting: Sighting,
    /// Which rule made the commands.
    pub rule: &'static str,
    /// What came of it.
    pub understanding: Understanding,
}

impl Trace {
    /// The likeliest topic of what was understood, with its probability. `None` where the classifier was
    /// not asked, or sees nothing of the kind.
    pub fn topic(&self) -> Option<(Topic, f32)> {
        let mut labels = self.understanding.commands.iter().filter_map(Label::of);
        self.sighting.topic_for(labels.next()?)
    }
}

/// Reads a message. Pure and bounded: at most the first 2,000 characters are looked at.
///
/// With `state.last` set, an elliptical message ("and savings?", "the same to Anna") gives `Again` and
/// only the slots that it changes; whoever carries the commands out merges them with `state.last`. A
/// correction ("no, 60") gives `SetSlot`s alone, without `Deny`.
pub fn understand(message: &str, context: &Context<'_>) -> Understanding {
    explain(message, context).understanding
}

/// Reads a message and tells how.
pub fn explain(message: &str, context: &Context<'_>) -> Trace {
    let text = Text::read(message, Lexicon::get());
    let active = context.state.active.as_ref();
    let around = Surroundings {
        portfolio: context.portfolio,
        today: context.today,
        asked: active.and_then(|active| active.asked),
        flow: active
            .or(context.state.last.as_ref())
            .map(|active| active.flow),
        schedule: active.and_then(|active| match active.slots.get(Slot::Schedule) {
            Some(SlotValue::Schedule(ScheduleMention::On(schedule))) => Some(*schedule),
            _ => None,
        }),
    };
    let mentions = entities::find(&text, around);
    let mut whole = Clause::read(&text, &mentions, 0, text.tokens.len());
    let mut sighting = Sighting::default();
    if speaks_for_itself(&text, &mentions, context.state) {
        sighting = sight(&text, &whole, context.embedder);
        sighting.weigh(&mut whole, context.state.active.is_some());
        let foreign = whole
            .decision()
            .is_some_and(|it| it.intent == Intent::OutOfScope);
        if foreign && let Some(part) = narrow::part_with_a_wish(&text, &mentions) {
            (whole, sighting) = part;
        }
    }
    if whole.has(Label::Definition) {
        whole.scores.add(Label::Intent(Intent::Ask), DEFINITION);
    }
    let reader = dialogue::Reader {
        text: &text,
        mentions: &mentions,
        around,
        state: context.state,
        whole: &whole,
    };
    let (rule, mut understanding) = reader.read();
    near::look_up(context.portfolio, &mut understanding.commands);
    Trace {
        text,
        mentions,
        whole,
        sighting,
        rule,
        understanding,
    }
}

/// Bytes of a message whose meaning is looked at, about sixty tokens: what a vector costs grows with its text, and who
/// writes more than that has said by then what it is about, or says several things.
const MOST_EMBEDDED: usize = 256;

/// What a message is about by its words, and by its meaning where these leave it open.
fn sight(text: &Text, whole: &Clause, embedder: Option<&dyn Embedder>) -> Sighting {
    let classifier = Classifier::get();
    let message = corrected(text);
    let words = classifier.by_words(&message);
    let sighting = classifier.sighting(&words);
    let embedder = embedder.filter(|_| sighting.is_unsure(whole));
    // A runtime that fails costs the second opinion, not the answer.
    let begins = message.get(..message.floor_char_boundary(MOST_EMBEDDED));
    let begins = begins.unwrap_or_default();
    let vector = embedder.and_then(|embedder| embedder.embed(begins).ok());
    match vector {
        Some(vector) => {
            let language = language::detect(&text.normalised);
            classifier.by_meaning(&words, &vector, language)
        }
        None => sighting,
    }
}

/// The message with likely typos of key words put right, for what reads letters or meaning.
fn corrected(text: &Text) -> Cow<'_, str> {
    let typos = |token: &&text::Token| token.kind == text::Kind::Word && token.text != token.word;
    if !text.tokens.iter().any(|token| typos(&token)) {
        return text.normalised.as_str().into();
    }
    let mut corrected = String::with_capacity(text.normalised.len());
    let mut from = 0;
    for token in text.tokens.iter().filter(typos) {
        // Parts of a contraction share their place.
        if token.start < from {
            continue;
        }
        corrected.push_str(text.normalised.get(from..token.start).unwrap_or_default());
        corrected.push_str(&token.word);
        from = token.end;
    }
    corrected.push_str(text.normalised.get(from..).unwrap_or_default());
    corrected.into()
}

/// What a question for what a thing is or costs weighs, whatever else its words are likely to mean.
const DEFINITION: f32 = 20.0;

/// So many words of its own make a message that is understood whatever was said before.
const WORDS_OF_ITS_OWN: usize = 5;

/// Whether a message can be read without what was said before: a wish, not an answer or half of one.
fn speaks_for_itself(text: &Text, mentions: &[Mention], state: &DialogueState) -> bool {
    let own = text.tokens.iter().enumerate().filter(|(at, token)| {
        token.kind == text::Kind::Word && !mentions.iter().any(|m| (m.from..m.until).contains(at))
    });
    let within = state.active.is_some() || state.pending.is_some() || state.last.is_some();
    // "Did anything go to John today?" answers no "who should it go to?".
    let looks_back = text.has_question_mark()
        && text
            .tokens
            .first()
            .is_some_and(|first| first.is_any(&["did", "has", "have", "when", "why"]));
    own.count()
        >= match (within, looks_back) {
            (true, false) => WORDS_OF_ITS_OWN,
            (true, true) => WORDS_OF_ITS_OWN - 1,
            (false, _) => 1,
        }
}
