//! Past conversations of the store in memory.

use async_trait::async_trait;
use vostro_bank::{ConversationLog, ConversationSummary, ConversationTurn, StoreError};
use vostro_types::{CustomerId, SessionId};

use super::MemoryStore;

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
            reply: it.events.last().map(|event| event.data.clone()).unwrap(),
        });
        self.answer(Some(turns.take(limit as usize).collect()))
    }
}
