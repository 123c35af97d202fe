//! Stretches with a date: "2026-10-03", "10/03", "March 3rd", "October", "Q3", "in 2025".
//!
//! Month before day, as in the United States, unless that is no month. Without a year, the last one
//! that has begun.

use jiff::civil::Date;

use super::Found;
use super::calendar::{day_of, month_of, quarter_of, up_to_today, year_of};
use crate::entities::Finder;
use crate::understand::text::Kind;

pub(super) const MONTHS: &[(&str, i8)] = &[
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
    ("enero", 1),
    ("febrero", 2),
    ("marzo", 3),
    ("abril", 4),
    ("mayo", 5),
    ("junio", 6),
    ("julio", 7),
    ("agosto", 8),
    ("septiembre", 9),
    ("octubre", 10),
    ("noviembre", 11),
    ("diciembre", 12),
];

/// Months that are other words too, and need a date's company.
pub(super) const DOUBTFUL_MONTHS: &[&str] = &["may", "march", "mar", "sep", "dec"];

/// `2026-10-03`, `10/03`, `10/03/2026`, `10/3/26`: month before day, as in the United States.
pub(super) fn numeric_date(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let (year, month, day, until) = numeric_day(finder, at)?;
    Some((day_of(dated(finder, year, month, day)?), until))
}

