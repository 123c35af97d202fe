//! How often an order is carried out, and until when.

use vostro_ledger::{End, Frequency};

use super::Said;
use super::days::{ahead, month_day, named_day, next_weekday, of_the_month, on_day_of_month};
use crate::entities::Finder;
use crate::entities::period::{month, weekday_named};

/// `(on) (the) first of every month`, `the first of the month`.
pub(super) fn first_of_month(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
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
pub(super) fn end_of_month(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
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
pub(super) fn repetition(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
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
pub(super) fn end(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
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
