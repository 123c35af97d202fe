//! Which of several orders that wait is to be done: "yes to Anna, no to John", "only the first one", "both", "the second,
//! not the first".
//!
//! Only while one is before the customer and others wait behind it, and only where every word says which, yes or no:
//! anything else is for the other rules. An order is named by whom it pays, its amount, or its place. What is said yes to
//! is still only what was shown; the others are put before the customer one after another.

mod said;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use self::said::{Part, settled};
use super::{ANSWER, Read, Reader, certain};
use crate::command::{
    AccountMention, AmountMention, BillerMention, Command, Slot, SlotValue, TargetMention,
};
use crate::entities::{Mention, Value};
use crate::state::Slots;
use crate::understand::lexicon::Lexicon;
use crate::understand::reply;
use crate::understand::text::{Kind, Token};

const DATA: &str = include_str!("../data/among.txt");
/// The most words of such a message.
const MOST_WORDS: usize = 24;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Yes,
    /// A verb that says yes to what stands behind it, unless something is refused.
    Do,
    No,
    Only,
    All,
    Neither,
    /// "Either": refused, both; else not clear.
    Either,
    /// How many: all of them, where there are as many.
    Number(usize),
    /// Parts what is said of one from what is said of another, and says the same of both.
    And,
    /// Parts them, and says something else.
    But,
    Place(usize),
    Other,
    Rest,
    Padding,
}

static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| load(DATA));

fn load(data: &'static str) -> HashMap<&'static str, Word> {
    let mut words = HashMap::new();
    let mut heading = None;
    for line in data.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            heading = headed(line);
        } else if let Some(word) = heading {
            words.extend(line.split_whitespace().map(|it| (it, word)));
        }
    }
    words
}

fn headed(line: &str) -> Option<Word> {
    Some(match line {
        "[yes]" => Word::Yes,
        "[do]" => Word::Do,
        "[no]" => Word::No,
        "[only]" => Word::Only,
        "[all]" => Word::All,
        "[neither]" => Word::Neither,
        "[either]" => Word::Either,
        "[two]" => Word::Number(2),
        "[three]" => Word::Number(3),
        "[and]" => Word::And,
        "[but]" => Word::But,
        "[first]" => Word::Place(0),
        "[second]" => Word::Place(1),
        "[third]" => Word::Place(2),
        "[fourth]" => Word::Place(3),
        "[last]" => Word::Place(usize::MAX),
        "[other]" => Word::Other,
        "[rest]" => Word::Rest,
        "[padding]" => Word::Padding,
        _ => return None,
    })
}

fn word_of(token: &Token) -> Option<Word> {
    let known = |word: &str| WORDS.get(word).copied();
    known(&token.word).or_else(|| known(&token.text))
}

