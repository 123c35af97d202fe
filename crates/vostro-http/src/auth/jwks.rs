//! The public keys of the bank's identity provider (JSON Web Key Set, RFC 7517): read, remembered, read again.
//!
//! Keys are read when a token first needs one, again when they are older than the setting says, and at once when a
//! token names a key that is not known, since that is how a rotation looks from here; but never more often than
//! every ten seconds, so that invented names cost the provider nothing. While it does not answer, the keys that
//! were read last go on. Only keys for signatures of a kind that has a public half are taken: a set with a shared
//! secret in it (`oct`) would let anybody who can read the set sign.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// No set is read more often.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// How long the provider may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// The largest set that is read, in bytes.
const MOST_BYTES: usize = 256 << 10;

/// Where the keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// At an address of the identity provider.
    Url(String),
    /// In a file.
    File(PathBuf),
}

/// Why a set of keys could not be read.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[source] std::io::Error),
    /// The provider did not answer as it should.
    #[error("the identity provider did not answer")]
    Call(#[source] reqwest::Error),
    /// The provider answered with another status than 200.
    #[error("the identity provider answered with status {0}")]
    Status(u16),
    /// The set is larger than any set of keys is.
    #[error("the set is larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// What was read is no set of keys.
    #[error("it is no JSON Web Key Set")]
    Malformed(#[source] serde_json::Error),
    /// The set has no key that could check a signature.
    #[error("it has no public key for signatures")]
    NoKeys,
}

/// A key with what it may check.
struct Known {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// The keys as they were read last.
#[derive(Clone, Default)]
struct State {
    keys: Arc<Vec<Known>>,
    read_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

/// The keys, and when they were read.
pub(super) struct Jwks {
    source: KeySource,
    max_age: SignedDuration,
    client: reqwest::Client,
    state: Mutex<State>,
    reading: tokio::sync::Mutex<()>,
}

impl Jwks {
    pub(super) fn new(source: KeySource, max_age: Duration) -> Result<Self, KeySetError> {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(KeySetError::Call)?;
        Ok(Self {
            source,
            max_age: SignedDuration::try_from(max_age).unwrap_or(SignedDuration::MAX),
            client,
            state: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        })
    }

    /// The key that checks a token of this head. `Err` when no keys could be read at all so far.
    pub(super) async fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<Option<DecodingKey>, ()> {
        let state = self.state();
        let known = state.find(id, algorithm);
        if known.is_some() && state.is_fresh(now, self.max_age) {
            return Ok(known);
        }
        // Who has a key does not wait for somebody else who is reading already.
        let reading = match (&known, self.reading.try_lock()) {
            (_, Ok(reading)) => reading,
            (Some(_), Err(_)) => return Ok(known),
            (None, Err(_)) => self.reading.lock().await,
        };
        if self.state().may_try(now) {
            self.read(now).await.unwrap_or_else(|error| {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the identity provider's keys could not be read");
            });
        }
        drop(reading);
        let state = self.state();
        match state.find(id, algorithm) {
            None if state.read_at.is_none() => Err(()),
            found => Ok(found),
        }
    }

    /// Reads the keys now.
    pub(super) async fn read(&self, now: Timestamp) -> Result<(), KeySetError> {
        self.change(|state| state.tried_at = Some(now));
        let bytes = match &self.source {
            KeySource::File(path) => std::fs::read(path).map_err(KeySetError::File)?,
            KeySource::Url(url) => self.fetch(url).await?,
        };
        let keys = Arc::new(usable(&bytes)?);
        self.change(|state| {
            state.keys = keys;
            state.read_at = Some(now);
        });
        Ok(())
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, KeySetError> {
        let mut answer = self
            .client
            .get(url)
            .send()
            .await
            .map_err(KeySetError::Call)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(KeySetError::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(KeySetError::Call)? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(KeySetError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn state(&self) -> State {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl State {
    fn is_fresh(&self, now: Timestamp, max_age: SignedDuration) -> bool {
        self.read_at
            .is_some_and(|at| now.duration_since(at) < max_age)
    }

    fn may_try(&self, now: Timestamp) -> bool {
        self.tried_at
            .is_none_or(|at| now.duration_since(at) >= PAUSE)
    }

    /// The key of this id; a token that names none is checked by the only one that fits.
    fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|known| known.algorithms.contains(&algorithm))
            .filter(|known| id.is_none() || known.id.as_deref() == id);
        let first = fitting.next()?;
        let is_clear = id.is_some() || fitting.next().is_none();
        is_clear.then(|| first.key.clone())
    }
}

/// The keys of a set that can check a token's signature; what is not understood is passed over.
fn usable(bytes: &[u8]) -> Result<Vec<Known>, KeySetError> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(bytes).map_err(KeySetError::Malformed)?;
    let keys: Vec<Known> = set.keys.into_iter().filter_map(known).collect();
    if keys.is_empty() {
        return Err(KeySetError::NoKeys);
    }
    Ok(keys)
}

fn known(value: Value) -> Option<Known> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    if jwk
        .common
        .public_key_use
        .as_ref()
        .is_some_and(|it| *it != PublicKeyUse::Signature)
    {
        return None;
    }
    let mut algorithms = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => vec![ES256],
            EllipticCurve::P384 => vec![ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            vec![EdDSA]
        }
        _ => return None,
    };
    // A key that names its algorithm is for that one only.
    if let Some(named) = jwk.common.key_algorithm {
        let named: Algorithm = named.to_string().parse().ok()?;
        algorithms.retain(|algorithm| *algorithm == named);
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Known {
        id: jwk.common.key_id,
        algorithms,
        key,
    })
}
