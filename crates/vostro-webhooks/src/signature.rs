//! Signatures as Standard Webhooks 1.0 defines them: HMAC-SHA256 over `id.timestamp.body`.
//!
//! Two secrets may be active while receivers change over: every message then carries a signature by each,
//! and one that verifies is enough. What comes in is checked by the same rules ([`verify`]).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How secrets are written.
const PREFIX: &str = "whsec_";
/// The fewest and the most bytes of a secret, as the standard recommends them.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// How many secrets may be active at once.
const MOST: usize = 2;
/// How far a message's time may be from now, either way: the standard's recommendation.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// How many signatures of one message are looked at.
const SIGNATURES: usize = 8;

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The text has no `whsec_` in front.
    #[error("a secret begins with `{PREFIX}`")]
    Prefix,
    /// What follows is not base64.
    #[error("after `{PREFIX}` comes base64")]
    Encoding,
    /// It is too short to be safe or longer than receivers take.
    #[error("a secret has from {} to {} bytes", BYTES.start(), BYTES.end())]
    Length,
    /// There is none, or there are more than two.
    #[error("one secret or two are needed, one a line; the second is for changing over")]
    Count,
}

/// A key that messages are signed with. Never shown, and overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Secret {
    /// Reads `whsec_` and base64.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SecretError::Prefix)?;
        let bytes = STANDARD
            .decode(encoded)
            .map(Zeroizing::new)
            .map_err(|_| SecretError::Encoding)?;
        if BYTES.contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(SecretError::Length)
        }
    }

    fn mac(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(mac)
    }

    fn signature(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let mac = self.mac(id, timestamp, body)?;
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Some(format!("v1,{signature}"))
    }
}

/// The active secrets of an endpoint: one, or two while it changes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets(Vec<Secret>);

impl Secrets {
    /// Reads one or two secrets, one a line or with spaces between; the newest first.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let secrets = text
            .split_whitespace()
            .map(Secret::parse)
            .collect::<Result<Vec<_>, _>>()?;
        if (1..=MOST).contains(&secrets.len()) {
            Ok(Self(secrets))
        } else {
            Err(SecretError::Count)
        }
    }

    /// Whether a secret is among both.
    pub fn share_one_with(&self, other: &Self) -> bool {
        self.0.iter().any(|secret| other.0.contains(secret))
    }
}

/// Why a message is not taken for its sender's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// No signature is by a secret that is known here, or there is none.
    #[error("no signature in `webhook-signature` is good")]
    Signature,
    /// The signature is good, and its time is too far from now.
    #[error("`webhook-timestamp` is more than five minutes from now")]
    Stale,
}

/// Checks what came with a message: the values of `webhook-id`, `webhook-timestamp` and `webhook-signature`, and the
/// body as it came. Compares in constant time. Who cannot sign is not told whether the time would have been good.
pub fn verify(
    secrets: &Secrets,
    (id, timestamp, signatures): (&str, &str, &str),
    body: &[u8],
    now: Timestamp,
) -> Result<(), Unverified> {
    let timestamp: i64 = timestamp.parse().map_err(|_| Unverified::Signature)?;
    let given = signatures.split(' ').take(SIGNATURES);
    let given: Vec<Vec<u8>> = given
        .filter_map(|it| STANDARD.decode(it.strip_prefix("v1,")?).ok())
        .collect();
    let is_by = |secret: &Secret| {
        let mac = secret.mac(id, timestamp, body);
        let fits = |given: &Vec<u8>| {
            let mac = mac.clone();
            mac.is_some_and(|mac| mac.verify_slice(given).is_ok())
        };
        given.iter().any(fits)
    };
    if !secrets.0.iter().any(is_by) {
        return Err(Unverified::Signature);
    }
    let at = Timestamp::from_second(timestamp).map_err(|_| Unverified::Stale)?;
    if now.duration_since(at).abs() > TOLERANCE {
        return Err(Unverified::Stale);
    }
    Ok(())
}

