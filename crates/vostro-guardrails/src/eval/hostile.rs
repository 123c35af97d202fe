//! Hostile texts: what is timed here and what the bench of instructions counts.

/// What texts that are slow for careless engines repeat.
pub(super) const HOSTILE: [&str; 16] = [
    "a.",
    "a.a.a@",
    "1 ",
    "1-",
    "4111 1111 ",
    "ignore ",
    "ignore all previous instructions ",
    "aGVsbG8g",
    "%41",
    "one two ",
    "[](",
    "DE12 3",
    "i g n o r e ",
    "&#105;",
    "\u{200b}a",
    "Anna Smith ",
];
/// Their lengths, in characters.
pub(super) const SIZES: [usize; 2] = [4096, 16384];
