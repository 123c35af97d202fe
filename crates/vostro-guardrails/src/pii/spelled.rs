//! Numbers written out in words: "four one one one", "double five", "forty-two", "siete ocho".
//!
//! The words are replaced by digits in a shadow text whose bytes know where they came from; the
//! ordinary detectors then read the shadow. Amounts ("two hundred dollars") are left alone.

use crate::text::Span;

/// A text with number words replaced, and the way back.
#[derive(Debug)]
pub(crate) struct Shadow {
    pub text: String,
    /// The original range of each byte.
    map: Vec<(u32, u32)>,
    /// The ranges of the shadow that were words.
    pub replaced: Vec<Span>,
}

impl Shadow {
    pub(crate) fn to_clean(&self, span: Span) -> Option<Span> {
        let start = self.map.get(span.start)?.0;
        let end = self.map.get(span.end.checked_sub(1)?)?.1;
        Some(Span::new(start as usize, end as usize))
    }
}

/// Number words in one sequence; longer ones are cut, so that work stays bounded.
const MAX_PARTS: usize = 48;

#[rustfmt::skip]
fn digit(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "naught" | "cero" | "zéro" | "null" | "nul" | "zera" => "0",
        "one" | "uno" | "un" | "une" | "eins" | "um" | "een" | "één" | "jeden" => "1",
        "two" | "dos" | "deux" | "zwei" | "zwo" | "due" | "dois" | "twee" | "dwa" => "2",
        "three" | "tres" | "trois" | "drei" | "tre" | "três" | "drie" | "trzy" => "3",
        "four" | "cuatro" | "quatre" | "vier" | "quattro" | "quatro" | "cztery" => "4",
        "five" | "cinco" | "cinq" | "fünf" | "fuenf" | "cinque" | "vijf" | "pięć" | "piec" => "5",
        "six" | "seis" | "sechs" | "sei" | "zes" | "sześć" | "szesc" => "6",
        "seven" | "siete" | "sept" | "sieben" | "sette" | "sete" | "zeven" | "siedem" => "7",
        "eight" | "ocho" | "huit" | "acht" | "otto" | "oito" | "osiem" => "8",
        "nine" | "nueve" | "neuf" | "neun" | "nove" | "negen" | "dziewięć" | "dziewiec" | "niner" => "9",
        "ten" => "10", "eleven" => "11", "twelve" => "12", "thirteen" => "13", "fourteen" => "14", "fifteen" => "15",
        "sixteen" => "16", "seventeen" => "17", "eighteen" => "18", "nineteen" => "19",
        _ => return None,
    })
}

fn tens(word: &str) -> Option<&'static str> {
    Some(match word {
        "twenty" => "2",
        "thirty" => "3",
        "forty" | "fourty" => "4",
        "fifty" => "5",
        "sixty" => "6",
        "seventy" => "7",
        "eighty" => "8",
        "ninety" => "9",
        _ => return None,
    })
}

fn repeat(word: &str) -> Option<usize> {
    match word {
        "double" | "dbl" => Some(2),
        "triple" => Some(3),
        "quadruple" => Some(4),
        _ => None,
    }
}

fn joiner(word: &str) -> Option<&'static str> {
    match word {
        "dash" | "hyphen" | "minus" => Some("-"),
        "space" | "then" | "and" => Some(""),
        _ => None,
    }
}

