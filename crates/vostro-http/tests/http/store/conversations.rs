//! The conversations of the store in memory: their sessions, turns and what is read back of them.

use async_trait::async_trait;
use vostro_bank::{
    Bank as _, ConversationLog, ConversationSummary, ConversationTurn, Conversations, Opening,
    ReplyEvent, SessionFound, StoreError, TurnCommit, TurnCommitted,
};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::MemoryStore;

#[async_trait]
impl Conversations for MemoryStore {
    async fn opening(
        &self,
        customer: &CustomerId,
        session: Option<&SessionId>,
    ) -> Result<Opening, StoreError> {
        Ok(Opening {
            portfolio: self.portfolio(customer).await?.map(Into::into),
            session: match session {
                Some(id) => self.session(customer, id).await?,
                None => SessionFound::Absent,
            },
        })
    }

    async fn session(
        &self,
        customer: &CustomerId,
        id: &SessionId,
    ) -> Result<SessionFound, StoreError> {
        let sessions = self.sessions.lock().unwrap();
        self.answer(match sessions.get(id) {
            None => SessionFound::Absent,
            Some(record) if record.customer == *customer => SessionFound::Found(record.clone()),
            Some(_) => SessionFound::OtherCustomers,
        })
    }

    async fn commit_turn(&self, commit: TurnCommit) -> Result<TurnCommitted, StoreError> {
        self.answer(())?;
        let mut sessions = self.sessions.lock().unwrap();
        let version = sessions
            .get(&commit.session.id)
            .map_or(0, |session| session.version);
        if commit.session.version != version + 1 {
            return Ok(TurnCommitted::Conflict);
        }
        sessions.insert(commit.session.id.clone(), commit.session);
        self.turns
            .lock()
            .unwrap()
            .insert(commit.turn.id.clone(), commit.turn);
        Ok(TurnCommitted::Recorded)
    }

    async fn turn_events(
        &self,
        customer: &CustomerId,
        turn: &TurnId,
        after: u32,
    ) -> Result<Option<Vec<ReplyEvent>>, StoreError> {
        let turns = self.turns.lock().unwrap();
        let found = turns.get(turn).filter(|turn| turn.customer == *customer);
        self.answer(found.map(|turn| {
            let events = turn.events.iter().filter(|event| event.number > after);
            events.cloned().collect()
        }))
    }
}

#[async_trait]
impl ConversationLog for MemoryStore {
    async fn conversations(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        let sessions = self.sessions.lock().unwrap();
        let mine = sessions.values().filter(|it| it.customer == *customer);
        let summary = mine.map(|it| ConversationSummary {
            session: it.id.clone(),
            opened_at: it.opened_at,
            last_seen_at: it.last_seen_at,
            first_message_masked: "Hello".to_owned(),
        });
        self.answer(summary.take(limit as usize).collect())
    }

    async fn conversation(
        &self,
        customer: &CustomerId,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Option<Vec<ConversationTurn>>, StoreError> {
        let sessions = self.sessions.lock().unwrap();
        if sessions
            .get(session)
            .is_none_or(|it| it.customer != *customer)
        {
            return self.answer(None);
        }
        let turns = self.turns.lock().unwrap();
        let mut mine: Vec<_> = turns.values().filter(|it| it.session == *session).collect();
        // The ids of one test run count up.
        mine.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        let numbered = (1..).zip(mine).filter(|(version, _)| *version > after);
        let turns = numbered.map(|(version, it)| ConversationTurn {
            id: it.id.clone(),
            version,
            at: it.at,
            message_masked: it.message_masked.clone(),
            reply: it.events.last().map(|event| event.data.to_value()).unwrap(),
        });
        self.answer(Some(turns.take(limit as usize).collect()))
    }
}
