//! Days near today as they are said in Spanish.

use jiff::{Span, ToSpan};

use super::Said;
use super::days::next_weekday;
use crate::entities::Finder;
use crate::entities::period::weekday_named;

/// `la semana que viene`, `el proximo mes`, `el lunes que viene`, `en dos semanas`, `dentro de tres dias`.
pub(super) fn near_day(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let today = finder.around.today;
    if matches!(finder.word(at), "en" | "dentro") {
        return distance(finder, at, said);
    }
    let from = at + usize::from(matches!(finder.word(at), "la" | "el"));
    let comes = |at: usize| {
        let words = [
            &["que", "viene"][..],
            &["proxima"],
            &["proximo"],
            &["siguiente"],
        ];
        let words = words.iter().find(|words| finder.reads(at, words))?;
        Some(at + words.len())
    };
    if let Some(day) = weekday_named(finder.word(from)) {
        let until = comes(from + 1)?;
        said.first = next_weekday(today, day);
        return Some(until);
    }
    let (unit, until) = match finder.word(from) {
        "semana" | "mes" => (finder.word(from), comes(from + 1)?),
        "proxima" | "proximo" => (finder.word(from + 1), from + 2),
        _ => return None,
    };
    said.first = match unit {
        "semana" => today.checked_add(7.days()).ok(),
        "mes" => today.checked_add(1.month()).ok(),
        word => next_weekday(today, weekday_named(word)?),
    };
    Some(until)
}

fn distance(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    let from = at + 1 + usize::from(finder.word(at + 1) == "de");
    let count: i64 = match finder.word(from) {
        "un" | "una" => 1,
        "dos" => 2,
        "tres" => 3,
        _ => finder
            .digits(from)?
            .parse()
            .ok()
            .filter(|count| *count <= 365)?,
    };
    let span = match finder.word(from + 1) {
        "dia" | "dias" => Span::new().try_days(count),
        "semana" | "semanas" => Span::new().try_weeks(count),
        "mes" | "meses" => Span::new().try_months(count),
        _ => return None,
    };
    said.first = finder.around.today.checked_add(span.ok()?).ok();
    Some(from + 2)
}
