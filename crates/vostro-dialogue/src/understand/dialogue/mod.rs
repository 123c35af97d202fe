//! A scored message read against what the conversation awaits.
//!
//! The order is the meaning: what points at something that was just shown first ("pay it"), then a
//! whole-message yes or no; then what cannot wait (a stolen card); then
//! the answer to the slot that was asked for; then a correction of the open flow; then new wishes; then
//! an ellipsis of the last flow. What fits nothing is not understood, which the caller says honestly.

mod among;
mod bills;
mod each;
mod joined;
mod looks;
mod open_flow;
mod orders;
mod pointing;
mod records;
mod replies;

use crate::command::{Command, Flow, HandOffReason, SlotValue, Understanding};
use crate::entities::{Mention, Surroundings, Value};
use crate::state::DialogueState;
use crate::understand::clause::Clause;
use crate::understand::intent::{Intent, Label};
use crate::understand::lexicon::Lexicon;
use crate::understand::reply;
use crate::understand::slots::Reading;
use crate::understand::text::{Kind, Text};

/// How sure an answer to a question, or a correction, is.
const ANSWER: f32 = 0.9;

/// How sure a reading is that rests on the conversation alone.
const ELLIPSIS: f32 = 0.75;

/// How sure a bare account name without context is.
const GUESS: f32 = 0.5;

/// Which rule read the message, and what it read.
type Read = (&'static str, Understanding);

/// A message with all that it is read against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a Text,
    pub(super) mentions: &'a [Mention],
    pub(super) around: Surroundings<'a>,
    pub(super) state: &'a DialogueState,
    pub(super) whole: &'a Clause,
}

