//! One-time codes in a message: read, and kept out of everything that is recorded.
//!
//! A message is a code only while one is asked for, and only if it holds six digits and says nothing else. It is
//! taken from the customer's own words and handed to whoever checks it; the record has asterisks.

use std::fmt;

use vostro_bank::FactorMethod;

use crate::state::DialogueState;

/// How many digits.
const DIGITS: usize = 6;
/// What may stand beside a code.
const SMALL: &[&str] = &[
    "yes", "yep", "ok", "okay", "sure", "confirm", "my", "the", "code", "is", "it", "its", "it's",
    "here", "this", "please", "and", "sí", "si", "mi", "el", "código", "codigo", "es", "aquí",
    "aqui", "está", "esta", "confirmo", "y", "por", "favor",
];

/// A code that a customer said. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OneTimeCode(String);

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl OneTimeCode {
    /// The digits.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// The code in a message, where the conversation asks for one.
pub(crate) fn given(message: &str, state: &DialogueState) -> Option<OneTimeCode> {
    let asked = state.pending.as_ref()?.factor? == FactorMethod::Code;
    asked.then(|| read(message)).flatten()
}

fn read(message: &str) -> Option<OneTimeCode> {
    let mut digits = String::new();
    // Words of a message that long are not looked at.
    if message.len() > 200 {
        return None;
    }
    let separators = |c: char| c.is_whitespace() || "-,.:;!".contains(c);
    for part in message.split(separators).filter(|part| !part.is_empty()) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.push_str(part);
        } else if !SMALL.contains(&part.to_lowercase().as_str()) {
            return None;
        }
    }
    (digits.len() == DIGITS).then_some(OneTimeCode(digits))
}

/// A message that holds a code, as it is kept.
pub(crate) fn concealed(message: &str) -> String {
    let hide = |c: char| if c.is_ascii_digit() { '*' } else { c };
    message.chars().map(hide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_nothing_else_are_a_code() {
        let cases = [
            ("123456", Some("123456")),
            ("123 456", Some("123456")),
            ("123-456.", Some("123456")),
            ("My code is 012345!", Some("012345")),
            ("yes, 123456", Some("123456")),
            ("el código es 123456", Some("123456")),
            ("12345", None),
            ("1234567", None),
            ("123456 to Anna", None),
            ("no, 123456", None),
            ("send 123456", None),
            ("$123456", None),
            ("is it 123456?", None),
            ("１２３４５６", None),
            ("", None),
            ("yes", None),
        ];
        for (message, expected) in cases {
            let found = read(message);
            let found = found.as_ref().map(OneTimeCode::expose);
            assert_eq!(found, expected, "{message:?}");
        }
        assert_eq!(concealed("my code is 123 456"), "my code is *** ***");
    }
}
