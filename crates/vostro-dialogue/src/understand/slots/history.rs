//! The slots of a look at the books: which transactions are listed or summed.
//!
//! A payee or a biller is here a name to search for; a merchant is whatever name stands behind "at" or
//! "on", or in front of "purchases".

use vostro_types::Money;

use super::Reading;
use crate::command::{AmountMention, BillerMention, Flow, SlotValue};
use crate::entities::{Mention, Value, category, free_words};
use crate::understand::lexicon::Lexicon;
use crate::understand::text::{Kind, Text, Token};

/// Words by which a sum is to be compared with the period before.
const COMPARING: &[&str] = &[
    "compare",
    "compared",
    "comparison",
    "versus",
    "vs",
    "than",
    "comparado",
    "comparada",
    "comparar",
];

/// Words by which the largest amounts are wanted, not the latest.
const LARGEST: &[&str] = &["biggest", "largest", "highest", "mayor", "mayores"];

impl Reading<'_> {
    pub(super) fn history(&self, flow: Flow) -> Vec<SlotValue> {
        let mut slots: Vec<SlotValue> = self.account().into_iter().collect();
        let mut merchant = None;
        for mention in self.own() {
            match &mention.value {
                Value::Period(period) => slots.push(SlotValue::Period(period.clone())),
                Value::Count(count) if flow == Flow::ShowTransactions => {
                    slots.push(SlotValue::Count(*count));
                }
                Value::Bare(_, Some(count))
                    if flow == Flow::ShowTransactions && (1..=200).contains(count) =>
                {
                    slots.push(SlotValue::Count(*count));
                }
                // "That payment for 42.17": no count of anything.
                Value::Bare(AmountMention::Exact(money), None)
                    if flow == Flow::ShowTransactions =>
                {
                    push_bounds(&mut slots, Some(money.abs()), Some(money.abs()));
                }
                Value::Category(category) => slots.push(SlotValue::Category(*category)),
                Value::Range(least, most) => push_bounds(&mut slots, *least, *most),
                Value::Amount(AmountMention::Exact(money)) => {
                    push_bounds(&mut slots, Some(money.abs()), Some(money.abs()));
                }
                Value::Payee(_) => merchant = Some(self.words_of(mention)),
                Value::Biller(BillerMention::Unknown(words))
                    if category::named(&words.to_lowercase()).is_some() =>
                {
                    slots.extend(category::named(&words.to_lowercase()).map(SlotValue::Category));
                }
                Value::Biller(biller) => merchant = Some(self.biller_words(biller)),
                _ => {}
            }
        }
        slots.extend(
            merchant
                .or_else(|| self.merchant())
                .map(SlotValue::Merchant),
        );
        if flow == Flow::SumSpending && self.has_word(COMPARING) {
            slots.push(SlotValue::Compared);
        }
        if flow == Flow::ShowTransactions
            && let Some(at) = self.place_of(LARGEST)
        {
            slots.push(SlotValue::Largest);
            let one = |token: &Token| token.kind == Kind::Word && !token.text.ends_with('s');
            if self.text.tokens.get(at + 1).is_some_and(one) {
                slots.push(SlotValue::Count(1));
            }
        }
        keep_first(&mut slots);
        slots
    }

    /// A payee's words without possessive and "account".
    fn words_of(&self, mention: &Mention) -> String {
        let mut until = mention.until;
        while until > mention.from + 1
            && self
                .text
                .tokens
                .get(until - 1)
                .is_some_and(|token| token.is_any(&["'s", "account", "acct"]))
        {
            until -= 1;
        }
        self.text.slice(mention.from, until).to_owned()
    }

    fn biller_words(&self, biller: &BillerMention) -> String {
        let name = |id: &vostro_types::BillerId| {
            self.around
                .portfolio
                .billers
                .iter()
                .find(|biller| biller.id == *id)
                .map(|biller| biller.name.clone())
        };
        match biller {
            BillerMention::One(id) => name(id).unwrap_or_default(),
            BillerMention::Several(ids) => ids.first().and_then(name).unwrap_or_default(),
            BillerMention::Unknown(words) | BillerMention::Nearly { words, .. } => words.clone(),
        }
    }

    /// "at Corner Coffee", "on Netflix", "my amazon purchases", "amazon charged me".
    fn merchant(&self) -> Option<String> {
        let led = (self.from..self.until).find_map(|at| {
            let token = self.text.tokens.get(at)?;
            if self.is_claimed(at)
                || !(token.is_any(&[
                    "at", "from", "with", "on", "to", "by", "for", "en", "de", "called", "named",
                    "paid", "pay", "paying", "did",
                ]) || (self.correcting && token.is_any(&["about", "and", "y"])))
            {
                return None;
            }
            let (name, until) = free_words::name_at(self.text, self.mentions, at + 1)?;
            let tokens = self.text.tokens.get(at + 1..until)?;
            let capital = tokens.iter().any(|t| t.capital) && !shouts(self.text);
            let named =
                capital || tokens.iter().any(free_words::is_name_like) || token.is_any(&["at"]);
            (named && until <= self.until).then_some(name)
        });
        led.or_else(|| self.merchant_before_noun())
    }

    fn merchant_before_noun(&self) -> Option<String> {
        let lexicon = Lexicon::get();
        let noun = (self.from + 1..self.until).find(|&at| {
            self.text.tokens.get(at).is_some_and(|token| {
                token.is_any(&["spending", "orders", "charged", "billed"])
                    || ["history", "outflows", "inflows"]
                        .iter()
                        .any(|class| lexicon.cues().in_class(class, token.id))
            })
        })?;
        let mut from = noun;
        while from > self.from
            && !self.is_claimed(from - 1)
            && self
                .text
                .tokens
                .get(from - 1)
                .is_some_and(|t| free_words::is_name_like(t) || t.text == "'s")
        {
            from -= 1;
        }
        let words = self.text.slice(from, noun);
        let named = !words.is_empty() && words.to_lowercase() != "'s";
        (from < noun && named).then(|| words.to_owned())
    }
}

fn push_bounds(slots: &mut Vec<SlotValue>, least: Option<Money>, most: Option<Money>) {
    slots.extend(least.map(SlotValue::AtLeast));
    slots.extend(most.map(SlotValue::AtMost));
}

/// One value a slot: the first said.
fn keep_first(slots: &mut Vec<SlotValue>) {
    let mut seen = Vec::new();
    slots.retain(|value| {
        let new = !seen.contains(&value.slot());
        seen.push(value.slot());
        new
    });
}

/// Whether the message is all in capitals, so that a capital tells nothing.
fn shouts(text: &Text) -> bool {
    !text
        .tokens
        .iter()
        .filter(|token| token.kind == Kind::Word)
        .any(|token| {
            text.normalised
                .get(token.start..token.end)
                .is_some_and(|word| word.chars().any(char::is_lowercase))
        })
}
