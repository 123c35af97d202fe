//! Numbers in words: "twenty five", "a hundred and ten", "two thousand", "cincuenta".
//!
//! English up to the billions, Spanish for what people say in amounts. Numbers in digits are
//! [`super::money`]'s, since there commas and points matter.

use crate::understand::text::{Kind, Token};

const UNITS: &[(&str, u64)] = &[
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("dozen", 12),
    ("uno", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("quince", 15),
    ("dieciseis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("veinticinco", 25),
    ("fiver", 5),
    ("tenner", 10),
];

const TENS: &[(&str, u64)] = &[
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("setenta", 70),
    ("ochenta", 80),
    ("noventa", 90),
    ("cien", 100),
    ("ciento", 100),
    ("doscientos", 200),
    ("trescientos", 300),
    ("cuatrocientos", 400),
    ("quinientos", 500),
    ("seiscientos", 600),
    ("setecientos", 700),
    ("ochocientos", 800),
    ("novecientos", 900),
];

const SCALES: &[(&str, u64)] = &[
    ("hundred", 100),
    ("thousand", 1_000),
    ("grand", 1_000),
    ("mil", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
];

fn look_up(table: &[(&str, u64)], word: &str) -> Option<u64> {
    table
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, value)| *value)
}

/// The factor that a word multiplies with: "thousand", "million".
pub fn scale(word: &str) -> Option<u64> {
    look_up(SCALES, word)
}

/// Reads the number in words that begins at a place: the number, and the place after it. `None` when
/// there is none, or when it does not fit 64 bits.
pub fn read(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let word = |i: usize| {
        tokens
            .get(i)
            .filter(|token| token.kind == Kind::Word)
            .map_or("", |token| token.word.as_str())
    };
    let (mut total, mut group, mut next) = (0_u64, 0_u64, at);
    let mut found = false;
    // What the last word may be followed by: 100 lets tens and units follow, 10 only units.
    let mut room = u64::MAX;
    let couple = if word(at) == "a" { at + 1 } else { at };
    let scaled = if word(couple + 1) == "of" {
        couple + 2
    } else {
        couple + 1
    };
    if word(couple) == "couple" && scale(word(scaled)).is_some() {
        group = 2;
        next = scaled;
    } else if word(at) == "half"
        || (matches!(word(at), "a" | "an") && scale(word(at + 1)).is_some())
    {
        if word(at) == "half" {
            return half(&word, at);
        }
        group = 1;
        next = at + 1;
    }
    loop {
        let here = word(next);
        if let Some(factor) = scale(here) {
            let base = if group == 0 && !found { 1 } else { group };
            if factor == 100 {
                group = base.checked_mul(100)?;
            } else {
                total = total.checked_add(base.checked_mul(factor)?)?;
                group = 0;
            }
            room = factor;
        } else if let Some(value) = look_up(UNITS, here).or_else(|| look_up(TENS, here)) {
            if value >= room || (found && room == u64::MAX) {
                break;
            }
            group = group.checked_add(value)?;
            room = match value {
                100.. => 100,
                20.. => 10,
                _ => 0,
            };
        } else if found
            && matches!(here, "and" | "y")
            && (room >= 100 || here == "y")
            && room != u64::MAX
            && continues(word(next + 1), room)
        {
            next += 1;
            continue;
        } else {
            break;
        }
        found = true;
        next += 1;
    }
    found.then_some(())?;
    Some((total.checked_add(group)?, next))
}

/// "Half a hundred", "half a grand".
fn half<'a>(word: &impl Fn(usize) -> &'a str, at: usize) -> Option<(u64, usize)> {
    let next = if word(at + 1) == "a" { at + 2 } else { at + 1 };
    Some((scale(word(next))? / 2, next + 1))
}

/// Whole units and hundredths as they are spoken: "fifty five fifty" is 55.50, "nine ninety nine" 9.99, and
/// "one fifty" a hundred and fifty. Whole units, hundredths, and the place behind; `None` where no second
/// number of two digits follows at once.
pub fn read_spoken(tokens: &[Token], at: usize) -> Option<(u64, u64, usize)> {
    let (whole, middle) = read(tokens, at)?;
    let (second, until) = read(tokens, middle)?;
    if !(1..1_000).contains(&whole) || !(10..100).contains(&second) {
        return None;
    }
    // A price ends in nines; a round hundred is spoken of by its tens.
    if whole < 10 && second != 99 {
        return Some((whole * 100 + second, 0, until));
    }
    Some((whole, second, until))
}

fn continues(word: &str, room: u64) -> bool {
    look_up(UNITS, word)
        .or_else(|| look_up(TENS, word))
        .is_some_and(|value| value < room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::lexicon::Lexicon;
    use crate::understand::text::Text;

    #[test]
    fn numbers_in_words() {
        let cases = [
            ("fifty", Some((50, 1))),
            ("twenty five", Some((25, 2))),
            ("twenty-five", Some((25, 2))),
            ("a hundred", Some((100, 2))),
            ("one hundred and twenty three", Some((123, 5))),
            ("two thousand five hundred", Some((2_500, 4))),
            ("fifteen hundred", Some((1_500, 2))),
            ("two grand", Some((2_000, 2))),
            ("three million", Some((3_000_000, 2))),
            ("a thousand and one", Some((1_001, 4))),
            ("cincuenta", Some((50, 1))),
            ("treinta y cinco", Some((35, 3))),
            ("doscientos cincuenta", Some((250, 2))),
            ("five six", Some((5, 1))),
            ("twenty and john", Some((20, 1))),
            ("ten and five", Some((10, 1))),
            ("half a grand", Some((500, 3))),
            ("half a hundred", Some((50, 3))),
            ("half of it", None),
            ("a", None),
            ("a dollar", None),
            ("john", None),
            ("billion billion billion", Some((1_000_000_000, 1))),
        ];
        for (text, expected) in cases {
            let read = read(&Text::read(text, Lexicon::get()).tokens, 0);
            if text.starts_with("billion") {
                assert!(read.is_none_or(|(_, next)| next >= 1), "{text}");
                continue;
            }
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn prices_as_they_are_spoken() {
        let cases = [
            ("fifty five fifty", Some((55, 50, 3))),
            ("twelve ninety nine", Some((12, 99, 3))),
            ("nine ninety nine", Some((9, 99, 3))),
            ("one fifty", Some((150, 0, 2))),
            ("two twenty five", Some((225, 0, 3))),
            ("a hundred ten fifty", Some((110, 50, 4))),
            ("fifty five", None),
            ("five six", None),
            ("two thousand fifty ten", None),
        ];
        for (text, expected) in cases {
            let read = read_spoken(&Text::read(text, Lexicon::get()).tokens, 0);
            assert_eq!(read, expected, "{text}");
        }
    }
}
