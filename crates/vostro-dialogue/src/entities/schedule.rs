//! Days to come for a payment: "on Friday", "tomorrow", "on the 1st", "every two weeks", "monthly until June".
//!
//! Looked for only where a payment is ordered or being ordered: in a question about the past "on Friday" is
//! a period. A weekday or a day of the month is the next one after today; a month's day lies ahead. What
//! has no exact schedule here (daily, every three weeks) is left unread, so that nothing else is ordered
//! in its place.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use vostro_ledger::{End, Frequency, Schedule};

use super::period::{day_number, month, numeric_day, weekday_named};
use super::{Finder, Value};
use crate::command::Flow;
use crate::understand::text::Kind;

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

/// Days of the month in words, from the first on.
const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// What goes on behind a day in words; any other word is what the place in a row is of ("the first bill").
const BEHIND_A_DAY: &[&str] = &[
    "of", "from", "to", "and", "then", "not", "instead", "please", "thanks", "using", "with",
    "for", "next", "this", "every", "each", "until", "starting", "as", "so", "at", "by", "if",
    "de",
];

/// What was said of a schedule, as it was found.
#[derive(Debug, Default)]
struct Said {
    first: Option<Date>,
    /// Another first day was named besides: on which of them is not for us to say.
    several: bool,
    day_of_month: Option<i8>,
    weekday: Option<Weekday>,
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
        let known = said.first;
        let repeats = said.frequency.is_some();
        at = match read_at(finder, at, &mut said) {
            Some(until) => {
                // "Every Friday from December on" names a first day twice, and means one.
                said.several |= !repeats && known.is_some_and(|known| said.first != Some(known));
                parts.push((at, until));
                until
            }
            None => at + 1,
        };
    }
    let Some(schedule) = schedule(finder.around.today, &said, finder.around.schedule) else {
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
    // "How about Friday" answers; the end of a month is a day.
    let about = matches!(word(0), "how" | "what") && word(1) == "about";
    let looks_back = (0..finder.len()).any(|at| {
        let token = finder.token(at);
        token.is_some_and(|token| token.is_any(NO_ORDER))
            && !(at == 0 && about)
            && !(word(at) == "end" && matches!(word(at + 1), "of" | ""))
            && !(word(at) == "due" && matches!(finder.word_before(at, 1), "is" | "'s"))
    });
    has_it_paid || (moves || in_flow || has(ORDERS)) && !looks_back
}

/// The schedule that was said. What a correction leaves out stays as the order that it corrects has it.
fn schedule(today: Date, said: &Said, before: Option<Schedule>) -> Option<Schedule> {
    if said.several {
        return None;
    }
    let before = before.filter(|before| before.first() > today);
    let frequency = said
        .frequency
        .or_else(|| before.map(|before| before.frequency()))
        .unwrap_or(Frequency::Once);
    let (first, day) = match (said.first, said.frequency, before) {
        (Some(first), _, _) => (first, said.day_of_month),
        (None, Some(_), Some(before)) => (before.first(), Some(before.day_of_month())),
        // "Every month" begins a month from today's day on, "weekly" a week from now.
        (None, Some(frequency), None) if frequency != Frequency::Once => {
            (today.tomorrow().ok()?, said.day_of_month)
        }
        (None, None, Some(before)) if said.end.is_some() => {
            (before.first(), Some(before.day_of_month()))
        }
        _ => return None,
    };
    // "Every Friday from next week on": the first Friday from then on.
    let first = match said.weekday {
        Some(day) if first.weekday() != day => first.nth_weekday(1, day).ok()?,
        _ => first,
    };
    let kept = before.filter(|_| said.frequency != Some(Frequency::Once));
    let end = said.end.or_else(|| kept.map(|before| before.end()));
    let day = match frequency {
        Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly => day,
        Frequency::Once | Frequency::Weekly | Frequency::Biweekly => None,
    };
    let day = day.unwrap_or_else(|| first.day());
    Schedule::on_day(first, day, frequency, end.unwrap_or(End::Never)).ok()
}

fn read_at(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    first_of_month(finder, at, said)
        .or_else(|| end_of_month(finder, at, said))
        .or_else(|| repetition(finder, at, said))
        .or_else(|| end(finder, at, said))
        .or_else(|| start(finder, at, said))
}

/// `(on) (the) first of every month`, `the first of the month`.
fn first_of_month(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let from = at + usize::from(finder.word(at) == "on");
    let repeats = matches!(finder.word(from), "every" | "each");
    let from = from + usize::from(repeats || matches!(finder.word(from), "the" | "el"));
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
    if repeats || matches!(month, "every" | "each") {
        said.frequency = Some(Frequency::Monthly);
    }
    Some(from + 4)
}

