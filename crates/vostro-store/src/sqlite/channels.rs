//! Addresses of channels. What a channel is owed is written by triggers of the migration that made the table.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Params, Row, params};
use vostro_bank::{AuditEvent, ChannelLink, Channels, Linking, StoreError};
use vostro_types::{CustomerId, SessionId};

use super::rows::{instant, micros};
use super::{SqliteStore, audit, sql};
use crate::error::DbError;

#[async_trait]
impl Channels for SqliteStore {
    async fn link_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<Linking, StoreError> {
        let (link, context) = (link.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let inserted = connection
                .prepare_cached(sql::CHANNEL_LINK_INSERT)?
                .execute(params![
                    link.channel,
                    link.address,
                    link.customer.as_str(),
                    link.session.as_str(),
                    micros(link.linked_at),
                ])?;
            let place = (link.channel.as_str(), link.address.as_str());
            let kept = find(connection, sql::CHANNEL_LINK, place)?;
            let kept = kept.into_iter().next();
            let kept = kept.ok_or(DbError::Corrupt("channel link"))?;
            if inserted > 0 {
                audit::record(connection, &config, &context)?;
                return Ok(Linking::Linked(kept));
            }
            Ok(if kept.customer == link.customer {
                Linking::AsBefore(kept)
            } else {
                Linking::Taken
            })
        })
        .await
    }

    async fn unlink_channel(
        &self,
        link: &ChannelLink,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (link, context) = (link.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let place = (link.channel, link.address, link.session.as_str());
            let removed = connection
                .prepare_cached(sql::CHANNEL_LINK_REMOVE)?
                .execute(place)?;
            if removed > 0 {
                audit::record(connection, &config, &context)?;
            }
            Ok(removed > 0)
        })
        .await
    }

    async fn channel_link(
        &self,
        channel: &str,
        address: &str,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let place = (channel.to_owned(), address.to_owned());
        let found = self
            .read(move |connection| find(connection, sql::CHANNEL_LINK, place))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn channel_of_session(
        &self,
        session: &SessionId,
    ) -> Result<Option<ChannelLink>, StoreError> {
        let session = session.clone();
        let found = self
            .read(move |connection| find(connection, sql::CHANNEL_OF_SESSION, (session.as_str(),)))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn channel_links(&self, customer: &CustomerId) -> Result<Vec<ChannelLink>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            find(
                connection,
                sql::CHANNEL_LINKS_OF_CUSTOMER,
                (customer.as_str(),),
            )
        })
        .await
    }
}

fn find(
    connection: &Connection,
    statement: &str,
    parameters: impl Params,
) -> Result<Vec<ChannelLink>, DbError> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut found = statement.query(parameters)?;
    let mut links = Vec::new();
    while let Some(row) = found.next()? {
        links.push(link(row)?);
    }
    Ok(links)
}

fn link(row: &Row<'_>) -> Result<ChannelLink, DbError> {
    Ok(ChannelLink {
        channel: row.get(0)?,
        address: row.get(1)?,
        customer: CustomerId::new(row.get::<_, String>(2)?)
            .map_err(|_| DbError::Corrupt("customer id"))?,
        session: SessionId::new(row.get::<_, String>(3)?)
            .map_err(|_| DbError::Corrupt("session id"))?,
        linked_at: instant(row.get(4)?)?,
    })
}
