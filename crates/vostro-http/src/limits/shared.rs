//! Limits that all replicas share, counted in Valkey (or Redis) by one atomic script for each request.
//!
//! It is asked after this process's own limit has let a request through, and only its answer can be narrower. While it
//! does not answer, or takes longer than 100 ms, it is left alone for a second at a time and each process's own limits
//! go on: a customer gets at most as many times their limit as there are replicas. What is kept there is a hash and a
//! number; no customer's name leaves this process.

use std::fmt;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script, TlsCertificates};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::crypto::aws_lc_rs;

use super::rate::{Decision, Key};

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_millis(100);
/// How long it is left alone after it did not answer.
const REST: Duration = Duration::from_secs(1);
/// An address of this kind is called over TLS.
const OVER_TLS: &str = "rediss://";
/// What is counted, atomically.
const BUCKET: &str = include_str!("bucket.lua");

/// The address cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the address of the shared limits cannot be used")]
pub struct SharedLimitsError(#[source] RedisError);

/// The place where replicas count together.
pub struct SharedLimits {
    connection: ConnectionManager,
    script: Script,
    deadline: Duration,
    rests_until: Mutex<Option<Instant>>,
}

impl fmt::Debug for SharedLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLimits").finish_non_exhaustive()
    }
}

impl SharedLimits {
    /// The server at this address (`redis://HOST:PORT`, or `rediss://` over TLS); it is first called with the first
    /// request. Its certificate is one of `authority` (PEM), or of the system's. To be called within the runtime.
    ///
    /// # Errors
    /// When the address is none, or the authority holds no certificate.
    pub fn new(url: &str, authority: Option<&[u8]>) -> Result<Self, SharedLimitsError> {
        Self::with_deadline(url, authority, DEADLINE)
    }

    /// [`SharedLimits::new`] with another patience than 100 ms.
    ///
    /// # Errors
    /// When the address is none, or the authority holds no certificate.
    pub fn with_deadline(
        url: &str,
        authority: Option<&[u8]>,
        deadline: Duration,
    ) -> Result<Self, SharedLimitsError> {
        let client = if url.starts_with(OVER_TLS) {
            // The library asks for the process's provider, which is set here unless somebody did.
            let _ = aws_lc_rs::default_provider().install_default();
            let certificates = TlsCertificates {
                client_tls: None,
                root_cert: authority.map(<[u8]>::to_vec),
            };
            Client::build_with_tls(url, certificates)
        } else {
            Client::open(url)
        };
        let client = client.map_err(SharedLimitsError)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(deadline))
            .set_response_timeout(Some(deadline))
            .set_number_of_retries(1)
            .set_max_delay(DEADLINE);
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(Self {
            connection: connection.map_err(SharedLimitsError)?,
            script: Script::new(BUCKET),
            deadline,
            rests_until: Mutex::default(),
        })
    }

    /// Whether an address could be one.
    pub fn is_address(url: &str) -> bool {
        let is_known = url.starts_with("redis://") || url.starts_with(OVER_TLS);
        // What follows a number sign would switch the certificate's check off.
        is_known && !url.contains('#') && Client::open(url).is_ok()
    }

    /// Counts a request; `None` when nobody answers.
    pub(super) async fn ask(&self, name: &str, per_minute: u32, key: &Key) -> Option<Decision> {
        if self.rests() {
            return None;
        }
        let mut connection = self.connection.clone();
        let mut call = self.script.key(place(name, key));
        call.arg(per_minute);
        let call = call.invoke_async::<(i64, u32, u64, u64)>(&mut connection);
        let answer = match tokio::time::timeout(self.deadline, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Some(error)),
            Err(_) => Err(None),
        };
        match answer {
            Ok((is_let_through, remaining, reset, retry)) => {
                self.answered();
                Some(Decision {
                    limit: per_minute,
                    remaining,
                    reset_after: Duration::from_micros(reset),
                    retry_after: (is_let_through == 0).then(|| Duration::from_micros(retry)),
                })
            }
            Err(error) => {
                self.was_silent(error.as_ref());
                None
            }
        }
    }

    fn rests(&self) -> bool {
        let until = *self.rests_until();
        until.is_some_and(|until| Instant::now() < until)
    }

    fn answered(&self) {
        if self.rests_until().take().is_some() {
            tracing::info!("limits are shared by all replicas again");
        }
    }

    fn was_silent(&self, error: Option<&RedisError>) {
        let before = self.rests_until().replace(Instant::now() + REST);
        if before.is_none() {
            let error = error.map(|error| error as &dyn std::error::Error);
            tracing::warn!(
                error,
                "limits.valkey_url does not answer: each replica counts for itself"
            );
        }
    }

    fn rests_until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a key's count is kept: the limit's name, and a hash of whose it is.
fn place(name: &str, key: &Key) -> String {
    let (kind, whose) = match key {
        Key::Customer(id) => ("customer", id.as_str().to_owned()),
        Key::Address(address) => ("address", format!("{address:?}")),
        Key::Credential(name) => ("credential", name.clone()),
        Key::Service => ("service", String::new()),
        Key::Shared => ("shared", String::new()),
    };
    let hash = hex::encode(Sha256::digest(format!("{kind} {whose}")));
    format!("vostro:limit:{name}:{hash}")
}

#[cfg(test)]
mod tests {
    use vostro_types::CustomerId;

    use super::*;

    #[test]
    fn a_place_tells_limits_and_owners_apart_and_names_nobody() {
        let ada = Key::Customer(CustomerId::new("ada").unwrap());
        let as_credential = Key::Credential("ada".to_owned());
        let places = [
            place("user", &ada),
            place("money", &ada),
            place("user", &as_credential),
            place("user", &Key::Service),
        ];
        for (index, one) in places.iter().enumerate() {
            assert!(!one.contains("ada"), "{one}");
            assert!(!places.iter().skip(index + 1).any(|other| other == one));
        }
        assert_eq!(place("user", &ada), place("user", &ada));
    }

    #[test]
    fn only_a_plain_address_is_one() {
        for (url, is_one) in [
            ("redis://127.0.0.1:6379", true),
            ("redis://:secret@valkey:6379/1", true),
            ("rediss://valkey:6379", true),
            ("rediss://:secret@valkey:6379/#insecure", false),
            ("http://valkey", false),
            ("valkey", false),
        ] {
            assert_eq!(SharedLimits::is_address(url), is_one, "{url}");
        }
    }
}
