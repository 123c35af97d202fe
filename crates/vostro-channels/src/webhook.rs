//! The generic channel: JSON in, JSON out, both signed as Standard Webhooks has it. For a gateway that a bank
//! programs itself, and the example to write another by.
//!
//! ```text
//! in   webhook-id: 8e03…   {"type":"message.received","data":{"from":"+15550100","text":"What's my balance?"}}
//! out  webhook-id: msg_…   {"type":"message.reply","data":{"to":"+15550100","by":"assistant","text":"…",…},…}
//! ```
//!
//! The two directions have secrets of their own, so that what was sent out cannot be sent back as a customer's
//! words. `{"type":"ping"}` only asks whether signatures are good.

use http::HeaderMap;
use serde_json::{Value, json};
use vostro_bank::canonical_json;
use vostro_webhooks::{Message, Secrets, verify};

use crate::port::{Channel, Inbound, Outbound, Received, Refusal};

/// The version of the frame that is sent: members may be added within it.
const VERSION: u32 = 1;

/// A channel of the generic kind.
#[derive(Debug, Clone)]
pub struct WebhookChannel {
    name: String,
    secrets: Secrets,
}

impl WebhookChannel {
    /// A channel; `secrets` are the ones that the gateway signs with.
    pub fn new(name: impl Into<String>, secrets: Secrets) -> Self {
        Self {
            name: name.into(),
            secrets,
        }
    }
}

