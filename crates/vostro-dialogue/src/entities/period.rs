//! Dates and stretches of days: "yesterday", "last month", "since March", "the past two weeks", "Q3".
//!
//! Everything is relative to the day that is passed in. Weeks begin on Monday. A month or a day without
//! a year is the last one that has begun; a year may be given. Days that do not exist ("February 30")
//! are no dates. Times of day are not read.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Finder, Value, number_words};
use crate::command::Period;
use crate::understand::text::Kind;

const MONTHS: &[(&str, i8)] = &[
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
const DOUBTFUL_MONTHS: &[&str] = &["may", "march", "mar", "sep", "dec"];
const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
    ("mon", Weekday::Monday),
    ("tues", Weekday::Tuesday),
    ("tue", Weekday::Tuesday),
    ("thurs", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("lunes", Weekday::Monday),
    ("martes", Weekday::Tuesday),
    ("miercoles", Weekday::Wednesday),
    ("jueves", Weekday::Thursday),
    ("viernes", Weekday::Friday),
    ("sabado", Weekday::Saturday),
    ("domingo", Weekday::Sunday),
];

/// Finds periods and claims them with the words that lead to them ("since", "in", "between … and …").
pub fn find(finder: &mut Finder<'_>) {
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at) {
            Some((period, until)) => {
                finder.claim(at, until, Value::Period(period));
                until
            }
            None => at + 1,
        };
    }
}

/// A stretch as a finder sees it: days, label, the place after its words.
type Found = (Days, usize);

/// Days with their label, before a label of a combination is made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Days {
    from: Date,
    until: Date,
    label: String,
}

impl From<Days> for Period {
    fn from(days: Days) -> Self {
        Self {
            from: days.from,
            until: days.until,
            label: days.label,
        }
    }
}

fn read_at(finder: &Finder<'_>, at: usize) -> Option<(Period, usize)> {
    between(finder, at)
        .or_else(|| since_or_until(finder, at))
        .or_else(|| stretch_with_preposition(finder, at))
        .or_else(|| range(finder, at))
        .or_else(|| stretch(finder, at))
        .map(|(days, until)| (days.into(), until))
}

/// `in October`, `on March 3`, `for the last week`, `during last month`, `within …`, `over …`.
fn stretch_with_preposition(finder: &Finder<'_>, at: usize) -> Option<Found> {
    if !matches!(
        finder.word(at),
        "in" | "on" | "for" | "during" | "over" | "within" | "throughout" | "en" | "durante"
    ) {
        return None;
    }
    // "What came in this month": the "in" is the verb's.
    if matches!(
        finder.word_before(at, 1),
        "came" | "come" | "comes" | "coming" | "paid" | "went"
    ) {
        return None;
    }
    let next = if matches!(finder.word(at + 1), "the" | "el" | "la" | "all")
        && finder.word(at + 2) != "all"
    {
        at + 2
    } else {
        at + 1
    };
    range(finder, at + 1)
        .or_else(|| stretch(finder, at + 1))
        .or_else(|| month_alone(finder, at + 1, true))
        .or_else(|| stretch(finder, next))
        .or_else(|| year(finder, at + 1))
}

/// `between March 1 and March 15`, `from March 1 to March 15`.
fn between(finder: &Finder<'_>, at: usize) -> Option<Found> {
    if !matches!(
        finder.word(at),
        "between" | "from" | "entre" | "desde" | "del"
    ) {
        return None;
    }
    range(finder, at + 1)
}

/// `March 1 to March 15`, `Oct 1 - Oct 15`, `June through August`.
fn range(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let (first, next) = edge(finder, at)?;
    let joined = matches!(
        finder.word(next),
        "and" | "to" | "through" | "until" | "till" | "thru" | "y" | "al" | "hasta" | "a"
    ) || finder.free(next).is_some_and(|token| token.is_symbol('-'));
    if !joined {
        return None;
    }
    let (last, until) = edge(finder, next + 1).or_else(|| {
        // "March 1 to 15"
        let (day, until) = day_number(finder, next + 1)?;
        let date = Date::new(first.from.year(), first.from.month(), day).ok()?;
        Some((day_of(date), until))
    })?;
    let mut from = first.from;
    // "December to February": the first month belongs to the year before.
    if from > last.until {
        from = from.checked_sub(1.year()).ok()?;
    }
    if from >= last.until {
        return None;
    }
    let label = format!("{} to {}", first.label, last.label);
    Some((
        Days {
            from,
            until: last.until,
            label,
        },
        until,
    ))
}