/// The year if one is written, month, day, and the place behind them.
pub(in crate::entities) fn numeric_day(
    finder: &Finder<'_>,
    at: usize,
) -> Option<(Option<i16>, i8, i8, usize)> {
    let first = finder.digits(at)?;
    let part_of_more = |i: usize| {
        finder
            .token(i)
            .is_some_and(|token| token.glued && (token.is_symbol('/') || token.is_symbol('-')))
    };
    if at > 0 && finder.token(at).is_some_and(|token| token.glued) && part_of_more(at - 1) {
        return None;
    }
    let separator = finder.free(at + 1).filter(|token| token.glued)?;
    let glued_digits = |i: usize| {
        finder
            .digits(i)
            .filter(|_| finder.token(i).is_some_and(|t| t.glued))
    };
    let second = glued_digits(at + 2)?;
    let third = finder
        .free(at + 3)
        .filter(|token| token.glued && token.text == separator.text)
        .and_then(|_| glued_digits(at + 4));
    let (year, month, day, until) = match (separator.text.as_str(), third) {
        ("-" | "/", Some(third)) if first.len() == 4 => (Some(first), second, third, at + 5),
        ("/" | "-", Some(third)) if matches!(third.len(), 2 | 4) => {
            (Some(third), first, second, at + 5)
        }
        ("/", None) => (None, first, second, at + 3),
        _ => return None,
    };
    if month.len() > 2 || day.len() > 2 || part_of_more(until) {
        return None;
    }
    let (mut month, mut day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    if month > 12 && day <= 12 {
        std::mem::swap(&mut month, &mut day);
    }
    let year = match year {
        Some(text) if text.len() == 2 => Some(2000 + text.parse::<i16>().ok()?),
        Some(text) => Some(text.parse::<i16>().ok()?),
        None => None,
    };
    Some((year, month, day, until))
}

/// `March 3`, `March 3rd 2026`, `3 March`, `the 3rd of March`, `3 de marzo`, `March 2026`.
pub(super) fn named_date(finder: &Finder<'_>, at: usize) -> Option<Found> {
    if let Some(month) = month(finder.word(at)) {
        let next = if finder.word(at + 1) == "the" {
            at + 2
        } else {
            at + 1
        };
        if let Some((day, until)) = day_number(finder, next) {
            let (year, until) = year_behind(finder, until);
            return Some((day_of(dated(finder, year, month, day)?), until));
        }
        let (year, until) = year_behind(finder, at + 1);
        let year = year?;
        return Some((month_of(year, month)?, until));
    }
    let start = if matches!(finder.word(at), "the" | "el") {
        at + 1
    } else {
        at
    };
    let (day, next) = day_number(finder, start)?;
    let next = if matches!(finder.word(next), "of" | "de") {
        next + 1
    } else {
        next
    };
    let month = month(finder.word(next))?;
    let (year, until) = year_behind(finder, next + 1);
    Some((day_of(dated(finder, year, month, day)?), until))
}

/// A month on its own. May and March are words too: they need a leading preposition or a capital.
pub(super) fn month_alone(finder: &Finder<'_>, at: usize, led: bool) -> Option<Found> {
    let token = finder.free(at)?;
    let last = finder.word(at) == "last";
    let at = if last { at + 1 } else { at };
    let token = if last { finder.free(at)? } else { token };
    let number = month(&token.word)?;
    let doubtful = DOUBTFUL_MONTHS.contains(&token.word.as_str());
    if doubtful && !led && !last && (token.word != "march" || !token.capital) {
        return None;
    }
    // "February 30" is no day, and not February either.
    if day_number(finder, at + 1).is_some() {
        return None;
    }
    let today = finder.around.today;
    let year = if number > today.month() || (last && number == today.month()) {
        today.year().checked_sub(1)?
    } else {
        today.year()
    };
    let days = month_of(year, number)?;
    let days = if days.until > today {
        up_to_today(days, today)?
    } else {
        days
    };
    Some((days, at + 1))
}

/// `Q3`, `Q3 2025`, `the third quarter`.
pub(super) fn quarter(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let today = finder.around.today;
    let start = if finder.word(at) == "the" { at + 1 } else { at };
    let (number, next) = match (finder.word(start), finder.word(start + 1)) {
        ("q1", _) => (1, start + 1),
        ("q2", _) => (2, start + 1),
        ("q3", _) => (3, start + 1),
        ("q4", _) => (4, start + 1),
        ("first", "quarter") => (1, start + 2),
        ("second", "quarter") => (2, start + 2),
        ("third", "quarter") => (3, start + 2),
        ("fourth", "quarter") => (4, start + 2),
        _ => return None,
    };
    let (year, until) = year_behind(finder, next);
    let begun = (number - 1) * 3 < today.month();
    let year = year.unwrap_or(if begun {
        today.year()
    } else {
        today.year() - 1
    });
    let days = quarter_of(year, number)?;
    let days = if days.until > today {
        up_to_today(days, today)?
    } else {
        days
    };
    Some((days, until))
}

/// `2025` as a year, behind "in" or "since".
pub(super) fn year(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let (year, until) = year_behind(finder, at);
    let today = finder.around.today;
    let days = year_of(year?)?;
    let days = if days.until > today {
        up_to_today(days, today)?
    } else {
        days
    };
    Some((days, until))
}

pub(super) fn year_behind(finder: &Finder<'_>, at: usize) -> (Option<i16>, usize) {
    let comma = finder.free(at).is_some_and(|token| token.is_symbol(','));
    let next = if comma || matches!(finder.word(at), "of" | "de") {
        at + 1
    } else {
        at
    };
    let year = finder
        .digits(next)
        .filter(|digits| digits.len() == 4)
        .and_then(|digits| digits.parse::<i16>().ok())
        .filter(|year| (1990..=2100).contains(year));
    match year {
        Some(year) => (Some(year), next + 1),
        None => (None, at),
    }
}

/// A day of a month: `3`, `3rd`, `first`. Not a number with a unit of money behind.
pub(in crate::entities) fn day_number(finder: &Finder<'_>, at: usize) -> Option<(i8, usize)> {
    let digits = finder.digits(at).filter(|digits| digits.len() <= 2)?;
    let day: i8 = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    let ordinal = finder
        .free(at + 1)
        .is_some_and(|t| t.glued && matches!(t.text.as_str(), "st" | "nd" | "rd" | "th"));
    if !ordinal
        && finder
            .free(at + 1)
            .is_some_and(|t| t.glued && t.kind == Kind::Word)
    {
        return None;
    }
    Some((day, if ordinal { at + 2 } else { at + 1 }))
}

pub(crate) fn month(word: &str) -> Option<i8> {
    MONTHS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

pub(super) fn dated(finder: &Finder<'_>, year: Option<i16>, month: i8, day: i8) -> Option<Date> {
    let today = finder.around.today;
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => Date::new(today.year(), month, day)
            .ok()
            .filter(|date| *date <= today)
            .or_else(|| Date::new(today.year() - 1, month, day).ok()),
    }
}
