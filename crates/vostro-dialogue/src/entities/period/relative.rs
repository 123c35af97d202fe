//! Stretches told from today: "yesterday", "last week", "the past two weeks", "three days ago", "on Monday".

use jiff::ToSpan;
use jiff::civil::Weekday;

use super::Found;
use super::calendar::{
    Days, day_of, month_day, month_of, quarter_before, up_to_today, week_of, weekday_name, weekend,
    year_of,
};
use crate::entities::{Finder, number_words};

pub(super) const WEEKDAYS: &[(&str, Weekday)] = &[
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

pub(super) fn relative_day(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let today = finder.around.today;
    let named = |back: i64, label: &str| {
        let date = today.checked_sub(back.days()).ok()?;
        Some(Days {
            label: label.to_owned(),
            ..day_of(date)
        })
    };
    match finder.word(at) {
        "today" | "tonight" | "hoy" => Some((named(0, "today")?, at + 1)),
        "yesterday" | "ayer" => Some((named(1, "yesterday")?, at + 1)),
        "the" if finder.reads(at + 1, &["day", "before", "yesterday"]) => {
            Some((named(2, "the day before yesterday")?, at + 4))
        }
        "anteayer" => Some((named(2, "the day before yesterday")?, at + 1)),
        "last" if finder.word(at + 1) == "night" => Some((named(1, "yesterday")?, at + 2)),
        // The last one that has begun.
        "the" if finder.word(at + 1) == "weekend" => {
            let begun = today.weekday().to_monday_zero_offset() >= 5;
            let days = weekend(today, i64::from(!begun))?;
            let label = if begun {
                "this weekend"
            } else {
                "last weekend"
            };
            let days = Days {
                label: label.to_owned(),
                ..days
            };
            Some((up_to_today(days, today)?, at + 2))
        }
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

pub(super) fn year_to_date(finder: &Finder<'_>, until: usize) -> Option<Found> {
    let today = finder.around.today;
    let days = Days {
        label: "this year".to_owned(),
        ..year_of(today.year())?
    };
    Some((up_to_today(days, today)?, until))
}

/// `(the) last|past 30 days`, `the past two weeks`, `last couple of months`.
pub(super) fn last_so_many(finder: &Finder<'_>, at: usize) -> Option<Found> {
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
    // "The past week" is the last seven days, "last week" the week before this one.
    let past =
        finder.word(start) == "past" && matches!(finder.word(start + 1), "week" | "month" | "year");
    let (count, next) = if past {
        (1, start + 1)
    } else {
        quantity(finder, start + 1)?
    };
    let word = finder.word(next);
    let today = finder.around.today;
    let (from, unit) = match word {
        "days" | "day" | "dias" => (today.checked_sub((count - 1).max(0).days()).ok()?, "days"),
        "hours" | "hour" | "horas" => {
            let days = (count + 23) / 24;
            (today.checked_sub((days - 1).max(0).days()).ok()?, "hours")
        }
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
    let label = if past {
        format!("the past {word}")
    } else {
        format!("the last {count} {unit}")
    };
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
pub(super) fn quantity(finder: &Finder<'_>, at: usize) -> Option<(i64, usize)> {
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
pub(super) fn this_or_last(finder: &Finder<'_>, at: usize) -> Option<Found> {
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
        ("last" | "previous", unit, _) => (1, unit, start + 2),
        ("month" | "week" | "year", "before", "last") => (2, finder.word(start), start + 3),
        _ => return None,
    };
    let today = finder.around.today;
    let whole = match unit {
        "week" | "weeks" | "semana" => week_of(today.checked_sub((7 * which).days()).ok()?)?,
        "month" | "months" | "mes" => {
            let day = today.first_of_month().checked_sub(which.months()).ok()?;
            month_of(day.year(), day.month())?
        }
        "year" | "years" | "ano" => year_of(today.checked_sub(which.years()).ok()?.year())?,
        "quarter" => quarter_before(today, which)?,
        "weekend" => weekend(today, which)?,
        _ => return None,
    };
    let unit = match unit {
        "weeks" | "semana" => "week",
        "months" | "mes" => "month",
        "years" | "ano" => "year",
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

/// The day of the week of this name.
pub(crate) fn weekday_named(word: &str) -> Option<Weekday> {
    WEEKDAYS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, day)| *day)
}

/// `last Tuesday`, `on Monday`, `this Friday`: the last one that has been; today counts for "this".
pub(super) fn weekday(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let lead = matches!(finder.word(at), "last" | "this" | "past" | "el" | "on");
    let (word, until) = if lead {
        (finder.word(at + 1), at + 2)
    } else {
        (finder.word(at), at + 1)
    };
    let wanted = WEEKDAYS.iter().find(|(name, _)| *name == word)?.1;
    let today = finder.around.today;
    let back = i64::from(today.weekday().since(wanted));
    let back = if back == 0 && finder.word(at) != "this" {
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

/// `two days ago`, `a week ago`, `3 months ago`.
pub(super) fn so_many_ago(finder: &Finder<'_>, at: usize) -> Option<Found> {
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
