//! Dates and times; a date near "born" is a date of birth, any other belongs to the wide set.
//!
//! Relative dates ("yesterday", "next week") are left out: they name no one and a customer's
//! question is full of them.

use super::Candidates;
use super::cards::is_date;
use super::cues::{Cue, Found};
use super::numbers::Run;
use crate::text::Span;
use crate::verdict::PiiKind;

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];
/// Months in German, French, Spanish, Italian, Portuguese, Dutch and Polish, looked at after a day alone.
const OTHER_MONTHS: &str = "januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août \
    septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre \
    noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro \
    fevereiro março maio junho julho setembro outubro novembro dezembro januari februari maart mei augustus \
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia";
const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Numeric dates, with a time of day if one follows the last.
pub(crate) fn scan_run(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    if run.amount || run.glued_before || run.start != run.first() {
        return;
    }
    let mut groups = run.groups.as_slice();
    while let Some(([a, b, c], rest)) = groups.split_first_chunk()
        && is_date(text, groups)
    {
        let separators = (text.get(a.end..b.start), text.get(b.end..c.start));
        if separators.0 != separators.1
            || !matches!(separators.0, Some(b"-" | b"/" | b"."))
                && cues.before(Cue::Birth, a.start, 40).is_none()
        {
            return;
        }
        let end = time_after(text, c.end).unwrap_or(c.end);
        push(Span::new(a.start, end), cues, 0.85, out);
        groups = rest;
    }
}

/// " 12:45" or "T12:45:18Z" after a date.
fn time_after(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let skip = usize::from(matches!(rest.first()?, b' ' | b'T'));
    let clock = rest.get(skip..)?;
    let len = clock
        .iter()
        .take(12)
        .take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z'))
        .count();
    let clock = clock.get(..len)?;
    let len = if clock.ends_with(b".") { len - 1 } else { len };
    (skip == 1 && len >= 5 && clock.get(2) == Some(&b':')).then_some(at + skip + len)
}

fn push(span: Span, cues: &Found, confidence: f32, out: &mut Candidates) {
    let birth = cues.near(Cue::Birth, span.start, span.end, 44).is_some();
    let kind = if birth {
        PiiKind::DateOfBirth
    } else {
        PiiKind::DateTime
    };
    out.push(kind, span, if birth { 0.95 } else { confidence });
}

/// "3 March 1984", "March 3rd, 1984", and in the wide set weekdays and bare years.
pub(crate) fn scan_words(words: &[(usize, &str)], cues: &Found, out: &mut Candidates) {
    for (i, &(start, word)) in words.iter().enumerate() {
        let bare = word.trim_end_matches(['.', ',']);
        let among = |list: &[&str]| {
            list.iter()
                .any(|m| m.len() == bare.len() && m.eq_ignore_ascii_case(bare))
        };
        if among(MONTHS) || other_month(words, i, bare) {
            month(words, i, cues, out);
        } else if among(WEEKDAYS) {
            out.push(PiiKind::DateTime, Span::new(start, start + bare.len()), 0.5);
        } else if let Some(end) = year(word).map(|n| start + n) {
            let previous = i
                .checked_sub(1)
                .and_then(|p| words.get(p))
                .map_or("", |w| w.1);
            let announced = [
                "in", "since", "of", "by", "until", "from", "a", "year", "born", "around",
            ]
            .contains(&previous.to_ascii_lowercase().as_str());
            if announced {
                out.push(PiiKind::DateTime, Span::new(start, end), 0.5);
            }
        }
    }
}

/// "12 mars", "3 de mayo": a month of another language after a day.
fn other_month(words: &[(usize, &str)], i: usize, bare: &str) -> bool {
    if !bare.starts_with(char::is_alphabetic) {
        return false;
    }
    let back = |n: usize| i.checked_sub(n).and_then(|j| words.get(j)).map(|w| w.1);
    let after_day = match back(1) {
        Some("de" | "di") => back(2).is_some_and(day),
        Some(word) => day(word.trim_end_matches('.')),
        None => false,
    };
    after_day && {
        let lower = bare.to_lowercase();
        OTHER_MONTHS.split_whitespace().any(|m| m == lower)
    }
}

fn year(word: &str) -> Option<usize> {
    let digits = word.trim_end_matches(['.', ',', ';', ')', '?', '!', '"']);
    let value: u32 = digits.parse().ok()?;
    (digits.len() == 4 && (1900..=2060).contains(&value)).then_some(digits.len())
}

fn day(word: &str) -> bool {
    let digits = word
        .trim_end_matches(',')
        .trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word
        .trim_end_matches(',')
        .trim_start_matches(|c: char| c.is_ascii_digit());
    digits.parse::<u32>().is_ok_and(|d| (1..=31).contains(&d))
        && matches!(suffix, "" | "st" | "nd" | "rd" | "th")
}

fn month(words: &[(usize, &str)], i: usize, cues: &Found, out: &mut Candidates) {
    let get = |j: Option<usize>| j.and_then(|j| words.get(j)).copied();
    let Some((start, word)) = get(Some(i)) else {
        return;
    };
    let mut from = start;
    let mut end = start + word.trim_end_matches(['.', ',']).len();
    let mut parts = 1;
    let mut next = i + 1;
    let before = get(i.checked_sub(1));
    let of = before.is_some_and(|w| matches!(w.1, "of" | "de" | "di"));
    if let Some(w) = get(i.checked_sub(if of { 2 } else { 1 }))
        && day(w.1.trim_end_matches('.'))
    {
        from = w.0;
        parts += 1;
    } else if let Some(w) = get(Some(next))
        && day(w.1)
    {
        end = w.0 + w.1.trim_end_matches([',', '.']).len();
        parts += 1;
        next += 1;
    }
    if get(Some(next)).is_some_and(|w| matches!(w.1, "de" | "del")) {
        next += 1;
    }
    if let Some(w) = get(Some(next))
        && let Some(n) = year(w.1)
    {
        end = w.0 + n;
        parts += 1;
    }
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
    if parts > 1 {
        push(Span::new(from, end), cues, 0.8, out);
    } else if capital && word.len() > 3 && word != "March" && word != "August" {
        out.push(PiiKind::DateTime, Span::new(from, end), 0.4);
    }
}
