//! Dates and stretches of days: "yesterday", "last month", "since March", "the past two weeks", "Q3".
//!
//! Everything is relative to the day that is passed in. Weeks begin on Monday. A month or a day without
//! a year is the last one that has begun; a year may be given. Days that do not exist ("February 30")
//! are no dates. Times of day are not read.

mod calendar;
mod dated;
mod relative;
#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Finder, Value};
use crate::command::{Flow, Period};
use calendar::{Days, day_of};
pub(crate) use dated::month;
pub(super) use dated::{day_number, numeric_day};
use dated::{month_alone, named_date, numeric_date, quarter, year};
pub(crate) use relative::weekday_named;
use relative::{last_so_many, relative_day, so_many_ago, this_or_last, weekday};

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

fn read_at(finder: &Finder<'_>, at: usize) -> Option<(Period, usize)> {
    between(finder, at)
        .or_else(|| since_or_until(finder, at))
        .or_else(|| stretch_with_preposition(finder, at))
        .or_else(|| range(finder, at))
        .or_else(|| stretch(finder, at))
        .filter(|(days, _)| days.from < days.until)
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
        .or_else(|| day_of_month(finder, at))
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
    if let Some(days) = days_of_month(finder, at) {
        return Some(days);
    }
    let (first, next) = edge(finder, at)?;
    if !joins(finder, next) {
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

fn joins(finder: &Finder<'_>, at: usize) -> bool {
    matches!(
        finder.word(at),
        "and" | "to" | "through" | "until" | "till" | "thru" | "y" | "al" | "hasta" | "a"
    ) || finder.free(at).is_some_and(|token| token.is_symbol('-'))
}

/// `3 to 10 May`, `the 3rd to the 10th of May`, `3 al 10 de mayo`.
fn days_of_month(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let from = at + usize::from(matches!(finder.word(at), "the" | "el"));
    let (day, next) = day_number(finder, from)?;
    if !joins(finder, next) {
        return None;
    }
    let Some((last, until)) = named_date(finder, next + 1) else {
        // "Between 10 and 20" is no stretch of days.
        let ordinal = next == from + 2;
        return days_without_month(finder, at, (day, ordinal), next + 1);
    };
    let first = Date::new(last.from.year(), last.from.month(), day).ok()?;
    let one_day = last.from.tomorrow().ok()? == last.until;
    let label = format!("{} to {}", day_of(first).label, last.label);
    (one_day && first < last.from).then_some((
        Days {
            from: first,
            until: last.until,
            label,
        },
        until,
    ))
}

/// `on the 21st`: the last one that has begun.
fn day_of_month(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let the = finder.reads(at, &["on", "the"]);
    let (day, until) = day_number(finder, at + 2).filter(|(_, until)| the && *until == at + 4)?;
    let today = finder.around.today;
    let month = if day <= today.day() {
        today
    } else {
        today.first_of_month().checked_sub(1.month()).ok()?
    };
    let date = Date::new(month.year(), month.month(), day).ok()?;
    Some((day_of(date), until))
}

/// `from the 3rd to the 12th`: of the last month in which they have begun, or the next one for a trip.
fn days_without_month(
    finder: &Finder<'_>,
    at: usize,
    (first, ordinal): (i8, bool),
    next: usize,
) -> Option<Found> {
    let led = matches!(
        finder.word_before(at, 1),
        "from" | "between" | "del" | "desde" | "entre"
    );
    let at = next + usize::from(matches!(finder.word(next), "the" | "el"));
    let (last, until) = day_number(finder, at)?;
    let travels = finder.around.flow == Some(Flow::TravelNotice);
    let days = travels || (ordinal && until == at + 2);
    if !led || first >= last || !days {
        return None;
    }
    let today = finder.around.today;
    let this_month = if travels {
        first >= today.day()
    } else {
        first <= today.day()
    };
    let month = match (this_month, travels) {
        (true, _) => today.first_of_month(),
        (false, true) => today.first_of_month().checked_add(1.month()).ok()?,
        (false, false) => today.first_of_month().checked_sub(1.month()).ok()?,
    };
    let first = Date::new(month.year(), month.month(), first).ok()?;
    let last = day_of(Date::new(month.year(), month.month(), last).ok()?);
    let label = format!("{} to {}", day_of(first).label, last.label);
    let days = Days {
        from: first,
        until: last.until,
        label,
    };
    Some((days, until))
}

/// Days as a stretch of their own.
pub(crate) fn named(from: Date, until: Date) -> Period {
    let month = calendar::month_of(from.year(), from.month());
    let year = calendar::year_of(from.year());
    let whole = [month, year]
        .into_iter()
        .flatten()
        .find(|days| days.from == from && days.until == until);
    let days = whole.unwrap_or_else(|| Days {
        from,
        until,
        label: format!(
            "{} to {}",
            day_of(from).label,
            day_of(until.yesterday().unwrap_or(until)).label
        ),
    });
    days.into()
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
