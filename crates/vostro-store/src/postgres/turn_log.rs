//! Recorded turns, read back for a replay.

use async_trait::async_trait;
use tokio_postgres::Row;
use vostro_bank::{RecordedTurn, StoreError, TurnEvidence, TurnLog};
use vostro_types::SessionId;

use super::error::PgError;
use super::rows::{id, instant, json, signed, unsigned};
use super::{PostgresStore, sql};

#[async_trait]
impl TurnLog for PostgresStore {
    async fn recorded_turns(
        &self,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RecordedTurn>, StoreError> {
        let session = session.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::TURNS_OF_SESSION).await?;
                let found = client
                    .query(
                        &statement,
                        &[&session.as_str(), &signed(after), &i64::from(limit)],
                    )
                    .await?;
                found.iter().map(turn).collect()
            })
            .await
    }
}

fn turn(row: &Row) -> Result<RecordedTurn, PgError> {
    let facts: Option<&str> = row.try_get("evidence")?;
    let state_hash: Option<String> = row.try_get("state_hash")?;
    Ok(RecordedTurn {
        version: unsigned(row.try_get("version")?, "turn's version")?,
        id: id(row.try_get("id")?, "turn id")?,
        at: instant(row.try_get("at")?)?,
        commands: json(row.try_get("commands")?, "turn's commands")?,
        evidence: match (facts, state_hash) {
            (Some(facts), Some(state_hash)) => Some(TurnEvidence {
                facts: json(facts, "turn's evidence")?,
                state_hash,
            }),
            _ => None,
        },
    })
}
