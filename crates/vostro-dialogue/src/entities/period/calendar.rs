//! Stretches of the calendar by their names: a day, a week, a month, a quarter, a year.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::command::Period;

pub(super) const MONTH_NAMES: [&str; 12] = [
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

/// Days with their label, before a label of a combination is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) label: String,
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

pub(super) fn day_of(date: Date) -> Days {
    Days {
        from: date,
        until: date.tomorrow().unwrap_or(date),
        label: month_day(date),
    }
}

pub(super) fn week_of(date: Date) -> Option<Days> {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    let from = date.checked_sub(back.days()).ok()?;
    Some(Days {
        from,
        until: from.checked_add(7.days()).ok()?,
        label: format!("the week of {}", month_day(from)),
    })
}

pub(super) fn weekend(today: Date, which: i64) -> Option<Days> {
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

pub(super) fn month_of(year: i16, month: i8) -> Option<Days> {
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

pub(super) fn quarter_of(year: i16, number: i8) -> Option<Days> {
    let from = Date::new(year, (number - 1) * 3 + 1, 1).ok()?;
    Some(Days {
        from,
        until: from.checked_add(3.months()).ok()?,
        label: format!("Q{number} {year}"),
    })
}

pub(super) fn quarter_before(today: Date, which: i64) -> Option<Days> {
    let day = today
        .first_of_month()
        .checked_sub((3 * which).months())
        .ok()?;
    quarter_of(day.year(), (day.month() - 1) / 3 + 1)
}

pub(super) fn year_of(year: i16) -> Option<Days> {
    Some(Days {
        from: Date::new(year, 1, 1).ok()?,
        until: Date::new(year.checked_add(1)?, 1, 1).ok()?,
        label: year.to_string(),
    })
}

/// A stretch that has not ended ends today.
pub(super) fn up_to_today(days: Days, today: Date) -> Option<Days> {
    let tomorrow = today.tomorrow().ok()?;
    Some(Days {
        until: days.until.min(tomorrow),
        ..days
    })
    .filter(|days| days.from < days.until)
}

pub(super) fn month_day(date: Date) -> String {
    let name = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|i| MONTH_NAMES.get(i))
        .copied()
        .unwrap_or_default();
    format!("{name} {}, {}", date.day(), date.year())
}

pub(super) const fn weekday_name(day: Weekday) -> &'static str {
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
