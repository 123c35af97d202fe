//! Recorded turns, read back for a replay.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use vostro_bank::{RecordedTurn, StoreError, TurnEvidence, TurnLog};
use vostro_types::{SessionId, TurnId};

use super::rows::{self, instant, signed};
use super::{SqliteStore, sql};
use crate::error::DbError;

#[async_trait]
impl TurnLog for SqliteStore {
    async fn recorded_turns(
        &self,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RecordedTurn>, StoreError> {
        let session = session.clone();
        self.read(move |connection| turns(connection, &session, after, limit))
            .await
    }
}

fn turns(
    connection: &Connection,
    session: &SessionId,
    after: u64,
    limit: u32,
) -> Result<Vec<RecordedTurn>, DbError> {
    let mut statement = connection.prepare_cached(sql::TURNS_OF_SESSION)?;
    let mut found = statement.query(params![session.as_str(), signed(after), limit])?;
    let mut turns = Vec::new();
    while let Some(row) = found.next()? {
        let version: i64 = row.get(0)?;
        let (facts, state_hash): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        turns.push(RecordedTurn {
            version: u64::try_from(version).map_err(|_| DbError::Corrupt("turn's version"))?,
            id: TurnId::new(row.get::<_, String>(1)?).map_err(|_| DbError::Corrupt("turn id"))?,
            at: instant(row.get(2)?)?,
            commands: rows::json(&row.get::<_, String>(3)?, "turn's commands")?,
            evidence: match (facts, state_hash) {
                (Some(facts), Some(state_hash)) => Some(TurnEvidence {
                    facts: rows::json(&facts, "turn's evidence")?,
                    state_hash,
                }),
                _ => None,
            },
        });
    }
    Ok(turns)
}
