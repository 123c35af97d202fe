//! How often a payment cannot repeat here: "every four weeks", "on the last Friday of every month", "daily". Read as what
//! it is, with the nearest that can be had, so that nothing else is ordered in its place.

use crate::command::Often;
use crate::entities::period::weekday_named;
use crate::entities::{Finder, Value};

/// Numbers in words, from two on.
const NUMBERS: &[(&str, &str)] = &[
    ("two", "dos"),
    ("three", "tres"),
    ("four", "cuatro"),
    ("five", "cinco"),
    ("six", "seis"),
    ("seven", "siete"),
    ("eight", "ocho"),
    ("nine", "nueve"),
    ("ten", "diez"),
    ("eleven", "once"),
    ("twelve", "doce"),
];

/// The days of what a payment can repeat in.
const OFTEN: [(u32, Often); 5] = [
    (7, Often::Week),
    (14, Often::TwoWeeks),
    (30, Often::Month),
    (91, Often::Quarter),
    (365, Often::Year),
];

/// Finds such words and claims them; whether there are any.
pub(super) fn find(finder: &mut Finder<'_>) -> bool {
    let mut at = 0;
    let mut found = false;
    while at < finder.len() {
        let read = weekday_of_month(finder, at)
            .or_else(|| every_so_many(finder, at))
            .or_else(|| times_a(finder, at))
            .or_else(|| named(finder, at));
        at = match read {
            Some((near, until)) => {
                finder.claim(at, until, Value::NotHeld(near));
                found = true;
                until
            }
            None => at + 1,
        };
    }
    found
}

/// The one that is a little more often, and the one that is a little less.
fn nearest(days: u32) -> Vec<Often> {
    let more = OFTEN.iter().rev().find(|(it, _)| *it <= days);
    let less = OFTEN.iter().find(|(it, _)| *it >= days);
    let mut near: Vec<Often> = [more, less]
        .into_iter()
        .flatten()
        .map(|(_, often)| *often)
        .collect();
    near.dedup();
    near
}

fn number(word: &str) -> Option<u32> {
    let place = NUMBERS
        .iter()
        .position(|(english, spanish)| *english == word || *spanish == word)?;
    u32::try_from(place + 2).ok()
}

/// So many days have one of these.
fn unit(word: &str) -> Option<u32> {
    Some(match word {
        "day" | "days" | "dia" | "dias" => 1,
        "week" | "weeks" | "semana" | "semanas" => 7,
        "fortnight" | "fortnights" | "quincena" | "quincenas" => 14,
        "month" | "months" | "mes" | "meses" => 30,
        "quarter" | "quarters" | "trimestre" | "trimestres" => 91,
        "year" | "years" | "ano" | "anos" => 365,
        _ => return None,
    })
}

/// `every 4 weeks`, `cada dos meses`, `every other day`, `every day`.
fn every_so_many(finder: &Finder<'_>, at: usize) -> Option<(Vec<Often>, usize)> {
    let behind = match finder.word(at) {
        "every" | "each" | "cada" => at + 1,
        "todos" | "todas" if matches!(finder.word(at + 1), "los" | "las") => at + 2,
        _ => return None,
    };
    let digits = finder.digits(behind).and_then(|digits| digits.parse().ok());
    let count: Option<u32> = match finder.word(behind) {
        "other" | "second" | "otro" | "otra" => Some(2),
        word => number(word).or(digits),
    };
    let (count, next) = count.map_or((1, behind), |count| (count, behind + 1));
    if matches!(
        finder.word(next),
        "weekday" | "morning" | "night" | "evening" | "hour"
    ) {
        return Some((
            nearest(1)
                .into_iter()
                .chain([Often::Week])
                .take(1)
                .collect(),
            next + 1,
        ));
    }
    let days = unit(finder.word(next))?;
    let held = matches!(
        (count, days),
        (1, 7 | 14 | 30 | 91 | 365) | (2, 7) | (3, 30) | (14 | 15, 1)
    );
    let all = count
        .checked_mul(days)
        .filter(|all| (1..=3_650).contains(all))?;
    (!held).then(|| (nearest(all), next + 1))
}