fn edge(finder: &Finder<'_>, at: usize) -> Option<Found> {
    stretch(finder, at).or_else(|| month_alone(finder, at, true))
}

/// `since March`, `after October 3`, `until yesterday`, `before March`.
fn since_or_until(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let today = finder.around.today;
    let tomorrow = today.tomorrow().ok()?;
    let word = finder.word(at);
    match word {
        "since" | "desde" | "after" | "starting" => {
            let next = if matches!(finder.word(at + 1), "the" | "from") {
                at + 2
            } else {
                at + 1
            };
            let (days, until) = edge(finder, at + 1)
                .or_else(|| edge(finder, next))
                .or_else(|| year(finder, at + 1))?;
            let from = if word == "after" {
                days.until
            } else {
                days.from
            };
            let label = format!("since {}", days.label);
            let label = if word == "after" {
                format!("after {}", days.label)
            } else {
                label
            };
            (from < tomorrow).then_some((
                Days {
                    from,
                    until: tomorrow,
                    label,
                },
                until,
            ))
        }
        "until" | "before" | "till" | "hasta" => {
            let (days, until) = edge(finder, at + 1)?;
            let end = if word == "before" {
                days.from
            } else {
                days.until
            };
            let from = end.checked_sub(1.year()).ok()?;
            let label = format!(
                "{} {}",
                if word == "before" { "before" } else { "until" },
                days.label
            );
            Some((
                Days {
                    from,
                    until: end,
                    label,
                },
                until,
            ))
        }
        _ => None,
    }
}

/// A stretch that names itself.
fn stretch(finder: &Finder<'_>, at: usize) -> Option<Found> {
    relative_day(finder, at)
        .or_else(|| last_so_many(finder, at))
        .or_else(|| this_or_last(finder, at))
        .or_else(|| numeric_date(finder, at))
        .or_else(|| named_date(finder, at))
        .or_else(|| weekday(finder, at))
        .or_else(|| quarter(finder, at))
        .or_else(|| so_many_ago(finder, at))
        .or_else(|| month_alone(finder, at, false))
}

fn relative_day(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let today = finder.around.today;
    let named = |back: i64, label: &str| {
        let date = today.checked_sub(back.days()).ok()?;
        Some(Days {
            label: label.to_owned(),
            ..day_of(date)
        })
    };
    match finder.word(at) {
        "today" | "hoy" => Some((named(0, "today")?, at + 1)),
        "yesterday" | "ayer" => Some((named(1, "yesterday")?, at + 1)),
        "tonight" => Some((named(0, "today")?, at + 1)),
        "the" if finder.reads(at + 1, &["day", "before", "yesterday"]) => {
            Some((named(2, "the day before yesterday")?, at + 4))
        }
        "anteayer" => Some((named(2, "the day before yesterday")?, at + 1)),
        "last" if finder.word(at + 1) == "night" => Some((named(1, "yesterday")?, at + 2)),
        "ytd" => year_to_date(finder, at + 1),
        "year" if finder.reads(at + 1, &["to", "date"]) => year_to_date(finder, at + 3),
        "month" if finder.reads(at + 1, &["to", "date"]) => {
            let days = Days {
                label: "this month".to_owned(),
                ..month_of(today.year(), today.month())?
            };
            Some((up_to_today(days, today)?, at + 3))
        }
        _ => None,
    }
}

fn year_to_date(finder: &Finder<'_>, until: usize) -> Option<Found> {
    let today = finder.around.today;
    let days = Days {
        label: "this year".to_owned(),
        ..year_of(today.year())?
    };
    Some((up_to_today(days, today)?, until))
}

/// `(the) last|past 30 days`, `the past two weeks`, `last couple of months`.
fn last_so_many(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let start = if matches!(finder.word(at), "the" | "los" | "las" | "my" | "these") {
        at + 1
    } else {
        at
    };
    if !matches!(
        finder.word(start),
        "last" | "past" | "previous" | "ultimos" | "ultimas"
    ) {
        return None;
    }
    let (count, next) = quantity(finder, start + 1)?;
    let word = finder.word(next);
    let today = finder.around.today;
    let (from, unit) = match word {
        "days" | "day" | "dias" => (today.checked_sub((count - 1).max(0).days()).ok()?, "days"),
        "weeks" | "week" | "semanas" => (
            today.checked_sub((count * 7 - 1).max(0).days()).ok()?,
            "weeks",
        ),
        "months" | "month" | "meses" => (
            today.checked_sub(count.months()).ok()?.tomorrow().ok()?,
            "months",
        ),
        "years" | "year" | "anos" => (
            today.checked_sub(count.years()).ok()?.tomorrow().ok()?,
            "years",
        ),
        _ => return None,
    };
    let label = format!("the last {count} {unit}");
    Some((
        Days {
            from,
            until: today.tomorrow().ok()?,
            label,
        },
        next + 1,
    ))
}

