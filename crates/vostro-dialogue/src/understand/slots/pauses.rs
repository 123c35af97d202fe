//! Until when a standing order's payments are left out: "until February", "hasta el 15 de enero", "for two months".

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::Reading;
use crate::command::{Period, Slot, SlotValue};
use crate::entities::period::{month, weekday_named};

/// Words before the day on which payments go on.
const UNTIL: &[&str] = &["until", "till", "til", "hasta"];
const FOR: &[&str] = &["for", "por", "durante"];
/// Words between those and the day.
const BETWEEN: &[&str] = &[
    "the",
    "el",
    "at",
    "least",
    "dia",
    "day",
    "on",
    "beginning",
    "start",
    "of",
    "de",
    "early",
    "about",
    "around",
    "a",
];

impl Reading<'_> {
    /// The days whose payments are left out, from today on.
    pub(super) fn paused(&self) -> Option<SlotValue> {
        let asked = self.around.asked == Some(Slot::Period);
        let led = |words: &[&str]| {
            let mut tokens = self.tokens();
            tokens
                .find(|(_, token)| token.is_any(words))
                .map(|(at, _)| at + 1)
        };
        let until = led(UNTIL)
            .and_then(|at| self.day_from(at))
            .or_else(|| led(FOR).and_then(|at| self.stretch_from(at)))
            .or_else(|| {
                let from = self.from;
                asked.then(|| self.day_from(from).or_else(|| self.stretch_from(from)))?
            })?;
        let today = self.around.today;
        (until > today).then(|| {
            SlotValue::Period(Period {
                from: today,
                until,
                label: format!("until {until}"),
            })
        })
    }

    fn word(&self, at: usize) -> &str {
        let token = self.text.tokens.get(at).filter(|_| at < self.until);
        token.map_or("", |token| token.word.as_str())
    }

    fn digits(&self, at: usize) -> Option<i8> {
        let text = &self.text.tokens.get(at).filter(|_| at < self.until)?.text;
        text.parse().ok().filter(|day| (1..=31).contains(day))
    }

    /// "February", "Feb 15", "15 de enero", "next month", "the end of January", "Monday".
    fn day_from(&self, from: usize) -> Option<Date> {
        let today = self.around.today;
        let ends =
            (from..from + 4).any(|at| matches!(self.word(at), "end" | "fin" | "finales" | "after"));
        let at = (from..from + 6).find(|at| {
            let word = self.word(*at);
            !(BETWEEN.contains(&word) || matches!(word, "end" | "fin" | "finales" | "after"))
        })?;
        if let Some(number) = month(self.word(at)) {
            let day = self.digits(at + 1);
            return self.dated(number, day, ends);
        }
        // "15 February", "1st of March", "1 de febrero".
        if let Some(day) = self.digits(at) {
            let named = (at + 1..at + 4).find_map(|at| month(self.word(at)));
            return self.dated(named?, Some(day), false);
        }
        let begins = today.first_of_month();
        match (self.word(at), self.word(at + 1)) {
            ("next" | "following" | "proximo", "month" | "mes") | ("mes", "proximo" | "que") => {
                let months = if ends { 2 } else { 1 };
                begins
                    .checked_add(Span::new().try_months(months).ok()?)
                    .ok()
            }
            ("month" | "mes", _) if ends => begins.checked_add(1.month()).ok(),
            ("next", "week") | ("semana", "que" | "proxima") => today.checked_add(1.week()).ok(),
            ("next" | "new", "year") | ("year" | "ano", _) => {
                Date::new(today.year().checked_add(1)?, 1, 1).ok()
            }
            ("christmas" | "navidad", _) => self.dated(12, Some(25), ends),
            ("tomorrow" | "manana", _) => None,
            (word, _) => today.nth_weekday(1, weekday_named(word)?).ok(),
        }
    }

    /// That day to come; without a day the first of the month, or the first of the one after it.
    fn dated(&self, month: i8, day: Option<i8>, behind: bool) -> Option<Date> {
        let today = self.around.today;
        let ahead = |day: i8| {
            let this = Date::new(today.year(), month, day).ok()?;
            if this > today {
                return Some(this);
            }
            Date::new(today.year().checked_add(1)?, month, day).ok()
        };
        match day {
            Some(day) if behind => ahead(day)?.tomorrow().ok(),
            Some(day) => ahead(day),
            None if behind => {
                let first = Date::new(today.year(), month, 1).ok()?;
                let last = first.last_of_month();
                let last = if last > today {
                    last
                } else {
                    Date::new(today.year().checked_add(1)?, month, 1)
                        .ok()?
                        .last_of_month()
                };
                last.tomorrow().ok()
            }
            None => ahead(1),
        }
    }

    /// "Two months", "a month", "the next 3 weeks", "dos meses".
    fn stretch_from(&self, from: usize) -> Option<Date> {
        let unit = (from..from + 5).find(|at| {
            matches!(
                self.word(*at),
                "week"
                    | "weeks"
                    | "month"
                    | "months"
                    | "semana"
                    | "semanas"
                    | "mes"
                    | "meses"
                    | "day"
                    | "days"
                    | "dias"
                    | "year"
                    | "ano"
            )
        })?;
        let count = (from..unit).find_map(|at| {
            let words = [
                ("a", 1),
                ("one", 1),
                ("un", 1),
                ("una", 1),
                ("two", 2),
                ("dos", 2),
                ("couple", 2),
                ("three", 3),
                ("tres", 3),
                ("four", 4),
                ("cuatro", 4),
                ("five", 5),
                ("six", 6),
                ("seis", 6),
            ];
            let word = self.word(at);
            let named = words.iter().find(|(name, _)| *name == word && word != "a");
            let one = || (word == "a" && at + 1 == unit).then_some(1);
            self.digits(at)
                .map(i64::from)
                .or_else(|| named.map(|(_, count)| *count))
                .or_else(one)
        });
        let count =
            count.or_else(|| (unit == from || self.word(unit - 1) == "next").then_some(1))?;
        let span = match self.word(unit) {
            "week" | "weeks" | "semana" | "semanas" => Span::new().try_weeks(count),
            "day" | "days" | "dias" => Span::new().try_days(count),
            "year" | "ano" => Span::new().try_years(count),
            _ => Span::new().try_months(count),
        };
        self.around.today.checked_add(span.ok()?).ok()
    }
}
