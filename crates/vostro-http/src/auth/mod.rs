//! Who a request acts for, and what it may do. What each operation asks for is in [`table`].
//!
//! Three ways to know a customer ([`AuthMode`]); administrators show an API key in any of them, a token of the
//! identity provider where there is one, and in the sandbox the operators' shared secret. Vostro's own services show
//! theirs. Endpoints see none of it: they ask for a principal, and for the name under which an order stands.
//! Deliberately absent: sessions in cookies, passwords, and any answer to why a credential is not accepted.

mod jwks;
mod jwt;
mod keys;
mod page;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use vostro_dialogue::principal::{Authentication, Principal, Scope};
use vostro_types::{CustomerId, Redacted};

pub use jwks::{KeySetError, KeySource};
pub use jwt::{Jwt, JwtAlgorithm, JwtSettings};
pub use keys::{ApiKey, KeyHash, new_api_key};
pub use page::access_page;
pub use table::{Limited, OperationRule, Rule, ServedBy, operations};
pub(crate) use table::{UNMATCHED, find};

use jiff::Timestamp;
use jwt::TokenRefusal;

use crate::problem::Problem;

/// How customers show who they are.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum AuthMode {
    /// Not at all: the `user_id` of a request is believed. For demonstrations and development.
    #[default]
    Sandbox,
    /// By a token of the bank's identity provider, whose subject is the customer.
    Jwt(Arc<Jwt>),
    /// Not to us: the bank's own back end shows a key and acts for its customers.
    ApiKey,
}

impl AuthMode {
    /// Whether a `user_id` is believed.
    pub const fn is_sandbox(&self) -> bool {
        matches!(self, Self::Sandbox)
    }
}

/// What a request was called with, as far as one look tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// Nothing, or something that takes a closer look.
    Anonymous,
    /// The token of Vostro's own services.
    Service,
    /// The token of operators.
    Admin,
}

impl Credential {
    /// Compares with the two shared secrets.
    pub(crate) fn of(
        headers: &HeaderMap,
        service_token: Option<&Redacted<String>>,
        admin_token: Option<&Redacted<String>>,
    ) -> Self {
        let given = bearer(headers);
        let shows = |token: Option<&Redacted<String>>| match (given, token) {
            (Some(given), Some(token)) => same(given, token.expose()),
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

/// The one bearer token of a request (RFC 6750, section 2.1; the scheme's name in any case).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Compares secrets by their hashes, in constant time.
fn same(given: &str, secret: &str) -> bool {
    let hash = |text: &str| -> [u8; 32] { Sha256::digest(text).into() };
    !secret.is_empty() && bool::from(hash(given).ct_eq(&hash(secret)))
}

/// Who is calling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Nobody that is known here.
    #[default]
    Nobody,
    /// One of Vostro's own services.
    Service,
    /// Somebody with the operators' shared secret.
    Operators,
    /// The subject of a token: a customer, or an administrator.
    Token {
        subject: String,
        scopes: BTreeSet<Scope>,
    },
    /// The holder of a key.
    Key {
        name: String,
        scopes: BTreeSet<Scope>,
    },
}

impl Identity {
    /// Whether this is allowed to it.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        match self {
            Self::Nobody => false,
            Self::Service => matches!(scope, Scope::Search | Scope::Check),
            Self::Operators => scope.is_administration(),
            Self::Token { scopes, .. } | Self::Key { scopes, .. } => scopes.contains(&scope),
        }
    }

