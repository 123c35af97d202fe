//! How conversations go: sums over turns, and single turns with what was decided in them.

use std::time::Duration;

use async_trait::async_trait;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    ConversationFigures, Disposition, InsightPeriod, Insights, MeasuredTurn, StoreError,
    TracedTurn, TurnFigure, TurnFilter, TurnMeasures, TurnTimes,
};
use vostro_types::TurnId;

use super::error::PgError;
use super::rows::{id as read_id, instant, micros, unsigned};
use super::{Client, PostgresStore, audit, sql};
use crate::reply::whole_reply;

#[async_trait]
impl Insights for PostgresStore {
    async fn turn_figures(&self, period: InsightPeriod) -> Result<Vec<TurnFigure>, StoreError> {
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::INSIGHT_FIGURES).await?;
                let [from, until] = bounds(period);
                let rows = client.query(&statement, &[&from, &until]).await?;
                rows.iter().map(figure).collect()
            })
            .await
    }

    async fn turn_times(&self, period: InsightPeriod) -> Result<TurnTimes, StoreError> {
        self.connections
            .run(move |client| async move {
                let row = over(&client, sql::INSIGHT_TIMES, period).await?;
                Ok(TurnTimes {
                    p50: lasted(row.try_get(0)?)?,
                    p95: lasted(row.try_get(1)?)?,
                    p99: lasted(row.try_get(2)?)?,
                    max: lasted(row.try_get(3)?)?,
                })
            })
            .await
    }

    async fn conversation_figures(
        &self,
        period: InsightPeriod,
    ) -> Result<ConversationFigures, StoreError> {
        self.connections
            .run(move |client| async move {
                let row = over(&client, sql::INSIGHT_CONVERSATIONS, period).await?;
                Ok(ConversationFigures {
                    conversations: count(row.try_get(0)?)?,
                    handed_off: count(row.try_get(1)?)?,
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
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::INSIGHT_TURNS).await?;
                let [from, until] = bounds(period);
                let (ending, limit) = (
                    filter.disposition.map(Disposition::as_str),
                    i64::from(limit),
                );
                let parameters: [&(dyn ToSql + Sync); 6] = [
                    &from,
                    &until,
                    &ending,
                    &filter.intent,
                    &filter.verdict,
                    &limit,
                ];
                let rows = client.query(&statement, &parameters).await?;
                rows.iter().map(turn).collect()
            })
            .await
    }

    async fn traced_turn(&self, id: &TurnId) -> Result<Option<TracedTurn>, StoreError> {
        let id = id.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::INSIGHT_TURN).await?;
                let Some(row) = client.query_opt(&statement, &[&id.as_str()]).await? else {
                    return Ok(None);
                };
                let turn = turn(&row)?;
                Ok(Some(TracedTurn {
                    audit: audit::of_turn(&client, &turn.session, &turn.id).await?,
                    turn,
                    reply_masked: row.try_get("reply_masked")?,
                    reply: whole_reply(row.try_get("events")?),
                }))
            })
            .await
    }
}

fn bounds(period: InsightPeriod) -> [i64; 2] {
    [micros(period.from), micros(period.until)]
}

/// The one row of a statement over a period.
async fn over(client: &Client, statement: &str, period: InsightPeriod) -> Result<Row, PgError> {
    let statement = client.prepare_cached(statement).await?;
    let [from, until] = bounds(period);
    Ok(client.query_one(&statement, &[&from, &until]).await?)
}

fn figure(row: &Row) -> Result<TurnFigure, PgError> {
    let day: i64 = row.try_get("day")?;
    Ok(TurnFigure {
        day: u32::try_from(day).map_err(|_| PgError::Corrupt("turn's day"))?,
        disposition: ending(row.try_get("disposition")?)?,
        intent: row.try_get("intent")?,
        verdict: row.try_get("verdict")?,
        by_model: row.try_get("by_model")?,
        turns: count(row.try_get("turns")?)?,
        model_tokens: count(row.try_get("model_tokens")?)?,
        model_cost_micro_dollars: count(row.try_get("model_micro_dollars")?)?,
    })
}

fn turn(row: &Row) -> Result<MeasuredTurn, PgError> {
    Ok(MeasuredTurn {
        id: read_id(row.try_get("id")?, "turn id")?,
        session: read_id(row.try_get("session_id")?, "session id")?,
        version: unsigned(row.try_get("version")?, "turn's version")?,
        customer: read_id(row.try_get("customer_id")?, "customer id")?,
        at: instant(row.try_get("at")?)?,
        message_masked: row.try_get("message_masked")?,
        intent: row.try_get("intent")?,
        measures: TurnMeasures {
            disposition: ending(row.try_get("disposition")?)?,
            verdict: row.try_get("verdict")?,
            by_model: row.try_get("by_model")?,
            took: lasted(row.try_get("took_us")?)?,
            model_tokens: count(row.try_get("model_tokens")?)?,
            model_cost_micro_dollars: count(row.try_get("model_micro_dollars")?)?,
        },
    })
}

fn ending(text: &str) -> Result<Disposition, PgError> {
    Disposition::parse(text).ok_or(PgError::Corrupt("turn's disposition"))
}

fn count(number: i64) -> Result<u64, PgError> {
    unsigned(number, "turn's measures")
}

fn lasted(micros: i64) -> Result<Duration, PgError> {
    count(micros).map(Duration::from_micros)
}