impl Reader<'_> {
    /// Which of the orders that wait are to be done, and which are not.
    pub(super) fn among_waiting(&self) -> Option<Read> {
        let (active, behind) = (self.state.active.as_ref()?, &self.state.waiting);
        let words = self.text.tokens.len();
        if self.state.pending.is_none() || behind.is_empty() || words > MOST_WORDS {
            return None;
        }
        let orders: Vec<&Slots> = std::iter::once(&active.slots)
            .chain(behind.iter().map(|(_, slots)| slots))
            .collect();
        let said = settled(&self.parts(&orders)?, orders.len())?;
        let all = orders.len();
        if said.leave.len() == all {
            return Some(("none of them", certain(vec![Command::Cancel], ANSWER)));
        }
        if said.take.len() == all {
            return said
                .clear
                .then(|| ("all of them", certain(vec![Command::Confirm], ANSWER)));
        }
        // "The first one" alone, of what waits for a yes, is no yes.
        if !said.clear && said.take.contains(&0) {
            return None;
        }
        let places = |set: BTreeSet<usize>| -> Vec<u32> {
            let counted = set.into_iter().filter_map(|it| u32::try_from(it + 1).ok());
            counted.collect()
        };
        let choice = Command::Choose {
            take: places(said.take),
            leave: places(said.leave),
        };
        Some(("among those that wait", certain(vec![choice], ANSWER)))
    }

    /// The message in its parts; `None` where a word says something else.
    fn parts(&self, orders: &[&Slots]) -> Option<Vec<Part>> {
        let tokens = &self.text.tokens;
        let mut parts: Vec<Part> = Vec::new();
        let mut part = Part::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let next = self.mentions.iter().find(|it| it.from == at);
            if token.is_symbol('?') {
                return None;
            }
            if token.kind == Kind::Symbol && next.is_none() {
                let listed = token.is_symbol(',') || token.is_symbol(';') || token.is_symbol('.');
                if listed && !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                part.listed |= listed;
                at += 1;
                continue;
            }
            let word = word_of(token);
            if let Some(Word::And | Word::But) = word {
                let turns = word == Some(Word::But);
                let except = part.all && part.named.is_none() && token.is_any(&["but"]);
                // "The second one instead": that and nothing else.
                if turns && self.says_little_behind(at + 1) && !part.no {
                    part.only = true;
                    at += 1;
                    continue;
                }
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                part.no |= except;
                part.joined = !turns;
                part.listed &= turns;
                at += 1;
                continue;
            }
            if word.is_some_and(|word| self.says_anew(&part, word, at)) {
                parts.push(std::mem::take(&mut part));
            }
            match word {
                Some(Word::Either) if !part.no => return None,
                Some(Word::Either) => part.all = true,
                Some(Word::Number(many)) => part.all |= many == orders.len(),
                _ => {}
            }
            at = if self.said_by_word(&mut part, word, at) {
                at + 1
            } else {
                self.said_by_name(&mut part, &parts, orders, at)?
            };
        }
        parts.push(part);
        Some(parts.into_iter().filter(|it| !it.is_empty()).collect())
    }

    /// Whether only padding stands from here on.
    fn says_little_behind(&self, from: usize) -> bool {
        let behind = self.text.tokens.get(from..).unwrap_or_default();
        behind
            .iter()
            .all(|it| it.kind == Kind::Symbol || reply::is_filler(&it.word))
    }

    /// Whether a yes or a no begins something new: "yes to Anna no to John", "no yes Anna". Behind a name that nothing
    /// was said of, it is of that name if nothing follows.
    fn says_anew(&self, part: &Part, word: Word, at: usize) -> bool {
        let (yes, no, only) = (word == Word::Yes, word == Word::No, word == Word::Only);
        if !(no || yes || only || (part.named.is_some() && word == Word::Do)) {
            return false;
        }
        let tokens = &self.text.tokens;
        let said = part.yes || part.verb || part.no || part.only;
        // "Everything except the landlord".
        if part.all && part.named.is_none() && no && !said && at + 1 < tokens.len() {
            return !tokens
                .get(at + 1)
                .is_some_and(|next| next.kind == Kind::Symbol);
        }
        if part.named.is_some() {
            let ends = tokens.get(at + 1).is_none_or(|next| {
                next.kind == Kind::Symbol || matches!(word_of(next), Some(Word::And | Word::But))
            });
            return !ends || (said && !only);
        }
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let not = before.is_some_and(|before| before.is_any(&["not", "dont", "never"]));
        let bare_no = part.no && !part.verb && !not;
        (part.yes && no) || (bare_no && (yes || only))
    }

    /// Takes what a word alone says; `false` where it says nothing by itself.
    fn said_by_word(&self, part: &mut Part, word: Option<Word>, at: usize) -> bool {
        match word {
            Some(Word::Neither) => (part.no, part.all) = (true, true),
            Some(Word::All) => part.all = true,
            Some(Word::Only) => part.only = true,
            Some(Word::No) => part.no = true,
            Some(Word::Yes) => part.yes = true,
            Some(Word::Rest) => part.rest = true,
            Some(Word::Either | Word::Number(_)) => {}
            Some(Word::Do) if !self.mentions.iter().any(|it| it.from == at) => part.verb = true,
            _ => return false,
        }
        true
    }

    /// An order's name, or padding; `None` where it is neither.
    fn said_by_name(
        &self,
        part: &mut Part,
        before: &[Part],
        orders: &[&Slots],
        at: usize,
    ) -> Option<usize> {
        let token = self.text.tokens.get(at)?;
        let mention = self.mentions.iter().find(|it| it.from == at);
        let word = word_of(token);
        let glued = self.text.tokens.get(at + 1).is_some_and(|it| it.glued);
        let digit = || {
            let mut places = ["1", "2", "3", "4"].iter();
            places.position(|it| glued && token.text == *it)
        };
        let place = match (word, mention.map(|it| &it.value)) {
            (Some(Word::Place(place)), _) => Some((place, at + 1)),
            (_, Some(Value::Ordinal(place))) => Some((*place, mention?.until)),
            _ => digit().map(|place| (place, at + 1)),
        };
        if let Some((place, until)) = place {
            let last = orders.len().checked_sub(1)?;
            let place = if place == usize::MAX { last } else { place };
            return (place <= last && part.names(BTreeSet::from([place]))).then_some(until);
        }
        if word == Some(Word::Other) {
            let named: BTreeSet<usize> = before
                .iter()
                .filter_map(|it| it.named.clone())
                .flatten()
                .collect();
            let left: BTreeSet<usize> =
                (0..orders.len()).filter(|it| !named.contains(it)).collect();
            // Of two, the one that was not named; else the one that is not before the customer.
            let other = match (orders.len(), named.is_empty()) {
                (2, true) => BTreeSet::from([1]),
                _ if left.len() == 1 => left,
                _ => return None,
            };
            return part.names(other).then_some(at + 1);
        }
        let Some(mention) = mention else {
            let cues = Lexicon::get().cues();
            let padding = word == Some(Word::Padding)
                || cues.in_class("small", token.id)
                || cues.in_class("noise", token.id)
                || reply::is_filler(&token.word);
            return padding.then_some(at + 1);
        };
        if mention.value == Value::Account(AccountMention::All) {
            part.all = true;
            return Some(mention.until);
        }
        part.amount |= matches!(mention.value, Value::Amount(_) | Value::Bare(..));
        let fitting: BTreeSet<usize> = orders
            .iter()
            .enumerate()
            .filter(|(_, slots)| fits(mention, slots))
            .map(|(place, _)| place)
            .collect();
        (!fitting.is_empty() && part.names(fitting)).then_some(mention.until)
    }
}

/// Whether a mention names an order: whom it pays, or how much.
fn fits(mention: &Mention, slots: &Slots) -> bool {
    let (target, biller) = (slots.get(Slot::Target), slots.get(Slot::Biller));
    match &mention.value {
        Value::Payee(ids) => match target {
            Some(SlotValue::Target(TargetMention::Payee(id))) => ids.contains(id),
            _ => false,
        },
        Value::Account(AccountMention::One(account)) => matches!(target,
            Some(SlotValue::Target(TargetMention::Own(id))) if id == account),
        Value::Biller(BillerMention::One(named)) => matches!(biller,
            Some(SlotValue::Biller(BillerMention::One(id))) if id == named),
        Value::Biller(BillerMention::Several(named)) => matches!(biller,
            Some(SlotValue::Biller(BillerMention::One(id))) if named.contains(id)),
        Value::Amount(amount @ AmountMention::Exact(_))
        | Value::Bare(amount @ AmountMention::Exact(_), _) => matches!(slots.get(Slot::Amount),
            Some(SlotValue::Amount(known)) if known == amount),
        _ => false,
    }
}
