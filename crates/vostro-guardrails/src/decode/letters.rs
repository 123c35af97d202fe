//! What is done to the letters of words: written apart, or as the digits and signs that look like them.

use crate::rules::words::{Token, unleet};
use std::collections::BTreeMap;

/// Letters written apart put together: "i g n o r e   a l l", "i.g.n.o.r.e".
pub(super) fn unspaced(folded: &str, tokens: &[Token]) -> Option<String> {
    let single = |t: &Token| {
        folded
            .get(t.start..t.end)
            .is_some_and(|w| w.chars().count() == 1)
    };
    if tokens.iter().filter(|t| single(t)).count() < 6 {
        return None;
    }
    let mut out = String::with_capacity(folded.len());
    let mut joined = false;
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let run = tokens
            .get(i..)
            .unwrap_or_default()
            .iter()
            .take_while(|t| single(t))
            .count();
        let letters = tokens.get(i..i + run).unwrap_or_default();
        if run >= 4 {
            join(folded, letters, &mut out);
            joined = true;
            i += run;
        } else {
            out.push_str(folded.get(token.start..token.end).unwrap_or_default());
            i += 1;
        }
        out.push(' ');
    }
    joined.then_some(out)
}

/// Joins single letters; the commonest gap stands between letters, any other between words.
fn join(folded: &str, letters: &[Token], out: &mut String) {
    let gaps: Vec<&str> = letters
        .windows(2)
        .map(|pair| match pair {
            [a, b] => folded.get(a.end..b.start).unwrap_or_default(),
            _ => "",
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in &gaps {
        *counts.entry(gap).or_default() += 1;
    }
    let inner = counts
        .iter()
        .max_by_key(|(_, n)| **n)
        .map_or("", |(gap, _)| gap);
    for (i, letter) in letters.iter().enumerate() {
        if i.checked_sub(1)
            .and_then(|p| gaps.get(p))
            .is_some_and(|gap| *gap != inner)
        {
            out.push(' ');
        }
        out.push_str(folded.get(letter.start..letter.end).unwrap_or_default());
    }
}

/// Digits and signs inside words read as the letters they look like, if three words that are no escapes have them.
pub(super) fn unleeted(folded: &str, tokens: &[Token]) -> Option<String> {
    let mixed = |t: &&Token| {
        let word = folded.get(t.start..t.end).unwrap_or_default();
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        let leet = |b: u8| b.is_ascii_alphanumeric() || b"@$!|".contains(&b);
        let escape = folded.get(..t.start).unwrap_or_default().ends_with('%');
        (1..word.len().min(24)).contains(&letters)
            && word.len() < 24
            && !escape
            && word.bytes().all(leet)
    };
    let count = tokens.iter().filter(mixed).count();
    (count >= 3 && count * 4 >= tokens.len()).then(|| {
        let mut out = String::with_capacity(folded.len());
        let mut at = 0;
        for token in tokens {
            out.push_str(folded.get(at..token.start).unwrap_or_default());
            let word = folded.get(token.start..token.end).unwrap_or_default();
            if word.bytes().all(|b| b.is_ascii_digit()) && word.len() > 3 {
                out.push_str(word);
            } else {
                out.extend(word.chars().map(|c| unleet(c, 'i')));
            }
            at = token.end;
        }
        out.push_str(folded.get(at..).unwrap_or_default());
        out
    })
}
