//! How conversations go: sums over turns, and single turns with what was decided in them.

use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use vostro_bank::{
    ConversationFigures, Disposition, InsightPeriod, Insights, MeasuredTurn, StoreError,
    TracedTurn, TurnFigure, TurnFilter, TurnMeasures, TurnTimes,
};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::rows::{instant, micros};
use super::{SqliteStore, audit, sql};
use crate::error::DbError;
use crate::reply::whole_reply;

#[async_trait]
impl Insights for SqliteStore {
    async fn turn_figures(&self, period: InsightPeriod) -> Result<Vec<TurnFigure>, StoreError> {
        self.read(move |connection| figures(connection, period))
            .await
    }

    async fn turn_times(&self, period: InsightPeriod) -> Result<TurnTimes, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::INSIGHT_TIMES)?;
            let times: (i64, i64, i64, i64) = statement.query_row(bounds(period), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            Ok(TurnTimes {
                p50: lasted(times.0)?,
                p95: lasted(times.1)?,
                p99: lasted(times.2)?,
                max: lasted(times.3)?,
            })
        })
        .await
    }

    async fn conversation_figures(
        &self,
        period: InsightPeriod,
    ) -> Result<ConversationFigures, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::INSIGHT_CONVERSATIONS)?;
            let counts: (i64, i64) =
                statement.query_row(bounds(period), |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(ConversationFigures {
                conversations: count(counts.0)?,
                handed_off: count(counts.1)?,
            })
        })
        .await
    }

    async fn measured_turns(
        &self,
        period: InsightPeriod,
        filter: &TurnFilter,
        limit: u32,
    ) -> Result<Vec<MeasuredTurn>, StoreError> {
        let filter = filter.clone();
        self.read(move |connection| turns(connection, period, &filter, limit))
            .await
    }

    async fn traced_turn(&self, id: &TurnId) -> Result<Option<TracedTurn>, StoreError> {
        let id = id.clone();
        self.read(move |connection| traced(connection, &id)).await
    }
}

fn bounds(period: InsightPeriod) -> [i64; 2] {
    [micros(period.from), micros(period.until)]
}

fn figures(connection: &Connection, period: InsightPeriod) -> Result<Vec<TurnFigure>, DbError> {
    let mut statement = connection.prepare_cached(sql::INSIGHT_FIGURES)?;
    let mut found = statement.query(bounds(period))?;
    let mut figures = Vec::new();
    while let Some(row) = found.next()? {
        figures.push(TurnFigure {
            day: row.get(0)?,
            disposition: ending(&row.get::<_, String>(1)?)?,
            intent: row.get(2)?,
            verdict: row.get(3)?,
            by_model: row.get(4)?,
            turns: count(row.get(5)?)?,
            model_tokens: count(row.get(6)?)?,
            model_cost_micro_dollars: count(row.get(7)?)?,
        });
    }
    Ok(figures)
}

fn turns(
    connection: &Connection,
    period: InsightPeriod,
    filter: &TurnFilter,
    limit: u32,
) -> Result<Vec<MeasuredTurn>, DbError> {
    let mut statement = connection.prepare_cached(sql::INSIGHT_TURNS)?;
    let [from, until] = bounds(period);
    let mut found = statement.query(params![
        from,
        until,
        filter.disposition.map(Disposition::as_str),
        filter.intent,
        filter.verdict,
        limit
    ])?;
    let mut turns = Vec::new();
    while let Some(row) = found.next()? {
        turns.push(turn(row)?);
    }
    Ok(turns)
}

fn traced(connection: &Connection, id: &TurnId) -> Result<Option<TracedTurn>, DbError> {
    let found = connection
        .prepare_cached(sql::INSIGHT_TURN)?
        .query_row((id.as_str(),), |row| {
            let (reply, events): (String, String) = (row.get(13)?, row.get(14)?);
            Ok((turn(row), reply, events))
        })
        .optional()?;
    let Some((turn, reply_masked, events)) = found else {
        return Ok(None);
    };
    let turn = turn?;
    Ok(Some(TracedTurn {
        audit: audit::of_turn(connection, &turn.session, &turn.id)?,
        turn,
        reply_masked,
        reply: whole_reply(&events),
    }))
}

fn turn(row: &Row<'_>) -> Result<MeasuredTurn, DbError> {
    Ok(MeasuredTurn {
        id: TurnId::new(row.get::<_, String>(0)?).map_err(|_| DbError::Corrupt("turn id"))?,
        session: SessionId::new(row.get::<_, String>(1)?)
            .map_err(|_| DbError::Corrupt("session id"))?,
        version: count(row.get(2)?)?,
        customer: CustomerId::new(row.get::<_, String>(3)?)
            .map_err(|_| DbError::Corrupt("customer id"))?,
        at: instant(row.get(4)?)?,
        message_masked: row.get(5)?,
        intent: row.get(6)?,
        measures: TurnMeasures {
            disposition: ending(&row.get::<_, String>(7)?)?,
            verdict: row.get(8)?,
            by_model: row.get(9)?,
            took: lasted(row.get(10)?)?,
            model_tokens: count(row.get(11)?)?,
            model_cost_micro_dollars: count(row.get(12)?)?,
        },
    })
}

fn ending(text: &str) -> Result<Disposition, DbError> {
    Disposition::parse(text).ok_or(DbError::Corrupt("turn's disposition"))
}

fn count(number: i64) -> Result<u64, DbError> {
    u64::try_from(number).map_err(|_| DbError::Corrupt("turn's measures"))
}

fn lasted(micros: i64) -> Result<Duration, DbError> {
    count(micros).map(Duration::from_micros)
}
