//! Days of the month by their number, in digits and in words.

use crate::entities::Finder;
use crate::entities::period::{day_number, month};
use crate::understand::text::Kind;

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
pub(super) const BEHIND_A_DAY: &[&str] = &[
    "pay", "send", "transfer", "move", "put", "of", "from", "to", "and", "then", "not", "instead",
    "please", "thanks", "using", "with", "for", "next", "this", "every", "each", "until",
    "starting", "as", "so", "at", "by", "if", "de", "del", "desde", "a", "y", "por", "para", "en",
    "al",
];

/// Days of the month in Spanish words, from the first on.
const SPANISH: &[&str] = &[
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
    "treinta",
];

/// Whether a word is a day of the month: "fifteenth".
pub(crate) fn is_ordinal_word(word: &str) -> bool {
    ORDINALS.contains(&word)
}

/// A day of the month in digits or in words: `15`, `15th`, `fifteenth`. "The first one" is none.
pub(super) fn named_day(finder: &Finder<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some((day, until)) = day_number(finder, at) {
        // "The 24 hour shop", "the 2nd of the bikes" are no days.
        let behind = finder
            .token(until)
            .filter(|token| token.kind == Kind::Word && !token.glued);
        let the = matches!(finder.word_before(at, 1), "the" | "el");
        let names_else = the
            && behind
                .is_some_and(|token| month(&token.word).is_none() && !token.is_any(BEHIND_A_DAY));
        let of = finder.word(until) == "of"
            && month(finder.word(until + 1)).is_none()
            && !matches!(
                finder.word(until + 1),
                "the" | "every" | "each" | "next" | "this"
            );
        let of_things = finder.reads(until, &["of", "the"]) && finder.word(until + 2) != "month";
        return (!names_else && !of && !of_things).then_some((day, until));
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
        word => {
            // "El dos de diciembre", "el dia diez".
            let spanish = || {
                let led = matches!(finder.word_before(ones, 1), "el" | "dia" | "del");
                SPANISH.iter().position(|it| led && *it == word)
            };
            let ordinal = ORDINALS.iter().position(|it| *it == word);
            i8::try_from(ordinal.or_else(spanish)?).ok()? + 1
        }
    };
    let fits = tens == 0 || day < 10;
    let day = day.checked_add(tens).filter(|day| fits && *day <= 31)?;
    let names_else = finder.token(ones + 1).is_some_and(|token| {
        token.kind != Kind::Symbol && month(&token.word).is_none() && !token.is_any(BEHIND_A_DAY)
    });
    (!names_else).then_some((day, ones + 1))
}
