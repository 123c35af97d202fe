//! Proper names that nothing introduces: people, organisations and places, by what words they are
//! made of and what stands before them.
//!
//! A given name with another name after it counts in either scope; single names, organisations and
//! places are guesses (confidence below [`SURE`]) and are reported in the wide scope only.

use super::Candidates;
use crate::lexicon::Lexicon;
use crate::text::Span;
use crate::verdict::PiiKind;

/// Names of people below this confidence are for the wide scope.
pub(crate) const SURE: f32 = 0.5;

const COMPANY: &[&str] = &[
    "inc",
    "corp",
    "corporation",
    "llc",
    "ltd",
    "limited",
    "gmbh",
    "plc",
    "company",
    "group",
    "holdings",
    "partners",
    "solutions",
    "systems",
    "technologies",
    "bank",
    "university",
    "software",
    "labs",
    "capital",
    "insurance",
    "foundation",
    "institute",
    "media",
    "health",
    "networks",
    "analytics",
    "ag",
    "sa",
    "bv",
];
const PLACED: &[&str] = &[
    "in", "from", "to", "near", "visit", "visiting", "southern", "northern", "eastern", "western",
    "at", "leaving", "around", "towards", "outside",
];
const EMPLOYED: &[&str] = &["for", "at", "joined", "called"];
/// Before these a name of several words is a person's sooner than a town's.
const WHOM: &[&str] = &["by", "to", "with", "from", "of"];
/// Company words that are written short: the point belongs to the name.
const SHORT: &[&str] = &["inc", "corp", "ltd", "co"];

/// One word without the punctuation around it.
#[derive(Clone, Copy)]
struct Word<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    /// Punctuation follows, so that a name ends here.
    closed: bool,
    /// Punctuation stands before it.
    opened: bool,
    /// A colon follows: it names what comes after it.
    label: bool,
}

fn word<'t>(&(at, raw): &(usize, &'t str)) -> Word<'t> {
    let inner = raw.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lead = raw.len() - inner.len();
    let mut text = inner.trim_end_matches(|c: char| !c.is_alphanumeric());
    let initial = text.chars().count() == 1 && inner.get(text.len()..) == Some(".");
    let mut closed = text.len() < inner.len() && !initial;
    if let Some(bare) = text.strip_suffix("'s") {
        text = bare;
        closed = true;
    }
    let end = at + lead + text.len() + usize::from(initial);
    Word {
        start: at + lead,
        end,
        text,
        closed,
        opened: lead > 0,
        label: raw.ends_with(':'),
    }
}

fn capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'))
}

/// A word that is a name of some kind: a capital, and not an ordinary word.
fn is_name(word: &Word<'_>, lexicon: &Lexicon) -> bool {
    capital(word.text)
        && word.text.len() > 1
        && (!lexicon.ordinary(word.text) || lexicon.given_name(word.text) && !word.text.is_ascii())
}

pub(crate) fn scan(text: &str, words: &[(usize, &str)], lexicon: &Lexicon, out: &mut Candidates) {
    let mut i = 0;
    while let Some(raw) = words.get(i) {
        if !raw.1.contains(char::is_uppercase) {
            i += 1;
            continue;
        }
        if let Some(next) = company(text, words, i, out) {
            i = next;
            continue;
        }
        let first = word(raw);
        let starts = is_name(&first, lexicon)
            || (capital(first.text) && lexicon.given_name(first.text))
            || lexicon.place(first.text) && capital(first.text);
        if !starts {
            i += 1;
            continue;
        }
        let run = name_run(text, words, i, lexicon);
        let before = i
            .checked_sub(1)
            .and_then(|p| words.get(p))
            .map_or("", |w| w.1);
        classify(&run, before, lexicon, out);
        i += run.len().max(1);
    }
}

fn is_company(word: &str) -> bool {
    word.len() <= 12 && COMPANY.contains(&word.to_ascii_lowercase().as_str())
}

/// A firm that starts at word `i`: capitalised words, ordinary ones too, up to one that firms end with.
/// Returns the word after it.
fn company(text: &str, words: &[(usize, &str)], i: usize, out: &mut Candidates) -> Option<usize> {
    const LONGEST: usize = 4;
    let first = word(words.get(i)?);
    let article = first.text.eq_ignore_ascii_case("the") || first.text.eq_ignore_ascii_case("a");
    if !capital(first.text) || first.closed || article {
        return None;
    }
    let mut last = first;
    for (n, raw) in words.get(i + 1..)?.iter().take(LONGEST).enumerate() {
        let next = word(raw);
        let joined = text.get(last.end..next.start) == Some(" ");
        if !joined || next.opened || !capital(next.text) {
            return None;
        }
        if is_company(next.text) {
            let short = SHORT.contains(&next.text.to_ascii_lowercase().as_str());
            let point = short && text.get(next.end..next.end + 1) == Some(".");
            let span = Span::new(first.start, next.end + usize::from(point));
            out.push(PiiKind::Organization, span, 0.49);
            return Some(i + n + 2);
        }
        if next.closed {
            return None;
        }
        last = next;
    }
    None
}

/// The name that starts at word `i`: capitalised words one space apart.
fn name_run<'t>(
    text: &str,
    words: &[(usize, &'t str)],
    i: usize,
    lexicon: &Lexicon,
) -> Vec<Word<'t>> {
    let mut run: Vec<Word<'t>> = Vec::new();
    for raw in words.get(i..).unwrap_or_default().iter().take(5) {
        let next = word(raw);
        let joined = run.last().is_none_or(|last| {
            !last.closed && !next.opened && text.get(last.end..next.start) == Some(" ")
        });
        let initial = next.text.chars().count() == 1 && next.text.starts_with(char::is_uppercase);
        let part = capital(next.text)
            && (run.is_empty()
                || initial
                || !lexicon.ordinary(next.text)
                || lexicon.given_name(next.text));
        if !joined || !part || next.label || (run.is_empty() && next.text.is_empty()) {
            break;
        }
        run.push(next);
    }
    run
}

fn classify(run: &[Word<'_>], before: &str, lexicon: &Lexicon, out: &mut Candidates) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    let span = Span::new(first.start, last.end);
    let joined = run.iter().map(|w| w.text).collect::<Vec<_>>().join(" ");
    let before = before.to_lowercase();
    let given = lexicon.given_name(first.text);
    let all_capitals = joined.len() > 3 && !joined.chars().any(char::is_lowercase);
    let several = run.len() > 1;
    if lexicon.place(&joined) && !(given && !several && !PLACED.contains(&before.as_str())) {
        out.push(PiiKind::Location, span, 0.47);
    } else if given && several && !all_capitals {
        let full = run
            .iter()
            .all(|w| !lexicon.ordinary(w.text) && w.text.len() > 2 || w.text.len() == 1);
        if full {
            out.push(PiiKind::Person, span, 0.7);
        }
    } else if several && !all_capitals && WHOM.contains(&before.as_str()) {
        out.push(PiiKind::Person, span, 0.44);
    } else if PLACED.contains(&before.as_str()) && !given {
        out.push(PiiKind::Location, span, 0.42);
    } else if given {
        out.push(PiiKind::Person, span, 0.45);
    } else if EMPLOYED.contains(&before.as_str()) {
        out.push(PiiKind::Organization, span, 0.4);
    } else if several && !all_capitals {
        out.push(PiiKind::Person, span, 0.4);
    }
}
