//! Reversible pseudonyms: `<CARD_1>` for a value while a text is with a model, the value after.
//!
//! One [`Pseudonyms`] belongs to one conversation: the same value gets the same name every time, and
//! names never lead from one conversation to another. The map holds raw values and therefore has no
//! `Serialize`, and its `Debug` shows only how many there are.
//!
//! The engine finds what has a form. What has none and is known all the same, such as the names of a
//! customer's payees, is taught with [`Pseudonyms::learn`] and found by its letters and digits, whatever
//! stands between them.

use crate::Engine;
use crate::text::fold;
use crate::verdict::{CheckRequest, PiiKind};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// A learnt value is looked for over at most so many words.
const WORDS: usize = 12;
/// Between two words of a learnt value stand at most so many other characters.
const GAP: usize = 3;

/// A text whose personal values are replaced by names. Only [`Pseudonyms::pseudonymise`] makes one, so
/// whatever asks for this type (a request to a language model) cannot be given a customer's raw words:
///
/// ```compile_fail
/// let raw = String::from("card 4111 1111 1111 1111");
/// let hidden = vostro_guardrails::Pseudonymised(raw);
/// ```
///
/// `Debug` shows only the length: what is left of a message is still a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pseudonymised(String);

impl Pseudonymised {
    /// The text, with names where values were.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// At most its first so many characters. What is cut is already hidden, so no half of a value is left over.
    #[must_use]
    pub fn shortened(mut self, characters: usize) -> Self {
        if let Some((end, _)) = self.0.char_indices().nth(characters) {
            self.0.truncate(end);
        }
        self
    }
}

impl fmt::Debug for Pseudonymised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonymised({} bytes)", self.0.len())
    }
}

/// The pseudonyms of one conversation.
#[derive(Clone, Default)]
pub struct Pseudonyms {
    /// Name by label and value.
    names: BTreeMap<(String, String), String>,
    /// Value by name, as first written.
    values: BTreeMap<String, String>,
    counts: BTreeMap<String, usize>,
    /// Label by the letters and digits of a value that was learnt.
    learnt: BTreeMap<String, &'static str>,
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonyms({})", self.values.len())
    }
}

impl Pseudonyms {
    /// Replaces every personal value of a text by its name.
    ///
    /// ```
    /// use vostro_guardrails::{CheckRequest, Engine, Pseudonyms};
    ///
    /// let engine = Engine::builtin();
    /// let mut names = Pseudonyms::default();
    /// let sent = names.hide(&engine, "card 4111 1111 1111 1111, again 4111111111111111", &CheckRequest::default());
    /// assert_eq!(sent, "card <CARD_1>, again <CARD_1>");
    /// assert_eq!(names.restore("I blocked <CARD_1>."), "I blocked 4111 1111 1111 1111.");
    /// ```
    pub fn hide(&mut self, engine: &Engine, text: &str, request: &CheckRequest<'_>) -> String {
        let request = CheckRequest {
            safety: false,
            injection: false,
            pii: true,
            ..*request
        };
        let verdict = engine.check(text, &request);
        let found = verdict.pii_matches.iter();
        let mut spans: Vec<(Range<usize>, String)> = found
            .map(|found| (found.start..found.end, label(found.pii_type)))
            .collect();
        let learnt = self.learnt_in(text).into_iter();
        spans.extend(learnt.map(|(span, label)| (span, label.to_owned())));
        let mut chars = text.chars();
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (span, label) in joined(spans) {
            out.extend(chars.by_ref().take(span.start.saturating_sub(at)));
            let value: String = chars.by_ref().take(span.len()).collect();
            at = span.end;
            out.push_str(&self.name(label, value));
        }
        out.extend(chars);
        out
    }

