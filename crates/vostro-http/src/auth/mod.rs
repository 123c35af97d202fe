//! Who a request acts for. The table of what each operation asks for is in [`table`].
//!
//! Only the sandbox exists so far: it believes the `user_id` of a request. Bearer tokens come with
//! their own mode; endpoints will not change, they only see a [`Principal`]. Operators show a secret of
//! the configuration, and in the sandbox only from this machine; that two of them are needed comes with
//! sign-in.

mod table;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use vostro_dialogue::principal::Principal;
use vostro_types::{CustomerId, Redacted};

pub use table::{Limited, OperationRule, Rule, ServedBy, operations};
pub(crate) use table::{UNMATCHED, find};

/// How callers show who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthMode {
    /// Not at all: the `user_id` of a request is believed. For demonstrations and development.
    #[default]
    Sandbox,
}

impl AuthMode {
    /// The principal of a request that says it is for this customer.
    pub fn principal(self, claimed: CustomerId) -> Principal {
        match self {
            Self::Sandbox => Principal::sandbox(claimed),
        }
    }
}

/// What a request was called with, before any customer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// Nothing that is known here.
    Anonymous,
    /// The token of Vostro's own services.
    Service,
    /// The token of operators.
    Admin,
}

impl Credential {
    /// Reads the credential. A token that is not ours is not an error: in the sandbox nobody asks.
    pub(crate) fn of(
        headers: &HeaderMap,
        service_token: Option<&Redacted<String>>,
        admin_token: Option<&Redacted<String>>,
    ) -> Self {
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let shows = |token: Option<&Redacted<String>>| match (given, token) {
            (Some(given), Some(token)) => same(given.trim(), token.expose()),
            _ => false,
        };
        if shows(admin_token) {
            Self::Admin
        } else if shows(service_token) {
            Self::Service
        } else {
            Self::Anonymous
        }
    }
}

/// Compares secrets by their hashes, so that the time taken tells nothing about the secret.
fn same(given: &str, secret: &str) -> bool {
    !secret.is_empty() && Sha256::digest(given) == Sha256::digest(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_service_token_makes_a_service() {
        let token = Redacted::new("s3cret".to_owned());
        let empty = Redacted::new(String::new());
        let cases = [
            (Some("Bearer s3cret"), Some(&token), Credential::Service),
            (Some("Bearer s3cre"), Some(&token), Credential::Anonymous),
            (Some("Basic s3cret"), Some(&token), Credential::Anonymous),
            (Some("Bearer "), Some(&empty), Credential::Anonymous),
            (Some("Bearer s3cret"), None, Credential::Anonymous),
            (None, Some(&token), Credential::Anonymous),
        ];
        for (header, token, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(header) = header {
                headers.insert(AUTHORIZATION, header.parse().unwrap());
            }
            let as_service = Credential::of(&headers, token, None);
            assert_eq!(as_service, expected, "{header:?}");
            let expected = match expected {
                Credential::Service => Credential::Admin,
                other => other,
            };
            let as_admin = Credential::of(&headers, None, token);
            assert_eq!(as_admin, expected, "{header:?}");
        }
    }
}
