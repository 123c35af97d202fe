//! Slots of payments on days to come, of standing orders and of statements.

use super::Reading;
use crate::command::{ScheduleMention, Slot, SlotValue};
use crate::entities::Value;
use crate::understand::text::Token;

/// Words for at once.
const NOW: &[&str] = &["today", "now", "immediately", "asap", "hoy", "ahora"];

/// Stretches of time.
const TIMES: &[&str] = &[
    "day", "days", "week", "weeks", "weekend", "month", "months", "quarter", "year", "payday",
    "paycheck",
];

impl Reading<'_> {
    /// The days to come.
    pub(super) fn schedule(&self) -> Option<SlotValue> {
        let named = self.own().find_map(|mention| match &mention.value {
            Value::Schedule(schedule) => Some(ScheduleMention::On(*schedule)),
            _ => None,
        });
        let mention = named
            .or_else(|| self.now())
            .or_else(|| self.unclear_days().map(ScheduleMention::Unclear))
            .or_else(|| {
                self.some_day()
                    .then(|| ScheduleMention::Unclear(String::new()))
            })?;
        Some(SlotValue::Schedule(mention))
    }

    /// "A standing order of 50 to Anna": on days that are still to be named.
    fn some_day(&self) -> bool {
        let later = [
            "schedule",
            "scheduled",
            "standing",
            "recurring",
            "repeating",
            "regular",
            "automatic",
            "automatically",
        ];
        !self.correcting && self.around.asked.is_none() && self.has_word(&later)
    }

    /// "Today", where days were named before or are asked for.
    fn now(&self) -> Option<ScheduleMention> {
        let open = self.around.schedule.is_some() || self.around.asked == Some(Slot::Schedule);
        let at = self.place_of(NOW).filter(|_| open)?;
        let is_not = self.before(at, 1) == "not";
        (!is_not).then_some(ScheduleMention::Now)
    }

    /// Words for days that were not read: "every three weeks", "next weekend".
    fn unclear_days(&self) -> Option<String> {
        let word = |at: usize| {
            let token = self.text.tokens.get(at).filter(|_| at < self.until);
            token.map_or("", |token| token.word.as_str())
        };
        let from = (self.from..self.until).find(|&at| {
            !self.is_claimed(at)
                && match word(at) {
                    "every" | "each" | "daily" | "everyday" | "weekdays" | "weekends" => true,
                    "next" | "coming" => TIMES.contains(&word(at + 1)),
                    "end" => {
                        word(at + 1) == "of" && (2..4).any(|on| TIMES.contains(&word(at + on)))
                    }
                    _ => false,
                }
        })?;
        let until = (from..self.until.min(from + 4))
            .find(|&at| {
                self.is_claimed(at) || self.text.tokens.get(at).is_none_or(Token::ends_clause)
            })
            .unwrap_or(self.until.min(from + 4));
        Some(self.text.slice(from, until).to_owned())
    }

    pub(super) fn period(&self) -> Option<SlotValue> {
        self.own().find_map(|mention| match &mention.value {
            Value::Period(period) => Some(SlotValue::Period(period.clone())),
            _ => None,
        })
    }

    /// To whom a standing order goes that is spoken of.
    pub(super) fn whom(&self) -> Vec<SlotValue> {
        let biller = self.biller(false).map(SlotValue::Biller);
        let target = self
            .transfer()
            .into_iter()
            .filter(|value| value.slot() == Slot::Target && biller.is_none());
        let target: Vec<SlotValue> = target.collect();
        biller.into_iter().chain(target).collect()
    }
}
