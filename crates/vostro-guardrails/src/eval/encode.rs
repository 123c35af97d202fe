//! Reversible disguises, to measure how much of what is found plain is found through them.

use base64::Engine as _;

/// A disguise by its name.
#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    /// Its name in reports.
    pub name: &'static str,
    /// Disguises a text.
    pub apply: fn(&str) -> String,
}

/// The disguises that are measured.
pub const ENCODINGS: [Encoding; 12] = [
    Encoding {
        name: "zero-width",
        apply: |t| t.chars().flat_map(|c| [c, '\u{200b}']).collect(),
    },
    Encoding {
        name: "homoglyph",
        apply: |t| t.chars().map(homoglyph).collect(),
    },
    Encoding {
        name: "full-width",
        apply: |t| t.chars().map(full_width).collect(),
    },
    Encoding {
        name: "tag characters",
        apply: |t| {
            t.chars()
                .filter_map(|c| {
                    c.is_ascii()
                        .then(|| char::from_u32(0xE0000 + c as u32))
                        .flatten()
                })
                .collect()
        },
    },
    Encoding {
        name: "base64",
        apply: |t| base64::engine::general_purpose::STANDARD.encode(t),
    },
    Encoding {
        name: "hex",
        apply: hex,
    },
    Encoding {
        name: "spacing",
        apply: |t| spread(t, " ", "   "),
    },
    Encoding {
        name: "punctuation",
        apply: |t| spread(t, ".", " "),
    },
    Encoding {
        name: "leet",
        apply: |t| t.chars().map(leet).collect(),
    },
    Encoding {
        name: "rot13",
        apply: |t| t.chars().map(rot13).collect(),
    },
    Encoding {
        name: "reversed",
        apply: |t| t.chars().rev().collect(),
    },
    Encoding {
        name: "url",
        apply: |t| {
            t.bytes()
                .map(|b| {
                    if b.is_ascii_alphanumeric() {
                        char::from(b).to_string()
                    } else {
                        format!("%{b:02X}")
                    }
                })
                .collect()
        },
    },
];

fn homoglyph(c: char) -> char {
    match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'c' => 'с',
        'p' => 'р',
        'x' => 'х',
        'i' => 'і',
        's' => 'ѕ',
        'y' => 'у',
        'A' => 'А',
        'E' => 'Е',
        'O' => 'О',
        'P' => 'Р',
        'S' => 'Ѕ',
        'I' => 'І',
        'T' => 'Т',
        'M' => 'М',
        'H' => 'Н',
        c => c,
    }
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        c => c,
    }
}

fn hex(text: &str) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    text.bytes()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

fn leet(c: char) -> char {
    match c.to_ascii_lowercase() {
        'a' => '4',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        's' => '5',
        't' => '7',
        _ => c,
    }
}

fn rot13(c: char) -> char {
    match c {
        'a'..='m' | 'A'..='M' => char::from(c as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(c as u8 - 13),
        c => c,
    }
}

fn spread(text: &str, inner: &str, outer: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|w| w.chars().map(String::from).collect::<Vec<_>>().join(inner))
        .collect();
    words.join(outer)
}
