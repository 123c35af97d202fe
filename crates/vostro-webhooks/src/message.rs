//! What an endpoint is sent: the frame of Standard Webhooks (`type`, `timestamp`, `data`) with a version
//! and the message's place, the same bytes at every attempt.

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use vostro_bank::{Delivery, DeliveryKey, StoreError, canonical_json};

/// The version of the frame. What a member means does not change within it; members may be added.
const VERSION: u32 = 1;
/// The type of the message that only asks whether an endpoint answers.
const PING: &str = "vostro.ping";

/// A message for one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its key for receivers that drop repeats: `webhook-id`.
    pub id: String,
    /// Headers beside those of the standard; a content type here replaces JSON's.
    pub headers: HeaderMap,
    /// Its body; of an event canonical JSON.
    pub body: Vec<u8>,
}

/// Makes the messages of an endpoint whose deliveries only name what is told.
#[async_trait]
pub trait Writer: Send + Sync {
    /// What a delivery says, the same at every attempt; `None` when it is not to be said any more.
    async fn write(&self, delivery: &Delivery) -> Result<Option<Message>, StoreError>;
}

impl Message {
    /// What a delivery says.
    pub fn of(delivery: &Delivery) -> Self {
        let mut data = delivery.payload.clone();
        if let Value::Object(members) = &mut data {
            // The frame has it as `timestamp`.
            members.remove("at");
        }
        let frame = json!({
            "type": delivery.topic,
            "version": VERSION,
            "sequence": delivery.key.sequence,
            "timestamp": delivery.published_at.to_string(),
            "data": data,
        });
        Self {
            id: message_id(&delivery.key),
            headers: HeaderMap::new(),
            body: canonical_json(&frame).into_bytes(),
        }
    }

    /// A message that asks whether an endpoint answers; `id` keeps one ping apart from the next.
    pub fn ping(id: &str, now: Timestamp) -> Self {
        let frame = json!({
            "type": PING,
            "version": VERSION,
            "timestamp": now.to_string(),
            "data": {},
        });
        Self {
            id: format!("ping_{id}"),
            headers: HeaderMap::new(),
            body: canonical_json(&frame).into_bytes(),
        }
    }
}

/// A delivery's `webhook-id`: `msg_<endpoint>_<sequence>`, the same at every attempt.
pub fn message_id(key: &DeliveryKey) -> String {
    format!("msg_{}_{}", key.endpoint, key.sequence)
}

/// The delivery of a `webhook-id`; `None` for a text that is none.
pub fn parse_message_id(id: &str) -> Option<DeliveryKey> {
    let (endpoint, sequence) = id.strip_prefix("msg_")?.rsplit_once('_')?;
    let digits = sequence.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !endpoint.is_empty()).then_some(())?;
    Some(DeliveryKey {
        endpoint: endpoint.to_owned(),
        sequence: sequence.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_is_the_same_at_every_attempt() {
        let mut delivery = Delivery {
            key: DeliveryKey {
                endpoint: "core".to_owned(),
                sequence: 7,
            },
            attempt: 1,
            topic: "transfer.posted".to_owned(),
            payload: json!({"transfer": "trf_1", "at": "2026-03-11T16:00:00Z", "amount_minor": 1}),
            published_at: "2026-03-11T16:00:00Z".parse().unwrap(),
        };
        let first = Message::of(&delivery);
        delivery.attempt = 9;
        assert_eq!(Message::of(&delivery), first);
        assert_eq!(first.id, "msg_core_7");
        assert_eq!(
            String::from_utf8(first.body).unwrap(),
            r#"{"data":{"amount_minor":1,"transfer":"trf_1"},"sequence":7,"timestamp":"2026-03-11T16:00:00Z","type":"transfer.posted","version":1}"#
        );
    }

    #[test]
    fn ids_name_their_delivery() {
        let cases = [
            ("msg_core_7", Some(("core", 7))),
            (
                "msg_card-core_9223372036854775807",
                Some(("card-core", i64::MAX)),
            ),
            ("msg_a_b_7", Some(("a_b", 7))),
            ("msg_core_9223372036854775808", None),
            ("msg_core_-7", None),
            ("msg_core_", None),
            ("msg__7", None),
            ("msg_7", None),
            ("core_7", None),
            ("", None),
        ];
        for (id, expected) in cases {
            let found = parse_message_id(id);
            let found = found
                .as_ref()
                .map(|key| (key.endpoint.as_str(), key.sequence));
            assert_eq!(found, expected, "{id}");
        }
    }
}
