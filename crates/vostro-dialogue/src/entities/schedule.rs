//! Days to come for a payment: "on Friday", "tomorrow", "on the 1st", "every two weeks", "monthly until June".
//!
//! Looked for only where a payment is ordered or being ordered: in a question about the past "on Friday" is
//! a period. A weekday or a day of the month is the next one after today; a month's day lies ahead. What
//! has no exact schedule here (daily, every three weeks) is left unread, so that nothing else is ordered
//! in its place.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use vostro_ledger::{End, Frequency, Schedule};

use super::period::{day_number, month, weekday_named};
use super::{Finder, Value};
use crate::command::Flow;

/// Words that ask or look back: no order is among them.
const NO_ORDER: &[&str] = &[
    "did",
    "what",
    "how",
    "when",
    "where",
    "why",
    "which",
    "show",
    "list",
    "spent",
    "spend",
    "paid",
    "sent",
    "was",
    "were",
    "have",
    "has",
    "received",
    "due",
    "cancel",
    "stop",
    "end",
    "delete",
    "remove",
    "skip",
    "statement",
    "statements",
];

/// Words that order, besides those of the class "move".
const ORDERS: &[&str] = &[
    "pay", "put", "give", "set", "schedule", "standing", "payment", "transfer", "save", "make",
];

/// What was said of a schedule, as it was found.
#[derive(Debug, Default)]
struct Said {
    first: Option<Date>,
    day_of_month: Option<i8>,
    frequency: Option<Frequency>,
    end: Option<End>,
}

/// Finds a schedule and claims its words.
pub fn find(finder: &mut Finder<'_>) {
    if !orders(finder) {
        return;
    }
    let mut said = Said::default();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < finder.len() {
        at = match read_at(finder, at, &mut said) {
            Some(until) => {
                parts.push((at, until));
                until
            }
            None => at + 1,
        };
    }
    let Some(schedule) = schedule(finder.around.today, &said) else {
        return;
    };
    for (from, until) in parts {
        finder.claim(from, until, Value::Schedule(schedule));
    }
}

/// Whether the message orders a payment, or belongs to one that is being ordered.
fn orders(finder: &Finder<'_>) -> bool {
    let has = |words: &[&str]| finder.text.tokens.iter().any(|token| token.is_any(words));
    let moves = finder
        .text
        .tokens
        .iter()
        .any(|token| finder.lexicon.cues().in_class("move", token.id));
    let in_flow = matches!(finder.around.flow, Some(Flow::Transfer | Flow::PayBill));
    let word = |at| finder.word(at);
    // "Have the bill paid on the 28th" orders; "have I paid it on the 28th" asks.
    let has_it_paid = has(&["paid", "sent", "moved", "transferred"])
        && (matches!(word(0), "have" | "get") && !matches!(word(1), "i" | "you" | "we")
            || has(&["want"]));
    has_it_paid || (moves || in_flow || has(ORDERS)) && !has(NO_ORDER)
}

fn schedule(today: Date, said: &Said) -> Option<Schedule> {
    let first = match (said.first, said.frequency) {
        (Some(first), _) => first,
        // "Every month" begins a month from today's day on, "weekly" a week from now.
        (None, Some(_)) => today.tomorrow().ok()?,
        (None, None) => return None,
    };
    let frequency = said.frequency.unwrap_or(Frequency::Once);
    let end = said.end.unwrap_or(End::Never);
    let day = match frequency {
        Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly => said.day_of_month,
        Frequency::Once | Frequency::Weekly | Frequency::Biweekly => None,
    };
    Schedule::on_day(first, day.unwrap_or_else(|| first.day()), frequency, end).ok()
}

fn read_at(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    first_of_month(finder, at, said)
        .or_else(|| repetition(finder, at, said))
        .or_else(|| end(finder, at, said))
        .or_else(|| start(finder, at, said))
}