/// `(at) (the) end of the month`, `end of every month`, `the last day of the month`, `month end`.
fn end_of_month(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let lead = matches!(finder.word(at), "at" | "by" | "on" | "for");
    let from = at + usize::from(lead);
    let from = from + usize::from(matches!(finder.word(from), "the" | "el"));
    let until = if finder.reads(from, &["end", "of", "month"]) {
        from + 3
    } else if finder.reads(from, &["month", "end"]) {
        from + 2
    } else {
        let opens = [&["end", "of"][..], &["last", "day", "of"], &["last", "of"]];
        let open = opens.into_iter().find(|open| finder.reads(from, open))?;
        let which = finder.word(from + open.len());
        if !matches!(which, "the" | "this" | "next" | "every" | "each")
            || finder.word(from + open.len() + 1) != "month"
        {
            return None;
        }
        if matches!(which, "every" | "each") {
            said.frequency = Some(Frequency::Monthly);
        }
        from + open.len() + 2
    };
    let today = finder.around.today;
    let next = finder.word(until.checked_sub(2)?) == "next";
    let before = if next { today.last_of_month() } else { today };
    on_day_of_month(before, 31, said);
    Some(until)
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
        "a" | "al" => {
            !matches!(
                finder.word_before(at, 1),
                "in" | "within" | "for" | "once" | "en"
            ) && !matches!(finder.word(at + 2), "from" | "later" | "ago")
        }
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
    // "Just once", against "once a month".
    if word == "once" && !matches!(finder.word(at + 1), "a" | "per" | "every" | "each") {
        said.frequency = Some(Frequency::Once);
        return Some(at + 1);
    }
    let weekly = |at: usize, frequency, said: &mut Said| {
        let word = finder.word(at);
        let day = weekday_named(word).or_else(|| weekday_named(word.strip_suffix('s')?))?;
        said.frequency = Some(frequency);
        said.weekday = Some(day);
        said.first = said
            .first
            .or_else(|| next_weekday(finder.around.today, day));
        Some(at + 1)
    };
    let plural = |at: usize| {
        finder
            .free(at)
            .is_some_and(|token| token.text.ends_with("days"))
    };
    if word == "on" && plural(at + 1) {
        return weekly(at + 1, Frequency::Weekly, said);
    }
    if !matches!(word, "every" | "each" | "cada") {
        return None;
    }
    if let Some(until) = weekly(at + 1, Frequency::Weekly, said) {
        return Some(until);
    }
    if matches!(finder.word(at + 1), "other" | "second")
        && let Some(until) = weekly(at + 2, Frequency::Biweekly, said)
    {
        return Some(until);
    }
    if let Some((day, until)) = named_day(finder, at + 1).filter(|(_, until)| *until > at + 2) {
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
    let before = finder.around.schedule.map(|before| before.frequency());
    let frequency = said.frequency.or(before)?;
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
            // "For Friday's dinner" is said of the dinner.
            if finder
                .token(next + 1)
                .is_some_and(|token| token.text == "'s")
            {
                return None;
            }
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
        if matches!(word, "starting" | "beginning" | "from")
            && let Some(month) = month(finder.word(next))
        {
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
            "fortnight" => Span::new().try_weeks(count * 2),
            "month" | "months" => Span::new().try_months(count),
            _ => return None,
        };
        said.first = today.checked_add(span.ok()?).ok();
        return Some(at + 3);
    }
    if let Some((date, until)) = month_day(finder, at) {
        said.first = Some(date);
        return Some(until);
    }
    // "Send 40 to Anna fri": a day by itself, where nothing else is said of it.
    let day = weekday_named(word)?;
    let last = finder.token(at + 1).is_none_or(|token| {
        token.kind == Kind::Symbol
            || token.is_any(&["instead", "please", "morning", "then", "not", "thanks"])
    });
    let looks_back = matches!(finder.word_before(at, 1), "last" | "since" | "past");
    if !last || looks_back {
        return None;
    }
    said.first = next_weekday(today, day);
    Some(at + 1)
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
        if finder.reads(from, words) {
            return Some((today.checked_add(days.days()).ok()?, from + words.len()));
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
    let from = at + usize::from(word == "on");
    let (year, month, day, until) = numeric_day(finder, from)?;
    let date = match year {
        Some(year) => Date::new(year, month, day)
            .ok()
            .filter(|date| *date > today)?,
        None => ahead(today, month, day)?,
    };
    Some((date, until))
}

/// A day of the month in digits or in words: `15`, `15th`, `fifteenth`. "The first one" is none.
fn named_day(finder: &Finder<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(found) = day_number(finder, at) {
        return Some(found);
    }
    let (tens, ones) = match finder.word(at) {
        "twenty" => (20, at + 1),
        "thirty" => (30, at + 1),
        _ => (0, at),
    };
    // A hyphen stands between the two.
    let ones = ones + usize::from(tens > 0 && finder.token(ones)?.is_symbol('-'));
    let day = match finder.word(ones) {
        "thirtieth" => 30,
        "primero" => 1,
        word => i8::try_from(ORDINALS.iter().position(|it| *it == word)?).ok()? + 1,
    };
    let fits = tens == 0 || day < 10;
    let day = day.checked_add(tens).filter(|day| fits && *day <= 31)?;
    let names_else = finder.token(ones + 1).is_some_and(|token| {
        token.kind != Kind::Symbol && month(&token.word).is_none() && !token.is_any(BEHIND_A_DAY)
    });
    (!names_else).then_some((day, ones + 1))
}

/// `December 5`, `Dec 5th`, `5 December`, `the 5th of December`.
fn month_day(finder: &Finder<'_>, at: usize) -> Option<(Date, usize)> {
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