impl Channel for WebhookChannel {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, received: &Received<'_>) -> Result<Option<Inbound>, Refusal> {
        let id = received.header("webhook-id");
        let signed = (
            id,
            received.header("webhook-timestamp"),
            received.header("webhook-signature"),
        );
        verify(&self.secrets, signed, received.body, received.now)?;
        let body: Value = serde_json::from_slice(received.body).map_err(|error| {
            Refusal::Unreadable(format!(
                "the body is not JSON: it breaks at line {}, column {}",
                error.line(),
                error.column()
            ))
        })?;
        match body["type"].as_str() {
            Some("message.received") => {}
            Some("ping") => return Ok(None),
            _ => {
                return Err(Refusal::Invalid(
                    "`type` is to be `message.received` or `ping`".to_owned(),
                ));
            }
        }
        let member = |name: &str| {
            body["data"][name]
                .as_str()
                .ok_or_else(|| Refusal::Invalid(format!("`data.{name}` is to be a string")))
        };
        Inbound::new(id, member("from")?, member("text")?).map(Some)
    }

    fn write(&self, told: &Outbound) -> Message {
        let frame = json!({
            "type": "message.reply",
            "version": VERSION,
            "sequence": told.sequence,
            "timestamp": told.at.to_string(),
            "data": {
                "to": told.address,
                "by": told.by,
                "text": told.text,
                "cards": told.cards,
                "turn_id": told.turn,
            },
        });
        Message {
            id: told.id.clone(),
            headers: HeaderMap::new(),
            body: canonical_json(&frame).into_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use vostro_webhooks::{Unverified, sign};

    use super::*;
    use crate::port::Speaker;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn now() -> Timestamp {
        "2026-03-11T16:00:00Z".parse().unwrap()
    }

    fn channel() -> WebhookChannel {
        WebhookChannel::new("sms", Secrets::parse(SECRET).unwrap())
    }

    fn headers(id: &str, at: Timestamp, body: &[u8]) -> HeaderMap {
        let signature = sign(&Secrets::parse(SECRET).unwrap(), id, at.as_second(), body);
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", at.as_second().into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    fn read(headers: &HeaderMap, body: &str) -> Result<Option<Inbound>, Refusal> {
        channel().read(&Received {
            headers,
            body: body.as_bytes(),
            now: now(),
        })
    }

    #[test]
    fn a_signed_message_is_read_and_nothing_else() {
        let long = format!(
            r#"{{"type":"message.received","data":{{"from":"{}","text":"a"}}}}"#,
            "1".repeat(129)
        );
        let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
        let cases = [
            (
                r#"{"type":"message.received","data":{"from":"+1555","text":" hi \n"}}"#,
                "+1555:  hi \n",
            ),
            (
                r#"{"type":"message.received","data":{"from":"+1555","text":"hi","x":1},"y":2}"#,
                "+1555: hi",
            ),
            (r#"{"type":"ping"}"#, "nothing"),
            ("", "the body is not JSON"),
            ("{", "the body is not JSON"),
            ("\u{0}", "the body is not JSON"),
            (deep.as_str(), "the body is not JSON"),
            ("[]", "`type` is to be"),
            ("7", "`type` is to be"),
            (
                r#"{"type":"message.reply","data":{"from":"+1555","text":"hi"}}"#,
                "`type` is to be",
            ),
            (
                r#"{"type":"message.received"}"#,
                "`data.from` is to be a string",
            ),
            (
                r#"{"type":"message.received","data":{"from":1555,"text":"hi"}}"#,
                "`data.from` is to be a string",
            ),
            (
                r#"{"type":"message.received","data":{"from":"+1555"}}"#,
                "`data.text` is to be a string",
            ),
            (
                r#"{"type":"message.received","data":{"from":"+1555","text":" "}}"#,
                "text is empty",
            ),
            (
                r#"{"type":"message.received","data":{"from":"+1555","text":"a\u0000"}}"#,
                "U+0000",
            ),
            (
                r#"{"type":"message.received","data":{"from":"","text":"hi"}}"#,
                "from 1 to 128",
            ),
            (
                r#"{"type":"message.received","data":{"from":"a\nb","text":"hi"}}"#,
                "control character",
            ),
            (&long, "from 1 to 128"),
        ];
        for (body, expected) in cases {
            let found = match read(&headers("m1", now(), body.as_bytes()), body) {
                Ok(Some(read)) => {
                    assert_eq!(read.id, "m1");
                    format!("{}: {}", read.address, read.text)
                }
                Ok(None) => "nothing".to_owned(),
                Err(refusal) => refusal.to_string(),
            };
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn what_is_not_signed_is_not_read() {
        let body = r#"{"type":"ping"}"#;
        let good = headers("m1", now(), body.as_bytes());
        assert_eq!(read(&good, body), Ok(None));
        let unsigned = Err(Refusal::Unverified(Unverified::Signature));
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut without = good.clone();
            without.remove(name);
            assert_eq!(read(&without, body), unsigned, "{name}");
            let mut twice = good.clone();
            twice.append(name, good[name].clone());
            assert_eq!(read(&twice, body), unsigned, "{name}");
        }
        assert_eq!(read(&good, r#"{"type":"ping" }"#), unsigned);
        // What cannot be read is not looked at before it is known whose it is.
        assert_eq!(read(&good, "{"), unsigned);
        let stale = now()
            .checked_sub(jiff::SignedDuration::from_secs(301))
            .unwrap();
        let stale = headers("m1", stale, body.as_bytes());
        assert_eq!(
            read(&stale, body),
            Err(Refusal::Unverified(Unverified::Stale))
        );
    }

    #[test]
    fn what_is_told_is_the_same_at_every_attempt_and_cannot_come_back() {
        let told = Outbound {
            id: "msg_channel-sms_7".to_owned(),
            sequence: 7,
            at: now(),
            address: "+1555".to_owned(),
            by: Speaker::Colleague,
            text: "Hello\u{1F44B}".to_owned(),
            cards: Vec::new(),
            turn: None,
        };
        let message = channel().write(&told);
        assert_eq!(message, channel().write(&told));
        let body = String::from_utf8(message.body).unwrap();
        assert_eq!(
            body,
            "{\"data\":{\"by\":\"colleague\",\"cards\":[],\"text\":\"Hello\u{1F44B}\",\"to\":\"+1555\",\"turn_id\":null},\
             \"sequence\":7,\"timestamp\":\"2026-03-11T16:00:00Z\",\"type\":\"message.reply\",\"version\":1}"
        );
        // Even where both directions had one secret.
        let back = read(&headers(&message.id, now(), body.as_bytes()), &body);
        assert!(matches!(back, Err(Refusal::Invalid(_))), "{back:?}");
    }
}