/// `(on) (the) first of every month`, `the first of the month`.
fn first_of_month(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let from = at + usize::from(finder.word(at) == "on");
    let from = from + usize::from(matches!(finder.word(from), "the" | "el"));
    if ["primero", "uno", "1"]
        .into_iter()
        .any(|first| finder.reads(from, &[first, "de", "cada", "mes"]))
    {
        on_day_of_month(finder.around.today, 1, said);
        said.frequency = Some(Frequency::Monthly);
        return Some(from + 4);
    }
    let month = ["every", "each", "the", "next"]
        .into_iter()
        .find(|which| finder.reads(from, &["first", "of", *which, "month"]))?;
    on_day_of_month(finder.around.today, 1, said);
    if matches!(month, "every" | "each") {
        said.frequency = Some(Frequency::Monthly);
    }
    Some(from + 4)
}

/// `every month`, `every other week`, `every Friday`, `every 1st`, `biweekly`.
fn repetition(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let word = finder.word(at);
    let frequency = match word {
        "weekly" => Some(Frequency::Weekly),
        "biweekly" | "fortnightly" => Some(Frequency::Biweekly),
        "monthly" => Some(Frequency::Monthly),
        "quarterly" => Some(Frequency::Quarterly),
        "yearly" | "annually" => Some(Frequency::Yearly),
        _ => None,
    };
    if let Some(frequency) = frequency {
        said.frequency = Some(frequency);
        return Some(at + 1);
    }
    // "50 a month", "20 dollars per week"; "in a month" is a day.
    let rate = match word {
        "per" => true,
        "a" | "al" => !matches!(
            finder.word_before(at, 1),
            "in" | "within" | "for" | "once" | "en"
        ),
        _ => false,
    };
    if rate {
        said.frequency = Some(match finder.word(at + 1) {
            "week" => Frequency::Weekly,
            "month" | "mes" => Frequency::Monthly,
            "quarter" => Frequency::Quarterly,
            "year" => Frequency::Yearly,
            _ => return None,
        });
        return Some(at + 2);
    }
    if !matches!(word, "every" | "each" | "cada") {
        return None;
    }
    if let Some(day) = weekday_named(finder.word(at + 1)) {
        said.frequency = Some(Frequency::Weekly);
        said.first = next_weekday(finder.around.today, day);
        return Some(at + 2);
    }
    if let Some((day, until)) = day_number(finder, at + 1).filter(|(_, until)| *until > at + 2) {
        on_day_of_month(finder.around.today, day, said);
        said.frequency = Some(Frequency::Monthly);
        return Some(of_the_month(finder, until));
    }
    let (count, next) = match finder.word(at + 1) {
        "other" | "second" | "two" | "2" => (2, at + 2),
        "three" | "3" => (3, at + 2),
        _ => (1, at + 1),
    };
    let frequency = match (count, finder.word(next)) {
        (1, "week" | "semana") => Frequency::Weekly,
        (2, "week" | "weeks") | (1, "fortnight") => Frequency::Biweekly,
        (1, "month" | "mes") => Frequency::Monthly,
        (3, "month" | "months") | (1, "quarter") => Frequency::Quarterly,
        (1, "year") => Frequency::Yearly,
        _ => return None,
    };
    said.frequency = Some(frequency);
    Some(next + 1)
}

/// `until June`, `until December 5`, `for 6 months`, `12 times`.
fn end(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    if matches!(finder.word(at), "until" | "till" | "hasta") {
        let next = if finder.word(at + 1) == "the" {
            at + 2
        } else {
            at + 1
        };
        if let Some((date, until)) = month_day(finder, next) {
            said.end = Some(End::On { date });
            return Some(until);
        }
        let month = month(finder.word(next))?;
        let begins = ahead(today, month, 1)?;
        let date = begins.last_of_month();
        said.end = Some(End::On { date });
        return Some(next + 1);
    }
    let from = if finder.word(at) == "for" { at + 1 } else { at };
    let count: u32 = finder
        .digits(from)?
        .parse()
        .ok()
        .filter(|count| (1..=600).contains(count))?;
    let frequency = said.frequency?;
    let fits = matches!(
        (finder.word(from + 1), frequency),
        ("times", _)
            | ("months" | "month", Frequency::Monthly)
            | ("years" | "year", Frequency::Yearly)
            | ("weeks" | "week", Frequency::Weekly)
    );
    if !fits {
        return None;
    }
    said.end = Some(End::After { count });
    Some(from + 2)
}

