//! The holidays of the Federal Reserve Banks, by rule.
//!
//! Source: the Reserve Banks' holiday schedule (frbservices.org, "Federal Reserve Bank holidays"), which keeps
//! the legal public holidays of 5 U.S.C. 6103(a) with its own rule for weekends: a holiday on a Sunday is kept
//! on the Monday after, one on a Saturday is not moved, so the Friday before is a business day.
//! Days of mourning and other single closings are data: `calendar.closed_on`.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The first year in which Juneteenth was kept (Public Law 117-17).
const JUNETEENTH_SINCE: i16 = 2021;

/// Whether the Federal Reserve Banks are closed for a holiday on this day (weekends aside).
pub fn federal_reserve(date: Date) -> bool {
    let sunday_before =
        date.weekday() == Weekday::Monday && date.checked_sub(1.day()).is_ok_and(is_fixed);
    is_fixed(date) || is_floating(date) || sunday_before
}

/// New Year's Day, Juneteenth, Independence Day, Veterans Day, Christmas Day.
fn is_fixed(date: Date) -> bool {
    match (date.month(), date.day()) {
        (1, 1) | (7, 4) | (11, 11) | (12, 25) => true,
        (6, 19) => date.year() >= JUNETEENTH_SINCE,
        _ => false,
    }
}

/// Birthday of Martin Luther King, Jr.; Washington's Birthday; Memorial Day; Labor Day; Columbus Day;
/// Thanksgiving Day.
fn is_floating(date: Date) -> bool {
    let nth = (date.day() - 1) / 7 + 1;
    let is_last = date.day() + 7 > date.days_in_month();
    match (date.month(), date.weekday()) {
        (1 | 2, Weekday::Monday) => nth == 3,
        (5, Weekday::Monday) => is_last,
        (9, Weekday::Monday) => nth == 1,
        (10, Weekday::Monday) => nth == 2,
        (11, Weekday::Thursday) => nth == 4,
        _ => false,
    }
}
