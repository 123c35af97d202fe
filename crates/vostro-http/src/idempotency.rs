//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): reading it, and what a request
//! is known by.
//!
//! The key is a structured string (RFC 8941, section 3.3.3), `"8e03978e-…"`; as most clients leave the
//! quotes away, a bare word of visible ASCII is taken too, and means the same. The key and the body go
//! into hashes of which the key is always a part, so that a store does not hold what could be guessed.

use axum::http::{HeaderMap, HeaderName};
use sha2::{Digest, Sha256};
use vostro_bank::RequestName;
use vostro_types::CustomerId;

use crate::problem::Problem;

/// The request's header.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The answer's header: `true` when it was given before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The most characters of a key.
const LONGEST: usize = 255;

/// A client's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The request's key, if it has one. 400 when it cannot be read, or when there are several.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(malformed());
        }
        let text = value.to_str().map_err(|_| malformed())?.trim_matches(' ');
        let key = match text.strip_prefix('"') {
            Some(rest) => quoted(rest),
            None => bare(text),
        };
        key.filter(|key| !key.is_empty() && key.len() <= LONGEST)
            .map(|key| Some(Self(key)))
            .ok_or_else(malformed)
    }

    /// The key of a message that its sender gave this id, which is as long and as plain as a key is.
    pub(crate) fn of_message(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// What a request of this customer with this key is known by.
    pub(crate) fn name(&self, customer: &CustomerId, operation: &str) -> RequestName {
        RequestName {
            customer: customer.clone(),
            operation: operation.to_owned(),
            key_hash: hash(&[
                b"vostro request key",
                customer.as_str().as_bytes(),
                operation.as_bytes(),
                self.0.as_bytes(),
            ]),
        }
    }

    /// The body's hash under this key.
    pub(crate) fn hash_of(&self, body: &[u8]) -> [u8; 32] {
        hash(&[b"vostro request body", self.0.as_bytes(), body])
    }
}

fn malformed() -> Problem {
    Problem::bad_request(
        "`Idempotency-Key` is to be one string of 1 to 255 visible ASCII characters, such as \
         \"8e03978e-40d5-43e2-bc93-6894a57f9324\"",
    )
}

/// A structured string, its first quote taken off.
fn quoted(rest: &str) -> Option<String> {
    let mut key = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' => return characters.as_str().is_empty().then_some(key),
            '\\' => match characters.next()? {
                c @ ('"' | '\\') => key.push(c),
                _ => return None,
            },
            c @ ' '..='~' => key.push(c),
            _ => return None,
        }
    }
}

/// A word without quotes. What separates parameters and list members in the format is no part of one.
fn bare(text: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | ',' | ';');
    text.chars().all(is_word).then(|| text.to_owned())
}

/// SHA-256 over parts, each after its length, so that no two lists of parts are alike.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&[u8]]) -> Result<Option<String>, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, (*value).try_into().unwrap());
        }
        IdempotencyKey::of(&headers)
            .map(|key| key.map(|key| key.0))
            .map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn a_key_is_one_string_with_or_without_quotes() {
        let long = "k".repeat(LONGEST);
        let cases: &[(&[u8], Result<&str, u16>)] = &[
            (b"\"8e03978e-40d5\"", Ok("8e03978e-40d5")),
            (b"8e03978e-40d5", Ok("8e03978e-40d5")),
            (b"  abc  ", Ok("abc")),
            (br#""a \"b\" \\ c""#, Ok(r#"a "b" \ c"#)),
            (b"\" \"", Ok(" ")),
            (long.as_bytes(), Ok(&long)),
            (b"", Err(400)),
            (b"\"\"", Err(400)),
            (b"   ", Err(400)),
            (b"\"open", Err(400)),
            (b"\"a\"b", Err(400)),
            (b"\"a\";p=1", Err(400)),
            (b"\"a\", \"b\"", Err(400)),
            (b"a,b", Err(400)),
            (b"a b", Err(400)),
            (br#""\n""#, Err(400)),
            (b"\"\xc3\xbc\"", Err(400)),
            (b"tab\tbed", Err(400)),
        ];
        for (value, expected) in cases {
            let shown = String::from_utf8_lossy(value);
            let expected = expected.map(|key| Some(key.to_owned()));
            assert_eq!(of(&[value]), expected, "{shown}");
        }
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[b"a", b"a"]), Err(400));
        assert_eq!(of(&["k".repeat(LONGEST + 1).as_bytes()]), Err(400));
    }

    #[test]
    fn names_and_hashes_differ_in_every_part() {
        let (ada, eve) = (
            CustomerId::new("ada").unwrap(),
            CustomerId::new("eve").unwrap(),
        );
        let (one, two) = (IdempotencyKey("1".into()), IdempotencyKey("2".into()));
        let names = [
            one.name(&ada, "chat"),
            two.name(&ada, "chat"),
            one.name(&eve, "chat"),
            one.name(&ada, "cha"),
        ];
        for (at, name) in names.iter().enumerate() {
            let others = names.iter().skip(at + 1);
            assert!(
                others
                    .into_iter()
                    .all(|other| other.key_hash != name.key_hash)
            );
        }
        assert_ne!(one.hash_of(b"body"), two.hash_of(b"body"));
        assert_ne!(one.hash_of(b"body"), one.hash_of(b"body "));
        assert_eq!(one.hash_of(b""), one.hash_of(b""));
    }
}
