//! The first day of an order: named, led to by a word, or so far from today.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::Said;
use super::named::{BEHIND_A_DAY, named_day};
use crate::entities::Finder;
use crate::entities::period::{month, numeric_day, weekday_named};
use crate::understand::text::Kind;

/// A day that was so lately is not taken for next year's.
const PAST_DAYS: i32 = 60;

/// Days that are called by a name, with month and day.
const HOLIDAYS: &[(&[&str], i8, i8)] = &[
    (&["christmas", "eve"], 12, 24),
    (&["christmas", "day"], 12, 25),
    (&["boxing", "day"], 12, 26),
    (&["new", "years", "eve"], 12, 31),
    (&["new", "year", "'s", "eve"], 12, 31),
    (&["nochebuena"], 12, 24),
    (&["nochevieja"], 12, 31),
];

/// `tomorrow`, `on Friday`, `next month`, `in two weeks`, `on the 1st`, `on December 5`.
pub(super) fn start(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    let word = finder.word(at);
    if let Some((date, until)) = near_day(finder, at) {
        said.first = Some(date);
        return Some(until);
    }
    let led = matches!(
        word,
        "on" | "next"
            | "this"
            | "starting"
            | "beginning"
            | "from"
            | "by"
            | "coming"
            | "to"
            | "til"
            | "till"
            | "until"
            | "el"
            | "for"
            | "first"
            | "start"
            | "begin"
            | "desde"
            | "empezando"
            | "comenzando"
            | "partir"
    );
    if led {
        return led_day(finder, at, said);
    }
    if word == "in" {
        return distance(finder, at, said);
    }
    if let Some((date, until)) = month_day(finder, at) {
        said.first = Some(date);
        return Some(until);
    }
    // "Make it the 15th": a day for what is being changed.
    if word == "the"
        && matches!(finder.word_before(at, 1), "it" | "that" | "day")
        && is_ordinal(finder, at + 1)
        && finder.digits(at + 1).is_some()
        && let Some((day, until)) = named_day(finder, at + 1)
    {
        on_day_of_month(today, day, said);
        return Some(of_the_month(finder, until));
    }
    // "Send 40 to Anna fri": a day by itself, where nothing else is said of it.
    let day = weekday_named(word)?;
    let last = finder.token(at + 1).is_none_or(|token| {
        token.kind == Kind::Symbol
            || token.is_any(&["instead", "please", "morning", "then", "not", "thanks"])
    });
    // "Por la cena del viernes" is said of the dinner.
    let looks_back = matches!(
        finder.word_before(at, 1),
        "last" | "since" | "past" | "del" | "de"
    );
    if !last || looks_back {
        return None;
    }
    said.first = next_weekday(today, day);
    Some(at + 1)
}