impl Reader<'_> {
    /// The first rule that reads the message.
    pub(super) fn read(&self) -> Read {
        if self
            .text
            .tokens
            .iter()
            .all(|token| token.kind == Kind::Symbol)
        {
            return ("nothing said", Understanding::nothing());
        }
        self.pointing()
            .or_else(|| self.among_waiting())
            .or_else(|| self.reply())
            .or_else(|| self.refuses())
            .or_else(|| self.urgent())
            .or_else(|| self.in_open_flow())
            .or_else(|| self.yes_and_more())
            .or_else(|| self.ellipsis())
            .or_else(|| self.bare_account())
            .or_else(|| self.wishes())
            .unwrap_or_else(|| ("not understood", Understanding::nothing()))
    }

    fn is_open(&self) -> bool {
        self.state.pending.is_some() || self.state.active.is_some()
    }

    /// What outranks everything in progress.
    fn urgent(&self) -> Option<Read> {
        let decision = self.whole.decision()?;
        // "I can't find it, freeze it until I have looked": blocking is for good.
        let freezes = self.has_word(&["freeze", "congela", "congelala", "pause", "hold", "lock"])
            && self.has_word(&[
                "till", "til", "until", "hasta", "rato", "momento", "bit", "while", "moment",
            ]);
        let taken = self.has_word(&[
            "stolen", "stole", "robado", "robada", "robaron", "robo", "thief",
        ]);
        let orders = self.has_word(&[
            "standing", "order", "orders", "payment", "payments", "transfer",
        ]);
        if freezes && !taken && !orders && self.about_a_card() {
            let confidence = decision.confidence();
            return Some((
                "a card to freeze",
                self.started(Flow::FreezeCard, confidence),
            ));
        }
        // "I lost my card, what should I do" is a question, and a lost card first of all.
        let fraud = Label::Intent(Intent::HandOff(HandOffReason::Fraud));
        if self.whole.scores.of(fraud) >= 5.0 && self.about_a_card() {
            return Some((
                "lost card",
                self.started(Flow::ReportCard, decision.confidence()),
            ));
        }
        match decision.intent {
            Intent::HandOff(HandOffReason::Fraud) if self.about_a_card() => Some((
                "lost card",
                self.started(Flow::ReportCard, decision.confidence()),
            )),
            Intent::Flow(Flow::ReportCard) => Some((
                "lost card",
                self.started(Flow::ReportCard, decision.confidence()),
            )),
            Intent::HandOff(HandOffReason::Dispute) if self.asks_for_another_slot() => Some((
                "dispute",
                self.started(Flow::Dispute, decision.confidence()),
            )),
            Intent::HandOff(HandOffReason::Dispute) => None,
            Intent::HandOff(reason) if reason != HandOffReason::Unsupported => Some((
                "hand off",
                certain(vec![Command::HandOff { reason }], decision.confidence()),
            )),
            _ => None,
        }
    }

    /// Whether a dispute begins with this message: not while one is being put together.
    fn asks_for_another_slot(&self) -> bool {
        let active = self.state.active.as_ref();
        active.is_none_or(|active| active.flow != Flow::Dispute)
    }

    /// A flow with what the message says for it.
    fn started(&self, flow: Flow, confidence: f32) -> Understanding {
        let slots = self.reading(self.whole, false).slots(flow);
        certain(start(flow, slots), confidence)
    }

    fn reading(&self, clause: &Clause, correcting: bool) -> Reading<'_> {
        Reading {
            text: self.text,
            mentions: self.mentions,
            around: self.around,
            from: clause.from,
            until: clause.until,
            correcting,
        }
    }

    /// Whether the message is about something else than the open flow.
    fn wishes_elsewhere(&self, open: Flow) -> bool {
        self.whole
            .decision()
            .is_some_and(|decision| match decision.intent {
                Intent::Flow(flow) => flow != open,
                Intent::Ask => decision.score >= 3.0,
                Intent::HandOff(HandOffReason::Dispute) => open != Flow::Dispute,
                Intent::HandOff(_) | Intent::Recall | Intent::OutOfScope | Intent::ChitChat(_) => {
                    true
                }
            })
    }

    /// Whether the message names a transfer that is to be taken back.
    fn recalls(&self) -> bool {
        self.whole
            .decision()
            .is_some_and(|decision| decision.intent == Intent::Recall)
    }

    fn has_word(&self, words: &[&str]) -> bool {
        self.text.tokens.iter().any(|token| token.is_any(words))
    }

    /// Whether entities and small words are all there is.
    fn nothing_else_said(&self) -> bool {
        self.only_values(self.whole)
    }

    /// Whether entities and small words are all that a stretch has.
    fn only_values(&self, clause: &Clause) -> bool {
        self.only(clause, &[])
    }

    /// Whether a stretch has nothing but entities, small words and these.
    fn only(&self, clause: &Clause, words: &[&str]) -> bool {
        let cues = Lexicon::get().cues();
        let claimed = |at: usize| {
            self.mentions
                .iter()
                .any(|it| (it.from..it.until).contains(&at))
        };
        let tokens = self.text.tokens.iter().enumerate();
        let mut own = tokens.take(clause.until).skip(clause.from);
        own.all(|(at, token)| {
            token.kind == Kind::Symbol
                || claimed(at)
                || cues.in_class("small", token.id)
                || cues.in_class("noise", token.id)
                || reply::is_filler(&token.word)
                || token.is_any(words)
        })
    }

    fn corrects(&self) -> bool {
        self.whole.has(Label::Correction)
    }

    /// "And savings?", "what about last month?", "the same to Anna": the last flow with other slots.
    fn ellipsis(&self) -> Option<Read> {
        if self.is_open() {
            return None;
        }
        let last = self.state.last.as_ref()?;
        // A payee that was saved is spoken of, not saved again.
        if matches!(
            last.flow,
            Flow::AddPayee | Flow::SetAlert | Flow::ChangeAlert
        ) {
            return None;
        }
        let same = self.whole.has(Label::Same);
        let elliptical = same || self.whole.has(Label::Ellipsis) || self.nothing_else_said();
        let decision = self.whole.decision();
        let few = self.text.tokens.len() <= 7;
        let short = self.whole.has(Label::Ellipsis)
            && self.text.tokens.len() <= 5
            && matches!(
                last.flow,
                Flow::ShowTransactions | Flow::SumSpending | Flow::ListBills
            );
        let other_wish = decision.is_some_and(|decision| match decision.intent {
            Intent::Flow(flow) => flow != last.flow && decision.score >= 2.5,
            // "What about Uber?" asks no more than "and Uber?" does.
            Intent::Ask => decision.score >= 4.0 && !short,
            // "What about the phone one?" is foreign only by itself.
            Intent::OutOfScope => !(self.whole.has(Label::Ellipsis) && few),
            Intent::HandOff(_) | Intent::Recall => true,
            Intent::ChitChat(_) => decision.score >= 2.5,
        });
        if !elliptical || other_wish {
            return None;
        }
        let slots = self.reading(self.whole, true).slots(last.flow);
        if slots.is_empty() && !same {
            return None;
        }
        let mut commands = vec![Command::Again];
        commands.extend(set(slots));
        Some(("ellipsis", certain(commands, ELLIPSIS)))
    }

    /// What the message asks for by itself.
    fn wishes(&self) -> Option<Read> {
        let decision = self.whole.decision()?;
        let confidence = decision.confidence();
        let command = match decision.intent {
            Intent::Flow(_) => return Some(("flow", self.flows(confidence))),
            Intent::Ask => Command::Ask,
            Intent::Recall => Command::Recall,
            Intent::ChitChat(kind) => Command::ChitChat { kind },
            Intent::HandOff(reason) => Command::HandOff { reason },
            Intent::OutOfScope => Command::OutOfScope,
        };
        Some(("intent", certain(vec![command], confidence)))
    }

    /// An account's name and nothing else: its balance, most likely.
    fn bare_account(&self) -> Option<Read> {
        if self.is_open() || !self.nothing_else_said() {
            return None;
        }
        let slots = self.reading(self.whole, false).slots(Flow::CheckBalance);
        let named = |it: &Mention| matches!(it.value, Value::Account(_));
        if slots.is_empty() || self.mentions.len() != 1 || !self.mentions.iter().all(named) {
            return None;
        }
        let commands = start(Flow::CheckBalance, slots);
        Some(("bare account", certain(commands, GUESS)))
    }
}

/// A flow with its slots.
fn start(flow: Flow, slots: Vec<SlotValue>) -> Vec<Command> {
    let slots = slots.into_iter().map(Command::SetSlot);
    std::iter::once(Command::StartFlow { flow })
        .chain(slots)
        .collect()
}

fn set(slots: Vec<SlotValue>) -> Vec<Command> {
    slots.into_iter().map(Command::SetSlot).collect()
}

fn certain(commands: Vec<Command>, confidence: f32) -> Understanding {
    Understanding {
        commands,
        confidence,
    }
}
