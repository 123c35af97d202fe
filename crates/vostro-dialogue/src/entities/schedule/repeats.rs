//! How often an order is carried out, and until when.

use jiff::civil::Date;
use vostro_ledger::{End, Frequency};

use super::Said;
use super::days::{ahead, in_digits, month_day, next_weekday, of_the_month, on_day_of_month};
use super::named::named_day;
use crate::entities::period::{month, weekday_named};
use crate::entities::{Finder, number_words};

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
    let lead = matches!(finder.word(at), "at" | "by" | "on" | "for" | "a");
    let from = at + usize::from(lead);
    let from = from + usize::from(matches!(finder.word(from), "the" | "el"));
    let spanish = ["fin", "final", "finales"];
    let until = if finder.reads(from, &["end", "of", "month"])
        || spanish
            .iter()
            .any(|end| finder.reads(from, &[*end, "de", "mes"]))
    {
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

fn in_a_word(word: &str) -> Option<Frequency> {
    Some(match word {
        "weekly" | "semanal" | "semanalmente" => Frequency::Weekly,
        "biweekly" | "fortnightly" | "quincenal" | "quincenalmente" => Frequency::Biweekly,
        "monthly" | "mensual" | "mensualmente" => Frequency::Monthly,
        "quarterly" | "trimestral" | "trimestralmente" => Frequency::Quarterly,
        "yearly" | "annually" | "anualmente" => Frequency::Yearly,
        _ => return None,
    })
}

/// `every month`, `every other week`, `every Friday`, `every 1st`, `biweekly`.
pub(super) fn repetition(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let word = finder.word(at);
    let frequency = in_a_word(word);
    // "For the monthly gym", "towards the monthly shop": an adjective of something else.
    let the = matches!(
        finder.word_before(at, 1),
        "the" | "my" | "our" | "her" | "his" | "la" | "el" | "mi"
    );
    let order = [
        "transfer",
        "payment",
        "order",
        "standing",
        "one",
        "deposit",
        "transfers",
        "payments",
        "recurring",
        "",
        "to",
    ];
    // "Por la comida mensual".
    let behind_it = matches!(finder.word_before(at, 3), "por" | "para")
        && matches!(finder.word_before(at, 2), "la" | "el" | "mi");
    let what_for = (the && !order.contains(&finder.word(at + 1))) || behind_it;
    if let Some(frequency) = frequency.filter(|_| !what_for) {
        said.frequency = Some(frequency);
        return Some(at + 1);
    }
    if let Some(until) = rate(finder, at, said) {
        return Some(until);
    }
    // "Just once", against "once a month".
    if word == "once" && !matches!(finder.word(at + 1), "a" | "per" | "every" | "each") {
        said.frequency = Some(Frequency::Once);
        return Some(at + 1);
    }
    let weekly = |at: usize, frequency, said: &mut Said| {
        let word = finder.word(at);
        let day = weekday_named(word).or_else(|| weekday_named(word.strip_suffix('s')?))?;
        // "Biweekly on Fridays" is every other one.
        let kept = said.frequency == Some(Frequency::Biweekly);
        said.frequency = Some(if kept { Frequency::Biweekly } else { frequency });
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
    // "No, mejor los lunes".
    if word == "los"
        && let Some(until) = weekly(at + 1, Frequency::Weekly, said)
    {
        return Some(until);
    }
    let behind = match word {
        "every" | "each" | "cada" => at + 1,
        "todos" | "todas" if matches!(finder.word(at + 1), "los" | "las") => at + 2,
        _ => return None,
    };
    if let Some(until) = weekly(behind, Frequency::Weekly, said) {
        return Some(until);
    }
    if matches!(finder.word(behind), "other" | "second")
        && let Some(until) = weekly(behind + 1, Frequency::Biweekly, said)
    {
        return Some(until);
    }
    let day = named_day(finder, behind).filter(|(_, until)| *until > behind + 1);
    if let Some((day, until)) = day {
        on_day_of_month(finder.around.today, day, said);
        said.frequency = Some(Frequency::Monthly);
        return Some(of_the_month(finder, until));
    }
    let (count, next) = match finder.word(behind) {
        "other" | "second" | "two" | "2" | "dos" => (2, behind + 1),
        "three" | "3" | "tres" => (3, behind + 1),
        "quince" | "15" | "catorce" | "14" => (14, behind + 1),
        _ => (1, behind),
    };
    let frequency = match (count, finder.word(next)) {
        (1, "week" | "semana" | "semanas") => Frequency::Weekly,
        (2, "week" | "weeks" | "semanas") | (1, "fortnight" | "quincena") | (14, "dias") => {
            Frequency::Biweekly
        }
        (1, "month" | "mes" | "meses") => Frequency::Monthly,
        (3, "month" | "months" | "meses") | (1, "quarter" | "trimestre") => Frequency::Quarterly,
        (1, "year" | "ano" | "anos") => Frequency::Yearly,
        _ => return None,
    };
    said.frequency = Some(frequency);
    Some(next + 1)
}

/// `50 a month`, `20 dollars per week`, `50 a la semana`; "in a month" is a day.
fn rate(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let word = finder.word(at);
    let article = usize::from(word == "a" && finder.word(at + 1) == "la");
    let rate = match word {
        "per" | "por" => true,
        "a" | "al" => {
            !matches!(
                finder.word_before(at, 1),
                "in" | "within" | "for" | "once" | "en"
            ) && !matches!(finder.word(at + 2), "from" | "later" | "ago")
        }
        _ => false,
    };
    if rate {
        said.frequency = Some(match finder.word(at + 1 + article) {
            "week" | "semana" => Frequency::Weekly,
            "quincena" => Frequency::Biweekly,
            "month" | "mes" => Frequency::Monthly,
            "quarter" | "trimestre" => Frequency::Quarterly,
            "year" | "ano" => Frequency::Yearly,
            _ => return None,
        });
        return Some(at + 2 + article);
    }
    None
}

/// `from December 2 through December 20`, `starting 12/10 ending 3/10`, `last one on dec 21`, `from march to june`.
pub(super) fn last_day(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    let word = finder.word(at);
    let ends = matches!(
        word,
        "through" | "thru" | "ending" | "ends" | "end" | "until" | "till" | "hasta"
    );
    let last =
        ["last", "final"].contains(&word) && matches!(finder.word(at + 1), "one" | "payment");
    let to = matches!(word, "to" | "al" | "a") && said.first.is_some();
    if !(ends || last || to) {
        return None;
    }
    let mut from = at + 1 + usize::from(last);
    while matches!(
        finder.word(from),
        "it" | "on" | "the" | "el" | "in" | "at" | "being"
    ) {
        from += 1;
    }
    let (end, until) = month_day(finder, from)
        .or_else(|| in_digits(finder, from))
        .or_else(|| {
            // A month alone: to its end. "To March" is so only behind a first day.
            let month = month(finder.word(from))?;
            Some((ahead(today, month, 1)?.last_of_month(), from + 1))
        })?;
    // "From January 4 to January 25" of the year that the first day is in.
    let end = match said.first {
        Some(first) if end < first => end.checked_add(jiff::ToSpan::year(1)).ok()?,
        _ => end,
    };
    if to && said.frequency.is_none() {
        return None;
    }
    said.end = Some(End::On { date: end });
    Some(until)
}

/// `until Christmas`, `till the end of January`, `for 6 months`, `12 times`, `only four times`. A day is read before, by
/// [`last_day`].
pub(super) fn end(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    if matches!(finder.word(at), "until" | "till" | "hasta") {
        let the = matches!(finder.word(at + 1), "the" | "el");
        let next = at + 1 + usize::from(the);
        if matches!(finder.word(next), "christmas" | "navidad") {
            let date = ahead(today, 12, 25)?;
            said.end = Some(End::On { date });
            return Some(next + 1);
        }
        let closes = [&["end", "of"][..], &["fin", "de"], &["finales", "de"]];
        let closes = closes.iter().find(|words| finder.reads(next, words))?;
        let next = next + closes.len();
        let year = next + usize::from(finder.word(next) == "the");
        if matches!(finder.word(year), "ano" | "year") {
            let date = Date::new(today.year(), 12, 31).ok()?;
            said.end = Some(End::On { date });
            return Some(year + 1);
        }
        let month = month(finder.word(next))?;
        let begins = ahead(today, month, 1)?;
        let date = begins.last_of_month();
        said.end = Some(End::On { date });
        return Some(next + 1);
    }
    let led = matches!(
        finder.word(at),
        "for" | "only" | "just" | "por" | "solo" | "durante"
    );
    let from = at + usize::from(led);
    let count = match finder.digits(from) {
        Some(digits) => digits.parse::<u32>().ok(),
        None => number_words::read(&finder.text.tokens, from)
            .filter(|(_, until)| *until == from + 1 && finder.free(from).is_some())
            .and_then(|(count, _)| u32::try_from(count).ok()),
    };
    let count = count.filter(|count| (1..=600).contains(count))?;
    let before = finder.around.schedule.map(|before| before.frequency());
    let frequency = said.frequency.or(before)?;
    let fits = matches!(
        (finder.word(from + 1), frequency),
        ("times" | "veces", _)
            | ("months" | "month" | "meses" | "mes", Frequency::Monthly)
            | ("years" | "year" | "anos" | "ano", Frequency::Yearly)
            | ("weeks" | "week" | "semanas" | "semana", Frequency::Weekly)
    );
    if !fits {
        return None;
    }
    said.end = Some(End::After { count });
    Some(from + 2)
}