/// The value of `webhook-signature`: a signature by each active secret, with spaces between. The timestamp
/// is in Unix seconds.
pub fn sign(secrets: &Secrets, id: &str, timestamp: i64, body: &[u8]) -> String {
    let signatures: Vec<String> = secrets
        .0
        .iter()
        .filter_map(|secret| secret.signature(id, timestamp, body))
        .collect();
    signatures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SECOND: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    /// Each line can be had without this program:
    ///
    /// ```text
    /// key=$(echo MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | base64 -d | od -An -v -tx1 | tr -d ' \n')
    /// printf '%s' 'msg_p5jXN8AQM9LWM0D4loKWxlek.1614265330.{"test": 2432232314}' |
    ///     openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64
    /// ```
    #[test]
    fn signatures_are_those_that_openssl_makes() {
        let one = FIRST.to_owned();
        let two = format!("{SECOND}\n{FIRST}\n");
        let body = br#"{"test": 2432232314}"#;
        let id = "msg_p5jXN8AQM9LWM0D4loKWxlek";
        let cases: [(&str, &str, i64, &[u8], &str); 3] = [
            (
                &one,
                id,
                1_614_265_330,
                body,
                "v1,BWy17FPvrvgB9B8Tq0JOg4pHYngeNOMHSr/OYzFsrg0=",
            ),
            (
                &one,
                "",
                0,
                b"",
                "v1,VzQ28JIFJf+0udpQ8sGkwkIaWjCGsXxrtnallQa/U+k=",
            ),
            (
                &two,
                id,
                1_614_265_330,
                body,
                "v1,vRjjB30JvGIJ3R+YTBsvVTngkWC9KZXhKla8aEM10g4= v1,BWy17FPvrvgB9B8Tq0JOg4pHYngeNOMHSr/OYzFsrg0=",
            ),
        ];
        for (secrets, id, timestamp, body, expected) in cases {
            let secrets = Secrets::parse(secrets).unwrap();
            assert_eq!(sign(&secrets, id, timestamp, body), expected);
        }
    }

    #[test]
    fn a_message_is_its_senders_when_one_signature_is_good_and_fresh() {
        let secrets = Secrets::parse(FIRST).unwrap();
        let now: Timestamp = "2021-02-25T15:02:10Z".parse().unwrap();
        let at = now.as_second();
        let signed = |at| sign(&secrets, "msg_1", at, b"{}");
        let good = signed(at);
        let other = sign(&Secrets::parse(SECOND).unwrap(), "msg_1", at, b"{}");
        let judged = |id: &str, at: &str, signatures: &str, body: &str| {
            verify(&secrets, (id, at, signatures), body.as_bytes(), now)
        };
        let several = format!("v2,x {other} v1,!! {good}");
        for signatures in [&good, &several] {
            assert_eq!(judged("msg_1", &at.to_string(), signatures, "{}"), Ok(()));
        }
        for (away, expected) in [
            (-300, Ok(())),
            (300, Ok(())),
            (-301, Err(Unverified::Stale)),
            (301, Err(Unverified::Stale)),
            (i64::MAX - at, Err(Unverified::Stale)),
        ] {
            let at = at + away;
            assert_eq!(
                judged("msg_1", &at.to_string(), &signed(at), "{}"),
                expected
            );
        }
        let (text, no) = (at.to_string(), Err(Unverified::Signature));
        assert_eq!(judged("msg_2", &text, &good, "{}"), no);
        assert_eq!(judged("msg_1", &text, &good, "{ }"), no);
        for other_time in [&(at - 1).to_string(), &format!("{at}.0"), "", "x"] {
            assert_eq!(judged("msg_1", other_time, &good, "{}"), no, "{other_time}");
        }
        let many = format!("{}{good}", "v1,AAAA ".repeat(SIGNATURES));
        let relabelled = good.replace("v1,", "v1a,");
        for signatures in [&other, &many, &relabelled, &good[..20], "", " "] {
            assert_eq!(judged("msg_1", &text, signatures, "{}"), no, "{signatures}");
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_and_none_is_shown() {
        let long = format!("whsec_{}", "A".repeat(88));
        let three = format!("{FIRST} {SECOND} {FIRST}");
        let cases = [
            ("", SecretError::Count),
            (" \n", SecretError::Count),
            (&three, SecretError::Count),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretError::Prefix),
            ("whsec_", SecretError::Length),
            ("whsec_AAAA", SecretError::Length),
            (&long, SecretError::Length),
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",
                SecretError::Encoding,
            ),
            ("whsec_\u{0}", SecretError::Encoding),
        ];
        for (text, expected) in cases {
            let error = Secrets::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("MfKQ"));
        }
        let shown = format!("{:?}", Secrets::parse(FIRST).unwrap());
        assert_eq!(shown, "Secrets([[redacted]])");
    }
}
