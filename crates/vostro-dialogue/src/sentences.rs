//! Sentences of a text that is still being made: a sentence is one when what follows can no longer be part
//! of it, its citation marks included.

/// The longest sentence that is waited for, in bytes.
const LONGEST: usize = 1_000;

/// A text on its way, sentence by sentence.
#[derive(Debug, Default)]
pub(crate) struct Sentences(String);

impl Sentences {
    /// More of the text; `false` when a sentence grows beyond all measure.
    pub(crate) fn push(&mut self, text: &str) -> bool {
        self.0.push_str(text);
        self.0.len() <= LONGEST || end_of_first(&self.0).is_some()
    }

    /// The next whole sentence, with the white space behind it.
    pub(crate) fn next(&mut self) -> Option<String> {
        let end = end_of_first(&self.0)?;
        let rest = self.0.split_off(end);
        Some(std::mem::replace(&mut self.0, rest))
    }

    /// What is left when nothing follows.
    pub(crate) fn rest(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.0);
        (!rest.trim().is_empty()).then_some(rest)
    }
}

/// Where the first sentence ends: behind its marks and white space, at the first character of the next.
fn end_of_first(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let stops = matches!(c, '.' | '!' | '?' | '\n');
        let parts = chars
            .peek()
            .is_some_and(|(_, next)| next.is_whitespace() || *next == '[');
        if !stops || !(parts || c == '\n') {
            continue;
        }
        if let Some(end) = beyond_marks(text, chars.peek().map_or(text.len(), |(at, _)| *at)) {
            return Some(end);
        }
        return None;
    }
    None
}

/// The first character that is neither white space nor a citation mark; `None` while there may be more.
fn beyond_marks(text: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = text.get(at..)?;
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let Some(inside) = trimmed.strip_prefix('[') else {
            return (!trimmed.is_empty()).then_some(at);
        };
        let is_mark = |c: char| c.is_ascii_digit() || matches!(c, ',' | ' ');
        let digits = inside.find(|c: char| !is_mark(c));
        match digits {
            None => return None,
            Some(end) if inside.get(end..)?.starts_with(']') => at += end + 2,
            Some(_) => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, chunk: usize) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut sentences = Sentences::default();
        let mut found = Vec::new();
        for piece in chars.chunks(chunk) {
            assert!(sentences.push(&piece.iter().collect::<String>()));
            found.extend(std::iter::from_fn(|| sentences.next()));
        }
        found.extend(sentences.rest());
        found
    }

    #[test]
    fn chunks_do_not_matter() {
        let cases: [(&str, &[&str]); 5] = [
            ("One. Two! ", &["One. ", "Two! "]),
            (
                "It costs $1.50. [1] Two [2]. Three.[3]\nFour",
                &["It costs $1.50. [1] ", "Two [2]. ", "Three.[3]\n", "Four"],
            ),
            ("- a\n- b\n\nEnd", &["- a\n", "- b\n\n", "End"]),
            ("See. [here", &["See. ", "[here"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            for chunk in 1..=text.chars().count().max(1) {
                assert_eq!(cut(text, chunk), expected, "{text:?} by {chunk}");
            }
        }
    }

    #[test]
    fn an_endless_sentence_is_given_up() {
        let mut sentences = Sentences::default();
        assert!(sentences.push("word "));
        assert!(!sentences.push(&"word ".repeat(300)));
    }
}