/// A number of units: digits, words, "few", "couple of". At most three digits.
fn quantity(finder: &Finder<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some(digits) = finder.digits(at) {
        let count: i64 = digits
            .parse()
            .ok()
            .filter(|count| (1..=999).contains(count))?;
        return Some((count, at + 1));
    }
    match finder.word(at) {
        "few" => return Some((3, at + 1)),
        "couple" if finder.word(at + 1) == "of" => return Some((2, at + 2)),
        "couple" => return Some((2, at + 1)),
        _ => {}
    }
    let (count, next) = number_words::read(&finder.text.tokens, at)?;
    let count = i64::try_from(count)
        .ok()
        .filter(|count| (1..=999).contains(count))?;
    Some((count, next))
}

/// `this month`, `last week`, `the past year`, `last weekend`, `the month`.
fn this_or_last(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let start = if matches!(finder.word(at), "the" | "el" | "la") {
        at + 1
    } else {
        at
    };
    let (which, unit, until) = match (
        finder.word(start),
        finder.word(start + 1),
        finder.word(start + 2),
    ) {
        (unit @ ("mes" | "semana" | "ano"), "pasado" | "pasada" | "anterior", _) => {
            (1, unit, start + 2)
        }
        ("this" | "current" | "este" | "esta", unit, _) => (0, unit, start + 2),
        ("last" | "previous" | "past", unit, _) => (1, unit, start + 2),
        ("month" | "week" | "year", "before", "last") => (2, finder.word(start), start + 3),
        _ => return None,
    };
    let today = finder.around.today;
    let whole = match unit {
        "week" | "semana" => week_of(today.checked_sub((7 * which).days()).ok()?)?,
        "month" | "mes" => {
            let day = today.first_of_month().checked_sub(which.months()).ok()?;
            month_of(day.year(), day.month())?
        }
        "year" | "ano" => year_of(today.checked_sub(which.years()).ok()?.year())?,
        "quarter" => quarter_before(today, which)?,
        "weekend" => weekend(today, which)?,
        _ => return None,
    };
    let unit = match unit {
        "semana" => "week",
        "mes" => "month",
        "ano" => "year",
        other => other,
    };
    let label = match which {
        0 => format!("this {unit}"),
        1 => format!("last {unit}"),
        _ => format!("the {unit} before last"),
    };
    let days = Days { label, ..whole };
    let days = if which == 0 {
        up_to_today(days, today)?
    } else {
        days
    };
    Some((days, until))
}

