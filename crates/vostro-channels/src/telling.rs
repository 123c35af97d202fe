//! What a delivery to a channel says: the words of the turn, or of the colleague, that it names, read when they are sent.
//!
//! An address that was unlinked, a customer who was erased and a text whose time is over have nothing to be told any
//! more; the delivery is withdrawn then.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use vostro_bank::{ChannelLink, Delivery, HandOffMessage, ReplyEvent, Sender, Store, StoreError};
use vostro_types::{HandOffId, SessionId, TurnId};
use vostro_webhooks::{Message, Writer, message_id};

use crate::port::{Channel, Outbound, Speaker};

/// Makes a channel's messages.
#[allow(
    missing_debug_implementations,
    reason = "a store and a channel behind traits"
)]
pub struct Telling {
    /// Where words and addresses are.
    pub store: Arc<dyn Store>,
    /// How the channel wants them.
    pub channel: Arc<dyn Channel>,
}

/// What is said, before it has an address.
struct Said {
    by: Speaker,
    text: String,
    cards: Vec<Value>,
    turn: Option<TurnId>,
}

#[async_trait]
impl Writer for Telling {
    async fn write(&self, delivery: &Delivery) -> Result<Option<Message>, StoreError> {
        let Some(session) = named(&delivery.payload, "session") else {
            return Ok(None);
        };
        let Ok(session) = SessionId::new(session) else {
            return Ok(None);
        };
        let link = self.store.channel_of_session(&session).await?;
        let Some(link) = link.filter(|link| link.channel == self.channel.name()) else {
            return Ok(None);
        };
        let said = self.said(&link, &delivery.payload).await?;
        Ok(said
            .filter(|said| !said.text.trim().is_empty())
            .map(|said| {
                self.channel.write(&Outbound {
                    id: message_id(&delivery.key),
                    sequence: delivery.key.sequence,
                    at: delivery.published_at,
                    address: link.address,
                    by: said.by,
                    text: said.text,
                    cards: said.cards,
                    turn: said.turn,
                })
            }))
    }
}

impl Telling {
    async fn said(&self, link: &ChannelLink, payload: &Value) -> Result<Option<Said>, StoreError> {
        if let Some(turn) = named(payload, "turn").and_then(|id| TurnId::new(id).ok()) {
            let events = self.store.turn_events(&link.customer, &turn, 0).await?;
            return Ok(events.and_then(|events| reply(&events, turn)));
        }
        let hand_off = named(payload, "hand_off").and_then(|id| HandOffId::new(id).ok());
        let number = payload["number"].as_u64();
        let number = number.and_then(|number| u32::try_from(number).ok());
        let (Some(hand_off), Some(number)) = (hand_off, number) else {
            return Ok(None);
        };
        let before = number.saturating_sub(1);
        let found = self.store.hand_off_messages(&hand_off, before, 1).await?;
        let its = found.into_iter().next();
        Ok(its.filter(|it| it.number == number).and_then(words))
    }
}

fn named<'a>(payload: &'a Value, name: &str) -> Option<&'a str> {
    payload[name].as_str()
}

/// The whole reply is the data of a turn's last event.
fn reply(events: &[ReplyEvent], turn: TurnId) -> Option<Said> {
    let done = events.iter().rfind(|event| event.event == "done")?;
    let reply = done.data.to_value();
    let cards = reply["cards"].as_array();
    Some(Said {
        by: Speaker::Assistant,
        text: reply["message"].as_str()?.to_owned(),
        cards: cards.cloned().unwrap_or_default(),
        turn: Some(turn),
    })
}

fn words(message: HandOffMessage) -> Option<Said> {
    (message.sender == Sender::Colleague).then(|| Said {
        by: Speaker::Colleague,
        text: message.text,
        cards: Vec::new(),
        turn: None,
    })
}
