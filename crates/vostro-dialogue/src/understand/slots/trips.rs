//! A trip's slots: where to, and on which days.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Reading;
use crate::command::{Period, Slot, SlotValue};
use crate::entities::{Value, period as calendar};

impl Reading<'_> {
    /// The days of a trip. They are to come: a range that was read as past ones is of the next year.
    pub(super) fn days(&self) -> Option<SlotValue> {
        self.days_ahead()
            .or_else(|| match self.period()? {
                SlotValue::Period(days) if !self.names_month() => {
                    Some(SlotValue::Period(self.in_a_month_to_come(days)))
                }
                SlotValue::Period(days) => {
                    let ahead = days.to_come(self.around.today);
                    Some(SlotValue::Period(ahead.unwrap_or(days)))
                }
                other => Some(other),
            })
            .or_else(|| {
                let schedule = self.own().find_map(|mention| match &mention.value {
                    Value::Schedule(schedule) => Some(*schedule),
                    _ => None,
                })?;
                let from = schedule.first();
                period(from, from.tomorrow().ok()?, from.to_string())
            })
    }

    fn names_month(&self) -> bool {
        self.tokens()
            .any(|(_, token)| calendar::month(&token.word).is_some())
    }

    /// "On the 10th": of the next month in which it is to come.
    fn in_a_month_to_come(&self, days: Period) -> Period {
        let month = 1.month();
        let one_day = days.from.tomorrow().is_ok_and(|next| next == days.until);
        let behind = days.from < self.around.today && one_day;
        let shifted = days
            .from
            .checked_add(month)
            .and_then(|from| Ok(calendar::named(from, days.until.checked_add(month)?)));
        match shifted {
            Ok(shifted) if behind && shifted.from >= self.around.today => shifted,
            _ => days.to_come(self.around.today).unwrap_or(days),
        }
    }

    /// "Next week", "next month", "this weekend", "tomorrow".
    fn days_ahead(&self) -> Option<SlotValue> {
        let today = self.around.today;
        let says = |first: &[&str], second: &[&str]| {
            let tokens: Vec<_> = self.tokens().map(|(_, token)| token).collect();
            tokens.windows(2).any(|pair| match pair {
                [a, b] => a.is_any(first) && b.is_any(second),
                _ => false,
            })
        };
        let monday = today.nth_weekday(1, Weekday::Monday).ok()?;
        let next = &["next", "proxima", "proximo"];
        if says(next, &["week", "semana"]) || says(&["semana"], &["proxima", "que"]) {
            return period(
                monday,
                monday.checked_add(7.days()).ok()?,
                "next week".to_owned(),
            );
        }
        if says(next, &["month", "mes"]) || says(&["mes"], &["proximo", "que"]) {
            let from = today.first_of_month().checked_add(1.month()).ok()?;
            let until = from.checked_add(1.month()).ok()?;
            return period(from, until, "next month".to_owned());
        }
        if says(&["this", "the", "este"], &["weekend"]) || says(&["fin"], &["de"]) {
            let saturday = monday.checked_sub(2.days()).ok()?;
            return period(saturday.max(today), monday, "this weekend".to_owned());
        }
        if self.has_word(&["tomorrow", "mañana", "manana"]) {
            let from = today.tomorrow().ok()?;
            return period(from, from.tomorrow().ok()?, "tomorrow".to_owned());
        }
        None
    }

    pub(super) fn place(&self) -> Option<SlotValue> {
        let no_place = [
            "travel", "trip", "notice", "vacation", "holiday", "viaje", "aviso", "set", "be", "go",
            "work", "business", "week", "month", "country", "town", "next", "this",
        ];
        let is_place = |name: &String| {
            let first = name.split_whitespace().next().unwrap_or_default();
            !no_place.contains(&first.to_lowercase().as_str())
        };
        let led = |word| {
            self.name_behind(&[word], |_| true)
                .map(without_when)
                .filter(is_place)
        };
        let behind = ["to", "in", "visiting", "through", "for", "a", "en"]
            .into_iter()
            .find_map(led);
        let place = behind.or_else(|| {
            let asked = self.around.asked == Some(Slot::Place);
            (asked || self.correcting)
                .then(|| self.free_name().map(without_when).filter(is_place))
                .flatten()
        })?;
        Some(SlotValue::Place(place))
    }
}

/// "Portugal next week" is Portugal.
fn without_when(name: String) -> String {
    let words = name.split_whitespace();
    let kept: Vec<&str> = words
        .take_while(|word| {
            let when = [
                "next", "this", "tomorrow", "soon", "later", "la", "el", "starting", "around",
            ];
            !when.contains(&word.to_lowercase().as_str())
        })
        .collect();
    if kept.is_empty() {
        name
    } else {
        kept.join(" ")
    }
}

fn period(from: Date, until: Date, label: String) -> Option<SlotValue> {
    (from < until).then_some(SlotValue::Period(Period { from, until, label }))
}