/// The day behind one of the words that lead to it: `on Friday`, `next week`, `on the 1st`, `starting January`.
fn led_day(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    let word = finder.word(at);
    // "But not til Tuesday"; any other "until" is an end.
    if matches!(word, "til" | "till" | "until") && finder.word_before(at, 1) != "not" {
        return None;
    }
    let starts = matches!(
        word,
        "starting"
            | "beginning"
            | "from"
            | "start"
            | "begin"
            | "desde"
            | "empezando"
            | "comenzando"
            | "partir"
    );
    let lead = finder.word(at + 1);
    let the = matches!(
        lead,
        "the" | "on" | "next" | "this" | "coming" | "el" | "del" | "proximo" | "dia"
    ) || (starts && matches!(lead, "in" | "en" | "de"));
    let next = if the { at + 2 } else { at + 1 };
    // "Desde el dia 10", "empezando el proximo lunes".
    let next = next + usize::from(the && matches!(finder.word(next), "dia" | "proximo"));
    // "Starting on the 5th".
    let next = next + usize::from(lead == "on" && finder.word(next) == "the");
    let the = the || word == "el";
    if finder.word(next) == "tomorrow" && finder.token(next + 1).is_none_or(|it| it.text != "'s") {
        said.first = Some(today.tomorrow().ok()?);
        return Some(next + 1);
    }
    if let Some(day) = weekday_named(finder.word(next)) {
        // "For Friday's dinner", "for the friday night pizza" are said of the dinner.
        let of_it = finder.token(next + 1).is_some_and(|token| {
            let thing = word == "for" && token.kind == Kind::Word && !token.is_any(BEHIND_A_DAY);
            token.text == "'s" || thing
        });
        if of_it {
            return None;
        }
        said.first = next_weekday(today, day);
        return Some(next + 1);
    }
    if let Some((date, until)) = month_day(finder, next).or_else(|| in_digits(finder, next)) {
        said.first = Some(date);
        return Some(until);
    }
    if the
        // "For the 15th" is a day, "for the 3 of us" is not.
        && (!matches!(word, "for" | "to") || is_ordinal(finder, next))
        && let Some((day, until)) = named_day(finder, next)
    {
        on_day_of_month(today, day, said);
        let behind = of_the_month(finder, until);
        if finder.reads(until, &["of", "next", "month"]) {
            let before = today.last_of_month();
            on_day_of_month(before, day, said);
        }
        return Some(behind);
    }
    // "Starting January": its first day.
    if starts && let Some(month) = month(finder.word(next)) {
        said.first = ahead(today, month, 1);
        return Some(next + 1);
    }
    let is_next = word == "next" || finder.word(at + 1) == "next";
    match finder.word(next) {
        "week" if is_next && said.weekday.is_some() => {
            said.first = next_weekday(today, Weekday::Monday);
        }
        "week" if is_next => said.first = today.checked_add(7.days()).ok(),
        "month" if is_next => said.first = today.checked_add(1.month()).ok(),
        _ => return None,
    }
    Some(next + 1)
}

/// `in two weeks`, `in 3 days`.
fn distance(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    let count: i64 = match finder.word(at + 1) {
        "a" | "one" => 1,
        "two" => 2,
        "three" => 3,
        _ => finder
            .digits(at + 1)?
            .parse()
            .ok()
            .filter(|count| *count <= 365)?,
    };
    let span = match finder.word(at + 2) {
        "day" | "days" => Span::new().try_days(count),
        "week" | "weeks" => Span::new().try_weeks(count),
        "fortnight" => Span::new().try_weeks(count * 2),
        "month" | "months" => Span::new().try_months(count),
        _ => return None,
    };
    said.first = today.checked_add(span.ok()?).ok();
    Some(at + 3)
}

/// "15th", and not a plain number.
fn is_ordinal(finder: &Finder<'_>, at: usize) -> bool {
    finder.digits(at).is_none()
        || finder
            .token(at + 1)
            .is_some_and(|token| token.glued && token.is_any(&["st", "nd", "rd", "th"]))
}

/// `tomorrow`, `the day after tomorrow`, `a week from today`, `monday week`, `2026-12-03`, `12/14`.
fn near_day(finder: &Finder<'_>, at: usize) -> Option<(Date, usize)> {
    let today = finder.around.today;
    let word = finder.word(at);
    let from = at + usize::from(matches!(word, "the" | "on"));
    for (words, days) in [
        (&["day", "after", "tomorrow"][..], 2),
        (&["pasado", "manana"], 2),
        (&["tomorrow"], 1),
        (&["manana"], 1),
        (&["mañana"], 1),
    ] {
        let until = from + words.len();
        // "For tomorrow's match".
        let of_it = finder.token(until).is_some_and(|token| token.text == "'s");
        if finder.reads(from, words) && !of_it {
            return Some((today.checked_add(days.days()).ok()?, until));
        }
    }
    for (words, month, day) in HOLIDAYS {
        if finder.reads(from, words) {
            return Some((ahead(today, *month, *day)?, from + words.len()));
        }
    }
    let weeks = match (finder.word(at), finder.word(at + 1)) {
        ("a" | "one", "week") => 1,
        ("two" | "2", "weeks") => 2,
        _ => 0,
    };
    if weeks > 0 && finder.word(at + 2) == "from" {
        let next = at + 3 + usize::from(finder.word(at + 3) == "on");
        let from = match finder.word(next) {
            "today" | "now" => today,
            "tomorrow" => today.tomorrow().ok()?,
            word => next_weekday(today, weekday_named(word)?)?,
        };
        return Some((from.checked_add(weeks.weeks()).ok()?, next + 1));
    }
    // "A week later": than what was said before.
    if weeks > 0 && finder.word(at + 2) == "later" {
        let before = finder.around.schedule?.first();
        return Some((before.checked_add(weeks.weeks()).ok()?, at + 3));
    }
    if let Some(day) = weekday_named(finder.word(from))
        && finder.word(from + 1) == "week"
    {
        let next = next_weekday(today, day)?;
        return Some((next.checked_add(1.week()).ok()?, from + 2));
    }
    in_digits(finder, at + usize::from(word == "on"))
}

