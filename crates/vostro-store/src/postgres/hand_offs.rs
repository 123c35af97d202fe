//! The queue of conversations for people: each command one call of one function.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, HandOff, HandOffChange, HandOffEnd, HandOffMessage, HandOffStatus, HandOffs,
    NewHandOff, Sender, SpokenTurn, StoreError,
};
use vostro_types::{CustomerId, HandOffId, SessionId};

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{id, instant, json, micros, storable, unsigned};
use super::{Client, PostgresStore, sql};
use crate::config::StoreConfig;
use crate::hand_offs as told;

#[async_trait]
impl HandOffs for PostgresStore {
    async fn open_hand_off(&self, new: &NewHandOff) -> Result<HandOff, StoreError> {
        let (new, config) = (new.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move { open(&client, &config, &new).await })
            .await
    }

    async fn hand_off_of(
        &self,
        customer: &CustomerId,
        session: &SessionId,
    ) -> Result<Option<HandOff>, StoreError> {
        let (customer, session) = (customer.clone(), session.clone());
        self.connections
            .run(move |client| async move {
                let parameters: [&(dyn ToSql + Sync); 2] = [&session.as_str(), &customer.as_str()];
                let found = list(&client, sql::HAND_OFF_OF_SESSION, &parameters).await;
                Ok(found?.pop())
            })
            .await
    }

    async fn hand_offs(
        &self,
        status: HandOffStatus,
        limit: u32,
    ) -> Result<Vec<HandOff>, StoreError> {
        self.connections
            .run(move |client| async move {
                let limit = i64::from(limit);
                match status {
                    HandOffStatus::Closed => list(&client, sql::HAND_OFFS_CLOSED, &[&limit]).await,
                    open => list(&client, sql::HAND_OFFS_OPEN, &[&open.as_str(), &limit]).await,
                }
            })
            .await
    }

    async fn hand_off(&self, id: &HandOffId) -> Result<Option<HandOff>, StoreError> {
        let id = id.clone();
        self.connections
            .run(move |client| async move { find(&client, &id).await })
            .await
    }

    async fn hand_off_messages(
        &self,
        id: &HandOffId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<HandOffMessage>, StoreError> {
        let id = id.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::HAND_OFF_MESSAGES).await?;
                let after = i32::try_from(after).unwrap_or(i32::MAX);
                let rows = client
                    .query(&statement, &[&id.as_str(), &after, &i64::from(limit)])
                    .await?;
                rows.iter().map(message).collect()
            })
            .await
    }

    async fn spoken_turns(
        &self,
        session: &SessionId,
        limit: u32,
    ) -> Result<Vec<SpokenTurn>, StoreError> {
        let session = session.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SPOKEN_TURNS).await?;
                let rows = client
                    .query(&statement, &[&session.as_str(), &i64::from(limit)])
                    .await?;
                rows.iter().rev().map(spoken).collect()
            })
            .await
    }

    async fn claim_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
    ) -> Result<HandOffChange, StoreError> {
        let (id, colleague) = (id.clone(), colleague.to_owned());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let Some(kept) = find(&client, &id).await? else {
                    return Ok(HandOffChange::Absent);
                };
                let decisions = Decisions::new(&config, &[told::claimed(&kept, &colleague)]);
                let (text, now) = (kept.id.as_str(), micros(config.now()));
                let own: [&(dyn ToSql + Sync); 3] = [&text, &colleague, &now];
                let called = decisions.call(&client, sql::CLAIM_HAND_OFF, &own);
                changed(&client, &called.await?, &id).await
            })
            .await
    }

    async fn tell_colleague(&self, id: &HandOffId, text: &str) -> Result<Option<u32>, StoreError> {
        let (id, text) = (id.clone(), text.to_owned());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let number = add(&client, &config, &id, Sender::Customer, "", &text, &[]).await?;
                Ok(number.filter(|number| *number > 0))
            })
            .await
    }

    async fn reply_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        text: &str,
    ) -> Result<HandOffChange, StoreError> {
        let (id, colleague, text) = (id.clone(), colleague.to_owned(), text.to_owned());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let Some(kept) = find(&client, &id).await? else {
                    return Ok(HandOffChange::Absent);
                };
                let events = [told::replied(&kept, &colleague)];
                let sender = Sender::Colleague;
                let number = add(&client, &config, &id, sender, &colleague, &text, &events).await?;
                let kept = find(&client, &id).await?;
                let kept = kept.ok_or(PgError::Corrupt("hand-off"))?;
                Ok(match number {
                    Some(1..) => HandOffChange::Changed(Box::new(kept)),
                    _ => HandOffChange::Conflict(Box::new(kept)),
                })
            })
            .await
    }

    async fn close_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        end: HandOffEnd,
    ) -> Result<HandOffChange, StoreError> {
        let (id, colleague) = (id.clone(), colleague.to_owned());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let Some(kept) = find(&client, &id).await? else {
                    return Ok(HandOffChange::Absent);
                };
                let decisions = Decisions::new(&config, &[told::closed(&kept, &colleague, end)]);
                let (text, now) = (kept.id.as_str(), micros(config.now()));
                let ended = end.as_str();
                let own: [&(dyn ToSql + Sync); 4] = [&text, &colleague, &ended, &now];
                let called = decisions.call(&client, sql::CLOSE_HAND_OFF, &own);
                changed(&client, &called.await?, &id).await
            })
            .await
    }
}

