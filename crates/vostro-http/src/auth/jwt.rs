//! Bearer tokens of the bank's identity provider: JSON Web Tokens (RFC 7519), signed (RFC 7515), checked as RFC 8725
//! advises. jsonwebtoken does the signature, issuer and audience; when a token begins and ends is compared with the
//! process's own clock here. What is wrong with a token is logged and not told.
//!
//! Deliberately absent: `none` and shared secrets (`HS256` …), which the setting cannot name; tokens that are
//! encrypted; asking the provider whether a token was taken back, so tokens should be short-lived.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use vostro_dialogue::principal::Scope;

use super::jwks::{Jwks, KeySetError, KeySource};

/// A signature's algorithm with a public key; there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwtAlgorithm(Algorithm);

impl JwtAlgorithm {
    /// The names of all there are (RFC 7518 and RFC 8037).
    pub const NAMES: [&'static str; 9] = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
    ];

    /// The algorithm of this name.
    pub fn named(name: &str) -> Option<Self> {
        let is_one = Self::NAMES.contains(&name);
        is_one.then(|| name.parse().ok().map(Self)).flatten()
    }
}

/// Which tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtSettings {
    /// Who signs them: `iss`, letter by letter.
    pub issuer: String,
    /// For whom they are: one of `aud`.
    pub audience: String,
    /// With which algorithms they may be signed.
    pub algorithms: Vec<JwtAlgorithm>,
    /// Where the issuer's public keys are.
    pub keys: KeySource,
    /// After how long the keys are read again.
    pub keys_max_age: Duration,
    /// By how much the issuer's clock may differ.
    pub leeway: Duration,
}

/// Checks tokens.
pub struct Jwt {
    settings: JwtSettings,
    keys: Jwks,
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claimed {
    pub(super) subject: String,
    pub(super) scopes: BTreeSet<Scope>,
}

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenRefusal {
    /// It is not good; the reason is for the log.
    NotGood(&'static str),
    /// No keys could be read so far, so nobody can say.
    NoKeys,
}

/// The claims that count here.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// Seconds, perhaps with a fraction (`NumericDate`).
    exp: f64,
    nbf: Option<f64>,
    /// As in OAuth 2.0: names with spaces between them (RFC 8693, section 4.2).
    scope: Option<Names>,
    /// As some providers have it: a list of names.
    scp: Option<Names>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    Text(String),
    List(Vec<String>),
}

impl Names {
    fn scopes(&self) -> BTreeSet<Scope> {
        let read = |text: &str| {
            let scopes = text.split_ascii_whitespace().filter_map(Scope::named);
            scopes.collect::<BTreeSet<_>>()
        };
        match self {
            Self::Text(text) => read(text),
            Self::List(names) => names.iter().flat_map(|name| read(name)).collect(),
        }
    }
}

impl Jwt {
    /// A verifier; its keys are read when a token first needs one.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(settings: JwtSettings) -> Result<Self, KeySetError> {
        let keys = Jwks::new(settings.keys.clone(), settings.keys_max_age)?;
        Ok(Self { settings, keys })
    }

    /// Reads the keys now, so that a mistake is seen at the start.
    ///
    /// # Errors
    /// When there are none to be had.
    pub async fn read_keys(&self, now: Timestamp) -> Result<(), KeySetError> {
        self.keys.read(now).await
    }

    pub(super) async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Claimed, TokenRefusal> {
        use TokenRefusal::NotGood;
        let header = decode_header(token).map_err(|_| NotGood("it is no signed token"))?;
        if !self.settings.algorithms.contains(&JwtAlgorithm(header.alg)) {
            return Err(NotGood("its algorithm is not allowed"));
        }
        if has_critical_extension(token) {
            return Err(NotGood(
                "it has an extension that must be understood and is not",
            ));
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg, now).await;
        let key = key.map_err(|()| TokenRefusal::NoKeys)?;
        let key = key.ok_or(NotGood("no key fits its head"))?;
        let claims = decode::<Claims>(token, &key, &self.validation(header.alg));
        let claims = claims.map_err(|error| NotGood(reason(&error)))?.claims;
        let leeway = self.settings.leeway.as_secs_f64();
        let now = now.as_duration().as_secs_f64();
        if claims.exp + leeway <= now {
            return Err(NotGood("its time is over"));
        }
        if claims.nbf.is_some_and(|from| from - leeway > now) {
            return Err(NotGood("its time has not begun"));
        }
        let scopes = [claims.scope, claims.scp];
        let scopes = scopes.iter().flatten().flat_map(Names::scopes).collect();
        Ok(Claimed {
            subject: claims.sub,
            scopes,
        })
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Compared with this process's own clock, above.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

/// Whether the head lists extensions that must be understood (`crit`, RFC 7515, section 4.1.11); none are.
fn has_critical_extension(token: &str) -> bool {
    let head = token.split('.').next().unwrap_or_default();
    let head = BASE64_URL_SAFE_NO_PAD.decode(head).unwrap_or_default();
    let head: Map<String, Value> = serde_json::from_slice(&head).unwrap_or_default();
    head.contains_key("crit")
}

fn reason(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => "its signature is wrong",
        ErrorKind::InvalidIssuer => "it is another issuer's",
        ErrorKind::InvalidAudience => "it is for another audience",
        ErrorKind::MissingRequiredClaim(_) => "it lacks a claim",
        ErrorKind::InvalidAlgorithm => "its algorithm does not fit the key",
        _ => "it cannot be read",
    }
}
