//! Addresses of channels: each command one call of one function. What a channel is owed is written by triggers of the
//! migration that made the table.

use async_trait::async_trait;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{AuditEvent, ChannelLink, Channels, Linking, StoreError};
use vostro_types::{CustomerId, SessionId};

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{id, instant, micros};
use super::{Client, PostgresStore, sql};

#[async_trait]
impl Channels for PostgresStore {
    async fn link_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<Linking, StoreError> {
        let link = link.clone();
        let decisions = Decisions::new(&self.config, std::slice::from_ref(context));
        self.connections
            .run(move |client| async move {
                let (channel, address) = (link.channel.as_str(), link.address.as_str());
                let (customer, session) = (link.customer.as_str(), link.session.as_str());
                let at = micros(link.linked_at);
                let own: [&(dyn ToSql + Sync); 5] = [&channel, &address, &customer, &session, &at];
                let row = decisions.call(&client, sql::LINK_CHANNEL, &own).await?;
                let outcome: String = row.try_get(0)?;
                let kept = find(&client, sql::CHANNEL_LINK, &[&channel, &address]).await?;
                match (outcome.as_str(), kept.into_iter().next()) {
                    ("linked", Some(kept)) => Ok(Linking::Linked(kept)),
                    ("as_before", Some(kept)) => Ok(Linking::AsBefore(kept)),
                    ("taken", _) => Ok(Linking::Taken),
                    _ => Err(PgError::Corrupt("outcome of linking")),
                }
            })
            .await
    }

    async fn unlink_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (link, at) = (link.clone(), micros(self.config.now()));
        let decisions = Decisions::new(&self.config, std::slice::from_ref(context));
        self.connections
            .run(move |client| async move {
                let session = link.session.as_str();
                let own: [&(dyn ToSql + Sync); 4] = [&link.channel, &link.address, &session, &at];
                let row = decisions.call(&client, sql::UNLINK_CHANNEL, &own).await?;
                Ok(row.try_get(0)?)
            })
            .await
    }

    async fn channel_link(
        &self,
        channel: &str,
        address: &str,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let (channel, address) = (channel.to_owned(), address.to_owned());
        let found = self
            .connections
            .run(move |client| async move {
                find(&client, sql::CHANNEL_LINK, &[&channel, &address]).await
            })
            .await?;
        Ok(found.into_iter().next())
    }

    async fn channel_of_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let session = session.clone();
        let found = self
            .connections
            .run(move |client| async move {
                find(&client, sql::CHANNEL_OF_SESSION, &[&session.as_str()]).await
            })
            .await?;
        Ok(found.into_iter().next())
    }

    async fn channel_links(&self, customer: &CustomerId) -> Result<Vec<ChannelLink>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move {
                let statement = sql::CHANNEL_LINKS_OF_CUSTOMER;
                find(&client, statement, &[&customer.as_str()]).await
            })
            .await
    }
}

async fn find(
    client: &Client,
    statement: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<ChannelLink>, PgError> {
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, parameters).await?;
    rows.iter().map(link).collect()
}

fn link(row: &Row) -> Result<ChannelLink, PgError> {
    Ok(ChannelLink {
        channel: row.try_get("channel")?,
        address: row.try_get("address")?,
        customer: id(row.try_get("customer_id")?, "customer id")?,
        session: id(row.try_get("session_id")?, "session id")?,
        linked_at: instant(row.try_get("linked_at")?)?,
    })
}
