//! The queue of conversations for people. The writer's order decides who claims an entry.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, Params, Row, params};
use vostro_bank::{
    HandOff, HandOffChange, HandOffEnd, HandOffMessage, HandOffStatus, HandOffs, NewHandOff,
    Sender, SpokenTurn, StoreError,
};
use vostro_types::{CustomerId, HandOffId, SessionId};

use super::rows::{self, instant, micros};
use super::{SqliteStore, audit, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::hand_offs as told;

#[async_trait]
impl HandOffs for SqliteStore {
    async fn open_hand_off(&self, new: &NewHandOff) -> Result<HandOff, StoreError> {
        let (new, config) = (new.clone(), Arc::clone(&self.config));
        self.write(move |connection| open(connection, &config, new))
            .await
    }

    async fn hand_off_of(
        &self,
        customer: &CustomerId,
        session: &SessionId,
    ) -> Result<Option<HandOff>, StoreError> {
        let (customer, session) = (customer.clone(), session.clone());
        self.read_at_once(move |connection| of_session(connection, &customer, &session))
            .await
    }

    async fn hand_offs(
        &self,
        status: HandOffStatus,
        limit: u32,
    ) -> Result<Vec<HandOff>, StoreError> {
        self.read(move |connection| match status {
            HandOffStatus::Closed => list(connection, sql::HAND_OFFS_CLOSED, (limit,)),
            open => list(connection, sql::HAND_OFFS_OPEN, (open.as_str(), limit)),
        })
        .await
    }

    async fn hand_off(&self, id: &HandOffId) -> Result<Option<HandOff>, StoreError> {
        let id = id.clone();
        self.read(move |connection| find(connection, &id)).await
    }

    async fn hand_off_messages(
        &self,
        id: &HandOffId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<HandOffMessage>, StoreError> {
        let id = id.clone();
        self.read(move |connection| messages(connection, &id, after, limit))
            .await
    }

    async fn spoken_turns(
        &self,
        session: &SessionId,
        limit: u32,
    ) -> Result<Vec<SpokenTurn>, StoreError> {
        let session = session.clone();
        self.read(move |connection| spoken(connection, &session, limit))
            .await
    }

    async fn claim_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
    ) -> Result<HandOffChange, StoreError> {
        let (id, colleague) = (id.clone(), colleague.to_owned());
        let config = Arc::clone(&self.config);
        self.write(move |connection| claim(connection, &config, &id, &colleague))
            .await
    }

    async fn tell_colleague(&self, id: &HandOffId, text: &str) -> Result<Option<u32>, StoreError> {
        let (id, text, config) = (id.clone(), text.to_owned(), Arc::clone(&self.config));
        self.write(move |connection| {
            let kept = find(connection, &id)?;
            match kept.filter(|kept| kept.status == HandOffStatus::Claimed) {
                Some(kept) => add(connection, &config, &kept, Sender::Customer, &text).map(Some),
                None => Ok(None),
            }
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
        self.write(move |connection| reply(connection, &config, &id, &colleague, &text))
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
        self.write(move |connection| close(connection, &config, &id, &colleague, end))
            .await
    }
}

fn open(
    connection: &Connection,
    config: &StoreConfig,
    mut new: NewHandOff,
) -> Result<HandOff, DbError> {
    let kept = of_session(connection, &new.customer, &new.session)?;
    let summary = new.summary.to_string();
    if let Some(kept) = kept.filter(|kept| kept.status != HandOffStatus::Closed) {
        new.id = kept.id;
        connection
            .prepare_cached(sql::HAND_OFF_REFRESH)?
            .execute(params![new.id.as_str(), summary, new.reason, new.priority])?;
    } else {
        connection
            .prepare_cached(sql::HAND_OFF_INSERT)?
            .execute(params![
                new.id.as_str(),
                new.session.as_str(),
                new.customer.as_str(),
                new.turn.as_str(),
                new.reason,
                new.priority,
                summary,
                micros(config.now()),
            ])?;
    }
    audit::record(connection, config, &told::opened(&new))?;
    find(connection, &new.id)?.ok_or(DbError::Corrupt("hand-off"))
}

fn claim(
    connection: &Connection,
    config: &StoreConfig,
    id: &HandOffId,
    colleague: &str,
) -> Result<HandOffChange, DbError> {
    let Some(kept) = find(connection, id)? else {
        return Ok(HandOffChange::Absent);
    };
    match kept.status {
        HandOffStatus::Waiting => {}
        HandOffStatus::Claimed if kept.colleague.as_deref() == Some(colleague) => {
            return Ok(HandOffChange::Changed(Box::new(kept)));
        }
        HandOffStatus::Claimed | HandOffStatus::Closed => {
            return Ok(HandOffChange::Conflict(Box::new(kept)));
        }
    }
    connection
        .prepare_cached(sql::HAND_OFF_CLAIM)?
        .execute(params![id.as_str(), colleague, micros(config.now())])?;
    audit::record(connection, config, &told::claimed(&kept, colleague))?;
    changed(connection, id)
}

fn reply(
    connection: &Connection,
    config: &StoreConfig,
    id: &HandOffId,
    colleague: &str,
    text: &str,
) -> Result<HandOffChange, DbError> {
    let Some(kept) = find(connection, id)? else {
        return Ok(HandOffChange::Absent);
    };
    let has_it =
        kept.status == HandOffStatus::Claimed && kept.colleague.as_deref() == Some(colleague);
    if !has_it {
        return Ok(HandOffChange::Conflict(Box::new(kept)));
    }
    add(connection, config, &kept, Sender::Colleague, text)?;
    audit::record(connection, config, &told::replied(&kept, colleague))?;
    changed(connection, id)
}

fn close(
    connection: &Connection,
    config: &StoreConfig,
    id: &HandOffId,
    colleague: &str,
    end: HandOffEnd,
) -> Result<HandOffChange, DbError> {
    let Some(kept) = find(connection, id)? else {
        return Ok(HandOffChange::Absent);
    };
    let others =
        kept.status == HandOffStatus::Claimed && kept.colleague.as_deref() != Some(colleague);
    if kept.status == HandOffStatus::Closed || others {
        return Ok(HandOffChange::Conflict(Box::new(kept)));
    }
    connection
        .prepare_cached(sql::HAND_OFF_CLOSE)?
        .execute(params![
            id.as_str(),
            colleague,
            micros(config.now()),
            end.as_str()
        ])?;
    audit::record(connection, config, &told::closed(&kept, colleague, end))?;
    changed(connection, id)
}

fn changed(connection: &Connection, id: &HandOffId) -> Result<HandOffChange, DbError> {
    let kept = find(connection, id)?.ok_or(DbError::Corrupt("hand-off"))?;
    Ok(HandOffChange::Changed(Box::new(kept)))
}

fn add(
    connection: &Connection,
    config: &StoreConfig,
    kept: &HandOff,
    sender: Sender,
    text: &str,
) -> Result<u32, DbError> {
    let number = kept.messages.saturating_add(1);
    connection
        .prepare_cached(sql::HAND_OFF_MESSAGE_INSERT)?
        .execute(params![
            kept.id.as_str(),
            number,
            sender.as_str(),
            text,
            micros(config.now())
        ])?;
    Ok(number)
}

fn find(connection: &Connection, id: &HandOffId) -> Result<Option<HandOff>, DbError> {
    Ok(list(connection, sql::HAND_OFF, (id.as_str(),))?.pop())
}

fn of_session(
    connection: &Connection,
    customer: &CustomerId,
    session: &SessionId,
) -> Result<Option<HandOff>, DbError> {
    let found = list(
        connection,
        sql::HAND_OFF_OF_SESSION,
        (session.as_str(), customer.as_str()),
    );
    Ok(found?.pop())
}

fn list(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<HandOff>, DbError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(parameters)?;
    let mut hand_offs = Vec::new();
    while let Some(row) = found.next()? {
        hand_offs.push(hand_off(row)?);
    }
    Ok(hand_offs)
}

fn hand_off(row: &Row<'_>) -> Result<HandOff, DbError> {
    let id = |column| row.get::<_, String>(column);
    let at = |column| -> Result<_, DbError> {
        row.get::<_, Option<i64>>(column)?.map(instant).transpose()
    };
    let status: String = row.get(6)?;
    Ok(HandOff {
        id: HandOffId::new(id(0)?).map_err(|_| DbError::Corrupt("hand-off id"))?,
        session: SessionId::new(id(1)?).map_err(|_| DbError::Corrupt("session id"))?,
        customer: CustomerId::new(id(2)?).map_err(|_| DbError::Corrupt("customer id"))?,
        reason: row.get(3)?,
        priority: row.get(4)?,
        summary: rows::json(&row.get::<_, String>(5)?, "hand-off's summary")?,
        status: HandOffStatus::parse(&status).ok_or(DbError::Corrupt("hand-off status"))?,
        colleague: row.get(7)?,
        opened_at: instant(row.get(8)?)?,
        claimed_at: at(9)?,
        closed_at: at(10)?,
        ended: row.get(11)?,
        messages: row.get(12)?,
    })
}

fn messages(
    connection: &Connection,
    id: &HandOffId,
    after: u32,
    limit: u32,
) -> Result<Vec<HandOffMessage>, DbError> {
    let mut statement = connection.prepare_cached(sql::HAND_OFF_MESSAGES)?;
    let mut found = statement.query(params![id.as_str(), after, limit])?;
    let mut messages = Vec::new();
    while let Some(row) = found.next()? {
        messages.push(HandOffMessage {
            number: row.get(0)?,
            sender: sender(&row.get::<_, String>(1)?),
            text: row.get(2)?,
            at: instant(row.get(3)?)?,
        });
    }
    Ok(messages)
}

/// The column holds one of the two.
fn sender(text: &str) -> Sender {
    if text == Sender::Customer.as_str() {
        Sender::Customer
    } else {
        Sender::Colleague
    }
}

fn spoken(
    connection: &Connection,
    session: &SessionId,
    limit: u32,
) -> Result<Vec<SpokenTurn>, DbError> {
    let mut statement = connection.prepare_cached(sql::SPOKEN_TURNS)?;
    let mut found = statement.query(params![session.as_str(), limit])?;
    let mut turns = Vec::new();
    while let Some(row) = found.next()? {
        turns.push(SpokenTurn {
            version: u64::try_from(row.get::<_, i64>(0)?)
                .map_err(|_| DbError::Corrupt("turn's version"))?,
            at: instant(row.get(1)?)?,
            message: row.get(2)?,
            reply: row.get(3)?,
        });
    }
    turns.reverse();
    Ok(turns)
}
