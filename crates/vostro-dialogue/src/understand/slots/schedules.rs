//! Slots of payments on days to come, of standing orders and of statements.

use super::Reading;
use crate::command::{AmountMention, Flow, ScheduleMention, Slot, SlotValue};
use crate::entities::{Mention, Value, period, schedule};
use crate::understand::text::Token;

/// Words for at once.
const NOW: &[&str] = &["today", "now", "immediately", "asap", "hoy", "ahora"];

/// What a standing order is called.
const ORDERS: &[&str] = &[
    "transfer",
    "payment",
    "order",
    "standing",
    "one",
    "transfers",
    "payments",
    "rent",
    "allowance",
    "deposit",
];

/// What "todas las" is said of that are no days.
const THINGS: &[&str] = &[
    "facturas",
    "recibos",
    "cuentas",
    "tarjetas",
    "cosas",
    "transferencias",
    "ordenes",
];

/// Stretches of time.
const TIMES: &[&str] = &[
    "day", "days", "week", "weeks", "weekend", "month", "months", "quarter", "year", "payday",
    "paycheck",
];

impl Reading<'_> {
    /// The days to come.
    pub(super) fn schedule(&self) -> Option<SlotValue> {
        let why = self.why();
        let not_held = self.own().find_map(|mention| match &mention.value {
            Value::NotHeld(near) if mention.from < why => Some(ScheduleMention::NotHeld {
                words: self.text.slice(mention.from, mention.until).to_owned(),
                near: near.clone(),
            }),
            _ => None,
        });
        if let Some(mention) = not_held {
            return Some(SlotValue::Schedule(mention));
        }
        let named = self.own().find_map(|mention| match &mention.value {
            Value::Schedule(schedule) if mention.from < why => {
                let more = self.and_another_day(mention);
                let more = more
                    .or_else(|| self.today_too())
                    .or_else(|| self.unclear_days());
                Some(more.map_or(ScheduleMention::On(*schedule), ScheduleMention::Unclear))
            }
            _ => None,
        });
        let mention = named
            .or_else(|| self.now())
            .or_else(|| self.unclear_days().map(ScheduleMention::Unclear))
            .or_else(|| {
                (self.some_day() || self.another_day())
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
        let brief = self.around.asked != Some(Slot::Schedule) || self.text.tokens.len() <= 6;
        let at = self.place_of(NOW).filter(|_| open && brief)?;
        (!self.another_day() && self.before(at, 1) != "not").then_some(ScheduleMention::Now)
    }

    /// "50 today and 50 tomorrow": one order has one day.
    fn today_too(&self) -> Option<String> {
        let at = self.place_of(&["today", "now", "hoy", "ahora"])?;
        let joins = self
            .text
            .tokens
            .get(at + 1)
            .filter(|_| at + 1 < self.until)?;
        let refused = matches!(self.before(at, 1), "not" | "of" | "no");
        (joins.is_any(&["and", "y"]) && !refused)
            .then(|| self.text.slice(at, self.until.min(at + 5)).to_owned())
    }

    /// Words for days, or for a condition, that were not read: "every three weeks", "next weekend", "when my pay comes in".
    fn unclear_days(&self) -> Option<String> {
        let until = self.why();
        // Days that were looked back to are none of an order's.
        let claimed = |at: usize| {
            let mut there = self.mentions.iter();
            there.any(|it| {
                (it.from..it.until).contains(&at) && !matches!(it.value, Value::Period(_))
            })
        };
        let from = (self.from..until).find(|&at| !claimed(at) && self.opens_days(at))?;
        let token = self.text.tokens.get(from)?;
        let condition = token.is_any(&["when", "once", "unless", "if", "cuando", "si"]);
        let most = until.min(from + if condition { 8 } else { 5 });
        let until = (from + 1..most)
            .find(|&at| {
                let ends = self.text.tokens.get(at).is_none_or(Token::ends_clause);
                ends || (!condition && claimed(at))
            })
            .unwrap_or(most);
        Some(self.text.slice(from, until).to_owned())
    }

    /// "On the 1st and the 15th": one order has one day.
    fn and_another_day(&self, mention: &Mention) -> Option<String> {
        let at = mention.until;
        let and = self.text.tokens.get(at).filter(|_| at < self.until)?;
        (and.is_any(&["and", "y"]) && self.opens_days(at)).then(|| {
            self.text
                .slice(mention.from, self.until.min(at + 4))
                .to_owned()
        })
    }

    /// Whether words for days begin here.
    fn opens_days(&self, at: usize) -> bool {
        let word = |at: usize| {
            let token = self.text.tokens.get(at).filter(|_| at < self.until);
            token.map_or("", |token| token.word.as_str())
        };
        let ordinal = |at: usize| {
            let behind = self.text.tokens.get(at + 1).filter(|token| token.glued);
            behind.is_some_and(|token| token.is_any(&["st", "nd", "rd", "th"]))
        };
        match word(at) {
            "every" | "cada" | "daily" | "everyday" | "weekdays" | "weekends" | "tonight"
            | "later" | "christmas" | "fortnight" | "payday" | "diario" | "diariamente"
            | "navidad" | "yesterday" | "ayer" | "ago" | "anteayer" | "easter" | "boxing"
            | "thanksgiving" | "halloween" | "nochebuena" | "nochevieja" | "reyes" => true,
            // "A bit short until Friday" is a reason, but for an order that repeats.
            "until" | "till" | "hasta" => {
                self.has_schedule() || self.has_word(&["every", "each", "cada", "todos"])
            }
            "each" => {
                TIMES.contains(&word(at + 1)) || period::weekday_named(word(at + 1)).is_some()
            }
            "last" => {
                // "For last saturday's curry" says what for.
                let of_it = self
                    .text
                    .tokens
                    .get(at + 2)
                    .is_some_and(|it| it.text == "'s");
                period::weekday_named(word(at + 1)).is_some() && !of_it
            }
            "after" | "before" => matches!(
                word(at + 1),
                "the" | "my" | "christmas" | "payday" | "easter"
            ),
            "in" => word(at + 1) == "the" && word(at + 2) == "new",
            "a" => word(at + 1) == "day" && at > self.from,
            "todos" | "todas" => {
                matches!(word(at + 1), "los" | "las") && !THINGS.contains(&word(at + 2))
            }
            "next" | "coming" => TIMES.contains(&word(at + 1)),
            "this" => word(at + 1) == "weekend",
            "end" => word(at + 1) == "of" && (2..4).any(|on| TIMES.contains(&word(at + on))),
            "when" | "once" | "unless" | "cuando" => at > self.from && !word(at + 1).is_empty(),
            "if" => !matches!(
                word(at + 1),
                "you" | "possible" | "that" | "it" | "not" | ""
            ),
            "si" => matches!(word(at + 1), "tengo" | "hay" | "me" | "queda" | "llega"),
            "on" | "and" | "by" | "starting" | "el" => {
                let next = at + 1 + usize::from(word(at + 1) == "the");
                let in_digits = |sign| {
                    let behind = self.text.tokens.get(next + 1).filter(|token| token.glued);
                    behind.is_some_and(|token| token.is_symbol(sign))
                };
                if in_digits('/') || in_digits('-') {
                    return true;
                }
                period::weekday_named(word(next)).is_some()
                    || period::month(word(next)).is_some()
                    || ordinal(next)
                    || (next > at + 1 && schedule::is_ordinal_word(word(next)))
            }
            _ => false,
        }
    }

    /// "Not today": on a day that is still to be named.
    fn another_day(&self) -> bool {
        self.correcting
            && self.place_of(&["today", "hoy"]).is_some_and(|at| {
                let behind = self.text.tokens.get(at + 1);
                self.before(at, 1) == "not" || behind.is_some_and(|token| token.is_any(&["no"]))
            })
    }

    pub(super) fn period(&self) -> Option<SlotValue> {
        self.own().find_map(|mention| match &mention.value {
            Value::Period(period) => Some(SlotValue::Period(period.clone())),
            _ => None,
        })
    }

    /// Which standing order is spoken of, and what is to be another of it.
    pub(super) fn standing_order(&self, flow: Flow) -> Vec<SlotValue> {
        let changes = flow == Flow::ChangeSchedule;
        let mut slots = self.whom();
        if flow == Flow::PauseSchedule {
            slots.extend(self.paused());
        }
        let dated = self.has_schedule() || flow == Flow::PauseSchedule;
        let place = self.ordinal().filter(|_| !dated);
        slots.extend(place.map(SlotValue::pick));
        // "From 50 to 60" is not two amounts.
        let amounts = Reading {
            correcting: self.correcting || changes,
            ..*self
        };
        // The numbers of a day are no amount.
        if flow != Flow::PauseSchedule {
            slots.extend(amounts.amount().map(SlotValue::Amount));
        }
        if changes {
            let named = |mention: &Mention| {
                // "The weekly transfer" says which, and not how often.
                let behind = self.text.tokens.get(mention.until);
                mention.until == mention.from + 1
                    && behind.is_some_and(|token| token.is_any(ORDERS))
            };
            let read = self.own().any(|it| {
                matches!(it.value, Value::NotHeld(_))
                    || (matches!(it.value, Value::Schedule(_)) && !named(it))
            });
            let unclear = self.unclear_days();
            slots.extend(self.schedule().filter(|_| read || unclear.is_some()));
            // "Up to 250" is what it is to be, and no bound.
            let bound = self.own().find_map(|it| match &it.value {
                Value::Range(least, most) => most.or(*least),
                _ => None,
            });
            if let Some(money) = bound {
                slots.retain(|value| value.slot() != Slot::Amount);
                slots.push(SlotValue::Amount(AmountMention::Exact(money)));
            }
        }
        slots
    }

    fn has_schedule(&self) -> bool {
        self.own().any(|it| matches!(it.value, Value::Schedule(_)))
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