    /// Teaches a value that no form betrays. It is found as whole words, by its letters and digits: case,
    /// accents, look-alike letters and what stands between the words do not matter.
    ///
    /// ```
    /// use vostro_guardrails::{CheckRequest, Engine, Pseudonyms};
    ///
    /// let mut names = Pseudonyms::default();
    /// names.learn("PAYEE", "Zoë Quill");
    /// let sent = names.hide(&Engine::builtin(), "20 to zoe quill's account", &CheckRequest::default());
    /// assert_eq!(sent, "20 to <PAYEE_1>'s account");
    /// ```
    pub fn learn(&mut self, label: &'static str, value: &str) {
        let letters: String = words(value).into_iter().map(|word| word.letters).collect();
        if letters.chars().count() > 1 {
            self.learnt.entry(letters).or_insert(label);
        }
    }

    /// Where learnt values stand, in code points: the longest at each place.
    fn learnt_in(&self, text: &str) -> Vec<(Range<usize>, &'static str)> {
        if self.learnt.is_empty() {
            return Vec::new();
        }
        let words = words(text);
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(first) = words.get(at) {
            let (mut letters, mut end) = (String::new(), first.span.start);
            let (mut longest, mut next) = (None, at + 1);
            for (i, word) in words.iter().enumerate().skip(at).take(WORDS) {
                if i > at && word.span.start - end > GAP {
                    break;
                }
                letters.push_str(&word.letters);
                end = word.span.end;
                if let Some(label) = self.learnt.get(&letters) {
                    longest = Some((first.span.start..end, *label));
                    next = i + 1;
                }
            }
            found.extend(longest);
            at = next;
        }
        found
    }

    /// The same as [`Pseudonyms::hide`], with the fact in the type.
    pub fn pseudonymise(
        &mut self,
        engine: &Engine,
        text: &str,
        request: &CheckRequest<'_>,
    ) -> Pseudonymised {
        Pseudonymised(self.hide(engine, text, request))
    }

    /// Puts the values back where their names stand; names that are not known stay.
    pub fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, tail) = rest.split_at(at);
            out.push_str(before);
            let end = tail.find('>').map_or(1, |e| e + 1);
            let known = tail
                .get(..end)
                .and_then(|name| Some((name, self.values.get(name)?)));
            if let Some((name, value)) = known {
                out.push_str(value);
                rest = tail.get(name.len()..).unwrap_or_default();
            } else {
                out.push('<');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }

    fn name(&mut self, label: String, value: String) -> String {
        // Between the digits of a number anything may stand; an address with another dot is another address.
        let is_address = value.contains('@');
        let key: String = value
            .chars()
            .filter(|c| c.is_alphanumeric() || (is_address && !c.is_whitespace()))
            .flat_map(char::to_lowercase)
            .collect();
        if let Some(name) = self.names.get(&(label.clone(), key.clone())) {
            return name.clone();
        }
        let count = self.counts.entry(label.clone()).or_default();
        *count += 1;
        let name = format!("<{label}_{count}>");
        self.names.insert((label, key), name.clone());
        self.values.insert(name.clone(), value);
        name
    }
}

/// A word of a text.
struct Word {
    /// Where it stands, in code points.
    span: Range<usize>,
    /// Its letters and digits, folded.
    letters: String,
}

/// The words of a text. What is not seen (zero-width characters, soft hyphens) parts no word.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.chars().enumerate() {
        if is_unseen(c) {
            continue;
        }
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        let letters = folded.chars().filter(|c| c.is_alphanumeric());
        let mut letters = letters.peekable();
        // An accent that was written apart belongs to the letter before it.
        let goes_on = open && folded.is_empty();
        if letters.peek().is_none() {
            open = goes_on;
            continue;
        }
        match words.last_mut().filter(|_| open) {
            Some(word) => {
                word.letters.extend(letters);
                word.span.end = at + 1;
            }
            None => words.push(Word {
                span: at..at + 1,
                letters: letters.collect(),
            }),
        }
        open = true;
    }
    words
}