async fn open(client: &Client, config: &StoreConfig, new: &NewHandOff) -> Result<HandOff, PgError> {
    let (session, customer) = (new.session.as_str(), new.customer.as_str());
    let (name, turn, summary) = (new.id.as_str(), new.turn.as_str(), new.summary.to_string());
    let (priority, now) = (i32::from(new.priority), micros(config.now()));
    let decisions = Decisions::new(config, &[told::opened(new)]);
    let own: [&(dyn ToSql + Sync); 8] = [
        &name,
        &session,
        &customer,
        &turn,
        &new.reason,
        &priority,
        &summary,
        &now,
    ];
    let row = decisions.call(client, sql::OPEN_HAND_OFF, &own).await?;
    let kept: Option<String> = row.try_get(0)?;
    let kept = id(kept.ok_or(PgError::Corrupt("hand-off"))?, "hand-off id")?;
    let found = find(client, &kept).await?;
    found.ok_or(PgError::Corrupt("hand-off"))
}

/// The message's number; 0 for a conflict, `None` when there is no such entry.
async fn add(
    client: &Client,
    config: &StoreConfig,
    id: &HandOffId,
    sender: Sender,
    colleague: &str,
    text: &str,
    events: &[AuditEvent],
) -> Result<Option<u32>, PgError> {
    let (id, sender, now) = (id.as_str(), sender.as_str(), micros(config.now()));
    let text = storable(text);
    let text = text.as_ref();
    let decisions = Decisions::new(config, events);
    let own: [&(dyn ToSql + Sync); 5] = [&id, &sender, &colleague, &text, &now];
    let row = decisions
        .call(client, sql::ADD_HAND_OFF_MESSAGE, &own)
        .await?;
    let number: Option<i32> = row.try_get(0)?;
    number
        .map(u32::try_from)
        .transpose()
        .map_err(|_| PgError::Corrupt("message's number"))
}

/// What a function's answer means, with the entry as it is now.
async fn changed(client: &Client, row: &Row, id: &HandOffId) -> Result<HandOffChange, PgError> {
    let outcome: &str = row.try_get(0)?;
    let kept = find(client, id).await?;
    let kept = Box::new(kept.ok_or(PgError::Corrupt("hand-off"))?);
    Ok(match outcome {
        "changed" => HandOffChange::Changed(kept),
        "conflict" => HandOffChange::Conflict(kept),
        _ => HandOffChange::Absent,
    })
}

async fn find(client: &Client, id: &HandOffId) -> Result<Option<HandOff>, PgError> {
    let found = list(client, sql::HAND_OFF, &[&id.as_str()]).await;
    Ok(found?.pop())
}

async fn list(
    client: &Client,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<HandOff>, PgError> {
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, parameters).await?;
    rows.iter().map(hand_off).collect()
}

fn hand_off(row: &Row) -> Result<HandOff, PgError> {
    let at = |column| -> Result<_, PgError> {
        row.try_get::<_, Option<i64>>(column)?
            .map(instant)
            .transpose()
    };
    let (priority, messages): (i32, i32) = (row.try_get("priority")?, row.try_get("messages")?);
    Ok(HandOff {
        id: id(row.try_get("id")?, "hand-off id")?,
        session: id(row.try_get("session_id")?, "session id")?,
        customer: id(row.try_get("customer_id")?, "customer id")?,
        reason: row.try_get("reason")?,
        priority: u8::try_from(priority).map_err(|_| PgError::Corrupt("priority"))?,
        summary: json(row.try_get("summary")?, "hand-off's summary")?,
        status: HandOffStatus::parse(row.try_get("status")?)
            .ok_or(PgError::Corrupt("hand-off status"))?,
        colleague: row.try_get("colleague")?,
        opened_at: instant(row.try_get("opened_at")?)?,
        claimed_at: at("claimed_at")?,
        closed_at: at("closed_at")?,
        ended: row.try_get("ended")?,
        messages: u32::try_from(messages).map_err(|_| PgError::Corrupt("count"))?,
    })
}

fn message(row: &Row) -> Result<HandOffMessage, PgError> {
    let (number, sender): (i32, &str) = (row.try_get("number")?, row.try_get("sender")?);
    Ok(HandOffMessage {
        number: u32::try_from(number).map_err(|_| PgError::Corrupt("message's number"))?,
        sender: if sender == Sender::Customer.as_str() {
            Sender::Customer
        } else {
            Sender::Colleague
        },
        text: row.try_get("text")?,
        at: instant(row.try_get("at")?)?,
    })
}

fn spoken(row: &Row) -> Result<SpokenTurn, PgError> {
    Ok(SpokenTurn {
        version: unsigned(row.try_get("version")?, "turn's version")?,
        at: instant(row.try_get("at")?)?,
        message: row.try_get("message_masked")?,
        reply: row.try_get("reply_masked")?,
    })
}
