//! Addresses of channels, in memory. What a channel is owed is the real stores' to write.

use async_trait::async_trait;
use vostro_bank::{AuditEvent, ChannelLink, Channels, Linking, StoreError};
use vostro_types::{CustomerId, SessionId};

use super::MemoryStore;

impl MemoryStore {
    fn links(&self, fits: impl Fn(&ChannelLink) -> bool) -> Vec<ChannelLink> {
        let links = self.channel_links.lock().unwrap();
        links.iter().filter(|link| fits(link)).cloned().collect()
    }
}

#[async_trait]
impl Channels for MemoryStore {
    async fn link_channel(
        &self,
        link: &ChannelLink,
        _: &AuditEvent,
    ) -> Result<Linking, StoreError> {
        let kept = self.channel_link(&link.channel, &link.address).await?;
        self.answer(match kept {
            Some(kept) if kept.customer == link.customer => Linking::AsBefore(kept),
            Some(_) => Linking::Taken,
            None => {
                self.channel_links.lock().unwrap().push(link.clone());
                Linking::Linked(link.clone())
            }
        })
    }

    async fn unlink_channel(&self, link: &ChannelLink, _: &AuditEvent) -> Result<bool, StoreError> {
        let mut links = self.channel_links.lock().unwrap();
        let before = links.len();
        links.retain(|kept| kept.session != link.session);
        self.answer(links.len() < before)
    }

    async fn channel_link(
        &self,
        channel: &str,
        address: &str,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let found = self.links(|it| it.channel == channel && it.address == address);
        self.answer(found.into_iter().next())
    }

    async fn channel_of_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let found = self.links(|it| it.session == *session);
        self.answer(found.into_iter().next())
    }

    async fn channel_links(&self, customer: &CustomerId) -> Result<Vec<ChannelLink>, StoreError> {
        self.answer(self.links(|it| it.customer == *customer))
    }
}
