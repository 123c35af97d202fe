//! What goes on from transactions that were listed or summed: "which was the biggest?", "and the month before?",
//! "show me those", "the third one isn't mine".

mod words;

use vostro_bank::Direction;

use super::pointing::words::{AROUND, POINTING};
use super::{Reader, start};
use crate::command::{Command, Flow, Period, Slot, SlotValue};
use crate::entities::{Value, period};
use crate::state::ActiveFlow;
use crate::understand::text::Kind;
use words::{
    BEFORE, COMPARES, DOUBTS, ITEMS, KNOWN, LARGEST, MORE, PADDING, SHOWS, STRETCHES, SUM,
};

/// The most transactions that "show me more" comes to.
const MOST_SHOWN: u32 = 50;
/// How many are shown of those behind a sum.
const BEHIND_A_SUM: u32 = 20;
/// How many more they are each time.
const MORE_AT_ONCE: u32 = 10;
/// How many are shown where nobody said how many.
const SHOWN: u32 = 5;

impl Reader<'_> {
    /// What is said of the transactions that were listed or summed last.
    pub(super) fn of_a_look(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        self.largest_of(last)
            .or_else(|| self.doubted(last))
            .or_else(|| self.stretch_before(last))
            .or_else(|| match last.flow {
                Flow::SumSpending => self.compared(last).or_else(|| self.items_of(last)),
                _ => self.sum_of(last).or_else(|| self.more_of(last)),
            })
    }

    pub(super) fn asks_for_largest(&self) -> bool {
        self.has_word(LARGEST) && self.mentions.is_empty() && self.text.tokens.len() <= 8
    }

    /// "Which was the biggest?" of the transactions that were listed.
    fn largest_of(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        self.asks_for_largest().then(|| {
            let mut slots = Self::items(last);
            slots.extend([SlotValue::Count(1), SlotValue::Largest]);
            slots.sort_by_key(SlotValue::slot);
            start(Flow::ShowTransactions, slots)
        })
    }

    /// "How much is that in total?": the transactions that were listed, summed.
    fn sum_of(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let asks = self.has_word(SUM)
            && self.has_word(&["that", "it", "those", "these", "all", "eso", "them", "is"]);
        if !asks || !self.mentions.is_empty() || self.text.tokens.len() > 9 {
            return None;
        }
        Some(start(Flow::SumSpending, with(last, [])))
    }

    /// "Compare that with the month before": the sum beside that of the stretch before.
    fn compared(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let asks = self.has_word(COMPARES) && self.text.tokens.len() <= 9;
        let only = self.only_these(&[COMPARES, BEFORE, STRETCHES, &["last", "pasado", "pasada"]]);
        let of = match last.slots.get(Slot::Period) {
            Some(SlotValue::Period(period)) => Some(period),
            _ => None,
        };
        let before = of.and_then(Period::before).map(|(from, _)| from);
        let named = self.mentions.iter().find_map(|it| match &it.value {
            Value::Period(period) => Some(period),
            _ => None,
        });
        // With another stretch than the one before: that one's sum, the first of which was just said.
        let more = match named {
            Some(named) if Some(named.from) != before => SlotValue::Period(named.clone()),
            _ => SlotValue::Compared,
        };
        (asks && only).then(|| start(Flow::SumSpending, with(last, [more])))
    }

    /// "And the month before?": the same of the stretch before.
    fn stretch_before(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let Some(SlotValue::Period(period)) = last.slots.get(Slot::Period) else {
            return None;
        };
        let asks = self.has_word(BEFORE) && self.has_word(STRETCHES);
        if !asks || self.has_word(COMPARES) || !self.only_these(&[BEFORE, STRETCHES]) {
            return None;
        }
        let (from, until) = period.before()?;
        let before = SlotValue::Period(period::named(from, until));
        Some(start(last.flow, with(last, [before])))
    }

    /// "Show me those": the transactions behind a sum.
    fn items_of(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let asks = self.has_word(SHOWS) && self.has_word(ITEMS);
        let only = self.only_these(&[SHOWS, ITEMS, &["behind", "up", "make", "detras"]]);
        (asks && only).then(|| {
            let mut slots = Self::items(last);
            slots.push(SlotValue::Count(BEHIND_A_SUM));
            slots.sort_by_key(SlotValue::slot);
            start(Flow::ShowTransactions, slots)
        })
    }

    /// What the transactions behind a sum, or of a list, are looked for by. What was spent went out.
    fn items(last: &ActiveFlow) -> Vec<SlotValue> {
        let mut slots = with(last, []);
        slots.retain(|it| it.slot() != Slot::Compared);
        if last.flow == Flow::SumSpending && last.slots.get(Slot::Direction).is_none() {
            slots.push(SlotValue::Direction(Direction::Out));
            slots.sort_by_key(SlotValue::slot);
        }
        slots
    }

    /// "Show me more", "what about the ones before?": a longer list.
    fn more_of(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let asks = self.has_word(MORE) || self.has_word(BEFORE);
        if !asks || !self.only_these(&[MORE, BEFORE, SHOWS, ITEMS, &["next", "earlier"]]) {
            return None;
        }
        let shown = match last.slots.get(Slot::Count) {
            Some(SlotValue::Count(count)) => *count,
            _ => SHOWN,
        };
        let count = SlotValue::Count(shown.saturating_add(MORE_AT_ONCE).min(MOST_SHOWN));
        Some(start(Flow::ShowTransactions, with(last, [count])))
    }

    /// "The third one isn't mine", "I don't recognise that": a transaction of the list, or of the sum, is disputed.
    fn doubted(&self, last: &ActiveFlow) -> Option<Vec<Command>> {
        let points = self.place().is_some() || self.has_word(POINTING);
        let not = self.has_word(&[
            "not", "dont", "didnt", "doesnt", "isnt", "wasnt", "cant", "never", "no",
        ]);
        // "That's mine" doubts nothing.
        let denies = not && (self.has_word(KNOWN) || self.has_word(&["make", "made", "authorize"]));
        if !points || !(denies || self.has_word(DOUBTS)) || !self.only_these(&[DOUBTS, KNOWN]) {
            return None;
        }
        let only_one = last.slots.get(Slot::Count) == Some(&SlotValue::Count(1));
        let place = self.place().or(only_one.then_some(0));
        let place = place.filter(|_| last.flow == Flow::ShowTransactions);
        let said = self.reading(self.whole, false).slots(Flow::Dispute);
        let reason = said.into_iter().filter(|it| it.slot() == Slot::Reason);
        let mut slots: Vec<SlotValue> = match place {
            Some(place) => vec![SlotValue::pick(place)],
            None => with(last, []),
        };
        slots.extend(reason);
        slots.sort_by_key(SlotValue::slot);
        Some(start(Flow::Dispute, slots))
    }

    /// Whether nothing but these words, what points, and padding is said.
    fn only_these(&self, words: &[&[&str]]) -> bool {
        let compares = self.has_word(COMPARES);
        let claimed = |at: usize| {
            self.mentions.iter().any(|it| {
                let told = match it.value {
                    Value::Ordinal(_) => true,
                    Value::Period(_) => compares,
                    _ => false,
                };
                told && (it.from..it.until).contains(&at)
            })
        };
        self.text.tokens.iter().enumerate().all(|(at, token)| {
            token.kind == Kind::Symbol
                || claimed(at)
                || words.iter().any(|words| token.is_any(words))
                || [POINTING, AROUND, PADDING]
                    .iter()
                    .any(|it| token.is_any(it))
        })
    }
}

/// What was looked for last, without how many, with these in the place of their like.
fn with(last: &ActiveFlow, more: impl IntoIterator<Item = SlotValue>) -> Vec<SlotValue> {
    let more: Vec<SlotValue> = more.into_iter().collect();
    let replaced = |it: &SlotValue| more.iter().any(|new| new.slot() == it.slot());
    let kept = last
        .slots
        .iter()
        .filter(|it| it.slot() != Slot::Count && !replaced(it));
    let mut slots: Vec<SlotValue> = kept.cloned().collect();
    slots.extend(more);
    slots.sort_by_key(SlotValue::slot);
    slots
}
