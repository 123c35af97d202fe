//! Channels: which customer speaks from which address of a channel, and in which conversation.
//!
//! The bank links an address (a telephone number, a handle) to a customer once it knows that it is theirs; nobody
//! else speaks from it. A link has one conversation. Whatever records a turn of that conversation, or a
//! colleague's words in it, owes the channel a message from that same transaction on: a delivery in the outbox
//! that names turn or words. The text is read when it is sent, so it is kept in one place, and what was erased or
//! unlinked meanwhile is not sent any more.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_types::{CustomerId, SessionId};

use crate::audit::AuditEvent;
use crate::store::StoreError;

/// What deliveries to a channel are about, in the outbox.
pub const CHANNEL_TOPIC: &str = "channel.message";

/// The name under which a channel's deliveries are in the outbox.
pub fn channel_endpoint(channel: &str) -> String {
    format!("channel-{channel}")
}

/// An address of a channel that is a customer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelLink {
    /// The channel's name in the configuration.
    pub channel: String,
    /// The address within the channel, as the channel writes it.
    pub address: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// The conversation that is led there.
    pub session: SessionId,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What became of linking an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linking {
    /// It is the customer's from now on.
    Linked(ChannelLink),
    /// It was theirs already; nothing was changed.
    AsBefore(ChannelLink),
    /// It is another customer's; nothing was changed.
    Taken,
}

/// Links between addresses of channels and customers.
#[async_trait]
pub trait Channels: Send + Sync {
    /// Links an address to a customer, unless it is linked. `context` goes on the audit trail with it.
    async fn link_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<Linking, StoreError>;

    /// Takes a link away, unless it is another one by now; gives whether there was one. What is still owed to the
    /// address is not sent any more.
    async fn unlink_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;

    /// Whose an address is.
    async fn channel_link(
        &self,
        channel: &str,
        address: &str,
    ) -> Result<Option<ChannelLink>, StoreError>;

    /// Where a conversation is led; `None` for one that is not led in a channel, or not any more.
    async fn channel_of_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<ChannelLink>, StoreError>;

    /// A customer's addresses, by channel and address.
    async fn channel_links(&self, customer: &CustomerId) -> Result<Vec<ChannelLink>, StoreError>;
}
