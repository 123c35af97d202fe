//! Channels: the assistant where customers write already, such as SMS or a messenger, through the bank's gateway.
//!
//! ```text
//! gateway ─► POST /api/v1/channels/{channel}/messages ─► Channel::read ─► link ─► the same turn as everywhere
//!                                                                                    │ one transaction
//! gateway ◄─ signed POST ◄─ Channel::write ◄─ Telling ◄─ delivery of the outbox ◄────┘
//! ```
//!
//! A [`Channel`] is an adapter: it says what a gateway's request is, and what a message to it looks like. Both are
//! pure, so a new one is a file beside `webhook.rs` with a table of requests as its test. It sees no customer: whose
//! an address is was said by the bank ([`vostro_bank::Channels`]), and what may be done from there is decided where
//! it always is. A reply is owed from the turn's own transaction on and sent at least once, by the dispatcher of
//! `vostro-webhooks`. Deliberately absent: files, voice and reading receipts; an adapter that finds such a thing
//! says that it is nothing for the assistant.

mod port;
mod telling;
mod webhook;

pub use port::{Channel, Inbound, Outbound, Received, Refusal, Speaker};
pub use telling::Telling;
pub use webhook::WebhookChannel;