/// `the last Friday of every month`, `el primer lunes de cada mes`, `every first Monday`.
fn weekday_of_month(finder: &Finder<'_>, at: usize) -> Option<(Vec<Often>, usize)> {
    let on = usize::from(matches!(finder.word(at), "on" | "at"));
    let every = usize::from(matches!(finder.word(at + on), "every" | "each" | "cada"));
    let the = usize::from(matches!(finder.word(at + on + every), "the" | "el" | "los"));
    let place = at + on + every + the;
    let which = finder.word(place);
    let last = matches!(which, "last" | "ultimo" | "ultima");
    let first = matches!(
        which,
        "first"
            | "second"
            | "third"
            | "fourth"
            | "1st"
            | "2nd"
            | "3rd"
            | "4th"
            | "primer"
            | "primero"
            | "segundo"
            | "tercer"
            | "tercero"
            | "cuarto"
    );
    let glued = finder.digits(place).is_some()
        && finder
            .token(place + 1)
            .is_some_and(|token| token.glued && token.is_any(&["st", "nd", "rd", "th"]));
    if !(last || first || glued) {
        return None;
    }
    let day = place + 1 + usize::from(glued);
    let business = matches!(
        finder.word(day),
        "business" | "working" | "work" | "weekday" | "dia"
    ) && (finder.word(day) == "weekday"
        || matches!(finder.word(day + 1), "day" | "habil" | "laborable"));
    let weekday = weekday_named(finder.word(day)).is_some();
    if !(weekday || business) {
        return None;
    }
    let behind = day + 1 + usize::from(business && finder.word(day) != "weekday");
    let of = usize::from(matches!(finder.word(behind), "of" | "de" | "in" | "del"));
    let repeats = matches!(
        finder.word(behind + of),
        "every" | "each" | "cada" | "the" | "todos" | "a"
    );
    let los = usize::from(finder.word(behind + of + 1) == "los");
    let month = matches!(
        finder.word(behind + of + usize::from(repeats) + los),
        "month" | "mes" | "meses"
    );
    let each = every > 0 || !matches!(finder.word(behind + of), "the" | "");
    let near = if last {
        vec![Often::MonthEnd, Often::TwoWeeks]
    } else {
        vec![Often::Month, Often::TwoWeeks]
    };
    if month && repeats && each {
        return Some((near, behind + of + 2 + los));
    }
    // "Every second Friday" is every other one.
    let other = matches!(which, "second" | "2nd") || (glued && finder.word(place) == "2");
    (every > 0 && !other).then_some((near, behind))
}

/// `twice a month`, `three times a year`, `dos veces al mes`.
fn times_a(finder: &Finder<'_>, at: usize) -> Option<(Vec<Often>, usize)> {
    let (times, behind) = match finder.word(at) {
        "twice" => (2, at + 1),
        "thrice" => (3, at + 1),
        word => {
            let digits = finder.digits(at).and_then(|digits| digits.parse().ok());
            let times = number(word).or(digits)?;
            matches!(finder.word(at + 1), "times" | "veces").then_some((times, at + 2))?
        }
    };
    if matches!(finder.word(behind), "weekly" | "monthly" | "yearly") {
        let days = match finder.word(behind) {
            "weekly" => 7,
            "monthly" => 30,
            _ => 365,
        };
        return Some((nearest(days / times), behind + 1));
    }
    let led = matches!(
        finder.word(behind),
        "a" | "al" | "per" | "every" | "each" | "por" | "cada"
    );
    let la = usize::from(finder.word(behind + 1) == "la");
    let days = unit(finder.word(behind + usize::from(led) + la)).filter(|_| led)?;
    let apart = days.checked_div(times).filter(|apart| *apart > 0)?;
    Some((nearest(apart), behind + 2 + la))
}

/// `daily`, `bimonthly`, `diariamente`.
fn named(finder: &Finder<'_>, at: usize) -> Option<(Vec<Often>, usize)> {
    // "Everyday Checking" is an account.
    let named = finder.word(at) == "everyday"
        && matches!(
            finder.word(at + 1),
            "checking" | "savings" | "account" | "current"
        );
    let days = match finder.word(at) {
        _ if named => return None,
        "daily" | "everyday" | "diario" | "diariamente" | "weekdays" | "nightly" | "hourly" => 1,
        "semimonthly" => 15,
        "bimonthly" | "bimestral" | "bimestralmente" => 60,
        "semestral" | "semiannually" | "biannually" | "semestralmente" => 182,
        _ => return None,
    };
    // "My daily limit", "the daily coffee".
    let the = matches!(
        finder.word_before(at, 1),
        "my" | "the" | "mi" | "el" | "for"
    );
    (!the).then(|| {
        (
            if days == 1 {
                vec![Often::Week]
            } else {
                nearest(days)
            },
            at + 1,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::testing::{found, portfolio};

    #[test]
    fn what_no_order_can_have_is_read_with_what_is_nearest() {
        use Often::{Month, MonthEnd, Quarter, TwoWeeks, Week, Year};
        let cases: [(&str, &[Often]); 16] = [
            ("send 50 to anna every 4 weeks", &[TwoWeeks, Month]),
            ("send 50 to anna every three weeks", &[TwoWeeks, Month]),
            ("envia 50 a Anna cada cuatro semanas", &[TwoWeeks, Month]),
            ("pay anna 50 every 6 months", &[Quarter, Year]),
            ("pay anna 50 every other month", &[Month, Quarter]),
            ("pay anna 50 every other day", &[Week]),
            (
                "pay anna 50 on the last friday of every month",
                &[MonthEnd, TwoWeeks],
            ),
            ("pay anna 50 every first monday", &[Month, TwoWeeks]),
            (
                "envia 50 a Anna el primer lunes de cada mes",
                &[Month, TwoWeeks],
            ),
            ("pay anna 50 twice a month", &[TwoWeeks, Month]),
            ("send 50 to anna daily", &[Week]),
            ("pay anna 50 every other friday", &[]),
            ("pay anna 50 every second friday", &[]),
            ("pay anna 50 every 2 weeks", &[]),
            ("pay anna 50 every month", &[]),
            ("move 50 from everyday checking to savings", &[]),
        ];
        for (text, expected) in cases {
            let near: Vec<Often> = found(text, &portfolio())
                .into_iter()
                .filter_map(|mention| match mention.value {
                    Value::NotHeld(near) => Some(near),
                    _ => None,
                })
                .flatten()
                .collect();
            assert_eq!(near, expected, "{text}");
        }
    }
}