/// "15th", and not a plain number.
fn is_ordinal(finder: &Finder<'_>, at: usize) -> bool {
    finder.digits(at).is_none()
        || finder
            .token(at + 1)
            .is_some_and(|token| token.glued && token.is_any(&["st", "nd", "rd", "th"]))
}

/// `tomorrow`, `on Friday`, `next month`, `in two weeks`, `on the 1st`, `on December 5`.
fn start(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    let word = finder.word(at);
    if matches!(word, "tomorrow" | "mañana" | "manana") {
        said.first = Some(today.tomorrow().ok()?);
        return Some(at + 1);
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
            | "el"
            | "for"
            | "first"
    );
    if led {
        let the = matches!(
            finder.word(at + 1),
            "the" | "on" | "next" | "this" | "coming"
        );
        let next = if the { at + 2 } else { at + 1 };
        if finder.word(next) == "tomorrow" {
            said.first = Some(today.tomorrow().ok()?);
            return Some(next + 1);
        }
        if let Some(day) = weekday_named(finder.word(next)) {
            said.first = next_weekday(today, day);
            return Some(next + 1);
        }
        if let Some((date, until)) = month_day(finder, next) {
            said.first = Some(date);
            return Some(until);
        }
        if the
            // "For the 15th" is a day, "for the 3 of us" is not.
            && (word != "for" || is_ordinal(finder, next))
            && let Some((day, until)) = day_number(finder, next)
        {
            on_day_of_month(today, day, said);
            let behind = of_the_month(finder, until);
            if finder.reads(until, &["of", "next", "month"]) {
                let before = today.last_of_month();
                on_day_of_month(before, day, said);
            }
            return Some(behind);
        }
        let is_next = word == "next" || finder.word(at + 1) == "next";
        match finder.word(next) {
            "week" if is_next => said.first = today.checked_add(7.days()).ok(),
            "month" if is_next => said.first = today.checked_add(1.month()).ok(),
            _ => return None,
        }
        return Some(next + 1);
    }
    if word == "in" {
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
            "month" | "months" => Span::new().try_months(count),
            _ => return None,
        };
        said.first = today.checked_add(span.ok()?).ok();
        return Some(at + 3);
    }
    month_day(finder, at).map(|(date, until)| {
        said.first = Some(date);
        until
    })
}

/// `December 5`, `Dec 5th`, `5 December`, `the 5th of December`.
fn month_day(finder: &Finder<'_>, at: usize) -> Option<(Date, usize)> {
    if let Some(month) = month(finder.word(at)) {
        let (day, until) = day_number(finder, at + 1)?;
        return Some((ahead(finder.around.today, month, day)?, until));
    }
    let (day, next) = day_number(finder, at)?;
    let next = if finder.word(next) == "of" {
        next + 1
    } else {
        next
    };
    let month = month(finder.word(next))?;
    Some((ahead(finder.around.today, month, day)?, next + 1))
}

/// The day of this month and number that comes next, today left out.
fn ahead(today: Date, month: i8, day: i8) -> Option<Date> {
    let this_year = Date::new(today.year(), month, day)
        .ok()
        .filter(|date| *date > today);
    this_year.or_else(|| Date::new(today.year().checked_add(1)?, month, day).ok())
}

fn next_weekday(today: Date, day: Weekday) -> Option<Date> {
    today.nth_weekday(1, day).ok()
}

/// The next day of this number; in a month that is shorter, its last day.
fn on_day_of_month(today: Date, day: i8, said: &mut Said) {
    let in_month =
        |month: Date| Date::new(month.year(), month.month(), day.min(month.days_in_month())).ok();
    let next = |today: Date| in_month(today.first_of_month().checked_add(1.month()).ok()?);
    let this = in_month(today).filter(|date| *date > today);
    said.first = this.or_else(|| next(today));
    said.day_of_month = Some(day);
}

/// Behind a day of the month: `of the month`, `of every month` (which is left for its own reading).
fn of_the_month(finder: &Finder<'_>, at: usize) -> usize {
    if finder.reads(at, &["of", "the", "month"]) || finder.reads(at, &["of", "next", "month"]) {
        at + 3
    } else if finder.reads(at, &["of"]) && matches!(finder.word(at + 1), "every" | "each") {
        at + 1
    } else {
        at
    }
}