/// `2026-10-03`, `10/03`, `10/03/2026`, `10/3/26`: month before day, as in the United States.
fn numeric_date(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let first = finder.digits(at)?;
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
    if month.len() > 2 || day.len() > 2 {
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
    Some((day_of(dated(finder, year, month, day)?), until))
}

/// `March 3`, `March 3rd 2026`, `3 March`, `the 3rd of March`, `3 de marzo`, `March 2026`.
fn named_date(finder: &Finder<'_>, at: usize) -> Option<Found> {
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
fn month_alone(finder: &Finder<'_>, at: usize, led: bool) -> Option<Found> {
    let token = finder.free(at)?;
    let last = finder.word(at) == "last";
    let at = if last { at + 1 } else { at };
    let token = if last { finder.free(at)? } else { token };
    let number = month(&token.word)?;
    let doubtful = DOUBTFUL_MONTHS.contains(&token.word.as_str());
    if doubtful && !led && !last && (token.word != "march" || !token.capital) {
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

/// `last Tuesday`, `on Monday`, `this Friday`: the last one that has been; today counts for "this".
fn weekday(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let lead = matches!(finder.word(at), "last" | "this" | "past" | "el" | "on");
    let (word, until) = if lead {
        (finder.word(at + 1), at + 2)
    } else {
        (finder.word(at), at + 1)
    };
    let wanted = WEEKDAYS.iter().find(|(name, _)| *name == word)?.1;
    let today = finder.around.today;
    let back = i64::from(today.weekday().since(wanted));
    let back = if back == 0 && !(finder.word(at) == "this") {
        7
    } else {
        back
    };
    let date = today.checked_sub(back.days()).ok()?;
    let (until, label_day) = (until, date);
    Some((
        Days {
            label: format!("{} {}", weekday_name(wanted), month_day(label_day)),
            ..day_of(date)
        },
        until,
    ))
}

/// `Q3`, `Q3 2025`, `the third quarter`.
fn quarter(finder: &Finder<'_>, at: usize) -> Option<Found> {
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

/// `two days ago`, `a week ago`, `3 months ago`.
fn so_many_ago(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let (count, next) = match finder.word(at) {
        "a" | "an" | "one" => (1, at + 1),
        _ => quantity(finder, at)?,
    };
    if finder.word(next + 1) != "ago" {
        return None;
    }
    let today = finder.around.today;
    let days = match finder.word(next) {
        "day" | "days" => day_of(today.checked_sub(count.days()).ok()?),
        "week" | "weeks" => week_of(today.checked_sub((count * 7).days()).ok()?)?,
        "month" | "months" => {
            let day = today.first_of_month().checked_sub(count.months()).ok()?;
            month_of(day.year(), day.month())?
        }
        "year" | "years" => year_of(today.checked_sub(count.years()).ok()?.year())?,
        _ => return None,
    };
    Some((days, next + 2))
}

/// `2025` as a year, behind "in" or "since".
fn year(finder: &Finder<'_>, at: usize) -> Option<Found> {
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

fn year_behind(finder: &Finder<'_>, at: usize) -> (Option<i16>, usize) {
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
fn day_number(finder: &Finder<'_>, at: usize) -> Option<(i8, usize)> {
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

fn month(word: &str) -> Option<i8> {
    MONTHS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

fn dated(finder: &Finder<'_>, year: Option<i16>, month: i8, day: i8) -> Option<Date> {
    let today = finder.around.today;
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => Date::new(today.year(), month, day)
            .ok()
            .filter(|date| *date <= today)
            .or_else(|| Date::new(today.year() - 1, month, day).ok()),
    }
}

fn day_of(date: Date) -> Days {
    Days {
        from: date,
        until: date.tomorrow().unwrap_or(date),
        label: month_day(date),
    }
}

fn week_of(date: Date) -> Option<Days> {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    let from = date.checked_sub(back.days()).ok()?;
    Some(Days {
        from,
        until: from.checked_add(7.days()).ok()?,
        label: format!("the week of {}", month_day(from)),
    })
}

fn weekend(today: Date, which: i64) -> Option<Days> {
    let back = i64::from(today.weekday().to_monday_zero_offset());
    let monday = today.checked_sub(back.days()).ok()?;
    // On Monday "this weekend" has not come; the one meant by "last" is the two days before.
    let saturday = monday.checked_add((5 - 7 * which).days()).ok()?;
    Some(Days {
        from: saturday,
        until: saturday.checked_add(2.days()).ok()?,
        label: String::new(),
    })
}

fn month_of(year: i16, month: i8) -> Option<Days> {
    let from = Date::new(year, month, 1).ok()?;
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|i| MONTH_NAMES.get(i))?;
    Some(Days {
        from,
        until: from.checked_add(1.month()).ok()?,
        label: format!("{name} {year}"),
    })
}

fn quarter_of(year: i16, number: i8) -> Option<Days> {
    let from = Date::new(year, (number - 1) * 3 + 1, 1).ok()?;
    Some(Days {
        from,
        until: from.checked_add(3.months()).ok()?,
        label: format!("Q{number} {year}"),
    })
}

fn quarter_before(today: Date, which: i64) -> Option<Days> {
    let day = today
        .first_of_month()
        .checked_sub((3 * which).months())
        .ok()?;
    quarter_of(day.year(), (day.month() - 1) / 3 + 1)
}

fn year_of(year: i16) -> Option<Days> {
    Some(Days {
        from: Date::new(year, 1, 1).ok()?,
        until: Date::new(year.checked_add(1)?, 1, 1).ok()?,
        label: year.to_string(),
    })
}

/// A stretch that has not ended ends today.
fn up_to_today(days: Days, today: Date) -> Option<Days> {
    let tomorrow = today.tomorrow().ok()?;
    Some(Days {
        until: days.until.min(tomorrow),
        ..days
    })
    .filter(|days| days.from < days.until)
}

fn month_day(date: Date) -> String {
    let name = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|i| MONTH_NAMES.get(i))
        .copied()
        .unwrap_or_default();
    format!("{name} {}, {}", date.day(), date.year())
}

const fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