/// Letters-only pieces of a text and their places; everything between is a gap.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut start = None;
    for (i, c) in text.char_indices() {
        let inside = c.is_alphanumeric();
        match (inside, start) {
            (true, None) => start = Some(i),
            (false, Some(s)) => {
                out.extend(text.get(s..i).map(|w| (s, w)));
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.and_then(|s| text.get(s..).map(|w| (s, w))));
    out
}

/// Whether two number words stand close together: a cheap look before anything is copied.
fn has_number_words(text: &str) -> bool {
    /// Words from one number word to the next, at most: digits and joiners stand between.
    const CLOSE: usize = 6;
    let mut last = None;
    for (number, word) in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .enumerate()
    {
        let mut buffer = [0u8; 10];
        let Some(lower) = buffer.get_mut(..word.len()) else {
            continue;
        };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let lower = std::str::from_utf8(lower).unwrap_or_default();
        if digit(lower).is_some() || tens(lower).is_some() || repeat(lower).is_some() {
            if last.is_some_and(|l| number - l <= CLOSE) {
                return true;
            }
            last = Some(number);
        }
    }
    false
}

/// The shadow of a text, if it holds at least three number words in a row.
pub(crate) fn shadow(text: &str) -> Option<Shadow> {
    if !has_number_words(text) {
        return None;
    }
    let words = pieces(text);
    let lower: Vec<String> = words.iter().map(|w| w.1.to_lowercase()).collect();
    let mut shadow = Shadow {
        text: String::new(),
        map: Vec::new(),
        replaced: Vec::new(),
    };
    let mut copied = 0;
    let mut i = 0;
    while i < words.len() {
        let Some(sequence) = read(text, &words, &lower, i) else {
            i += 1;
            continue;
        };
        let from = words.get(i).map_or(0, |w| w.0);
        shadow.copy(text, copied, from);
        let begin = shadow.text.len();
        for (digits, span) in &sequence.parts {
            shadow.push(digits, *span);
        }
        shadow.replaced.push(Span::new(begin, shadow.text.len()));
        copied = sequence.end;
        i = sequence.next;
    }
    if shadow.replaced.is_empty() {
        return None;
    }
    shadow.copy(text, copied, text.len());
    Some(shadow)
}

impl Shadow {
    fn push(&mut self, digits: &str, span: Span) {
        let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.text.push_str(digits);
        self.map
            .resize(self.text.len(), (at(span.start), at(span.end)));
    }

    fn copy(&mut self, text: &str, from: usize, to: usize) {
        let Some(part) = text.get(from..to) else {
            return;
        };
        for (i, c) in part.char_indices() {
            let start = from + i;
            let mut buffer = [0; 4];
            self.push(
                c.encode_utf8(&mut buffer),
                Span::new(start, start + c.len_utf8()),
            );
        }
    }
}

struct Sequence {
    parts: Vec<(String, Span)>,
    end: usize,
    next: usize,
}

/// Reads number words from word `i` on.
fn read(text: &str, words: &[(usize, &str)], lower: &[String], mut i: usize) -> Option<Sequence> {
    let mut parts: Vec<(String, Span)> = Vec::new();
    let mut spelled = 0;
    let mut digits = 0;
    let mut end = 0;
    let mut pending: Option<&str> = None;
    let mut next = i;
    number(words, lower, i)?;
    while parts.len() < MAX_PARTS
        && let (Some(&(start, word)), Some(low)) = (words.get(i), lower.get(i))
    {
        let gap = text.get(end..start).unwrap_or_default();
        if end > 0 && (gap.len() > 3 || gap.contains(['.', ';', ':', '?', '!', '\n'])) {
            break;
        }
        let stop = start + word.len();
        let mut from = start;
        let (value, used, stop) = if let Some((value, used, last)) = number(words, lower, i) {
            spelled += 1;
            (value, used, last)
        } else if word.bytes().all(|b| b.is_ascii_digit()) && word.len() <= 6 {
            (word.to_owned(), 1, stop)
        } else if let Some(sign) = joiner(low).filter(|_| digits > 0) {
            pending = Some(sign);
            end = stop;
            i += 1;
            continue;
        } else {
            break;
        };
        if let Some(sign) = pending.take()
            && !sign.is_empty()
        {
            parts.push((sign.to_owned(), Span::new(from, from)));
        }
        from = from.min(stop);
        digits += value.len();
        parts.push((value, Span::new(from, stop)));
        end = stop;
        i += used;
        next = i;
    }
    let end = parts.last().map_or(0, |p| p.1.end);
    (spelled >= 3 && digits >= 3).then_some(Sequence { parts, end, next })
}

/// One number word, with its repetition or its unit: digits, words used, end.
fn number(words: &[(usize, &str)], lower: &[String], i: usize) -> Option<(String, usize, usize)> {
    let end = |j: usize| words.get(j).map_or(0, |w| w.0 + w.1.len());
    let low = lower.get(i)?;
    if let Some(times) = repeat(low) {
        let value = digit(lower.get(i + 1)?)?;
        return Some((value.repeat(times), 2, end(i + 1)));
    }
    if let Some(ten) = tens(low) {
        return Some(
            match lower
                .get(i + 1)
                .and_then(|w| digit(w))
                .filter(|d| d.len() == 1 && *d != "0")
            {
                Some(unit) => (format!("{ten}{unit}"), 2, end(i + 1)),
                None => (format!("{ten}0"), 1, end(i)),
            },
        );
    }
    digit(low).map(|d| (d.to_owned(), 1, end(i)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_number_words() {
        for (text, expect) in [
            ("it is four one double one, ok", Some("it is 4111, ok")),
            (
                "one two three dash forty-five dash six seven eight nine",
                Some("123-45-6789"),
            ),
            ("oh seven nine triple five", Some("079555")),
            ("cuatro uno uno cinco", Some("4115")),
            ("I have two cards and one account", None),
            ("twenty twenty", None),
        ] {
            assert_eq!(shadow(text).map(|s| s.text).as_deref(), expect, "{text}");
        }
        let shadow = shadow("xx four one one five").unwrap();
        assert_eq!(shadow.to_clean(Span::new(3, 7)), Some(Span::new(3, 20)));
    }
}
