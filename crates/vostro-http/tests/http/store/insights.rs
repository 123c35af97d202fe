//! How conversations went, summed in memory: each turn is a figure of its own.

use async_trait::async_trait;
use vostro_bank::{
    ConversationFigures, Disposition, InsightPeriod, Insights, MeasuredTurn, RecordedTurn,
    StoreError, TracedTurn, TurnFigure, TurnFilter, TurnLog, TurnRecord, TurnTimes,
};
use vostro_types::{SessionId, TurnId};

use super::MemoryStore;

impl MemoryStore {
    /// Every turn with its place, in the order of their ids: the tests' ids count up.
    fn in_order(&self) -> Vec<(TurnRecord, u64)> {
        let mut turns = self.turns();
        turns.sort_by_key(|turn| turn.id.as_str().to_owned());
        turns.into_iter().zip(1..).collect()
    }

    /// The turns of a period, newest first.
    fn within(&self, period: InsightPeriod) -> Vec<MeasuredTurn> {
        let mut turns = self.in_order();
        turns.retain(|(turn, _)| period.from <= turn.at && turn.at < period.until);
        turns
            .iter()
            .rev()
            .map(|(turn, place)| measured((turn, *place)))
            .collect()
    }
}

fn measured((turn, version): (&TurnRecord, u64)) -> MeasuredTurn {
    MeasuredTurn {
        id: turn.id.clone(),
        session: turn.session.clone(),
        version,
        customer: turn.customer.clone(),
        at: turn.at,
        message_masked: turn.message_masked.clone(),
        intent: turn.intent.clone(),
        measures: turn.measures.clone(),
    }
}

#[async_trait]
impl Insights for MemoryStore {
    async fn turn_figures(&self, period: InsightPeriod) -> Result<Vec<TurnFigure>, StoreError> {
        let figure = |turn: MeasuredTurn| TurnFigure {
            day: 0,
            disposition: turn.measures.disposition,
            intent: turn.intent,
            verdict: turn.measures.verdict,
            by_model: turn.measures.by_model,
            turns: 1,
            model_tokens: turn.measures.model_tokens,
            model_cost_micro_dollars: turn.measures.model_cost_micro_dollars,
        };
        self.answer(self.within(period).into_iter().map(figure).collect())
    }

    async fn turn_times(&self, _: InsightPeriod) -> Result<TurnTimes, StoreError> {
        self.answer(TurnTimes::default())
    }

    async fn conversation_figures(
        &self,
        period: InsightPeriod,
    ) -> Result<ConversationFigures, StoreError> {
        let turns = self.within(period);
        let sessions = |only: fn(&MeasuredTurn) -> bool| {
            let mut found: Vec<_> = turns.iter().filter(|turn| only(turn)).collect();
            found.sort_by_key(|turn| turn.session.as_str());
            found.dedup_by_key(|turn| turn.session.clone());
            found.len() as u64
        };
        self.answer(ConversationFigures {
            conversations: sessions(|_| true),
            handed_off: sessions(|turn| turn.measures.disposition == Disposition::HandedOff),
        })
    }

    async fn measured_turns(
        &self,
        period: InsightPeriod,
        filter: &TurnFilter,
        limit: u32,
    ) -> Result<Vec<MeasuredTurn>, StoreError> {
        let mut turns = self.within(period);
        turns.retain(|turn| {
            let (disposition, intent, verdict) = (
                filter.disposition.as_ref(),
                filter.intent.as_ref(),
                filter.verdict.as_ref(),
            );
            disposition.is_none_or(|wanted| *wanted == turn.measures.disposition)
                && intent.is_none_or(|wanted| turn.intent.as_ref() == Some(wanted))
                && verdict.is_none_or(|wanted| *wanted == turn.measures.verdict)
        });
        turns.truncate(limit as usize);
        self.answer(turns)
    }

    async fn traced_turn(&self, id: &TurnId) -> Result<Option<TracedTurn>, StoreError> {
        let found = self.in_order().into_iter().find(|(turn, _)| turn.id == *id);
        self.answer(found.map(|(turn, place)| TracedTurn {
            turn: measured((&turn, place)),
            reply_masked: turn.reply_masked.clone(),
            reply: turn.events.last().map(|event| event.data.to_value()),
            audit: Vec::new(),
        }))
    }
}

#[async_trait]
impl TurnLog for MemoryStore {
    async fn recorded_turns(
        &self,
        session: &SessionId,
        after: u64,
        _: u32,
    ) -> Result<Vec<RecordedTurn>, StoreError> {
        let turns = self.in_order().into_iter();
        let found = turns.filter(|(turn, _)| turn.session == *session);
        let found = found.map(|(turn, version)| RecordedTurn {
            version,
            id: turn.id,
            at: turn.at,
            commands: turn.commands,
            evidence: turn.evidence,
        });
        self.answer(found.filter(|turn| turn.version > after).collect())
    }
}
