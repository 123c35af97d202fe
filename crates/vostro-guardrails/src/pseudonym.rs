//! Reversible pseudonyms: `<CARD_1>` for a value while a text is with a model, the value after.
//!
//! One [`Pseudonyms`] belongs to one conversation: the same value gets the same name every time, and
//! names never lead from one conversation to another. The map holds raw values and therefore has no
//! `Serialize`, and its `Debug` shows only how many there are.

use crate::Engine;
use crate::verdict::{CheckRequest, PiiKind};
use std::collections::BTreeMap;
use std::fmt;

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
}

impl fmt::Debug for Pseudonymised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonymised({} bytes)", self.0.len())
    }
}

/// The pseudonyms of one conversation.
#[derive(Clone, Default)]
pub struct Pseudonyms {
    /// Name by kind and value.
    names: BTreeMap<(PiiKind, String), String>,
    /// Value by name, as first written.
    values: BTreeMap<String, String>,
    counts: BTreeMap<PiiKind, usize>,
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
        let mut chars = text.chars();
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for found in &verdict.pii_matches {
            out.extend(chars.by_ref().take(found.start - at));
            let value: String = chars.by_ref().take(found.end - found.start).collect();
            at = found.end;
            out.push_str(&self.name(found.pii_type, value));
        }
        out.extend(chars);
        out
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

    fn name(&mut self, kind: PiiKind, value: String) -> String {
        let key: String = value
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        if let Some(name) = self.names.get(&(kind, key.clone())) {
            return name.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format!("<{}_{count}>", label(kind));
        self.names.insert((kind, key), name.clone());
        self.values.insert(name.clone(), value);
        name
    }
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
}