/// `2026-12-03`, `12/14`: a day to come.
pub(super) fn in_digits(finder: &Finder<'_>, at: usize) -> Option<(Date, usize)> {
    let today = finder.around.today;
    let (year, month, day, until) = numeric_day(finder, at)?;
    let date = match year {
        Some(year) => Date::new(year, month, day)
            .ok()
            .filter(|date| *date > today)?,
        None => ahead(today, month, day)?,
    };
    Some((date, until))
}

/// `December 5`, `Dec 5th`, `5 December`, `the 5th of December`.
pub(super) fn month_day(finder: &Finder<'_>, at: usize) -> Option<(Date, usize)> {
    if let Some(month) = month(finder.word(at)) {
        let (day, until) = named_day(finder, at + 1)?;
        return Some((ahead(finder.around.today, month, day)?, until));
    }
    let (day, next) = named_day(finder, at)?;
    let next = if matches!(finder.word(next), "of" | "de") {
        next + 1
    } else {
        next
    };
    let month = month(finder.word(next))?;
    Some((ahead(finder.around.today, month, day)?, next + 1))
}

/// The day of this month and number that comes next, today left out.
pub(super) fn ahead(today: Date, month: i8, day: i8) -> Option<Date> {
    let this_year = Date::new(today.year(), month, day).ok();
    // "On November 1" on the 26th is not meant of next year.
    let just_been = |date: &Date| {
        *date <= today
            && today
                .since(*date)
                .is_ok_and(|span| span.get_days() < PAST_DAYS)
    };
    if this_year.as_ref().is_some_and(just_been) {
        return None;
    }
    let this_year = this_year.filter(|date| *date > today);
    this_year.or_else(|| Date::new(today.year().checked_add(1)?, month, day).ok())
}

pub(super) fn next_weekday(today: Date, day: Weekday) -> Option<Date> {
    today.nth_weekday(1, day).ok()
}

/// The next day of this number; in a month that is shorter, its last day.
pub(super) fn on_day_of_month(today: Date, day: i8, said: &mut Said) {
    let in_month =
        |month: Date| Date::new(month.year(), month.month(), day.min(month.days_in_month())).ok();
    let next = |today: Date| in_month(today.first_of_month().checked_add(1.month()).ok()?);
    let this = in_month(today).filter(|date| *date > today);
    said.first = this.or_else(|| next(today));
    said.day_of_month = Some(day);
}

/// Behind a day of the month: `of the month`, `of every month` (which is left for its own reading).
pub(super) fn of_the_month(finder: &Finder<'_>, at: usize) -> usize {
    let whole = [
        &["of", "the", "month"][..],
        &["of", "next", "month"],
        &["de", "este", "mes"],
        &["del", "mes"],
    ];
    if let Some(words) = whole.iter().find(|words| finder.reads(at, words)) {
        at + words.len()
    } else if matches!(
        (finder.word(at), finder.word(at + 1)),
        ("of", "every" | "each") | ("de", "cada" | "todos")
    ) {
        at + 1
    } else {
        at
    }
}
