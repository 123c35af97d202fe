//! Identifiers: one type per kind of thing, so that a payee can never stand where an account should.
//!
//! An id is 1 to 128 characters without control characters. Ids that the server makes are a prefix
//! and 128 random bits in Crockford base 32; ids may also come from outside (customer and session
//! ids do), so the text is not assumed to have that form.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Entropy;

/// The longest identifier, in characters.
const MAX_CHARS: usize = 128;
/// Crockford's base 32 alphabet, in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an identifier must not be empty")]
    Empty,
    /// The text is longer than 128 characters.
    #[error("an identifier has at most {MAX_CHARS} characters")]
    TooLong,
    /// The text has a control character (U+0000 among them).
    #[error("an identifier has no control characters")]
    ControlCharacter,
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.chars().count() > MAX_CHARS {
        return Err(IdError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::ControlCharacter);
    }
    Ok(())
}

fn random_suffix(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    let mut bits = u128::from_be_bytes(bytes);
    let mut text = [0_u8; 26];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    text.iter().map(|&byte| char::from(byte)).collect()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text from outside as an identifier.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// Makes a new identifier with 128 random bits.
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(format!(concat!($prefix, "_{}"), random_suffix(entropy)))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A customer of the bank, as the bank names them.
    CustomerId, "cus"
);
id!(
    /// An account on the bank's books. Not the account number that customers see.
    AccountId, "acc"
);
id!(
    /// A question to the bank's own identity provider: does this customer approve of this?
    ChallengeId, "chl"
);
id!(
    /// A saved payee of one customer.
    PayeeId, "pay"
);
id!(
    /// A biller that a customer pays bills to.
    BillerId, "bil"
);
id!(
    /// A transfer: two or more entries that sum to zero.
    TransferId, "trf"
);
id!(
    /// A proposal of a money movement that waits for its customer's answer.
    ConfirmationId, "cnf"
);
id!(
    /// Funds put aside on an account.
    HoldId, "hld"
);
id!(
    /// A conversation.
    SessionId, "ses"
);
id!(
    /// One message and its reply.
    TurnId, "trn"
);
id!(
    /// An order that waits for a second administrator.
    ApprovalId, "apr"
);
id!(
    /// A conversation, or a part of it, that a person takes over.
    HandOffId, "hnd"
);
id!(
    /// A payment card of one customer.
    CardId, "crd"
);
id!(
    /// An alert that a customer set.
    AlertId, "alt"
);
id!(
    /// A case that a person works on, such as a disputed transaction.
    CaseId, "cas"
);
id!(
    /// One HTTP request, in logs and in the `X-Request-Id` header.
    RequestId, "req"
);

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for (i, byte) in buffer.iter_mut().enumerate() {
                *byte = u8::try_from(i).unwrap_or(0);
            }
        }
    }

    #[test]
    fn ids_from_outside_are_checked() {
        let cases = [
            ("test_user_12345", Ok(())),
            ("Zoë", Ok(())),
            ("", Err(IdError::Empty)),
            ("a\u{0}b", Err(IdError::ControlCharacter)),
            ("a\nb", Err(IdError::ControlCharacter)),
        ];
        for (text, expected) in cases {
            assert_eq!(CustomerId::new(text).map(|_| ()), expected, "{text:?}");
        }
        assert!(SessionId::new("x".repeat(128)).is_ok());
        assert_eq!(SessionId::new("x".repeat(129)), Err(IdError::TooLong));
        assert!(serde_json::from_str::<CustomerId>("\"\"").is_err());
    }

    #[test]
    fn generated_ids_carry_all_128_bits() {
        let id = TurnId::generate(&Counting);
        assert_eq!(id.as_str(), "trn_00041061050r3gg28a1c60t3gf");
        assert_eq!(id.as_str().len(), 30);
    }
}