    /// The name that its credential gives it.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Service | Self::Operators => None,
            Self::Token { subject, .. } => Some(subject),
            Self::Key { name, .. } => Some(name),
        }
    }

    /// The principal of a request that says it is for this customer. `sandbox`: whether that is believed.
    pub(crate) fn principal(
        &self,
        claimed: CustomerId,
        sandbox: bool,
    ) -> Result<Principal, Problem> {
        let of = |scopes: &BTreeSet<Scope>, authentication| Principal {
            customer: claimed.clone(),
            scopes: scopes.clone(),
            authentication,
        };
        match self {
            _ if sandbox => Ok(Principal::sandbox(claimed)),
            Self::Token { subject, scopes } if *subject == claimed.as_str() => {
                Ok(of(scopes, Authentication::Token))
            }
            Self::Token { .. } => Err(Problem::forbidden(
                "`user_id` is not the customer of this token",
            )),
            Self::Key { scopes, .. } => Ok(of(scopes, Authentication::Key)),
            Self::Nobody | Self::Service | Self::Operators => Err(not_shown()),
        }
    }

    /// The name under which an order stands: the credential's. Where that names nobody (the sandbox's shared
    /// secret), it is what the caller says.
    pub(crate) fn signs(&self, said: Option<&str>) -> Result<String, Problem> {
        match (self.name(), said) {
            (Some(name), Some(said)) if said.trim() != name => Err(Problem::forbidden(
                "`by` is not the name of this credential",
            )),
            (Some(name), _) => Ok(name.to_owned()),
            (None, Some(said)) => Ok(said.to_owned()),
            (None, None) => Err(Problem::invalid("`by` is missing")),
        }
    }
}

/// Why nobody is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unidentified {
    /// A credential was shown that does not count.
    Refused,
    /// Nobody can say: the identity provider's keys could never be read.
    Unavailable,
}

/// Who is calling, by the credential that is shown. Nothing shown is [`Identity::Nobody`].
pub(crate) async fn identify(
    mode: &AuthMode,
    keys: &[ApiKey],
    credential: Credential,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Identity, Unidentified> {
    match credential {
        Credential::Service => return Ok(Identity::Service),
        Credential::Admin => return Ok(Identity::Operators),
        Credential::Anonymous if !headers.contains_key(AUTHORIZATION) => {
            return Ok(Identity::Nobody);
        }
        Credential::Anonymous => {}
    }
    let token = bearer(headers).ok_or(Unidentified::Refused)?;
    if let Some(key) = keys::find(keys, token, now) {
        return Ok(Identity::Key {
            name: key.name.clone(),
            scopes: key.scopes.clone(),
        });
    }
    let AuthMode::Jwt(jwt) = mode else {
        return Err(Unidentified::Refused);
    };
    match jwt.verify(token, now).await {
        Ok(claimed) => Ok(Identity::Token {
            subject: claimed.subject,
            scopes: claimed.scopes,
        }),
        Err(TokenRefusal::NotGood(reason)) => {
            tracing::debug!(reason, "a token was refused");
            Err(Unidentified::Refused)
        }
        Err(TokenRefusal::NoKeys) => Err(Unidentified::Unavailable),
    }
}

/// 401: nothing was shown that counts.
pub(crate) fn not_shown() -> Problem {
    Problem::unauthorized("this takes a bearer token or key that is accepted here")
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
            (Some("bearer s3cret"), Some(&token), Credential::Service),
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

    #[test]
    fn two_credentials_at_once_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, "Bearer a".parse().unwrap());
        headers.append(AUTHORIZATION, "Bearer b".parse().unwrap());
        assert_eq!(bearer(&headers), None);
    }

    #[test]
    fn an_order_stands_under_the_name_of_its_credential() {
        let key = Identity::Key {
            name: "anna".to_owned(),
            scopes: BTreeSet::new(),
        };
        let cases = [
            (&key, Some("anna"), Ok("anna")),
            (&key, None, Ok("anna")),
            (&key, Some("ben"), Err(403)),
            (&Identity::Operators, Some("ben"), Ok("ben")),
            (&Identity::Operators, None, Err(422)),
        ];
        for (identity, said, expected) in cases {
            let signed = identity.signs(said);
            let signed = signed
                .as_deref()
                .map_err(|problem| problem.status().as_u16());
            assert_eq!(signed, expected, "{identity:?} {said:?}");
        }
    }
}
