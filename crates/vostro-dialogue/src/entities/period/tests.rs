//! Periods on Wednesday, 18 March 2026.

use jiff::civil::date;

use super::*;
use crate::entities::testing::{found, portfolio};
use crate::entities::{Surroundings, find as find_all};
use crate::understand::lexicon::Lexicon;
use crate::understand::text::Text;

fn period(text: &str) -> String {
    let shown: Vec<String> = found(text, &portfolio())
        .into_iter()
        .filter_map(|mention| match mention.value {
            Value::Period(period) => Some(format!(
                "{}..{} {}",
                period.from, period.until, period.label
            )),
            _ => None,
        })
        .collect();
    shown.join(" | ")
}

#[test]
fn days_weeks_and_months_from_today() {
    let cases = [
        ("today", "2026-03-18..2026-03-19 today"),
        ("yesterday", "2026-03-17..2026-03-18 yesterday"),
        (
            "the day before yesterday",
            "2026-03-16..2026-03-17 the day before yesterday",
        ),
        ("last night", "2026-03-17..2026-03-18 yesterday"),
        ("this week", "2026-03-16..2026-03-19 this week"),
        ("last week", "2026-03-09..2026-03-16 last week"),
        ("this month", "2026-03-01..2026-03-19 this month"),
        ("last month", "2026-02-01..2026-03-01 last month"),
        (
            "the month before last",
            "2026-01-01..2026-02-01 the month before last",
        ),
        ("this year", "2026-01-01..2026-03-19 this year"),
        ("last year", "2025-01-01..2026-01-01 last year"),
        ("last weekend", "2026-03-14..2026-03-16 last weekend"),
        ("last quarter", "2025-10-01..2026-01-01 last quarter"),
        ("year to date", "2026-01-01..2026-03-19 this year"),
        ("last 30 days", "2026-02-17..2026-03-19 the last 30 days"),
        (
            "the past two weeks",
            "2026-03-05..2026-03-19 the last 2 weeks",
        ),
        (
            "the last couple of months",
            "2026-01-19..2026-03-19 the last 2 months",
        ),
        ("two days ago", "2026-03-16..2026-03-17 March 16, 2026"),
        (
            "a week ago",
            "2026-03-09..2026-03-16 the week of March 9, 2026",
        ),
        ("el mes pasado", "2026-02-01..2026-03-01 last month"),
    ];
    for (text, expected) in cases {
        assert_eq!(period(text), expected, "{text}");
    }
}

#[test]
fn weekdays_are_the_last_that_were() {
    let cases = [
        (
            "last tuesday",
            "2026-03-17..2026-03-18 Tuesday March 17, 2026",
        ),
        ("on Monday", "2026-03-16..2026-03-17 Monday March 16, 2026"),
        (
            "last wednesday",
            "2026-03-11..2026-03-12 Wednesday March 11, 2026",
        ),
        ("friday", "2026-03-13..2026-03-14 Friday March 13, 2026"),
    ];
    for (text, expected) in cases {
        assert_eq!(period(text), expected, "{text}");
    }
}

#[test]
fn dates_and_months_without_a_year_are_the_last_that_began() {
    let cases = [
        ("2026-03-03", "2026-03-03..2026-03-04 March 3, 2026"),
        ("10/03", "2025-10-03..2025-10-04 October 3, 2025"),
        ("03/10/2026", "2026-03-10..2026-03-11 March 10, 2026"),
        ("25/12/2025", "2025-12-25..2025-12-26 December 25, 2025"),
        ("March 3rd", "2026-03-03..2026-03-04 March 3, 2026"),
        ("the 3rd of march", "2026-03-03..2026-03-04 March 3, 2026"),
        ("March 20", "2025-03-20..2025-03-21 March 20, 2025"),
        ("Oct 3, 2024", "2024-10-03..2024-10-04 October 3, 2024"),
        ("in October", "2025-10-01..2025-11-01 October 2025"),
        ("in may", "2025-05-01..2025-06-01 May 2025"),
        ("in March", "2026-03-01..2026-03-19 March 2026"),
        ("last march", "2025-03-01..2025-04-01 March 2025"),
        ("october 2024", "2024-10-01..2024-11-01 October 2024"),
        ("Q3", "2025-07-01..2025-10-01 Q3 2025"),
        ("Q1", "2026-01-01..2026-03-19 Q1 2026"),
        ("the third quarter", "2025-07-01..2025-10-01 Q3 2025"),
        ("in 2025", "2025-01-01..2026-01-01 2025"),
        ("3 de marzo", "2026-03-03..2026-03-04 March 3, 2026"),
    ];
    for (text, expected) in cases {
        assert_eq!(period(text), expected, "{text}");
    }
}

#[test]
fn stretches_between_and_since() {
    let cases = [
        ("since March", "2026-03-01..2026-03-19 since March 2026"),
        (
            "since October 3",
            "2025-10-03..2026-03-19 since October 3, 2025",
        ),
        (
            "since last month",
            "2026-02-01..2026-03-19 since last month",
        ),
        (
            "after march 10",
            "2026-03-11..2026-03-19 after March 10, 2026",
        ),
        (
            "between March 1 and March 15",
            "2026-03-01..2026-03-16 March 1, 2026 to March 15, 2026",
        ),
        (
            "from march 1 to 15",
            "2026-03-01..2026-03-16 March 1, 2026 to March 15, 2026",
        ),
        (
            "june through august",
            "2025-06-01..2025-09-01 June 2025 to August 2025",
        ),
        (
            "from december to february",
            "2025-12-01..2026-03-01 December 2025 to February 2026",
        ),
        ("desde enero", "2026-01-01..2026-03-19 since January 2026"),
    ];
    for (text, expected) in cases {
        assert_eq!(period(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "february 30",
        "13/45",
        "9999-99-99",
        "may i ask",
        "march on",
        "the second one",
        "10",
        "q9",
        "in 50",
        "last 5 transactions",
        "between 10 and 20",
        "1/2/3/4/5",
        "since",
        "between march",
        "99999999999-01-01",
        "last 0 days",
        "last 99999 days",
    ] {
        assert_eq!(period(text), "", "{text}");
    }
}

#[test]
fn at_the_ends_of_the_calendar_nothing_breaks() {
    let portfolio = portfolio();
    for today in [date(-9999, 1, 1), date(9999, 12, 31), date(2024, 2, 29)] {
        for text in [
            "yesterday",
            "last month",
            "this year",
            "since march",
            "last year",
            "last monday",
            "last 999 years",
            "this weekend",
            "Q4",
            "10/03",
            "between june and may",
            "today",
        ] {
            let around = Surroundings {
                portfolio: &portfolio,
                today,
                asked: None,
                flow: None,
                schedule: None,
            };
            for mention in find_all(&Text::read(text, Lexicon::get()), around) {
                if let Value::Period(period) = mention.value {
                    assert!(period.from < period.until, "{text} on {today}");
                }
            }
        }
    }
}