/// Characters that take no room where text is shown.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Spans in order; those that overlap become one, under the label of the longest, or of the last as long.
fn joined(mut spans: Vec<(Range<usize>, String)>) -> Vec<(Range<usize>, String)> {
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut joined: Vec<(Range<usize>, String)> = Vec::with_capacity(spans.len());
    for (span, label) in spans {
        match joined.last_mut() {
            Some((last, its)) if span.start < last.end => {
                if span.len() >= last.len() {
                    *its = label;
                }
                last.end = last.end.max(span.end);
            }
            _ => joined.push((span, label)),
        }
    }
    joined
}

/// Short names for what is written most, the kind's own for the rest.
fn label(kind: PiiKind) -> String {
    match kind {
        PiiKind::CreditCard => "CARD".to_owned(),
        PiiKind::AccountNumber => "ACCOUNT".to_owned(),
        PiiKind::RoutingNumber => "ROUTING".to_owned(),
        PiiKind::IpAddress => "IP".to_owned(),
        PiiKind::DriversLicence => "LICENCE".to_owned(),
        PiiKind::OneTimeCode => "CODE".to_owned(),
        other => other.name().to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_differ_in_a_dot_have_names_of_their_own() {
        let (engine, mut names) = (Engine::builtin(), Pseudonyms::default());
        let text = "write to john.doe@bank.com, not johndoe@bank.com or JOHN.DOE@bank.com";
        let hidden = names.hide(&engine, text, &CheckRequest::default());
        assert_eq!(hidden, "write to <EMAIL_1>, not <EMAIL_2> or <EMAIL_1>");
        assert_eq!(names.restore("<EMAIL_2>"), "johndoe@bank.com");
    }

    #[test]
    fn values_come_back_and_names_are_stable() {
        let engine = Engine::builtin();
        let mut names = Pseudonyms::default();
        let request = CheckRequest::default();
        for text in [
            "mail jane@example.com and bob@example.com, or jane@example.com",
            "é SSN 123-45-6789 ü",
            "nothing here",
            "a < b > c <CARD_9>",
            "",
        ] {
            let hidden = names.hide(&engine, text, &request);
            assert!(
                !hidden.contains("example.com") && !hidden.contains("6789"),
                "{hidden}"
            );
            assert_eq!(names.restore(&hidden), text);
        }
        assert_eq!(
            names.hide(&engine, "write bob@example.com", &request),
            "write <EMAIL_2>"
        );
        assert_eq!(format!("{names:?}"), "Pseudonyms(3)");
    }

    #[test]
    fn learnt_values_are_found_by_their_letters() {
        let engine = Engine::builtin();
        let cases = [
            ("Anna Keller", "<PAYEE_1>"),
            ("pay ANNA-KELLER now", "pay <PAYEE_1> now"),
            ("Anna\u{200b} Kel\u{200b}ler", "<PAYEE_1>"),
            ("\u{410}nna's rent", "<PAYEE_1>'s rent"),
            ("Annabel and Kellerman", "Annabel and Kellerman"),
            ("from 0012 3456", "from <ACCOUNT_1>"),
            (
                "Kerstin O\u{308}z and \u{d6}z",
                "Kerstin <PAYEE_1> and <PAYEE_2>",
            ),
        ];
        for (text, expected) in cases {
            let mut names = Pseudonyms::default();
            for value in ["Anna Keller", "Anna", "Keller", "\u{d6}z"] {
                names.learn("PAYEE", value);
            }
            names.learn("ACCOUNT", "00123456");
            names.learn("PAYEE", "-");
            let hidden = names.hide(&engine, text, &CheckRequest::default());
            assert_eq!(hidden, expected);
            assert_eq!(names.restore(&hidden), text);
        }
        let mut names = Pseudonyms::default();
        names.learn("PAYEE", "Anna");
        let hidden = names.hide(&engine, "mail anna@example.com", &CheckRequest::default());
        assert_eq!(hidden, "mail <EMAIL_1>");
    }
}
