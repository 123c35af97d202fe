//! Webhooks: what the store published, told to the bank's other systems at least once.
//!
//! ```text
//! money command ─► outbox row ─► hand over: a delivery per endpoint ─► claim ─► attempt ─► settle
//!                  (one transaction)                                    └── lapses, is claimed again
//! ```
//!
//! Signatures, ids and the payload's frame are those of Standard Webhooks, so that receivers verify with the
//! library that they have. What an attempt's outcome means is pure ([`next_attempt`]); the store's part is the
//! port [`vostro_bank::Outbox`]; only [`Sender`] knows HTTP. The order of files: `endpoint.rs` (who is told),
//! `message.rs` and `signature.rs` (what is sent), `sender.rs` and `address.rs` (how, and where never),
//! `attempt.rs` (what then), `dispatcher.rs` (the tasks). Deliberately absent: strict order, exactly once,
//! subscriptions made at run time, and any payload beyond ids, amounts and masked numbers.

mod address;
mod attempt;
mod dispatcher;
mod endpoint;
mod message;
mod rest;
mod sender;
mod signature;
mod upkeep;

pub use address::PrivateAddresses;
pub use attempt::{Outcome, RetryPolicy, next_attempt};
pub use dispatcher::{Dispatcher, DispatcherSettings};
pub use endpoint::{Endpoint, EndpointError};
pub use message::{Message, Writer, message_id, parse_message_id};
pub use sender::{Attempt, Sender, SenderError};
pub use signature::{Secret, SecretError, Secrets, TOLERANCE, Unverified, sign, verify};
pub use upkeep::Keep;
